from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.company import DAY, HOUR, START, company
from tests.facts_in_words import unfounded
from tests.histories import companies
from tests.journey_oracle import Event, NaiveJourney, naive_journeys
from tools import catalog
from tools.analyses.flow import FlowResult, flow
from tools.analyses.flow_parts import NAMES, REAL, FlowNode
from tools.charts.flow import chart
from tools.errors import InvalidArgumentError, NoDataError, UnknownTouchpointError
from tools.journeys.definition import JourneyDefinition, Rule
from tools.journeys.scope import Scope
from tools.narration.flow import narrate

ALL = Scope(minimum_group=1)
Place = tuple[int, str, str]

HAND = [
    Event("ann", START, 1, "home"),
    Event("ann", START + 2 * HOUR, 2, "pricing"),  # 2 hours after home
    Event("ann", START + 4 * HOUR, 3, "buy"),  # converts from pricing
    Event("ben", START, 4, "home"),
    Event("ben", START + 6 * HOUR, 5, "pricing"),  # 6 hours after home; then silent: left
    Event("cat", START, 6, "docs"),  # silent for more than 30 days: left
    Event("dan", START + 39 * DAY, 7, "home"),  # a day old at as_of: active, not mature
    Event("eve", START + 40 * DAY, 8, "buy"),  # converts with its first step; as_of; not mature
]


def links(result: FlowResult) -> dict[tuple[int, str, str], int]:
    return {(row.step, row.source, row.target): row.journeys for row in result.rows}


def node(result: FlowResult, step: int, name: str) -> FlowNode:
    return next(n for n in result.nodes if (n.step, n.touchpoint) == (step, name))


def test_from_the_start_every_journey_goes_on_converts_leaves_or_is_under_way() -> None:
    result = flow(company(HAND), scope=ALL)
    assert links(result) == {
        (0, "Began", "home"): 3,
        (0, "Began", "docs"): 1,
        (0, "Began", "Converted"): 1,  # eve
        (1, "home", "pricing"): 2,
        (1, "home", "Still under way"): 1,  # dan is never counted as lost
        (1, "docs", "Left"): 1,
        (2, "pricing", "Converted"): 1,
        (2, "pricing", "Left"): 1,
    }
    home = node(result, 1, "home")
    assert (home.journeys, home.went_on, home.exits, home.active) == (3, 2, 0, 1)
    assert (home.mature, home.mature_converted, home.conversion_rate) == (2, 1, 0.5)
    assert (result.journeys, result.mature, result.mature_converted) == (5, 3, 1)
    to_pricing = next(row for row in result.rows if row.target == "pricing")
    assert to_pricing.median_seconds == 4 * 3600  # of 2 and 6 hours
    assert "2 journeys are younger" in result.caveats[0]


def test_to_the_end_only_conversions_are_shown_and_no_rate_is_told() -> None:
    result = flow(company(HAND), view="end", depth=2, scope=ALL)
    assert links(result) == {
        (-3, "Began", "home"): 1,
        (-2, "home", "pricing"): 1,
        (-1, "pricing", "Converted"): 1,
        (-1, "Began", "Converted"): 1,  # eve
    }
    assert result.conversion_rate is None
    assert all(row.conversion_rate is None for row in result.rows)
    assert all(told.conversion_rate is None for told in result.nodes)
    assert "Only journeys that converted" in result.caveats[0]


def test_around_a_touchpoint_steps_count_from_its_first_visit() -> None:
    result = flow(company(HAND), anchor="Pricing", depth=3, scope=ALL)
    assert (result.view, result.anchor, result.journeys) == ("around", "pricing", 2)
    assert links(result) == {
        (-2, "Began", "home"): 2,
        (-1, "home", "pricing"): 2,
        (0, "pricing", "Converted"): 1,
        (0, "pricing", "Left"): 1,
    }


def test_only_the_first_visit_to_an_anchor_counts() -> None:
    names = ["pricing", "docs", "pricing", "home"]
    told = [Event("ann", START + n * HOUR, n, name) for n, name in enumerate(names)]
    result = flow(company(told), anchor="pricing", depth=2, scope=ALL)
    assert node(result, 0, "pricing").journeys == 1
    assert node(result, 1, "docs").went_on == 1  # to the second visit, beyond the picture


def test_an_anchor_of_several_touchpoints_is_one_node() -> None:
    result = flow(company(HAND), anchor="docs | pricing", depth=1, scope=ALL)
    assert node(result, 0, result.anchor or "").journeys == 3
    assert links(result)[-1, "Earlier steps", result.anchor or ""] == 2


def test_around_the_end_event_is_the_flow_to_the_end() -> None:
    assert flow(company(HAND), anchor="buy", scope=ALL).view == "end"


