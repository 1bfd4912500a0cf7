"""Routes and the segments that take them: counts to rows and facts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from tools.analyses.result import Fact
from tools.analyses.routes_paths import Called
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.intervals import newcombe, rate, wilson
from tools.statistics.proportions import two_shares_p

Kind = Literal["route", "straight", "other"]


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One route: journeys that took much the same way."""

    route: str
    kind: Kind
    """`straight`: journeys that are their end event alone; `other`: routes too small, together."""
    path: str
    """The path that is nearest to its middle."""
    apart: str
    """Touchpoints that more of its journeys have than of all."""
    journeys: int
    share: float | None
    """Of all journeys."""
    mature: int
    converted: int
    """Of the mature ones."""
    conversion_rate: float | None
    low: float | None
    high: float | None
    persons: int
    """Whose first mature journey took it; the comparison is of these."""
    persons_converted: int
    difference: float | None
    """Of the persons' conversion from that of all on other routes."""
    difference_low: float | None
    difference_high: float | None
    q_value: float | None
    channel: str | None
    """The first channel of most of its journeys, where one is known and alone."""
    channel_journeys: int
    steps: float | None
    """Mean length without the end event."""
    distinct_paths: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums over a route's journeys."""

    journeys: int
    mature: int
    converted: int
    persons: int
    persons_converted: int


def route_row(
    called: Called, kind: Kind, counts: Counts, total: Counts, channel: tuple[str | None, int]
) -> RouteRow:
    """Return a row without its comparison."""
    low, high = wilson(counts.converted, counts.mature)
    return RouteRow(
        route=called.name,
        kind=kind,
        path=called.path,
        apart=", ".join(called.apart),
        journeys=counts.journeys,
        share=rate(counts.journeys, total.journeys),
        mature=counts.mature,
        converted=counts.converted,
        conversion_rate=rate(counts.converted, counts.mature),
        low=low,
        high=high,
        persons=counts.persons,
        persons_converted=counts.persons_converted,
        difference=None,
        difference_low=None,
        difference_high=None,
        q_value=None,
        channel=channel[0],
        channel_journeys=channel[1],
        steps=called.steps if kind == "route" else None,
        distinct_paths=called.distinct_paths,
    )


def compared(rows: Sequence[RouteRow], minimum: int) -> tuple[RouteRow, ...]:
    """Add to each route the difference from all other routes, with q over the routes.

    Journeys that are their end event alone convert by construction: they are on no side.
    """
    within = [row for row in rows if row.kind != "straight"]
    persons = sum(row.persons for row in within)
    converted = sum(row.persons_converted for row in within)
    tested = [row for row in within if row.kind == "route" and minimum <= row.persons < persons]
    if not tested:
        return tuple(rows)
    tried = np.array([row.persons for row in tested])
    won = np.array([row.persons_converted for row in tested])
    q_values = benjamini_hochberg(
        [float(p) for p in two_shares_p(won, tried, converted - won, persons - tried)]
    )
    judged = {}
    for row, q_value in zip(tested, q_values, strict=True):
        rest = (converted - row.persons_converted, persons - row.persons)
        low, high = newcombe(row.persons_converted, row.persons, *rest)
        judged[row.route] = replace(
            row,
            difference=row.persons_converted / row.persons - rest[0] / rest[1],
            difference_low=low,
            difference_high=high,
            q_value=q_value,
        )
    return tuple(judged.get(row.route, row) for row in rows)


@dataclass(frozen=True, slots=True)
class RouteShare:
    """How many of one segment take a route, against all others; persons by their first journey."""

    route: str
    segment: str
    persons: int
    """Of the segment, on this route."""
    of: int
    """Of the segment."""
    share: float
    others: int
    others_of: int
    others_share: float
    difference: float
    low: float | None
    high: float | None
    q_value: float


