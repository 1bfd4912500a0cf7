"""The few distinct routes behind many thousand paths: who takes them, and how they convert."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from tools.analyses.result import NOT_KNOWN, Fact, Result, young_caveat
from tools.analyses.routes_paths import (
    OTHER,
    READ_PATHS,
    STRAIGHT,
    Called,
    Numbers,
    called,
    cluster_paths,
    frame_of,
    listed_paths,
)
from tools.analyses.routes_rows import (
    Counts,
    Kind,
    RouteRow,
    RouteShare,
    compared,
    route_row,
    row_facts,
    share_facts,
    shares,
)
from tools.errors import NoDataError
from tools.journeys.definition import spoken
from tools.journeys.scope import Scope, ScopedStore, segment_expression
from tools.journeys.touchpoints import touchpoints
from tools.statistics.intervals import rate, wilson
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__)
MOST, MOST_SEGMENTS, LISTED_SHARES = 30, 12, 40
NO_END = "This journey has no end event, so no route converts."
DESCRIPTIVE = (
    "A route is a whole journey, so its length and its conversion go together: leading people onto "
    "it need not make them convert."
)
Routes = Annotated[
    int | None, Field(ge=2, le=MOST, description="How many routes; left out: as many as there are")
]
By = Annotated[
    str | None,
    Field(description="Segment field (channel, device, plan, ...): who takes which route"),
]
NUMBERS = ["journeys", "mature", "converted", "persons", "persons_converted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutesResult(Result[RouteRow]):
    """The routes, most journeys first; rows add up to the scope's journeys."""

    by: str | None
    asked: int | None
    """Routes that were asked for."""
    routes: int
    """Routes listed, "other" and journeys of the end event alone not among them."""
    silhouette: float | None
    """How well the routes stand apart, -1 to 1; None where their number was given."""
    journeys: int
    mature: int
    converted: int
    conversion_rate: float | None
    distinct_paths: int
    shares: tuple[RouteShare, ...] = ()
    """With `by`: routes by segment, the most telling first."""
    tested: int = 0
    """Pairs of a route and a segment that were compared."""


def routes(store: Store, *, routes: Routes = None, by: By = None, scope: Scope) -> RoutesResult:
    """Find the few distinct routes behind all paths, with who takes them and how they convert.

    Paths are clustered by the touchpoints and the transitions in them (each counts once in a path;
    the beginning is one, the end event and the outcome are none), weighted by journeys. Rows count
    journeys and add up. Differences count each person once, by their first mature journey.

    Args:
        store: Where the journeys stand.
        routes: How many routes; None: the number whose silhouette is best, at most 30.
        by: Segment field: each value's share of each route, against all others.
        scope: Which journeys.

    Raises:
        NoDataError: No journey is in scope.
        UnknownSegmentError: No field is called `by`.

    Source: Lloyd 1982 (k-means); Rousseeuw 1987 (silhouette); Newcombe 1998 (differences).
    """
    scoped = ScopedStore(store, scope)
    field, values = segment_expression(store, by) if by else ("NULL", {})
    by_path = frame_of(
        scoped, QUERY.replace("NULL /* field */", field), {**values, "most": READ_PATHS}
    )
    if by_path.empty:
        raise NoDataError(f"No journey is in scope: {scoped.scope.sentence()}.")
    minimum = scoped.scope.minimum_group
    named, places, silhouette = _named(scoped, by_path, routes)
    counts, named = _placed(by_path, named, places, minimum)
    total = _sums(counts)
    rows = [
        route_row(one, kind, _sums(mine), total, _channel(mine, minimum))
        for one, kind in named
        if len(mine := counts[counts["route"] == one.name])
    ]
    rows.sort(
        key=lambda row: (row.kind == "other", row.kind == "straight", -row.journeys, row.route)
    )
    told = shares(_segments(counts), minimum) if by else ()
    result = RoutesResult(
        rows=compared(rows, minimum),
        facts=(),
        scope=scoped.scope,
        statements=tuple(scoped.statements),
        caveats=_caveats(scoped, total, counts, by),
        by=by,
        asked=routes,
        routes=sum(row.kind == "route" for row in rows),
        silhouette=silhouette,
        journeys=total.journeys,
        mature=total.mature,
        converted=total.converted,
        conversion_rate=rate(total.converted, total.mature),
        distinct_paths=int(by_path["distinct_paths"].iloc[0]),
        shares=told[:LISTED_SHARES],
        tested=len(told),
    )
    return replace(result, facts=_facts(result))


