"""Journeys, steps and answers do not depend on threads, memory, parts or the order of the events."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.company import HOUR, START, company
from tests.journey_oracle import Event
from tools import catalog
from tools.errors import JourneyError
from tools.journeys import build
from tools.store.door import Store

SETTINGS = ("SET threads = 1", "SET threads = 4", "SET memory_limit = '100MB'")
NAMES = ["home", "pricing", "docs", "blog", "trial", "buy"]
NEEDED: dict[str, dict[str, Any]] = {
    "funnel": {"steps": ["home", "pricing", "buy"]},
    "drop_off_causes": {"at": "pricing"},
    "change_effect": {"on": "2026-03-01"},
}
BUILT = (
    "FROM journey ORDER BY ALL",
    "FROM step ORDER BY ALL",
    "FROM path ORDER BY ALL",
    "SELECT * EXCLUDE (touch_id) FROM visit JOIN touch USING (touch_id) ORDER BY ALL",
)


@pytest.fixture(scope="module")
def store() -> Store:
    """Return a company of 500 people, some with several journeys, some longer than the window."""
    random, told = Random(7), []  # noqa: S311 - the same company at every run
    for person in range(500):
        at = START + random.randrange(150 * 24) * HOUR
        for number in range(random.randrange(1, 16)):
            at += random.choice([0, 1, 20, 100, 400]) * HOUR
            name = random.choices(NAMES, [9, 6, 5, 4, 3, 2])[0]
            channel = random.choice(["ads", "email", None])
            told.append(Event(f"p{person}", at, number, name, channel))
    return company(told)


def built(store: Store) -> list[list[tuple[object, ...]]]:
    build.rebuild(store)
    return [store.rows(sql) for sql in BUILT]


@pytest.fixture
def spilling(store: Store, tmp_path: Path) -> Store:
    store.execute(f"SET temp_directory = '{tmp_path}'")
    return store


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_build_is_the_same_under_any_setting(spilling: Store, setting: str) -> None:
    whole = built(spilling)
    spilling.execute(setting)
    try:
        assert built(spilling) == whole
    finally:
        _restore(spilling)


@pytest.mark.parametrize("events", [97, 1000])
def test_a_build_in_parts_equals_one_in_one(
    store: Store, monkeypatch: pytest.MonkeyPatch, events: int
) -> None:
    whole = built(store)
    monkeypatch.setattr(build, "PART_EVENTS", events)
    assert built(store) == whole


def test_events_in_disorder_make_the_same_journeys(store: Store) -> None:
    whole = built(store)
    store.execute("CREATE TEMP TABLE mixed AS FROM event ORDER BY hash(event_id)")
    store.execute("DELETE FROM event")
    store.execute("INSERT INTO event FROM mixed")
    store.execute("DROP TABLE mixed")
    assert built(store) == whole


@pytest.mark.parametrize("name", list(catalog.CATALOG))
def test_an_answer_is_the_same_under_any_setting(spilling: Store, name: str) -> None:
    def answer() -> object:
        spilling.memory.clear()
        try:
            return catalog.call(spilling, name, NEEDED.get(name, {}))
        except JourneyError as fault:
            return str(fault)

    first = answer()
    try:
        for setting in SETTINGS:
            spilling.execute(setting)
            assert answer() == first, setting
    finally:
        _restore(spilling)


def test_a_very_long_journey_knows_its_first_visits() -> None:
    told = [Event("p", START + n * HOUR / 60, n, NAMES[n % 5]) for n in range(20_000)]
    store = company([*told, Event("p", START + 400 * HOUR, 20_000, "buy")])
    assert store.rows(
        "SELECT touchpoint_id, step FROM step WHERE first_visit AND NOT is_end ORDER BY step"
    ) == [(4, 1), (5, 2), (3, 3), (1, 4), (6, 5)]


def _restore(store: Store) -> None:
    store.execute("SET threads = 2")
    store.execute("SET memory_limit = '4GB'")
