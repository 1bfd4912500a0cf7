from collections import defaultdict
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests import planted
from tests.company import DAY, HOUR, START, company
from tests.facts_in_words import unfounded
from tests.histories import companies
from tests.journey_oracle import Event, NaiveJourney, naive_journeys
from tools.analyses.sequence_rows import OrderRow, is_clear
from tools.analyses.sequences import DEEPEST, REQUIRED, SequencesResult, sequences
from tools.charts.sequences import chart
from tools.errors import InvalidArgumentError, NoDataError, UnknownTouchpointError
from tools.journeys.definition import JourneyDefinition, Rule
from tools.journeys.scope import Scope
from tools.narration.sequences import narrate
from tools.statistics.stratified import TwoByTwo, risk_ratio

ALL = Scope(minimum_group=1)
AS_OF = Event("z", START + 60 * DAY, 99_999, "home")


def path(person: str, *names: str, channel: str | None = None) -> list[Event]:
    return [
        Event(person, START + n * HOUR, abs(hash((person, n))) % 10**8, name, channel)
        for n, name in enumerate(names)
    ]


def checked(result: SequencesResult) -> str:
    words = narrate(result)
    assert unfounded(words, result) == []
    assert "None" not in words.text()
    assert "nan" not in words.text().split()
    chart(result)
    return words.answer


HAND = [
    *path("ann", "case", "price", "buy"),  # case first, converts
    *path("ben", "case", "price"),  # case first, leaves right at price
    *path("cat", "price", "case", "price"),  # price first; counted from case, at step 2
    *path("dan", "price", "case", "buy"),  # price first, converts
    *path("eve", "price", "docs"),  # price without case
    AS_OF,
]


def test_orders_are_compared_from_the_later_first_visit_on() -> None:
    (row,) = sequences(company(HAND), first="case", then="price", scope=ALL).rows
    assert (row.persons, row.events) == (2, 1)  # ann, ben
    assert (row.reversed_persons, row.reversed_events) == (2, 1)  # cat, dan
    assert (row.without_persons, row.without_events) == (3, 1)  # cat, dan, eve at their first price
    # both orders meet at step 2: one of two against one of two
    assert row.order_ratio == pytest.approx(1.0)


def test_leaving_is_ending_right_at_the_later_one() -> None:
    (row,) = sequences(company(HAND), first="case", then="price", outcome="left", scope=ALL).rows
    assert (row.events, row.reversed_events) == (1, 0)  # ben; cat went on to price again
    assert row.without_events == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_order_that_matters_is_found_with_its_size(seed: int) -> None:
    store = planted.order(seed, 2.0).store()
    (row,) = sequences(store, first="Case study", then="Pricing", scope=Scope()).rows
    assert row.order_low is not None
    assert row.order_high is not None
    assert row.order_low < 2 < row.order_high
    assert checked(sequences(store, scope=Scope())).startswith(
        "Order matters most for Case study and Pricing"
    )


def test_an_order_that_does_not_matter_is_not_found() -> None:
    found = 0
    for seed in range(10):
        result = sequences(planted.order(seed, 1.0, 1500).store(), scope=Scope())
        assert result.pairs > 5
        found += sum(is_clear(r.order_low, r.order_high, r.order_q) for r in result.rows)
        checked(result)
    assert found <= 1


def test_two_hundred_touchpoints_without_effect_give_hardly_a_finding() -> None:
    found = 0
    for seed in range(4):
        result = sequences(planted.nothing(seed, people=1500).store(), scope=Scope())
        found += sum(is_clear(r.order_low, r.order_high, r.order_q) for r in result.rows)
        found += len(result.patterns)
    assert found <= 1


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([*path("a", "home", "docs"), AS_OF], "Whether order matters cannot be said"),
        ([*path("a", "home", "buy"), AS_OF], "Whether order matters cannot be said"),
        (path("a", "home"), "Whether order matters cannot be said"),
        (
            [*path("a", "a", "b"), *path("b", "b", "a"), AS_OF],
            "Whether order matters cannot be said",
        ),
        (
            [*path("a", "a", "b", "buy"), *path("b", "b", "a", "buy"), AS_OF],
            "Whether order matters cannot be said",
        ),
    ],
)
def test_the_first_sentence_is_true_at_the_extremes(events: list[Event], said: str) -> None:
    assert checked(sequences(company(events), scope=ALL)).startswith(said)


def test_a_pair_without_its_reverse_is_said_to_have_none() -> None:
    told = [*path("a", "case", "price", "buy"), *path("b", "case", "price"), AS_OF]
    words = narrate(sequences(company(told), first="case", then="price", scope=ALL))
    assert words.answer.startswith("Everybody who came to price had been at case before")
    missing = sequences(company([*told, *path("c", "docs")]), first="docs", then="price", scope=ALL)
    assert checked(missing).startswith("Nobody old enough to judge took the first one")


