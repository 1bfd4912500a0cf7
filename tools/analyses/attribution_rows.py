"""Who gets how much credit by every rule, what it cost, and what it brought."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from tools.analyses.result import NOT_KNOWN, Fact
from tools.statistics.intervals import rate
from tools.statistics.markov import LOST, START, WON, Chain, absorbing_chain

Model = Literal[
    "markov", "shapley", "first", "last", "last_non_direct", "linear", "time_decay", "position"
]
MODELS: tuple[Model, ...] = get_args(Model)
SAID: Mapping[str, str] = {
    "markov": "the Markov removal effect",
    "shapley": "the Shapley value",
    "first": "first touch",
    "last": "last touch",
    "last_non_direct": "last touch that is not direct",
    "linear": "equal shares",
    "time_decay": "time decay",
    "position": "position (first and last most)",
}
OTHER = "other"
NO_CAMPAIGN = "(no campaign)"
Kind = Literal["name", "none", "not known", "other"]
"""`none`: visits without a campaign."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many mature journeys had a touch name, or made a move from it to the next."""

    aspect: str
    name: str
    next_name: str | None
    converted: bool
    moves: int
    began: int


@dataclass(frozen=True, slots=True)
class Credited:
    """One touch name with its credits by the rules that look at converted journeys only."""

    name: str
    first: float = 0.0
    last: float = 0.0
    last_non_direct: float = 0.0
    linear: float = 0.0
    time_decay: float = 0.0
    position: float = 0.0
    shapley: float = 0.0
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Untouched:
    """Journeys that hold no touch: they count for the name that they began with."""

    name: str
    converted: bool
    journeys: int
    value: float


def with_untouched(
    counted: Sequence[Counted],
    credited: Sequence[Credited],
    model: Model,
    told: Sequence[Untouched],
) -> tuple[list[Counted], list[Credited]]:
    """Return the counts and credits of all journeys, those without a touch among them."""
    met = [
        Counted(aspect, row.name, None, row.converted, row.journeys, began)
        for row in told
        for aspect, began in (("move", row.journeys), ("name", 0))
    ]
    by_name = {row.name: row for row in credited}
    for row in told:
        if row.converted:
            own = by_name.get(row.name, Credited(row.name))
            rules = [rule for rule in MODELS if rule != "markov"]
            more = {rule: getattr(own, rule) + row.journeys for rule in rules}
            value = own.value if model == "markov" else own.value + row.value
            by_name[row.name] = Credited(row.name, **more, value=value)
    return [*counted, *met], list(by_name.values())


@dataclass(frozen=True, slots=True)
class AttributionRow:
    """One channel, campaign, source or touchpoint: its credit by the rule asked for, and by all."""

    name: str
    kind: Kind
    credit: float
    """Conversions, by the rule asked for; the rows' credits add up to the conversions."""
    share: float | None
    value: float | None
    """Credited by the same rule; None where the conversions carry no value in one currency."""
    cost: float | None
    """None where no spend is known of."""
    cost_per_conversion: float | None
    return_on_spend: float | None
    """Value for each unit of money spent."""
    journeys: int
    """Mature journeys that had it; those of several rows overlap."""
    converted: int
    removal_effect: float | None
    """Share of the chain's conversions that are lost without it."""
    first: float
    last: float
    last_non_direct: float
    linear: float
    time_decay: float
    position: float
    markov: float
    shapley: float

    def by_model(self, model: str) -> float:
        """Return the credit by one rule."""
        return float(getattr(self, model))


def chain_of(counted: Iterable[Counted]) -> Chain:
    """Return the chain of all mature journeys, converted and not."""
    moves: dict[tuple[str, str], int] = {}
    for row in counted:
        if row.aspect != "move":
            continue
        ending = WON if row.converted else LOST
        told = ((START, row.name, row.began), (row.name, row.next_name or ending, row.moves))
        for name, following, seen in told:
            if seen:
                moves[name, following] = moves.get((name, following), 0) + seen
    return absorbing_chain(moves)


@dataclass(frozen=True, slots=True)
class Money:
    """What conversions brought and what was spent; None where it cannot be told."""

    value: float | None
    costs: Mapping[str, float] | None
    same_currency: bool


def credit_rows(
    counted: Sequence[Counted],
    credited: Sequence[Credited],
    chain: Chain,
    model: Model,
    conversions: int,
    money: Money,
) -> tuple[AttributionRow, ...]:
    """Return every name by its credit, most first."""
    by_name, shares = {row.name: row for row in credited}, chain.shares()
    met: dict[str, list[int]] = {}
    for row in counted:
        if row.aspect == "name":
            told_of = met.setdefault(row.name, [0, 0])
            told_of[0] += row.moves
            told_of[1] += row.moves if row.converted else 0
    told = [
        _row(
            by_name.get(name, Credited(name)),
            (journeys, converted),
            chain,
            shares,
            model,
            conversions,
            money,
        )
        for name, (journeys, converted) in met.items()
    ]
    known = {row.name.casefold() for row in told}
    told += [
        _unseen(name, conversions, money)
        for name in money.costs or {}
        if name.casefold() not in known
    ]
    return tuple(sorted(told, key=lambda row: (-row.credit, -row.journeys, row.name)))


