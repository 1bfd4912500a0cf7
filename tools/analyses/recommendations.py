"""What to do first: findings of the other analyses, weighed by what they may bring."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp, log, sqrt
from typing import Annotated, Any

from pydantic import Field
from statsmodels.stats.rates import test_poisson_2indep

from tools.analyses.attribution import attribution
from tools.analyses.drop_off import drop_off
from tools.analyses.drop_off_cause_rows import CauseRow, is_clear
from tools.analyses.drop_off_causes import drop_off_causes
from tools.analyses.inflection_point_rows import MomentRow
from tools.analyses.inflection_points import InflectionPointsResult, inflection_points
from tools.analyses.recommendation_rows import (
    DAYS,
    REMOVED,
    SHIFTED,
    UNEXPLAINED,
    UPTAKE,
    RecommendationRow,
    best,
    facts_of,
    with_test,
)
from tools.analyses.remembered import remembered
from tools.analyses.result import Fact, Result, young_caveat
from tools.analyses.scope_counts import scope_counts
from tools.analyses.timing import timing_of_each
from tools.analyses.timing_rows import WithinRow
from tools.journeys.definition import spoken
from tools.journeys.scope import Scope, ScopedStore
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.effects import ShrunkEffect, error_of, shrink_effects
from tools.statistics.intervals import rate, wilson
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__)
LIKELY = 0.05
LEAKS, ACTIONS, EXPOSURES = 3, 4, 2
"""Most touchpoints with excess exits, after which a message might come, and messages, looked at."""
EVERYTHING = 1000
NO_END = "This journey has no end event, so nothing can be expected of a change."
ASSOCIATION = (
    "Gains rest on associations, drawn towards none for having been picked from many, and on the "
    "assumption named with each; a test decides. Gains of several do not add up."
)
Top = Annotated[int, Field(ge=1, le=5, description="How many recommendations; five at most")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationsResult(Result[RecommendationRow]):
    """At most five things to do, those that may bring most first."""

    looked_at: int
    """Possibilities that were weighed."""
    days: int
    """The time that gains are for."""


@dataclass(frozen=True, slots=True)
class _Touchpoint:
    touchpoint: str
    persons: int
    converted: int
    went_on: int
    missed: int
    missed_converted: int
    days: float
    everyone: int


@dataclass(frozen=True, slots=True)
class _Later:
    """Of those who go on from a touchpoint, the share that converts, with its interval."""

    rate: float
    low: float | None
    high: float | None


class _Weighing:
    """The findings gathered so far, with their evidence and the SQL behind it."""

    def __init__(self, store: Store, scope: Scope, scoped: ScopedStore) -> None:
        """Begin with what each touchpoint holds."""
        self.store, self.scope, self.scoped = store, scope, scoped
        self.held = {row.touchpoint: row for row in scoped.records(QUERY, {}, _Touchpoint)}
        self.days = max((row.days for row in self.held.values()), default=0.0)
        self.evidence: dict[str, Fact] = {}
        self.statements = list(scoped.statements)
        self.looked_at = 0

    def monthly(self, number: float) -> float:
        """Return a number of the whole time as one of 30 days."""
        return number * DAYS / max(self.days, DAYS)

    def heard(self, result: Result[Any], looked_at: int) -> None:
        """Keep another analysis's facts and SQL, each statement once."""
        self.evidence |= {fact.id: fact for fact in result.facts}
        self.statements += [told for told in result.statements if told not in self.statements]
        self.looked_at += looked_at


def recommendations(store: Store, *, top: Top = 5, scope: Scope) -> RecommendationsResult:
    """Weigh what could be done, by the conversions that it may bring in 30 days, and how to test it.

    Four kinds, each from findings that other analyses are sure of (q < 0.05 and an interval that
    leaves out no effect): *content*: lead people who are deep enough to a touchpoint after which
    others as far along convert more (`inflection_points`), or that people who leave elsewhere had
    not seen (`drop_off_causes`); *friction*: mend a touchpoint where more leave than its place
    explains (`drop_off`), for those who leave it most; *outreach*: send a message within the hours
    after which others convert more (`timing`, measured on people it was not chosen on); *channel*:
    move a tenth of the spend from where a conversion costs most to where it costs least
    (`attribution`). Effects are drawn towards none over all that were looked at; the gain takes a
    fifth of those reached to follow, and half of the leaving of a known group (a fifth where nobody
    in particular leaves) to be mendable.

    Args:
        store: Where the journeys stand.
        top: Most recommendations, five at most.
        scope: Which journeys.

    Raises:
        NoDataError: No journey is in scope.

    Source: Efron and Morris 1975 and DerSimonian and Laird 1986 (shrinkage); Fleiss, Levin and
    Paik 2003 (size of a test); those of the analyses named.
    """
    scoped = ScopedStore(store, scope)
    young = scope_counts(scoped).young
    definition = scoped.scope.definition
    if not definition.end.touchpoints:
        return RecommendationsResult(
            rows=(), facts=facts_of((), {}, 0), scope=scoped.scope,
            statements=tuple(scoped.statements), caveats=(NO_END,), looked_at=0, days=DAYS,
        )  # fmt: skip
    weighing = _Weighing(store, scope, scoped)
    found: list[RecommendationRow] = []
    if weighing.held:
        moments = remembered(inflection_points, store, top=EVERYTHING, scope=scope)
        weighing.heard(moments, moments.compared)
        found += _content(weighing, moments)
        found += _friction(weighing)
        found += _outreach(weighing, moments.rows)
        found += _channels(weighing)
    window_days = definition.window.total_seconds() / 86400
    rows = [with_test(row, window_days) for row in best(found, top)]
    return RecommendationsResult(
        rows=tuple(rows),
        facts=facts_of(rows, weighing.evidence, weighing.looked_at),
        scope=scoped.scope,
        statements=tuple(weighing.statements),
        caveats=(
            *young_caveat(young, spoken(definition.window)),
            *((ASSOCIATION,) if rows else ()),
        ),
        looked_at=weighing.looked_at,
        days=DAYS,
    )


