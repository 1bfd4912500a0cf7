"""Who gets the credit for conversions: by eight rules, beside what was spent and who was brought."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from tools.analyses.attribution_quality import ChannelQuality, channel_quality, quality_facts
from tools.analyses.attribution_rows import (
    NO_CAMPAIGN,
    AttributionRow,
    Counted,
    Credited,
    Model,
    Money,
    chain_of,
    credit_rows,
    leaders,
    row_facts,
    topped,
)
from tools.analyses.parameters import Top
from tools.analyses.result import NOT_KNOWN, Fact, Result, young_caveat
from tools.errors import NoDataError
from tools.journeys.definition import spoken
from tools.journeys.scope import Scope, ScopedStore, end_touchpoints
from tools.statistics.intervals import rate, wilson
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__)
MOVES_QUERY = read_sql(__file__, "attribution_moves.sql")
STEPS_QUERY = read_sql(__file__, "attribution_steps.sql")
COUNTS_QUERY = read_sql(__file__, "attribution_counts.sql")
SPEND_QUERY = read_sql(__file__, "attribution_spend.sql")
HALF_LIFE_DAYS = 7
MOST_JOURNEYS = 200
"""People with more judged journeys (test accounts, shared devices) count by first touches only."""
DIRECT = ("direct", "(direct)", "none", "(none)", NO_CAMPAIGN, NOT_KNOWN)
NO_END = "This journey has no end event, so there is no conversion to give credit for."
ACCOUNTING = (
    "Attribution shares out conversions by a rule; none of the rules, Markov and Shapley included, "
    "shows what would happen without a channel. Only an experiment does."
)
VISITS = (
    "A path is a journey's visits in order: a visit is one session with one {what}; events without "
    "a session are one visit per {what} and day. Repeated visits are kept."
)
PATH_RULES = {
    "channel": VISITS.format(what="channel")
    + " The visit that converted is included; events without a channel are left out.",
    "campaign": VISITS.format(what="campaign")
    + " The visit that converted is included; visits without a campaign are one name of their own.",
    "source": VISITS.format(what="source")
    + " The converting event is left out, as the system that records it would get all last touches.",
    "touchpoint": "A path is a journey's touchpoints in order, without the converting event.",
}
JUDGED = (
    " Exposures (emails sent, ads shown) are no touches. Only journeys old enough to judge count; "
    "those that did not convert are lost paths of the Markov chain and enter no other rule."
)
By = Annotated[
    Literal["channel", "campaign", "source", "touchpoint"],
    Field(description="What gets the credit"),
]
Rule = Annotated[
    Model,
    Field(
        description="The rule that ranks, and that cost and value go by; all others stand beside it"
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionResult(Result[AttributionRow]):
    """The credits by the rule asked for, most first; every rule adds up to the conversions."""

    model: Model
    by: str
    path_rule: str
    """What counted as a touch, and which journeys."""
    journeys: int
    mature: int
    converted: int
    """Of the mature ones."""
    conversion_rate: float | None
    base_rate: float
    """The Markov chain's chance to convert: the conversion rate again."""
    value: float | None
    """Of the conversions; None where they have none, or not in one currency."""
    currency: str | None
    cost: float | None
    """Spent on the days on which the judged journeys began; None where it cannot be set beside."""
    leaders: tuple[tuple[Model, str | None], ...]
    """By rule: who gets most of all names; None where that is tied or nobody."""
    quality: tuple[ChannelQuality, ...]
    """By the first touch; empty by touchpoint."""
    adjusted_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Counts:
    currency: str | None
    journeys: int
    mature: int
    converted: int
    value: float | None
    since: datetime | None
    until: datetime | None
    busy_persons: int


@dataclass(frozen=True, slots=True)
class _Spent:
    name: str | None
    currency: str
    cost: float


def attribution(
    store: Store, *, model: Rule = "markov", by: By = "channel", top: Top = 20, scope: Scope
) -> AttributionResult:
    """Share out the conversions among channels, campaigns, sources or touchpoints, by eight rules.

    First, last, last non-direct and equal shares; time decay (half-life 7 days); position (40 %
    first, 40 % last, 20 % between); Markov removal effect (first order, exact); Shapley value of
    the game in which a set of channels wins the conversions that needed no other (exact for any
    number: it shares each conversion equally among the path's distinct names). Credits are of
    mature journeys. Quality counts journeys by their first touch; its comparison counts each
    person once, by their first mature journey, and holds fixed what was known at the first touch.

    Args:
        store: Where the journeys stand.
        model: The rule that ranks; every rule's credits stand in each row.
        by: What gets the credit.
        top: Most rows; the rest are "other".
        scope: Which journeys.

    Raises:
        NoDataError: No journey is in scope.

    Source: Anderl et al. 2016 (Markov); Shapley 1953, Zhao, Mahboobi and Bagheri 2018; Mantel and
        Haenszel 1959 for the quality's comparison.
    """
    scoped = ScopedStore(store, scope)
    counts = scoped.records(COUNTS_QUERY, {"most_journeys": MOST_JOURNEYS}, _Counts)
    journeys, mature = sum(c.journeys for c in counts), sum(c.mature for c in counts)
    if not journeys:
        raise NoDataError(f"No journey is in scope: {scoped.scope.sentence()}.")
    converted = sum(c.converted for c in counts)
    asked = _asked(scoped, model, by)
    moves = STEPS_QUERY if by == "touchpoint" else MOVES_QUERY
    counted = scoped.records(moves, asked, Counted)
    credited = scoped.records(QUERY, asked, Credited)
    chain = chain_of(counted)
    money, currency, told = _money(scoped, counts, by)
    every = credit_rows(counted, credited, chain, model, converted, money)
    quality, fields = (
        ((), ())
        if by == "touchpoint"
        else channel_quality(scoped, by, has_value=money.value is not None)
    )
    result = AttributionResult(
        rows=topped(every, top, converted, money),
        facts=(),
        scope=scoped.scope,
        statements=tuple(scoped.statements),
        caveats=(*_caveats(scoped, counts, journeys - mature), *told),
        model=model,
        by=by,
        path_rule=PATH_RULES[by] + JUDGED,
        journeys=journeys,
        mature=mature,
        converted=converted,
        conversion_rate=rate(converted, mature),
        base_rate=chain.base_rate,
        value=money.value,
        currency=currency,
        cost=None if money.costs is None else sum(money.costs.values()),
        leaders=tuple(leaders(every).items()),
        quality=quality,
        adjusted_for=fields,
    )
    return replace(result, caveats=(*result.caveats, result.path_rule), facts=_facts(result))


