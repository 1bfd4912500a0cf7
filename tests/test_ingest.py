from pathlib import Path

import pytest

from tests.intake import balanced, events, load, roles, taken, write
from tools.connectors.contract import ImportOptions
from tools.errors import NoUsableRowError, UnmappedColumnError, UnreadableFileError
from tools.ingest import preview
from tools.store.workspace import Workspace, memory_store

VISITS = """user_id,time,event,plan,page
ann,2026-01-01 10:00:00,visit,free,/a
ann,2026-01-01 10:05:00,buy,free,/b
ben,2026-01-02 09:00:00,visit,pro,/a
ben,2026-01-02 09:01:00,visit,pro,/b
"""
TOLD = [
    ("ann", "2026-01-01 10:00:00", "visit"),
    ("ann", "2026-01-01 10:05:00", "buy"),
    ("ben", "2026-01-02 09:00:00", "visit"),
    ("ben", "2026-01-02 09:01:00", "visit"),
]


def test_rows_become_events_persons_and_touchpoints(tmp_path: Path) -> None:
    store = memory_store()
    report = load(store, write(tmp_path, "visits.csv", VISITS))
    assert events(store) == TOLD
    assert (report.events, report.persons, report.touchpoints) == (4, 2, 2)
    assert roles(report) == {
        "user_id": "person",
        "time": "time",
        "event": "event",
        "plan": "trait",
        "page": "property",
    }
    assert store.rows("SELECT events FROM person ORDER BY first_at") == [(2,), (2,)]
    assert store.rows("SELECT count(DISTINCT person_id) FROM touched_person") == [(2,)]


def test_columns_that_never_change_within_a_person_are_traits(tmp_path: Path) -> None:
    store = taken(write(tmp_path, "visits.csv", VISITS))
    told = store.rows("SELECT name, value FROM trait ORDER BY value")
    assert told == [("plan", "free"), ("plan", "pro")]
    properties = store.rows("SELECT properties FROM event ORDER BY occurred_at LIMIT 1")
    assert properties == [('{"page":"/a"}',)]


def test_the_same_file_twice_adds_nothing(tmp_path: Path) -> None:
    store = memory_store()
    first = write(tmp_path, "visits.csv", VISITS)
    load(store, first)
    again = load(store, write(tmp_path, "renamed.csv", VISITS))
    assert again.files[0].already_loaded
    assert again.files[0].rows_duplicate == 4
    assert events(store) == TOLD
    assert store.rows("SELECT * FROM touched_person") == []


def test_a_grown_file_adds_only_its_new_rows(tmp_path: Path) -> None:
    store = memory_store()
    load(store, write(tmp_path, "visits.csv", VISITS))
    grown = VISITS + "ben,2026-01-03 08:00:00,buy,enterprise,/c\n"
    report = load(store, write(tmp_path, "visits.csv", grown))
    # ben's plan now changes, so that it is no trait any more: his old rows still are the same.
    assert (report.files[0].rows_taken, report.files[0].rows_duplicate) == (1, 4)
    assert len(events(store)) == 5
    assert balanced([report])


def test_overlapping_exports_count_each_event_once_whatever_their_column_order(
    tmp_path: Path,
) -> None:
    store = memory_store()
    load(store, write(tmp_path, "a.csv", VISITS))
    overlap = "time,page,plan,event,user_id\n2026-01-02 09:01:00,/b,pro,visit,ben\n2026-01-04 09:00:00,/a,pro,visit,cat\n"
    report = load(store, write(tmp_path, "b.csv", overlap))
    assert (report.files[0].rows_taken, report.files[0].rows_duplicate) == (1, 1)
    assert len(events(store)) == 5


def test_equal_rows_in_one_file_each_count(tmp_path: Path) -> None:
    row = "ann,2026-01-01 10:00:00,visit\n"
    store = memory_store()
    load(store, write(tmp_path, "a.csv", "user_id,time,event\n" + 2 * row))
    report = load(store, write(tmp_path, "b.csv", "user_id,time,event\n" + 3 * row))
    assert (report.files[0].rows_taken, report.files[0].rows_duplicate) == (1, 2)
    assert len(events(store)) == 3


