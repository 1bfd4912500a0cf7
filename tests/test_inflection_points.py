from collections import defaultdict

import numpy as np
import pytest
from hypothesis import assume, given, settings

from tests import planted
from tests.company import DAY, HOUR, START, company
from tests.facts_in_words import unfounded
from tests.histories import companies
from tests.journey_oracle import Event, NaiveJourney, naive_journeys
from tools.analyses.inflection_point_rows import MomentRow, is_clear
from tools.analyses.inflection_points import (
    REQUIRED,
    InflectionPointsResult,
    inflection_points,
)
from tools.charts.inflection_points import chart
from tools.errors import InvalidArgumentError, NoDataError, UnknownTouchpointError
from tools.journeys.definition import JourneyDefinition, Rule
from tools.journeys.scope import Scope
from tools.narration.inflection_points import narrate
from tools.statistics.stratified import TwoByTwo, both, risk_ratio

ALL = Scope(minimum_group=1)
AS_OF = Event("z", START + 60 * DAY, 9999, "home")


def path(person: str, *names: str, channel: str | None = None, at: int = 0) -> list[Event]:
    return [
        Event(person, START + at * DAY + n * HOUR, hash((person, n)) % 10**9, name, channel)
        for n, name in enumerate(names)
    ]


def row(result: InflectionPointsResult, name: str) -> MomentRow:
    return next(each for each in result.rows if each.touchpoint == name)


def checked(result: InflectionPointsResult) -> str:
    words = narrate(result)
    assert unfounded(words, result) == []
    assert "None" not in words.text()
    assert "nan" not in words.text()
    chart(result)
    return words.answer


def test_the_first_visit_is_compared_with_others_at_the_same_step() -> None:
    told = [
        *path("ann", "home", "case", "buy"),  # came to case at step 2, converts
        *path("ben", "home", "case"),  # came to case at step 2, leaves
        *path("cat", "home", "docs", "case"),  # at step 2 another who had not come; came at step 3
        *path("dan", "home", "docs", "docs", "blog"),  # docs in a row is one step; never came
        *path("eve", "home"),  # ended at step 1: compared with nobody who came later
        *path("fay", "home", "blog", "buy"),  # at step 2 another who had not come, converts
        AS_OF,
    ]
    case = row(inflection_points(company(told), top=20, scope=ALL), "case")
    assert (case.persons, case.converted) == (3, 1)
    assert case.compared == 3  # ann and ben at step 2; cat at step 3, where dan had not come
    # step 2: others cat, dan, fay (one converts); step 3: others dan (no)
    expected = risk_ratio([TwoByTwo(2, 1, 3, 1), TwoByTwo(1, 0, 1, 0)])
    assert case.expected == pytest.approx(expected.expected) == pytest.approx(2 / 3)
    assert case.ratio == pytest.approx(expected.ratio)
    assert case.other_rate == pytest.approx(1 / 3)


def test_a_person_counts_once_however_much_they_did() -> None:
    one = [event for n in range(300) for event in path("bot", "home", "case", "buy", at=0)]
    one = [
        Event("bot", START + n * HOUR, n, name)
        for n, name in enumerate(["home", "case", "buy"] * 300)
    ]
    others = [e for n in range(40) for e in path(f"p{n}", "home", ["case", "docs"][n % 2])]
    result = inflection_points(company([*one, *others, AS_OF]), scope=Scope(minimum_group=10))
    assert result.persons == 41
    assert (row(result, "case").persons, row(result, "case").converted) == (21, 1)
    assert not any(is_clear(each) for each in result.rows)
    assert checked(result).startswith("No touchpoint stands out")


def test_long_journeys_flatter_what_they_contain_and_the_landmark_does_not() -> None:
    world = planted.inflection(11, 2.0)
    result = inflection_points(world.store(), top=20, scope=Scope())
    docs, case = row(result, "Docs"), row(result, "Case study")
    assert docs.plain_lift is not None
    assert docs.plain_lift > 1.3
    assert not is_clear(docs)
    assert is_clear(case)
    assert case.ratio_low is not None
    assert case.ratio_high is not None
    assert case.ratio_low < 2 < case.ratio_high
    assert checked(result).startswith("After Case study people convert more often")
    alone = inflection_points(world.store(), touchpoint="docs", scope=Scope())
    assert "no more and no less often" in checked(alone)


def test_steps_of_those_who_got_further_are_not_moments() -> None:
    """Product pages that only people past the sign-up see do nothing, and are not praised."""
    random, told = np.random.default_rng(5), []
    for n in range(2500):
        names = ["home", *random.choice(["blog", "docs"], random.integers(0, 4))]
        if random.random() < 0.3:
            pages = random.choice(["report", "team", "export"], random.integers(1, 4))
            names += ["sign-up", *pages, *(["buy"] if random.random() < 0.3 else [])]
        told += path(f"p{n}", *(str(name) for name in names))
    result = inflection_points(company([*told, AS_OF]), top=20, scope=Scope())
    assert row(result, "sign-up").is_required
    report = row(result, "report")
    assert report.plain_lift is not None
    assert report.plain_lift > 3
    assert not [each.touchpoint for each in result.rows if is_clear(each)]
    words = narrate(result)
    assert words.answer.startswith("No touchpoint stands out")
    assert "home and sign-up are the way itself" in words.text()


