import csv
import gzip
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.company import START, company
from tests.journey_oracle import Event
from tools.analyses.funnel import funnel
from tools.journeys.scope import Scope
from tools.store.door import Store

pytestmark = pytest.mark.shared
MODES: Mapping[str, Mapping[str, Any]] = {
    "ordered": {},
    "strict_once": {},
    "strict_order": {"order": "strict"},
    "strict_deduplication+strict_order": {"order": "strict", "repeats": False},
    "strict_order+allow_reentry": {"order": "strict", "reentry": True},
    "strict_increase": {"strictly_later": True},
}


def shared() -> Path:
    return Path(os.environ["DESIREPATH_SHARED"]) / "data"


def cases() -> Any:
    return json.loads((shared() / "oracles" / "funnel_cases.json").read_text(encoding="utf-8"))


def one_person(events: Iterable[Sequence[Any]], steps: Sequence[object]) -> Store:
    # The steps are seen by someone else, not taken, so that each is a known touchpoint.
    seen = [Event("q", START, n, f"t{step}", kind="exposure") for n, step in enumerate(steps)]
    taken = [
        Event("p", START + timedelta(seconds=int(at)), seq, f"t{name}")
        for seq, (at, name) in enumerate(events)
    ]
    return company(seen + taken)


def depth(
    events: Iterable[Sequence[Any]], steps: Sequence[object], window: float | None, mode: str
) -> int:
    result = funnel(
        one_person(events, steps),
        steps=tuple(f"t{step}" for step in steps),
        window=timedelta(seconds=window) if window else None,
        scope=Scope(minimum_group=1),
        **MODES[mode],
    )
    return sum(row.reached for row in result.rows)


def test_each_mode_reaches_clickhouse_s_depth() -> None:
    told = cases()["abc"]
    for mode, expected in told["expected"].items():
        found = {
            person: depth(events, told["steps"], told["window"], mode)
            for person, events in told["events"].items()
        }
        assert found == expected, mode


def test_the_window_is_closed_and_counted_from_the_best_entry() -> None:
    told = cases()["ladder"]
    for case in told["expected"]:
        assert depth(told["events"], case["steps"], case["window"], "ordered") == case["depth"]


def test_events_of_one_moment_count_unless_each_has_to_be_later() -> None:
    told = cases()["same_timestamp"]
    for mode, expected in told["expected"].items():
        assert depth(told["events"], told["steps"], None, mode) == expected


def test_reentry_forgives_going_back() -> None:
    told = cases()["reentry_users"]
    for mode, expected in told["expected"].items():
        found = {
            person: depth(events, told["steps"], None, mode)
            for person, events in told["events"].items()
        }
        # "d" is a touchpoint of no step here, as in the source's query.
        assert found == expected, mode


def test_one_event_serves_one_of_two_equal_steps() -> None:
    told = cases()["repeat_step"]
    found = {
        person: depth(events, told["steps"], told["window"], told["mode"])
        for person, events in told["events"].items()
    }
    assert found == told["expected"]


@pytest.fixture(scope="module")
def shop() -> Store:
    with gzip.open(shared() / "ecom" / "ecom.csv.gz", "rt", encoding="utf-8") as file:
        return company(
            Event(
                row["user_id"],
                datetime.fromisoformat(row["timestamp"]),
                line,
                row["event"],
                channel=row["acquisition_channel"],
                session=row["session_id"],
            )
            for line, row in enumerate(csv.DictReader(file))
        )


STEPS = ("catalog", "add_to_cart", "purchase")


def test_the_shop_s_closed_funnel_is_known_per_person_and_per_session(shop: Store) -> None:
    persons = funnel(shop, steps=STEPS, scope=Scope())
    assert [row.reached for row in persons.rows] == [600, 511, 285]
    sessions = funnel(shop, steps=STEPS, per="session", scope=Scope())
    assert [row.reached for row in sessions.rows] == [2837, 819, 213]


def test_the_shop_s_channels_add_up_to_its_funnel(shop: Store) -> None:
    result = funnel(shop, steps=STEPS, by="channel", scope=Scope())
    for row in result.rows:
        parts = [part for part in result.segments if part.step == row.step]
        assert sum(part.reached for part in parts) == row.reached
        assert sum(part.mature for part in parts) == row.mature
        gone = sum(part.units for part in result.instead if part.step == row.step)
        assert gone == row.ended