def test_a_bad_row_is_kept_with_its_line_and_reason_and_stops_nothing(tmp_path: Path) -> None:
    text = (
        "user_id,time,event,page\n"
        "ann,2026-01-01 10:00:00,visit,/a\n"
        ",2026-01-01 10:01:00,visit,/a\n"  # line 3: nobody
        "unknown,2026-01-01 10:01:00,visit,/a\n"  # line 4: a placeholder
        "ann,2026-01-01 10:02:00,,/a\n"  # line 5: nothing happened
        "ann,yesterday,visit,/a\n"  # line 6: no time
        "ann,1903-01-01 10:00:00,visit,/a\n"  # line 7: no plausible time
        "ann,2026-01-01 10:03:00,visit,/a,/b\n"  # line 8: a field too many
        "ann,2026-01-01 10:04:00,buy,/a\n"
    )
    store = memory_store()
    report = load(store, write(tmp_path, "bad.csv", text))
    file = report.files[0]
    assert (file.rows_read, file.rows_taken, file.rows_rejected) == (8, 2, 6)
    assert balanced([report])
    told = store.rows("SELECT line, field FROM rejected_row ORDER BY line")
    assert told == [(3, "person"), (4, "person"), (5, "event"), (6, "time"), (7, "time"), (8, "")]
    assert report.rejects[3].raw == "ann,yesterday,visit,/a"
    assert [label for _, _, label in events(store)] == ["visit", "buy"]


def test_a_file_without_a_usable_row_says_what_is_missing(tmp_path: Path) -> None:
    text = "user_id,time,event\n,2026-01-01 10:00:00,visit\n,2026-01-01 10:00:00,visit\n"
    text += "null,2026-01-02 10:00:00,buy\n"
    with pytest.raises(NoUsableRowError, match=r"not one of its 3 rows.*person"):
        taken(write(tmp_path, "nobody.csv", text), options=ImportOptions(person="user_id"))


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    good = write(tmp_path, "good.csv", VISITS)
    bad = write(tmp_path, "bad.csv", "a,b\n1,2\n")
    store = memory_store()
    report = load(store, bad, good)
    assert report.files[0].error
    assert report.files[1].rows_taken == 4
    assert len(events(store)) == 4


def test_a_column_that_cannot_be_told_asks_for_its_option(tmp_path: Path) -> None:
    path = write(tmp_path, "odd.csv", "foo,bar,baz\n1,x,y\n2,x,z\n3,y,y\n")
    with pytest.raises(UnmappedColumnError, match=r"--time COLUMN"):
        taken(path)


def test_an_option_names_a_column_and_a_wrong_name_gets_the_nearest(tmp_path: Path) -> None:
    path = write(tmp_path, "visits.csv", VISITS)
    store = taken(path, options=ImportOptions(event="PAGE"))
    assert {label for _, _, label in events(store)} == {"/a", "/b"}
    with pytest.raises(UnmappedColumnError, match=r"--event: no column 'evnt'.*'event'"):
        taken(path, options=ImportOptions(event="evnt"))


def test_a_conversion_flag_with_a_value_is_an_event_of_its_own_just_after_its_row(
    tmp_path: Path,
) -> None:
    text = (
        "cookie,time,interaction,conversion,conversion_value,channel\n"
        "ann,2026-01-01T10:00:00Z,impression,0,0,Search\n"
        "ann,2026-01-01T10:05:00Z,click,1,9.5,Email\n"
        "ann,2026-01-01T10:05:00Z,impression,0,0,Search\n"
        "ben,2026-01-01T10:06:00Z,impression,0,0,Email\n"
    )
    store = memory_store()
    report = load(store, write(tmp_path, "touches.csv", text))
    assert [label for person, _, label in events(store) if person == "ann"] == [
        "Search",
        "Email",
        "conversion",
        "Search",
    ]
    assert (report.files[0].rows_taken, report.events) == (4, 5)
    assert store.rows("SELECT count(*), sum(value) FROM event WHERE value > 0") == [(1, 9.5)]
    assert store.rows("SELECT count(*) FROM event WHERE kind = 'action'") == [(5,)]


