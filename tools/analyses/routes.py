"""The few distinct routes behind many thousand paths: who takes them, and how they convert."""

from dataclasses import dataclass, replace
from typing import Annotated

import pandas as pd
from pydantic import Field

from tools.analyses.result import NOT_KNOWN, Fact, Result, young_caveat
from tools.analyses.routes_paths import (
    OTHER,
    STRAIGHT,
    Called,
    called,
    cluster_paths,
    frame_of,
    paths_of,
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
    counts = frame_of(scoped, QUERY.replace("NULL /* field */", field), values)
    if counts.empty:
        raise NoDataError(f"No journey is in scope: {scoped.scope.sentence()}.")
    names, silhouette = _names(scoped, routes)
    minimum = scoped.scope.minimum_group
    counts, named = _placed(counts, names, minimum)
    total = _sums(counts)
    rows = [
        route_row(one, kind, _sums(mine), total, _channel(mine, minimum))
        for route, (one, kind) in named.items()
        if len(mine := counts[counts["route"] == route])
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
        distinct_paths=int(counts["path_id"].nunique()),
        shares=told[:LISTED_SHARES],
        tested=len(told),
    )
    return replace(result, facts=_facts(result))


def _names(
    scoped: ScopedStore, asked: int | None
) -> tuple[dict[int, tuple[Called, Kind]], float | None]:
    """Return the route of each path, and the silhouette; a path beyond those read has none."""
    every = paths_of(scoped)
    empty = every.empty()
    straight: tuple[Called, Kind] = (Called(STRAIGHT, "", (), 0.0, 1), "straight")
    told = {int(path): straight for path in every.ids[empty]}
    paths = every.kept(~empty)
    if not len(paths.ids):
        return told, None
    found = cluster_paths(paths, most=MOST, clusters=asked)
    labels = dict(touchpoints(scoped.store))
    names = called(paths, found, labels)
    for path, cluster in zip(paths.ids, found.labels, strict=True):
        told[int(path)] = (names[cluster], "route")
    return told, found.silhouette


def _placed(
    counts: pd.DataFrame, names: dict[int, tuple[Called, Kind]], minimum: int
) -> tuple[pd.DataFrame, dict[str, tuple[Called, Kind]]]:
    """Add each count's route; routes under the minimum group, and paths without one, are "other"."""
    by_path = {path: one.name for path, (one, _) in names.items()}
    route = counts["path_id"].map(by_path).fillna(OTHER)
    named = {one.name: (one, kind) for one, kind in names.values()}
    sizes = counts["journeys"].groupby(route).sum()
    small = [
        name
        for name, (_, kind) in named.items()
        if kind == "route" and sizes.get(name, 0) < minimum
    ]
    route = route.where(~route.isin(small), OTHER)
    paths = int(counts.loc[route == OTHER, "path_id"].nunique())
    named[OTHER] = (Called(OTHER, "", (), 0.0, paths), "other")
    return counts.assign(route=route), named


def _sums(counts: pd.DataFrame) -> Counts:
    return Counts(*(int(counts[name].sum()) for name in NUMBERS))


def _channel(counts: pd.DataFrame, minimum: int) -> tuple[str | None, int]:
    """Return the first channel of most journeys, unless it is tied or too small to be named."""
    sizes = counts.groupby("channel")["journeys"].sum().sort_values(ascending=False)
    if (
        not len(sizes)
        or sizes.iloc[0] < minimum
        or (len(sizes) > 1 and sizes.iloc[0] == sizes.iloc[1])
    ):
        return None, 0
    return str(sizes.index[0]), int(sizes.iloc[0])


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