def _asked(scoped: ScopedStore, model: str, by: str) -> dict[str, object]:
    return {
        "model": model,
        "by": by,
        "most_journeys": MOST_JOURNEYS,
        "no_campaign": NO_CAMPAIGN,
        "not_known": NOT_KNOWN,
        "direct": list(DIRECT),
        "half_life": HALF_LIFE_DAYS * 86400.0,
        "end_ids": list(end_touchpoints(scoped.store, scoped.scope)),
    }


def _money(
    scoped: ScopedStore, counts: Sequence[_Counts], by: str
) -> tuple[Money, str | None, tuple[str, ...]]:
    """Return the conversions' value and what was spent, where they can be told, and why not."""
    brought = [row for row in counts if row.currency is not None]
    caveats: tuple[str, ...] = ()
    value = brought[0].value if len(brought) == 1 else None
    currency = (brought[0].currency or None) if len(brought) == 1 else None
    if len(brought) > 1:
        caveats += ("Conversions have values in several currencies, which do not add up.",)
    costs, paid_in, told = _costs(scoped, counts, by)
    same = paid_in is None or currency is None or paid_in == currency
    if costs is not None and value is not None and not same:
        told += (f"Spend is in {paid_in} and value in {currency}, so no return is told.",)
    return Money(value, costs, same), currency, (*caveats, *told)


def _costs(
    scoped: ScopedStore, counts: Sequence[_Counts], by: str
) -> tuple[dict[str, float] | None, str | None, tuple[str, ...]]:
    began = [row.since for row in counts if row.since]
    ended = [row.until for row in counts if row.until]
    if by not in {"channel", "campaign"} or not began:
        return None, None, ()
    days = {"since_day": min(began).date(), "until_day": max(ended).date()}
    spent = scoped.records(SPEND_QUERY, {"by": by, **days}, _Spent)
    if not spent:
        return None, None, ()
    if scoped.scope.where:
        partly = "Spend is not of single people, so it cannot be set beside a part of them."
        return None, None, (partly,)
    paid_in = {row.currency for row in spent} - {""}
    if len(paid_in) > 1:
        return None, None, ("Spend is in several currencies, which do not add up.",)
    costs: dict[str, float] = {}
    for row in spent:
        name = row.name or NOT_KNOWN
        costs[name] = costs.get(name, 0.0) + row.cost
    currency = next(iter(paid_in), None)
    told: tuple[str, ...] = (
        f"Spend is of {days['since_day']} to {days['until_day']}, the days on which the journeys "
        "counted began.",
    )
    if currency and any(not row.currency for row in spent):
        told += (f"Spend without a currency is taken to be in {currency}.",)
    return costs, currency, told


def _caveats(scoped: ScopedStore, counts: Sequence[_Counts], young: int) -> tuple[str, ...]:
    caveats = young_caveat(young, spoken(scoped.scope.definition.window))
    if not scoped.scope.definition.end.touchpoints:
        caveats += (NO_END,)
    if busy := counts[0].busy_persons:
        people = "1 person has" if busy == 1 else f"{busy:,} people have"
        caveats += (
            f"{people} more than {MOST_JOURNEYS} journeys each; of these only the first touch of "
            "each journey is counted.",
        )
    return caveats


def _facts(result: AttributionResult) -> tuple[Fact, ...]:
    low, high = wilson(result.converted, result.mature)
    facts = [
        Fact("attribution.journeys", "Journeys", result.journeys, "journeys"),
        Fact("attribution.mature", "Old enough to judge", result.mature, "journeys"),
        Fact(
            "attribution.young", "Too young to judge", result.journeys - result.mature, "journeys"
        ),
        Fact(
            "attribution.conversion_rate",
            "Conversion",
            result.conversion_rate,
            "rate",
            result.converted,
            result.mature,
            low,
            high,
        ),
        Fact("attribution.base_rate", "Conversion of the Markov chain", result.base_rate, "rate"),
        Fact("attribution.value", "Value of the conversions", result.value, "value"),
        Fact("attribution.cost", "Spent", result.cost, "value"),
    ]
    for number, row in enumerate(result.rows):
        facts += row_facts(number, row, result.converted)
    for number, row_quality in enumerate(result.quality):
        facts += quality_facts(number, row_quality)
    return tuple(facts)
