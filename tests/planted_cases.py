"""What each planted effect is, which analysis must find it, and how its answer is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests import planted
from tests.company import DAY, START
from tests.planted import World
from tools import catalog
from tools.analyses.result import Result
from tools.narration.certainty import certainty, is_finding

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What an analysis says of the planted effect."""

    value: float | None
    low: float | None
    high: float | None
    q_value: float | None
    none: float = 0.0
    """The value that means no effect."""
    truth: float | None = None
    """The planted quantity, where it depends on what the analysis chose to measure."""


@dataclass(frozen=True, slots=True)
class Case:
    """One planted effect and the analysis that has to find it."""

    sentence: str
    analysis: str
    plant: Callable[[int, float], World]
    size: float
    """As planted; it is also what the analysis estimates, unless `Seen.truth` says otherwise."""
    removed: float | None
    """The size that means that nothing is planted; None where there is always something to tell."""
    arguments: Callable[[World], Arguments]
    read: Callable[[Result[Any], float], Seen]
    names: tuple[str, ...]
    """What the answer must name, in any case; whatever of them it says."""
    truth: Callable[[float], float] = lambda size: size


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one company."""

    found: bool
    value: float | None
    covers: bool | None
    """Whether the interval holds the planted size; None where there is no interval."""
    named: bool


def measure(case: Case, seed: int, *, planted: bool) -> Found:
    """Make one company, ask the analysis, and compare what it says with what was planted."""
    size = case.size if planted or case.removed is None else case.removed
    world = case.plant(seed, size)
    result = catalog.call(world.store(), case.analysis, case.arguments(world))
    seen = case.read(result, size)
    truth = seen.truth if seen.truth is not None else case.truth(size)
    if world.told_later is not None:
        truth = world.told_later
    text = catalog.narrate(case.analysis, result).text().casefold()
    covers = None
    if seen.low is not None and seen.high is not None:
        covers = seen.low <= truth <= seen.high
    told = certainty(seen.low, seen.high, seen.q_value, none=seen.none)
    named = all(name.casefold() in text for name in case.names)
    return Found(is_finding(told), seen.value, covers, named)


def _moment(name: str) -> Callable[[Result[Any], float], Seen]:
    def read(result: Result[Any], _: float) -> Seen:
        row = next((each for each in result.rows if each.touchpoint == name), None)
        if row is None:
            return Seen(None, None, None, None, 1.0)
        return Seen(row.ratio, row.ratio_low, row.ratio_high, row.q_value, 1.0)

    return read


def _order(result: Result[Any], _: float) -> Seen:
    (row,) = result.rows
    return Seen(row.order_ratio, row.order_low, row.order_high, row.order_q, 1.0)


def _within(result: Result[Any], size: float) -> Seen:
    """Read the chosen hours; what they should show depends on which were chosen."""
    row = next((each for each in result.rows if each.chosen), None)
    if row is None or row.ratio is None:
        return Seen(None, None, None, None, 1.0)
    early = min(1.0, max(0.0, (row.hours - 1) / 45))
    late = min(1.0, max(0.0, (row.hours - 50) / 110))
    came = (early * size + late) / (early + late)
    not_yet = ((1 - early) * size + (1 - late) + 1) / (3 - early - late)
    return Seen(row.ratio, row.low, row.high, row.q_value, 1.0, truth=came / not_yet)


def _leak(result: Result[Any], _: float) -> Seen:
    row = next((each for each in result.rows if each.cause == "have device mobile"), None)
    if row is None:  # the others' side is told where it is the larger
        return Seen(None, None, None, None, 1.0)
    return Seen(row.ratio, row.ratio_low, row.ratio_high, row.q_value, 1.0)


def _redesign(result: Result[Any], _: float) -> Seen:
    row = next(each for each in result.rows if each.touchpoint == "Pricing")
    return Seen(row.ratio, row.ratio_low, row.ratio_high, row.q_value, 1.0)


def _own_route(result: Result[Any], _: float) -> Seen:
    told = [
        each
        for each in result.touchpoints  # type: ignore[attr-defined]
        if each.name == "Demo request" and each.segment == "enterprise"
    ]
    if not told:
        return Seen(None, None, None, None)
    return Seen(told[0].difference, told[0].low, told[0].high, told[0].q)


def _route_share(result: Result[Any], _: float) -> Seen:
    told = [
        each
        for each in result.shares  # type: ignore[attr-defined]
        if each.segment == "enterprise" and "Demo request" in each.route
    ]
    if not told:
        return Seen(None, None, None, None)
    most = max(told, key=lambda each: each.difference)
    return Seen(most.difference, most.low, most.high, most.q_value)


def _channel(result: Result[Any], _: float) -> Seen:
    row = next(each for each in result.rows if each.segment == "Social")
    return Seen(row.difference, row.difference_low, row.difference_high, row.q)


def _emerging(result: Result[Any], _: float) -> Seen:
    told = [each for each in result.rows if each.kind == "emerging" and "Community" in each.what]
    if not told:
        return Seen(None, None, None, None, 1.0)
    row = told[0]
    return Seen(row.size, row.low, row.high, row.q_value, 1.0)


def _simpson(result: Result[Any], _: float) -> Seen:
    told = next(each for each in result.quality if each.name == "Social")  # type: ignore[attr-defined]
    return Seen(told.adjusted_ratio, told.adjusted_low, told.adjusted_high, told.adjusted_q, 1.0)


def _mix(result: Result[Any], _: float) -> Seen:
    mix = result.mix  # type: ignore[attr-defined]
    return Seen(mix.value, mix.low, mix.high, mix.p)


def _scored(seed: int, ratio: float) -> World:
    world, later = planted.scored(seed, ratio)
    return replace(world, told_later=later)


def _expected(result: Result[Any], _: float) -> Seen:
    """Read the conversions expected of those under way; found is that scores could be told."""
    told = result.expected  # type: ignore[attr-defined]
    low, high = result.expected_low, result.expected_high  # type: ignore[attr-defined]
    return Seen(told, low, high, 0.0 if told is not None else None)


def _repeat(result: Result[Any], _: float) -> Seen:
    told = result.repeat_rate  # type: ignore[attr-defined]
    facts = {fact.id: fact for fact in result.facts}
    rated = next(f for f in facts.values() if f.unit == "rate" and f.value == told)
    low = rated.low if told else 0.0
    return Seen(told, low, rated.high, 0.0 if told else None)


def _redesigned(world: World) -> Arguments:
    assert world.changed_on is not None
    return {"on": world.changed_on.date().isoformat()}


def _mixed(world: World) -> Arguments:
    assert world.changed_on is not None
    day = DAY
    return {
        "from": world.changed_on.date().isoformat(),
        "to": (START + 149 * day).date().isoformat(),
        "against_from": START.date().isoformat(),
        "against_to": (world.changed_on - day).date().isoformat(),
    }


def _asked(**told: object) -> Callable[[World], Arguments]:
    return lambda _: told


CASES = (
    Case(
        "a case study read before pricing doubles conversion", "sequences", planted.order, 2.0, 1.0,
        _asked(first="Case study", then="Pricing"), _order, ("Case study", "Pricing"),
    ),
    Case(
        "an email within 48 hours of a trial", "timing", planted.within, 1.6, 1.0,
        _asked(first="Trial", then="Email received"), _within, ("Email received", "hours"),
    ),
    Case(
        "the form leaks on mobile", "drop_off_causes", planted.leak, 2.5, 1.0,
        _asked(at="Form", top=100), _leak, ("mobile", "Form"),
    ),
    Case(
        "a redesign keeps people at pricing", "change_effect", planted.redesign, 0.6, 1.0,
        _redesigned, _redesign, ("Pricing",),
    ),
    Case(
        "the enterprise goes by a demo", "segments", planted.own_route, 0.2, 0.0,
        _asked(by="company_size"), _own_route, ("enterprise",),
    ),
    Case(
        "the same, as one of two routes", "routes", planted.own_route, 0.2, 0.0,
        _asked(by="company_size", routes=2), _route_share, ("enterprise",),
    ),
    Case(
        "social converts less", "segments", planted.channel_quality, -0.1, 0.0,
        _asked(by="channel"), _channel, ("Social",),
    ),
    Case(
        "a path emerges in the last month", "anomalies", planted.emerging, 0.10, 0.02,
        _asked(top=100), _emerging, ("Community",), lambda size: size / 0.02,
    ),
    Case(
        "a moment: case study doubles conversion", "inflection_points", planted.inflection, 2.0, 1.0,
        _asked(top=100), _moment("Case study"), ("Case study",),
    ),
    Case(
        "no moment: docs stand in long journeys", "inflection_points", planted.inflection, 2.0, 1.0,
        _asked(top=100), _moment("Docs"), (), lambda _: 1.0,
    ),
    Case(
        "Simpson: social is better on each device, worse in all", "attribution", planted.simpson,
        1.3, 1.0, _asked(), _simpson, ("Social",),
    ),
    Case(
        "a shift of mix alone", "conversion_change", planted.mix_shift, 0.4, 0.0,
        _mixed, _mix, (), lambda size: -0.24 * size,
    ),
    Case(
        "pricing visitors convert five times as often: those still to come", "scores", _scored,
        5.0, None, _asked(), _expected, (),
    ),
    Case(
        "three in ten buy again", "retention", planted.repeat, 0.3, 0.0, _asked(), _repeat, (),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Null:
    """What an analysis made of a company in which nothing has any effect."""

    looked_at: int
    findings: int


NULLS = (
    "drop_off",
    "inflection_points",
    "sequences",
    "drop_off_causes",
    "anomalies",
    "recommendations",
)


def measure_null(analysis: str, seed: int) -> Null:
    """Ask one analysis about a company without effects, and count what it would state."""
    few = analysis in {"sequences", "drop_off_causes"}  # with 200, too few people come to any one
    world = planted.nothing(seed, 20 if few else 200)
    if analysis == "anomalies":  # people come all the time, and nothing about them changes
        world = planted.emerging(seed, 0.02)
    store = world.store()
    arguments: dict[str, Any] = {"top": 5 if analysis == "recommendations" else 1000}
    if analysis == "drop_off_causes":
        arguments["at"] = "Page 7"
    result: Any = catalog.call(store, analysis, arguments)
    if analysis == "recommendations":
        return Null(result.looked_at, len(result.rows))
    if analysis == "anomalies":
        return Null(result.looked, len(result.rows))
    if analysis == "drop_off":
        rows = [r for r in result.rows if r.q_value is not None]
        return Null(
            len(rows), sum(_told(r.excess_low, r.excess_high, r.q_value, 0.0) for r in rows)
        )
    if analysis == "sequences":
        rows = [r for r in result.rows if r.order_q is not None]
        found = sum(_told(r.order_low, r.order_high, r.order_q, 1.0) for r in rows)
        return Null(len(rows), found + len(result.patterns))
    rows = [r for r in result.rows if r.q_value is not None]
    if analysis == "drop_off_causes":  # how deep someone is does matter there: journeys have an end
        rows = [r for r in rows if r.kind != "steps"]
    return Null(len(rows), sum(_told(r.ratio_low, r.ratio_high, r.q_value, 1.0) for r in rows))


def _told(low: float | None, high: float | None, q_value: float | None, none: float) -> bool:
    return is_finding(certainty(low, high, q_value, none=none))