def _named(
    scoped: ScopedStore, counts: pd.DataFrame, asked: int | None
) -> tuple[list[tuple[Called, Kind]], Numbers, float | None]:
    """Return the routes, each path's place among them, and the silhouette.

    The last place is that of all paths beyond those listed, whose position is -1.
    """
    paths, positions = listed_paths(counts)
    listed = int(counts["position"].max()) + 1
    named: list[tuple[Called, Kind]] = []
    labels, silhouette = np.empty(0, np.int64), None
    if len(positions):
        found = cluster_paths(paths, most=MOST, clusters=asked)
        labels, silhouette = found.labels, found.silhouette
        names = called(paths, found, dict(touchpoints(scoped.store)))
        named += [(one, "route") for one in names]
    places = np.full(listed + 1, len(named))
    places[positions] = labels
    places[-1] = len(named) + 1
    beyond = int(counts["distinct_paths"].iloc[0]) - listed
    named.append((Called(STRAIGHT, "", (), 0.0, 1), "straight"))
    named.append((Called(OTHER, "", (), 0.0, beyond), "other"))
    return named, places, silhouette


def _placed(
    counts: pd.DataFrame, named: list[tuple[Called, Kind]], places: Numbers, minimum: int
) -> tuple[pd.DataFrame, list[tuple[Called, Kind]]]:
    """Return counts by route, channel and segment; routes under the minimum group are "other"."""
    place = places[counts["position"].to_numpy()]
    sizes = np.bincount(place, counts["journeys"].to_numpy(), len(named))
    small = {n for n, (_, kind) in enumerate(named) if kind == "route" and 0 < sizes[n] < minimum}
    names = np.array([OTHER if n in small else one.name for n, (one, _) in enumerate(named)])
    told = (
        counts[["channel", "segment", *NUMBERS]]
        .groupby([place, "channel", "segment"], dropna=False)
        .sum()
        .reset_index(names=["route", "channel", "segment"])
    )
    other, _ = named[-1]
    paths = other.distinct_paths + sum(named[n][0].distinct_paths for n in small)
    named = [*named[:-1], (replace(other, distinct_paths=paths), "other")]
    return told.assign(route=names[told["route"].to_numpy()]), named


def _sums(counts: pd.DataFrame) -> Counts:
    return Counts(*(int(counts[name].sum()) for name in NUMBERS))


def _channel(counts: pd.DataFrame, minimum: int) -> tuple[str | None, int]:
    """Return the first channel of most journeys, unless it is tied or too small to be named."""
    sizes: Counter[str] = Counter()
    for channel, journeys in zip(counts["channel"], counts["journeys"], strict=True):
        if pd.notna(channel):
            sizes[str(channel)] += int(journeys)
    most = sizes.most_common(2)
    if not most or most[0][1] < minimum or (len(most) > 1 and most[0][1] == most[1][1]):
        return None, 0
    return most[0]


def _segments(counts: pd.DataFrame) -> list[tuple[str, str, int]]:
    """Return persons by route and segment; segments beyond the largest are "other"."""
    known = counts[counts["segment"].notna() & (counts["persons"] > 0)]
    sizes = known.groupby("segment")["persons"].sum()
    order = sorted(sizes.index, key=lambda name: (-int(sizes[name]), str(name)))
    listed = set(order[:MOST_SEGMENTS])
    segment = known["segment"].where(known["segment"].isin(listed), OTHER)
    told = (
        known.assign(segment=segment).groupby(["route", "segment"])["persons"].sum().reset_index()
    )
    return [
        (str(route), str(value), int(persons))
        for route, value, persons in zip(
            told["route"], told["segment"], told["persons"], strict=True
        )
    ]


def _caveats(
    scoped: ScopedStore, total: Counts, counts: pd.DataFrame, by: str | None
) -> tuple[str, ...]:
    caveats = young_caveat(total.journeys - total.mature, spoken(scoped.scope.definition.window))
    if not scoped.scope.definition.end.touchpoints:
        caveats += (NO_END,)
    elif total.converted:
        caveats += (DESCRIPTIVE,)
    unknown = int(counts.loc[counts["segment"].isna(), "persons"].sum()) if by else 0
    if unknown:
        are = "person's" if unknown == 1 else "people's"
        caveats += (
            f"{unknown:,} {are} {(by or '').replace('_', ' ')} is {NOT_KNOWN.strip('()')}; they stand in no comparison by it.",
        )
    return caveats


def _facts(result: RoutesResult) -> tuple[Fact, ...]:
    low, high = wilson(result.converted, result.mature)
    facts = [
        Fact("routes.journeys", "Journeys", result.journeys, "journeys"),
        Fact("routes.mature", "Old enough to judge", result.mature, "journeys"),
        Fact("routes.young", "Too young to judge", result.journeys - result.mature, "journeys"),
        Fact(
            "routes.conversion_rate",
            "Conversion",
            result.conversion_rate,
            "rate",
            result.converted,
            result.mature,
            low,
            high,
        ),
        Fact("routes.routes", "Distinct routes", result.routes, "count"),
        Fact("routes.paths", "Distinct paths", result.distinct_paths, "count"),
        Fact("routes.silhouette", "How far apart the routes are", result.silhouette, "score"),
        Fact("routes.tested", "Routes by segment compared", result.tested, "count"),
    ]
    for number, row in enumerate(result.rows):
        facts += row_facts(number, row, result.journeys)
    for number, share in enumerate(result.shares):
        facts += share_facts(number, share)
    return tuple(facts)
