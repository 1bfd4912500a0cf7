"""Two groups compared within strata: the Mantel-Haenszel risk ratio, for many comparisons at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from scipy.stats import norm

from tools.statistics.excess import Stratum, excess

Z = float(norm.isf(0.025))


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """One stratum: how many of two groups, and how many of each had the event."""

    exposed: int
    exposed_events: int
    others: int
    other_events: int


@dataclass(frozen=True, slots=True)
class RiskRatio:
    """The event's rate in one group against the other's, strata held fixed."""

    ratio: float | None
    """None where no stratum holds both groups, or none of the others had the event."""
    low: float | None
    high: float | None
    p_value: float | None
    exposed: int
    """In strata that hold both groups: only these could be compared."""
    exposed_events: int
    expected: float
    """Events of the exposed, had they the others' rate in each stratum."""


def risk_ratio(strata: Iterable[TwoByTwo]) -> RiskRatio:
    """Pool the strata's risk ratios by Mantel and Haenszel.

    The interval is Greenland and Robins' for risk ratios (the counterpart of Robins, Breslow and
    Greenland's for odds ratios), widened to a test-based one where that is wider, so that it
    leaves out 1 only where p < 0.05. The p-value is the Cochran-Mantel-Haenszel test's, exact
    where counts are small.

    Args:
        strata: The tables; those with one group only say nothing and are left out.

    Source: Mantel and Haenszel 1959; Greenland and Robins 1985; Miettinen 1976.
    """
    used = [s for s in strata if s.exposed and s.others]
    exposed = sum(s.exposed for s in used)
    events = sum(s.exposed_events for s in used)
    expected = sum(s.exposed * s.other_events / s.others for s in used)
    if not used:
        return RiskRatio(None, None, None, None, 0, 0, 0.0)
    p_value = _p(used)
    top = sum(s.exposed_events * s.others / (s.exposed + s.others) for s in used)
    bottom = sum(s.other_events * s.exposed / (s.exposed + s.others) for s in used)
    if not bottom or not top or p_value is None:
        ratio = top / bottom if bottom else None
        return RiskRatio(ratio, None, None, p_value, exposed, events, expected)
    ratio = top / bottom
    error = sqrt(max(0.0, sum(_variance(s) for s in used) / (top * bottom)))
    score = float(norm.isf(p_value / 2))
    half = Z * (max(error, abs(log(ratio)) / score) if score > 0.1 else error)
    low, high = ratio * exp(-half), ratio * exp(half)
    return RiskRatio(ratio, low, high, p_value, exposed, events, expected)


def _variance(s: TwoByTwo) -> float:
    whole = s.exposed + s.others
    events = s.exposed_events + s.other_events
    return (s.exposed * s.others * events - s.exposed_events * s.other_events * whole) / whole**2


def _p(strata: Sequence[TwoByTwo]) -> float | None:
    return excess(
        [
            Stratum(
                s.exposed, s.exposed_events, s.exposed + s.others, s.exposed_events + s.other_events
            )
            for s in strata
        ]
    ).p_value
