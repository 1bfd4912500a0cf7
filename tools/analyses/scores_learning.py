"""What scores are learned from and tested on; the same for every question about one journey."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from tools.analyses import scores_parts as parts
from tools.analyses.scores_model import PLACES, Model, Snapshots, fit, snapshots
from tools.analyses.scores_rows import Decile, Reason, ScoreTest
from tools.journeys.scope import ResolvedScope, ScopedStore, Statement
from tools.store.door import Parameters, read_sql

QUERY = read_sql(__file__, "scores.sql")
COUNTED_QUERY = read_sql(__file__, "scores_counted.sql")
NEXT_QUERY = read_sql(__file__, "scores_next.sql")
NEEDED = 200
"""Moments before a conversion, fewer than which teach no model."""
NEEDED_TESTED = 30
"""Conversions, fewer than which test none."""
LEARNED = 120_000
"""Moments looked at; beyond, persons are drawn by their number, which is a hash."""
CONVERSIONS, MOST = 2_000, 1_000_000
"""More moments are looked at until about so many conversions are among them, but no more than so."""
MOMENTS = 4
"""Of each journey that is learned from, if it was open at all of them."""
Missing = Literal["end", "active", "mature", "learned", "tested", "order", "base"]
"""Why there are no scores: no end event; nobody under way; no journey old enough; too few to learn
from; too few to test on; a ranking that chance could give; no better than the base rate."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The journeys of a scope; `cut` is when the later three tenths of the mature ones began."""

    journeys: int
    active: int
    mature: int
    converted: int
    cut: datetime | None


@dataclass(frozen=True, slots=True)
class _Follow:
    touchpoint_id: int
    label: str
    next_touchpoint_id: int | None
    next_label: str | None
    persons: int


@dataclass(frozen=True, slots=True)
class Learned:
    """A model with its test, or what is missing for one."""

    missing: Missing | None
    bound: Mapping[str, object]
    """The values that the query of those under way needs as well."""
    follows: parts.Follows
    learned: int
    learned_converted: int
    tested: Snapshots
    model: Model | None = None
    test: ScoreTest | None = None
    deciles: tuple[Decile, ...] = ()
    reasons: tuple[Reason, ...] = ()
    statements: tuple[Statement, ...] = ()


def learn(everyone: ScopedStore, whole: Counted) -> Learned:
    """Return the model that all journeys of a definition teach; a read-only store is asked once."""
    key = ("scores", everyone.scope.definition, everyone.scope.as_of)
    known = everyone.store.memory.get(key)
    if isinstance(known, Learned) and not everyone.store.writable:
        return known
    before = len(everyone.statements)
    made = _learn(everyone, whole)
    made = replace(made, statements=tuple(everyone.statements[before:]))
    del everyone.statements[before:]
    everyone.store.memory[key] = made
    return made


def _learn(everyone: ScopedStore, whole: Counted) -> Learned:
    follows, labels = _follows(everyone.records(NEXT_QUERY, {"kept": _kept(whole)}, _Follow))
    places = tuple((number, labels[number]) for number in list(follows)[:PLACES])
    bound = {**bound_values(everyone.scope, places), "cut": whole.cut, "kept": _kept(whole)}
    told = snapshots(frame(everyone, {**bound, "training": True}))
    learned, tested = told.part(~told.tested), told.part(told.tested)
    converted = int(learned.converted.sum())
    found = Learned(None, bound, follows, len(learned), converted, tested)
    if converted < NEEDED or converted == len(learned):
        return replace(found, missing="learned")
    if int(tested.converted.sum()) < NEEDED_TESTED or np.all(tested.converted):
        return replace(found, missing="tested")
    return judged(found, fit(learned, places), learned)


def judged(found: Learned, model: Model, learned: Snapshots) -> Learned:
    """Add a model and its test, and what is missing where it does not stand it."""
    test = parts.tested(model, learned, found.tested)
    if test is None:
        return replace(found, missing="tested")
    chances = model.probabilities(found.tested)
    found = replace(
        found,
        model=model,
        test=test,
        deciles=parts.deciles(found.tested.converted, chances),
        reasons=parts.reasons(model, found.tested),
    )
    if test.auc.low <= 0.5:
        return replace(found, missing="order")
    return replace(found, missing="base") if test.brier >= test.base_brier else found


def _follows(
    followed: Sequence[_Follow],
) -> tuple[dict[int, list[tuple[str | None, int]]], dict[int, str]]:
    """Return what followed each touchpoint, the most visited first; and the names."""
    persons: dict[int, int] = defaultdict(int)
    told: dict[int, list[tuple[str | None, int]]] = defaultdict(list)
    labels: dict[int, str] = {}
    for row in followed:
        persons[row.touchpoint_id] += row.persons
        told[row.touchpoint_id].append((row.next_label, row.persons))
        labels[row.touchpoint_id] = row.label
    order = sorted(told, key=lambda number: (-persons[number], labels[number]))
    return {number: told[number] for number in order}, labels


def _kept(whole: Counted) -> int:
    """Return how many of ten thousand persons are learned from."""
    moments = whole.mature * MOMENTS
    share = max(LEARNED / moments, CONVERSIONS / max(1, whole.converted))
    return max(1, round(10_000 * min(1.0, share, max(LEARNED, MOST) / moments)))


def bound_values(scope: ResolvedScope, places: Sequence[tuple[int, str]]) -> dict[str, object]:
    """Return what the query of snapshots needs, but for who is learned from."""
    return {
        "window_seconds": scope.definition.window.total_seconds(),
        "inactivity_seconds": scope.definition.inactivity.total_seconds(),
        "session_seconds": scope.definition.session_gap.total_seconds(),
        "recent_seconds": recent(scope).total_seconds(),
        "as_of": scope.as_of,
        "places": [number for number, _ in places],
    }


def frame(scoped: ScopedStore, parameters: Parameters) -> pd.DataFrame:
    """Run the snapshots' query; hundreds of thousands of rows go straight into arrays."""
    sql, used = scoped.compose(QUERY, parameters)
    scoped.statements.append(Statement(sql, tuple(sorted(used.items()))))
    return scoped.store.frame(sql, used)


def recent(scope: ResolvedScope) -> timedelta:
    """Return how long "recently" is: a tenth of the window, in whole days, hours or minutes."""
    tenth = scope.definition.window / 10
    for unit in (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)):
        if tenth >= unit:
            return round(tenth / unit) * unit
    return tenth
