"""Orders of touchpoints compared: who came one way against the other, or at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from tools.analyses.result import Fact
from tools.analyses.sequence_tables import Comparison, Tables
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.intervals import rate, wilson
from tools.statistics.stratified import risk_ratios

LIKELY = 0.05


@dataclass(frozen=True, slots=True)
class Effect:
    """A ratio that was tested; nothing where it could not be."""

    ratio: float | None
    low: float | None
    high: float | None
    q_value: float | None


NOT_TOLD = Effect(None, None, None, None)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One touchpoint before another, against the other way round, and against not at all."""

    first: str
    then: str
    persons: int
    """Who had been at `first` when they first came to `then`."""
    events: int
    """Who of them converted later or, where asked for, left right there."""
    event_rate: float | None
    low: float | None
    high: float | None
    reversed_persons: int
    """Who came to `then` before they first came to `first`; counted from there."""
    reversed_events: int
    reversed_rate: float | None
    order_ratio: float | None
    """This order against the other, at the same depth, stage and channel."""
    order_low: float | None
    order_high: float | None
    order_q: float | None
    without_persons: int
    """Who came to `then` without having been at `first`, whatever they did later."""
    without_events: int
    without_rate: float | None
    ratio: float | None
    """With `first` before `then` against without, at the same depth, stage and channel."""
    ratio_low: float | None
    ratio_high: float | None
    q_value: float | None


@dataclass(frozen=True, slots=True)
class PatternRow:
    """Two or three touchpoints in order, gaps allowed, against coming to the last without the others."""

    pattern: tuple[str, ...]
    persons: int
    events: int
    event_rate: float | None
    others: int
    other_events: int
    other_rate: float | None
    ratio: float | None
    low: float | None
    high: float | None
    q_value: float | None


def order_rows(told: Tables, labels: Mapping[int, str], minimum: int) -> list[OrderRow]:
    """Compare every pair that anyone took, either way round and with against without."""
    keys = [key for key in told.place if key[0] is None and key[1] is not None]
    orders, withs = told.one_way_against_other(keys), told.with_against_without(keys)
    sums = [[table.sum(axis=1).tolist() for table in tables] for tables in (orders, withs)]
    judged = zip(_judged(orders, minimum), _judged(withs, minimum), strict=True)
    return [
        _order_row(
            (labels[key[1] or 0], labels[key[2]]),
            (sums[0][2][row], sums[0][3][row]),
            tuple(column[row] for column in sums[1]),
            *effects,
        )
        for row, (key, effects) in enumerate(zip(keys, judged, strict=True))
    ]


def pattern_rows(told: Tables, labels: Mapping[int, str], minimum: int) -> list[PatternRow]:
    """Compare every pattern with coming to its last touchpoint otherwise; q over all of them."""
    keys = [
        key
        for key, place in told.place.items()
        if key[1] is not None and told.totals[place] >= minimum
    ]
    tables = told.with_against_without(keys)
    sums = [table.sum(axis=1).tolist() for table in tables]
    rows = []
    for row, (key, effect) in enumerate(zip(keys, _judged(tables, minimum), strict=True)):
        persons, events, others, other_events = (column[row] for column in sums)
        if effect.q_value is not None:
            names = tuple(labels[number] for number in key if number is not None)
            rows.append(
                PatternRow(
                    names, persons, events, rate(events, persons), others, other_events,
                    rate(other_events, others), effect.ratio, effect.low, effect.high, effect.q_value,
                )
            )  # fmt: skip
    return rows


def _judged(tables: Comparison, minimum: int) -> list[Effect]:
    """Return each comparison's effect, with interval and q where both sides are large enough."""
    sizes = np.minimum(tables[0].sum(axis=1), tables[2].sum(axis=1))
    large = np.flatnonzero(sizes >= minimum)
    found = dict(zip(large.tolist(), risk_ratios(*(table[large] for table in tables)), strict=True))
    tested = [place for place, effect in found.items() if effect.p_value is not None]
    q_values = benjamini_hochberg([found[place].p_value or 0.0 for place in tested])
    q_by_place = dict(zip(tested, q_values, strict=True))
    return [
        Effect(found[place].ratio, found[place].low, found[place].high, q_by_place[place])
        if place in q_by_place
        else NOT_TOLD
        for place in range(len(sizes))
    ]


def _order_row(
    names: tuple[str, str],
    turned: tuple[int, int],
    sums: tuple[int, ...],
    order: Effect,
    effect: Effect,
) -> OrderRow:
    persons, events, without, without_events = sums
    low, high = wilson(events, persons)
    return OrderRow(
        first=names[0],
        then=names[1],
        persons=persons,
        events=events,
        event_rate=rate(events, persons),
        low=low,
        high=high,
        reversed_persons=turned[0],
        reversed_events=turned[1],
        reversed_rate=rate(turned[1], turned[0]),
        order_ratio=order.ratio,
        order_low=order.low,
        order_high=order.high,
        order_q=order.q_value,
        without_persons=without,
        without_events=without_events,
        without_rate=rate(without_events, without),
        ratio=effect.ratio,
        ratio_low=effect.low,
        ratio_high=effect.high,
        q_value=effect.q_value,
    )


