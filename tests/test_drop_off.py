from collections import Counter, defaultdict
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable

from tests.company import DAY, HOUR, START, company
from tests.facts_in_words import unfounded
from tests.histories import companies
from tests.journey_oracle import Event, NaiveJourney, naive_journeys
from tools.analyses.drop_off import DropOffResult, drop_off
from tools.analyses.drop_off_parts import DropOffRow
from tools.analyses.overview import overview
from tools.charts.drop_off import chart
from tools.errors import InvalidArgumentError, NoDataError, UnknownSegmentError
from tools.journeys.definition import JourneyDefinition, Rule
from tools.journeys.scope import Scope, conditions
from tools.narration.drop_off import narrate
from tools.statistics.excess import Stratum, excess

ALL = Scope(minimum_group=1)

HAND = [
    Event("ann", START, 1, "home", "ads"),
    Event("ann", START + HOUR, 2, "pricing", "ads"),
    Event("ann", START + 2 * HOUR, 3, "buy", "ads"),  # converts: pricing is no exit
    Event("ben", START, 4, "home", "ads"),
    Event("ben", START + HOUR, 5, "pricing", "ads"),  # ends at pricing, at step 2
    Event("cat", START, 6, "docs", "email"),
    Event("cat", START + HOUR, 7, "pricing", "email"),
    Event("cat", START + 2 * HOUR, 8, "docs", "email"),  # ends at docs, which it visited twice
    Event("dan", START, 9, "home", "email"),  # ends at home, at step 1
    Event("eve", START + 39 * DAY, 10, "home", "ads"),  # under way at as_of: no exit
    Event("fay", START + 40 * DAY, 11, "docs", "ads"),  # the newest event: as_of
]


def row(result: DropOffResult, name: str) -> DropOffRow:
    return next(told for told in result.rows if told.touchpoint == name)


def test_a_journey_exits_once_at_its_last_step_and_young_ones_are_not_judged() -> None:
    result = drop_off(company(HAND), scope=ALL)
    assert (result.journeys, result.dropped, result.mature, result.mature_dropped) == (6, 3, 4, 3)
    docs = row(result, "docs")
    assert (docs.journeys, docs.exits) == (2, 1)  # cat and fay; cat
    assert (docs.mature, docs.mature_exits, docs.exit_rate) == (1, 1, 1.0)
    home = row(result, "home")
    assert (home.journeys, home.mature, home.mature_exits) == (4, 3, 1)
    assert sum(told.exits for told in result.rows) == result.dropped
    assert "2 journeys are younger" in result.caveats[0]


def test_expected_exits_are_those_of_all_visits_at_the_same_steps() -> None:
    result = drop_off(company(HAND), scope=ALL)
    # step 1: 1 exit of 4 visits; step 2: 1 of 3; step 3: 1 of 1 (cat's second visit to docs)
    assert row(result, "home").expected_exits == pytest.approx(3 * 1 / 4)
    assert row(result, "pricing").expected_exits == pytest.approx(3 * 1 / 3)
    assert row(result, "docs").expected_exits == pytest.approx(1 / 4 + 1 / 1)
    assert sum(told.excess_exits for told in result.rows) == pytest.approx(0)
    # at step 2 only pricing is visited, so it cannot be compared with anything
    assert row(result, "pricing").q_value is None


def test_at_a_touchpoint_those_before_and_after_are_counted_from_its_first_visit() -> None:
    result = drop_off(company(HAND), at="pricing", by="channel", scope=ALL)
    (told,) = result.rows
    assert (told.mature, told.mature_exits) == (3, 1)
    assert {(g.name, g.journeys, g.exits) for g in result.before} == {
        ("home", 2, 1),
        ("docs", 1, 0),
    }
    assert {(s.name, s.journeys) for s in result.after} == {("Converted", 1), ("docs", 1)}
    assert result.went_on == 2
    assert {(g.name, g.journeys, g.exits) for g in result.segments} == {
        ("ads", 2, 1),
        ("email", 1, 0),
    }


def test_journeys_that_begin_at_a_touchpoint_are_a_group_of_their_own() -> None:
    result = drop_off(company(HAND), at="home", scope=ALL)
    assert [(g.kind, g.journeys, g.exits) for g in result.before] == [("began", 3, 1)]


def test_small_touchpoints_are_pooled_and_each_journey_counts_once_in_the_pool() -> None:
    result = drop_off(company(HAND), scope=Scope(minimum_group=2))
    other = row(result, "other")  # docs, reached by one mature journey, twice
    assert (other.mature, other.mature_exits, other.q_value) == (1, 1, None)
    top = drop_off(company(HAND), top=1, scope=ALL)
    assert [told.kind for told in top.rows] == ["touchpoint", "other"]
    assert sum(told.mature_exits for told in top.rows) == top.mature_dropped


