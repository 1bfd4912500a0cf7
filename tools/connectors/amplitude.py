"""Amplitude: raw events (export API, warehouse tables), merged ids, the names of event types."""

from tools.connectors.contract import VendorTable
from tools.connectors.nested_table import NestedTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
PAGE = "event_properties.[Amplitude] Page"

TABLES = (
    NestedTable(
        "amplitude",
        "event",
        ("event_type", "amplitude_id", "event_time|client_event_time"),
        SQL,
        optional=(
            "user_id",
            "device_id",
            "session_id",
            "insert_id|$insert_id|_insert_id",
            "uuid",
            "user_properties",
            "event_properties",
            "device_type|device_family",
            "os_name",
            "platform",
            "country",
            "city",
            "version_name",
            f"page_url|{PAGE} Location|{PAGE} URL|event_properties.page_url|event_properties.url",
            f"page_title|{PAGE} Title",
            "referrer|event_properties.referrer",
            "utm_source|event_properties.utm_source|user_properties.utm_source",
            "utm_medium|event_properties.utm_medium|user_properties.utm_medium",
            "utm_campaign|event_properties.utm_campaign|user_properties.utm_campaign",
            "email|user_properties.email|user_properties.$email",
            "revenue|event_properties.$revenue|event_properties.revenue|event_properties.Revenue",
            "total|event_properties.total|event_properties.amount",
            "currency|event_properties.currency|event_properties.$currency",
            *["server_received_time", "server_upload_time", "client_upload_time", "processed_time", "$schema", "schema", "app", "ip_address", "amplitude_event_type", "amplitude_attribution_ids", "is_attribution_event", "library", "sample_rate", "location_lat", "location_lng", "idfa", "adid", "ad_id", "data", "data_type", "dma", "device_brand", "device_carrier", "device_manufacturer", "device_model", "language", "os_version", "paying", "region", "start_version", "user_creation_time", "event_id", "event_type_id", "group_properties", "groups", "project_name", "partner_id", "source_id", "profile_id", "global_user_properties", "plan", "plan.branch", "plan.source", "plan.version", "id"],
            "event_properties.email",
            "event_properties.phone",
            "event_properties.ip",
            "device_family",
        ),
        gathered=(("own_traits", ("user_properties.",)), ("own_properties", ("event_properties.", ""))),
    ),
    VendorTable(
        "amplitude",
        "merged_id",
        ("amplitude_id", "merged_amplitude_id"),
        SQL,
        optional=("merge_event_time", "merge_server_time", "scope"),
    ),
    VendorTable(
        "amplitude",
        "event_type",
        ("name|value", "display", "totals", "non_active|nonActive"),
        SQL,
        optional=("id",),
        nothing="the event type has no name of its own",
    ),
)  # fmt: skip
