"""How many people a test of two rates needs, from statsmodels."""

from math import ceil

from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail

POWER = 0.8


def people_per_group(rate: float, expected: float) -> int | None:
    """Return how many each of two groups needs to show that a rate differs.

    Args:
        rate: The rate without the change, 0 to 1.
        expected: The rate expected with it.

    Returns:
        For 80 % power in a two-sided test at 5 %; None where the rates are equal or impossible.

    Source: Fleiss, Levin and Paik 2003; statsmodels `samplesize_proportions_2indep_onetail`.
    """
    if not (0 < rate < 1 and 0 < expected < 1) or rate == expected:
        return None
    size = samplesize_proportions_2indep_onetail(
        expected - rate, rate, POWER, alpha=0.05, alternative="two-sided"
    )
    return ceil(float(size))
