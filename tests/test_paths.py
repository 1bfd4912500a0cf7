from collections import Counter
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from tests.company import DAY, HOUR, START, company
from tests.journey_oracle import Event, NaiveJourney, naive_journeys
from tools.analyses.path_rows import NO_STEP, PathRow
from tools.analyses.paths import PathsResult, paths
from tools.charts.paths import chart
from tools.errors import InvalidArgumentError, NoDataError, UnknownTouchpointError
from tools.journeys.definition import JourneyDefinition, Rule
from tools.journeys.scope import Scope
from tools.narration.paths import narrate
from tools.statistics.shrinkage import shrink
from tools.store.door import Store

ANYONE = Scope(minimum_group=1)
LATE = Event("zoe", START + 90 * DAY, 9, "home")  # the newest event: all before it are mature


def walk(person: str, *touchpoints: str, day: float = 0) -> list[Event]:
    return [
        Event(person, START + day * DAY + n * HOUR, n, name) for n, name in enumerate(touchpoints)
    ]


def crowd(size: int, *touchpoints: str, name: str) -> list[Event]:
    return [e for n in range(size) for e in walk(f"{name}{n}", *touchpoints)]


HAND = [
    *walk("ann", "home", "pricing", "buy"),  # began and was wholly home → pricing; converted
    *walk("ben", "home", "pricing"),  # wholly home → pricing; dropped
    *walk("cat", "home", "pricing", "docs", "buy"),  # began home → pricing, went on to docs
    *walk("dan", "home", "docs"),  # another beginning
    *walk("eve", "buy"),  # no step before the end
    *walk("fay", "home", "pricing", "buy", day=85),  # 5 days old at as_of: young, converted
    LATE,  # one step only, young
]


def row(result: PathsResult, path: str) -> PathRow:
    return next(row for row in result.rows if row.path == path)


def test_began_and_whole_are_two_rates() -> None:
    result = paths(company(HAND), rule="began", order="volume", scope=ANYONE)
    found = row(result, "home → pricing")
    assert found.journeys == 4  # ann, ben, cat and young fay
    assert (found.began_converted, found.began_mature) == (2, 3)  # ann and cat of ann, ben, cat
    assert (found.whole_converted, found.whole_mature) == (1, 2)  # ann of ann and ben
    assert found.conversion_rate == found.began_rate == 2 / 3
    whole = row(paths(company(HAND), rule="whole", scope=ANYONE), "home → pricing")
    assert (whole.journeys, whole.conversion_rate) == (3, 0.5)  # ann, ben and young fay
    assert whole.began_rate == 2 / 3


def test_the_end_event_is_never_part_of_a_path() -> None:
    store = company(HAND)
    for result in (paths(store, scope=ANYONE), paths(store, rule="whole", scope=ANYONE)):
        assert not [row.path for row in result.rows if "buy" in row.path]
    with pytest.raises(InvalidArgumentError, match="'buy' is the end of this journey"):
        paths(store, containing=("buy",), scope=ANYONE)


def test_no_step_before_the_end_has_no_rate_because_it_converts_by_construction() -> None:
    store = company(HAND)
    direct = row(paths(store, rule="whole", scope=ANYONE), NO_STEP)
    assert (direct.journeys, direct.converted, direct.conversion_rate) == (1, 1, None)
    ranked = paths(store, rule="whole", order="conversion", scope=ANYONE)
    assert NO_STEP not in [row.path for row in ranked.rows]


def test_paths_of_those_who_bought_share_out_converted_journeys_only() -> None:
    result = paths(company(HAND), outcome="converted", scope=ANYONE)
    assert (result.rule, result.order, result.counted) == ("whole", "volume", 4)
    assert [(r.path, r.journeys) for r in result.rows] == [
        ("home → pricing", 2),  # ann, fay
        ("home → pricing → docs", 1),
        (NO_STEP, 1),
    ]
    dropped = paths(company(HAND), outcome="dropped", scope=ANYONE)
    assert {r.path for r in dropped.rows} == {"home → pricing", "home → docs"}


def test_containing_needs_every_name() -> None:
    store = company(HAND)
    result = paths(store, rule="whole", containing=("docs", "pri*"), scope=ANYONE)
    assert [r.path for r in result.rows] == ["home → pricing → docs", "other"]
    either = paths(store, rule="whole", containing=("docs | pricing",), scope=ANYONE)
    assert {r.path for r in either.rows[:-1]} == {
        "home → pricing", "home → pricing → docs", "home → docs",
    }  # fmt: skip
    with pytest.raises(UnknownTouchpointError, match="Did you mean 'pricing'"):
        paths(store, containing=("prcing",), scope=ANYONE)


def test_lengths_the_wrong_way_round_are_an_error() -> None:
    with pytest.raises(InvalidArgumentError, match="minimum_length: 4"):
        paths(company(HAND), minimum_length=4, maximum_length=3, scope=ANYONE)
    single = paths(company(HAND), order="volume", maximum_length=1, scope=ANYONE)
    assert single.rows[0].path == "home"


