"""Why conversion moved between two periods: other people, or the same people otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from tools.analyses.conversion_change_parts import (
    Decomposition,
    Estimate,
    GroupKind,
    Pattern,
    decompose,
)
from tools.analyses.conversion_change_periods import DAY, Period, last_judged_day, periods
from tools.analyses.conversion_change_rows import ChangePart, Group, rate_fact, row_facts, rows
from tools.analyses.result import NOT_KNOWN, Fact, Result
from tools.errors import NoDataError
from tools.journeys.definition import spoken
from tools.journeys.scope import Scope, ScopedStore, segment_expression
from tools.journeys.touchpoints import touchpoints
from tools.statistics.intervals import rate
from tools.store.door import Parameters, Store, read_sql

QUERY = read_sql(__file__)
SPAN_QUERY = read_sql(__file__, "conversion_change_span.sql")
ROUTE = "route"
FIRST_STEP = (
    "(SELECT min(path.touchpoints[1]) FROM path WHERE path.path_id = scoped_journey.path_id)"
)
NO_STEP = "(no step before)"
OTHER = "other"
MOST = 20
"""Most groups told apart; the others are pooled."""
NO_END = "This journey has no end event, so it has no conversion."
By = Annotated[
    str,
    Field(
        description="Segment field that splits the change: channel, device, plan, ...; or `route`: "
        "the touchpoint that journeys began with"
    ),
]
AgainstFrom = Annotated[
    date | None, Field(description="First day of the earlier period; `from` is the later one's")
]
AgainstTo = Annotated[date | None, Field(description="Last day of the earlier period")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionChangeResult(Result[ChangePart]):
    """The difference between two periods' conversion, and the parts that add up to it.

    The scope's dates are the later period's.
    """

    by: str
    earlier: str
    """What the earlier period is called: 'June 2026', or its first and last day."""
    later: str
    earlier_from: date
    earlier_to: date
    later_from: date
    later_to: date
    earlier_days: int
    later_days: int
    earlier_began: int
    """Journeys begun, young ones included."""
    later_began: int
    earlier_journeys: int
    """Of these, old enough to judge."""
    earlier_converted: int
    later_journeys: int
    later_converted: int
    earlier_rate: float | None
    later_rate: float | None
    judged_to: date | None
    """Last day of the later period that counts, where that is not its last."""
    total: Estimate | None
    """Later rate less earlier rate; None where one of them is undefined."""
    mix: Estimate | None
    """The part that comes from a different mix of groups."""
    within: Estimate | None
    """The part that comes from the groups' own conversion."""


@dataclass(frozen=True, slots=True)
class _Span:
    journeys: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Counted:
    period: int
    value: str | None
    is_unknown: bool
    mature: int
    converted: int
    persons: int
    journeys: int


