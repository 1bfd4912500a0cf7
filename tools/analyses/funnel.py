"""How far people get along a row of steps, where they are lost, and where they go instead."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby

from tools.analyses.funnel_facts import (
    Counted,
    FunnelStep,
    Instead,
    SegmentStep,
    funnel_caveats,
    funnel_facts,
)
from tools.analyses.funnel_parts import (
    Asked,
    Order,
    Per,
    ask,
    everyone,
    in_order,
    parameters,
    statement,
)
from tools.analyses.parameters import Duration, Touchpoints
from tools.analyses.result import NOT_KNOWN, Result
from tools.errors import NoDataError
from tools.journeys.scope import Scope, ScopedStore, resolve, segment_expression
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.differences import fisher
from tools.statistics.intervals import newcombe, rate, wilson
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__)
ANY_JOURNEY = (
    "-- One row.\nWITH counted AS (SELECT count(*) AS journeys FROM scoped_journey) "
    "SELECT counted.journeys FROM counted ORDER BY 1"
)
INSTEAD_MOST = 10
"""Touchpoints listed for each step; the others are pooled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelResult(Result[FunnelStep]):
    """The funnel's steps as rows; where the lost went, and each segment's funnel, beside them."""

    per: Per
    order: Order
    window: timedelta | None
    """None: no limit, but that of the journey or session itself."""
    horizon: timedelta
    """How long ago an entry has to be to count as mature."""
    entered: int
    """Units that reached the first step."""
    completed: int
    mature_entered: int
    """Units with an entry old enough to judge; the base of every rate."""
    mature_completed: int
    """By such an entry."""
    conversion_rate: float | None
    """mature_completed / mature_entered."""
    low: float | None
    high: float | None
    median_seconds: float | None
    """From the first to the last step, of mature_completed."""
    instead: tuple[Instead, ...]
    """Per step, most units first; they add up to the step's `ended`."""
    by: str | None
    segments: tuple[SegmentStep, ...]
    """Each segment's steps; the segments add up to the rows. Empty where `by` is None."""


@dataclass(frozen=True, slots=True)
class _Journeys:
    journeys: int


def funnel(
    store: Store,
    *,
    steps: Touchpoints,
    order: Order = "ordered",
    per: Per = "person",
    window: Duration | None = None,
    optional: Touchpoints = (),
    excluded: Touchpoints = (),
    by: str | None = None,
    repeats: bool = True,
    reentry: bool = False,
    strictly_later: bool = False,
    scope: Scope,
) -> FunnelResult:
    """Count how many take the steps one after the other, where they are lost, and where they go.

    A unit (a person, journey or session) counts once per step, by the entry that takes it
    deepest; one event serves one step; the window runs from the entry and is closed; what
    happens at one moment is in the order of its `seq`. Rates count mature units only: those with
    an entry so old that its whole window has passed, whatever came of it (per journey: mature
    journeys). Times follow the tightest way: each step is dated by its last time before the next.
    Persons and sessions are those of the persons with a journey in the scope's segment, by
    entries dated within the scope; their segment is that of the person's first journey.

    Args:
        store: Where the events are.
        steps: Touchpoints or globs, in order; `a | b` matches either.
        order: "ordered": other things may happen in between; "strict": nothing else may, but
            more of the step just taken; "any": a step counts once it and all before it are done,
            in whatever order, within one window.
        per: Whether the steps have to be one person's, in one journey, or in one session.
        window: Longest time from the first step to the last; None: no limit of its own.
        optional: Steps that may be skipped.
        excluded: Touchpoints that end the way: what comes later needs a new entry.
        by: A segment field (channel, a trait, ...): one funnel per value beside the whole.
        repeats: False: a step that is done again before the next one ends the way (the first
            one may be repeated).
        reentry: In strict order, every entry counts and going back to an earlier step does no
            harm; without it, only a unit's first entry counts.
        strictly_later: A step has to be later than the one before it, not only after it in order
            (with order "ordered" and repeats allowed).
        scope: Journeys and segment; its dates are those of the entries.

    Raises:
        UnknownTouchpointError, UnknownSegmentError: A name is not known.
        InvalidArgumentError: The parts contradict each other.
        NoDataError: No journey is in scope.

    Source: ClickHouse, windowFunnel (modes strict_order, strict_deduplication, strict_increase,
    strict_once, allow_reentry).
    """
    asked = ask(
        store,
        steps,
        optional,
        excluded,
        order=order,
        per=per,
        window=window,
        repeats=repeats,
        reentry=reentry,
        strictly_later=strictly_later,
    )
    expression, values = segment_expression(store, by) if by else (None, {})
    # Persons are chosen by segment alone: the dates are those of their entries.
    seen = scope if per == "journey" else replace(scope, since=None, until=None)
    scoped = ScopedStore(store, seen)
    told = {**parameters(store, asked, scope, scoped.scope), **values}
    query = statement(
        QUERY,
        asked,
        scope,
        expression,
        ordered=in_order(store, per),
        everyone=not by and everyone(store, per, scoped.scope),
    )
    counted = scoped.records(query, told, Counted)
    if not counted and not scoped.records(ANY_JOURNEY, {}, _Journeys)[0].journeys:
        raise NoDataError(f"No journey is in scope: {scoped.scope.sentence()}.")
    return _result(store, scope, asked, by, scoped, counted)


