"""LinkedIn Ads: daily campaign analytics."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
TABLES = (
    VendorTable(
        "linkedin_ads",
        "campaign",
        ("date", "campaign_name", "cost_in_usd", "impressions", "clicks"),
        SQL,
    ),
)
