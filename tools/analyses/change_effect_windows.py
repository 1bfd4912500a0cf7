"""Days before and since a change: equal windows, their conversion, and what moved without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

import numpy as np
from scipy.stats import norm
from statsmodels.api import WLS, add_constant

from tools.statistics.differences import fisher
from tools.statistics.intervals import newcombe, rate

DAY = timedelta(days=1)
WEEK = 7
Z = float(norm.isf(0.025))


@dataclass(frozen=True, slots=True)
class Counted:
    """Mature journeys that began on one day."""

    began_on: date
    journeys: int
    converted: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Conversion since a day against before it, in equal windows."""

    before: int
    before_converted: int
    before_rate: float | None
    after: int
    after_converted: int
    after_rate: float | None
    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None


@dataclass(frozen=True, slots=True)
class Trend:
    """How conversion moved from week to week before the change."""

    weeks: int
    slope: float
    """Per week."""
    low: float
    high: float
    p_value: float


def counted_between(days: Sequence[Counted], since: date, until: date) -> tuple[int, int]:
    """Return the journeys that began from `since` to the day before `until`, and conversions."""
    own = [day for day in days if since <= day.began_on < until]
    return sum(day.journeys for day in own), sum(day.converted for day in own)


def difference(days: Sequence[Counted], on: date, length: int, gap: int = 0) -> Difference:
    """Compare `length` days from `on` with as many before it, `gap` days further back."""
    before = counted_between(days, on - (length + gap) * DAY, on - gap * DAY)
    after = counted_between(days, on, on + length * DAY)
    low, high = newcombe(after[1], after[0], before[1], before[0])
    rates = rate(before[1], before[0]), rate(after[1], after[0])
    moved = None if rates[0] is None or rates[1] is None else rates[1] - rates[0]
    p_value = fisher(after[1], after[0], before[1], before[0])
    return Difference(*before, rates[0], *after, rates[1], moved, low, high, p_value)


def placebos(days: Sequence[Counted], on: date, length: int, most: int = 8) -> list[Difference]:
    """Return the same comparison at earlier dates, where nothing of this change had happened."""
    first = min((day.began_on for day in days), default=on)
    told = []
    for number in range(1, most + 1):
        at = on - number * length * DAY
        if at - length * DAY < first:
            break
        told.append(difference(days, at, length))
    return told


def trend(days: Sequence[Counted], on: date, weeks: int = 12) -> Trend | None:
    """Return the slope of weekly conversion before the change; None under four weeks of data."""
    told = []
    for number in range(weeks):
        until = on - number * WEEK * DAY
        journeys, converted = counted_between(days, until - WEEK * DAY, until)
        if journeys:
            told.append((-number - 1, converted / journeys, journeys))
    if len(told) < 4 or len({share for _, share, _ in told}) < 2:
        return None
    when, shares, weights = (np.array(column, float) for column in zip(*told, strict=True))
    fitted = WLS(shares, add_constant(when), weights=weights).fit()
    low, high = fitted.conf_int()[1]
    return Trend(
        len(told), float(fitted.params[1]), float(low), float(high), float(fitted.pvalues[1])
    )


def beyond(own: Difference, control: Difference) -> tuple[float, float, float, float] | None:
    """Return the difference in differences: value, interval and p; None where one is undefined.

    Source: the Wald interval of a sum of four independent rates, each with Agresti and Caffo's
    added observations.
    """
    if own.difference is None or control.difference is None:
        return None
    value, variance = own.difference - control.difference, 0.0
    for side in (own, control):
        for trials, successes in (
            (side.before, side.before_converted),
            (side.after, side.after_converted),
        ):
            share = (successes + 1) / (trials + 2)
            variance += share * (1 - share) / (trials + 2)
    error = sqrt(variance)
    p_value = 2 * float(norm.sf(abs(value) / error))
    return value, value - Z * error, value + Z * error, p_value
