"""What is new or odd: days, levels and rates out of line, emerging paths, silent or doubled sources."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field

from tools.analyses.anomalies_new import (
    Arrival,
    Planned,
    chained,
    emerging,
    silences,
    unplanned,
)
from tools.analyses.anomalies_rows import AnomalyRow, Looked, importance, is_large, row_facts
from tools.analyses.anomalies_series import Calendar, Daily, Series, looked_at, series_of, volume
from tools.analyses.parameters import Top
from tools.analyses.result import Fact, Result
from tools.analyses.scope_counts import scope_counts
from tools.journeys.scope import Scope, ScopedStore
from tools.journeys.touchpoints import touchpoint_ids
from tools.statistics.corrections import benjamini_hochberg
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__)
SOURCES_QUERY = read_sql(__file__, "anomalies_sources.sql")
REPEATED_QUERY = read_sql(__file__, "anomalies_repeated.sql")
EMERGING_QUERY = read_sql(__file__, "anomalies_emerging.sql")
PLANNED_QUERY = read_sql(__file__, "anomalies_planned.sql")
TOUCHPOINTS, CHANNELS = 45, 15
"""The biggest series are watched."""
MONTHS_BEFORE = 3
MONTH = timedelta(days=30)
LATE = timedelta(hours=1)
"""A last day that ends within an hour of midnight is whole."""
NEAR = 28
"""Days around a shift of level in which single days of the same series are part of it."""
DOUBLED = (1.7, 2.6)
SURE = 0.05
LEAST_WEEKS, LEAST_DAYS = 12, 60
"""Fewer whole weeks tell no change of level, fewer whole days no new path."""
FAMILY = {
    "emerging": "new",
    "new touchpoint": "new",
    "unplanned": "planned",
    "unforeseen exit": "planned",
    "day": "day",
}
ECHO_DAYS, ECHO_SIZE = 14, 1.35
Recent = Annotated[
    int | None, Field(ge=1, description="Only what happened in the last so many days")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnomaliesResult(Result[AnomalyRow]):
    """What stands out at q < 0.05 over everything looked at, the most important first."""

    recent: int | None
    looked: int
    """How many things were tested: series by kind, steps, touchpoints, sources."""
    series: int
    """Touchpoints, channels and sources watched day by day."""
    found: int
    """All that stand out; the rows are the first of them."""
    echoes: int
    """Left out: they only repeat a finding, such as a channel's part of a dip of everything."""
    first_day: str | None
    last_day: str | None
    """The last whole day."""
    month: str | None
    """First of the last thirty days; None where there are no thirty before it."""


@dataclass(frozen=True, slots=True)
class _Source:
    source: str
    day: date
    events: int


@dataclass(frozen=True, slots=True)
class _Repeated:
    after: bool
    events: int
    repeats: int


