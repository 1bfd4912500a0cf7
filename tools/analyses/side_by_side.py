"""Any analysis of two groups or two periods, put side by side: what both tell, and how it differs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tools.analyses.result import Fact, Result, Unit
from tools.journeys.scope import Condition, ResolvedScope
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.differences import fisher
from tools.statistics.intervals import newcombe

SHARED = (
    "The two groups may share journeys, so that the difference between those in only one of them "
    "is larger than shown."
)

OF_TWO_PERIODS = frozenset({"change_effect", "conversion_change"})
"""Analyses that tell a rate before and one after: the comparison is about the later one."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One number that both sides have."""

    label: str
    unit: Unit
    first: float | int | None
    second: float | int | None
    first_numerator: int | None
    first_denominator: int | None
    second_numerator: int | None
    second_denominator: int | None
    difference: float | None
    """First less second; for rates, with a 95 % interval."""
    low: float | None
    high: float | None
    q_value: float | None
    """Fisher's exact test of two rates, corrected over all rates compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide(Result[Pair]):
    """Two results of one analysis; the rows are the numbers that both have."""

    analysis: str
    first_name: str
    second_name: str
    first: Result[Any]
    second: Result[Any]

    @property
    def main(self) -> Pair | None:
        """The rate that the comparison is about; None where there is no such rate."""
        place = _main(self.analysis, self.rows)
        return None if place is None else self.rows[place]


def side_by_side(analysis: str, first: Result[Any], second: Result[Any]) -> SideBySide:
    """Pair the numbers of two results by what they are of, and test the rates' differences.

    A rate is tested where both sides have the scope's minimum group or more. What the comparison
    is about is one test, chosen beforehand; all others have q-values as a family of their own.

    Source: Newcombe 1998, method 10 (interval); Fisher 1935 (test).
    """
    names = _names(first.scope, second.scope)
    rows = _tested(analysis, _pairs(first.facts, second.facts), first.scope.minimum_group)
    facts = (*_renamed(first, "first", names[0]), *_renamed(second, "second", names[1]))
    shared = () if apart(first.scope, second.scope) else (SHARED,)
    caveats = [f"{names[0]}: {text}" for text in first.caveats]
    caveats += [f"{names[1]}: {text}" for text in second.caveats]
    return SideBySide(
        rows=rows,
        facts=(*facts, *_difference_facts(analysis, rows)),
        scope=first.scope,
        statements=(*first.statements, *second.statements),
        caveats=(*caveats, *shared),
        analysis=analysis,
        first_name=names[0],
        second_name=names[1],
        first=first,
        second=second,
    )


def apart(one: ResolvedScope, other: ResolvedScope) -> bool:
    """Return whether no journey can be in both scopes, as far as their filters tell."""
    if one.since and other.until and one.since > other.until:
        return True
    if other.since and one.until and other.since > one.until:
        return True
    return any(_excludes(this, that) for this in one.where for that in other.where)


def _excludes(this: Condition, that: Condition) -> bool:
    if this.field != that.field:
        return False
    mine, theirs = ({value.casefold() for value in each.values} for each in (this, that))
    if this.field == "touchpoint":
        opposite = {this.operator, that.operator} == {"saw", "not saw"}
        return opposite and mine == theirs and this.times == that.times
    if this.operator == that.operator == "=":
        return not mine & theirs
    return {this.operator, that.operator} == {"=", "!="} and mine == theirs


def _names(one: ResolvedScope, other: ResolvedScope) -> tuple[str, str]:
    """Return what each side is called: what is said of it and not of the other."""
    told = []
    for scope, beside in ((one, other), (other, one)):
        own = [each for each in scope.where if each not in beside.where]
        parts = [_called(each) for each in own]
        if (scope.since, scope.until) != (beside.since, beside.until):
            parts.append(f"{scope.since or 'the beginning'} to {scope.until or 'now'}")
        told.append(", ".join(parts) or "everyone")
    return told[0], told[1]


def _called(condition: Condition) -> str:
    if condition.operator == "=":
        return " or ".join(condition.values)
    return condition.sentence()


def _pairs(first: Sequence[Fact], second: Sequence[Fact]) -> list[Pair]:
    theirs = {(fact.label, fact.unit): fact for fact in reversed(second)}
    told: dict[tuple[str, Unit], Pair] = {}
    for fact in first:
        other = theirs.get((fact.label, fact.unit))
        if other is None or (fact.label, fact.unit) in told:
            continue
        if isinstance(fact.value, str) or isinstance(other.value, str):
            continue
        both = fact.value is not None and other.value is not None
        told[fact.label, fact.unit] = Pair(
            fact.label,
            fact.unit,
            fact.value,
            other.value,
            *_base(fact),
            *_base(other),
            (fact.value or 0) - (other.value or 0) if both else None,
            None,
            None,
            None,
        )
    return list(told.values())


def _base(fact: Fact) -> tuple[int | None, int | None]:
    if fact.unit != "rate" or fact.numerator is None or fact.denominator is None:
        return None, None
    return int(fact.numerator), int(fact.denominator)


def _main(analysis: str, pairs: Sequence[Pair]) -> int | None:
    """Return the place of an analysis's own rate; None where it has none that could differ."""
    rates = [place for place, pair in enumerate(pairs) if pair.unit == "rate"]
    chosen = rates[analysis in OF_TWO_PERIODS :][:1]
    if not chosen:
        return None
    pair = pairs[chosen[0]]
    if not (pair.first_denominator and pair.second_denominator):
        return None
    won, tried = pair.first_numerator, pair.first_denominator
    everyone = (won, pair.second_numerator) == (tried, pair.second_denominator)
    return None if everyone and analysis == "customers" else chosen[0]


def _tested(analysis: str, pairs: list[Pair], minimum: int) -> tuple[Pair, ...]:
    p_values: dict[int, float] = {}
    for place, pair in enumerate(pairs):
        won, tried = pair.first_numerator, pair.first_denominator
        lost, against = pair.second_numerator, pair.second_denominator
        if won is None or tried is None or lost is None or against is None:
            continue
        if min(tried, against) < minimum:
            continue
        low, high = newcombe(won, tried, lost, against)
        pairs[place] = replace(pair, low=low, high=high)
        p_value = fisher(won, tried, lost, against)
        if p_value is not None:
            p_values[place] = p_value
    main = _main(analysis, pairs)
    if main in p_values:
        pairs[main] = replace(pairs[main], q_value=p_values.pop(main))
    for place, q in zip(p_values, benjamini_hochberg(list(p_values.values())), strict=True):
        pairs[place] = replace(pairs[place], q_value=q)
    return tuple(pairs)


def _renamed(result: Result[Any], side: str, name: str) -> list[Fact]:
    return [
        replace(
            fact,
            id=f"{fact.id.partition('.')[0]}.{side}.{fact.id.partition('.')[2]}",
            label=f"{fact.label}, {name}",
        )
        for fact in result.facts
    ]


def _difference_facts(analysis: str, rows: Sequence[Pair]) -> list[Fact]:
    facts = []
    for place, row in enumerate(rows, start=1):
        if row.unit != "rate" or row.difference is None:
            continue
        name = f"{analysis}.difference_{place}"
        facts.append(
            Fact(
                name,
                f"Difference: {row.label}",
                row.difference,
                "difference",
                low=row.low,
                high=row.high,
            )
        )
        facts.append(
            Fact(f"{name}.q", f"Chance of a false find (q): {row.label}", row.q_value, "score")
        )
    return facts