def is_clear(low: float | None, high: float | None, q_value: float | None) -> bool:
    """Return whether a ratio may be stated."""
    if low is None or high is None or q_value is None:
        return False
    return q_value < LIKELY and (low > 1 or high < 1)


def ranked(rows: Iterable[OrderRow]) -> list[OrderRow]:
    """Return one row of each pair, the order with more events first; what is clear leads.

    What is clear is ranked by the interval's bound nearer to 1.
    """
    kept: dict[frozenset[str], OrderRow] = {}
    for row in rows:
        pair = frozenset((row.first, row.then))
        other = kept.get(pair)
        if other is None or (row.order_ratio or 0.0) > (other.order_ratio or 0.0):
            kept[pair] = row

    def place(row: OrderRow) -> tuple[bool, float, int, str, str]:
        clear = is_clear(row.order_low, row.order_high, row.order_q)
        sure = 0.0
        if clear and row.order_low is not None and row.order_high is not None:
            nearest = row.order_low if row.order_low > 1 else row.order_high
            sure = -abs(log(nearest)) if nearest > 0 else -99.0
        q_value = row.order_q if row.order_q is not None else 2.0
        return not clear, sure if clear else q_value, -row.persons, row.first, row.then

    return sorted(kept.values(), key=place)


def ranked_patterns(rows: Iterable[PatternRow]) -> list[PatternRow]:
    """Return the patterns that go with more events, the surest effect first; only what is clear."""
    clear = [row for row in rows if is_clear(row.low, row.high, row.q_value) and (row.low or 0) > 1]
    return sorted(clear, key=lambda row: (-(row.low or 0.0), -row.persons, row.pattern))


def facts_of(
    rows: Sequence[OrderRow], patterns: Sequence[PatternRow], what: str, pairs: int
) -> tuple[Fact, ...]:
    """Return the facts of the rows listed; `what` says what is counted: "converted", "left there"."""
    facts = [Fact("sequences.pairs", "Pairs whose order was compared", pairs, "count")]
    for number, row in enumerate(rows, start=1):
        name, told = f"sequences.{number}", f"{row.first} before {row.then}"
        facts += [
            Fact(
                f"{name}.rate", f"{what}: {told}", row.event_rate, "rate",
                row.events, row.persons, row.low, row.high,
            ),
            Fact(
                f"{name}.reversed_rate", f"{what}: {row.then} before {row.first}",
                row.reversed_rate, "rate", row.reversed_events, row.reversed_persons,
            ),
            Fact(
                f"{name}.order_ratio", f"{what}, {told} against the other way round",
                row.order_ratio, "ratio", low=row.order_low, high=row.order_high,
            ),
            Fact(
                f"{name}.order_inverse", f"{what}, {row.then} before {row.first} against the other way round",
                _inverse(row.order_ratio), "ratio", low=_inverse(row.order_high),
                high=_inverse(row.order_low),
            ),
            Fact(f"{name}.order_q", f"Chance of a false find (q): order of {told}", row.order_q, "score"),
            Fact(
                f"{name}.without_rate", f"{what}: {row.then} without {row.first} before",
                row.without_rate, "rate", row.without_events, row.without_persons,
            ),
            Fact(
                f"{name}.ratio", f"{what}, {told} against {row.then} without it", row.ratio,
                "ratio", low=row.ratio_low, high=row.ratio_high,
            ),
            Fact(
                f"{name}.inverse", f"{what}, {row.then} without {row.first} against with it",
                _inverse(row.ratio), "ratio", low=_inverse(row.ratio_high),
                high=_inverse(row.ratio_low),
            ),
            Fact(f"{name}.q", f"Chance of a false find (q): {told}", row.q_value, "score"),
        ]  # fmt: skip
    for number, pattern in enumerate(patterns, start=1):
        name, told = f"sequences.pattern_{number}", " \u2192 ".join(pattern.pattern)
        facts += [
            Fact(
                f"{name}.rate", f"{what}: {told}", pattern.event_rate, "rate",
                pattern.events, pattern.persons,
            ),
            Fact(
                f"{name}.ratio", f"{what}, {told} against {pattern.pattern[-1]} otherwise",
                pattern.ratio, "ratio", low=pattern.low, high=pattern.high,
            ),
            Fact(f"{name}.q", f"Chance of a false find (q): {told}", pattern.q_value, "score"),
        ]  # fmt: skip
    return tuple(facts)


def _inverse(ratio: float | None) -> float | None:
    return 1 / ratio if ratio else None
