"""Product telemetry: events of known users with their properties as JSON."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
TABLES = (
    VendorTable(
        "telemetry",
        "event",
        ("event_id", "user_id", "event", "timestamp", "properties"),
        SQL,
    ),
)