def topped(
    rows: tuple[AttributionRow, ...], top: int, conversions: int, money: Money
) -> tuple[AttributionRow, ...]:
    """Return the first names, what is not known or without a campaign, and the rest as one."""
    rest = [row for row in rows if row.kind == "name"][top:]
    if not rest:
        return rows
    pooled = {row.name for row in rest}
    return (*(row for row in rows if row.name not in pooled), _pooled(rest, conversions, money))


def leaders(rows: Sequence[AttributionRow]) -> dict[Model, str | None]:
    """Return whom each rule gives most, over all names; None where that is tied or nobody."""
    told: dict[Model, str | None] = {}
    for model in MODELS:
        best = sorted(
            (row for row in rows if row.kind == "name"), key=lambda row: -row.by_model(model)
        )[:2]
        most = best[0].by_model(model) if best else 0.0
        tied = len(best) > 1 and same(most, best[1].by_model(model))
        told[model] = best[0].name if most > 0 and not tied else None
    return told


def same(credit: float, other: float) -> bool:
    """Return whether two credits are one but for rounding."""
    return abs(credit - other) < 1e-6 * max(1.0, credit)


def _row(
    row: Credited,
    touched: tuple[int, int],
    chain: Chain,
    shares: Mapping[str, float],
    model: Model,
    conversions: int,
    money: Money,
) -> AttributionRow:
    markov = _even(shares.get(row.name, 0.0) * conversions)
    credit = markov if model == "markov" else _even(getattr(row, model))
    value = row.value if model != "markov" else shares.get(row.name, 0.0) * (money.value or 0.0)
    costs = {name.casefold(): cost for name, cost in (money.costs or {}).items()}
    spent = None if money.costs is None else costs.get(row.name.casefold())
    return _told(
        row.name,
        _kind(row.name),
        credit,
        conversions,
        (None if money.value is None else _even(value), spent, money.same_currency),
        touched,
        chain.removal.get(row.name, 0.0),
        {**{m: _even(getattr(row, m)) for m in MODELS if m != "markov"}, "markov": markov},
    )


def _kind(name: str) -> Kind:
    return "not known" if name == NOT_KNOWN else "none" if name == NO_CAMPAIGN else "name"


def _even(credit: float) -> float:
    """Return a sum of shares without the dust of its last digits."""
    return round(float(credit), 8)


def _unseen(name: str, conversions: int, money: Money) -> AttributionRow:
    """Return a row for money spent on what no judged journey met."""
    brought = None if money.value is None else 0.0
    spent = (money.costs or {})[name]
    by_rule = dict.fromkeys(MODELS, 0.0)
    told = (brought, spent, money.same_currency)
    return _told(name, _kind(name), 0.0, conversions, told, (0, 0), 0.0, by_rule)


def _pooled(rest: Sequence[AttributionRow], conversions: int, money: Money) -> AttributionRow:
    value = None if money.value is None else sum(row.value or 0.0 for row in rest)
    paid = [row.cost for row in rest if row.cost is not None]
    spent = sum(paid) if paid else None
    by_rule = {model: _even(sum(row.by_model(model) for row in rest)) for model in MODELS}
    credit = _even(sum(row.credit for row in rest))
    touched = (sum(row.journeys for row in rest), sum(row.converted for row in rest))
    told = (value, spent, money.same_currency)
    return _told(OTHER, "other", credit, conversions, told, touched, None, by_rule)


def _told(
    name: str,
    kind: Kind,
    credit: float,
    conversions: int,
    money: tuple[float | None, float | None, bool],
    touched: tuple[int, int],
    removal_effect: float | None,
    by_rule: Mapping[Model, float],
) -> AttributionRow:
    value, spent, same_currency = money
    returns = same_currency and value is not None and spent
    return AttributionRow(
        name=name,
        kind=kind,
        credit=credit,
        share=credit / conversions if conversions else None,
        value=value,
        cost=spent,
        cost_per_conversion=spent / credit if spent and credit > 0 else None,
        return_on_spend=value / spent if returns and value is not None and spent else None,
        journeys=touched[0],
        converted=touched[1],
        removal_effect=removal_effect,
        **{model: by_rule[model] for model in MODELS},
    )


def row_facts(number: int, row: AttributionRow, conversions: int) -> list[Fact]:
    """Return the facts of one row."""
    start = f"attribution.{number}"
    credit = row.credit if conversions else None
    facts = [
        Fact(
            f"{start}.share",
            f"Credit of {row.name}",
            row.share,
            "rate",
            credit,
            conversions or None,
        ),
        Fact(
            f"{start}.converted",
            f"Converted, with {row.name} on the way",
            rate(row.converted, row.journeys) if row.kind != OTHER else None,
            "rate",
            row.converted,
            row.journeys,
        ),
        Fact(f"{start}.value", f"Value credited to {row.name}", row.value, "value"),
        Fact(f"{start}.cost", f"Spent on {row.name}", row.cost, "value"),
        Fact(
            f"{start}.cost_per_conversion",
            f"Cost of a conversion by {row.name}",
            row.cost_per_conversion,
            "value",
        ),
        Fact(
            f"{start}.return_on_spend",
            f"Value for each unit spent on {row.name}",
            row.return_on_spend,
            "ratio",
        ),
        Fact(
            f"{start}.removal_effect",
            f"Conversions of the chain that need {row.name}",
            row.removal_effect,
            "rate",
        ),
    ]
    return facts + [
        Fact(
            f"{start}.by_{model}",
            f"Credit of {row.name} by {SAID[model]}",
            row.by_model(model),
            "count",
        )
        for model in MODELS
    ]
