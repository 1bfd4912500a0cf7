"""PostHog: events (API pages, batch exports) and persons."""

from tools.connectors.nested_table import NestedTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
NAMED = (
    "properties",
    "person_properties",
    "elements_chain",
    "url|properties.$current_url",
    "title|properties.title",
    "screen|properties.$screen_name",
    "referrer|properties.$referrer",
    "utm_source|properties.utm_source",
    "utm_medium|properties.utm_medium",
    "utm_campaign|properties.utm_campaign",
    "session_id|properties.$session_id",
    "event_type|properties.$event_type",
    "device|properties.$device_type",
    "os|properties.$os",
    "browser|properties.$browser",
    "country|properties.$geoip_country_name",
    "city|properties.$geoip_city_name",
    "device_id|properties.$device_id",
    "user_id|properties.$user_id",
    "anon_id|properties.$anon_distinct_id",
    "alias|properties.alias",
    "email|person.properties.email|properties.$set.email|properties.email|person_properties.email|properties.$user_email",
    "person_id|person.uuid|person.id",
    "group_id|properties.$groups.company|properties.$group_0",
    "revenue|properties.revenue|properties.$revenue",
    "total|properties.total|properties.amount",
    "currency|properties.currency",
)
UNUSED = (
        *(
            f"properties.${name}"
            for name in (
                *("ip", "lib", "lib_version", "token", "insert_id", "time", "host", "pathname", "raw_user_agent", "window_id"),
                *("screen_height", "screen_width", "viewport_height", "viewport_width", "browser_version", "os_version"),
                *("browser_language", "browser_language_prefix", "timezone", "timezone_offset", "device", "referring_domain"),
                *("sent_at", "active_feature_flags", "feature_flag_payloads", "autocapture_disabled_server_side", "is_identified"),
                *("process_person_profile", "pageview_id", "prev_pageview_id", "configured_session_timeout_ms", "lib_custom_api_host"),
                *("session_recording_start_reason", "recording_status", "replay_sample_rate", "console_log_recording_enabled_server_side"),
                *("web_vitals_enabled_server_side", "web_vitals_allowed_metrics", "dead_clicks_enabled_server_side"),
                *("exception_capture_enabled_server_side", "sdk_debug_retry_queue_size", "initial_person_info", "transformations_succeeded"),
                *("geoip_continent_code", "geoip_continent_name", "geoip_country_code", "geoip_latitude", "geoip_longitude"),
                *("geoip_postal_code", "geoip_subdivision_1_code", "geoip_subdivision_1_name", "geoip_time_zone", "geoip_disable"),
                *("geoip_accuracy_radius", "geoip_city_confidence", "geoip_country_confidence", "geoip_postal_code_confidence"),
                *("elements", "el_text", "event_name", "elements_chain", "ce_version", "set", "set_once"),
            )
        ),
        *("properties.token", "properties.distinct_id", "properties.name", "created_at", "team_id", "ip", "site_url", "elements"),
        *("set", "set_once", "person.is_identified", "person.distinct_ids", "person.created_at", "person", "_inserted_at", "inserted_at"),
        *("person.name", "bq_ingested_timestamp", "elements_hash", "$group_0", "$session_id", "project_id", "person_mode"),
    )  # fmt: skip
TABLES = (
    NestedTable(
        "posthog",
        "event",
        (
            "event",
            "distinct_id",
            "timestamp",
            "known_by|uuid|id|elements_chain|team_id|person_id|properties.$lib|properties.$current_url|properties.token",
        ),
        SQL,
        optional=("uuid|id", *NAMED, *UNUSED),
        lacks=("messageId", "message_id", "insert_id"),
        gathered=(
            ("own_traits", ("properties.$set.", "person.properties.", "person_properties.", "set.")),
            ("once", ("properties.$set_once.", "set_once.", "properties.$feature/", "properties.$initial_", "properties.$feature_")),
            ("own_properties", ("properties.", "")),
        ),
    ),
    NestedTable(
        "posthog",
        "person",
        ("distinct_ids", "person|id|uuid", "created_at", "own|properties|properties.email|properties.$os|properties.$creator_event_uuid|is_identified|name"),
        SQL,
        optional=("id|uuid", "properties", "email|properties.email", "last_seen_at", "properties.$ip", "is_identified", "type"),
        lacks=("event",),
        gathered=(("once", ("properties.$initial_", "properties.$creator_")), ("own_traits", ("properties.",))),
    ),
    NestedTable(
        "posthog",
        "person_distinct_id",
        ("distinct_id", "person_id", "person_version|person_distinct_id_version"),
        SQL,
        optional=("properties", "email|properties.email", "created_at", "team_id", "is_deleted"),
        lacks=("event",),
        gathered=(("once", ("properties.$initial_", "properties.$creator_")), ("own_traits", ("properties.",))),
    ),
)  # fmt: skip