def test_few_lucky_journeys_do_not_lead() -> None:
    events = [
        *crowd(4, "ad", "promo", "buy", name="lucky"),  # 4 of 4
        *crowd(60, "blog", "pricing", "buy", name="won"),  # 60 of 100
        *crowd(40, "blog", "pricing", name="lost"),
        *crowd(20, "home", "docs", "buy", name="few"),  # 20 of 100
        *crowd(80, "home", "docs", name="many"),
        LATE,
    ]
    result = paths(company(events), scope=ANYONE)
    assert [row.path for row in result.rows[:3]] == ["blog → pricing", "ad → promo", "home → docs"]
    lows = [row.shrunk_low for row in result.rows[:3]]
    assert lows == sorted(lows, key=lambda low: -(low or 0))
    worst = paths(company(events), order="worst", scope=ANYONE)
    assert worst.rows[0].path == "home → docs"


def test_of_nested_beginnings_the_one_that_stands_out_is_listed() -> None:
    events = [
        *crowd(30, "case", "pricing", "form", "buy", name="a"),  # case → pricing: 60 of 80
        *crowd(30, "case", "pricing", "docs", "buy", name="b"),
        *crowd(20, "case", "pricing", name="c"),
        *crowd(20, "home", "pricing", "form", "buy", name="d"),  # home → pricing: 20 of 200
        *crowd(180, "home", "pricing", name="e"),
        LATE,
    ]
    listed = [row.path for row in paths(company(events), scope=Scope()).rows]
    assert listed[0] == "case → pricing"  # not its continuations, which hold the same journeys
    assert "case → pricing → form" not in listed


def test_paths_of_one_step_are_ranked_where_there_are_no_longer_ones() -> None:
    events = [*crowd(40, "cart", "buy", name="a"), *crowd(40, "home", name="b"), LATE]
    result = paths(company(events), scope=Scope())
    assert [(row.path, row.conversion_rate) for row in result.rows[:2]] == [
        ("cart", 1.0), ("home", 0.0),
    ]  # fmt: skip


def test_small_groups_are_pooled_when_ranked_and_rateless_when_counted() -> None:
    ranked = paths(company(HAND), scope=Scope())
    assert [row.path for row in ranked.rows] == ["other"]
    assert narrate(ranked).answer == (
        "No path can be ranked: none that fits has 30 journeys old enough to judge."
    )
    counted = paths(company(HAND), order="volume", scope=Scope())
    assert [row.conversion_rate for row in counted.rows] == [None] * len(counted.rows)
    assert "fewer than 30 journeys" in counted.caveats[-1]


def test_a_journey_without_an_end_counts_whole_paths() -> None:
    definition = JourneyDefinition("all", collapse_repeats=False)
    result = paths(company(HAND, definition), order="conversion", scope=ANYONE)
    assert (result.rule, result.order) == ("whole", "volume")
    assert (result.base_rate, result.distinct_paths) == (None, 6)
    assert all(row.conversion_rate is None for row in result.rows)
    assert narrate(result).answer.startswith("This journey has no end event, so no path can")
    assert result.caveats == ()


def test_nothing_in_scope_is_an_error() -> None:
    with pytest.raises(NoDataError, match="No journey is in scope"):
        paths(company(HAND), scope=Scope(since=START.date().replace(year=2030)))


def test_shrinkage_draws_small_groups_to_their_centre() -> None:
    few, many = shrink([3, 300], [3, 1000], [0.3, 0.3])
    assert few.rate < 0.75  # 3 of 3, but a centre of 0.3 counts for two
    assert abs(many.rate - 0.3) < 0.001
    low = beta.ppf(0.025, 300 + 0.6, 700 + 1.4)  # the prior is beta(0.6, 1.4)
    assert many.low == pytest.approx(low)


def test_shrinkage_of_equal_rates_is_strong() -> None:
    shrunk = shrink([30, 31, 29, 30, 31, 29], [100] * 6)
    assert max(s.rate for s in shrunk) - min(s.rate for s in shrunk) < 0.002
    apart = shrink([5, 50, 95], [100] * 3)
    assert [round(s.rate, 1) for s in apart] == [0.1, 0.5, 0.9]
    assert shrink([], []) == ()


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([*crowd(40, "home", "docs", name="a"), LATE], "No path leads: none of the 40 journeys"),
        ([*crowd(40, "home", "docs", "buy", name="a"), LATE], "No path leads: all of the 40 jour"),
        (crowd(40, "home", "docs", name="a"), "It is too early for conversion rates"),
        (
            crowd(30, "home", "docs", "buy", name="a") + crowd(1, "home", name="b") + [LATE],
            "Only one path has enough journeys to judge: home → docs, and 100 % of them",
        ),
    ],
)
def test_the_first_sentence_is_true_at_the_extremes(events: list[Event], said: str) -> None:
    result = paths(company(events), scope=Scope())
    assert narrate(result).answer.startswith(said)
    assert chart(result).spec["data"]["values"] is not None