def conversion_change(
    store: Store,
    *,
    by: By = "channel",
    against_from: AgainstFrom = None,
    against_to: AgainstTo = None,
    scope: Scope,
) -> ConversionChangeResult:
    """Say why conversion moved between two periods: another mix of journeys, or other conversion.

    Mature journeys only, by the day they began. The difference of the two rates is split over the
    groups of `by` into what comes from their shares and what from their rates; the parts add up
    to it exactly. Journeys are counted; the intervals are a jackknife over people, so that a
    person with many journeys counts as one observation. Journeys whose value is not known are a
    part of their own, so that all adds up, and never told as a reason.

    Args:
        store: Where the journeys stand.
        by: The field that splits the change, or `route`: where journeys began. The 20 largest
            groups are told; the others, and those under the minimum group, are "other".
        against_from: First day of the earlier period.
        against_to: Its last day. Without either it is the month before a month, else as many
            days just before.
        scope: Which journeys; its dates are the later period. Without any: the last whole month
            that can be judged against the one before (two halves where the data are shorter).

    Raises:
        NoDataError: No journey is in scope, whatever the dates.
        UnknownSegmentError: `by` is no field.
        InvalidArgumentError: The periods overlap, or one ends before it begins.

    Source: Kitagawa 1955; Efron and Stein 1981 (jackknife); Agresti and Caffo 2000.
    """
    whole = ScopedStore(store, replace(scope, since=None, until=None))
    span = whole.records(SPAN_QUERY, {}, _Span)[0]
    if span.first_at is None or span.last_at is None:
        raise NoDataError(f"No journey is in scope: {whole.scope.sentence()}.")
    last = last_judged_day(whole.scope.as_of, whole.scope.definition.window)
    newest = whole.scope.as_of.date()
    asked, against = (scope.since, scope.until), (against_from, against_to)
    earlier, later = periods(asked, against, span.first_at.date(), last, newest)
    scoped = ScopedStore(store, replace(scope, since=earlier.since, until=later.until))
    expression, values = (FIRST_STEP, {}) if by == ROUTE else segment_expression(store, by)
    counted = _counted(scoped, expression, values, earlier, later)
    groups, patterns = _grouped(store, counted, by)
    result = _result(whole, by, (earlier, later), last, groups)
    result = replace(
        result,
        earlier_began=sum(row.journeys for row in counted if row.period == 0),
        later_began=sum(row.journeys for row in counted if row.period == 1),
        statements=(*whole.statements, *scoped.statements),
    )
    if result.earlier_journeys and result.later_journeys:
        found = decompose(patterns, [g.kind for g in groups], scope.minimum_group)
        result = _taken_apart(result, groups, found)
    result = replace(result, caveats=_caveats(result))
    return replace(result, facts=_facts(result))


def _counted(
    scoped: ScopedStore, expression: str, values: Parameters, earlier: Period, later: Period
) -> tuple[_Counted, ...]:
    sql = QUERY.replace("NULL /* field */", expression)
    told = {
        "earlier_from": earlier.begins_at,
        "earlier_end": earlier.ends_at,
        "later_from": later.begins_at,
        "later_end": later.ends_at,
        "minimum_group": scoped.scope.minimum_group,
        "most": MOST,
    }
    return scoped.records(sql, {**values, **told}, _Counted)


def _grouped(
    store: Store, counted: Sequence[_Counted], by: str
) -> tuple[list[Group], list[Pattern]]:
    """Return the groups, in a fixed order, and the people of each by what they did."""
    labels = {str(number): label for number, label in touchpoints(store)} if by == ROUTE else {}
    places: dict[tuple[str, GroupKind], int] = {}
    patterns = []
    for row in counted:
        if not row.mature:
            continue
        key = _named(row, by, labels)
        place = places.setdefault(key, len(places))
        patterns.append(Pattern(row.period, place, row.mature, row.converted, row.persons))
    groups = []
    for (name, kind), place in places.items():
        sizes = [0, 0, 0, 0]
        for p in patterns:
            if p.group == place:
                sizes[2 * p.period] += p.journeys * int(p.persons)
                sizes[2 * p.period + 1] += p.conversions * int(p.persons)
        groups.append(Group(name, kind, *sizes))
    return groups, patterns


def _named(row: _Counted, by: str, labels: dict[str, str]) -> tuple[str, GroupKind]:
    if row.value is not None:
        return labels.get(row.value, row.value), "value"
    if not row.is_unknown:
        return OTHER, "other"
    return (NO_STEP, "value") if by == ROUTE else (NOT_KNOWN, "unknown")


def _result(
    scoped: ScopedStore,
    by: str,
    told: tuple[Period, Period],
    last: date,
    groups: Sequence[Group],
) -> ConversionChangeResult:
    earlier, later = told
    counts = [
        sum(group.earlier for group in groups),
        sum(group.earlier_converted for group in groups),
        sum(group.later for group in groups),
        sum(group.later_converted for group in groups),
    ]
    has_end = bool(scoped.scope.definition.end.touchpoints)
    return ConversionChangeResult(
        rows=(),
        facts=(),
        scope=replace(scoped.scope, since=later.since, until=later.until),
        statements=(),
        by=by,
        earlier=earlier.named(),
        later=later.named(),
        earlier_from=earlier.since,
        earlier_to=earlier.until,
        later_from=later.since,
        later_to=later.until,
        earlier_days=earlier.days,
        later_days=later.days,
        earlier_began=0,
        later_began=0,
        earlier_journeys=counts[0],
        earlier_converted=counts[1],
        later_journeys=counts[2],
        later_converted=counts[3],
        earlier_rate=rate(counts[1], counts[0]) if has_end else None,
        later_rate=rate(counts[3], counts[2]) if has_end else None,
        judged_to=max(last, later.since - DAY) if later.until > last else None,
        total=None,
        mix=None,
        within=None,
    )


