"""Did a change work: conversion and leaving before and after it, against whom it did not reach."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from math import ceil
from typing import Annotated

from pydantic import BeforeValidator, Field

from tools.analyses.change_effect_control import everyone_else
from tools.analyses.change_effect_result import ChangeEffectResult, Open, facts
from tools.analyses.change_effect_series import DAY, Day, Series, placebo, trend, weeks
from tools.analyses.change_effect_sides import (
    Counted,
    Side,
    beyond_control,
    difference,
    mix_of_channels,
    path_distance,
    side,
    smallest_visible,
)
from tools.analyses.change_effect_steps import CountedStep, step_changes
from tools.analyses.change_effect_verdict import judged
from tools.analyses.conversion_change_periods import last_judged_day
from tools.errors import InvalidArgumentError, NoDataError
from tools.journeys.changes import Change, Expected, change_named, changes
from tools.journeys.scope import Condition, Scope, ScopedStore, conditions
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__)
DAYS_QUERY = read_sql(__file__, "change_effect_days.sql")
STEPS_QUERY = read_sql(__file__, "change_effect_steps.sql")
MOST_DAYS = 90
PATHS = 30
"""Most paths told apart where the mix of paths is compared."""
THESE, CONTROL = "concerned", "control"
NO_CONTROL = (
    "Before and after alone do not show what caused a difference; other things may have happened "
    "at the same time."
)
ChangeName = Annotated[str | None, Field(description="A recorded change's name; or give `on`")]
On = Annotated[date | None, Field(description="The first day with the change; or give `change`")]
Days = Annotated[
    int | None, Field(ge=1, le=366, description="Days on either side; at most 90 if left out")
]
Filters = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda told: (told,) if isinstance(told, str) else told),
    Field(description="Filters of those whom the change did not reach: `country = AT`"),
]


def change_effect(
    store: Store,
    *,
    change: ChangeName = None,
    on: On = None,
    days: Days = None,
    control: Filters = (),
    scope: Scope,
) -> ChangeEffectResult:
    """Say whether a recorded change, or whatever happened on a day, moved conversion and leaving.

    People who began in the days from the change on are compared with those who began in as many
    days before; each counts once a side, with the first journey begun there, and only journeys
    old enough to judge count. People who began shortly before the change may still meet it, so
    the comparison is repeated with those whose whole window lay before it. At each touchpoint,
    first visits within the two spans are compared by how many left right after. With a control
    (its own audience makes everyone else one) the answer is the difference in differences.

    Args:
        store: Where the journeys and the changes stand.
        change: A recorded change. Without it and without `on`: the latest one.
        on: The first day with the change.
        days: Days on either side; None: as many as the data hold on both, at most 90.
        control: Filters of those whom the change did not reach.
        scope: Which journeys; a change's audience narrows it further.

    Raises:
        NoDataError: No journey is in scope.
        InvalidArgumentError: No change is recorded under the name, or `on` is another day.
        UnknownSegmentError, UnknownTouchpointError: The control names what is not known.

    Source: Newcombe 1998; Zou and Donner 2008; Endres and Schindelin 2003; Fleiss et al. 2003.
    """
    recorded, day = _asked(store, change, on)
    audience = conditions(recorded.audience) if recorded else ()
    these = ScopedStore(store, replace(scope, where=(*scope.where, *audience)))
    others = _control(store, scope, these, audience, conditions(control))
    began = these.records(DAYS_QUERY, {}, Day)
    if not began:
        raise NoDataError(f"No journey is in scope: {these.scope.sentence()}.")
    result = _begun(these, recorded, day, _called(control, others), began)
    if day is None:
        series = {THESE: Series(began, result.first_day, result.last_day)}
        told = weeks(series, result.last_day + DAY)
        return _done(replace(result, open="no change", weeks=told), [these], None)
    series = _series(result, began, others)
    result = replace(result, weeks=weeks(series, day), days=_length(result, day, days))
    result = _compared(result, these, others, day)
    minimum = these.scope.minimum_group
    own = [week for week in result.weeks if week.group == THESE]
    result = replace(result, trend=trend(own, day, minimum))
    if result.difference:
        found = placebo(series[THESE], series.get(CONTROL), day, result.days)
        result = replace(result, placebo=found)
    expected = recorded.expected if recorded else None
    return _done(judged(result, day, expected), [these, *others], expected)


def _asked(store: Store, name: str | None, on: date | None) -> tuple[Change | None, date | None]:
    """Return the change that is meant and its day."""
    if name:
        found = change_named(store, name)
        if on and on != found.happened_on:
            raise InvalidArgumentError(
                f"on: '{found.name}' is recorded on {found.happened_on}, not on {on}."
            )
        return found, found.happened_on
    if on:
        return None, on
    latest = next(iter(changes(store)), None)
    return latest, latest.happened_on if latest else None


def _control(
    store: Store,
    scope: Scope,
    these: ScopedStore,
    audience: Sequence[Condition],
    control: Sequence[Condition],
) -> list[ScopedStore]:
    """Return the control: as given, else everyone outside the audience, in parts.

    A filter of the control takes the place of the scope's on the same field: desktop in the
    scope and mobile in the control compares the two.
    """
    if control:
        fields = {condition.field.casefold() for condition in control} - {"touchpoint"}
        kept = tuple(one for one in scope.where if one.field.casefold() not in fields)
        return [ScopedStore(store, replace(scope, where=(*kept, *control)))]
    asked = these.scope.where[len(scope.where) :]
    parts = everyone_else(store, asked) if audience else ()
    return [ScopedStore(store, replace(scope, where=(*scope.where, *part))) for part in parts]


def _called(control: Sequence[str], others: Sequence[ScopedStore]) -> tuple[str, ...]:
    return tuple(control) or (("everyone else",) if others else ())


def _begun(
    these: ScopedStore,
    recorded: Change | None,
    day: date | None,
    control: tuple[str, ...],
    began: Sequence[Day],
) -> ChangeEffectResult:
    """Return the result before anything is compared."""
    scope = these.scope
    last = last_judged_day(scope.as_of, scope.definition.window)
    if scope.until and scope.until < last:
        last = scope.until
    nobody = Side(0, 0)
    return ChangeEffectResult(
        rows=(),
        facts=(),
        scope=scope,
        statements=(),
        change=recorded.name if recorded else None,
        on=day,
        audience=recorded.audience if recorded else (),
        control=control,
        open="",
        verdict="cannot tell",
        days=0,
        first_day=began[0].day,
        last_day=last,
        before=nobody,
        after=nobody,
        control_before=nobody,
        control_after=nobody,
        young=sum(row.young for row in began if day and row.day >= day),
        difference=None,
        beyond_control=None,
        control_difference=None,
        apart_days=ceil(scope.definition.window.total_seconds() / 86400),
        apart_people=0,
        apart=None,
        mix=None,
        path_distance=None,
        path_p=None,
        trend=None,
        placebo=None,
        extra=None,
        expected=None,
        measurable_on=None,
        smallest_visible=None,
        compared_steps=0,
        weeks=(),
    )


def _length(result: ChangeEffectResult, day: date, asked: int | None) -> int:
    """Return how many days either side has, as far as the data reach; at least one."""
    before, after = (day - result.first_day).days, (result.last_day - day).days + 1
    told = min(asked or MOST_DAYS, before)
    return max(1, min(told, after) if after > 0 else told)


def _series(
    result: ChangeEffectResult, began: Sequence[Day], others: Sequence[ScopedStore]
) -> dict[str, Series]:
    told = {THESE: Series(began, result.first_day, result.last_day)}
    rows = [row for other in others for row in other.records(DAYS_QUERY, {}, Day)]
    if rows:
        whole: dict[date, Day] = {}
        for row in rows:
            known = whole.get(row.day, Day(row.day, 0, 0, 0))
            people, converted = known.people + row.people, known.converted + row.converted
            whole[row.day] = Day(row.day, people, converted, known.young + row.young)
        told[CONTROL] = Series(list(whole.values()), result.first_day, result.last_day)
    return told


def _compared(
    result: ChangeEffectResult, these: ScopedStore, others: Sequence[ScopedStore], day: date
) -> ChangeEffectResult:
    """Count both sides and compare what can be compared."""
    parameters = _spans(result, day)
    counted = these.records(QUERY, parameters, Counted)
    minimum = these.scope.minimum_group
    before, after = side(counted, "before"), side(counted, "after")
    result = replace(result, before=before, after=after)
    if why := _why_open(result, day):
        return replace(result, open=why)
    rows, compared = step_changes(these.records(STEPS_QUERY, parameters, CountedStep), minimum)
    distance = path_distance(counted)
    result = replace(
        result,
        rows=rows,
        compared_steps=compared,
        path_distance=distance[0] if distance else None,
        path_p=distance[1] if distance else None,
    )
    if not these.scope.definition.end.touchpoints:
        return replace(result, open="no end")
    apart = side(counted, "apart")
    result = replace(
        result,
        difference=difference(after, before),
        mix=mix_of_channels(counted, minimum),
        smallest_visible=smallest_visible(before, after),
        apart_people=apart.people,
        apart=difference(after, apart) if apart.people >= minimum else None,
    )
    return _with_control(result, [other.records(QUERY, parameters, Counted) for other in others])


def _spans(result: ChangeEffectResult, day: date) -> dict[str, object]:
    window = result.apart_days * DAY
    told = {
        "before_from": day - result.days * DAY,
        "on_at": day,
        "after_end": min(day + result.days * DAY, max(day, result.last_day + DAY)),
        "apart_from": day - window - result.days * DAY,
        "apart_end": day - window,
    }
    return {**{name: datetime.combine(at, time.min) for name, at in told.items()}, "paths": PATHS}


def _why_open(result: ChangeEffectResult, day: date) -> Open:
    if day <= result.first_day:
        return "nothing before"
    minimum = result.scope.minimum_group
    if day > result.last_day:
        return "too early"
    if result.before.people < minimum:
        return "too few before"
    return "too early" if result.after.people < minimum else ""


def _with_control(
    result: ChangeEffectResult, counted: Sequence[Sequence[Counted]]
) -> ChangeEffectResult:
    sides = []
    for name in ("before", "after"):
        told = [side(rows, name) for rows in counted]
        sides.append(Side(sum(s.people for s in told), sum(s.converted for s in told)))
    before, after = sides
    result = replace(result, control_before=before, control_after=after)
    if min(before.people, after.people) < result.scope.minimum_group:
        return result
    found, own = beyond_control((result.before, result.after), (before, after))
    return replace(result, beyond_control=found, control_difference=own)


def _done(
    result: ChangeEffectResult, scoped: Sequence[ScopedStore], expected: Expected | None
) -> ChangeEffectResult:
    statements = tuple(statement for one in scoped for statement in one.statements)
    caveats: tuple[str, ...] = (
        (NO_CONTROL,) if result.difference and not result.beyond_control else ()
    )
    if result.young and not result.open:
        caveats += (
            f"{result.young:,} people who began since then are not old enough to judge yet and "
            "are left out.",
        )
    if result.control and not result.beyond_control and result.difference:
        caveats += ("The control has too few people on one side to compare with.",)
    result = replace(result, statements=statements, caveats=caveats)
    return replace(result, facts=facts(result, expected))
