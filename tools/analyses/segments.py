"""How segments differ: conversion, time to convert, the mix of paths, and what sets them apart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from tools.analyses.parameters import Top, Touchpoints
from tools.analyses.result import NOT_KNOWN, Result, young_caveat
from tools.analyses.segment_contrasts import (
    Category,
    Divergence,
    Groups,
    divergences,
    life_tables,
    path_mix,
    path_table,
    touchpoint_table,
)
from tools.analyses.segment_counts import OTHER, Counted, Cut, counts, resolve_cut
from tools.analyses.segment_rows import THE_REST, SegmentRow, segment_facts
from tools.analyses.segment_strata import like_with_like
from tools.journeys.definition import spoken
from tools.journeys.scope import ResolvedScope, Scope, ScopedStore
from tools.journeys.touchpoints import touchpoints
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.intervals import newcombe, rate, wilson
from tools.statistics.proportions import two_shares_p
from tools.store.door import Store

Want = Annotated[
    Literal["difference", "best", "worst", "most"],
    Field(
        description="What to say first: the segment that differs most, converts best or worst, or "
        "brings the most conversions"
    ),
]
SAW_CAVEAT = (
    "Only a journey that lasts long enough gets to see it, so this difference is not the effect "
    "of having seen it."
)
UNKNOWN_CAVEAT = (
    "{field} is known for {known:,} of {journeys:,} journeys; the others are in no comparison, "
    "because what is known of people often depends on how far they got."
)
POOLED_CAVEAT = "{names} {have} fewer than {least} journeys and cannot be compared."


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentsResult(Result[SegmentRow]):
    """Every segment, and what diverges most between them."""

    by: str
    """The field as the store spells it, or `saw Pricing`."""
    banded: bool
    """A numeric field, told apart by quartiles."""
    want: str
    asked: tuple[str, ...]
    """Values that were named; none: every value."""
    single: bool
    """Every journey is in one and the same segment."""
    pair: bool
    """Two named segments are compared with each other, not each with the rest."""
    journeys: int
    mature: int
    converted: int
    """Of the mature ones."""
    base_rate: float | None
    compared: int
    """Segments that were compared with something."""
    touchpoints: tuple[Divergence, ...]
    """Those that one segment's mature journeys have most more, or less, often."""
    paths: tuple[Divergence, ...]


def segments(
    store: Store,
    *,
    by: str = "channel",
    compare: Touchpoints = (),
    want: Want = "difference",
    top: Top = 10,
    scope: Scope,
) -> SegmentsResult:
    """Compare segments by conversion, time to convert and paths: channels, traits or behaviour.

    Rates count mature journeys only. Each segment is compared with all other journeys whose
    value is known, or, where two values are named, one with the other. Journeys whose value is
    not known are counted, and compared with nothing: a value is often known only of people who
    got far, so that against those without one every segment would look good. Segments under the scope's minimum group, and those
    beyond `top`, are pooled as "other". Every difference is an association.

    Args:
        store: Where the journeys stand.
        by: A field of `segment_fields` (channel, campaign, source, a trait, a property of the
            first touch; a numeric one is cut at its quartiles), or `saw X`.
        compare: Values to compare; none: every value.
        want: Which segment the answer begins with; the numbers are the same.
        top: How many segments, and how many diverging touchpoints and paths, to list.
        scope: What part of the data.

    Raises:
        NoDataError: No journey is in scope.
        UnknownSegmentError, UnknownTouchpointError: A name is not known.
        InvalidArgumentError: `saw X` names the end of the journey.

    Source: Newcombe 1998 (difference); Mantel 1966 (log-rank); Endres & Schindelin 2003 (mix).
    """
    scoped = ScopedStore(store, scope)
    cut = resolve_cut(store, scoped.scope, by, compare)
    counted = counts(scoped, cut, top)
    has_end = bool(scoped.scope.definition.end.touchpoints)
    totals = _totals(counted, cut)
    groups = _groups(totals, cut)
    named = _compared([_row(one, has_end) for one in totals], groups)
    rows, told, paths = _contrasted(scoped, counted, named, groups, cut, top)
    rows = like_with_like(scoped, rows, cut)
    mature = sum(row.mature for row in rows)
    converted = sum(row.converted for row in rows)
    return SegmentsResult(
        rows=rows,
        facts=segment_facts(rows, told, paths, has_end, scoped.scope.minimum_group),
        scope=scoped.scope,
        statements=tuple(scoped.statements),
        caveats=_caveats(rows, cut, scoped.scope),
        by=cut.field,
        banded=cut.banded,
        want=want,
        asked=cut.compare,
        single=len(totals) == 1 and totals[0].segment > 0,
        pair=groups.against not in {(), (THE_REST,) * groups.compared},
        journeys=sum(row.journeys for row in rows),
        mature=mature,
        converted=converted,
        base_rate=rate(converted, mature) if has_end else None,
        compared=groups.compared,
        touchpoints=told,
        paths=paths,
    )


def _totals(counted: Sequence[Counted], cut: Cut) -> list[Counted]:
    """Return one count per segment: as named, bands by number, others by size; then the rest."""
    return sorted(
        (row for row in counted if row.kind == "total"),
        key=lambda row: (
            row.name == NOT_KNOWN and NOT_KNOWN not in cut.compare,
            row.segment == 0,
            cut.compare.index(row.name) if row.name in cut.compare else 0,
            cut.kind == "saw" and row.name != cut.field,
            row.lowest if row.lowest is not None else 0,
            row.segment,
        ),
    )