def _result(
    store: Store,
    scope: Scope,
    asked: Asked,
    by: str | None,
    scoped: ScopedStore,
    counted: tuple[Counted, ...],
) -> FunnelResult:
    whole = {row.step: row for row in counted if row.kind == "step" and row.segment is None}
    gone = [row for row in counted if row.kind == "instead"]
    rows = _steps(asked, whole, gone)
    instead = _instead(asked, gone)
    segments = _segments(asked, rows, counted) if by else ()
    first, last = rows[0], rows[-1]
    resolved = resolve(store, scope)
    horizon = resolved.definition.window
    if asked.window and asked.per != "journey":
        horizon = asked.window
    passed = whole[last.step].passed_seconds if last.mature and len(rows) > 1 else None
    return FunnelResult(
        rows=rows,
        facts=funnel_facts(asked.per, rows, instead, segments, passed, asked.window, horizon),
        scope=resolved,
        statements=tuple(scoped.statements),
        caveats=funnel_caveats(asked.per, asked.window, rows, horizon, resolved.minimum_group),
        per=asked.per,
        order=asked.order,
        window=asked.window,
        horizon=horizon,
        entered=first.reached,
        completed=last.reached,
        mature_entered=first.mature,
        mature_completed=last.mature,
        conversion_rate=last.conversion_rate,
        low=last.low,
        high=last.high,
        median_seconds=passed,
        instead=instead,
        by=by,
        segments=segments,
    )


def _steps(
    asked: Asked, whole: dict[int, Counted], gone: Iterable[Counted]
) -> tuple[FunnelStep, ...]:
    """Return every step's row, those that nobody reached included."""
    ended = Counter[int]()
    for row in gone:
        ended[row.step] += row.units
    mature = [whole[k].mature if k in whole else 0 for k in range(1, len(asked.names) + 1)]
    rows = []
    for position, name in enumerate(asked.names):
        told = whole.get(position + 1)
        low, high = wilson(mature[position], mature[0])
        before = mature[asked.before(position)[-1]] if position else 0
        step_low, step_high = wilson(mature[position], before)
        rows.append(
            FunnelStep(
                step=position + 1,
                name=name,
                optional=position in asked.optional,
                reached=told.units if told else 0,
                mature=mature[position],
                conversion_rate=rate(mature[position], mature[0]),
                low=low,
                high=high,
                step_rate=rate(mature[position], before),
                step_low=step_low,
                step_high=step_high,
                ended=ended[position + 1],
                median_seconds=told.waited_seconds if told else None,
            )
        )
    return tuple(rows)


def _instead(asked: Asked, gone: list[Counted]) -> tuple[Instead, ...]:
    rows = []
    for step, group in groupby(gone, key=lambda row: row.step):
        told = list(group)
        lost = sum(row.units for row in told)
        named = [row for row in told if row.touchpoint is not None]
        ended = [row for row in told if row.touchpoint is None]
        shown = sorted([*ended, *named[:INSTEAD_MOST]], key=lambda row: -row.units)
        listed = [(row.touchpoint, row.units) for row in shown]
        if rest := sum(row.units for row in named[INSTEAD_MOST:]):
            listed.append(("other", rest))
        for touchpoint, units in listed:
            low, high = wilson(units, lost)
            name = asked.names[step - 1]
            rows.append(Instead(step, name, touchpoint, units, rate(units, lost), low, high))
    return tuple(rows)


def _segments(
    asked: Asked, rows: tuple[FunnelStep, ...], counted: Iterable[Counted]
) -> tuple[SegmentStep, ...]:
    """Return each segment's steps against all others', the largest segment first.

    Units whose value is not known stand in no comparison: what is known of people often depends
    on how far they got.
    """
    found: dict[str, dict[int, Counted]] = {}
    for row in counted:
        if row.kind == "step" and row.segment is not None:
            found.setdefault(row.segment, {})[row.step] = row
    named = sorted(found, key=lambda name: (name == "other", -found[name][1].units, name))
    last = len(asked.names)
    nobody = found.get(NOT_KNOWN, {})
    known = [row.mature - (nobody[row.step].mature if row.step in nobody else 0) for row in rows]
    told = {
        name: _against_rest(name, rows, found[name], None if name == NOT_KNOWN else known)
        for name in named
    }
    p_values = {
        name: fisher(
            told[name][-1].mature,
            told[name][0].mature,
            known[-1] - told[name][-1].mature,
            known[0] - told[name][0].mature,
        )
        for name in named
        if name != NOT_KNOWN
    }
    tested = {name: p for name, p in p_values.items() if p is not None and last > 1}
    q_values = dict(zip(tested, benjamini_hochberg(list(tested.values())), strict=True))
    return tuple(
        replace(row, q_value=q_values.get(name) if row.step == last else None)
        for name in named
        for row in told[name]
    )


def _against_rest(
    segment: str, rows: tuple[FunnelStep, ...], own: dict[int, Counted], known: list[int] | None
) -> list[SegmentStep]:
    """Return one segment's steps; `known` holds each step's count over all known segments."""
    entered = own[1].mature
    others = known[0] - entered if known else 0
    told = []
    for position, row in enumerate(rows):
        reached = own[row.step].units if row.step in own else 0
        mature = own[row.step].mature if row.step in own else 0
        reached_others = known[position] - mature if known else 0
        share, rest = rate(mature, entered), rate(reached_others, others)
        low, high = wilson(mature, entered)
        apart = share - rest if share is not None and rest is not None else None
        apart_low, apart_high = newcombe(mature, entered, reached_others, others)
        told.append(
            SegmentStep(
                segment=segment,
                step=row.step,
                name=row.name,
                reached=reached,
                mature=mature,
                conversion_rate=share,
                low=low,
                high=high,
                difference=apart,
                difference_low=apart_low,
                difference_high=apart_high,
                q_value=None,
            )
        )
    return told
