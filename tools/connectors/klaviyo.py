"""Klaviyo: email events and profiles."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
TABLES = (
    VendorTable(
        "klaviyo",
        "event",
        ("metric_name", "datetime", "person_id", "email"),
        SQL,
        optional=("campaign_name", "flow_name", "subject", "id"),
    ),
    VendorTable(
        "klaviyo",
        "profile",
        ("id", "email", "organization", "title", "created"),
        SQL,
        optional=("country",),
    ),
)
