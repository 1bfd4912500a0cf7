"""Whether two shares differ by more than chance, for many pairs at once."""

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

Vector = npt.NDArray[np.float64]


def two_shares_p(
    successes: npt.ArrayLike,
    trials: npt.ArrayLike,
    other_successes: npt.ArrayLike,
    other_trials: npt.ArrayLike,
) -> Vector:
    """Return the two-sided p-value of each pair of shares: the pooled score test.

    A pair that cannot differ (no trials on one side, or all or none succeed) has p = 1.
    """
    won, tried = np.asarray(successes, np.float64), np.asarray(trials, np.float64)
    lost, against = np.asarray(other_successes, np.float64), np.asarray(other_trials, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (won + lost) / (tried + against)
        error = np.sqrt(pooled * (1 - pooled) * (1 / tried + 1 / against))
        z = np.abs(won / tried - lost / against) / error
    return np.where(np.isfinite(z), 2 * np.asarray(norm.sf(z)), 1.0)
