"""Which touchpoints are moments after which people convert more, or less, than others as far along."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field

from tools.analyses.inflection_point_rows import DepthRow, MomentRow, facts_of, moment_row, ranked
from tools.analyses.parameters import Top
from tools.analyses.result import Result, young_caveat
from tools.analyses.scope_counts import scope_counts
from tools.errors import InvalidArgumentError, NoDataError
from tools.journeys.definition import spoken
from tools.journeys.scope import ResolvedScope, Scope, ScopedStore, end_touchpoints
from tools.journeys.touchpoints import touchpoint_ids
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.intervals import rate
from tools.statistics.stratified import RiskRatio, both, risk_ratios
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__)
REQUIRED_QUERY = read_sql(__file__, "inflection_points_required.sql")
DEEPEST = 60
"""First visits at later steps are not compared: hardly anyone gets that far."""
REQUIRED = 0.95
"""A touchpoint that so many of those who convert pass is the way itself, not a moment on it."""
DEPTHS = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, DEEPEST))
NO_END = "This journey has no end event, so nothing can be said about what leads to it."
ONCE = "Each person counts once, with their first journey old enough to judge."
NOTHING = RiskRatio(None, None, None, None, 0, 0, 0.0)
Counts = npt.NDArray[np.int64]
Named = Annotated[str | None, Field(description="One touchpoint: its effect by depth")]


@dataclass(frozen=True, slots=True, kw_only=True)
class InflectionPointsResult(Result[MomentRow]):
    """Touchpoints by landmark effect: the ones that help first, then those that do not, then others."""

    touchpoint: str | None
    persons: int
    """Each with their first mature journey in scope."""
    converted: int
    base_rate: float | None
    compared: int
    """Touchpoints whose effect was tested."""
    required: tuple[str, ...] = ()
    """Touchpoints that nearly everyone who converts passes, most people first."""
    depths: tuple[DepthRow, ...] = ()


@dataclass(frozen=True, slots=True)
class _Counted:
    touchpoint_id: int | None
    label: str | None
    channel: str
    converted: bool
    stage: int
    step: int
    came: int
    began: int
    rose: int
    ceased: int


@dataclass(frozen=True, slots=True)
class _Required:
    touchpoint_id: int


@dataclass(frozen=True, slots=True)
class _Tables:
    """For one touchpoint, by step and stratum: who came there first, and who had not come yet."""

    touchpoint_id: int
    label: str
    came: Counts
    came_converted: Counts
    others: Counts
    others_converted: Counts
    before: Counts
    """The others by the stage that they were at before this step."""
    before_converted: Counts
    persons: int
    converted: int
    is_required: bool


def inflection_points(
    store: Store, *, top: Top = 10, touchpoint: Named = None, scope: Scope
) -> InflectionPointsResult:
    """Find the touchpoints after which people convert more, or less, than others who got as far.

    The landmark effect: of those whose first visit to a touchpoint is their step s, the share that
    went on to convert, against those at the same step s who have not been there yet, of the same
    first channel, and past as many of the required steps (touchpoints that nearly everyone who
    converts passes; these have no effect of their own to be told); pooled by Mantel and Haenszel.
    Whether those others whose own step s was a required one count as still before it or already
    past it makes a difference; both are computed, the ratio nearer to 1 is told, and the interval
    and p-value are as wide as both together. Whoever is compared is still under way and as
    far along, so that long journeys, which contain everything, flatter nothing; the plain lift,
    which they do flatter, is shown beside it. Each person counts once, by their first mature
    journey in scope.

    Args:
        store: Where the journeys stand.
        top: Most touchpoints listed.
        touchpoint: One touchpoint (`a | b` matches one each): its effect by depth.
        scope: Which journeys.

    Raises:
        NoDataError: No journey is in scope, or nobody came to `touchpoint`.
        UnknownTouchpointError: `touchpoint` is not known.
        InvalidArgumentError: `touchpoint` is the end of the journey.

    Source: Anderson, Cain and Gelber 1983 (landmark); Mantel and Haenszel 1959; Greenland and
    Robins 1985 (interval); Benjamini and Hochberg 1995.
    """
    scoped = ScopedStore(store, scope)
    young = scope_counts(scoped).young
    ids = _named(store, scoped.scope, touchpoint)
    limits = {"required": REQUIRED, "minimum": scoped.scope.minimum_group}
    required = [row.touchpoint_id for row in scoped.records(REQUIRED_QUERY, limits, _Required)]
    counted = scoped.records(QUERY, {"deepest": DEEPEST, "required": required}, _Counted)
    tables = _tables(counted, frozenset(required))
    everyone = [row for row in counted if row.touchpoint_id is None and row.step == 1]
    persons = sum(row.began for row in everyone)
    converted = sum(row.began for row in everyone if row.converted)
    has_end = bool(scoped.scope.definition.end.touchpoints)
    rows = _rows(tables, persons, converted, scoped.scope.minimum_group) if has_end else []
    shown = ranked(rows)[:top]
    depths: tuple[DepthRow, ...] = ()
    if ids:
        shown = [row for row in rows if row.touchpoint_id in ids]
        if not shown and has_end:
            raise NoDataError(
                f"Of people's first journeys old enough to judge, none came to {touchpoint} before its end."
            )
        own = [t for t in tables if shown and t.touchpoint_id == shown[0].touchpoint_id]
        depths = tuple(_depths(own[0])) if own and not own[0].is_required else ()
    compared = sum(row.q_value is not None for row in rows)
    return InflectionPointsResult(
        rows=tuple(shown),
        facts=facts_of(shown, depths, persons, converted, compared, young),
        scope=scoped.scope,
        statements=tuple(scoped.statements),
        caveats=_caveats(scoped.scope, young, has_end),
        touchpoint=shown[0].touchpoint if ids and shown else touchpoint,
        persons=persons,
        converted=converted,
        base_rate=rate(converted, persons) if has_end else None,
        compared=compared,
        required=tuple(
            row.touchpoint
            for row in sorted(rows, key=lambda row: (-row.persons, row.touchpoint))
            if row.is_required
        ),
        depths=depths,
    )


def _named(store: Store, scope: ResolvedScope, touchpoint: str | None) -> tuple[int, ...]:
    if not touchpoint:
        return ()
    ids = touchpoint_ids(store, (touchpoint,), where="touchpoint")
    if set(ids) <= set(end_touchpoints(store, scope)) and not scope.definition.end.where:
        raise InvalidArgumentError(f"touchpoint: '{touchpoint}' is where this journey ends.")
    return ids


@dataclass(frozen=True, slots=True)
class _Movements:
    """People by outcome, step, channel and stage."""

    came: Counts
    there: Counts
    """With the stage that this step brought them to."""
    before: Counts
    """With the stage that they were at before it."""


def _tables(counted: Sequence[_Counted], required: frozenset[int]) -> list[_Tables]:
    """Return, for each touchpoint, step by stratum tables of those who came and those who had not."""
    channels = {name: place for place, name in enumerate(sorted({row.channel for row in counted}))}
    stages = 1 + max((row.stage for row in counted), default=0)
    told: dict[int | None, list[_Counted]] = {None: []}
    for row in counted:
        told.setdefault(row.touchpoint_id, []).append(row)
    everyone = _movements(told.pop(None), channels, stages)
    return [
        _table(number, rows, everyone, _movements(rows, channels, stages), number in required)
        for number, rows in told.items()
        if number is not None
    ]


def _movements(rows: list[_Counted], channels: dict[str, int], stages: int) -> _Movements:
    shape = (2, DEEPEST + 2, len(channels), stages + 1)
    came, moved, rose = (np.zeros(shape, np.int64) for _ in range(3))
    for row in rows:
        place = (int(row.converted), row.step, channels[row.channel], row.stage)
        came[place] += row.came
        moved[place] += row.began - row.ceased
        rose[place] += row.rose
    there = moved.cumsum(axis=1)
    return _Movements(came, there, there - rose + np.roll(rose, -1, axis=3))


def _table(
    number: int,
    rows: list[_Counted],
    everyone: _Movements,
    own: _Movements,
    is_required: bool,
) -> _Tables:
    steps = slice(1, DEEPEST + 1)
    others, before = everyone.there - own.there, everyone.before - own.before
    return _Tables(
        number,
        rows[0].label or "",
        own.came[:, steps].sum(axis=0),
        own.came[1, steps],
        others[:, steps].sum(axis=0),
        others[1, steps],
        before[:, steps].sum(axis=0),
        before[1, steps],
        int(own.came.sum()),
        int(own.came[1].sum()),
        is_required,
    )


def _rows(tables: list[_Tables], persons: int, converted: int, minimum: int) -> list[MomentRow]:
    compared = [table for table in tables if not table.is_required]
    found = iter(_effects(compared))
    effects = [NOTHING if table.is_required else next(found) for table in tables]
    tested = [
        place
        for place, effect in enumerate(effects)
        if effect.p_value is not None and effect.exposed >= minimum
    ]
    q_values = benjamini_hochberg([effects[place].p_value or 0.0 for place in tested])
    q_by_place = dict(zip(tested, q_values, strict=True))
    return [
        moment_row(
            table.touchpoint_id,
            table.label,
            (table.persons, table.converted),
            (persons, converted),
            effects[place],
            q_by_place.get(place),
            is_required=table.is_required,
        )
        for place, table in enumerate(tables)
    ]


def _effects(tables: list[_Tables], steps: slice = slice(None)) -> list[RiskRatio]:
    """Return each touchpoint's effect, as sure as both ways to choose the others are of it."""
    if not tables:
        return []

    def against(others: str) -> list[RiskRatio]:
        names = ("came", "came_converted", others, f"{others}_converted")
        return risk_ratios(
            *(
                np.array([getattr(table, name)[steps].ravel() for table in tables], np.int64)
                for name in names
            )
        )

    return [both(*pair) for pair in zip(against("others"), against("before"), strict=True)]


def _depths(table: _Tables) -> list[DepthRow]:
    found = [_effects([table], slice(first - 1, last))[0] for first, last in DEPTHS]
    tested = [effect for effect in found if effect.p_value is not None]
    q_values = iter(benjamini_hochberg([effect.p_value or 0.0 for effect in tested]))
    return [
        DepthRow(
            first,
            last,
            effect.exposed,
            effect.exposed_events,
            effect.expected,
            effect.ratio,
            effect.low,
            effect.high,
            None if effect.p_value is None else next(q_values),
        )
        for (first, last), effect in zip(DEPTHS, found, strict=True)
        if effect.exposed
    ]


def _caveats(scope: ResolvedScope, young: int, has_end: bool) -> tuple[str, ...]:
    if not has_end:
        return (NO_END,)
    return (*young_caveat(young, spoken(scope.definition.window)), ONCE)