def anomalies(
    store: Store, *, top: Top = 10, recent: Recent = None, scope: Scope
) -> AnomaliesResult:
    """Find what is new or odd, after correction for everything that was looked at.

    Watched day by day: how many journeys come to the 45 biggest touchpoints, begin in the 15
    biggest channels and in all, and events of each source. A single day stands out of a robust
    STL decomposition (trend and weekday), a shift of level out of the series' own shifts; weekly
    conversion and exit rates of journeys old enough to judge are held against the eight weeks
    before. Each series gives one hypothesis of a kind, corrected for the days tried. The share of
    people who take a step from one touchpoint to the next, or come to a touchpoint, in journeys
    that began in the last thirty days, is held against the ninety days before. Sources that fell silent, or send twice as
    much. What the planned funnel lacks, where there is one. Benjamini-Hochberg over all of these.

    Args:
        store: Where the journeys stand.
        top: Most findings listed.
        recent: Only what happened in the last so many days.
        scope: Which journeys; sources are always watched whole.

    Raises:
        NoDataError: No journey is in scope.

    Source: Cleveland et al. 1990 (STL); Hampel 1974; Anscombe 1948; Mantel and Haenszel 1959;
    Benjamini and Hochberg 1995.
    """
    scoped = ScopedStore(store, scope)
    scope_counts(scoped)
    end = _end(scoped)
    daily = scoped.records(
        QUERY, {"end": end, "touchpoints": TOUCHPOINTS, "channels": CHANNELS}, Daily
    )
    sources = [
        Daily("source", row.source, row.day, row.events, 0, 0, 0)
        for row in scoped.records(SOURCES_QUERY, {"end": end}, _Source)
    ]
    calendar = _calendar(scoped, daily, end, recent)
    has_end = bool(scoped.scope.definition.end.touchpoints)
    looked: list[Looked] = []
    watched: list[Series] = []
    if calendar:
        watched = series_of(daily, calendar)
        for one in watched:
            looked += looked_at(one, calendar, has_end=has_end)
        whole = replace(calendar, first=min([calendar.first, *(row.day for row in sources)]))
        source_series = series_of(sources, whole)
        for one in source_series:
            looked += volume(one, one.values[:, 0], whole)
        looked += silences(source_series, whole)
        watched += source_series
    month = _month(daily, end)
    if month and (recent is None or recent >= MONTH.days):
        looked += _new(scoped, month, end)
    if recent is None:
        looked += _unplanned(scoped)
    found = _found(scoped, looked, end)
    rows = _without_echoes(found)
    shown = tuple(rows[:top])
    result = AnomaliesResult(
        rows=shown,
        facts=(),
        scope=scoped.scope,
        statements=tuple(scoped.statements),
        caveats=_caveats(scoped, calendar, month),
        recent=recent,
        looked=len(looked),
        series=len(watched),
        found=len(rows),
        echoes=len(found) - len(rows),
        first_day=calendar.first.isoformat() if calendar else None,
        last_day=calendar.last.isoformat() if calendar else None,
        month=month.isoformat() if month else None,
    )
    return replace(result, facts=_facts(result))


def _end(scoped: ScopedStore) -> datetime:
    """Return the end of the last whole day: what came later is part of a day only."""
    as_of = scoped.scope.as_of
    midnight = datetime.combine(as_of.date(), datetime.min.time())
    following = midnight + timedelta(days=1)
    end = following if following - as_of <= LATE else midnight
    if scoped.scope.until:
        until = datetime.combine(scoped.scope.until, datetime.min.time()) + timedelta(days=1)
        return min(end, until)
    return end