def _taken_apart(
    result: ConversionChangeResult, groups: Sequence[Group], found: Decomposition
) -> ConversionChangeResult:
    if result.later_rate is None:
        return result
    return replace(
        result,
        rows=rows(groups, found),
        total=found.total,
        mix=found.mix,
        within=found.rate,
    )


def _caveats(result: ConversionChangeResult) -> tuple[str, ...]:
    caveats = []
    if not result.scope.definition.end.touchpoints:
        return (NO_END,)
    young = result.later_began - result.later_journeys
    if result.judged_to and result.later_journeys and young:
        window = spoken(result.scope.definition.window)
        caveats.append(
            f"Of {result.later}, only journeys that began by {result.judged_to} are old enough to "
            f"judge (the window is {window}); {young:,} younger ones are left out."
        )
    unknown = sum(
        row.earlier_journeys + row.later_journeys for row in result.rows if row.kind == "unknown"
    )
    if unknown:
        field = result.by.replace("_", " ")
        journeys = result.earlier_journeys + result.later_journeys
        caveats.append(
            f"{field[:1].upper()}{field[1:]} is not known for {unknown:,} of {journeys:,} journeys; "
            "they count in the sum and are no reason, because what is known of people often "
            "depends on how far they got."
        )
    return tuple(caveats)


def _facts(result: ConversionChangeResult) -> tuple[Fact, ...]:
    name = "conversion_change"
    facts = [
        Fact(f"{name}.earlier_from", "Earlier period, from", f"{result.earlier_from}", "date"),
        Fact(f"{name}.earlier_to", "Earlier period, to", f"{result.earlier_to}", "date"),
        Fact(f"{name}.later_from", "Later period, from", f"{result.later_from}", "date"),
        Fact(f"{name}.later_to", "Later period, to", f"{result.later_to}", "date"),
        Fact(f"{name}.earlier_began", "Journeys begun earlier", result.earlier_began, "journeys"),
        Fact(f"{name}.later_began", "Journeys begun later", result.later_began, "journeys"),
        Fact(
            f"{name}.earlier_a_day", "Journeys begun a day, earlier",
            result.earlier_began / result.earlier_days, "journeys",
        ),
        Fact(
            f"{name}.later_a_day", "Journeys begun a day, later",
            result.later_began / result.later_days, "journeys",
        ),
    ]  # fmt: skip
    if not result.scope.definition.end.touchpoints:
        return tuple(facts)
    facts += [
        rate_fact(
            f"{name}.earlier_rate", f"Conversion in {result.earlier}",
            result.earlier_converted, result.earlier_journeys,
        ),
        rate_fact(
            f"{name}.later_rate", f"Conversion in {result.later}",
            result.later_converted, result.later_journeys,
        ),
    ]  # fmt: skip
    if result.judged_to:
        facts.append(Fact(f"{name}.judged_to", "Judged up to", f"{result.judged_to}", "date"))
    for key, label, found in (
        ("difference", "Change in conversion", result.total),
        ("mix", "Part that comes from the mix", result.mix),
        ("within", "Part that comes from conversion within groups", result.within),
    ):
        if found:
            facts.append(
                Fact(
                    f"{name}.{key}", label, found.value, "difference",
                    low=found.low, high=found.high,
                )
            )  # fmt: skip
            facts.append(Fact(f"{name}.{key}_p", f"{label} (p)", found.p, "score"))
    return (*facts, *row_facts(result.rows))
