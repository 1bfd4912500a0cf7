"""Empirical Bayes for many rates: each is drawn towards what comparable groups are like."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import betaln
from scipy.stats import beta

from tools.statistics.intervals import ALPHA

WEAK = 2.0
"""Prior observations where too few groups tell how much rates differ."""
FEWEST_GROUPS = 3
WEAKEST, STRONGEST = 1.0, 10_000.0
"""Prior observations that a fit may give."""
EDGE = 1e-4
"""Rates of 0 and 1 are no centre that a beta distribution can have."""
Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shrunk:
    """One rate after shrinkage, with its 95 % credible interval."""

    rate: float
    low: float
    high: float


def shrink(
    successes: Sequence[int], trials: Sequence[int], centres: Sequence[float] | None = None
) -> tuple[Shrunk, ...]:
    """Return each group's rate drawn towards its centre, the more the less the rates differ.

    How many observations the centre counts for is fitted on the groups (beta-binomial, maximum
    likelihood). Fewer than three groups tell no spread: it then counts for two.

    Args:
        successes: Per group.
        trials: Per group, each at least one.
        centres: The rate that each group is drawn towards; None: the rate of all together.

    Source: Efron & Morris 1975; in beta-binomial form Casella 1985.
    """
    if not trials:
        return ()
    won, tried = np.asarray(successes, np.float64), np.asarray(trials, np.float64)
    pooled = (float(won.sum()) + 0.5) / (float(tried.sum()) + 1)
    told = np.full_like(won, pooled) if centres is None else np.asarray(centres, np.float64)
    mean = np.clip(told, EDGE, 1 - EDGE)
    weight = _weight(won, tried, mean)
    a, b = won + mean * weight, tried - won + (1 - mean) * weight
    low = np.asarray(beta.ppf(ALPHA / 2, a, b))
    high = np.asarray(beta.ppf(1 - ALPHA / 2, a, b))
    middle = a / (a + b)  # where all or none did, the mean lies outside the quantiles
    low, high = np.minimum(low, middle), np.maximum(high, middle)
    return tuple(
        Shrunk(float(rate), float(least), float(most))
        for rate, least, most in zip(middle, low, high, strict=True)
    )


def _weight(won: Vector, tried: Vector, mean: Vector) -> float:
    """Return how many observations the centre counts for."""
    if len(won) < FEWEST_GROUPS:
        return WEAK

    def loss(log_weight: float) -> float:
        a, b = mean * np.exp(log_weight), (1 - mean) * np.exp(log_weight)
        return -float(np.sum(betaln(won + a, tried - won + b) - betaln(a, b)))

    bounds = (float(np.log(WEAKEST)), float(np.log(STRONGEST)))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x))
