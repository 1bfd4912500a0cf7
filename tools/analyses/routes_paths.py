"""Paths as numbers: what each contains, which cluster it is in, and what a cluster is called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix, hstack

from tools.journeys.scope import ScopedStore, Statement
from tools.statistics.clusters import Clustering, clustered
from tools.store.door import Parameters, read_sql

LISTED_QUERY = read_sql(__file__, "routes_listed.sql")
READ_PATHS, FITTED_PATHS = 500_000, 20_000
"""Most paths that are put in a cluster at all, and that make the clusters."""
COUNTED_CODES = 20_000_000
"""Largest code up to which codes are counted instead of sorted."""
NAMED, APART, TRAIL = 4, 3, 12
STRAIGHT, OTHER = "(straight to the end)", "other"
RESERVED = (STRAIGHT, OTHER)
OVER_REPRESENTED = 0.10
"""A touchpoint sets a route apart when this much more of its journeys have it than of all."""
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Paths:
    """Distinct paths, most journeys first, and what is in them."""

    ids: Numbers
    journeys: Numbers
    touchpoints: tuple[Numbers, ...]

    def empty(self) -> npt.NDArray[np.bool_]:
        """Return which paths have no touchpoint before the end."""
        return np.array([len(told) == 0 for told in self.touchpoints], bool)

    def kept(self, which: npt.NDArray[np.bool_]) -> "Paths":
        """Return some of the paths."""
        told = tuple(path for path, keep in zip(self.touchpoints, which, strict=True) if keep)
        return Paths(self.ids[which], self.journeys[which], told)


def frame_of(scoped: ScopedStore, sql: str, parameters: Parameters) -> pd.DataFrame:
    """Return a scoped query in columns, for counts too many for one record each."""
    text, used = scoped.compose(sql, parameters)
    scoped.statements.append(Statement(text, tuple(sorted(used.items()))))
    return scoped.store.frame(text, used)


def paths_of(scoped: ScopedStore) -> Paths:
    """Return the most frequent paths of the scope."""
    frame = frame_of(scoped, LISTED_QUERY, {"most": READ_PATHS})
    return Paths(
        frame["path_id"].to_numpy(np.int64),
        frame["journeys"].to_numpy(np.int64),
        tuple(np.asarray(told, np.int64) for told in frame["touchpoints"]),
    )


def presence(paths: Sequence[Numbers]) -> tuple[csr_matrix, Numbers]:
    """Return which path has which touchpoint, 1 or 0, and the touchpoints of the columns."""
    return _indicator(_rows(paths), np.concatenate([*paths, np.empty(0, np.int64)]), len(paths))


def _rows(paths: Sequence[Numbers]) -> Numbers:
    return np.repeat(np.arange(len(paths)), [len(told) for told in paths])


def _indicator(rows: Numbers, codes: Numbers, size: int) -> tuple[csr_matrix, Numbers]:
    if int(codes.max(initial=0)) > COUNTED_CODES:
        known, columns = np.unique(codes, return_inverse=True)
    else:
        known = np.flatnonzero(np.bincount(codes, minlength=1))
        columns = np.searchsorted(known, codes)
    told = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(size, len(known)))
    told.data[:] = 1.0
    return told, known


def cluster_paths(paths: Paths, *, most: int, clusters: int | None) -> Clustering:
    """Cluster paths by the touchpoints and the transitions in them.

    The beginning is a transition, the ending none: how a journey ended plays no part.
    """
    told = paths.touchpoints
    flat, rows = np.concatenate(told), _rows(told)
    before = np.concatenate([[0], flat[:-1]])
    before[np.concatenate([[True], rows[1:] != rows[:-1]])] = 0
    moves, _ = _indicator(rows, before * (int(flat.max()) + 1) + flat, len(told))
    features = csr_matrix(hstack([presence(told)[0], moves]))
    weights = paths.journeys.astype(np.float64)
    return clustered(features, weights, most=most, fitted=FITTED_PATHS, clusters=clusters)


@dataclass(frozen=True, slots=True)
class Called:
    """What a cluster is called."""

    name: str
    path: str
    """Its medoid: the path nearest to the centre."""
    apart: tuple[str, ...]
    """Touchpoints that more of its journeys have than of all, the most telling first."""
    steps: float
    """Mean length of its journeys, without the end event."""
    distinct_paths: int


def called(paths: Paths, found: Clustering, labels: Mapping[int, str]) -> tuple[Called, ...]:
    """Return each cluster's name: its medoid path and, where two are alike, what sets it apart."""
    have, known = presence(paths.touchpoints)
    weight = paths.journeys.astype(np.float64)
    size = len(weight)
    member = csr_matrix((weight, (found.labels, np.arange(size))), shape=(found.clusters, size))
    sums = np.asarray((member @ have).todense())
    journeys = np.asarray(member.sum(axis=1)).ravel()
    share = sums / np.maximum(journeys, 1)[:, None]
    more = share - sums.sum(axis=0) / max(1.0, journeys.sum())
    length = np.array([len(told) for told in paths.touchpoints], np.float64)
    steps = (member @ length) / np.maximum(journeys, 1)
    order = np.lexsort((paths.ids, -paths.journeys, np.round(found.distances, 9)))
    told: list[Called] = []
    for cluster in range(found.clusters):
        mine = order[found.labels[order] == cluster]
        if not len(mine):
            told.append(Called("", "", (), 0.0, 0))
            continue
        medoid = [labels[int(number)] for number in paths.touchpoints[mine[0]]]
        best = np.argsort(-np.round(more[cluster], 9), kind="stable")[:APART]
        apart = tuple(labels[int(known[n])] for n in best if more[cluster, n] >= OVER_REPRESENTED)
        path = " → ".join([*medoid[:TRAIL], *(["…"] if len(medoid) > TRAIL else [])])
        told.append(Called(_short(medoid), path, apart, float(steps[cluster]), len(mine)))
    return _distinct(told)


def _short(medoid: Sequence[str]) -> str:
    """Return a path's touchpoints in the order of their first visits, the middle left out."""
    names = list(dict.fromkeys(medoid))
    return " → ".join(names if len(names) <= NAMED else [*names[:2], "…", names[-1]])


def _distinct(told: Sequence[Called]) -> tuple[Called, ...]:
    """Return the names so that no two are the same."""
    used = set(RESERVED)
    named = []
    for one in told:
        name, number = one.name, 1
        if name in used and one.apart:
            name = f"{one.name} (with {one.apart[0]})"
        plain = name
        while name in used:
            number += 1
            name = f"{plain} ({number})"
        used.add(name)
        named.append(Called(name, one.path, one.apart, one.steps, one.distinct_paths))
    return tuple(named)
