"""Mixpanel: raw export, warehouse table and people."""

from pathlib import Path
from typing import Any

from tests.intake import load, taken
from tests.told import column, happened, lines, properties, table, ties, traits
from tools.store.workspace import memory_store

AT = 1_767_261_600  # 2026-01-01 10:00 UTC


def row(event: str, minute: int, **more: Any) -> dict[str, Any]:
    own = {
        "time": AT + 60 * minute,
        "distinct_id": "u1",
        "$insert_id": f"i{minute}",
        "$os": "iOS",
        **more,
    }
    return {"event": event, "properties": own}


def test_events_keep_their_names_and_pages_have_theirs(tmp_path: Path) -> None:
    store = taken(
        lines(
            tmp_path, "export.json",
            row("$mp_web_page_view", 0, **{"$current_url": "https://shop.example/pricing?utm_source=x&utm_medium=cpc"}),
            row("Song Played", 1, title="Hello"),
            row("order_completed", 2, revenue=12.5, currency="EUR"),
            row("$session_start", 3),
        )
    )  # fmt: skip
    assert happened(store) == [
        ("01-01 10:00", "Pricing"),
        ("01-01 10:01", "Song Played"),
        ("01-01 10:02", "Order completed"),
    ]
    assert column(store, "value")["Order completed"] == 12.5
    assert column(store, "channel")["Pricing"] == "Paid other"
    assert properties(store, "Song Played") == {"os": "iOS", "title": "Hello"}


def test_a_device_meets_its_user_by_every_generation_of_identity(tmp_path: Path) -> None:
    store = taken(
        lines(
            tmp_path, "export.json",
            row("A", 0, distinct_id="$device:d1", **{"$device_id": "d1"}),
            row("B", 1, **{"$device_id": "d1", "$user_id": "u1"}),
            row("$identify", 2, **{"$identified_id": "u1", "$anon_id": "a9"}),
            row("$create_alias", 3, alias="ann@shop.example"),
            row("$merge", 4, **{"$distinct_ids": ["u1", "old"]}),
        )
    )  # fmt: skip
    assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1
    assert ties(store) == {
        ("mixpanel_device:d1", "mixpanel_visitor:u1", "same"),
        ("mixpanel_visitor:u1", "user:u1", "same"),
        ("mixpanel_visitor:a9", "mixpanel_visitor:u1", "same"),
        ("email:ann@shop.example", "mixpanel_visitor:u1", "same"),
        ("mixpanel_visitor:old", "mixpanel_visitor:u1", "same"),
    }


def test_one_insert_id_is_one_event_and_every_row_is_accounted_for(tmp_path: Path) -> None:
    rows = [row("A", 0), row("A", 0), row("B", 1, distinct_id=None), row("$identify", 2)]
    file = load(memory_store(), lines(tmp_path, "export.json", *rows)).files[0]
    assert (file.rows_read, file.events, sum(file.accounts.values())) == (4, 1, 4)
    assert (file.accounts["events"], file.accounts["identifiers"], file.rows_rejected) == (2, 1, 1)


def test_a_warehouse_table_holds_its_properties_as_json(tmp_path: Path) -> None:
    store = taken(
        table(
            tmp_path, "event.csv",
            "_fivetran_synced,event_id,name,time,distinct_id,properties,insert_id,mp_processing_time_ms,city",
            '2026-01-02,9,plays,2026-01-01 10:00:00,v1,"{""user_id"": ""7"", ""title"": ""x"", ""$email"": ""a@shop.example""}",i1,1,Oslo',
        )
    )  # fmt: skip
    assert happened(store) == [("01-01 10:00", "Plays")]
    assert properties(store, "Plays") == {"title": "x", "city": "Oslo"}
    assert ("mixpanel_visitor:v1", "user:7", "same") in ties(store)


def test_people_are_traits_not_events(tmp_path: Path) -> None:
    ann = {
        "$email": "ann@shop.example",
        "$name": "Ann",
        "$city": "Oslo",
        "Plan": "pro",
        "$last_seen": "2026-01-01T10:00:00",
    }
    store = taken(
        lines(
            tmp_path, "engage.json",
            {"$distinct_id": "u1", "$properties": ann},
            {"$distinct_id": "u2", "$properties": {"$last_seen": "2026-01-01T10:00:00"}},
        )
    )  # fmt: skip
    assert store.value("SELECT count(*) FROM event") == 0
    assert traits(store) == {"name": "Ann", "city": "Oslo", "plan": "pro"}
    assert ("email:ann@shop.example", "mixpanel_visitor:u1", "same") in ties(store)
