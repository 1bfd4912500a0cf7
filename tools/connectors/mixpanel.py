"""Mixpanel: raw events (export API, warehouse tables, the event view's CSV) and people."""

from tools.connectors.nested_table import NestedTable
from tools.store.door import read_sql

SQL = read_sql(__file__)


def _property(*names: str) -> str:
    """Return an event property's names: in a raw export, and in a warehouse table or CSV."""
    plain = [name.removeprefix("$") for name in names]
    told = [*(f"properties.{name}" for name in names), *names, *plain]
    return "|".join(dict.fromkeys([plain[0], *told]))


USED = (
    _property("$insert_id") + "|Insert ID",
    _property("$device_id"),
    _property("$user_id") + "|properties.user_id",
    _property("$email"),
    _property("$identified_id"),
    _property("$anon_id"),
    _property("alias"),
    _property("$distinct_ids"),
    _property("$distinct_id_before_identity"),
    _property("$current_url", "current_page_url", "Current URL"),
    _property("current_page_title", "mp_page_title"),
    _property("$referrer"),
    _property("utm_source"),
    _property("utm_medium"),
    _property("utm_campaign"),
    _property("$session_id"),
    _property("$device"),
    _property("$os"),
    _property("$browser"),
    _property("mp_country_code", "$country_code"),
    _property("$city"),
    _property("revenue", "$revenue", "$amount"),
    _property("total", "order_total"),
    _property("amount"),
    _property("price"),
    _property("currency"),
)
UNUSED = tuple(
    _property(name)
    for name in (
        *["ip", "$ip", "token", "mp_lib", "$lib_version", "mp_api_endpoint", "mp_api_timestamp_ms", "mp_processing_time_ms", "mp_sent_by_lib_version"],
        *["$mp_api_endpoint", "$mp_api_timestamp_ms", "$import", "$had_persisted_distinct_id", "$failure_reason", "$failure_description"],
        *["$screen_height", "$screen_width", "$screen_dpi", "$browser_version", "$os_version", "$app_build_number", "$app_version_string"],
        *["$app_release", "$app_version", "$wifi", "$radio", "$carrier", "$manufacturer", "$brand", "$model", "$bluetooth_enabled", "$bluetooth_version"],
        *["$has_nfc", "$has_telephone", "$google_play_services", "$ios_ifa", "$region", "$initial_referrer", "$initial_referring_domain"],
        *["$referring_domain", "$search_engine", "mp_keyword", "mp_device_model", "$name", "$first_name", "$last_name", "$phone", "$latitude"],
        *["$longitude", "$raw_distinct_id", "$timezone", "$event_name", "$is_reshuffled", "$data_quality_flags", "mp_event_size"],
        *["current_page_path", "current_url_path", "current_url_protocol", "current_url_search", "current_domain"],
    )
)  # fmt: skip
LOADED = ("event_id", "dataset", "labels", "sampling_factor")

TABLES = (
    NestedTable(
        "mixpanel",
        "event",
        (
            "event|name|event_name",
            "time|properties.time",
            "distinct_id|properties.distinct_id|Distinct ID",
            "insert_id|properties.time|$insert_id|Insert ID|mp_processing_time_ms|mp_lib",
        ),
        SQL,
        optional=("properties", *USED, *UNUSED, *LOADED),
        lacks=("timestamp", "messageId", "ga_session_id"),
        gathered=(("own_properties", ("properties.", "")),),
    ),
    # An export of so many properties that they stay together as JSON.
    NestedTable(
        "mixpanel",
        "wide event",
        ("event", "properties"),
        SQL,
        optional=("time", "distinct_id", *USED, *UNUSED, *LOADED),
        named=("mixpanel",),
        lacks=("timestamp", "properties.time"),
        shares="event",
        gathered=(("own_properties", ("properties.", "")),),
    ),
    NestedTable(
        "mixpanel",
        "people",
        (
            "$distinct_id|distinct_id|Distinct ID",
            "last_seen|$properties.$last_seen|$last_seen|$properties.$email|$properties.$name|$properties.$created"
            "|$properties.$city|$properties.$first_name|$properties.$country_code|$email|$properties",
        ),
        SQL,
        optional=(
            "$properties|properties",
            "last_seen|$properties.$last_seen|$last_seen",
            "email|$properties.$email|$email|$properties.email",
            "phone|$properties.$phone|$phone",
            "name|$properties.$name|$name",
            "first_name|$properties.$first_name|$first_name",
            "last_name|$properties.$last_name|$last_name",
            "country|$properties.$country_code|$country_code",
            "city|$properties.$city|$city",
            "user_id|$properties.$user_id|$properties.user_id|$user_id",
            "$properties.$distinct_id",
            *(f"$properties.{n}" for n in ("$region", "$timezone", "$ip", "$avatar", "$os", "$browser", "$ios_devices",
                                           "$android_devices", "$initial_referrer", "$initial_referring_domain")),
        ),
        lacks=("event", "event_name", "properties.time", "time", "insert_id"),
        gathered=(("own_traits", ("$properties.", "properties.")),),
    ),
)  # fmt: skip
