"""Segment: raw messages (NDJSON of track, page, screen, identify, alias, group) and its warehouse tables.

RudderStack writes the same messages and tables, and shares the SELECTs.
"""

from tools.connectors.nested_table import NestedTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
ID = "message_id|messageId|id"
SOMEBODY = "somebody|anonymous_id|anonymousId|user_id|userId"
WHO = ("anonymous_id|anonymousId", "user_id|userId")
WHEN = "timestamp|originalTimestamp|original_timestamp|receivedAt|received_at|sentAt|sent_at"
LOADED = "loaded|received_at|receivedAt|original_timestamp|originalTimestamp|sent_at|sentAt|context_library_name|uuid_ts"
OURS = (
    "told_by|anonymous_id|anonymousId|event_text|message_id|messageId|previous_id|context_library_name|context_ip"
    "|context_user_agent|context_page_path|context_page_url|context_destination_id"
)
"""A table of the company's own may have an id, a user and a time of receipt, but none of these."""
USED = (
    "event",
    "event_text",
    "name",
    "previous_id|previousId",
    "group_id|groupId",
    "page_url|properties.url|url|context.page.url|context_page_url|properties.path|path",
    "page_title|properties.title|context.page.title|context_page_title",
    "page_referrer|properties.referrer|referrer|context.page.referrer|context_page_referrer",
    "utm_source|context.campaign.source|context_campaign_source",
    "utm_medium|context.campaign.medium|context_campaign_medium",
    "utm_campaign|context.campaign.name|context_campaign_name",
    "device|context.device.type|context_device_type",
    "os|context.os.name|context_os_name",
    "country|context.location.country|context_location_country",
    "session|context.sessionId|context_session_id|context.session_id",
    "email|traits.email|context.traits.email|context_traits_email|properties.email",
    "phone|traits.phone|context.traits.phone|context_traits_phone|properties.phone",
    "revenue|properties.revenue",
    "total|properties.total|properties.value",
    "currency|properties.currency",
    "order_id|properties.order_id|properties.orderId",
    "properties",
    "traits",
)
UNUSED = (
    "ip",
    "request_ip",
    "requestIp",
    "context.ip",
    "context_ip",
    "context.userAgent",
    "context_user_agent",
    "user_agent",
    "channel",
    "context",
    "integrations",
    "integrations.All",
    "version",
    "writeKey",
    "projectId",
    "rudderId",
    "rudder_id",
    "uuid",
    "uuid_ts",
    "loaded_at",
    "path",
    "search",
    "originalTimestamp",
    "original_timestamp",
    "receivedAt",
    "received_at",
    "sentAt",
    "sent_at",
    "category",
    "properties.path",
    "properties.search",
    "properties.name",
    "context.page.path",
    "context.page.search",
    "context_page_path",
    "context_page_search",
    "context.page.initial_referrer",
    "context.page.referring_domain",
    "context_page_initial_referrer",
    "context_page_referring_domain",
    "context.locale",
    "context_locale",
    "context.timezone",
    "context_timezone",
    "context.library.name",
    "context_library_name",
    "context.library.version",
    "context_library_version",
    "context.library",
    "context.page",
    "context.campaign",
    "context.sessionStart",
    "context_session_start",
    "context.userAgentData.mobile",
    "context.userAgentData.platform",
    "context.userAgentData.brands",
    "context.screen.density",
    "context.screen.width",
    "context.screen.height",
    "context.screen.innerWidth",
    "context.screen.innerHeight",
    "context_screen_density",
    "context_screen_width",
    "context_screen_height",
    "context_screen_inner_width",
    "context_screen_inner_height",
    "context.device.id",
    "context_device_id",
    "context.device.advertisingId",
    "context_device_advertising_id",
    "context.device.token",
    "context.app.build",
    "context.app.name",
    "context.app.namespace",
    "context_app_build",
    "context_app_name",
    "context_app_namespace",
    "context_request_ip",
    "context_passed_ip",
    "context_destination_id",
    "context_destination_type",
    "context_source_id",
    "context_source_type",
    "context_rudder_id",
    "context_traits",
    "context.traits",
    "properties.initial_referrer",
    "properties.referring_domain",
    "properties.tab_url",
    "initial_referrer",
    "referring_domain",
    "tab_url",
    "properties.first_name",
    "properties.last_name",
)
PAGE = ("page_title|title|context_page_title",)
TRAITS = ("own_traits", ("traits.", "context.traits.", "context_traits_"))
CONTEXT = ("own_context", ("context.", "context_"))
PROPERTIES = ("own_properties", ("properties.", ""))
WAREHOUSE = (
    # table, columns that it needs, columns that it lacks, words of its name
    ("track", ("event",), ("event_type", "ga_session_id"), ()),
    ("page", ("address|url|path|context_page_url",), ("event", "event_name"), ()),
    ("screen", ("name",), ("event", "url", "group_id"), ("screen",)),
    ("identify", ("user_id|userId",), ("event", "url", "group_id", "previous_id"), ("identifie", "identify")),
    ("alias", ("previous_id|previousId",), ("event",), ()),
    ("group", ("group_id|groupId",), ("event", "url"), ()),
)  # fmt: skip


def tables(source: str, sql: str, *own: str) -> tuple[NestedTable, ...]:
    """Return the tables of a system that speaks Segment's language.

    Args:
        source: The system's name.
        sql: The SELECTs.
        own: Columns that tell this system's messages from others'.
    """
    message = NestedTable(
        source,
        "message",
        ("type", "message_id|messageId", f"told_at|{WHEN}", SOMEBODY, *own),
        sql,
        optional=(*WHO, WHEN, *USED, *UNUSED),
        lacks=("distinct_id", "event_text"),
        gathered=(TRAITS, CONTEXT, PROPERTIES),
    )
    warehouse = tuple(
        NestedTable(
            source,
            table,
            (ID, SOMEBODY, LOADED, OURS, *needed, *own),
            sql,
            optional=(*(PAGE if table == "page" else ()), *WHO, WHEN, *USED, *UNUSED),
            lacks=("type", "distinct_id", *lacks),
            named=words,
            shares="message",
            gathered=(
                (
                    ("own_traits", ("traits.", "context_traits_", "context.traits.")),
                    CONTEXT,
                    ("own_properties", ("properties.", "")),
                )
                if table not in {"identify", "group"}
                else (
                    CONTEXT,
                    ("own_traits", ("traits.", "")),
                    ("own_properties", ("properties.",)),
                )
            ),
            constants=(("type", table),),
        )
        for table, needed, lacks, words in WAREHOUSE
    )
    user = NestedTable(
        source,
        "user",
        ("user_id|id", LOADED, *own),
        sql,
        optional=("anonymous_id", "message_id", WHEN, *USED, *UNUSED),
        lacks=("type", "event", "url", "path", "group_id", "previous_id", "anonymous_id", "distinct_id"),
        named=("user",),
        shares="message",
        gathered=(CONTEXT, ("own_traits", ("traits.", "")), ("own_properties", ("properties.",))),
        constants=(("type", "identify"),),
    )  # fmt: skip
    return (message, *warehouse, user)


TABLES = tables("segment", SQL)
