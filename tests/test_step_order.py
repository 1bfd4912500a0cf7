"""Queries that take steps in the order in which they stand: nothing below their windows may shuffle."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.company import DAY, HOUR, START, company
from tests.journey_oracle import Event
from tools.analyses.attribution import attribution
from tools.analyses.drop_off import drop_off
from tools.analyses.drop_off_causes import drop_off_causes
from tools.analyses.funnel import funnel
from tools.analyses.funnel_parts import Order, Per
from tools.analyses.result import Result
from tools.analyses.sequences import sequences
from tools.analyses.timing import timing
from tools.journeys.scope import Condition, Scope, parse_condition
from tools.store.door import Store

NAMES = [f"page {number}" for number in range(30)]
ALL = Scope(minimum_group=1)


def visits() -> list[Event]:
    told = [
        Event(f"p{person}", START + n * HOUR, 100 * person + n, NAMES[(person + n * 7) % 30], "ads")
        for person in range(30)
        for n in range(6)
    ]
    return [*told, Event("z", START + 60 * DAY, 99_999, "home")]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("children", []):
        yield from nodes(child)


def plans(store: Store, result: Result[Any]) -> Iterator[dict[str, Any]]:
    for told in result.statements:
        ((_, text),) = store.rows(f"EXPLAIN (FORMAT JSON) {told.sql}", dict(told.parameters))
        for root in json.loads(str(text)):
            yield from nodes(root)


@pytest.mark.parametrize("order", ["ordered", "strict", "any"])
@pytest.mark.parametrize("per", ["person", "journey", "session"])
def test_a_funnel_streams_whatever_it_is_asked(order: Order, per: Per) -> None:
    store = company(visits())
    steps = ("page 3 | page 5", "page 10", "page 17 | page 24 | page 2")
    streamed(store, funnel(store, steps=steps, order=order, per=per, scope=ALL))


@pytest.mark.parametrize("where", [(), (parse_condition("channel = ads"),)])
def test_visits_and_returns_stream_whatever_the_scope(where: tuple[Condition, ...]) -> None:
    store = company(visits())
    scope = Scope(minimum_group=1, where=where)
    for result in (attribution(store, scope=scope), timing(store, scope=scope)):
        streamed(store, result)


def streamed(store: Store, result: Result[Any]) -> None:
    found = [n for n in plans(store, result) if n["name"].strip() == "STREAMING_WINDOW"]
    assert found
    for window in found:
        names = [node["name"].strip() for node in nodes(window)]
        assert not any("JOIN" in name or "GROUP" in name or name == "WINDOW" for name in names)


def asked(store: Store, scope: Scope) -> list[Result[Any]]:
    return [
        sequences(store, scope=scope),
        drop_off(store, top=3, scope=scope),
        drop_off_causes(store, at="page 3 | page 5", scope=scope),
    ]


@pytest.mark.parametrize("place", range(3))
def test_windows_over_steps_stream_and_stand_on_no_join(place: int) -> None:
    store = company(visits())
    streamed(store, asked(store, ALL)[place])


def test_windows_sort_where_a_scope_joins() -> None:
    store = company(visits())
    scope = Scope(minimum_group=1, where=(parse_condition("channel = ads"),))
    for result in asked(store, scope):
        assert not any(n["name"].strip() == "STREAMING_WINDOW" for n in plans(store, result))
