"""How many people, how many journeys, how many convert, how long it takes, where they come from."""

from dataclasses import dataclass
from datetime import datetime

from tools.analyses.result import NOT_KNOWN, Fact, Result, young_caveat
from tools.errors import NoDataError
from tools.journeys.definition import spoken
from tools.journeys.scope import Scope, ScopedStore
from tools.statistics.intervals import rate, wilson
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__)


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """The journeys that began in one channel."""

    channel: str
    """"other" pools the channels below the scope's minimum group size."""
    journeys: int
    persons: int
    mature: int
    converted: int
    """Of the mature ones."""
    conversion_rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewResult(Result[ChannelRow]):
    """The scope in numbers, and its channels as rows."""

    persons: int
    journeys: int
    converted: int
    dropped: int
    active: int
    mature: int
    mature_converted: int
    conversion_rate: float | None
    """Of the mature journeys, 0 to 1; None when none is mature."""
    median_seconds: float | None
    events: int
    sources: tuple[str, ...]
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Counted:
    channel: str | None
    is_total: bool
    journeys: int
    persons: int
    converted: int
    dropped: int
    active: int
    mature: int
    mature_converted: int
    quartile_seconds: float | None
    median_seconds: float | None
    upper_quartile_seconds: float | None
    value: float | None
    first_at: datetime | None
    last_at: datetime | None


def overview(store: Store, *, scope: Scope) -> OverviewResult:
    """Count persons and journeys by outcome, with mature conversion and time to convert.

    The rate counts mature journeys only and has a Wilson interval; the time to convert is
    that of mature journeys that converted. Channels are those of the first touch.

    Raises:
        NoDataError: No journey is in scope.
    """
    scoped = ScopedStore(store, scope)
    counted = scoped.records(QUERY, {}, _Counted)
    total = counted[-1]
    if not total.journeys:
        raise NoDataError(f"No journey is in scope: {scoped.scope.sentence()}.")
    loads = store.rows(
        "SELECT source, CAST(sum(events) AS BIGINT) FROM load GROUP BY source ORDER BY 2 DESC, 1"
    )
    rows = _channels(counted[:-1], scoped.scope.minimum_group)
    return OverviewResult(
        rows=rows,
        facts=_facts(total)
        + tuple(fact for number, row in enumerate(rows) for fact in _channel_facts(number, row)),
        scope=scoped.scope,
        statements=tuple(scoped.statements),
        caveats=young_caveat(total.journeys - total.mature, spoken(scoped.scope.definition.window)),
        persons=total.persons,
        journeys=total.journeys,
        converted=total.converted,
        dropped=total.dropped,
        active=total.active,
        mature=total.mature,
        mature_converted=total.mature_converted,
        conversion_rate=rate(total.mature_converted, total.mature),
        median_seconds=total.median_seconds,
        events=sum(int(str(events)) for _, events in loads),
        sources=tuple(str(source) for source, _ in loads),
        first_at=total.first_at,
        last_at=total.last_at,
    )


def _channels(counted: tuple[_Counted, ...], minimum: int) -> tuple[ChannelRow, ...]:
    large = [row for row in counted if row.journeys >= minimum and row.channel]
    none = [row for row in counted if row.journeys >= minimum and not row.channel]
    small = [row for row in counted if row.journeys < minimum]
    rows = [_channel_row(row.channel or "", [row]) for row in large]
    rows += [_channel_row(NOT_KNOWN, none)] if none else []
    rows += [_channel_row("other", small)] if small else []
    return tuple(rows)


def _channel_row(name: str, rows: list[_Counted]) -> ChannelRow:
    mature = sum(row.mature for row in rows)
    converted = sum(row.mature_converted for row in rows)
    low, high = wilson(converted, mature)
    return ChannelRow(
        channel=name,
        journeys=sum(row.journeys for row in rows),
        persons=sum(row.persons for row in rows),
        mature=mature,
        converted=converted,
        conversion_rate=rate(converted, mature),
        low=low,
        high=high,
    )


def _facts(total: _Counted) -> tuple[Fact, ...]:
    low, high = wilson(total.mature_converted, total.mature)
    share = rate(total.mature_converted, total.mature)
    return (
        Fact("overview.persons", "People", total.persons, "persons"),
        Fact("overview.journeys", "Journeys", total.journeys, "journeys"),
        Fact("overview.converted", "Converted", total.converted, "journeys"),
        Fact("overview.dropped", "Dropped off", total.dropped, "journeys"),
        Fact("overview.active", "Still under way", total.active, "journeys"),
        Fact("overview.mature", "Old enough to judge", total.mature, "journeys"),
        Fact(
            "overview.mature_converted", "Of these, converted", total.mature_converted, "journeys"
        ),
        Fact("overview.young", "Too young to judge", total.journeys - total.mature, "journeys"),
        Fact(
            "overview.conversion_rate",
            "Conversion rate",
            share,
            "rate",
            total.mature_converted,
            total.mature,
            low,
            high,
        ),
        Fact("overview.median_time", "Median time to convert", total.median_seconds, "seconds"),
        Fact(
            "overview.quartile_time", "A quarter convert within", total.quartile_seconds, "seconds"
        ),
        Fact(
            "overview.upper_quartile_time",
            "Three quarters convert within",
            total.upper_quartile_seconds,
            "seconds",
        ),
        Fact("overview.value", "Value of conversions", total.value, "value"),
        Fact("overview.first_at", "First journey", _day(total.first_at), "date"),
        Fact("overview.last_at", "Last event", _day(total.last_at), "date"),
    )


def _channel_facts(number: int, row: ChannelRow) -> tuple[Fact, ...]:
    name = f"overview.channel_{number}"
    return (
        Fact(f"{name}.journeys", f"Journeys from {row.channel}", row.journeys, "journeys"),
        Fact(
            f"{name}.conversion_rate",
            f"Conversion from {row.channel}",
            row.conversion_rate,
            "rate",
            row.converted,
            row.mature,
            row.low,
            row.high,
        ),
    )


def _day(at: datetime | None) -> str | None:
    return at.date().isoformat() if at else None
