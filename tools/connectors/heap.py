"""Heap: users, sessions, page views, events and migrations, as Heap Connect lands them."""

from dataclasses import dataclass, replace
from pathlib import PurePath

from tools.connectors.contract import ImportOptions, RawTable, Reading
from tools.connectors.nested_table import NestedTable
from tools.store.door import Store, read_sql

SQL = read_sql(__file__)
VISIT = (
    "referrer|landing_page_referrer",
    "landing_page",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "device_type|device",
    "platform",
    "country",
    "city",
    "browser",
)
UNUSED = (
    *("ip", "region", "library", "utm_term", "utm_content", "session_time", "app_version", "carrier", "device_id", "heap_device_id"),
    *("hash", "query", "domain", "path", "title", "href", "target_text", "class", "id", "hierarchy", "type", "previous_page"),
    *("landing_page_query", "landing_page_hash", "heap_app_name", "heap_app_version", "loaded_at", "joindate", "last_modified"),
    *("view_controller", "screen_a11y_id", "screen_a11y_label", "library_version", "project_id"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventTables(NestedTable):
    """Heap keeps each event in a table of its own, and only the table's name says what happened."""

    def read(self, store: Store, raw: RawTable, options: ImportOptions) -> Reading:
        """Give the rows the name of their file."""
        name = PurePath(raw.name).name.split(".")[0]
        named = replace(self, constants=(("event_table_name", name),))
        return NestedTable.read(named, store, raw, options)


TABLES = (
    NestedTable(
        "heap",
        "event",
        ("event_table_name", "event_id", "user_id", "time"),
        SQL,
        optional=("session_id", *VISIT, *UNUSED),
        gathered=(("own_properties", ("",)),),
    ),
    *(
        EventTables(
            "heap",
            "event_table",
            ("event_id", "user_id", "session_id", "time", *own),
            SQL,
            optional=(*VISIT, *UNUSED),
            named=words,
            lacks=("event_table_name", "landing_page", "event", "event_name", "event_type", "distinct_id", "anonymous_id"),
            shares="event",
            gathered=(("own_properties", ("",)),),
        )
        # A company's own events have such columns too: the library tells, or the folder.
        for own, words in ((("library|target_text|heap_app_name",), ()), ((), ("heap",)))
    ),
    NestedTable(
        "heap",
        "pageview",
        ("event_id", "user_id", "session_id", "time", "path", "ours|library|domain|hash|heap_app_name|view_controller"),
        SQL,
        optional=(*VISIT, *UNUSED),
        named=("pageview", "page_view"),
        lacks=("event_table_name", "event", "event_name", "distinct_id", "anonymous_id"),
        gathered=(("own_properties", ("",)),),
    ),
    NestedTable(
        "heap",
        "session",
        ("session_id", "user_id", "time", "landing_page", "ours|event_id|library|landing_page_hash|heap_app_name"),
        SQL,
        optional=("event_id", *VISIT, *UNUSED),
        lacks=("path", "event_table_name", "event", "event_name"),
        gathered=(("own_properties", ("",)),),
    ),
    NestedTable(
        "heap",
        "user",
        ("user_id", "joindate", "known|last_modified|identity|_email|email"),
        SQL,
        optional=("identity", "email|_email", "name|_name", "last_modified", "handle", "initial_referrer", "initial_landing_page"),
        lacks=("event_id", "session_id"),
        gathered=(("own_traits", ("",)),),
    ),
    NestedTable("heap", "user_migration", ("from_user_id", "to_user_id"), SQL, optional=("time",), lacks=("amount", "message", "event")),
)  # fmt: skip
