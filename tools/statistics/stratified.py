"""Two groups compared within strata: the Mantel-Haenszel risk ratio, for many comparisons at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import exp, inf, log, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from tools.statistics.excess import EXACT_BELOW, Stratum, excess

Z = -float(ndtri(0.025))
Counts = npt.NDArray[np.int64]


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
    top = sum(s.exposed_events * s.others / (s.exposed + s.others) for s in used)
    bottom = sum(s.other_events * s.exposed / (s.exposed + s.others) for s in used)
    spread = sum(_variance(s) for s in used)
    return _pooled(top, bottom, spread, _p(used), (exposed, events, expected))


def risk_ratios(
    exposed: Counts, exposed_events: Counts, others: Counts, other_events: Counts
) -> list[RiskRatio]:
    """Return the pooled risk ratio of many comparisons at once, as `risk_ratio` does of one.

    Args:
        exposed: Comparisons by strata: how many were exposed.
        exposed_events: How many of these had the event.
        others: How many were not exposed.
        other_events: How many of these had the event.
    """
    told = np.where((exposed > 0) & (others > 0), 1.0, 0.0)
    a, n = exposed_events * told, exposed * told
    c, m = other_events * told, others * told
    whole = np.maximum(n + m, 1)
    events = a + c
    expected = (n * c / np.maximum(m, 1)).sum(axis=1)
    top, bottom = (a * m / whole).sum(axis=1), (c * n / whole).sum(axis=1)
    spread = ((n * m * events - a * c * (n + m)) / whole**2).sum(axis=1)
    chance = n * m * events * (whole - events) / (whole**2 * np.maximum(whole - 1, 1))
    variance = chance.sum(axis=1)
    difference = a.sum(axis=1) - (n * events / whole).sum(axis=1)
    found = []
    for row in range(len(exposed)):
        if variance[row] < EXACT_BELOW:
            used = np.flatnonzero(told[row])
            cells = (table[row, used] for table in (exposed, exposed_events, others, other_events))
            strata = zip(*(cell.tolist() for cell in cells), strict=True)
            found.append(risk_ratio(TwoByTwo(*cell) for cell in strata))
            continue
        p_value = float(2 * ndtr(-abs(difference[row]) / sqrt(variance[row])))
        sizes = (int(n[row].sum()), int(a[row].sum()), float(expected[row]))
        found.append(_pooled(top[row], bottom[row], spread[row], p_value, sizes))
    return found


def both(one: RiskRatio, other: RiskRatio) -> RiskRatio:
    """Return what two comparisons of the same group agree on: the smaller effect, the wider interval.

    Nothing is left where one of them could not compare.
    """
    if one.ratio is None or other.ratio is None:
        return one if one.ratio is None else other
    kept = min(one, other, key=lambda each: abs(log(each.ratio)) if each.ratio else inf)
    if one.p_value is None or other.p_value is None:
        return replace(kept, low=None, high=None, p_value=None)
    p_value = max(one.p_value, other.p_value)
    if one.low is None or other.low is None or one.high is None or other.high is None:
        return replace(kept, low=None, high=None, p_value=p_value)
    low, high = min(one.low, other.low), max(one.high, other.high)
    return replace(kept, low=low, high=high, p_value=p_value)


def _pooled(
    top: float, bottom: float, spread: float, p_value: float | None, sizes: tuple[int, int, float]
) -> RiskRatio:
    """Return the ratio with its interval from the pooled sums."""
    if not bottom or not top or p_value is None:
        return RiskRatio(float(top / bottom) if bottom else None, None, None, p_value, *sizes)
    ratio = float(top / bottom)
    error = sqrt(max(0.0, spread / (top * bottom)))
    score = -float(
        ndtri(p_value / 2)
    )  # many at once: scipy.stats' own wrapper costs ten times this
    half = Z * (max(error, abs(log(ratio)) / score) if score > 0.1 else error)
    return RiskRatio(ratio, ratio * exp(-half), ratio * exp(half), p_value, *sizes)


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
