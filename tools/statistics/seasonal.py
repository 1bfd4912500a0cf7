"""Days that stand out of a series, and levels that shifted: counts and rates over time."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import norm
from statsmodels.tsa.seasonal import STL

WEEK = 7
BEFORE = 28
"""Days before a shift that it is measured against."""
AFTER = (7, 14, 28)
"""Days after it that may be looked at."""
WEEKS_BEFORE, WEEKS_AFTER = 8, (1, 4)
SEASONAL, TREND = 53, 29
"""Weeks and days that STL smooths over: a weekday's pattern hardly changes within a year."""
UNSURE = 1.2
"""A robust fit leaves an odd day out, so that its own uncertainty comes on top of the day's."""
ROBUST = 1.4826
"""A normal distribution's standard deviation in units of its median absolute deviation."""
Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Odd:
    """What stands out most in one series, and how likely chance alone makes as much of any of it."""

    place: int
    """First day, or week, of it."""
    length: int
    observed: float
    expected: float
    z: float
    p_value: float
    """Corrected for all places and lengths of this series that were looked at."""


def steady(counts: npt.ArrayLike) -> Vector:
    """Return counts on a scale on which chance has a standard deviation of 1 (Anscombe 1948)."""
    return np.asarray(2 * np.sqrt(np.asarray(counts, np.float64) + 3 / 8), np.float64)


def _plain(values: npt.ArrayLike) -> Vector:
    told = (np.asarray(values, np.float64) / 2) ** 2 - 3 / 8
    return np.asarray(np.maximum(told, 0.0), np.float64)


def _scale(values: Vector) -> float:
    return ROBUST * float(np.median(np.abs(values - np.median(values))))


def odd_day(counts: npt.ArrayLike, first: int = 0) -> Odd | None:
    """Return the day that stands out most of trend and weekday; None for under four weeks.

    A robust STL decomposition with a week's season on the steady scale; the residuals against
    their median absolute deviation, or against counting chance alone where that is more.

    Args:
        counts: One per day, without gaps.
        first: Days before this one are not judged.

    Source: Cleveland et al. 1990 (STL); Anscombe 1948; Hampel 1974 (median absolute deviation).
    """
    told = steady(counts)
    if len(told) < 4 * WEEK or first >= len(told):
        return None
    smoothed = STL(
        told,
        period=WEEK,
        seasonal=SEASONAL,
        trend=TREND,
        robust=True,
        seasonal_jump=6,
        trend_jump=4,
        low_pass_jump=4,
    )
    fitted = smoothed.fit(inner_iter=2, outer_iter=6)
    residuals = np.asarray(fitted.resid, np.float64)
    z = residuals / (UNSURE * max(1.0, _scale(residuals)))
    place = first + int(np.argmax(np.abs(z[first:])))
    expected = _plain(told[place] - residuals[place])
    return _odd(
        place, 1, (float(_plain(told[place])), float(expected)), float(z[place]), len(z) - first
    )


def _odd(place: int, length: int, told: tuple[float, float], z: float, tried: int) -> Odd:
    p_value = min(1.0, tried * 2 * float(norm.sf(abs(z))))
    return Odd(place, length, told[0], told[1], z, p_value)


def shift(counts: npt.ArrayLike, first: int = 0) -> Odd | None:
    """Return the clearest change of level: 1, 2 or 4 weeks against the 4 before; None if too short.

    Weekdays are taken out by their medians; a steady growth by the median of all such changes.
    Changes are held against their own median absolute deviation over the series, or against
    counting chance alone where that is more.

    Args:
        counts: One per day, without gaps.
        first: Shifts to days before this one are not judged.
    """
    told = steady(counts)
    if len(told) < BEFORE + 2 * max(AFTER):
        return None
    days = np.arange(len(told)) % WEEK
    weekday = np.array([np.median(told[days == day]) for day in range(WEEK)])
    level = told - weekday[days]
    sums, plain = (
        np.concatenate([[0.0], series.cumsum()])
        for series in (level, np.asarray(counts, np.float64))
    )
    best: tuple[float, int, int] | None = None
    tried = 0
    for after in AFTER:
        places = np.arange(BEFORE, len(told) - after + 1)
        change = (sums[places + after] - sums[places]) / after
        change = change - (sums[places] - sums[places - BEFORE]) / BEFORE
        error = max(np.sqrt(1 / after + 1 / BEFORE), _scale(change))
        z = (change - np.median(change)) / error
        judged = places >= first
        tried += int(judged.sum())
        if judged.any():
            place = int(np.argmax(np.where(judged, np.abs(z), -1.0)))
            if best is None or abs(z[place]) > abs(best[0]):
                best = float(z[place]), int(places[place]), after
    if best is None:
        return None
    z_best, place, after = best
    observed = (plain[place + after] - plain[place]) / after
    expected = (plain[place] - plain[place - BEFORE]) / BEFORE
    return _odd(place, after, (float(observed), float(expected)), z_best, tried)


def rate_shift(hits: npt.ArrayLike, trials: npt.ArrayLike, first: int = 0) -> Odd | None:
    """Return the clearest change of a weekly rate: 1 or 4 weeks against the 8 before.

    Two shares on the arcsine scale (Anscombe 1948), on which chance is even, or against the
    spread from week to week where that is more than chance. None for too few weeks.

    Args:
        hits: One per week.
        trials: One per week.
        first: Shifts to weeks before this one are not judged.
    """
    won, tried_ = np.asarray(hits, np.float64), np.asarray(trials, np.float64)
    if len(won) < WEEKS_BEFORE + 2:
        return None
    wins, all_ = (np.concatenate([[0.0], series.cumsum()]) for series in (won, tried_))
    spread = _week_to_week(won, tried_)
    best: tuple[float, int, int] | None = None
    looked = 0
    for after in WEEKS_AFTER:
        places = np.arange(WEEKS_BEFORE, len(won) - after + 1)
        n, m = all_[places + after] - all_[places], all_[places] - all_[places - WEEKS_BEFORE]
        a, c = wins[places + after] - wins[places], wins[places] - wins[places - WEEKS_BEFORE]
        angle = np.arcsin(np.sqrt((a + 3 / 8) / (n + 3 / 4)))
        angle -= np.arcsin(np.sqrt((c + 3 / 8) / (m + 3 / 4)))
        z = 2 * angle / np.sqrt(1 / (n + 1 / 2) + 1 / (m + 1 / 2))
        z[(n == 0) | (m == 0)] = 0.0
        z = z / spread
        judged = places >= first
        looked += int(judged.sum())
        if judged.any():
            place = int(np.argmax(np.where(judged, np.abs(z), -1.0)))
            if best is None or abs(z[place]) > abs(best[0]):
                best = float(z[place]), int(places[place]), after
    if best is None or not best[0]:
        return None
    z_best, place, after = best
    own = (wins[place + after] - wins[place]) / (all_[place + after] - all_[place])
    before = (wins[place] - wins[place - WEEKS_BEFORE]) / (all_[place] - all_[place - WEEKS_BEFORE])
    return _odd(place, after, (float(own), float(before)), z_best, looked)


def _week_to_week(hits: Vector, trials: Vector) -> float:
    """Return how much more neighbouring weeks differ than chance makes them, at least 1.

    Neighbours, so that the shift that is looked for does not hide itself.
    """
    angle = 2 * np.arcsin(np.sqrt((hits + 3 / 8) / (trials + 3 / 4)))
    error = np.sqrt(1 / (trials[1:] + 1 / 2) + 1 / (trials[:-1] + 1 / 2))
    return max(1.0, _scale(np.diff(angle) / error))