def test_rare_touchpoints_are_other_and_still_counted() -> None:
    store = company(HAND)
    few = flow(store, nodes=1, scope=ALL)
    assert links(few)[0, "Began", "other"] == 1  # docs
    small = flow(store, scope=Scope(minimum_group=3))
    assert node(small, 1, "home").journeys == 3
    assert node(small, 2, "other").journeys == 2  # pricing has two journeys only
    assert node(small, 2, "other").conversion_rate is None  # two are too few for a rate


def test_a_question_that_cannot_be_shown_is_a_clear_error() -> None:
    store = company(HAND)
    with pytest.raises(InvalidArgumentError, match="needs to be told which one"):
        flow(store, view="around", scope=ALL)
    with pytest.raises(UnknownTouchpointError, match="Did you mean 'pricing'"):
        flow(store, anchor="pricng", scope=ALL)
    with pytest.raises(NoDataError, match="No journey in scope has converted"):
        flow(company(HAND[3:7]), view="end", scope=ALL)
    endless = company(HAND, JourneyDefinition("endless"))
    with pytest.raises(InvalidArgumentError, match="no end event"):
        flow(endless, view="end", scope=ALL)
    with pytest.raises(InvalidArgumentError, match="depth"):
        catalog.call(store, "flow", {"depth": 11})


def origin_of(journey: NaiveJourney, view: str, anchor: str) -> int | None:
    """Return the number of the step that stands at 0, or None where the journey is not shown."""
    names = [name for name, _ in journey.steps]
    if view == "start":
        return 0
    if view == "end":
        return len(names) if journey.outcome == "converted" else None
    return names.index(anchor) + 1 if anchor in names else None


def walk(journey: NaiveJourney, origin: int, first: int, last: int) -> list[Place]:
    """Return the places of one journey, from where it enters the picture to where it leaves it."""
    places: list[Place] = []
    ends = len(journey.steps) if journey.outcome == "converted" else 0
    for number, (name, _) in enumerate(journey.steps, start=1):
        position = number - origin
        if position < first:
            continue
        if number == 1 or position == first:
            places.append((position - 1, "began" if number == 1 else "earlier", ""))
        if number == ends:
            return [*places, (position, "converted", "")]
        if position > last:
            return [*places, (position, "further", "")]
        places.append((position, "touchpoint", name))
    left = "active" if journey.outcome == "active" else "left"
    return [*places, (len(journey.steps) + 1 - origin, left, "")]


def folded(walks: list[list[Place]], nodes: int, minimum: int, view: str) -> list[list[Place]]:
    volumes = Counter(place for places in walks for place in places if place[1] == "touchpoint")
    kept = set()
    for step in {place[0] for place in volumes}:
        ranked = sorted(
            (place for place in volumes if place[0] == step), key=lambda p: (-volumes[p], p[2])
        )
        kept |= {p for p in ranked[:nodes] if volumes[p] >= minimum}
        if view == "around" and step == 0:
            kept |= set(ranked)
    return [
        [p if p[1] != "touchpoint" or p in kept else (p[0], "other", "") for p in places]
        for places in walks
    ]


@settings(max_examples=100, deadline=None)
@given(
    companies,
    st.sampled_from(["start", "end", "around"]),
    st.integers(1, 6),
    st.integers(1, 4),
    st.integers(1, 3),
    st.booleans(),
)
def test_links_nodes_and_times_equal_a_naive_reading(
    events: list[Event], view: str, depth: int, nodes: int, minimum: int, collapse: bool
) -> None:
    anchor = "pricing"
    definition = JourneyDefinition(
        "test", end=Rule(("buy",)), window=10 * DAY, inactivity=4 * DAY, collapse_repeats=collapse
    )
    before = (depth - 1) // 2
    spans = {"start": (1, depth), "end": (-depth, -1), "around": (-before, depth - 1 - before)}
    first, last = spans[view]
    arguments = {"view": view, "depth": depth, "nodes": nodes, "minimum_group": minimum}
    if view == "around":
        arguments["anchor"] = anchor
    as_of = max(e.at for e in events)
    store = company(events, definition)
    journeys = naive_journeys(
        events, end=frozenset({"buy"}), window=10 * DAY, inactivity=4 * DAY, collapse=collapse
    )
    shown = [(j, o) for j in journeys if (o := origin_of(j, view, anchor)) is not None]
    if not any(e.touchpoint == anchor for e in events) and view == "around":
        return
    if not shown:
        with pytest.raises(NoDataError):
            catalog.call(store, "flow", arguments)
        return
    result = catalog.call(store, "flow", arguments)
    assert isinstance(result, FlowResult)
    walks = folded([walk(j, o, first, last) for j, o in shown], nodes, minimum, view)
    expected: dict[tuple[Place, Place], list[tuple[NaiveJourney, timedelta | None]]] = defaultdict(
        list
    )
    for (journey, origin), places in zip(shown, walks, strict=True):
        for here, there in pairwise(places):
            arrives, leaves = there[0] + origin, here[0] + origin
            known = leaves >= 1 and arrives <= len(journey.steps)
            gap = journey.steps[arrives - 1][1] - journey.steps[leaves - 1][1] if known else None
            expected[here, there].append((journey, gap))
    assert {
        (
            (row.step, row.source_kind, row.source if row.source_kind == "touchpoint" else ""),
            (row.step + 1, row.target_kind, row.target if row.target_kind == "touchpoint" else ""),
        ): row.journeys
        for row in result.rows
    } == {key: len(value) for key, value in expected.items()}
    for row in result.rows:
        key = (
            (row.step, row.source_kind, row.source if row.source_kind == "touchpoint" else ""),
            (row.step + 1, row.target_kind, row.target if row.target_kind == "touchpoint" else ""),
        )
        mature = [j for j, _ in expected[key] if j.started_at + 10 * DAY <= as_of]
        won = sum(j.outcome == "converted" for j in mature)
        gaps = [gap.total_seconds() for _, gap in expected[key] if gap is not None]
        assert (row.mature, row.mature_converted) == (len(mature), won)
        assert row.median_seconds == (pytest.approx(median(gaps)) if gaps else None)
        judged = view != "end" and len(mature) >= minimum
        assert row.conversion_rate == (won / len(mature) if judged else None)
    reconciles(result)
    speaks_and_draws(result)


