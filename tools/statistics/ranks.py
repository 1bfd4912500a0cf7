"""Whether one group's values are smaller than another's, from counts of ordered classes."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

Z = float(norm.isf(0.025))


@dataclass(frozen=True, slots=True)
class Ranked:
    """Two groups compared by rank."""

    share: float
    """Chance that one of the first group has a smaller value than one of the second; ties half."""
    low: float
    high: float
    p_value: float


def compare_ranks(first: npt.ArrayLike, second: npt.ArrayLike) -> Ranked | None:
    """Return the Mann-Whitney comparison of two groups given as counts per class, in order.

    Ties are corrected for. The interval is DeLong's, widened where the test is less sure, so that
    it leaves out one half only where p < 0.05. None where a group is empty or all values are one.

    Source: Mann and Whitney 1947; DeLong, DeLong and Clarke-Pearson 1988.
    """
    own, other = np.asarray(first, np.float64), np.asarray(second, np.float64)
    m, n = float(own.sum()), float(other.sum())
    both = own + other
    if not m or not n or (both > 0).sum() < 2:
        return None
    # for each class: the share of the other group that is above it, ties half
    above = (other[::-1].cumsum()[::-1] - other / 2) / n
    below = (own.cumsum() - own / 2) / m
    share = float((own * above).sum() / m)
    whole = m + n
    ties = float((both**3 - both).sum())
    spread = (whole + 1 - ties / (whole * (whole - 1))) / (12 * m * n)
    z = (share - 0.5) / sqrt(spread)
    variance = _spread(own, above, m) / m + _spread(other, below, n) / n
    error = max(sqrt(variance), sqrt(spread))
    return Ranked(
        share,
        max(0.0, share - Z * error),
        min(1.0, share + Z * error),
        float(2 * norm.sf(abs(z))),
    )


def _spread(counts: npt.NDArray[np.float64], values: npt.NDArray[np.float64], size: float) -> float:
    if size < 2:
        return 0.25
    mean = float((counts * values).sum() / size)
    return float((counts * (values - mean) ** 2).sum() / (size - 1))


def quantile(counts: npt.ArrayLike, values: npt.ArrayLike, share: float) -> float | None:
    """Return the value under which (or at which) a share of the counted lies; None for nobody."""
    cumulated = np.asarray(counts, np.float64).cumsum()
    if not cumulated.size or not cumulated[-1]:
        return None
    place = int(np.searchsorted(cumulated, share * cumulated[-1] - 1e-9))
    return float(np.asarray(values, np.float64)[place])
