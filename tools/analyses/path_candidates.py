"""Which paths may be listed, and which of those that overlap stands for the others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tools.errors import InvalidArgumentError, NoDataError
from tools.journeys.scope import ResolvedScope, ScopedStore, end_touchpoints
from tools.journeys.touchpoints import touchpoint_ids
from tools.statistics.intervals import rate
from tools.statistics.shrinkage import Shrunk, shrink
from tools.store.door import Store, read_sql

PathRule = Literal["began", "whole"]
PathOrder = Literal["conversion", "volume", "worst"]
PathOutcome = Literal["all", "converted", "dropped"]
Trail = tuple[int, ...]
QUERY = read_sql(__file__, "paths.sql")
OUTCOMES: dict[PathOutcome, tuple[str, ...]] = {
    "all": ("converted", "dropped", "active"),
    "converted": ("converted",),
    "dropped": ("dropped",),
}
BEGINNING = (2, 6)
"""Shortest and longest beginning, unless told."""
LONGEST = 10_000
MOST_CANDIDATES = 5_000
"""The largest candidates that are compared."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One row of the query: a candidate, or the total."""

    is_total: bool
    touchpoints: list[int] | None
    journeys: int
    mature: int
    converted: int
    reached_mature: int | None
    reached_converted: int | None
    total_journeys: int | None
    distinct_paths: int | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A path that may be listed."""

    trail: Trail
    """Ids of touchpoints, in order; empty for journeys with no step before the end."""
    journeys: int
    mature: int
    converted: int
    reached_rate: float | None
    """Conversion of all mature journeys with as many steps; None under the rule "whole"."""
    shrunk: Shrunk | None
    """None where too few journeys are mature."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The question, every default filled in."""

    rule: PathRule
    order: PathOrder
    outcome: PathOutcome
    shortest: int
    longest: int
    names: tuple[frozenset[int], ...]
    """For each name that a path has to contain, the touchpoints that match it."""


def lengths(rule: PathRule, least: int | None, most: int | None) -> tuple[int, int]:
    """Return the fewest and most touchpoints that a path may have."""
    default_least, default_most = BEGINNING if rule == "began" else (0, LONGEST)
    shortest = least if least is not None else min(default_least, most or default_least)
    longest = most if most is not None else max(default_most, shortest)
    if shortest > longest:
        raise InvalidArgumentError(
            f"minimum_length: {shortest} is more than maximum_length: {longest}."
        )
    return shortest, longest


def required(
    store: Store, scope: ResolvedScope, containing: Sequence[str]
) -> tuple[frozenset[int], ...]:
    """Return the touchpoints that each name stands for; the end event is none of them."""
    ends = set() if scope.definition.end.where else set(end_touchpoints(store, scope))
    names = []
    for name in containing:
        found = frozenset(touchpoint_ids(store, (name,), where="containing"))
        if found <= ends:
            raise InvalidArgumentError(
                f"containing: '{name}' is the end of this journey, and a path holds only "
                "what comes before it."
            )
        names.append(found - ends)
    return tuple(names)


def candidates(scoped: ScopedStore, asked: Asked) -> tuple[Counted, list[Candidate]]:
    """Return the total, and every path that may be listed, most journeys first.

    Raises:
        NoDataError: No journey is in scope.
    """
    ranked = asked.order != "volume"
    counted = scoped.records(
        QUERY,
        {
            "outcomes": list(OUTCOMES[asked.outcome]),
            "began": asked.rule == "began",
            "shortest": max(asked.shortest, 1) if ranked else asked.shortest,
            "longest": asked.longest,
            "least_mature": scoped.scope.minimum_group if ranked else 0,
            "anything": not asked.names,
            "containing": sorted(asked.names[0]) if asked.names else [0],
            "most": MOST_CANDIDATES + 1,
        },
        Counted,
    )
    total, *rows = counted
    if not total.total_journeys:
        raise NoDataError(f"No journey is in scope: {scoped.scope.sentence()}.")
    kept = [row for row in rows if all(name & set(row.touchpoints or ()) for name in asked.names)]
    judged = [row for row in kept if row.mature >= scoped.scope.minimum_group and row.touchpoints]
    centres = [_reached_rate(row) or 0.0 for row in judged] if asked.rule == "began" else None
    shrunk = shrink([row.converted for row in judged], [row.mature for row in judged], centres)
    known = {tuple(row.touchpoints or ()): one for row, one in zip(judged, shrunk, strict=True)}
    return total, [_candidate(row, known.get(tuple(row.touchpoints or ()))) for row in kept]


def _reached_rate(row: Counted) -> float | None:
    return rate(row.reached_converted or 0, row.reached_mature or 0)


def _candidate(row: Counted, shrunk: Shrunk | None) -> Candidate:
    trail, reached = tuple(row.touchpoints or ()), _reached_rate(row)
    return Candidate(trail, row.journeys, row.mature, row.converted, reached, shrunk)


def choose(candidates: Sequence[Candidate], asked: Asked) -> list[Candidate]:
    """Return the candidates in order, without those that begin or continue an earlier one."""
    ordered = sorted(candidates, key=lambda candidate: _standing(candidate, asked.order))
    if asked.rule == "whole":
        return ordered
    chosen: list[Candidate] = []
    taken: set[Trail] = set()
    begun: set[Trail] = set()
    for candidate in ordered:
        parts = [candidate.trail[:size] for size in range(1, len(candidate.trail) + 1)]
        if candidate.trail in begun or any(part in taken for part in parts):
            continue
        chosen.append(candidate)
        taken.add(candidate.trail)
        begun.update(parts)
    return chosen


def _standing(candidate: Candidate, order: PathOrder) -> tuple[object, ...]:
    """Order by the interval's bound, as a multiple of all journeys that got as far."""
    shrunk, far = candidate.shrunk, candidate.reached_rate
    tie = (-candidate.journeys, -len(candidate.trail), candidate.trail)
    if order == "volume" or shrunk is None:
        return tie
    scale = far or 1.0
    return (-shrunk.low / scale if order == "conversion" else shrunk.high / scale, *tie)


def rank(candidate: Candidate, order: PathOrder) -> tuple[object, ...]:
    """Order the list as shown: by the interval's bound itself, or by volume."""
    return _standing(replace(candidate, reached_rate=None), order)
