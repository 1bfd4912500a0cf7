"""Which paths journeys take before they convert or end, and which of them convert best."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from tools.analyses.parameters import Top, Touchpoints
from tools.analyses.path_candidates import (
    Asked,
    Candidate,
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
from tools.analyses.result import Fact, Result, young_caveat
from tools.journeys.definition import spoken
from tools.journeys.scope import ResolvedScope, Scope, ScopedStore
from tools.journeys.touchpoints import touchpoints
from tools.statistics.intervals import rate, wilson
from tools.statistics.shrinkage import Shrunk
from tools.store.door import Store, read_sql

Length = Annotated[int, Field(ge=1, le=50)]
LISTED_QUERY = read_sql(__file__, "paths_listed.sql")
OTHER = "other"
NO_STEP = "(no step before)"
SMALL_CAVEAT = "Paths of fewer than {least} journeys old enough to judge are listed without a rate."


@dataclass(frozen=True, slots=True)
class PathRow:
    """One path: the touchpoints before the end event, never the end event itself."""

    path: str
    """Labels in order, joined by arrows; "other" holds the journeys of no listed path."""
    length: int | None
    journeys: int
    """By the result's rule and outcome: that began with it, or whose whole path it was."""
    share: float | None
    """Of all journeys with the outcome asked for, 0 to 1."""
    mature: int
    """By the rule, whatever the outcome."""
    converted: int
    """Of the mature ones."""
    conversion_rate: float | None
    """converted / mature by the rule; None where too few are mature, or by construction."""
    low: float | None
    """Wilson interval of `conversion_rate`."""
    high: float | None
    shrunk_rate: float | None
    """The rate drawn towards `reached_rate` ("began") or the rates of all candidates ("whole"),
    by empirical Bayes: the fewer journeys, the more."""
    shrunk_low: float | None
    """What "conversion" ranks by."""
    shrunk_high: float | None
    """What "worst" ranks by."""
    lift: float | None
    """conversion_rate / the base rate of all mature journeys in scope."""
    lift_low: float | None
    lift_high: float | None
    reached_rate: float | None
    """Conversion of all mature journeys that got to as many steps: the fair comparison of a
    beginning, because whoever gets far converts more."""
    median_seconds: float | None
    """Time to convert of the mature converted journeys, by the rule."""
    began_mature: int | None
    began_converted: int | None
    began_rate: float | None
    """Of the mature journeys that began with this path, the share that converted."""
    whole_mature: int | None
    whole_converted: int | None
    whole_rate: float | None
    """Of the mature journeys whose whole path this was, the share that converted."""


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


@dataclass(frozen=True, slots=True)
class _Listed:
    touchpoints: list[int]
    began_journeys: int
    began_mature: int
    began_converted: int
    began_seconds: float | None
    whole_journeys: int
    whole_mature: int
    whole_converted: int
    whole_seconds: float | None


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
            "whole": journeys whose whole path it was (the default where an outcome is asked for
            or the journey has no end event).
        order: "conversion": by the lower bound of the shrunk rate (the default of "began");
            "worst": by its upper bound; "volume" (the default of "whole").
        outcome: Which journeys are listed and shared out; rates always rest on all mature ones.
        top: How many paths to list.
        minimum_length: Fewest touchpoints; 2 for beginnings unless told.
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
    rule = rule or ("began" if outcome == "all" and has_end else "whole")
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
    chosen = choose(compared, asked)[:top]
    chosen.sort(key=lambda candidate: rank(candidate, asked.order))
    base_rate = rate(total.converted, total.mature) if has_end else None
    rows = _rows(scoped, chosen, total, asked, base_rate)
    rows += _other(rows, total, base_rate)
    return PathsResult(
        rows=tuple(rows),
        facts=_facts(rows, total, len(compared), base_rate, scoped.scope.minimum_group),
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
    )


def _rows(
    scoped: ScopedStore,
    chosen: Sequence[Candidate],
    total: Counted,
    asked: Asked,
    base_rate: float | None,
) -> list[PathRow]:
    if not chosen:
        return []
    listed = scoped.records(LISTED_QUERY, {"listed": [list(one.trail) for one in chosen]}, _Listed)
    details = {tuple(row.touchpoints): row for row in listed}
    labels = dict(touchpoints(scoped.store))
    least = scoped.scope.minimum_group
    return [
        _row(one, details[one.trail], labels, total, asked.rule, base_rate, least) for one in chosen
    ]


def _row(
    one: Candidate,
    detail: _Listed,
    labels: dict[int, str],
    total: Counted,
    rule: PathRule,
    base_rate: float | None,
    least: int,
) -> PathRow:
    row = PathRow(
        path=" → ".join(labels[step] for step in one.trail) or NO_STEP,
        length=len(one.trail),
        journeys=one.journeys,
        share=rate(one.journeys, total.journeys),
        mature=one.mature,
        converted=one.converted,
        conversion_rate=None,
        low=None,
        high=None,
        shrunk_rate=None,
        shrunk_low=None,
        shrunk_high=None,
        lift=None,
        lift_low=None,
        lift_high=None,
        reached_rate=one.reached_rate if base_rate is not None else None,
        median_seconds=detail.began_seconds if rule == "began" else detail.whole_seconds,
        began_mature=detail.began_mature,
        began_converted=detail.began_converted,
        began_rate=_judged(detail.began_converted, detail.began_mature, base_rate, least),
        whole_mature=detail.whole_mature,
        whole_converted=detail.whole_converted,
        whole_rate=_judged(detail.whole_converted, detail.whole_mature, base_rate, least),
    )
    if not one.trail:
        return replace(row, began_rate=None, whole_rate=None)
    return _rated(row, base_rate, one.shrunk) if one.mature >= least else row


