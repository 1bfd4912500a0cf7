"""Paths as numbers: what each contains, which cluster it is in, and what a cluster is called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix, hstack

from tools.journeys.scope import ScopedStore, Statement
from tools.statistics.clusters import Clustering, clustered
from tools.store.door import Parameters

READ_PATHS, FITTED_PATHS = 100_000, 20_000
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
    """Distinct paths with at least one touchpoint, most journeys first, and what is in them."""

    journeys: Numbers
    lengths: Numbers
    """Touchpoints in each path."""
    touchpoints: Numbers
    """Those of all paths, path after path."""

    def rows(self) -> Numbers:
        """Return the path that each touchpoint is in."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    def trail(self, place: int) -> Numbers:
        """Return the touchpoints of one path."""
        end = int(self.lengths[: place + 1].sum())
        return self.touchpoints[end - int(self.lengths[place]) : end]


def frame_of(scoped: ScopedStore, sql: str, parameters: Parameters) -> pd.DataFrame:
    """Return a scoped query in columns, for counts too many for one record each."""
    text, used = scoped.compose(sql, parameters)
    scoped.statements.append(Statement(text, tuple(sorted(used.items()))))
    return scoped.store.frame(text, used)


def listed_paths(counts: pd.DataFrame) -> tuple[Paths, Numbers]:
    """Return the paths among counts by path, and the position that each has there."""
    position = counts["position"].to_numpy()
    first = np.flatnonzero(np.diff(position, prepend=-1) > 0)
    journeys = np.bincount(position + 1, counts["journeys"].to_numpy()).astype(np.int64)[1:]
    one = counts.iloc[first[counts["length"].to_numpy()[first] > 0]]
    positions = one["position"].to_numpy(np.int64)
    flat = np.fromstring(" ".join(one["touchpoints"].tolist()), np.int64, sep=" ")
    return Paths(journeys[positions], one["length"].to_numpy(np.int64), flat), positions


def presence(paths: Paths) -> tuple[csr_matrix, Numbers]:
    """Return which path has which touchpoint, 1 or 0, and the touchpoints of the columns."""
    return _indicator(paths.rows(), paths.touchpoints, len(paths.lengths))


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
    flat, rows = paths.touchpoints, paths.rows()
    before = np.concatenate([[0], flat[:-1]])
    before[np.concatenate([[True], rows[1:] != rows[:-1]])] = 0
    moves, _ = _indicator(rows, before * (int(flat.max()) + 1) + flat, len(paths.lengths))
    features = csr_matrix(hstack([presence(paths)[0], moves]))
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
    have, known = presence(paths)
    weight = paths.journeys.astype(np.float64)
    size = len(weight)
    member = csr_matrix((weight, (found.labels, np.arange(size))), shape=(found.clusters, size))
    sums = np.asarray((member @ have).todense())
    journeys = np.asarray(member.sum(axis=1)).ravel()
    share = sums / np.maximum(journeys, 1)[:, None]
    more = share - sums.sum(axis=0) / max(1.0, journeys.sum())
    steps = (member @ paths.lengths.astype(np.float64)) / np.maximum(journeys, 1)
    order = np.lexsort((np.arange(size), -paths.journeys, np.round(found.distances, 9)))
    told: list[Called] = []
    for cluster in range(found.clusters):
        mine = order[found.labels[order] == cluster]
        if not len(mine):
            told.append(Called("", "", (), 0.0, 0))
            continue
        medoid = [labels[int(number)] for number in paths.trail(int(mine[0]))]
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