def test_a_flag_that_the_event_already_tells_adds_no_event(tmp_path: Path) -> None:
    text = (
        "user,time,event,conversion\n"
        "ann,2026-01-01,visit,0\nann,2026-01-02,buy,1\nben,2026-01-02,visit,0\n"
    )
    assert len(events(taken(write(tmp_path, "flag.csv", text)))) == 3


def test_without_a_person_each_session_stands_for_one(tmp_path: Path) -> None:
    text = "session_id,time,action\ns1,2026-01-01,view\ns1,2026-01-02,buy\ns2,2026-01-01,view\n"
    store = taken(write(tmp_path, "sessions.csv", text))
    assert store.rows("SELECT kind, value FROM identifier ORDER BY value") == [
        ("session", "s1"),
        ("session", "s2"),
    ]


def test_a_second_identifier_stands_in_where_the_first_is_empty(tmp_path: Path) -> None:
    text = (
        "anonymous_id,user_id,timestamp,event\n"
        "web1,,2026-01-01,visit\n"
        "web1,ann,2026-01-02,sign up\n"  # web1 is ann: her first visit is hers as well
        "web2,,2026-01-03,visit\n"
    )
    store = taken(write(tmp_path, "web.csv", text))
    assert store.rows("SELECT events FROM person ORDER BY events") == [(1,), (2,)]


def test_zero_is_a_person_unless_it_has_most_rows(tmp_path: Path) -> None:
    rows = "".join(f"{n},2026-01-0{day},visit\n" for n in range(3) for day in (1, 2))
    store = taken(write(tmp_path, "zero.csv", "user_id,date,event\n" + rows))
    assert store.value("SELECT count(*) FROM person") == 3
    crowd = rows + "".join(f"0,2026-02-{day:02},visit\n" for day in range(1, 20))
    store = taken(write(tmp_path, "crowd.csv", "user_id,date,event\n" + crowd))
    assert store.value("SELECT count(*) FROM person") == 2


def test_a_preview_shows_the_reading_and_writes_nothing(tmp_path: Path) -> None:
    store = memory_store()
    path = write(tmp_path, "visits.csv", VISITS)
    shown = preview(store, [path]).files[0]
    assert [meaning.role for meaning in shown.columns][:3] == ["person", "time", "event"]
    assert [(row.person, row.touchpoint) for row in shown.first_rows][:2] == [
        ("ann", "visit"),
        ("ann", "buy"),
    ]
    assert shown.rows == 4
    assert not shown.already_loaded
    assert store.value("SELECT count(*) FROM event") == 0
    load(store, path)
    assert preview(store, [path]).files[0].already_loaded
    wrong = preview(store, [write(tmp_path, "odd.csv", "a,b\n1,2\n")]).files[0]
    assert wrong.error


def test_a_crash_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    with workspace.write() as store:
        load(store, write(tmp_path, "visits.csv", VISITS))
    more = write(tmp_path, "more.csv", VISITS.replace("2026-01", "2026-02"))

    def crash() -> None:
        with workspace.write() as store:
            load(store, more)
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        crash()
    assert workspace.read().value("SELECT count(*) FROM event") == 4


def test_a_missing_path_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="does not exist"):
        taken(tmp_path / "nothing.csv")


def test_ties_in_time_keep_the_order_of_the_file_whatever_is_loaded_first(tmp_path: Path) -> None:
    head = "user_id,time,event\n"
    rows = [f"ann,2026-01-01,{name}\n" for name in ("one", "two", "three", "four")]
    whole = write(tmp_path, "whole.csv", head + "".join(rows))
    tail = write(tmp_path, "tail.csv", head + "".join(rows[2:]))
    for order in ((whole, tail), (tail, whole)):
        store = memory_store()
        for path in order:
            load(store, path)
        found = [label for _, _, label in events(store)]
        assert sorted(found) == ["four", "one", "three", "two"]
        assert found.index("three") < found.index("four")