def _calendar(
    scoped: ScopedStore, daily: Sequence[Daily], end: datetime, recent: int | None
) -> Calendar | None:
    if not daily:
        return None
    first, last = min(row.day for row in daily), end.date() - timedelta(days=1)
    window = scoped.scope.definition.window
    settled = min(last, (scoped.scope.as_of - window).date() - timedelta(days=1))
    days = (last - first).days + 1
    return Calendar(first, last, settled, min(window.days, days // 4), recent)


def _month(daily: Sequence[Daily], end: datetime) -> date | None:
    """Return the first of the last thirty days, where there are as many before it."""
    month = (end - MONTH).date()
    first = min((row.day for row in daily), default=month)
    return month if month - first >= MONTH else None


def _new(scoped: ScopedStore, month: date, end: datetime) -> list[Looked]:
    asked = {
        "month": _midnight(month),
        "since": _midnight(month) - MONTHS_BEFORE * MONTH,
        "until": end,
        "month_seconds": MONTH.total_seconds(),
    }
    counted = scoped.records(EMERGING_QUERY, asked, Arrival)
    return emerging(counted, month, scoped.scope.minimum_group)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


def _unplanned(scoped: ScopedStore) -> list[Looked]:
    funnel = scoped.scope.definition.funnel
    if not funnel:
        return []
    ids = set(touchpoint_ids(scoped.store, funnel, where="funnel"))
    return unplanned(scoped.records(PLANNED_QUERY, {}, Planned), ids)


def _found(scoped: ScopedStore, looked: Sequence[Looked], end: datetime) -> list[AnomalyRow]:
    """Return what stands out, the most important first."""
    rows = [
        replace(each.row, q_value=q)
        for each, q in zip(looked, _q_values(looked), strict=True)
        if q < SURE and is_large(each.row)
    ]
    rows = chained([_doubled(scoped, row) for row in rows])
    return sorted(rows, key=lambda row: importance(row, end.date()))


def _q_values(looked: Sequence[Looked]) -> list[float]:
    """Return q-values over everything and over each thing's own kind, whichever is larger.

    Were it over everything alone, a few loud shifts would let weak paths pass.
    """
    overall = benjamini_hochberg([each.p_value for each in looked])
    families: dict[str, list[int]] = {}
    for place, each in enumerate(looked):
        families.setdefault(FAMILY.get(each.row.kind, "series"), []).append(place)
    told = list(overall)
    for places in families.values():
        own = benjamini_hochberg([looked[place].p_value for place in places])
        for place, q in zip(places, own, strict=True):
            told[place] = max(told[place], q)
    return told


def _without_echoes(rows: Sequence[AnomalyRow]) -> list[AnomalyRow]:
    """Leave out what another finding says already.

    Single days that are part of a shift; shifts that are a source's silence, or the shift of all
    journeys, about as large and at about the same time.
    """
    shifts = {(r.field, r.what): r for r in rows if r.kind in {"level", "doubled"}}
    silent = {row.what for row in rows if row.kind == "silent"}
    every = [row for row in rows if row.field == "all" and row.kind in {"level", "day"}]
    kept = []
    for row in rows:
        moved = shifts.get((row.field, row.what))
        if row.kind == "day" and moved and _apart(row, moved) <= NEAR:
            continue
        if row.field == "source" and row.what in silent and row.kind != "silent":
            continue
        if row.field != "all" and any(_echoes(row, whole) for whole in every):
            continue
        kept.append(row)
    return kept


def _echoes(row: AnomalyRow, whole: AnomalyRow) -> bool:
    if row.kind not in {"level", "day"} or not row.size or not whole.size:
        return False
    alike = 1 / ECHO_SIZE <= row.size / whole.size <= ECHO_SIZE
    return alike and _apart(row, whole) <= ECHO_DAYS


def _apart(row: AnomalyRow, other: AnomalyRow) -> int:
    days = [date.fromisoformat(told.since) for told in (row, other) if told.since]
    return abs((days[0] - days[-1]).days)


def _doubled(scoped: ScopedStore, row: AnomalyRow) -> AnomalyRow:
    """Return a source's shift to about twice as much as such, with how much of it is repeats."""
    if row.field != "source" or row.kind != "level" or not row.size or not row.since:
        return row
    if not DOUBLED[0] <= row.size <= DOUBLED[1]:
        return row
    day = _midnight(date.fromisoformat(row.since))
    fortnight = timedelta(days=14)
    asked = {"source": row.what, "day": day, "since": day - fortnight, "until": day + fortnight}
    counted = scoped.records(REPEATED_QUERY, asked, _Repeated)
    repeats = next((told.repeats / told.events for told in counted if told.after), None)
    return replace(row, kind="doubled", repeats=repeats)


def _caveats(scoped: ScopedStore, calendar: Calendar | None, month: date | None) -> tuple[str, ...]:
    told = []
    if calendar is None or calendar.days < LEAST_WEEKS * 7:
        told.append(
            f"There are fewer than {LEAST_WEEKS} whole weeks, too few to judge a change of level."
        )
    if calendar and calendar.last < scoped.scope.as_of.date() and not scoped.scope.until:
        told.append("The last day is not over yet and is left out.")
    if month is None:
        told.append(f"There are fewer than {LEAST_DAYS} whole days, so no path can be called new.")
    if not scoped.scope.definition.funnel:
        told.append("No funnel is planned for this journey, so nothing is held against a plan.")
    return tuple(told)


def _facts(result: AnomaliesResult) -> tuple[Fact, ...]:
    facts = [
        Fact("anomalies.looked", "Things looked at", result.looked, "count"),
        Fact("anomalies.series", "Series watched day by day", result.series, "count"),
        Fact("anomalies.found", "Things that stand out", result.found, "count"),
        Fact("anomalies.echoes", "Left out as part of another finding", result.echoes, "count"),
        Fact("anomalies.least_weeks", "Whole weeks needed to judge a level", LEAST_WEEKS, "count"),
        Fact("anomalies.least_days", "Whole days needed to call a path new", LEAST_DAYS, "count"),
    ]
    if result.recent:
        seconds = result.recent * 86400
        facts.append(Fact("anomalies.recent", "The last days, asked for", seconds, "seconds"))
    for name, told, value in (
        ("first_day", "First day", result.first_day),
        ("last_day", "Last whole day", result.last_day),
        ("month", "First of the last thirty days", result.month),
    ):
        if value:
            facts.append(Fact(f"anomalies.{name}", told, value, "date"))
    return (*facts, *row_facts(result.rows))