def _groups(totals: Sequence[Counted], cut: Cut) -> Groups:
    known = [row for row in totals if row.name != NOT_KNOWN or NOT_KNOWN in cut.compare]
    named = [row for row in known if row.segment]
    if len(cut.compare) == 2 and len(named) == 2:
        pair = tuple(_name(row) for row in named)
        return Groups(tuple(row.segment for row in named), 2, pair, pair[::-1])
    compared = len(named) if len(known) > 1 else 0
    return Groups(
        tuple(row.segment for row in known),
        compared,
        tuple(_name(row) for row in named[:compared]),
        (THE_REST,) * compared,
    )


def _name(row: Counted) -> str:
    if row.lowest is None or row.highest is None:
        return row.name or OTHER
    ends = dict.fromkeys((f"{row.lowest:,.10g}", f"{row.highest:,.10g}"))
    return " to ".join(ends)


def _row(counted: Counted, has_end: bool) -> SegmentRow:
    mature, converted = counted.mature or 0, counted.converted or 0
    low, high = wilson(converted, mature) if has_end else (None, None)
    return SegmentRow(
        segment=_name(counted),
        lowest=counted.lowest,
        highest=counted.highest,
        journeys=counted.journeys,
        mature=mature,
        converted=converted,
        conversion_rate=rate(converted, mature) if has_end else None,
        low=low,
        high=high,
        median_seconds=counted.median_seconds,
    )


def _compared(rows: list[SegmentRow], groups: Groups) -> list[SegmentRow]:
    """Add each compared segment's difference from the others."""
    within = rows[: len(groups.segments)]
    mature, converted = sum(r.mature for r in within), sum(r.converted for r in within)
    for position in range(groups.compared):
        row = rows[position]
        others = (converted - row.converted, mature - row.mature)
        rows[position] = replace(
            row,
            against=groups.against[position],
            other_converted=others[0],
            other_mature=others[1],
        )
        if row.conversion_rate is None or not others[1]:
            continue
        low, high = newcombe(row.converted, row.mature, *others)
        other_rate = others[0] / others[1]
        rows[position] = replace(
            rows[position],
            other_rate=other_rate,
            difference=row.conversion_rate - other_rate,
            difference_low=low,
            difference_high=high,
            p=float(two_shares_p(row.converted, row.mature, *others)),
        )
    return rows


def _contrasted(
    scoped: ScopedStore,
    counted: Sequence[Counted],
    rows: list[SegmentRow],
    groups: Groups,
    cut: Cut,
    top: int,
) -> tuple[tuple[SegmentRow, ...], tuple[Divergence, ...], tuple[Divergence, ...]]:
    """Add time and mix to the rows, and return the touchpoints and paths that diverge most."""
    labels = dict(touchpoints(scoped.store))
    least = scoped.scope.minimum_group
    mature = np.array([row.mature for row in rows[: len(groups.segments)]], np.int64)
    categories, path_counts = path_table([r for r in counted if r.kind == "path"], groups)
    seen, touched = touchpoint_table([r for r in counted if r.kind == "touchpoint"], groups)
    times = [row for row in counted if row.kind == "time"]
    time_p = life_tables(times, groups) if times else [None] * groups.compared
    mixes = path_mix(path_counts, groups.compared) if cut.kind != "saw" else []
    for position, found in enumerate(time_p):
        rows[position] = replace(rows[position], time_p=found)
    for position, mix in enumerate(mixes):
        if mix is not None:
            rows[position] = replace(rows[position], mix_distance=mix[0], mix_p=mix[1])
    names = {column: labels[one] for column, one in enumerate(seen) if one not in set(cut.seen)}
    told = divergences(touched, names, mature, groups, least=least, top=top)
    path_names = {
        column: _path_name(category, labels)
        for column, category in enumerate(categories)
        if category is not None and cut.kind != "saw"
    }
    paths = divergences(path_counts, path_names, mature, groups, least=least, top=top)
    return _corrected(rows), told, paths


def _path_name(category: Category, labels: dict[int, str]) -> str:
    steps, is_whole = category
    names = [labels[step] for step in steps] or ["(no step before)"]
    return " → ".join(names if is_whole else [*names, "…"])


def _corrected(rows: Sequence[SegmentRow]) -> tuple[SegmentRow, ...]:
    """Add the q-values of the three families of tests: conversion, time, mix."""
    done = list(rows)
    for p_name, q_name in (("p", "q"), ("time_p", "time_q"), ("mix_p", "mix_q")):
        tested = [i for i, row in enumerate(done) if getattr(row, p_name) is not None]
        q_values = benjamini_hochberg([getattr(done[i], p_name) for i in tested])
        for i, q in zip(tested, q_values, strict=True):
            done[i] = replace(done[i], **{q_name: q})  # type: ignore[arg-type]
    return tuple(done)


def _caveats(rows: Sequence[SegmentRow], cut: Cut, scope: ResolvedScope) -> tuple[str, ...]:
    caveats: tuple[str, ...] = ()
    if scope.definition.end.touchpoints:
        young = sum(row.journeys - row.mature for row in rows)
        caveats = young_caveat(young, spoken(scope.definition.window))
    shown = {row.segment for row in rows}
    unknown = sum(row.journeys for row in rows if row.segment == NOT_KNOWN and not row.against)
    if unknown and len(rows) > 1:
        journeys = sum(row.journeys for row in rows)
        field = cut.field.replace("_", " ")
        caveats += (
            UNKNOWN_CAVEAT.format(
                field=field[:1].upper() + field[1:], known=journeys - unknown, journeys=journeys
            ),
        )
    if missing := [value for value in cut.compare if value not in shown]:
        names = " and ".join(missing)
        have = "has" if len(missing) == 1 else "have"
        least = f"{scope.minimum_group:,}"
        caveats += (POOLED_CAVEAT.format(names=names, have=have, least=least),)
    return caveats + ((SAW_CAVEAT,) if cut.kind == "saw" else ())
