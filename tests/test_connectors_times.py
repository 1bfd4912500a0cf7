import pytest

from tools.connectors.macros import MACROS
from tools.connectors.profile import Column
from tools.connectors.times import time_reading
from tools.store.workspace import memory_store


def read(*texts: str, day_first: bool | None = None) -> list[str] | None:
    """Return how a column of these texts is read."""
    store = memory_store()
    store.execute(MACROS)
    store.execute(
        "CREATE TEMP TABLE staged_row AS SELECT unnest($texts::VARCHAR[]) AS told", {"texts": texts}
    )
    store.execute("CREATE TEMP VIEW raw AS SELECT rowid + 2 AS line, * FROM staged_row")
    column = Column("told", 0, len(texts), len(texts), len(set(texts)), tuple(dict.fromkeys(texts)))
    reading = time_reading(store, column, day_first=day_first)
    if reading is None:
        return None
    return [str(row[0]) for row in store.rows(f"SELECT {reading.sql} FROM staged_row")]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-13 10:21:14", "2026-03-13 10:21:14"),  # naive is UTC
        ("2026-03-13T10:21:14Z", "2026-03-13 10:21:14"),
        ("2026-03-13 10:21:14+01:00", "2026-03-13 09:21:14"),
        ("2026-03-13 10:21+01", "2026-03-13 09:21:00"),  # as long as a time with seconds
        ("2026-03-13 10:21:14 +0100", "2026-03-13 09:21:14"),
        ("2026-03-13T10:21:14.123456789Z", "2026-03-13 10:21:14.123456"),
        ("2026-03-13 10:21:14,5", "2026-03-13 10:21:14.500000"),
        ("2026-03-13 10:21:14 UTC", "2026-03-13 10:21:14"),
        ("2026/03/13 10:21:14.000", "2026-03-13 10:21:14"),
        ("2026-03-13", "2026-03-13 00:00:00"),
        ("20260313", "2026-03-13 00:00:00"),
        ("20260313102114", "2026-03-13 10:21:14"),
        ("1710325274", "2024-03-13 10:21:14"),
        ("1710325274123", "2024-03-13 10:21:14.123000"),
        ("1710325274123456", "2024-03-13 10:21:14.123456"),
        ("1710325274123456789", "2024-03-13 10:21:14.123456"),
        ("1710325274.5", "2024-03-13 10:21:14.500000"),
        ("13.03.2026 10:21", "2026-03-13 10:21:00"),
        ("13/03/2026 10:21 +02:00", "2026-03-13 08:21:00"),
        ("3/13/26 1:05 PM", "2026-03-13 13:05:00"),
        ("03/13/2026 12:00:30 a.m.", "2026-03-13 00:00:30"),
        ("2026-03-13 01:05:06 pm", "2026-03-13 13:05:06"),
        ("Mar 13, 2026 1:05 PM", "2026-03-13 13:05:00"),
        ("13-Mar-26", "2026-03-13 00:00:00"),
        ("13 mars 2026 10:21", "2026-03-13 10:21:00"),
        ("13. März 2026 10:21 Uhr", "2026-03-13 10:21:00"),
        ("13 de diciembre de 2026 10:21", "2026-12-13 10:21:00"),
        ("Fri, 13 Mar 2026 10:21:14 GMT", "2026-03-13 10:21:14"),
        ("13/Mar/2026:10:21:14 -0700", "2026-03-13 17:21:14"),
        ("Fri Mar 13 2026 10:21:14 GMT+0100 (CET)", "2026-03-13 09:21:14"),
        ("2026-03-13T10:21:14.5+01:00[Europe/Berlin]", "2026-03-13 09:21:14.500000"),
    ],
)
def test_a_time_is_read_as_utc(text: str, at: str) -> None:
    assert read(text) == [at]


@pytest.mark.parametrize("text", ["hello", "10:21", "/pricing", "17", "2026", "A-12", "-5"])
def test_what_is_no_time_is_not_taken_for_one(text: str) -> None:
    told = read(text)
    # Small numbers are times only where the column's name says so.
    assert told is None or told[0].startswith("1970-01-01")


def test_one_day_above_twelve_decides_for_the_whole_column() -> None:
    assert read("05/03/2026", "13/03/2026") == ["2026-03-05 00:00:00", "2026-03-13 00:00:00"]
    assert read("05/03/2026", "03/13/2026") == ["2026-05-03 00:00:00", "2026-03-13 00:00:00"]


def test_the_reading_that_keeps_the_rows_in_order_wins_where_both_are_possible() -> None:
    assert read("01/02/2026", "02/02/2026", "03/02/2026", "01/03/2026") == [
        "2026-02-01 00:00:00",
        "2026-02-02 00:00:00",
        "2026-02-03 00:00:00",
        "2026-03-01 00:00:00",
    ]
    assert read("02/01/2026", "02/02/2026", "02/03/2026", "03/01/2026") == [
        "2026-02-01 00:00:00",
        "2026-02-02 00:00:00",
        "2026-02-03 00:00:00",
        "2026-03-01 00:00:00",
    ]


def test_day_first_can_be_asked_for() -> None:
    assert read("03/04/2026", day_first=True) == ["2026-04-03 00:00:00"]
    assert read("03/04/2026", day_first=False) == ["2026-03-04 00:00:00"]


def test_a_time_that_does_not_exist_is_none_and_not_its_neighbour() -> None:
    assert read("2026-02-28 10:00:00", "2026-02-30 10:00:00") == ["2026-02-28 10:00:00", "None"]