def reconciles(result: FlowResult) -> None:
    """At every step, those at a node and those who ended before it are all who are shown."""
    for step in range(result.first_step, result.last_step + 1):
        here = sum(n.journeys for n in result.nodes if n.step == step and n.kind in REAL)
        ended = sum(
            n.journeys
            for n in result.nodes
            if n.step <= step and n.kind in {"left", "active", "converted"}
        )
        later = sum(
            row.journeys
            for row in result.rows
            if row.source_kind == "began" and row.step + 1 > step
        )
        assert here + ended + later == result.journeys
    for n in result.nodes:
        if n.kind in REAL:
            assert n.journeys == n.went_on + n.exits + n.converted + n.active
            into = [
                row
                for row in result.rows
                if (row.step + 1, row.target_kind, row.target) == (n.step, n.kind, n.touchpoint)
            ]
            assert n.journeys == sum(row.journeys for row in into)


def speaks_and_draws(result: FlowResult) -> None:
    told = narrate(result)
    assert told.answer.endswith(".")
    assert "None" not in told.text()
    assert unfounded(told, result) == []
    assert 2 <= len(told.follow_ups) <= 3
    drawn = chart(result)
    (series,) = drawn.spec["series"]
    names = [n["name"] for n in series["data"]]
    assert len(names) == len(set(names))
    assert all(link["source"] in names and link["target"] in names for link in series["links"])
    keys = {f"node:{n}" for n in range(len(names))}
    keys |= {f"edge:{n}" for n in range(len(series["links"]))}
    assert set(drawn.questions) == keys


def test_the_answer_names_the_most_frequent_next_step_with_its_base() -> None:
    told = narrate(flow(company(HAND), scope=ALL))
    assert told.answer == "The most frequent first step is home (3 of 5 journeys, 60 %)."
    assert (
        told.support[0]
        == "From there, the most frequent next step is pricing (2 of 3 journeys, 67 %)."
    )
    assert told.support[1] == (
        "Of the 3 journeys at home, 0 left there, 0 converted with the next step, "
        "1 is still under way there."
    )
    around = narrate(flow(company(HAND), anchor="home", scope=ALL))
    assert (
        around.answer
        == "After home, the most frequent next step is pricing (2 of 3 journeys, 67 %)."
    )
    assert "3 journeys began with it" in around.text()


def test_tied_steps_are_told_as_tied() -> None:
    told = narrate(flow(company([HAND[0], replace(HAND[5], at=START)]), scope=ALL))
    assert (
        told.answer
        == "The most frequent first steps are docs and home (1 of 2 journeys each, 50 %)."
    )


def test_words_from_data_are_escaped_in_tooltips_and_labels() -> None:
    drawn = chart(flow(company([Event("ann", START, 1, "<img src=x> {b}")]), scope=ALL))
    first = drawn.spec["series"][0]["data"][0]
    assert "<img" not in first["tooltip"]["formatter"]
    assert first["label"]["formatter"] == "<img src=x> (b)"


def test_an_end_is_told_apart_from_a_touchpoint_of_its_name() -> None:
    told = [Event("ann", START, 1, NAMES["left"]), Event("ben", START + 40 * DAY, 2, "home")]
    result = flow(company(told), scope=ALL)
    assert {(n.step, n.kind) for n in result.nodes if n.touchpoint == "Left"} == {
        (1, "touchpoint"),
        (2, "left"),
    }
