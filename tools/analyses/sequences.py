"""Whether order matters: one touchpoint before another, against the other way round or not at all."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from tools.analyses.parameters import Top
from tools.analyses.result import Result, young_caveat
from tools.analyses.scope_counts import scope_counts
from tools.analyses.sequence_rows import (
    OrderRow,
    PatternRow,
    facts_of,
    order_rows,
    pattern_rows,
    ranked,
    ranked_patterns,
)
from tools.analyses.sequence_tables import (
    Named,
    Seen,
    Survey,
    Surveyed,
    Tables,
    named_tables,
    surveyed_tables,
)
from tools.analyses.step_order import in_halves, in_order, middle
from tools.errors import InvalidArgumentError, NoDataError
from tools.journeys.definition import spoken
from tools.journeys.scope import ResolvedScope, Scope, ScopedStore, end_touchpoints
from tools.journeys.touchpoints import touchpoint_ids, touchpoints
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__)
SEEN_QUERY = read_sql(__file__, "sequences_seen.sql")
NAMED_QUERY = read_sql(__file__, "sequences_named.sql")
DEEPEST = 20
"""First visits from this step on are one stratum."""
WIDEST, NARROW = 25, 10
"""Touchpoints, most people first, whose pairs and whose threes in order are looked at."""
REQUIRED = 0.95
STREAM = ("arrival", "weighed", "come", "tallied", "met", "digit", "written", "spelled")
FIRST, THEN = -1, -2
ONCE = "Each person counts once, with their first journey old enough to judge."
NO_END = "This journey has no end event, so no order can be said to lead to it."
One = Annotated[str | None, Field(description="The touchpoint that may come first; needs `then`")]
Other = Annotated[str | None, Field(description="The touchpoint that it may come before")]
Outcome = Annotated[
    Literal["converted", "left"],
    Field(
        description="What is counted: converting later, or leaving right at the later touchpoint"
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SequencesResult(Result[OrderRow]):
    """Pairs by how much their order matters; with both touchpoints named, that pair."""

    outcome: str
    named: bool
    pairs: int
    """Pairs whose order enough people took either way."""
    patterns: tuple[PatternRow, ...]
    """Two or three touchpoints in order that go with more of the outcome, beyond chance."""


def sequences(
    store: Store,
    *,
    first: One = None,
    then: Other = None,
    outcome: Outcome = "converted",
    top: Top = 10,
    scope: Scope,
) -> SequencesResult:
    """Find out whether the order of touchpoints goes together with converting, or with leaving.

    By first visits, before any end event. Two comparisons of a pair, both at the same step, first
    channel, and number of required touchpoints (those that 95 % of the converted pass) behind them:
    *order*: of those who were at both, one first against the other first, from the later one on;
    *with*: of those who came to the second, those who had been at the first against those who had
    not. Patterns of two and three (gaps allowed) are compared like *with*, at their last
    touchpoint. Each person counts once, by their first mature journey in scope.

    Args:
        store: Where the journeys stand.
        first: The touchpoint that may come first (`a | b` is either); with `then`.
        then: The other one.
        outcome: Converting later, or leaving right at the later touchpoint.
        top: Most pairs, and most patterns, listed.
        scope: Which journeys.

    Raises:
        NoDataError: No journey is in scope, or nobody came to `then`.
        UnknownTouchpointError: A name is not known.
        InvalidArgumentError: Only one is named, both are the same, or one is the end.

    Source: Anderson, Cain and Gelber 1983 (landmark); Mantel and Haenszel 1959; Greenland and
    Robins 1985; Benjamini and Hochberg 1995.
    """
    scoped = ScopedStore(store, scope)
    young = scope_counts(scoped).young
    ids = _named(store, scoped.scope, first, then)
    left = outcome == "left"
    told = _named_pair(scoped, ids, left=left) if ids[0] else _survey(scoped, left=left)
    labels = dict(touchpoints(store))
    labels |= {FIRST: _called(labels, ids[0], first), THEN: _called(labels, ids[1], then)}
    minimum = scoped.scope.minimum_group
    has_end = bool(scoped.scope.definition.end.touchpoints)
    rows = order_rows(told, labels, minimum) if has_end else []
    patterns = ranked_patterns(pattern_rows(told, labels, minimum)) if has_end else []
    if ids[0]:
        if not any(key[2] == THEN for key in told.place):
            raise NoDataError(
                f"Of people's first journeys old enough to judge, none came to {labels[THEN]} before its end."
            )
        rows = [row for row in rows if row.then == labels[THEN]]
        patterns = []
    pairs = sum(row.order_q is not None for row in rows) // (1 if ids[0] else 2)
    shown = rows if ids[0] else ranked(rows)[:top]
    what = "Left right there" if outcome == "left" else "Converted later"
    young_told = young_caveat(young, spoken(scoped.scope.definition.window))
    return SequencesResult(
        rows=tuple(shown),
        facts=facts_of(shown, patterns[:top], what, pairs),
        scope=scoped.scope,
        statements=tuple(scoped.statements),
        caveats=(*young_told, ONCE) if has_end else (NO_END,),
        outcome=outcome,
        named=bool(ids[0]),
        pairs=pairs,
        patterns=tuple(patterns[:top]),
    )


def _survey(scoped: ScopedStore, *, left: bool) -> Tables:
    """Count the widest touchpoints' pairs, and the narrow ones' threes in order."""
    minimum = scoped.scope.minimum_group
    seen = scoped.records(SEEN_QUERY, {}, Seen)
    winners = REQUIRED * sum(row.began for row in seen)
    ids = tuple(row.touchpoint_id for row in seen)
    required = frozenset(
        row.touchpoint_id for row in seen if row.converted >= max(winners, minimum)
    )
    survey = Survey(ids[:WIDEST], ids[:NARROW], required, max(ids, default=0))
    asked = {**survey.asked(), "deepest": DEEPEST}
    text = in_halves(scoped, in_order(scoped, QUERY), STREAM, ("come", "spelled"))
    counted = scoped.records(text, {**asked, "middle": middle(scoped.store)}, Surveyed)
    return surveyed_tables(survey, counted, minimum, left=left)


def _named_pair(
    scoped: ScopedStore, ids: tuple[tuple[int, ...], tuple[int, ...]], *, left: bool
) -> Tables:
    asked = {
        "first_ids": list(ids[0]),
        "then_ids": list(ids[1]),
        "required": REQUIRED,
        "minimum": scoped.scope.minimum_group,
        "deepest": DEEPEST,
    }
    return named_tables(scoped.records(NAMED_QUERY, asked, Named), left=left)


def _named(
    store: Store, scope: ResolvedScope, first: str | None, then: str | None
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if not first and not then:
        return (), ()
    if not first or not then:
        raise InvalidArgumentError("first, then: name both touchpoints, or neither.")
    ids = (
        touchpoint_ids(store, (first,), where="first"),
        touchpoint_ids(store, (then,), where="then"),
    )
    if set(ids[0]) & set(ids[1]):
        raise InvalidArgumentError(f"then: '{then}' is '{first}' too; name two touchpoints.")
    ends = set(end_touchpoints(store, scope)) if not scope.definition.end.where else set()
    for name, told, own in (("first", first, ids[0]), ("then", then, ids[1])):
        if set(own) <= ends:
            raise InvalidArgumentError(f"{name}: '{told}' is where this journey ends.")
    return ids


def _called(labels: dict[int, str], ids: tuple[int, ...], told: str | None) -> str:
    names = [labels[number] for number in ids]
    return " or ".join(names) if 0 < len(names) <= 3 else told or ""
