"""More events in a group than its strata explain: observed less expected, with interval and p."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.stats import hypergeom, norm

EXACT_BELOW = 25.0
"""Variance under which the p-value is exact; above it the normal distribution serves."""
Z = float(norm.isf(0.025))


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum: the group's trials and events, and everyone's, the group's among them."""

    trials: int
    events: int
    all_trials: int
    all_events: int


@dataclass(frozen=True, slots=True)
class Excess:
    """What a group has beyond what its strata explain."""

    expected: float
    excess: float
    low: float | None
    """Bounds of the excess; None where the group has no one to be compared with."""
    high: float | None
    p_value: float | None


def excess(strata: Sequence[Stratum]) -> Excess:
    """Compare a group's events with those expected at everyone's rate in the same strata.

    Were events spread by chance within each stratum, the group's count would be hypergeometric
    in each. The mean and variance are those of the Cochran-Mantel-Haenszel (log-rank) test; the
    two-sided p-value is exact where the variance is small, else normal. The 95 % interval is
    normal, or test-based where that is wider, so that it leaves out 0 only where p < 0.05.

    Source: Mantel and Haenszel 1959; Miettinen 1976 for test-based limits.
    """
    tried = [stratum for stratum in strata if stratum.trials]
    observed = sum(stratum.events for stratum in tried)
    expected = sum(s.trials * s.all_events / s.all_trials for s in tried)
    variance = sum(_variance(stratum) for stratum in tried)
    difference = observed - expected
    if variance <= 0:
        return Excess(expected, difference, None, None, None)
    error = sqrt(variance)
    p_value = (
        _exact_p(observed, tried)
        if variance < EXACT_BELOW
        else float(2 * norm.sf(abs(difference) / error))
    )
    score = float(norm.isf(p_value / 2))
    half = Z * (max(error, abs(difference) / score) if score > 0.1 else error)
    return Excess(expected, difference, difference - half, difference + half, p_value)


def _variance(s: Stratum) -> float:
    if s.all_trials < 2:
        return 0.0
    share = s.all_events / s.all_trials
    return s.trials * share * (1 - share) * (s.all_trials - s.trials) / (s.all_trials - 1)


def _exact_p(observed: int, strata: Sequence[Stratum]) -> float:
    """Return twice the smaller tail of a sum of independent hypergeometric counts, at most 1."""
    spans = [_span(stratum) for stratum in strata]
    counts = [np.arange(low, high + 1) for low, high in spans]
    sizes = [len(count) for count in counts]
    shares = hypergeom.pmf(
        np.concatenate(counts),
        np.repeat([s.all_trials for s in strata], sizes),
        np.repeat([s.all_events for s in strata], sizes),
        np.repeat([s.trials for s in strata], sizes),
    )
    total = np.ones(1)
    for part in np.split(shares, np.cumsum(sizes)[:-1]):
        total = np.convolve(total, part)
    place = observed - sum(low for low, _ in spans)
    below, above = total[: max(0, place + 1)].sum(), total[max(0, place) :].sum()
    return min(1.0, 2 * min(float(below), float(above)))


def _span(s: Stratum) -> tuple[int, int]:
    """Return the counts that a stratum can have, but for tails that are next to impossible."""
    mean, reach = s.trials * s.all_events / s.all_trials, 10 * sqrt(_variance(s)) + 10
    least = max(0, s.trials + s.all_events - s.all_trials, int(mean - reach))
    return least, min(s.trials, s.all_events, int(mean + reach) + 1)