def test_a_question_that_cannot_be_answered_is_a_clear_error() -> None:
    store = company(HAND)
    with pytest.raises(InvalidArgumentError, match="where this journey ends"):
        drop_off(store, at="buy", scope=ALL)
    with pytest.raises(UnknownSegmentError, match="by: no segment"):
        drop_off(store, by="devise", scope=ALL)
    with pytest.raises(NoDataError, match="No journey in scope visited docs"):
        drop_off(
            store,
            at="docs",
            scope=Scope(until=START.date(), where=conditions(("channel = ads",))),
        )


def test_a_clear_leak_is_found_and_a_deep_but_harmless_step_is_not() -> None:
    told = []
    for n in range(600):
        person, third = f"p{n}", "leak" if n % 2 else "calm"
        names = ["home", "docs", third] + (["trial"] if n % 10 < (3 if n % 2 else 8) else [])
        told += [Event(person, START + k * HOUR, 10 * n + k, x) for k, x in enumerate(names)]
    told.append(Event("z", START + 60 * DAY, 9999, "home"))
    result = drop_off(company(told), scope=Scope())
    leak = row(result, "leak")
    assert leak.excess_low is not None
    assert leak.excess_low > 0
    assert (leak.q_value or 1) < 0.001
    assert row(result, "calm").excess_exits < 0
    words = narrate(result)
    assert words.answer.startswith("More journeys end at leak than its place")
    assert unfounded(words, result) == []
    at = drop_off(company(told), at="leak", scope=Scope())
    assert "more than the" in narrate(at).text()


def test_where_nothing_differs_nothing_is_claimed() -> None:
    told = [
        Event(f"p{n}", START + k * HOUR, 10 * n + k, name)
        for n in range(200)
        for k, name in enumerate(["home", "ab"[n % 2], "cd"[n // 2 % 2]][: 1 + n // 4 % 3])
    ]
    told.append(Event("z", START + 60 * DAY, 9999, "home"))
    words = narrate(drop_off(company(told), scope=Scope()))
    assert words.answer == (
        "No touchpoint loses clearly more journeys than its place in the journey explains."
    )


DEFINITION = JourneyDefinition(
    "test", end=Rule(("buy",)), window=10 * DAY, inactivity=4 * DAY, collapse_repeats=False
)


def naive(events: list[Event]) -> tuple[list[NaiveJourney], datetime]:
    journeys = naive_journeys(
        events, end=frozenset({"buy"}), window=10 * DAY, inactivity=4 * DAY, collapse=False
    )
    return journeys, max(e.at for e in events)


@settings(max_examples=60, deadline=None)
@given(companies)
def test_every_touchpoint_equals_a_naive_reading(events: list[Event]) -> None:
    result = drop_off(company(events, DEFINITION), top=100, scope=ALL)
    journeys, as_of = naive(events)
    mature = [j for j in journeys if j.started_at + 10 * DAY <= as_of]
    visits: Counter[int] = Counter()
    ended: Counter[int] = Counter()
    for journey in mature:
        path = journey.path()
        visits.update(min(n, 15) for n in range(1, len(path) + 1))
        if journey.outcome == "dropped":
            ended[min(len(path), 15)] += 1
    expected: dict[str, float] = defaultdict(float)
    for journey in mature:
        for n, name in enumerate(journey.path(), start=1):
            expected[name] += ended[min(n, 15)] / visits[min(n, 15)]
    reached = {name for journey in journeys for name in journey.path()}
    small = {name for name in reached if not any(name in j.path() for j in mature)}
    assert {told.touchpoint for told in result.rows} == (reached - small) | (
        {"other"} if small else set()
    )
    for told in result.rows:
        names = small if told.kind == "other" else {told.touchpoint}
        through = [j for j in journeys if names & set(j.path())]
        ends = [j for j in through if j.outcome == "dropped" and j.path()[-1] in names]
        assert (told.journeys, told.exits) == (len(through), len(ends))
        assert told.mature == sum(j in mature for j in through)
        assert told.mature_exits == sum(j in mature for j in ends)
        assert told.expected_exits == pytest.approx(sum(expected[name] for name in names))
        assert told.excess_exits == pytest.approx(told.mature_exits - told.expected_exits)
    whole = overview(company(events, DEFINITION), scope=ALL)
    assert sum(told.exits for told in result.rows) == whole.dropped == result.dropped
    assert sum(told.mature_exits for told in result.rows) == result.mature_dropped
    assert result.mature == whole.mature
    words = narrate(result)
    assert unfounded(words, result) == []
    assert "None" not in words.text()
    chart(result)


@settings(max_examples=60, deadline=None)
@given(companies, st.sampled_from(["pricing", "docs | blog"]), st.sampled_from([1, 2, 4]))
def test_one_touchpoint_equals_a_naive_reading(events: list[Event], at: str, minimum: int) -> None:
    names = at.split(" | ")
    told = [*events, *(Event("y", START, n, name) for n, name in enumerate(names))]
    store = company(told, DEFINITION)
    journeys, as_of = naive(told)
    through = [j for j in journeys if set(names) & set(j.path())]
    mature = [j for j in through if j.started_at + 10 * DAY <= as_of]
    result = drop_off(store, at=at, by="channel", scope=Scope(minimum_group=minimum))
    before: Counter[str] = Counter()
    left: Counter[str] = Counter()
    after: Counter[str] = Counter()
    channels: Counter[str] = Counter()
    for journey in mature:
        path = journey.path()
        first = next(n for n, name in enumerate(path) if name in names)
        came = path[first - 1] if first else "(began here)"
        before[came] += 1
        left[came] += journey.outcome == "dropped" and path[-1] in names
        channels[journey.channel or "(not known)"] += 1
        if first + 1 < len(path):
            after[path[first + 1]] += 1
        elif journey.outcome == "converted":
            after["Converted"] += 1
    (row_told,) = result.rows
    assert (row_told.journeys, row_told.mature) == (len(through), len(mature))
    assert row_told.mature_exits == sum(left.values())
    assert (row_told.exit_rate is None) == (len(mature) < minimum)
    assert {g.name: (g.journeys, g.exits) for g in result.before if g.kind != "other"} == {
        name: (n, left[name]) for name, n in before.items() if n >= minimum
    }
    assert {s.name: s.journeys for s in result.after if s.kind != "other"} == {
        name: n for name, n in after.items() if n >= minimum
    }
    assert {g.name: g.journeys for g in result.segments if g.kind != "other"} == {
        name: n for name, n in channels.items() if n >= minimum
    }
    assert sum(g.exits for g in result.before) == row_told.mature_exits
    assert sum(g.journeys for g in result.segments) == row_told.mature
    assert sum(s.journeys for s in result.after) == result.went_on
    words = narrate(result)
    assert unfounded(words, result) == []
    assert "None" not in words.text()
    chart(result)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(500, 9000)] * 4), min_size=1, max_size=6))
