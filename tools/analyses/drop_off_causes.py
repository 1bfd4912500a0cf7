"""What was known of people when they came to a touchpoint, and goes together with leaving there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from tools.analyses.drop_off_cause_rows import CauseRow, Counted, causes, facts_of
from tools.analyses.parameters import Top
from tools.analyses.quotes import body, common_words, masked, quotes
from tools.analyses.result import Result, young_caveat
from tools.analyses.scope_counts import scope_counts
from tools.analyses.step_order import in_order
from tools.errors import InvalidArgumentError, NoDataError
from tools.journeys.definition import spoken
from tools.journeys.scope import (
    ResolvedScope,
    Scope,
    ScopedStore,
    end_touchpoints,
    property_names,
    trait_names,
)
from tools.journeys.touchpoints import flags, hidden_touchpoints, touchpoint_ids, touchpoints
from tools.statistics.intervals import rate
from tools.statistics.terms import Term, overused
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__)
NOTES_QUERY = read_sql(__file__, "drop_off_causes_notes.sql")
MOST_NOTES = 20_000
TERMS, QUOTES = 6, 3
SURE = 0.05
ONCE = "Each person counts once, with their first journey old enough to judge that came here."
LEAK = "Left out, because they were probably learnt later and tell how far people got: {fields}."
At = Annotated[str, Field(description="The touchpoint that people leave at; `a | b` is either")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DropOffCausesResult(Result[CauseRow]):
    """What goes together with leaving at a touchpoint: what is clear first, by people affected."""

    at: str
    persons: int
    """Who came to it, each with their first mature journey that did."""
    exits: int
    """Who went no further than their first arrival."""
    exit_rate: float | None
    compared: int
    """Things known on arrival that were compared."""
    left_out: tuple[str, ...]
    """Fields known much more often of one side: learnt later, probably."""
    notes: int
    """Texts written within two weeks by, or about, those who left."""
    other_notes: int
    terms: tuple[Term, ...] = ()
    """Words that those who left use more."""
    quotes: tuple[str, ...] = ()
    """Their texts, masked."""


@dataclass(frozen=True, slots=True)
class _Note:
    has_left: bool
    text: str
    addresses: str | None


def drop_off_causes(store: Store, *, at: At, top: Top = 10, scope: Scope) -> DropOffCausesResult:
    """Find what people who leave at a touchpoint had in common on arriving there.

    Of people at their first arrival, those who went no further are compared with those who went on,
    by what was known at that moment and no later: what they had seen, what was just before, steps,
    visits and time so far, channel, campaign, traits, properties of the first touch, and what they
    were sent in the 48 hours before. Each rate ratio stands beside one that holds first channel and
    depth fixed (Mantel and Haenszel), which is the one that is told. A field that is known much
    more often of one side, or whose value is another name for having converted, was learnt later
    and is left out. Words come from what people
    wrote within two weeks; quotes are masked. Each person counts once.

    Args:
        store: Where the journeys and notes stand.
        at: The touchpoint; `a | b` is either.
        top: Most rows listed.
        scope: Which journeys.

    Raises:
        NoDataError: No journey is in scope, or none came to `at`.
        UnknownTouchpointError: `at` names no touchpoint.
        InvalidArgumentError: `at` is the end of the journey.

    Source: Mantel and Haenszel 1959; Greenland and Robins 1985; Benjamini and Hochberg 1995;
    Monroe, Colaresi and Quinn 2008 (words).
    """
    scoped = ScopedStore(store, scope)
    scope_counts(scoped)
    ids = _place(store, scoped.scope, at)
    asked = {
        "lowest": min(ids),
        "highest": max(ids),
        "is_asked": flags(ids),
        "session_gap": scoped.scope.definition.session_gap.total_seconds(),
        "traits": list(trait_names(store)),
        "properties": list(property_names(store)),
        "hidden": hidden_touchpoints(store),
    }
    counted = scoped.records(in_order(scoped, QUERY), asked, Counted)
    names = [label for number, label in touchpoints(store) if number in ids]
    label = " or ".join(names) if len(names) <= 3 else at
    everyone = [row for row in counted if row.kind == "everyone"]
    persons, exits = sum(r.persons for r in everyone), sum(r.exits for r in everyone)
    if not persons:
        raise NoDataError(f"No journey in scope old enough to judge came to {label}.")
    found = causes(counted, frozenset(names), scoped.scope.minimum_group)
    texts = scoped.records(NOTES_QUERY, {"touchpoint_ids": list(ids), "most": MOST_NOTES}, _Note)
    told = _words(store, texts, scoped.scope.minimum_group)
    result = DropOffCausesResult(
        rows=found.rows[:top],
        facts=(),
        scope=scoped.scope,
        statements=tuple(scoped.statements),
        caveats=(),
        at=label,
        persons=persons,
        exits=exits,
        exit_rate=rate(exits, persons),
        compared=found.compared,
        left_out=found.left_out,
        notes=sum(note.has_left for note in texts),
        other_notes=sum(not note.has_left for note in texts),
        terms=told[0],
        quotes=told[1],
    )
    facts = facts_of(result.rows, persons, exits, found.compared, result.terms, result.notes, result.other_notes)  # fmt: skip
    return replace(result, facts=facts, caveats=_caveats(scoped, result))


def _place(store: Store, scope: ResolvedScope, at: str) -> tuple[int, ...]:
    ids = touchpoint_ids(store, (at,), where="at")
    if set(ids) <= set(end_touchpoints(store, scope)) and not scope.definition.end.where:
        raise InvalidArgumentError(
            f"at: '{at}' is where this journey ends, so nobody leaves there."
        )
    return ids


def _words(
    store: Store, notes: Sequence[_Note], minimum: int
) -> tuple[tuple[Term, ...], tuple[str, ...]]:
    """Return what those who left write more about, and some of what they wrote, masked.

    Nothing where either side has fewer texts than the minimum group.
    """
    left = sum(note.has_left for note in notes)
    if min(left, len(notes) - left) < minimum:
        return (), ()
    common = common_words(note.text for note in notes)
    known = [label for _, label in touchpoints(store)]
    texts: dict[bool, list[str]] = {True: [], False: []}
    for note in notes:
        addresses = (note.addresses,) if note.addresses else ()
        texts[note.has_left].append(masked(body(note.text), known, addresses, common))
    clear = [term for term in overused(texts[True], texts[False]) if term.q_value < SURE]
    clear = _apart(clear)[:TERMS]
    return tuple(clear), tuple(quotes(texts[True], [term.text for term in clear], QUOTES))


def _apart(terms: Sequence[Term]) -> list[Term]:
    """Leave out masks, and words that stand in a surer term already."""
    kept: list[Term] = []
    for term in terms:
        if set(term.text.split()) & {"name", "number", "email", "link", "code"}:
            continue
        words = set(term.text.split())
        if not any(words & set(other.text.split()) for other in kept):
            kept.append(term)
    return kept


def _caveats(scoped: ScopedStore, result: DropOffCausesResult) -> tuple[str, ...]:
    young = scope_counts(scoped).young
    told = (*young_caveat(young, spoken(scoped.scope.definition.window)), ONCE)
    if result.left_out:
        fields = ", ".join(field.replace("_", " ") for field in result.left_out)
        told += (LEAK.format(fields=fields),)
    return told