def _content(weighing: _Weighing, moments: InflectionPointsResult) -> Iterator[RecommendationRow]:
    """Lead to a touchpoint after which others as far along convert more."""
    tested = [row for row in moments.rows if row.q_value is not None and row.ratio]
    shrunk = _shrunk([(row.ratio or 1.0, row.ratio_low, row.ratio_high) for row in tested])
    places = {row.touchpoint: number for number, row in enumerate(moments.rows, start=1)}
    for row, effect in zip(tested, shrunk, strict=True):
        held = weighing.held[row.touchpoint]
        if not _is_moment(row) or effect.low <= 0 or not held.missed_converted:
            continue
        gain = UPTAKE * weighing.monthly(held.missed_converted)
        now = held.missed_converted / held.missed
        name = f"inflection_points.{places[row.touchpoint]}"
        yield RecommendationRow(
            title=f"Lead more people to {row.touchpoint}",
            kind="content",
            what=f"lead people who have not been there to {row.touchpoint}, at the depth where others come to it",
            why=f"conversion after {row.touchpoint} against others as far along",
            lever=row.touchpoint,
            touchpoint=row.touchpoint,
            audience=(f"not saw {row.touchpoint}",),
            reach=weighing.monthly(held.missed),
            extra_conversions=gain * (exp(effect.effect) - 1),
            low=gain * (exp(effect.low) - 1),
            high=gain * (exp(effect.high) - 1),
            assumed=UPTAKE,
            ratio=exp(effect.effect),
            q_value=row.q_value,
            base_rate=now,
            expected_rate=min(0.99, now * exp(effect.effect)),
            people_per_group=None,
            test_days=None,
            evidence=(f"{name}.ratio", f"{name}.compared_rate", f"{name}.q"),
        )


def _is_moment(row: MomentRow) -> bool:
    low = row.ratio_low
    return row.q_value is not None and row.q_value < LIKELY and low is not None and low > 1


def _shrunk(ratios: Sequence[tuple[float, float | None, float | None]]) -> list[ShrunkEffect]:
    """Return log ratios drawn towards 0; one without an interval tells nothing and is left at 0."""
    told = [
        (place, log(ratio), error_of(log(low), log(high)))
        for place, (ratio, low, high) in enumerate(ratios)
        if low and high and high > low
    ]
    effects = shrink_effects([effect for _, effect, _ in told], [error for *_, error in told])
    found = dict(zip((place for place, *_ in told), effects, strict=True))
    return [found.get(place, ShrunkEffect(0.0, 0.0, 0.0)) for place in range(len(ratios))]


