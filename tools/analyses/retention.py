"""Do journeys' gains last: who converts again, or comes back, after a first conversion."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field

from tools.analyses.result import NOT_KNOWN, Fact, Result
from tools.analyses.retention_groups import estimated, groups, life_table, median_day, named
from tools.analyses.retention_rows import (
    OTHER,
    Counted,
    GroupRow,
    RetentionRow,
    cells,
    cohort_facts,
    group_facts,
    within,
)
from tools.errors import NoDataError
from tools.journeys.scope import ResolvedScope, Scope, ScopedStore, segment_expression
from tools.journeys.touchpoints import hidden_touchpoints
from tools.statistics.intervals import rate, wilson
from tools.store.door import Parameters, Store, read_sql

QUERY = read_sql(__file__)
TOTAL_QUERY = read_sql(__file__, "retention_total.sql")
PERIODS = 12
"""Most periods told."""
DAYS = {"week": 7, "month": 30, "quarter": 90}
"""A period's length, counted from each person's first conversion."""
HORIZON = {"week": 4, "month": 3, "quarter": 2}
"""Periods within which groups are compared, where people are old enough for it."""
AWAY = timedelta(days=1)
"""What someone does sooner after converting is no return."""
ROUTE = "route"
NO_STEP = "(no step before)"
NEW = "People who first converted before the data begin count as new when they convert again."
NO_END = "This journey has no end event, so nobody converts in it."
By = Annotated[
    str | None,
    Field(
        description="Compare people by a segment field of their first converting journey (channel, "
        "plan, ...) or by `route`: how it began and what came last before converting"
    ),
]
Grain = Annotated[
    Literal["week", "month", "quarter"],
    Field(description="Length of a cohort and of a period: 7, 30 or 90 days"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionResult(Result[RetentionRow]):
    """Cohorts by first conversion (or groups, with `by`), period by period."""

    by: str | None
    grain: str
    journeys: int
    persons: int
    """Who converted, the first time by a journey in scope."""
    repeaters: int
    """Those who have converted again so far."""
    horizon: int
    """Periods that the shares below are told for; 0 where it is too early for one."""
    horizon_days: int
    observed: int
    """Whose first conversion is at least the horizon ago."""
    repeated: int
    """Of these, who converted again within it."""
    repeat_rate: float | None
    returned: int
    """Of these, who did anything more than a day after converting, within it."""
    return_rate: float | None
    estimated_rate: float | None
    """Converted again within the horizon, younger ones included (Kaplan-Meier)."""
    estimated_low: float | None
    estimated_high: float | None
    median_days: int | None
    """By which half have converted again; None where half have not."""
    groups: tuple[GroupRow, ...] = ()


@dataclass(frozen=True, slots=True)
class _Total:
    journeys: int
    converted: int


def retention(
    store: Store, *, by: By = None, grain: Grain = "month", scope: Scope
) -> RetentionResult:
    """Say how many convert again after their first conversion, or come back at all, by cohort.

    A person's first conversion is the earliest in all data of this journey definition; the person
    counts where the journey that it closed is in scope. Second conversions are looked for among
    all of the person's journeys, in scope or not. Time runs from the first conversion in periods of
    7, 30 or 90 days; a cohort is told for a period only when all of it has been watched for so long,
    a group by those of it who have.

    Args:
        store: Where the journeys stand.
        by: Segment field of the first converting journey, or `route`; None: cohorts only.
        grain: Length of cohorts and periods.
        scope: Which first converting journeys; its dates are those of the journey's start.

    Raises:
        NoDataError: No journey is in scope.
        UnknownSegmentError: `by` is no field.

    Source: Kaplan & Meier 1958; Mantel 1966 (log-rank); Newcombe 1998.
    """
    scoped = ScopedStore(store, scope)
    field, values = _field(store, by)
    (total,) = scoped.records(TOTAL_QUERY, {}, _Total)
    if not total.journeys:
        raise NoDataError(f"No journey is in scope: {scoped.scope.sentence()}.")
    sql = QUERY.replace("NULL /* field */", field)
    bound = {**_bound(scoped.scope, by, grain), "hidden": hidden_touchpoints(store)}
    told = scoped.records(sql, {**values, **bound}, Counted)
    return _result(scoped, told, by, grain, total.journeys)


def _field(store: Store, by: str | None) -> tuple[str, Parameters]:
    if by is None or by.strip().casefold() == ROUTE:
        return "NULL", {}
    return segment_expression(store, by)


def _bound(scope: ResolvedScope, by: str | None, grain: str) -> dict[str, object]:
    return {
        "by_route": by is not None and by.strip().casefold() == ROUTE,
        "grain": grain,
        "period_seconds": DAYS[grain] * 86_400,
        "periods": PERIODS,
        "away": AWAY,
        "as_of": scope.as_of,
        "no_step": NO_STEP,
    }


def _result(
    scoped: ScopedStore, told: Sequence[Counted], by: str | None, grain: str, journeys: int
) -> RetentionResult:
    least = scoped.scope.minimum_group
    counted = [one for one in told if one.kind == "cell"]
    times = [one for one in told if one.kind == "time"]
    horizon = _horizon(counted, grain, least)
    old = [one for one in counted if horizon and one.followed >= horizon]
    observed, repeated = sum(one.persons for one in old), within(old, "repeated", horizon)
    returned, days = within(old, "returned", horizon), horizon * DAYS[grain]
    table = life_table(times, 1 + max((one.followed for one in times), default=0))
    estimate = estimated(table, days)
    result = RetentionResult(
        rows=_grouped(counted, grain, least) if by else _cohorts(counted, grain, least),
        facts=(),
        scope=scoped.scope,
        statements=tuple(scoped.statements),
        caveats=(NEW,) if scoped.scope.definition.end.touchpoints else (NO_END,),
        by=by,
        grain=grain,
        journeys=journeys,
        persons=sum(one.persons for one in counted),
        repeaters=sum(one.persons for one in counted if one.repeated is not None),
        horizon=horizon,
        horizon_days=days,
        observed=observed,
        repeated=repeated,
        repeat_rate=rate(repeated, observed),
        returned=returned,
        return_rate=rate(returned, observed),
        estimated_rate=estimate[0],
        estimated_low=estimate[1],
        estimated_high=estimate[2],
        median_days=median_day(table),
        groups=groups(told, horizon, least) if by else (),
    )
    return replace(result, facts=_facts(result))


def _horizon(counted: Sequence[Counted], grain: str, least: int) -> int:
    """Return the periods that shares are told for: those of the grain, or fewer in young data."""
    for periods in range(HORIZON[grain], 0, -1):
        if sum(one.persons for one in counted if one.followed >= periods) >= max(1, least):
            return periods
    return 0


def _periods(counted: Sequence[Counted]) -> int:
    return max(1, max((one.followed for one in counted), default=1))


def _cohorts(counted: Sequence[Counted], grain: str, least: int) -> tuple[RetentionRow, ...]:
    of: dict[date, list[Counted]] = defaultdict(list)
    for one in counted:
        if one.cohort is not None:
            of[one.cohort].append(one)
    periods, days = _periods(counted), DAYS[grain]
    return tuple(
        row
        for cohort in sorted(of)
        for row in cells(of[cohort], "cohort", called(cohort, grain), days, least, periods)
    )


def called(cohort: date, grain: str) -> str:
    """Return a cohort's name: 2026-03, 2026-Q1, or the week's Monday."""
    if grain == "quarter":
        return f"{cohort.year}-Q{(cohort.month + 2) // 3}"
    return f"{cohort:%Y-%m}" if grain == "month" else cohort.isoformat()


def _grouped(counted: Sequence[Counted], grain: str, least: int) -> tuple[RetentionRow, ...]:
    names, of = named(counted, least), defaultdict(list)
    for one in counted:
        of[NOT_KNOWN if one.segment is None else names[one.segment]].append(one)
    order = [name for name in (*dict.fromkeys(names.values()), NOT_KNOWN) if name in of]
    order.sort(key=lambda name: (name == NOT_KNOWN, name == OTHER))
    periods, days = _periods(counted), DAYS[grain]
    return tuple(
        row
        for name in order
        for row in cells(
            of[name], "other" if name in {OTHER, NOT_KNOWN} else "group", name, days, least, periods
        )
    )


def _facts(result: RetentionResult) -> tuple[Fact, ...]:
    days = result.horizon_days
    facts = [
        Fact("retention.journeys", "Journeys", result.journeys, "journeys"),
        Fact("retention.persons", "People who converted", result.persons, "persons"),
        Fact("retention.repeaters", "Converted again so far", result.repeaters, "persons"),
        Fact("retention.horizon", "Within this time", days * 86400, "seconds"),
        Fact("retention.observed", f"Converted {days} days ago or more", result.observed, "persons"),
        Fact(
            "retention.repeat_rate", f"Converted again within {days} days", result.repeat_rate,
            "rate", result.repeated, result.observed, *wilson(result.repeated, result.observed),
        ),
        Fact(
            "retention.return_rate", f"Came back within {days} days", result.return_rate,
            "rate", result.returned, result.observed, *wilson(result.returned, result.observed),
        ),
        Fact(
            "retention.estimated_rate", f"Convert again within {days} days, younger ones included",
            result.estimated_rate, "rate", None, None, result.estimated_low, result.estimated_high,
        ),
        Fact(
            "retention.median", "Time until half have converted again",
            None if result.median_days is None else result.median_days * 86400, "seconds",
        ),
    ]  # fmt: skip
    facts += cohort_facts([row for row in result.rows if row.kind == "cohort"], (1, result.horizon))
    facts += group_facts(result.groups, days)
    return tuple(facts)