def test_excess_is_the_mantel_haenszel_test_of_statsmodels(
    counts: list[tuple[int, int, int, int]],
) -> None:
    tables = [np.array(table, dtype=float).reshape(2, 2) for table in counts]
    found = excess([Stratum(a + b, a, a + b + c + d, a + c) for a, b, c, d in counts])
    theirs = StratifiedTable(tables).test_null_odds(correction=False)
    assert found.p_value == pytest.approx(theirs.pvalue, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(1, 40)] * 4), min_size=1, max_size=4))
def test_the_interval_leaves_out_zero_only_where_the_exact_test_is_clear(
    counts: list[tuple[int, int, int, int]],
) -> None:
    found = excess([Stratum(a + b, a, a + b + c + d, a + c) for a, b, c, d in counts])
    assert found.p_value is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.excess <= found.high
    if found.low > 0 or found.high < 0:
        assert found.p_value <= 0.05 + 1e-9


def test_the_excess_of_a_few_events_has_an_exact_p_value() -> None:
    # One stratum: 3 of 3 events among 10 of 100 trials: hypergeometric, doubled one-sided
    found = excess([Stratum(10, 3, 100, 3)])
    assert found.expected == pytest.approx(0.3)
    assert found.p_value == pytest.approx(2 * (10 * 9 * 8) / (100 * 99 * 98))
    untried = Stratum(0, 0, 0, 0)  # visited by journeys too young to judge only
    assert excess([Stratum(10, 3, 100, 3), untried]) == found
    nothing = excess([Stratum(10, 2, 10, 2), untried])  # everyone is in the group
    assert (nothing.low, nothing.p_value, nothing.excess) == (None, None, 0)


def test_a_journey_without_an_end_says_so() -> None:
    result = drop_off(company(HAND, JourneyDefinition("endless")), scope=ALL)
    assert "no end event" in result.caveats[-1]


def test_nobody_dropped_and_too_early_are_told_as_such() -> None:
    early = narrate(drop_off(company(HAND[:1]), scope=ALL))
    assert early.answer.startswith("It is too early to say")
    won = [*HAND[:3], Event("eve", START + 40 * DAY, 9, "home")]
    assert narrate(drop_off(company(won), scope=ALL)).answer == (
        "Nobody has dropped off: 0 of 1 journeys old enough to judge dropped off."
    )
