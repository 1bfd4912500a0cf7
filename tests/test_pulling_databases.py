"""Rows of SQL databases: in pages, from a cursor, with a mapping that is kept."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.pulled import Kill, new_base, put
from tools.errors import PullError
from tools.pulling import databases
from tools.pulling.databases import rows_in_pages
from tools.pulling.keys import Keys
from tools.pulling.landing import Landing, Page
from tools.pulling.loading import cursors
from tools.pulling.position import Position
from tools.pulling.pulls import Pull, resumed
from tools.pulling.sources import Database, Source, add_source
from tools.pulling.sync import sync
from tools.store.workspace import Workspace

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return a base with 30 visits; three share each time."""
    return new_base(tmp_path / "crm.db", 30)


def visits(base: Path, cursor: str | None = "at") -> Database:
    columns = {"person": "who", "time": "at", "event": "what"}
    return Database(f"sqlite:///{base}", "visits", None, cursor, columns)


def ids(pages: Iterator[Page]) -> list[list[int]]:
    return [[int(row["id"]) for row in page.records["crm"]] for page in pages]


def test_a_page_ends_between_two_values_of_the_cursor(base: Path) -> None:
    found = ids(rows_in_pages("crm", visits(base), Position(), Keys({}), page_rows=4))
    assert [len(page) for page in found] == [6, 6, 6, 6, 6]
    assert [number for page in found for number in page] == list(range(30))


@pytest.mark.parametrize("cursor", ["at", "id"])
def test_a_stopped_pull_goes_on_after_its_last_page(base: Path, cursor: str) -> None:
    table = visits(base, cursor)
    first = next(iter(rows_in_pages("crm", table, Position(), Keys({}), page_rows=7)))
    rest = list(rows_in_pages("crm", table, first.position, Keys({}), page_rows=7))
    assert ids(iter([first])) + ids(iter(rest)) == ids(
        rows_in_pages("crm", table, Position(), Keys({}), page_rows=7)
    )
    put(base, range(30, 33))
    later = ids(rows_in_pages("crm", table, rest[-1].position, Keys({})))
    assert later == [[27, 28, 29, 30, 31, 32] if cursor == "at" else [29, 30, 31, 32]]


def test_rows_without_a_cursor_value_come_once(base: Path) -> None:
    with closing(sqlite3.connect(base)) as connection:
        connection.execute("UPDATE visits SET at = NULL WHERE id < 5")
        connection.commit()
    pages = list(rows_in_pages("crm", visits(base), Position(), Keys({}), page_rows=4))
    assert sorted(number for page in ids(iter(pages)) for number in page) == list(range(30))
    again = ids(rows_in_pages("crm", visits(base), pages[-1].position, Keys({})))
    assert again == [[27, 28, 29]]


def test_a_query_is_a_table_too(base: Path) -> None:
    query = Database(f"sqlite:///{base}", None, "SELECT id, at FROM visits WHERE id >= 27;", "at")
    assert ids(rows_in_pages("crm", query, Position(), Keys({}))) == [[27, 28, 29]]


def test_values_of_every_type_land_as_text_can_hold_them() -> None:
    row = {
        "a": Decimal("1.10"), "b": b"ok", "c": b"\xff", "d": date(2026, 1, 2), "e": None, "f": 1.5,
        "g": datetime(2026, 1, 2, 3, tzinfo=UTC), "h": [1], "i": True,
    }  # fmt: skip
    told = json.loads(json.dumps(databases._plain(row)))
    assert told == {
        "a": "1.10", "b": "ok", "c": "ff", "d": "2026-01-02", "e": None, "f": 1.5,
        "g": "2026-01-02T03:00:00+00:00", "h": [1], "i": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    "value", [7, 1.5, "a", date(2026, 1, 2), datetime(2026, 1, 2, 3, tzinfo=UTC)]
)
def test_a_cursor_keeps_its_type(value: object) -> None:
    assert databases._value(databases._text(value)) == value


@pytest.mark.parametrize(
    ("database", "said"),
    [
        (Database("sqlite:////nowhere/at/all.db", "t"), "unable to open"),
        (Database("snowflake://me@account/base", "t"), r"pip install 'desirepath\[snowflake\]'"),
        (Database("mysql://me@host/base", "t"), r"pip install 'desirepath\[mysql\]'"),
        (Database("nonsense://host/base", "t"), "no driver for nonsense"),
    ],
)
def test_a_database_that_does_not_answer_is_named_without_its_password(
    database: Database, said: str
) -> None:
    with pytest.raises(PullError, match=said) as told:
        list(rows_in_pages("crm", database, Position(), Keys({"P": "pa55word"})))
    assert "pa55word" not in str(told.value)


def test_an_unknown_table_or_cursor_is_said(base: Path) -> None:
    with pytest.raises(PullError, match="no such table"):
        list(rows_in_pages("crm", Database(f"sqlite:///{base}", "visit"), Position(), Keys({})))
    with pytest.raises(PullError, match=r"no such column|no column"):
        list(
            rows_in_pages(
                "crm", Database(f"sqlite:///{base}", "visits", cursor="when"), Position(), Keys({})
            )
        )


def test_a_base_is_loaded_with_its_mapping_and_then_only_what_is_new(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "PAGE_ROWS", 7)
    workspace = Workspace(tmp_path / "ws")
    add_source(workspace, Source("crm", database=visits(base)))
    land, left = Landing.land, [2]

    def dying(landing: Landing, page: Page) -> None:
        left[0] -= 1
        if left[0] == -1:
            raise Kill
        land(landing, page)

    monkeypatch.setattr(Landing, "land", dying)
    with pytest.raises(Kill):
        sync(workspace, now=NOW, environment={})
    report = sync(workspace, now=NOW, environment={}).sources[0]
    assert not report.errors
    assert report.rows_new == 30
    put(base, range(30, 33))
    report = sync(workspace, now=NOW + timedelta(hours=1), environment={}).sources[0]
    assert (report.records, report.rows_new, report.rows_known) == (6, 3, 3)
    count = "SELECT count(*), count(DISTINCT person_id), min(source) FROM event"
    assert workspace.read().rows(count) == [(33, 7, "crm")]
    assert cursors(workspace.read(), "crm")["crm"].since == "2026-05-01 10:00:00"


def test_a_table_without_a_cursor_begins_anew_after_a_stop(base: Path, tmp_path: Path) -> None:
    landing = Landing(tmp_path, "crm", "crm")
    pull = Pull(
        "crm", lambda at: rows_in_pages("crm", visits(base, None), at, Keys({}), page_rows=7), {}, resumes=False
    )  # fmt: skip
    first = next(iter(pull.pages(Position())))
    landing.land(first)
    pages = list(resumed(pull, landing, Position(), landing.last(Position())))
    assert landing.pages() == 0
    assert [number for page in ids(iter(pages)) for number in page] == list(range(30))
