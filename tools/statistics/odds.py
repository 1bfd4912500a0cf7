"""The pooled odds ratio of strata, and the risk ratio that it makes at a base rate."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log, sqrt

from scipy.stats import norm

from tools.statistics.stratified import TwoByTwo, risk_ratio

Z = float(norm.isf(0.025))


@dataclass(frozen=True, slots=True)
class OddsRatio:
    """The odds of an event in one group against the other's, strata held fixed."""

    ratio: float | None
    low: float | None
    high: float | None
    p_value: float | None


def odds_ratio(strata: Iterable[TwoByTwo]) -> OddsRatio:
    """Pool the strata's odds ratios by Mantel and Haenszel.

    The interval is Robins, Breslow and Greenland's, widened to a test-based one where that is
    wider, so that it leaves out 1 only where p < 0.05; the p-value is the
    Cochran-Mantel-Haenszel test's, exact where counts are small.

    Source: Mantel and Haenszel 1959; Robins, Breslow and Greenland 1986; Miettinen 1976.
    """
    used = [s for s in strata if s.exposed and s.others]
    p_value = risk_ratio(used).p_value
    top = bottom = first = second = third = 0.0
    for s in used:
        whole = s.exposed + s.others
        a, b = s.exposed_events, s.exposed - s.exposed_events
        c, d = s.other_events, s.others - s.other_events
        for_, against = a * d / whole, b * c / whole
        along, across = (a + d) / whole, (b + c) / whole
        top, bottom = top + for_, bottom + against
        first += along * for_
        second += along * against + across * for_
        third += across * against
    if not top or not bottom or p_value is None:
        return OddsRatio(top / bottom if bottom else None, None, None, p_value)
    ratio = top / bottom
    spread = first / (2 * top**2) + second / (2 * top * bottom) + third / (2 * bottom**2)
    score = float(norm.isf(p_value / 2))
    half = Z * max(sqrt(spread), abs(log(ratio)) / score if score > 0.1 else 0.0)
    return OddsRatio(ratio, ratio * exp(-half), ratio * exp(half), p_value)


def at_rate(odds: float | None, base: float | None) -> float | None:
    """Return the risk ratio that an odds ratio makes where the others' rate is `base`."""
    if odds is None or base is None:
        return None
    return odds / (1 - base + base * odds)
