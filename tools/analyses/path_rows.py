"""Candidates to rows: rates with intervals and lift, what is left over, and the facts of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tools.analyses.path_candidates import Asked, Candidate, Counted, PathRule
from tools.analyses.result import Fact
from tools.journeys.scope import ScopedStore
from tools.journeys.touchpoints import touchpoints
from tools.statistics.intervals import rate, wilson
from tools.statistics.shrinkage import Shrunk
from tools.store.door import read_sql

LISTED_QUERY = read_sql(__file__, "paths_listed.sql")
OTHER = "other"
NO_STEP = "(no step before)"


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


def listed_rows(
    scoped: ScopedStore,
    chosen: Sequence[Candidate],
    total: Counted,
    asked: Asked,
    base_rate: float | None,
) -> list[PathRow]:
    """Return one row per chosen path, in the order given."""
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


def other_row(
    rows: Sequence[PathRow], total: Counted, asked: Asked, base_rate: float | None, least: int
) -> list[PathRow]:
    """Return the row of all journeys that no listed path holds, if there are any."""
    journeys = total.journeys - sum(row.journeys for row in rows)
    mature = total.mature - sum(row.mature for row in rows)
    converted = total.converted - sum(row.converted for row in rows)
    if not journeys and not (mature and asked.outcome == "all"):
        return []
    blank: dict[str, None] = dict.fromkeys(PathRow.__dataclass_fields__)
    counts = {"journeys": journeys, "mature": mature, "converted": converted}
    row = PathRow(**{**blank, **counts, "path": OTHER, "share": rate(journeys, total.journeys)})  # type: ignore[arg-type]
    return [_rated(row, base_rate, None) if mature >= least else row]


def path_facts(
    rows: Sequence[PathRow], total: Counted, compared: int, base_rate: float | None, least: int
) -> tuple[Fact, ...]:
    """Return the facts of the scope and of every row: `paths.path_1.conversion_rate`."""
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
        name = "other" if row.length is None else f"path_{position}"
        facts += _row_facts(f"paths.{name}", row, total)
    return tuple(facts)


def _row_facts(name: str, row: PathRow, total: Counted) -> list[Fact]:
    told = "All other journeys" if row.length is None else row.path
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
    if row.length is None:
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
