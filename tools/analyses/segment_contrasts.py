"""What sets segments apart: time to convert, the mix of paths, single touchpoints and paths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tools.analyses.segment_counts import Counted
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.distances import mix_test
from tools.statistics.intervals import newcombe
from tools.statistics.proportions import two_shares_p
from tools.statistics.survival import LifeTable, log_rank

MOST_CATEGORIES = 100
"""Paths told apart in a mix; the rarer ones count as one."""
SIGNIFICANT = 0.05
Counts = npt.NDArray[np.int64]
Category = tuple[tuple[int, ...], bool]
"""Touchpoints, and whether they are the whole path."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """A touchpoint or path that one segment's mature journeys have more or less often."""

    segment: str
    against: str
    """What it is compared with: "the rest", or the other segment."""
    name: str
    """A touchpoint; a whole path; or, ending in "…", a beginning whose continuations are rare."""
    journeys: int
    mature: int
    share: float
    other_journeys: int
    other_mature: int
    other_share: float
    difference: float
    """share less other_share."""
    low: float | None
    """Newcombe interval of the difference."""
    high: float | None
    q: float
    """Benjamini-Hochberg, over every segment and touchpoint (or path) that was compared."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The segments to compare, and what each is compared with."""

    segments: tuple[int, ...]
    """Every segment with journeys; those to compare come first."""
    compared: int
    names: tuple[str, ...]
    """Of the compared ones."""
    against: tuple[str, ...]


def life_tables(rows: Sequence[Counted], groups: Groups) -> list[float | None]:
    """Return each compared segment's log-rank p against the others; None where undefined."""
    ticks = sorted({row.position or 0 for row in rows})
    place = {tick: position for position, tick in enumerate(ticks)}
    index = {segment: position for position, segment in enumerate(groups.segments)}
    events = np.zeros((len(index), len(ticks)))
    leaving = np.zeros_like(events)
    for row in rows:
        if row.segment in index:
            cell = index[row.segment], place[row.position or 0]
            events[cell] += row.converted or 0
            leaving[cell] += row.journeys
    all_events, all_leaving = events.sum(axis=0), leaving.sum(axis=0)
    return [
        log_rank(
            LifeTable(events[one], leaving[one]),
            LifeTable(all_events - events[one], all_leaving - leaving[one]),
        )
        for one in range(groups.compared)
    ]


def path_table(rows: Sequence[Counted], groups: Groups) -> tuple[list[Category | None], Counts]:
    """Return the commonest categories of paths, and the journeys of each segment in them.

    The last category, None, holds all others where there are any.
    """
    index = {segment: position for position, segment in enumerate(groups.segments)}
    told = [
        ((tuple(row.touchpoints or ()), bool(row.is_whole)), row)
        for row in rows
        if row.segment in index
    ]
    sizes: dict[Category, int] = {}
    for category, row in told:
        sizes[category] = sizes.get(category, 0) + row.journeys
    common = sorted(sizes, key=lambda one: (-sizes[one], one))[:MOST_CATEGORIES]
    categories: list[Category | None] = [*common]
    if len(sizes) > len(common):
        categories.append(None)
    place = {category: position for position, category in enumerate(categories)}
    table = np.zeros((len(index), len(categories)), np.int64)
    for category, row in told:
        table[index[row.segment], place.get(category, len(categories) - 1)] += row.journeys
    return categories, table


def path_mix(table: Counts, compared: int) -> list[tuple[float, float] | None]:
    """Return each compared segment's distance from the others and its p; None where undefined.

    Where all journeys take one path, there is no mix to differ.
    """
    filled = table.sum(axis=1) > 0
    if filled.sum() < 2 or table.shape[1] < 2:
        return [None] * compared
    measured = int(filled[:compared].sum())
    found = iter(mix_test(table[filled], measured))
    return [next(found) if filled[one] else None for one in range(compared)]


def touchpoint_table(rows: Sequence[Counted], groups: Groups) -> tuple[list[int], Counts]:
    """Return the touchpoints, most journeys first, and the journeys of each segment with them."""
    index = {segment: position for position, segment in enumerate(groups.segments)}
    sizes: dict[int, int] = {}
    for row in rows:
        sizes[row.position or 0] = sizes.get(row.position or 0, 0) + row.journeys
    order = sorted(sizes, key=lambda one: (-sizes[one], one))
    place = {touchpoint: position for position, touchpoint in enumerate(order)}
    table = np.zeros((len(index), len(order)), np.int64)
    for row in rows:
        if row.segment in index:
            table[index[row.segment], place[row.position or 0]] += row.journeys
    return order, table


def divergences(
    table: Counts,
    names: Mapping[int, str],
    mature: Counts,
    groups: Groups,
    *,
    least: int,
    top: int,
) -> tuple[Divergence, ...]:
    """Return what the compared segments have more or less often than the others.

    Ordered by size of the difference, those that may be chance (q over 0.05) last. Where two
    segments make up everything, one mirrors the other and only the first is told.

    Args:
        table: Mature journeys, segments by touchpoints or paths.
        names: Column -> what it is called; columns without a name are left out.
        mature: All mature journeys of each segment.
        groups: The segments.
        least: Columns with fewer journeys are left out.
        top: How many to return.
    """
    told = 1 if len(groups.segments) == 2 else groups.compared
    columns = [c for c in range(table.shape[1]) if c in names and table[:, c].sum() >= least]
    pairs = [
        (one, column)
        for one in range(told)
        for column in columns
        if mature[one] >= least and mature.sum() - mature[one] >= least
    ]
    if not pairs:
        return ()
    rows, places = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])
    won, tried = table[rows, places], mature[rows]
    others, others_tried = table.sum(axis=0)[places] - won, mature.sum() - tried
    q_values = benjamini_hochberg(two_shares_p(won, tried, others, others_tried).tolist())
    difference = won / tried - others / others_tried
    order = sorted(
        range(len(pairs)), key=lambda i: (q_values[i] > SIGNIFICANT, -abs(difference[i]), i)
    )
    return tuple(
        _divergence(
            (groups.names[rows[i]], groups.against[rows[i]], names[int(places[i])]),
            (int(won[i]), int(tried[i]), int(others[i]), int(others_tried[i])),
            q_values[i],
        )
        for i in order[:top]
    )


def _divergence(
    told: tuple[str, str, str], sizes: tuple[int, int, int, int], q: float
) -> Divergence:
    won, tried, others, others_tried = sizes
    low, high = newcombe(won, tried, others, others_tried)
    share, other_share = won / tried, others / others_tried
    return Divergence(
        segment=told[0],
        against=told[1],
        name=told[2],
        journeys=won,
        mature=tried,
        share=share,
        other_journeys=others,
        other_mature=others_tried,
        other_share=other_share,
        difference=share - other_share,
        low=low,
        high=high,
        q=q,
    )
