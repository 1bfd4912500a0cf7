"""Zendesk: support tickets."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
TABLES = (
    VendorTable(
        "zendesk",
        "ticket",
        ("created_at", "requester_email", "subject", "description", "status"),
        SQL,
        optional=(
            "requester_id",
            "requester_external_id",
            "priority",
            "via_channel",
            "satisfaction_score",
            "id",
        ),
    ),
)