def _friction(weighing: _Weighing) -> Iterator[RecommendationRow]:
    """Mend where more leave than the place explains, for those who leave it most."""
    leaks = remembered(drop_off, weighing.store, top=EVERYTHING, scope=weighing.scope)
    weighing.heard(leaks, leaks.touchpoints)
    clear = [
        (place, row)
        for place, row in enumerate(leaks.rows)
        if row.kind == "touchpoint"
        and row.q_value is not None
        and row.q_value < LIKELY
        and row.excess_low is not None
        and row.excess_low > 0
    ]
    for place, leak in clear[:LEAKS]:
        held = weighing.held.get(leak.touchpoint)
        if held is None or not held.went_on or not held.converted:
            continue
        asked = {"at": leak.touchpoint, "top": EVERYTHING}
        causes = remembered(drop_off_causes, weighing.store, **asked, scope=weighing.scope)
        renamed = {
            fact.id: f"drop_off_causes.{leak.touchpoint}.{fact.id.partition('.')[2]}"
            for fact in causes.facts
        }
        own = tuple(replace(fact, id=renamed[fact.id]) for fact in causes.facts)
        weighing.heard(replace(causes, facts=own), causes.compared)
        later = _Later(held.converted / held.went_on, *wilson(held.converted, held.went_on))
        told = [
            _mended(weighing, leak.touchpoint, cause, number, later)
            for number, cause in enumerate(causes.rows, start=1)
            if is_clear(cause) and _can_be_acted_on(cause)
        ]
        if told:
            yield from told
            continue
        if leak.excess_low is None or leak.excess_high is None:
            continue
        yield RecommendationRow(
            title=f"Mend {leak.touchpoint}",
            kind="friction",
            what=f"find out what stops people at {leak.touchpoint}, and mend it",
            why=f"more journeys end at {leak.touchpoint} than its place explains",
            lever=leak.touchpoint,
            touchpoint=leak.touchpoint,
            audience=(),
            reach=weighing.monthly(leak.mature),
            extra_conversions=UNEXPLAINED * later.rate * weighing.monthly(leak.excess_exits),
            low=UNEXPLAINED * (later.low or 0.0) * weighing.monthly(leak.excess_low),
            high=UNEXPLAINED * (later.high or 1.0) * weighing.monthly(leak.excess_high),
            assumed=UNEXPLAINED,
            ratio=None,
            q_value=leak.q_value,
            base_rate=leak.exit_rate,
            expected_rate=_less(leak.exit_rate, UNEXPLAINED * leak.excess_exits / leak.mature),
            people_per_group=None,
            test_days=None,
            evidence=tuple(f"drop_off.row_{place}.{what}" for what in ("excess", "exit_rate", "q")),
        )  # fmt: skip


def _can_be_acted_on(cause: CauseRow) -> bool:
    """Return whether a cause names people or content, and not merely how deep someone is."""
    return cause.kind in {"field", "channel"} or (cause.kind == "seen" and cause.is_absence)


def _mended(
    weighing: _Weighing, at: str, cause: CauseRow, number: int, later: _Later
) -> RecommendationRow:
    low, high = cause.ratio_low or 1.0, cause.ratio_high or 1.0
    by_content = cause.kind == "seen"
    share = UPTAKE if by_content else REMOVED
    gain = share * weighing.monthly(cause.exits)
    ratio = cause.ratio or 1.0
    audience = f"not saw {cause.value}" if by_content else f"{cause.field} = {cause.value}"
    return RecommendationRow(
        title=f"Show {cause.value} before {at}" if by_content else f"Mend {at} for {cause.value}",
        kind="content" if by_content else "friction",
        what=(
            f"bring {cause.value} to people before they come to {at}"
            if by_content
            else f"find out what stops people who {cause.cause} at {at}, and mend it"
        ),
        why=f"people who {cause.cause} leave {at} more often",
        lever=cause.value if by_content else at,
        touchpoint=cause.value if by_content else at,
        audience=(audience,),
        reach=weighing.monthly(cause.persons),
        extra_conversions=gain * later.rate * (1 - 1 / ratio),
        low=gain * (later.low or 0.0) * (1 - 1 / low),
        high=gain * (later.high or 1.0) * (1 - 1 / high),
        assumed=share,
        ratio=ratio,
        q_value=cause.q_value,
        base_rate=cause.exit_rate,
        expected_rate=_less(cause.exit_rate, share * (cause.exit_rate or 0.0) * (1 - 1 / ratio)),
        people_per_group=None,
        test_days=None,
        evidence=(
            f"drop_off_causes.{at}.{number}.ratio",
            f"drop_off_causes.{at}.{number}.exit_rate",
            f"drop_off_causes.{at}.{number}.q",
        ),
    )


def _less(share: float | None, by: float) -> float | None:
    return None if share is None else max(0.001, share - by)


