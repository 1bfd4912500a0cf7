"""95 % intervals for rates and their differences, from statsmodels."""

from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

ALPHA = 0.05
Interval = tuple[float | None, float | None]


def rate(successes: int, trials: int) -> float | None:
    """Return successes / trials, or None where there was no trial."""
    return successes / trials if trials else None


def wilson(successes: int, trials: int) -> Interval:
    """Return the Wilson score interval of a rate, or Nones where there was no trial.

    Source: Wilson 1927; statsmodels `proportion_confint(method="wilson")`.
    """
    if not trials:
        return None, None
    low, high = proportion_confint(successes, trials, alpha=ALPHA, method="wilson")
    return max(0.0, float(low)), min(1.0, float(high))


def newcombe(successes: int, trials: int, other_successes: int, other_trials: int) -> Interval:
    """Return Newcombe's interval of the difference of two independent rates (first less other).

    Source: Newcombe 1998, method 10; statsmodels `confint_proportions_2indep`.
    """
    if not trials or not other_trials:
        return None, None
    low, high = confint_proportions_2indep(
        successes, trials, other_successes, other_trials, method="newcomb", compare="diff"
    )
    return float(low), float(high)
