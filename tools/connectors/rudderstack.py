"""RudderStack: raw messages and warehouse tables, in Segment's language."""

from tools.connectors.segment import SQL, tables

TABLES = tables(
    "rudderstack",
    SQL.replace("segment_", "rudderstack_"),
    "rudder|rudderId|rudder_id|context_rudder_id|context.rudderId|request_ip|context_request_ip|context_passed_ip"
    "|context_destination_id|context.destinationId|context_source_type|uuid_ts",
)
