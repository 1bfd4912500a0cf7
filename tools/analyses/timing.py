"""How long things take: from start to conversion, from step to step, and from one thing to another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from tools.analyses.parameters import Top
from tools.analyses.result import Fact, Result, young_caveat
from tools.analyses.scope_counts import scope_counts
from tools.analyses.step_order import in_halves, middle
from tools.analyses.timing_parts import (
    PER_FOLD,
    Gap,
    Hour,
    Next,
    Rhythm,
    day_points,
    gap_rows,
    next_rows,
    rhythm_rows,
)
from tools.analyses.timing_rows import (
    DayPoint,
    GapRow,
    NextRow,
    RhythmRow,
    Row,
    WithinRow,
    day_facts,
    gap_facts,
    next_facts,
    rhythm_facts,
    within_facts,
)
from tools.analyses.timing_within import HOURS, SEED, Within, within_rows
from tools.errors import InvalidArgumentError, NoDataError
from tools.journeys.definition import spoken
from tools.journeys.scope import Scope, ScopedStore, end_touchpoints
from tools.journeys.touchpoints import hidden_touchpoints, touchpoint_ids, touchpoints
from tools.statistics.intervals import rate
from tools.store.door import Store, read_sql

HOURS_QUERY = read_sql(__file__)
CONVERTED_QUERY = read_sql(__file__, "timing_converted.sql")
GAPS_QUERY = read_sql(__file__, "timing_gaps.sql")
RHYTHM_QUERY = read_sql(__file__, "timing_rhythm.sql")
WITHIN_QUERY = read_sql(__file__, "timing_within.sql")
NEXT_QUERY = read_sql(__file__, "timing_next.sql")
DAY = 86400
TRANSITIONS = 60
"""The most frequent ones are compared; `top` of them are listed."""
NO_END = "This journey has no end event, so nobody is counted as converted."
ONCE = "Each person counts once, with their first journey old enough to judge that qualifies."
SENT = (
    "The company chooses to whom and when it sends: those it chose may have been keener, or it may "
    "send less to those who have given up. A randomised test would tell."
)
First = Annotated[
    str | None, Field(description="From the first of this on; it may be an exposure, e.g. an email")
]
Then = Annotated[
    str | None, Field(description="Needs `first`: within how many hours this should follow it")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimingResult(Result[Row]):
    """Rows are transitions, or what came next after `first`, or hours within which `then` came."""

    first: str | None
    then: str | None
    mature: int
    """Journeys."""
    converted: int
    """Of the mature journeys."""
    lower_seconds: float | None
    """From start to conversion, of mature journeys: quartiles."""
    median_seconds: float | None
    upper_seconds: float | None
    days: tuple[DayPoint, ...] = ()
    rhythm: tuple[RhythmRow, ...] = ()
    compared: int = 0
    """Transitions compared, or hours tried."""
    persons: int = 0
    """Who came to `first` in a mature journey, each once."""
    followed: int = 0
    """Of these, to whom `then` came while they could still convert."""
    exposed: bool = False
    """Whether `first` or `then` is something that the company sends."""
    moved: Next | None = None
    """How soon those who did anything more after `first` did so."""
    finished: Next | None = None
    """How soon those who converted after `first` did so."""


@dataclass(frozen=True, slots=True)
class _Converted:
    mature: int
    converted: int
    lower_seconds: float | None
    median_seconds: float | None
    upper_seconds: float | None


def timing(
    store: Store, *, first: First = None, then: Then = None, top: Top = 10, scope: Scope
) -> TimingResult:
    """Say how long journeys take, when people come back, and when to follow up.

    Without `first`: days from start to conversion (quartiles of mature journeys; Kaplan-Meier
    shares by day over all journeys, which stay at risk until the window or the newest event ends
    them); the gaps of the most frequent transitions, of people who converted against the others
    (Mann-Whitney); and conversion by when people first came back, of those still under way on day
    1 and on day 7.
    With `first`: what people did next after their first visit there, and how soon.
    With `first` and `then`: at h hours after the first `first`, of people whose journey still goes
    on, conversion of those to whom `then` had come by then against those to whom it had not,
    within channel and depth (Mantel-Haenszel odds ratio, told as the risk ratio that it makes
    among all who had not converted by then). h is chosen on one half of people and its effect
    measured on the other half. Each person counts once, by their first mature journey in scope
    that qualifies.

    Args:
        store: Where the journeys stand.
        first: A touchpoint, or an exposure; `a | b` is either.
        then: What should follow it within some hours: a touchpoint or an exposure.
        top: Most transitions, or next steps, listed.
        scope: Which journeys.

    Raises:
        NoDataError: No journey is in scope, or nobody's mature journey came to `first`.
        UnknownTouchpointError: `first` or `then` is not known.
        InvalidArgumentError: `then` without `first`, both the same, or one is the journey's end.

    Source: Kaplan and Meier 1958; Mann and Whitney 1947; Anderson, Cain and Gelber 1983
    (landmark); Mantel and Haenszel 1959; Robins, Breslow and Greenland
    1986; Zhang and Yu 1998 (risk ratio from odds ratio); Altman et al. 1994 on thresholds chosen on the data.
    """
    return _timing(store, first, (then,), top, scope)[0]


def timing_of_each(
    store: Store, *, first: str, thens: Sequence[str], scope: Scope
) -> tuple[TimingResult, ...]:
    """Return what `timing` says with `first` and each of `thens`, from one reading of the journeys."""
    return _timing(store, first, thens, 1, scope) if thens else ()


def _timing(
    store: Store, first: str | None, thens: Sequence[str | None], top: int, scope: Scope
) -> tuple[TimingResult, ...]:
    scoped = ScopedStore(store, scope)
    young = scope_counts(scoped).young
    asked = [_asked(scoped, first, then) for then in thens]
    ids = asked[0][0]
    (told,) = scoped.records(CONVERTED_QUERY, {}, _Converted)
    definition = scoped.scope.definition
    caveats = young_caveat(young, spoken(definition.window))
    begun = TimingResult(
        rows=(),
        facts=(),
        scope=scoped.scope,
        statements=(),
        caveats=caveats if definition.end.touchpoints else (*caveats, NO_END),
        first=_called(store, ids, first),
        then=None,
        mature=told.mature,
        converted=told.converted,
        lower_seconds=told.lower_seconds,
        median_seconds=told.median_seconds,
        upper_seconds=told.upper_seconds,
    )
    if all(thens):
        named = [
            replace(begun, then=_called(store, then_ids, then))
            for (_, then_ids), then in zip(asked, thens, strict=True)
        ]
        results = _within(scoped, named, ids, [then_ids for _, then_ids in asked])
    elif first:
        results = [_next(scoped, begun, ids, top)]
    else:
        results = [_overall(scoped, begun, top)]
    return tuple(
        replace(
            result,
            facts=(*_facts(result, young), *_own_facts(result)),
            statements=tuple(scoped.statements),
        )
        for result in results
    )


def _asked(
    scoped: ScopedStore, first: str | None, then: str | None
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if then and not first:
        raise InvalidArgumentError(f"then: '{then}' needs `first`: what it should follow.")
    ends = set(end_touchpoints(scoped.store, scoped.scope))
    found = []
    for where, name in (("first", first), ("then", then)):
        ids = touchpoint_ids(scoped.store, (name,), where=where) if name else ()
        if ids and set(ids) <= ends and not scoped.scope.definition.end.where:
            raise InvalidArgumentError(f"{where}: '{name}' is where this journey ends.")
        found.append(ids)
    if set(found[0]) & set(found[1]):
        raise InvalidArgumentError(f"then: '{then}' is the same as first: '{first}'.")
    return found[0], found[1]


def _called(store: Store, ids: tuple[int, ...], asked: str | None) -> str | None:
    names = [name for number, name in touchpoints(store) if number in ids]
    return " or ".join(names) if 0 < len(names) <= 3 else asked


def _overall(scoped: ScopedStore, result: TimingResult, top: int) -> TimingResult:
    definition = scoped.scope.definition
    minimum = scoped.scope.minimum_group
    window = definition.window.total_seconds()
    as_of = {"window_seconds": window, "as_of": scoped.scope.as_of}
    hours = scoped.records(HOURS_QUERY, as_of, Hour)
    asked = {"minimum": minimum, "most": TRANSITIONS, "per_fold": PER_FOLD}
    ends = {"end_ids": list(end_touchpoints(scoped.store, scoped.scope))}
    rows = gap_rows(scoped.records(GAPS_QUERY, {**asked, **ends}, Gap))
    rhythm_asked = {
        "session_seconds": definition.session_gap.total_seconds(),
        "day": DAY,
        "week": 7 * DAY,
        "middle": middle(scoped.store),
    }
    halved = in_halves(scoped, RHYTHM_QUERY, ("returned",), ("returned",))
    rhythm = rhythm_rows(scoped.records(halved, rhythm_asked, Rhythm), minimum)
    return replace(
        result,
        rows=tuple(rows[:top]),
        days=tuple(day_points(hours, window / DAY)),
        rhythm=tuple(rhythm),
        compared=len(rows),
        caveats=(*result.caveats, *((ONCE,) if rows or rhythm else ())),
    )


def _next(
    scoped: ScopedStore, result: TimingResult, ids: tuple[int, ...], top: int
) -> TimingResult:
    asked = {"first_ids": _shown(scoped, ids), **_limits(scoped)}
    counted = scoped.records(NEXT_QUERY, asked, Next)
    persons = sum(row.persons for row in counted if row.kind not in {"anything", "conversion"})
    if not persons:
        raise _nobody(scoped, result)
    return replace(
        result,
        rows=tuple(next_rows(counted, persons, top, scoped.scope.minimum_group)),
        persons=persons,
        exposed=_exposures(scoped, ids),
        moved=next((row for row in counted if row.kind == "anything" and row.persons), None),
        finished=next((row for row in counted if row.kind == "conversion" and row.persons), None),
        caveats=(*result.caveats, ONCE),
    )


def _nobody(scoped: ScopedStore, result: TimingResult) -> NoDataError:
    where = scoped.scope.sentence()
    return NoDataError(f"No journey old enough to judge came to {result.first}: {where}.")


def _within(
    scoped: ScopedStore,
    results: Sequence[TimingResult],
    first_ids: Sequence[int],
    thens: Sequence[Sequence[int]],
) -> list[TimingResult]:
    """Fill in the results, each of which is about one of `thens`."""
    placed = [(place, told) for place, ids in enumerate(thens) for told in _shown(scoped, ids)]
    asked = {
        "first_ids": _shown(scoped, first_ids),
        "then_ids": [told for _, told in placed],
        "then_places": [place for place, _ in placed],
        "thens": len(thens),
        "seed": SEED,
    }
    counted = scoped.records(WITHIN_QUERY, {**asked, **_limits(scoped)}, Within)
    if not counted:
        raise _nobody(scoped, results[0])
    return [
        _followed(
            scoped, result, (*first_ids, *ids), [row for row in counted if row.place == place]
        )
        for place, (result, ids) in enumerate(zip(results, thens, strict=True))
    ]


def _followed(
    scoped: ScopedStore, result: TimingResult, ids: Sequence[int], counted: Sequence[Within]
) -> TimingResult:
    rows = within_rows(counted, scoped.scope.minimum_group)
    exposed = _exposures(scoped, ids)
    return replace(
        result,
        rows=tuple(rows),
        compared=len(rows),
        persons=sum(row.persons for row in counted),
        followed=sum(row.persons for row in counted if row.waited <= len(HOURS)),
        exposed=exposed,
        caveats=(*result.caveats, ONCE, *((SENT,) if exposed else ())),
    )


def _shown(scoped: ScopedStore, ids: Sequence[int]) -> list[int]:
    hidden = hidden_touchpoints(scoped.store)
    return [number for number in ids if number not in hidden]


def _limits(scoped: ScopedStore) -> dict[str, float]:
    """Return how long after its start, and after its last event, a journey can still convert."""
    definition = scoped.scope.definition
    return {
        "window_seconds": definition.window.total_seconds(),
        "inactivity_seconds": definition.inactivity.total_seconds(),
    }


def _exposures(scoped: ScopedStore, ids: Sequence[int]) -> bool:
    sql = "SELECT count(*) FROM touchpoint WHERE kind = 'exposure' AND list_contains($ids, touchpoint_id)"
    return bool(scoped.store.value(sql, {"ids": list(ids)}))


def _facts(result: TimingResult, young: int) -> list[Fact]:
    return [
        Fact("timing.mature", "Journeys old enough to judge", result.mature, "journeys"),
        Fact("timing.young", "Journeys too young to judge", young, "journeys"),
        Fact("timing.converted", "Journeys that converted, of those", result.converted, "journeys"),
        Fact("timing.lower", "A quarter of conversions come within", result.lower_seconds, "seconds"),
        Fact("timing.median", "Half of conversions come within", result.median_seconds, "seconds"),
        Fact("timing.upper", "Three quarters of conversions come within", result.upper_seconds, "seconds"),
        Fact("timing.compared", "Transitions compared, or hours tried", result.compared, "count"),
    ]  # fmt: skip


def _own_facts(result: TimingResult) -> list[Fact]:
    gaps = [row for row in result.rows if isinstance(row, GapRow)]
    within = [row for row in result.rows if isinstance(row, WithinRow)]
    nexts = [row for row in result.rows if isinstance(row, NextRow)]
    facts = [*day_facts(result.days), *rhythm_facts(result.rhythm), *gap_facts(gaps)]
    first, then = result.first or "", result.then or ""
    if first:
        facts.append(
            Fact("timing.persons", f"People who came to {first}", result.persons, "persons")
        )
    if then:
        facts.append(
            Fact(
                "timing.followed",
                f"{then} came after {first}",
                rate(result.followed, result.persons),
                "rate",
                result.followed,
                result.persons,
            )
        )
    for name, told, row in (
        ("moved", f"did anything more after {first}", result.moved),
        ("finished", f"went on to convert after {first}", result.finished),
    ):
        if row:
            facts += [
                Fact(f"timing.{name}", f"People who {told}", rate(row.persons, result.persons), "rate", row.persons, result.persons),
                Fact(f"timing.{name}_lower", f"A quarter {told} within", row.lower_seconds, "seconds"),
                Fact(f"timing.{name}_median", f"Half {told} within", row.median_seconds, "seconds"),
                Fact(f"timing.{name}_upper", f"Three quarters {told} within", row.upper_seconds, "seconds"),
            ]  # fmt: skip
    return [*facts, *within_facts(within, first, then), *next_facts(nexts, first, result.persons)]