def test_one_of_several_most_common_paths_is_not_called_the_most_common() -> None:
    result = paths(company(HAND), rule="whole", minimum_length=2, outcome="dropped", scope=ANYONE)
    assert result.ties == 1
    assert narrate(result).answer.startswith("One of the most common paths of journeys that drop")


events_strategy = st.lists(
    st.builds(
        Event,
        person=st.sampled_from("abcdefgh"),
        at=st.integers(0, 90).map(lambda n: START + n * DAY),
        seq=st.integers(0, 10**6),
        touchpoint=st.sampled_from(["home", "pricing", "docs", "buy"]),
    ),
    min_size=1,
    max_size=50,
    unique_by=lambda e: (e.person, e.at, e.seq),
)


def judged(journeys: list[NaiveJourney], as_of: datetime) -> tuple[int, int]:
    mature = [j for j in journeys if j.started_at + 10 * DAY <= as_of]
    return sum(j.outcome == "converted" for j in mature), len(mature)


def small(events: list[Event]) -> tuple[Store, list[NaiveJourney], datetime]:
    definition = JourneyDefinition("test", end=Rule(("buy",)), window=10 * DAY)
    journeys = naive_journeys(events, end=frozenset({"buy"}), window=10 * DAY)
    return company(events, definition), journeys, max(e.at for e in events)


@settings(max_examples=40, deadline=None)
@given(events_strategy, st.sampled_from(["all", "converted", "dropped"]))
def test_whole_paths_equal_a_naive_count(events: list[Event], outcome: str) -> None:
    store, journeys, as_of = small(events)
    result = paths(store, rule="whole", outcome=outcome, top=1000, scope=ANYONE)  # type: ignore[arg-type]
    wanted = [j for j in journeys if outcome in {"all", j.outcome}]
    counted = Counter(" → ".join(j.path()) or NO_STEP for j in wanted)
    assert {r.path: r.journeys for r in result.rows if r.length is not None} == counted
    for found in result.rows:
        if found.length:
            same = [j for j in journeys if " → ".join(j.path()) == found.path]
            assert (found.converted, found.mature) == judged(same, as_of)


@settings(max_examples=40, deadline=None)
@given(
    events_strategy, st.sampled_from(["conversion", "volume", "worst"]), st.sampled_from([1, 3, 50])
)
def test_beginnings_equal_a_naive_count_and_reconcile(
    events: list[Event], order: str, top: int
) -> None:
    store, journeys, as_of = small(events)
    result = paths(store, rule="began", order=order, top=top, scope=ANYONE)  # type: ignore[arg-type]
    trails = [tuple(r.path.split(" → ")) for r in result.rows if r.length is not None]
    for found, trail in zip(result.rows, trails, strict=False):
        same = [j for j in journeys if j.path()[: len(trail)] == trail]
        far = [j for j in journeys if len(j.path()) >= len(trail)]
        assert found.journeys == len(same)
        assert (found.converted, found.mature) == judged(same, as_of)
        won, tried = judged(far, as_of)
        assert found.reached_rate == (won / tried if tried else None)
    assert not [(a, b) for a in trails for b in trails if a != b and b[: len(a)] == a]
    assert sum(r.journeys for r in result.rows) == len(journeys) == result.journeys
    assert sum(r.mature for r in result.rows) == result.mature
    assert sum(r.converted for r in result.rows) == result.converted
    assert narrate(result).answer
    assert len({fact.id for fact in result.facts}) == len(result.facts)


deep_strategy = st.lists(  # few touchpoints and days, so that long beginnings have journeys too
    st.lists(st.sampled_from(["home", "docs", "buy"]), min_size=1, max_size=9),
    min_size=1,
    max_size=30,
)


@settings(max_examples=30, deadline=None)
@given(deep_strategy, st.integers(1, 4), st.integers(1, 7))
def test_every_frequent_beginning_is_compared_however_long(
    walks: list[list[str]], least: int, shortest: int
) -> None:
    events = [e for n, told in enumerate(walks) for e in walk(f"p{n}", *told)]
    store, journeys, as_of = small([*events, Event("zoe", START + 90 * DAY, 9, "home")])
    began = {j.path()[:size] for j in journeys for size in range(shortest, 9)}
    mature = {
        trail: judged([j for j in journeys if j.path()[: len(trail)] == trail], as_of)[1]
        for trail in began
        if len(trail) >= shortest
    }
    result = paths(
        store, rule="began", order="conversion", minimum_length=shortest, maximum_length=8,
        scope=Scope(minimum_group=least),
    )  # fmt: skip
    assert result.candidates == sum(count >= least for count in mature.values())
