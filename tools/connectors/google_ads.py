"""Google Ads: daily campaign statistics."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
TABLES = (
    VendorTable(
        "google_ads",
        "campaign",
        ("date", "campaign_name", "cost_micros", "impressions", "clicks"),
        SQL,
    ),
)
