"""Whether a change worked: conversion and leaving since a day against before it, and against others."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from tools.analyses.change_effect_rows import (
    Arrived,
    StepRow,
    difference_facts,
    step_facts,
    step_rows,
)
from tools.analyses.change_effect_windows import (
    Counted,
    Difference,
    Trend,
    beyond,
    difference,
    placebos,
    trend,
)
from tools.analyses.parameters import Touchpoints
from tools.analyses.result import Fact, Result
from tools.analyses.scope_counts import scope_counts
from tools.errors import InvalidArgumentError
from tools.journeys.changes import Change, change_named, changes
from tools.journeys.scope import Scope, ScopedStore, conditions
from tools.statistics.distances import mix_test
from tools.statistics.power import people_per_group
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__, "change_effect_began.sql")
STEPS_QUERY = read_sql(__file__, "change_effect_arrivals.sql")
PATHS_QUERY = read_sql(__file__, "change_effect_paths.sql")
DAY = timedelta(days=1)
LONGEST = 90
MOST_STEPS, MOST_PATHS = 10, 40
WORTH_SEEING = 0.2
"""The relative difference that a window should be able to show, where none is expected."""
STRADDLE = (
    "Journeys that began shortly before the change ran partly with it, which draws the difference "
    "towards none; with the {window:,} days just before it left out, conversion before was {rate}."
)
BEFORE_AFTER = (
    "Without a control group this compares two times: whatever else happened then is in it."
)
Verdict = Literal["as expected", "more than expected", "less than expected", "not told yet"]
OnDay = Annotated[date | None, Field(description="The first day with the change")]
Named = Annotated[str | None, Field(description="A recorded change, by its name")]
Length = Annotated[
    int | None,
    Field(ge=1, le=730, description="Days compared on either side; 90 at most unless told"),
]
Control = Annotated[
    Touchpoints,
    Field(description="Filters of a group that the change did not reach: `device = desktop`"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEffectResult(Result[StepRow]):
    """Conversion before and since the change; the rows are touchpoints that people left less or more."""

    change: str | None
    """The recorded change's name."""
    on: date | None
    """None: no change is recorded and no day was named."""
    days: int
    """Compared on either side."""
    effect: Difference | None
    without_straddle: Difference | None
    """The same with the window's length before the change left out."""
    control: tuple[str, ...]
    control_effect: Difference | None
    beyond_control: tuple[float, float, float, float] | None
    """Difference in differences: value, interval, p."""
    pre_trend: Trend | None
    placebo_dates: int
    """Earlier dates at which the same comparison could be made."""
    placebo_as_large: int
    """How many of these showed a difference as large."""
    path_distance: float | None
    """How far the beginnings of journeys moved (Jensen-Shannon, 0 to 1)."""
    path_p: float | None
    measurable_on: date | None
    """When enough people will have been judged, where they have not yet."""
    expected: tuple[float, float, float] | None
    """Extra conversions, and their interval, that were expected."""
    observed: tuple[float, float, float] | None
    """Extra conversions in as many days."""
    expected_days: int
    verdict: Verdict | None
    """Against what was expected; None where nothing was."""


@dataclass(frozen=True, slots=True)
class _Beginning:
    beginning: str
    is_after: bool
    journeys: int


