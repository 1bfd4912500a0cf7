"""Tests of the difference between two independent rates, from scipy."""

import numpy as np
from scipy.stats import fisher_exact


def fisher(successes: int, trials: int, other_successes: int, other_trials: int) -> float | None:
    """Return the two-sided p-value that two rates are one, or None where one has no trial.

    Source: Fisher 1935, the exact test; scipy `fisher_exact`.
    """
    if not trials or not other_trials:
        return None
    table = np.array(
        [[successes, trials - successes], [other_successes, other_trials - other_successes]]
    )
    return float(fisher_exact(table).pvalue)