def _judged(converted: int, mature: int, base_rate: float | None, least: int) -> float | None:
    return rate(converted, mature) if base_rate is not None and mature >= least else None


def _rated(row: PathRow, base_rate: float | None, shrunk: Shrunk | None) -> PathRow:
    """Add the rate, its interval and its lift.

    The lift's interval takes the base rate as known: it rests on at least as many journeys.
    """
    share = rate(row.converted, row.mature)
    low, high = wilson(row.converted, row.mature)
    if base_rate is None or share is None or low is None or high is None:
        return row
    rated = replace(row, conversion_rate=share, low=low, high=high)
    if shrunk is not None:
        rated = replace(
            rated, shrunk_rate=shrunk.rate, shrunk_low=shrunk.low, shrunk_high=shrunk.high
        )
    if not base_rate:
        return rated
    return replace(
        rated, lift=share / base_rate, lift_low=low / base_rate, lift_high=high / base_rate
    )


def _other(rows: Sequence[PathRow], total: Counted, base_rate: float | None) -> list[PathRow]:
    """Return the row of all journeys that no listed path holds, if there are any."""
    journeys = total.journeys - sum(row.journeys for row in rows)
    mature = total.mature - sum(row.mature for row in rows)
    converted = total.converted - sum(row.converted for row in rows)
    if not journeys and not mature:
        return []
    blank: dict[str, None] = dict.fromkeys(PathRow.__dataclass_fields__)
    counts = {"journeys": journeys, "mature": mature, "converted": converted}
    row = PathRow(**{**blank, **counts, "path": OTHER, "share": rate(journeys, total.journeys)})  # type: ignore[arg-type]
    return [_rated(row, base_rate, None)]


def _caveats(rows: Sequence[PathRow], total: Counted, scope: ResolvedScope) -> tuple[str, ...]:
    young = (total.total_journeys or 0) - total.mature
    caveats = young_caveat(young, spoken(scope.definition.window))
    least = scope.minimum_group
    if scope.definition.end.touchpoints and any(
        row.path != OTHER and row.mature < least for row in rows
    ):
        caveats += (SMALL_CAVEAT.format(least=f"{least:,}"),)
    return caveats


def _facts(
    rows: Sequence[PathRow], total: Counted, compared: int, base_rate: float | None, least: int
) -> tuple[Fact, ...]:
    low, high = wilson(total.converted, total.mature) if base_rate is not None else (None, None)
    journeys = total.total_journeys or 0
    facts = [
        Fact("paths.journeys", "Journeys", journeys, "journeys"),
        Fact("paths.counted", "Journeys with the outcome asked for", total.journeys, "journeys"),
        Fact("paths.mature", "Old enough to judge", total.mature, "journeys"),
        Fact("paths.converted", "Of these, converted", total.converted, "journeys"),
        Fact("paths.young", "Too young to judge", journeys - total.mature, "journeys"),
        Fact(
            "paths.base_rate", "Conversion of all journeys", base_rate, "rate",
            total.converted, total.mature, low, high,
        ),
        Fact("paths.distinct_paths", "Different paths", total.distinct_paths, "count"),
        Fact("paths.compared", "Paths compared", compared, "count"),
        Fact("paths.minimum_group", "Smallest group with a rate", least, "journeys"),
    ]  # fmt: skip
    for position, row in enumerate(rows, start=1):
        name = "other" if row.path == OTHER else f"path_{position}"
        facts += _row_facts(f"paths.{name}", row, total)
    return tuple(facts)


def _row_facts(name: str, row: PathRow, total: Counted) -> list[Fact]:
    told = "All other journeys" if row.path == OTHER else row.path
    facts = [
        Fact(f"{name}.journeys", f"Journeys: {told}", row.journeys, "journeys"),
        Fact(
            f"{name}.share", f"Share of journeys: {told}", row.share, "rate",
            row.journeys, total.journeys,
        ),
        Fact(
            f"{name}.conversion_rate", f"Conversion: {told}", row.conversion_rate, "rate",
            row.converted, row.mature, row.low, row.high,
        ),
    ]  # fmt: skip
    if row.path == OTHER:
        return facts
    return [
        *facts,
        Fact(
            f"{name}.shrunk_rate", f"Conversion, drawn towards all paths': {told}",
            row.shrunk_rate, "rate", low=row.shrunk_low, high=row.shrunk_high,
        ),
        Fact(
            f"{name}.lift", f"Conversion as a multiple of all journeys': {told}",
            row.lift, "ratio", low=row.lift_low, high=row.lift_high,
        ),
        Fact(f"{name}.reached_rate", f"All journeys as long as: {told}", row.reached_rate, "rate"),
        Fact(f"{name}.median_time", f"Median time to convert: {told}", row.median_seconds, "seconds"),
        Fact(
            f"{name}.began_rate", f"Conversion of journeys that began: {told}",
            row.began_rate, "rate", row.began_converted, row.began_mature,
        ),
        Fact(
            f"{name}.whole_rate", f"Conversion of journeys that were wholly: {told}",
            row.whole_rate, "rate", row.whole_converted, row.whole_mature,
        ),
    ]  # fmt: skip
