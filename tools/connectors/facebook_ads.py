"""Meta Ads: daily campaign insights."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
TABLES = (
    VendorTable(
        "facebook_ads",
        "campaign",
        ("date_start", "campaign_name", "spend", "impressions"),
        SQL,
        optional=("inline_link_clicks",),
    ),
)
