"""What several analyses say about the same thing is the same number."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.company import DAY, START, company
from tests.histories import TOUCHPOINTS, companies
from tests.journey_oracle import Event
from tools import catalog
from tools.analyses.attribution import AttributionResult
from tools.analyses.customers import CustomersResult
from tools.analyses.drop_off import DropOffResult
from tools.analyses.flow import FlowResult
from tools.analyses.flow_parts import REAL, Kind
from tools.analyses.funnel import FunnelResult
from tools.analyses.overview import OverviewResult
from tools.analyses.paths import PathsResult
from tools.analyses.routes import RoutesResult
from tools.analyses.segments import SegmentsResult
from tools.errors import NoDataError
from tools.journeys.definition import JourneyDefinition, Rule
from tools.store.door import Store

scopes = st.fixed_dictionaries(
    {"minimum_group": st.sampled_from([1, 2, 5, 30])},
    optional={
        "where": st.sampled_from([("saw pricing",), ("not saw docs",), ("channel = ads",)]),
        "from": st.sampled_from(["2026-01-05", "2026-01-20"]),
        "to": st.sampled_from(["2026-02-01", "2026-02-15"]),
    },
)
starts = st.sampled_from([(), ("home",), ("home", "pricing")])


@settings(max_examples=25, deadline=None)
@given(companies, scopes, starts, st.booleans())
def test_every_analysis_counts_the_same_journeys(
    events: list[Event], arguments: dict[str, Any], start: tuple[str, ...], collapse: bool
) -> None:
    every = [*events, *(Event("z", START, n, name) for n, name in enumerate(TOUCHPOINTS[:4]))]
    if "channel = ads" in arguments.get("where", ()):
        every.append(Event("y", START, 0, "home", "ads"))
    definition = JourneyDefinition(
        "test",
        Rule(start),
        Rule(("buy",)),
        window=10 * DAY,
        inactivity=4 * DAY,
        collapse_repeats=collapse,
    )
    store = company(every, definition)
    try:
        whole = catalog.call(store, "overview", arguments)
    except NoDataError:
        for name in ("paths", "flow", "drop_off", "segments"):
            with pytest.raises(NoDataError):
                catalog.call(store, name, arguments)
        return
    assert isinstance(whole, OverviewResult)
    assert sum(row.journeys for row in whole.rows) == whole.journeys
    flow_reconciles(store, arguments, whole)
    drop_off_reconciles(store, arguments, whole)
    paths_reconcile(store, arguments, whole)
    segments_reconcile(store, arguments, whole)
    shares_reconcile(store, arguments, whole)
    funnel_agrees(store, arguments, whole)


def flow_reconciles(store: Store, arguments: dict[str, Any], whole: OverviewResult) -> None:
    for depth in (1, 3, 10):
        flow = catalog.call(store, "flow", {**arguments, "depth": depth})
        assert isinstance(flow, FlowResult)
        assert (flow.journeys, flow.mature) == (whole.journeys, whole.mature)
        assert flow.mature_converted == whole.mature_converted
        for step in range(1, depth + 1):
            here = sum(n.journeys for n in flow.nodes if n.step == step and n.kind in REAL)
            kinds = {"converted", "left", "active"}
            gone = sum(n.journeys for n in flow.nodes if n.step <= step and n.kind in kinds)
            assert here + gone == whole.journeys

        def ended(kind: Kind, shown: FlowResult = flow) -> int:
            return sum(n.journeys for n in shown.nodes if n.kind == kind)

        if not ended("further"):
            assert ended("converted") == whole.converted
            assert ended("left") == whole.dropped
            assert ended("active") == whole.active
    if whole.converted:
        end = catalog.call(store, "flow", {**arguments, "view": "end"})
        assert isinstance(end, FlowResult)
        assert end.journeys == whole.converted


def drop_off_reconciles(store: Store, arguments: dict[str, Any], whole: OverviewResult) -> None:
    for top in (1, 10):
        found = catalog.call(store, "drop_off", {**arguments, "top": top, "by": "channel"})
        assert isinstance(found, DropOffResult)
        assert sum(row.exits for row in found.rows) == found.dropped == whole.dropped
        assert sum(row.mature_exits for row in found.rows) == found.mature_dropped
        assert sum(row.excess_exits for row in found.rows) == pytest.approx(0, abs=1e-9)
        assert found.mature == whole.mature
        assert sum(group.journeys for group in found.segments) == whole.mature
        assert sum(group.exits for group in found.segments) == found.mature_dropped


def paths_reconcile(store: Store, arguments: dict[str, Any], whole: OverviewResult) -> None:
    for rule in ("began", "whole"):
        for order in ("conversion", "volume"):
            asked = {**arguments, "rule": rule, "order": order, "top": 3}
            found = catalog.call(store, "paths", asked)
            assert isinstance(found, PathsResult)
            assert sum(row.journeys for row in found.rows) == found.journeys == whole.journeys
            assert sum(row.mature for row in found.rows) == found.mature == whole.mature
            converted = sum(row.converted for row in found.rows)
            assert converted == found.converted == whole.mature_converted


def segments_reconcile(store: Store, arguments: dict[str, Any], whole: OverviewResult) -> None:
    found = catalog.call(store, "segments", {**arguments, "by": "channel"})
    assert isinstance(found, SegmentsResult)
    assert sum(row.journeys for row in found.rows) == found.journeys == whole.journeys
    assert sum(row.mature for row in found.rows) == found.mature == whole.mature
    assert sum(row.converted for row in found.rows) == found.converted == whole.mature_converted
    by_name = {row.segment: row for row in found.rows}
    for row in whole.rows:
        if row.channel in by_name and row.channel not in {"other", "(not known)"}:
            same = by_name[row.channel]
            assert (same.journeys, same.mature, same.converted) == (
                row.journeys,
                row.mature,
                row.converted,
            )


def shares_reconcile(store: Store, arguments: dict[str, Any], whole: OverviewResult) -> None:
    """Routes, credits and lists of people add up to the journeys that they share out."""
    routes = catalog.call(store, "routes", arguments)
    assert isinstance(routes, RoutesResult)
    assert sum(row.journeys for row in routes.rows) == whole.journeys
    assert sum(row.mature for row in routes.rows) == whole.mature
    assert sum(row.converted for row in routes.rows) == whole.mature_converted
    credited = catalog.call(store, "attribution", {**arguments, "top": 1000})
    assert isinstance(credited, AttributionResult)
    assert credited.converted == whole.mature_converted
    for rule in ("first", "last", "linear", "time_decay", "position", "markov", "shapley"):
        told = [getattr(row, rule) for row in credited.rows]
        if None not in told:
            assert sum(told) == pytest.approx(whole.mature_converted, abs=1e-6)
    for who, journeys in (
        ("all", whole.journeys),
        ("converted", whole.converted),
        ("dropped", whole.dropped),
        ("active", whole.active),
    ):
        people = catalog.call(store, "customers", {**arguments, "who": who})
        assert isinstance(people, CustomersResult)
        assert people.journeys == journeys
    assert (
        catalog.call(store, "customers", arguments).fact("customers.persons").value == whole.persons
    )


def funnel_agrees(store: Store, arguments: dict[str, Any], whole: OverviewResult) -> None:
    """A funnel per journey, drop-off at a touchpoint and the flow around it tell the same."""
    for name in ("pricing", "docs"):
        asked = {**arguments, "steps": [name, "buy"], "per": "journey"}
        through = catalog.call(store, "funnel", asked)
        assert isinstance(through, FunnelResult)
        first, last = through.rows
        try:
            at = catalog.call(store, "drop_off", {**arguments, "at": name})
            around = catalog.call(store, "flow", {**arguments, "anchor": name, "depth": 1})
        except NoDataError:
            assert (first.reached, last.reached) == (0, 0)
            continue
        assert isinstance(at, DropOffResult)
        assert isinstance(around, FlowResult)
        (row,) = at.rows
        assert first.reached == row.journeys == around.journeys
        assert first.mature == row.mature == around.mature
        assert last.mature == around.mature_converted
    ended = catalog.call(store, "funnel", {**arguments, "steps": ["buy"], "per": "journey"})
    assert isinstance(ended, FunnelResult)
    assert (ended.rows[0].reached, ended.rows[0].mature) == (
        whole.converted,
        whole.mature_converted,
    )
