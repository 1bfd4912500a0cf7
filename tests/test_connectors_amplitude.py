"""Amplitude: raw export (zipped), merged ids, event types."""

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

from tests.intake import load, taken
from tests.told import column, happened, lines, properties, table, ties, traits
from tools.store.workspace import memory_store


def row(event: str, minute: int, **more: Any) -> dict[str, Any]:
    return {
        "$insert_id": f"i{minute}",
        "uuid": f"uuid-{minute}",
        "amplitude_id": 11,
        "device_id": "d1",
        "user_id": None,
        "event_type": event,
        "event_time": f"2026-01-01 10:{minute:02}:00.123000",
        "session_id": 1767261600000,
        "os_name": "ios",
        "ip_address": "10.0.0.1",
        "event_properties": {},
        "user_properties": {},
        **more,
    }


ROWS = (
    row(
        "[Amplitude] Page Viewed",
        0,
        event_properties={"[Amplitude] Page Location": "https://shop.example/pricing"},
    ),
    row(
        "watch_tutorial",
        1,
        event_properties={"length": 3, "email": "bo@shop.example"},
        brand_new_field="x",
    ),
    row(
        "order_completed",
        2,
        user_id="u1",
        event_properties={"$revenue": 12.5},
        user_properties={"plan": "free"},
    ),
    row("$identify", 3, user_id="u1", user_properties={"plan": "pro", "email": "ann@shop.example"}),
    row("session_end", 4, session_id=-1),
)


def test_events_pages_and_money(tmp_path: Path) -> None:
    store = taken(lines(tmp_path, "1_2026-01-01_10#0.json", *ROWS))
    assert happened(store) == [
        ("01-01 10:00", "Pricing"),
        ("01-01 10:01", "Watch tutorial"),
        ("01-01 10:02", "Order completed"),
    ]
    assert column(store, "value")["Order completed"] == 12.5
    assert properties(store, "Watch tutorial") == {
        "os": "ios",
        "length": "3",
        "brand_new_field": "x",
    }
    assert store.rows("SELECT DISTINCT session_id FROM event") == [("d1.1767261600000",)]


def test_what_is_known_of_a_user_is_a_trait_and_a_link(tmp_path: Path) -> None:
    store = taken(lines(tmp_path, "export.json", *ROWS))
    assert traits(store) == {"plan": "pro"}
    assert ties(store) == {
        ("amplitude_id:11", "user:u1", "same"),
        ("amplitude_device:d1", "amplitude_id:11", "same"),
        ("amplitude_id:11", "email:ann@shop.example", "same"),
    }


def test_the_export_s_zip_of_gzipped_files_is_read_and_counted(tmp_path: Path) -> None:
    archive = tmp_path / "export.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for hour, part in enumerate((ROWS[:3], ROWS[2:])):
            text = "\n".join(json.dumps(one) for one in part)
            packed.writestr(f"1/1_2026-01-01_{hour}#0.json.gz", gzip.compress(text.encode()))
    report = load(memory_store(), archive)
    assert report.events == 3
    assert [sum(file.accounts.values()) for file in report.files] == [3, 3]


def test_merged_ids_are_one_person(tmp_path: Path) -> None:
    merged = lines(
        tmp_path, "merged.json",
        {"amplitude_id": 11, "merged_amplitude_id": 12, "merge_event_time": 1, "scope": 1},
        {"amplitude_id": 11, "merged_amplitude_id": 13, "merge_event_time": 1, "scope": 1},
    )  # fmt: skip
    other = row("watch_tutorial", 5, amplitude_id=12, device_id="d2")
    store = taken(lines(tmp_path, "export.json", *ROWS, other), merged)
    assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1


def test_event_types_are_told_by_the_team_s_names_whichever_comes_first(tmp_path: Path) -> None:
    events = lines(tmp_path, "export.json", *ROWS)
    names = table(
        tmp_path,
        "event_type.csv",
        "id,name,display,totals,non_active",
        "1,watch_tutorial,Watched the tutorial,3,false",
    )
    for order in ((events, names), (names, events)):
        assert ("01-01 10:01", "Watched the tutorial") in happened(taken(*order))


def test_a_warehouse_table_holds_its_properties_as_json(tmp_path: Path) -> None:
    store = taken(
        table(
            tmp_path, "event.csv",
            "_fivetran_synced,id,amplitude_id,device_id,user_id,event_type,event_time,event_properties,user_properties,uuid,session_id",
            '2026-01-02,1,11,d1,ann@shop.example,watch,2026-01-01T10:00:00.5,"{""length"":3,""email"":""bo@shop.example""}","{""Cohort"":""A""}",x,-1',
        )
    )  # fmt: skip
    assert properties(store, "Watch") == {"length": 3}
    assert traits(store) == {"cohort": "A"}
    assert ("amplitude_id:11", "email:ann@shop.example", "same") in ties(store)
    assert store.rows("SELECT session_id FROM event") == [(None,)]
