"""Which paths journeys take before they convert or end, and which of them convert best."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from tools.analyses.parameters import Top, Touchpoints
from tools.analyses.path_candidates import (
    Asked,
    Counted,
    PathOrder,
    PathOutcome,
    PathRule,
    candidates,
    choose,
    lengths,
    rank,
    required,
)
from tools.analyses.path_rows import PathRow, listed_rows, other_row, path_facts
from tools.analyses.result import Result, young_caveat
from tools.journeys.definition import spoken
from tools.journeys.scope import ResolvedScope, Scope, ScopedStore
from tools.statistics.intervals import rate
from tools.store.door import Store

Length = Annotated[int, Field(ge=1, le=50)]
SMALL_CAVEAT = "Paths of fewer than {least} journeys old enough to judge are listed without a rate."


@dataclass(frozen=True, slots=True, kw_only=True)
class PathsResult(Result[PathRow]):
    """The listed paths and, last, all other journeys; the rows add up to the scope."""

    rule: PathRule
    order: PathOrder
    """As resolved: "volume" where nothing can be ranked by conversion."""
    asked_order: PathOrder
    outcome: PathOutcome
    journeys: int
    """In scope, all outcomes."""
    counted: int
    """In scope, with the outcome asked for."""
    mature: int
    converted: int
    """Of the mature ones."""
    base_rate: float | None
    distinct_paths: int
    """Different whole paths of the journeys counted."""
    candidates: int
    """Paths that were compared."""
    ties: int
    """Further paths with as many journeys as the first one listed."""


def paths(
    store: Store,
    *,
    rule: PathRule | None = None,
    order: PathOrder | None = None,
    outcome: PathOutcome = "all",
    top: Top = 10,
    minimum_length: Length | None = None,
    maximum_length: Length | None = None,
    containing: Touchpoints = (),
    scope: Scope,
) -> PathsResult:
    """List the paths that journeys take before they convert or end, best converting or most common.

    A path never holds the end event: one that did would convert at 100 % by construction.
    Rates count mature journeys only. Of a path and its continuations at most one is listed
    (the one that differs most from other journeys that got as far), so that no journey counts
    in two rows and rows with "other" add up to the scope.

    Args:
        store: Where the journeys stand.
        rule: "began": journeys that began with the path and whatever came after (the default);
            "whole": journeys whose whole path it was (the default where volume or an outcome is
            asked for, or the journey has no end event).
        order: "conversion": by the lower bound of the shrunk rate (the default of "began");
            "worst": by its upper bound; "volume" (the default of "whole").
        outcome: Which journeys are listed and shared out; rates always rest on all mature ones.
        top: How many paths to list.
        minimum_length: Fewest touchpoints; unless told 2 for beginnings, or 1 where none fits.
        maximum_length: Most touchpoints; 6 for beginnings unless told.
        containing: Touchpoints that a path has to contain, all of them; `a | b` is either.
        scope: What part of the data.

    Raises:
        NoDataError: No journey is in scope.
        UnknownTouchpointError: `containing` names none.
        InvalidArgumentError: The lengths are the wrong way round, or `containing` names the end.
    """
    scoped = ScopedStore(store, scope)
    has_end = bool(scoped.scope.definition.end.touchpoints)
    rates_asked = order != "volume" and outcome == "all" and has_end
    rule = rule or ("began" if rates_asked else "whole")
    asked_order: PathOrder = order or (
        "conversion" if rule == "began" and outcome == "all" else "volume"
    )
    shortest, longest = lengths(rule, minimum_length, maximum_length)
    names = required(store, scoped.scope, containing)
    asked = Asked(rule, asked_order, outcome, shortest, longest, names)
    total, compared = candidates(scoped, asked)
    if asked.order != "volume" and not (has_end and total.mature):
        asked = replace(asked, order="volume")
        total, compared = candidates(scoped, asked)
    if not compared and minimum_length is None and shortest > 1:
        asked = replace(asked, shortest=1)
        total, compared = candidates(scoped, asked)
    distinct = choose(compared, asked)
    chosen = sorted(distinct[:top], key=lambda candidate: rank(candidate, asked.order))
    base_rate = rate(total.converted, total.mature) if has_end else None
    rows = listed_rows(scoped, chosen, total, asked, base_rate)
    rows += other_row(rows, total, asked, base_rate, scoped.scope.minimum_group)
    return PathsResult(
        rows=tuple(rows),
        facts=path_facts(rows, total, len(compared), base_rate, scoped.scope.minimum_group),
        scope=scoped.scope,
        statements=tuple(scoped.statements),
        caveats=_caveats(rows, total, scoped.scope),
        rule=asked.rule,
        order=asked.order,
        asked_order=asked_order,
        outcome=outcome,
        journeys=total.total_journeys or 0,
        counted=total.journeys,
        mature=total.mature,
        converted=total.converted,
        base_rate=base_rate,
        distinct_paths=total.distinct_paths or 0,
        candidates=len(compared),
        ties=sum(one.journeys == chosen[0].journeys for one in distinct) - 1 if chosen else 0,
    )


def _caveats(rows: Sequence[PathRow], total: Counted, scope: ResolvedScope) -> tuple[str, ...]:
    if not scope.definition.end.touchpoints:
        return ()
    young = (total.total_journeys or 0) - total.mature
    caveats = young_caveat(young, spoken(scope.definition.window))
    least = scope.minimum_group
    if any(row.length is not None and row.mature < least for row in rows):
        caveats += (SMALL_CAVEAT.format(least=f"{least:,}"),)
    return caveats