def _outreach(weighing: _Weighing, moments: Sequence[MomentRow]) -> Iterator[RecommendationRow]:
    """Send a message within the hours after which others converted more."""
    sql = (
        "SELECT touchpoint.label FROM event JOIN touchpoint USING (touchpoint_id) "
        "WHERE event.kind = 'exposure' AND NOT coalesce(touchpoint.hidden, false) GROUP BY touchpoint.label "
        "ORDER BY count(*) DESC, touchpoint.label LIMIT $most"
    )
    sent = [str(row[0]) for row in weighing.store.rows(sql, {"most": EXPOSURES})]
    minimum = weighing.scoped.scope.minimum_group
    large = [row for row in moments if row.converted >= minimum]
    actions = sorted(large, key=lambda row: (-(row.conversion_rate or 0.0), row.touchpoint))
    told: list[tuple[str, str, WithinRow, str]] = []
    for action in actions[:ACTIONS]:
        others = [message for message in sent if message != action.touchpoint]
        results = timing_of_each(
            weighing.store, first=action.touchpoint, thens=others, scope=weighing.scope
        )
        for message, result in zip(others, results, strict=True):
            name = f"timing.{action.touchpoint}.{message}"
            own = tuple(replace(f, id=f"{name}.{f.id.partition('.')[2]}") for f in result.facts)
            weighing.heard(replace(result, facts=own), 1)
            chosen = [row for row in result.rows if isinstance(row, WithinRow) and row.chosen]
            if chosen and chosen[0].ratio and chosen[0].q_value is not None:
                told.append((action.touchpoint, message, chosen[0], name))
    q_values = benjamini_hochberg([row.q_value or 0.0 for _, _, row, _ in told])
    shrunk = _shrunk([(row.ratio or 1.0, row.low, row.high) for _, _, row, _ in told])
    for (action_name, message, row, name), q, effect in zip(told, q_values, shrunk, strict=True):
        if q >= LIKELY or effect.low <= 0 or not row.others_converted:
            continue
        # measured on one half of the people; those concerned are in both
        gain = UPTAKE * weighing.monthly(2 * row.others_converted)
        now = row.others_converted / row.others
        hours = f"{name}.within_{row.hours}h"
        yield RecommendationRow(
            title=f"{message} within {row.hours} hours of {action_name}",
            kind="outreach",
            what=f"let {message} follow {action_name} within {row.hours} hours",
            why=f"conversion where {message} came within {row.hours} hours, against those still waiting then",
            lever=message,
            touchpoint=action_name,
            audience=(f"saw {action_name}",),
            reach=weighing.monthly(2 * row.others),
            extra_conversions=gain * (exp(effect.effect) - 1),
            low=gain * (exp(effect.low) - 1),
            high=gain * (exp(effect.high) - 1),
            assumed=UPTAKE,
            ratio=exp(effect.effect),
            q_value=q,
            base_rate=now,
            expected_rate=min(0.99, now * exp(effect.effect)),
            people_per_group=None,
            test_days=None,
            evidence=tuple(f"{hours}.{what}" for what in ("ratio", "rate", "others_rate", "q")),
        )


def _channels(weighing: _Weighing) -> Iterator[RecommendationRow]:
    """Move spend from the channel where a conversion costs most to where it costs least."""
    paid_for = weighing.store.value("SELECT count(DISTINCT channel) FROM spend WHERE cost > 0")
    if weighing.scope.where or int(str(paid_for)) < 2:  # spend is not told of a part of the people
        return
    result = remembered(attribution, weighing.store, scope=weighing.scope)
    weighing.heard(result, sum(row.cost is not None for row in result.rows))
    minimum = weighing.scoped.scope.minimum_group
    paid = [
        (place, row)
        for place, row in enumerate(result.rows)
        if row.cost and row.credit and row.credit >= minimum
    ]
    if len(paid) < 2:
        return
    (dear_place, dear), (cheap_place, cheap) = (
        max(paid, key=lambda pair: (pair[1].cost or 0.0) / pair[1].credit),
        min(paid, key=lambda pair: (pair[1].cost or 0.0) / pair[1].credit),
    )
    dear_cost, cheap_cost = dear.cost or 0.0, cheap.cost or 0.0
    told = test_poisson_2indep(
        round(cheap.credit),
        cheap_cost,
        round(dear.credit),
        dear_cost,
        compare="diff",
        method="wald",
    )
    gained = cheap.credit / cheap_cost - dear.credit / dear_cost
    error = sqrt(cheap.credit / cheap_cost**2 + dear.credit / dear_cost**2)
    moved = SHIFTED * weighing.monthly(dear_cost)
    q_value = min(1.0, float(told.pvalue) * len(paid) * (len(paid) - 1) / 2)
    if q_value >= LIKELY:
        return
    yield RecommendationRow(
        title=f"Move spend from {dear.name} to {cheap.name}",
        kind="channel",
        what=f"move a tenth of the spend on {dear.name} to {cheap.name}",
        why=f"a conversion by {cheap.name} costs less than one by {dear.name}",
        lever=dear.name,
        touchpoint=None,
        audience=(f"channel = {dear.name} | {cheap.name}",) if result.by == "channel" else (),
        reach=weighing.monthly(dear.journeys),
        extra_conversions=moved * gained,
        low=moved * (gained - 1.96 * error),
        high=moved * (gained + 1.96 * error),
        assumed=SHIFTED,
        ratio=None,
        q_value=q_value,
        base_rate=rate(round(dear.credit), dear.journeys),
        expected_rate=None,
        people_per_group=None,
        test_days=None,
        evidence=tuple(
            f"attribution.{place}.cost_per_conversion" for place in (cheap_place, dear_place)
        ),
    )
