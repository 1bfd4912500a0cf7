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
    Untouched,
    chain_of,
    credit_rows,
    leaders,
    row_facts,
    topped,
    with_untouched,
)
from tools.analyses.parameters import Top
from tools.analyses.result import NOT_KNOWN, Fact, Result, young_caveat
from tools.analyses.step_order import halves, middle
from tools.errors import NoDataError
from tools.journeys.definition import spoken
from tools.journeys.scope import Scope, ScopedStore
from tools.journeys.touchpoints import touchpoints
from tools.statistics.intervals import rate, wilson
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__)
MOVES_QUERY = read_sql(__file__, "attribution_moves.sql")
UNTOUCHED_QUERY = read_sql(__file__, "attribution_untouched.sql")
NAMES_QUERY = read_sql(__file__, "attribution_names.sql")
VISIT_TOUCHES = read_sql(__file__, "attribution_visits.sql")
STEP_TOUCHES = read_sql(__file__, "attribution_steps.sql")
VISIT_NAMES = read_sql(__file__, "attribution_visit_names.sql")
STEP_NAMES = read_sql(__file__, "attribution_step_names.sql")
COUNTS_QUERY = read_sql(__file__, "attribution_counts.sql")
SPEND_QUERY = read_sql(__file__, "attribution_spend.sql")
HALF_LIFE_DAYS = 7
WITHIN = "\n    JOIN scoped_journey AS own ON told.journey_id = own.journey_id"
DIRECT = ("direct", "(direct)", "none", "(none)", NO_CAMPAIGN, NOT_KNOWN)
NO_END = "This journey has no end event, so there is no conversion to give credit for."
ACCOUNTING = (
    "Attribution shares out conversions by a rule; none of the rules, Markov and Shapley included, "
    "shows what would happen without a channel. Only an experiment does."
)
VISITS = (
    "A path is a journey's visits in order: a visit is a run of events in one session with one {what} "
    "(on one day, where the source tells no sessions). Repeated visits are kept."
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


@dataclass(frozen=True, slots=True)
class _Touch:
    """What the codes of a name stand for: `touch` by its number."""

    touch_id: int
    channel: str | None
    campaign: str | None
    source: str


@dataclass(frozen=True, slots=True)
class _Met:
    part: int
    names: int
    converted: bool
    journeys: int

    def codes(self) -> list[int]:
        """Return the codes whose bits are set."""
        return [62 * self.part + bit for bit in range(62) if self.names >> bit & 1]


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
    counts = scoped.records(COUNTS_QUERY, {}, _Counts)
    journeys, mature = sum(c.journeys for c in counts), sum(c.mature for c in counts)
    if not journeys:
        raise NoDataError(f"No journey is in scope: {scoped.scope.sentence()}.")
    converted = sum(c.converted for c in counts)
    counted, credited = _counted(scoped, model, by, mature)
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
        caveats=(*_caveats(scoped, journeys - mature), *told),
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


def _counted(
    scoped: ScopedStore, model: Model, by: str, mature: int
) -> tuple[list[Counted], list[Credited]]:
    """Return moves, names met and credits of all mature journeys."""
    names, codes = _names(scoped.store, by)
    asked: dict[str, object] = {
        "model": model,
        "by": by,
        "names": names,
        "codes": codes,
        "no_campaign": NO_CAMPAIGN,
        "not_known": NOT_KNOWN,
        "direct": [code for code, name in enumerate(names, 1) if name.casefold() in DIRECT],
        "half_life": HALF_LIFE_DAYS * 86400.0,
        "without_end": by == "source",
        "middle": middle(scoped.store),
    }
    of_steps = by == "touchpoint"
    touches, told = (STEP_TOUCHES, STEP_NAMES) if of_steps else (VISIT_TOUCHES, VISIT_NAMES)
    within = WITHIN if scoped.scope.where and not of_steps else ""
    moves = _filled(MOVES_QUERY, touches, within)
    moved = scoped.records(moves, {**asked, "winners": False}, Counted)
    met = scoped.records(_filled(NAMES_QUERY, told, within), asked, _Met)
    credited = list(scoped.records(_filled(QUERY, touches), {**asked, "winners": True}, Credited))
    counted = [
        *moved,
        *(
            Counted("name", names[code - 1], None, row.converted, row.journeys, 0)
            for row in met
            for code in row.codes()
        ),
    ]
    if sum(row.began for row in moved) == mature:
        return counted, credited
    visited = {**asked, "codes": [] if by == "touchpoint" else codes}
    untouched = scoped.records(UNTOUCHED_QUERY, visited, Untouched)
    return with_untouched(counted, credited, model, untouched)


def _filled(query: str, touches: str, within: str = "") -> str:
    """Return a query with the touches that it reads, and what they are joined with."""
    begun = f"WITH judged_touch AS NOT MATERIALIZED (\n{halves(touches)}),\n"
    return query.replace("WITH ", begun, 1).replace("/* within */", within)


def _names(store: Store, by: str) -> tuple[list[str], list[int | None]]:
    """Return the names that get credit, and for each touch (or touchpoint) the place of its own."""
    if by == "touchpoint":
        found: dict[int, str | None] = dict(touchpoints(store))
    else:
        sql = "SELECT touch_id, channel, campaign, source FROM touch ORDER BY touch_id"
        found = {row.touch_id: _name(row, by) for row in store.records(sql, {}, _Touch)}
    names = sorted({name for name in found.values() if name is not None})
    places = {name: place for place, name in enumerate(names, 1)}
    told = [found.get(number) for number in range(1, max(found, default=0) + 1)]
    return names, [None if name is None else places[name] for name in told]


def _name(touch: _Touch, by: str) -> str | None:
    if by == "campaign":
        return touch.campaign or (None if touch.channel is None else NO_CAMPAIGN)
    return touch.channel if by == "channel" else touch.source


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


def _caveats(scoped: ScopedStore, young: int) -> tuple[str, ...]:
    caveats = young_caveat(young, spoken(scoped.scope.definition.window))
    if not scoped.scope.definition.end.touchpoints:
        caveats += (NO_END,)
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