def shares(told: Sequence[tuple[str, str, int]], minimum: int) -> tuple[RouteShare, ...]:
    """Return every route's share in every segment, the most telling first; q over all of them.

    Args:
        told: (route, segment, persons), of those whose segment is known.
        minimum: Smaller segments stand in no comparison of their own.
    """
    by_route: dict[str, int] = {}
    by_segment: dict[str, int] = {}
    cell: dict[tuple[str, str], int] = {}
    for route, segment, persons in told:
        by_route[route] = by_route.get(route, 0) + persons
        by_segment[segment] = by_segment.get(segment, 0) + persons
        cell[route, segment] = cell.get((route, segment), 0) + persons
    whole = sum(by_segment.values())
    segments = [name for name, size in by_segment.items() if minimum <= size < whole]
    pairs = [(route, segment) for route in by_route for segment in segments]
    if not pairs:
        return ()
    own = np.array([cell.get(pair, 0) for pair in pairs])
    size = np.array([by_segment[segment] for _, segment in pairs])
    others = np.array([by_route[route] for route, _ in pairs]) - own
    q_values = benjamini_hochberg([float(p) for p in two_shares_p(own, size, others, whole - size)])
    rows = [
        _share(*pair, int(a), int(n), int(c), int(whole - n), q)
        for pair, a, n, c, q in zip(pairs, own, size, others, q_values, strict=True)
    ]
    return tuple(
        sorted(
            rows,
            key=lambda row: (row.q_value >= CLEAR, -abs(row.difference), row.route, row.segment),
        )
    )


CLEAR = 0.05
"""q-value under which a difference is listed before all that chance could make."""


def _share(
    route: str, segment: str, own: int, size: int, others: int, rest: int, q_value: float
) -> RouteShare:
    low, high = newcombe(own, size, others, rest)
    return RouteShare(
        route,
        segment,
        own,
        size,
        own / size,
        others,
        rest,
        others / rest,
        own / size - others / rest,
        low,
        high,
        q_value,
    )


def row_facts(number: int, row: RouteRow, total: int) -> list[Fact]:
    """Return the facts of one route."""
    start, low, high = f"routes.{number}", row.difference_low, row.difference_high
    return [
        Fact(f"{start}.share", f"Took {row.route}", row.share, "rate", row.journeys, total),
        Fact(
            f"{start}.conversion_rate",
            f"Conversion on {row.route}",
            row.conversion_rate,
            "rate",
            row.converted,
            row.mature,
            row.low,
            row.high,
        ),
        Fact(
            f"{start}.persons_rate",
            f"Conversion of people whose first journey took {row.route}",
            rate(row.persons_converted, row.persons),
            "rate",
            row.persons_converted,
            row.persons,
        ),
        Fact(
            f"{start}.difference",
            f"Against all other routes ({row.route})",
            row.difference,
            "difference",
            low=low,
            high=high,
        ),
        Fact(f"{start}.q", f"q of that ({row.route})", row.q_value, "score"),
        Fact(
            f"{start}.channel",
            f"From {row.channel} on {row.route}",
            rate(row.channel_journeys, row.journeys) if row.channel else None,
            "rate",
            row.channel_journeys,
            row.journeys,
        ),
        Fact(f"{start}.steps", f"Mean length of {row.route}", row.steps, "steps"),
        Fact(f"{start}.paths", f"Distinct paths of {row.route}", row.distinct_paths, "count"),
    ]


def share_facts(number: int, row: RouteShare) -> list[Fact]:
    """Return the facts of one route in one segment."""
    start = f"routes.segment_{number}"
    return [
        Fact(
            f"{start}.share",
            f"{row.segment}: took {row.route}",
            row.share,
            "rate",
            row.persons,
            row.of,
        ),
        Fact(
            f"{start}.others_share",
            f"All others: took {row.route}",
            row.others_share,
            "rate",
            row.others,
            row.others_of,
        ),
        Fact(
            f"{start}.difference",
            f"{row.segment} against all others ({row.route})",
            row.difference,
            "difference",
            low=row.low,
            high=row.high,
        ),
        Fact(f"{start}.q", f"q of that ({row.segment}, {row.route})", row.q_value, "score"),
    ]