def test_two_hundred_touchpoints_without_effect_give_hardly_a_finding() -> None:
    findings = 0
    for seed in range(8):
        result = inflection_points(
            planted.nothing(seed, people=1200).store(), top=300, scope=Scope()
        )
        assert result.compared > 150
        findings += sum(is_clear(each) for each in result.rows)
    assert findings <= 2


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([*path("a", "home", "docs"), AS_OF], "No moment stands out: none of the 1 person"),
        ([*path("a", "home", "buy"), AS_OF], "No moment stands out: all of the 1 person"),
        (path("a", "home"), "Which moments matter cannot be said"),
        (
            [*path("a", "buy"), AS_OF],
            "Which moments matter cannot be said",
        ),  # converts at once: nothing came before
        (
            [*path("a", "home", "buy"), *path("b", "home"), AS_OF],  # one touchpoint only
            "No touchpoint stands out",
        ),
    ],
)
def test_the_first_sentence_is_true_at_the_extremes(events: list[Event], said: str) -> None:
    assert checked(inflection_points(company(events), scope=ALL)).startswith(said)


def test_what_cannot_be_asked_is_a_clear_error() -> None:
    store = company([*path("a", "home", "buy"), AS_OF])
    with pytest.raises(UnknownTouchpointError):
        inflection_points(store, touchpoint="prcing", scope=ALL)
    with pytest.raises(InvalidArgumentError, match="where this journey ends"):
        inflection_points(store, touchpoint="buy", scope=ALL)
    with pytest.raises(NoDataError, match="No journey is in scope"):
        inflection_points(store, scope=Scope(until=START.date().replace(year=2025)))
    endless = company(path("a", "home"), JourneyDefinition("endless"))
    assert "no end event" in checked(inflection_points(endless, scope=ALL))


DEFINITION = JourneyDefinition(
    "test", end=Rule(("buy",)), window=10 * DAY, inactivity=4 * DAY, collapse_repeats=False
)


def naive(journeys: list[NaiveJourney]) -> dict[str, tuple[list[TwoByTwo], ...]]:
    """Return each touchpoint's strata by a plain reading: step, channel, required steps passed.

    Twice: with the required steps passed by the end of the step, and before it.
    """
    paths = [(j.path(), j.channel, j.outcome == "converted") for j in journeys if j.path()]
    won = [names for names, _, converted in paths if converted]
    touchpoints = {name for names, _, _ in paths for name in names}
    required = {
        name
        for name in touchpoints
        if won and sum(name in names for names in won) >= REQUIRED * len(won)
    }
    told: dict[str, tuple[list[TwoByTwo], ...]] = {}
    for name in touchpoints:
        ways = []
        for late in (True, False):
            strata: dict[object, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
            for names, channel, converted in paths:
                for step in range(1, len(names) + 1):
                    passed = len(required & set(names[: step if late else step - 1]))
                    counts = strata[step, channel, passed]
                    if name in names[: step - 1]:
                        continue
                    here = names[step - 1] == name
                    counts[0 if here else 2] += 1
                    counts[1 if here else 3] += converted
            ways.append([TwoByTwo(*counts) for counts in strata.values()])
        told[name] = () if name in required else (ways[0], ways[1])
    return told


@settings(max_examples=60, deadline=None)
@given(companies)
def test_every_comparison_equals_a_naive_reading(events: list[Event]) -> None:
    journeys = naive_journeys(
        events, end=frozenset({"buy"}), window=10 * DAY, inactivity=4 * DAY, collapse=False
    )
    as_of = max(event.at for event in events)
    first: dict[str, NaiveJourney] = {}
    assume(len({(j.person, j.started_at, j.last_at) for j in journeys}) == len(journeys))
    for journey in sorted(journeys, key=lambda j: (j.started_at, j.last_at)):
        if journey.started_at + 10 * DAY <= as_of:
            first.setdefault(journey.person, journey)
    result = inflection_points(company(events, DEFINITION), top=100, scope=ALL)
    told = naive(list(first.values()))
    assert {each.touchpoint for each in result.rows} == set(told)
    for each in result.rows:
        came = [j for j in first.values() if each.touchpoint in j.path()]
        assert each.persons == len(came)
        assert each.converted == sum(j.outcome == "converted" for j in came)
        assert each.is_required == (not told[each.touchpoint])
        if each.is_required:
            assert each.q_value is None
            continue
        expected = both(*(risk_ratio(strata) for strata in told[each.touchpoint]))
        assert (each.compared, each.compared_converted) == (
            expected.exposed,
            expected.exposed_events,
        )
        assert each.expected == pytest.approx(expected.expected)
        assert each.ratio == pytest.approx(expected.ratio)
    checked(result)
    for each in result.rows[:2]:
        checked(
            inflection_points(company(events, DEFINITION), touchpoint=each.touchpoint, scope=ALL)
        )
