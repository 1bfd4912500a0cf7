"""Google Analytics 4, as BigQuery exports it: nested JSON lines."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
TABLES = (
    VendorTable(
        "ga4",
        "event",
        ("event_timestamp", "event_name", "event_params", "user_pseudo_id"),
        SQL,
        optional=(
            "user_id",
            "device.category",
            "device.web_info.browser",
            "geo.country",
            "traffic_source.source",
            "traffic_source.medium",
            "traffic_source.name",
            "collected_traffic_source.manual_source",
            "collected_traffic_source.manual_medium",
            "collected_traffic_source.manual_campaign_name",
            "collected_traffic_source.gclid",
        ),
    ),
)