def change_effect(
    store: Store,
    *,
    change: Named = None,
    on: OnDay = None,
    days: Length = None,
    control: Control = (),
    scope: Scope,
) -> ChangeEffectResult:
    """Compare conversion since a change with as many days before it, and with what moved anyway.

    Mature journeys by the day they began, in windows of equal length. With a control group, the
    difference in differences. Whether such differences happen anyway is seen from the trend of the
    weeks before and from the same comparison at earlier dates (placebos). Touchpoints are compared
    by the share of journeys that end right on first coming there, by the day they came. For a
    recorded change only its audience is looked at (all others are then the control, if none is
    named), and what was expected of it is set beside what came.

    Args:
        store: Where the journeys and changes stand.
        change: A recorded change; None, and no `on`: the latest one.
        on: Its first day, instead of a name.
        days: Length of each window; None: as long as the data allow, 90 at most.
        control: Filters of a group that it did not reach.
        scope: Which journeys; its dates are not used, as the windows are the dates.

    Raises:
        NoDataError: No journey is in scope.
        InvalidArgumentError: No change has that name, or both a name and a day are given.
        UnknownSegmentError, UnknownTouchpointError: A filter of the control is not known.

    Source: Newcombe 1998; Fisher 1935; Angrist and Pischke 2009, chapter 5 (difference in
    differences, pre-trends); Endres and Schindelin 2003 (paths).
    """
    told = _told(store, change, on)
    day = told.happened_on if told else on
    audience = conditions(told.audience) if told else ()
    own = ScopedStore(
        store, replace(scope, since=None, until=None, where=(*scope.where, *audience))
    )
    scope_counts(own)
    counted = own.records(QUERY, {}, Counted)
    nothing = _nothing(own, told, day)
    if day is None:
        return nothing
    window = own.scope.definition.window
    judged = (own.scope.as_of - window).date()
    length = days or _length(counted, day, judged)
    found = difference(counted, day, length)
    asked = {
        "on": datetime.combine(day, datetime.min.time()),
        "since": datetime.combine(day - length * DAY, datetime.min.time()),
        "until": datetime.combine(day + length * DAY, datetime.min.time()),
    }
    minimum = own.scope.minimum_group
    steps = step_rows(own.records(STEPS_QUERY, asked, Arrived), minimum)[:MOST_STEPS]
    distance = _paths(own.records(PATHS_QUERY, asked, _Beginning))
    earlier = placebos(counted, day, length)
    result = replace(
        nothing,
        rows=tuple(steps),
        days=length,
        effect=found,
        without_straddle=difference(counted, day, length, window.days),
        pre_trend=trend(counted, day),
        placebo_dates=sum(each.difference is not None for each in earlier),
        placebo_as_large=sum(_as_large(each, found) for each in earlier),
        path_distance=distance[0] if distance else None,
        path_p=distance[1] if distance else None,
        measurable_on=_measurable(found, told, day, length, window, minimum),
    )
    result = _with_control(store, result, control, bool(audience), scope, length)
    result = _with_expected(result, told)
    return replace(
        result,
        facts=_facts(result),
        statements=(*own.statements, *result.statements),
        caveats=_caveats(result, window.days),
    )


def _told(store: Store, change: str | None, on: date | None) -> Change | None:
    if change and on:
        raise InvalidArgumentError("on: name a recorded change or a day, not both.")
    if change:
        return change_named(store, change)
    known = changes(store)
    return None if on or not known else known[0]


def _nothing(scoped: ScopedStore, told: Change | None, day: date | None) -> ChangeEffectResult:
    return ChangeEffectResult(
        rows=(), facts=(), scope=scoped.scope, statements=tuple(scoped.statements),
        change=told.name if told else None, on=day, days=0, effect=None, without_straddle=None,
        control=(), control_effect=None, beyond_control=None, pre_trend=None, placebo_dates=0,
        placebo_as_large=0, path_distance=None, path_p=None, measurable_on=None, expected=None,
        observed=None, expected_days=0, verdict=None,
    )  # fmt: skip


def _length(counted: tuple[Counted, ...], day: date, judged: date) -> int:
    first = min((each.began_on for each in counted), default=day)
    return max(1, min(LONGEST, (judged - day).days, (day - first).days))


def _as_large(one: Difference, found: Difference) -> bool:
    if one.difference is None or found.difference is None:
        return False
    return abs(one.difference) >= abs(found.difference)


def _paths(told: tuple[_Beginning, ...]) -> tuple[float, float] | None:
    """Return how far the beginnings moved, and the chance of it; None where nothing can move."""
    kept = list(dict.fromkeys(each.beginning for each in told))[:MOST_PATHS]
    table = np.zeros((2, len(kept) + 1), np.int64)
    for each in told:
        column = kept.index(each.beginning) if each.beginning in kept else len(kept)
        table[0 if each.is_after else 1, column] += each.journeys
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2 or not table.sum(axis=1).all():
        return None
    return mix_test(table, 1)[0]


def _measurable(
    found: Difference, told: Change | None, day: date, length: int, window: timedelta, minimum: int
) -> date | None:
    """Return when the window after the change will hold enough judged journeys; None: it does."""
    before = found.before_rate
    if before is None or not found.before:
        return None
    aim = before * (1 + WORTH_SEEING)
    expected = told.expected if told else None
    daily = found.before / length
    if expected and expected.extra_conversions:
        aim = before + expected.extra_conversions / (daily * expected.days)
    needed = max(minimum, people_per_group(before, min(0.99, aim)) or minimum)
    if found.after >= min(needed, found.before):
        return None
    return day + ceil(needed / daily) * DAY + window


