"""Groups of things that are alike: weighted k-means in a reduced space, k by silhouette."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.metrics import pairwise_distances, silhouette_score
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

SEED = 20_260_101
DIMENSIONS = 20
TRIED_ROWS, JUDGED_ROWS = 4_000, 1_200
"""Rows that each k is tried on, and draws that it is judged on."""
CANDIDATES = (2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 20, 22, 24, 27, 30)
Vector = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Clustering:
    """Which cluster each row is in, and how far from its centre."""

    labels: Labels
    distances: Vector
    """1 less the cosine between a row and the mean of its cluster."""
    clusters: int
    silhouette: float | None
    """Mean over draws by weight, -1 to 1; None where k was given or nothing was to choose."""


def clustered(
    features: csr_matrix, weights: Vector, *, most: int, fitted: int, clusters: int | None = None
) -> Clustering:
    """Cluster weighted rows; the centres are of the first rows, every row goes to the nearest.

    Rows are scaled to length 1, so that how much a row holds does not decide. One thread does the
    arithmetic, so that sums are taken in the same order on every machine.

    Args:
        features: One row per thing, not negative; put the weightiest first.
        weights: How often each thing occurs.
        most: Most clusters.
        fitted: How many of the first rows make the centres.
        clusters: Their number; None: the best silhouette's.

    Source: Lloyd 1982; Arthur and Vassilvitskii 2007; Rousseeuw 1987 for the silhouette.
    """
    with threadpool_limits(limits=1):
        scaled = _scaled(features)
        points = _reduced(scaled, fitted)
        fit, weight = points[:fitted], weights[:fitted]
        distinct = len(np.unique(np.round(fit, 9), axis=0))
        silhouette = None
        chosen = min(clusters or most, distinct)
        if clusters is None and distinct > 2:
            chosen, silhouette = _best(fit, weight, min(most, distinct - 1))
        centres = _fit(fit, weight, chosen, starts=2).cluster_centers_
        labels = _nearest(points, np.asarray(centres, np.float64))
        distances = _apart(scaled, weights, labels, chosen)
    return Clustering(labels, distances, chosen, silhouette)


def _scaled(features: csr_matrix) -> csr_matrix:
    lengths = np.sqrt(np.asarray(features.multiply(features).sum(axis=1)).ravel())
    scale = 1 / np.where(lengths > 0, lengths, 1)
    return csr_matrix(features.multiply(scale[:, None]))


def _reduced(scaled: csr_matrix, fitted: int) -> Vector:
    """Return the rows in few dimensions, found on the fitted ones."""
    if scaled.shape[1] <= DIMENSIONS or fitted <= DIMENSIONS:
        return np.asarray(scaled.todense(), np.float64)
    model = TruncatedSVD(DIMENSIONS, n_iter=4, random_state=SEED).fit(scaled[:fitted])
    return np.asarray(scaled @ model.components_.T, np.float64)


def _fit(points: Vector, weights: Vector, clusters: int, starts: int) -> KMeans:
    model = KMeans(clusters, n_init=starts, random_state=SEED, max_iter=100)
    return model.fit(points, sample_weight=weights)


def _best(points: Vector, weights: Vector, most: int) -> tuple[int, float]:
    """Return the number of clusters with the best silhouette, and that; the fewest where tied."""
    tried, weight = points[:TRIED_ROWS], weights[:TRIED_ROWS]
    limit = min(most, len(np.unique(np.round(tried, 9), axis=0)) - 1)
    random = np.random.default_rng(SEED)
    drawn = random.choice(len(points), size=JUDGED_ROWS, p=weights / weights.sum())
    apart = pairwise_distances(points[drawn])
    np.fill_diagonal(apart, 0.0)
    scores = []
    for clusters in (k for k in CANDIDATES if k <= max(2, limit)):
        centres = np.asarray(_fit(tried, weight, clusters, starts=1).cluster_centers_, np.float64)
        labels = _nearest(points[drawn], centres)
        if 2 <= len(np.unique(labels)) < len(drawn):
            score = float(silhouette_score(apart, labels, metric="precomputed"))
            scores.append((round(score, 9), -clusters))
    if not scores:
        return max(2, limit), 0.0
    score, negative = max(scores)
    return -negative, score


def _nearest(points: Vector, centres: Vector) -> Labels:
    """Return the nearest centre of each point, the first where tied."""
    squares = (centres**2).sum(axis=1) - 2 * points @ centres.T
    return np.asarray(np.argmin(np.round(squares, 12), axis=1), np.int64)


def _apart(scaled: csr_matrix, weights: Vector, labels: Labels, clusters: int) -> Vector:
    """Return how far each row is from its cluster's mean, in all dimensions."""
    size = len(labels)
    member = csr_matrix((weights, (labels, np.arange(size))), shape=(clusters, size))
    means = np.asarray((member @ scaled).todense())
    lengths = np.sqrt((means**2).sum(axis=1))
    told = np.asarray(scaled @ (means / np.maximum(lengths, 1e-12)[:, None]).T)
    return np.asarray(1 - told[np.arange(size), labels], np.float64)