def test_what_cannot_be_asked_is_a_clear_error() -> None:
    store = company(HAND)
    for first, then, said in (
        ("case", None, "name both"),
        (None, "price", "name both"),
        ("case", "case", "name two"),
        ("case", "buy", "where this journey ends"),
    ):
        with pytest.raises(InvalidArgumentError, match=said):
            sequences(store, first=first, then=then, scope=ALL)
    with pytest.raises(UnknownTouchpointError):
        sequences(store, first="cse", then="price", scope=ALL)
    with pytest.raises(NoDataError, match="No journey"):
        sequences(store, scope=Scope(until=START.date().replace(year=2025)))
    endless = company(path("a", "home"), JourneyDefinition("endless"))
    assert "no end event" in checked(sequences(endless, scope=ALL))


def naive(
    journeys: list[NaiveJourney], first: str, then: str, *, left: bool
) -> tuple[list[TwoByTwo], list[TwoByTwo]]:
    """Return the strata of both comparisons by a plain reading."""
    paths = [(j.path(), j.channel, j.outcome == "converted") for j in journeys]
    won = [names for names, _, converted in paths if converted and names]
    touchpoints = {name for names, _, _ in paths for name in names}
    required = {
        name
        for name in touchpoints
        if won and sum(name in names for names in won) >= REQUIRED * len(won)
    }
    order: dict[object, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    with_: dict[object, list[int]] = defaultdict(lambda: [0, 0, 0, 0])

    def add(table: dict[object, list[int]], at: int, place: int, told: object) -> None:
        names, channel, converted = told  # type: ignore[misc]
        passed = len(required & set(names[:at]))  # type: ignore[has-type]
        counts = table[min(at, DEEPEST), passed, channel]  # type: ignore[has-type]
        event = at == len(names) and not converted if left else converted  # type: ignore[has-type]
        counts[place] += 1
        counts[place + 1] += bool(event)

    for told in paths:
        names = told[0]
        a = names.index(first) + 1 if first in names else None
        b = names.index(then) + 1 if then in names else None
        if b is not None:
            add(with_, b, 0 if a is not None and a < b else 2, told)
        if a is not None and b is not None:
            add(order, max(a, b), 0 if a < b else 2, told)
    return (
        [TwoByTwo(*counts) for counts in order.values()],
        [TwoByTwo(*counts) for counts in with_.values()],
    )


def totals(cells: list[TwoByTwo]) -> tuple[int, int, int, int]:
    return (
        sum(c.exposed for c in cells),
        sum(c.exposed_events for c in cells),
        sum(c.others for c in cells),
        sum(c.other_events for c in cells),
    )


@settings(max_examples=50, deadline=None)
@given(companies, st.sampled_from(["converted", "left"]))
def test_every_pair_equals_a_naive_reading(
    events: list[Event], outcome: Literal["converted", "left"]
) -> None:
    definition = JourneyDefinition(
        "test", end=Rule(("buy",)), window=10 * DAY, inactivity=4 * DAY, collapse_repeats=False
    )
    journeys = naive_journeys(
        events, end=frozenset({"buy"}), window=10 * DAY, inactivity=4 * DAY, collapse=False
    )
    assume(len({(j.person, j.started_at, j.last_at) for j in journeys}) == len(journeys))
    as_of = max(event.at for event in events)
    mature: dict[str, NaiveJourney] = {}
    for journey in sorted(journeys, key=lambda j: (j.started_at, j.last_at)):
        if journey.started_at + 10 * DAY <= as_of:
            mature.setdefault(journey.person, journey)
    store = company(events, definition)
    checked(sequences(store, outcome=outcome, scope=ALL))
    names = sorted({name for j in mature.values() for name in j.path()})
    for first, then in pairwise(names):
        result = sequences(store, first=first, then=then, outcome=outcome, scope=ALL)
        order, with_ = naive(list(mature.values()), first, then, left=outcome == "left")
        checked(result)
        if not result.rows:
            assert totals(with_)[0] == 0
            continue
        (row,) = result.rows
        agrees(row, order, with_)


def agrees(row: OrderRow, order: list[TwoByTwo], with_: list[TwoByTwo]) -> None:
    persons, events, without, without_events = totals(with_)
    assert (row.persons, row.events) == (persons, events)
    assert (row.without_persons, row.without_events) == (without, without_events)
    assert (row.reversed_persons, row.reversed_events) == totals(order)[2:]
    for cells, ratio, low, q_value in (
        (order, row.order_ratio, row.order_low, row.order_q),
        (with_, row.ratio, row.ratio_low, row.q_value),
    ):
        expected = risk_ratio(cells)
        assert (q_value is None) == (expected.p_value is None)
        if q_value is not None:
            assert ratio == pytest.approx(expected.ratio)
            assert low == pytest.approx(expected.low)
