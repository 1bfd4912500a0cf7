"""Random event lists, written as files and read back, against a plain recount."""

import csv
import io
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake import balanced, load
from tools.store.door import Store
from tools.store.workspace import memory_store

START = datetime(2026, 1, 1)  # noqa: DTZ001 - times in the store are UTC
Row = tuple[str, str, str, str]
names = st.text("abcäß,;\"' 12", min_size=1, max_size=4).filter(
    lambda t: t == t.strip() and t not in {"'", '"'}
)
rows = st.lists(
    st.tuples(
        st.sampled_from(["ann", "ben", "cat", "dan", "17", "0018"]),
        st.integers(0, 60).map(
            lambda n: (START + timedelta(hours=n)).strftime("%Y-%m-%d %H:%M:%S")
        ),
        st.sampled_from(["visit", "pricing", "buy", 'a "b", c']),
        names,
    ),
    min_size=3,
    max_size=25,
)


def written(told: list[Row], folder: str, name: str) -> Path:
    text = io.StringIO()
    csv.writer(text).writerows([("user_id", "timestamp", "event", "note"), *told])
    path = Path(folder) / name
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def content(store: Store) -> list[tuple[object, ...]]:
    """Everything that must not depend on how the rows came in."""
    return store.rows(
        "SELECT event.event_id, event.person_id, event.occurred_at, touchpoint.label "
        "FROM event JOIN touchpoint USING (touchpoint_id) ORDER BY ALL"
    ) + store.rows("SELECT person_id, first_at, last_at, events FROM person ORDER BY ALL")


@settings(max_examples=20, deadline=None)
@given(rows)
def test_counts_equal_a_plain_recount(told: list[Row]) -> None:
    store = memory_store()
    with tempfile.TemporaryDirectory() as folder:
        report = load(store, written(told, folder, "a.csv"))
    assert report.events == len(told)
    assert report.persons == len({row[0] for row in told})
    assert report.touchpoints == len({row[2] for row in told})
    recount: dict[str, int] = {}
    for person, *_ in told:
        recount[person] = recount.get(person, 0) + 1
    counts = store.rows(
        "SELECT identifier.value, person.events FROM person JOIN identifier USING (person_id) ORDER BY ALL"
    )
    assert counts == sorted(recount.items())
    assert balanced([report])


@settings(max_examples=12, deadline=None)
@given(rows, st.data())
def test_pieces_in_any_order_and_overlap_give_the_same_store(
    told: list[Row], data: st.DataObject
) -> None:
    # Equal rows are told apart by their number within one file: here each row is its own.
    told = [(*row[:3], f"{row[3]}{number}") for number, row in enumerate(told)]
    cut = data.draw(st.integers(1, len(told) - 1))
    back = data.draw(st.integers(0, cut))
    whole, pieces = memory_store(), memory_store()
    with tempfile.TemporaryDirectory() as folder:
        load(whole, written(told, folder, "whole.csv"))
        parts = [written(told[:cut], folder, "a.csv"), written(told[back:], folder, "b.csv")]
        reports = [load(pieces, path) for path in data.draw(st.permutations(parts))]
    assert content(pieces) == content(whole)
    assert balanced(reports)