def _with_control(
    store: Store,
    result: ChangeEffectResult,
    control: tuple[str, ...],
    has_audience: bool,
    scope: Scope,
    length: int,
) -> ChangeEffectResult:
    """Add the control group: the one named, or all that a recorded change was not for."""
    audience = [each.sentence() for each in result.scope.where]
    if not control and has_audience and len(audience) == len(scope.where) + 1:
        negated = audience[-1].replace(" = ", " != ", 1)
        control = (negated,) if negated != audience[-1] else ()
    if not control or result.on is None or result.effect is None:
        return result
    other = ScopedStore(
        store, replace(scope, since=None, until=None, where=(*scope.where, *conditions(control)))
    )
    moved = difference(other.records(QUERY, {}, Counted), result.on, length)
    return replace(
        result,
        control=control,
        control_effect=moved,
        beyond_control=beyond(result.effect, moved),
        statements=tuple(other.statements),
    )


def _with_expected(result: ChangeEffectResult, told: Change | None) -> ChangeEffectResult:
    """Set what was expected beside what came, in as many days."""
    expected = told.expected if told else None
    effect = result.effect
    if expected is None or expected.extra_conversions is None or effect is None:
        return result
    aim = (
        expected.extra_conversions,
        expected.low if expected.low is not None else expected.extra_conversions,
        expected.high if expected.high is not None else expected.extra_conversions,
    )
    value = (effect.difference, effect.low, effect.high)
    if result.beyond_control:
        value = result.beyond_control[:3]
    if value[0] is None or value[1] is None or value[2] is None:
        return replace(result, expected=aim, expected_days=expected.days, verdict="not told yet")
    scale = effect.after / result.days * expected.days
    observed = (value[0] * scale, value[1] * scale, value[2] * scale)
    verdict: Verdict = "as expected"
    if result.measurable_on is not None:
        verdict = "not told yet"
    elif observed[2] < aim[1]:
        verdict = "less than expected"
    elif observed[1] > aim[2]:
        verdict = "more than expected"
    elif observed[1] <= 0:
        verdict = "not told yet"
    return replace(
        result, expected=aim, observed=observed, expected_days=expected.days, verdict=verdict
    )


def _facts(result: ChangeEffectResult) -> tuple[Fact, ...]:
    facts = [
        Fact("change_effect.on", "First day with the change", str(result.on), "date"),
        Fact("change_effect.days", "Days compared on either side", result.days, "count"),
        Fact("change_effect.placebo_dates", "Earlier dates compared likewise", result.placebo_dates, "count"),
        Fact("change_effect.placebo_as_large", "Of these, with a difference as large", result.placebo_as_large, "count"),
        Fact("change_effect.path_distance", "How far beginnings of journeys moved", result.path_distance, "score"),
        Fact("change_effect.path_p", "Chance of as much (p): beginnings", result.path_p, "score"),
    ]  # fmt: skip
    if result.measurable_on:
        facts.append(
            Fact(
                "change_effect.measurable_on", "Can be told from", str(result.measurable_on), "date"
            )
        )
    for name, label, told in (
        ("change_effect", "all looked at", result.effect),
        ("change_effect.apart", "the days just before left out", result.without_straddle),
        ("change_effect.control", "the control group", result.control_effect),
    ):
        if told:
            facts += difference_facts(name, label, told)
    if result.beyond_control:
        value, low, high, p_value = result.beyond_control
        facts += [
            Fact("change_effect.beyond", "Beyond what the control group moved", value, "difference", low=low, high=high),
            Fact("change_effect.beyond_p", "Chance of as much (p): beyond the control", p_value, "score"),
        ]  # fmt: skip
    if result.pre_trend:
        facts += [
            Fact("change_effect.slope", "Change per week before it", result.pre_trend.slope, "difference", low=result.pre_trend.low, high=result.pre_trend.high),
            Fact("change_effect.slope_weeks", "Weeks before it", result.pre_trend.weeks, "count"),
        ]  # fmt: skip
    for name, label, triple in (
        ("expected", "Extra conversions expected", result.expected),
        ("observed", "Extra conversions since", result.observed),
    ):
        if triple:
            facts.append(
                Fact(
                    f"change_effect.{name}",
                    label,
                    triple[0],
                    "count",
                    low=triple[1],
                    high=triple[2],
                )
            )
    facts.append(Fact("change_effect.expected_days", "Days that these are for", result.expected_days, "count"))  # fmt: skip
    return (*facts, *step_facts(result.rows))


def _caveats(result: ChangeEffectResult, window_days: int) -> tuple[str, ...]:
    told: tuple[str, ...] = ()
    apart = result.without_straddle
    if apart and apart.before_rate is not None:
        told = (STRADDLE.format(window=window_days, rate=f"{100 * apart.before_rate:.2g} %"),)
    return told if result.beyond_control else (*told, BEFORE_AFTER)
