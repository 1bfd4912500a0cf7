"""Conversion day by day around a change: weeks, the trend before, and the same test at other dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.stats import t as student

from tools.analyses.conversion_change_parts import Estimate
from tools.statistics.intervals import rate, wilson

DAY = timedelta(days=1)
WEEK = 7
TREND_WEEKS = 26
"""Most weeks before the change that its trend is read from."""
FEWEST_WEEKS = 5
FEWEST_PLACEBOS = 5
SHORTEST_PLACEBO = 14
"""Days; shorter windows say more about weekdays than about seasons."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day: the people who began a journey, and those of them who converted."""

    day: date
    people: int
    converted: int
    young: int
    """People whose journey is not old enough to judge; they are not among `people`."""


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days, counted from the day of the change."""

    begins: date
    group: str
    people: int
    converted: int
    conversion_rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Placebo:
    """The same comparison at dates on which nothing is known to have happened."""

    dates: int
    as_large: int
    """Of these, with a difference at least as large as the change's own, either way."""
    days: int
    """Length of each window."""
    difference: float
    """The change's own, at this length."""


class Series:
    """People and conversions by day, summed over any span of days."""

    def __init__(self, days: Sequence[Day], first: date, last: date) -> None:
        """Lay the days from `first` to `last` out; a day without anyone has none."""
        self.first, self.last = first, last
        size = max(0, (last - first).days + 1)
        counts = np.zeros((2, size + 1), np.int64)
        for day in days:
            if first <= day.day <= last:
                place = (day.day - first).days + 1
                counts[0, place], counts[1, place] = day.people, day.converted
        self._sums = counts.cumsum(axis=1)

    def between(self, since: date, until: date) -> tuple[int, int]:
        """Return people and conversions from `since` to the day before `until`."""
        size = self._sums.shape[1] - 1
        start, end = (min(max((day - self.first).days, 0), size) for day in (since, until))
        told = self._sums[:, end] - self._sums[:, start]
        return int(told[0]), int(told[1])

    def difference(self, on: date, days: int) -> float | None:
        """Return conversion in the days from `on` less that in as many days before."""
        before = self.between(on - days * DAY, on)
        after = self.between(on, on + days * DAY)
        if not before[0] or not after[0]:
            return None
        return after[1] / after[0] - before[1] / before[0]


def weeks(series: Mapping[str, Series], on: date) -> tuple[Week, ...]:
    """Return the whole weeks before and after a day, for each group."""
    told = []
    for group, one in series.items():
        least = -((on - one.first).days // WEEK)
        most = max(0, (one.last - on).days + 1) // WEEK
        for number in range(least, most):
            begins = on + number * WEEK * DAY
            people, converted = one.between(begins, begins + WEEK * DAY)
            low, high = wilson(converted, people)
            told.append(Week(begins, group, people, converted, rate(converted, people), low, high))
    return tuple(told)


def trend(told: Sequence[Week], on: date, least: int) -> Estimate | None:
    """Return by how much conversion moved per week before a day; None where too few weeks tell.

    Weighted least squares over weekly rates; the error allows for weeks that differ by more than
    chance (quasi-binomial), and the interval is Student's.

    Args:
        told: Weeks of one group.
        on: Only the weeks before it count, at most 26.
        least: Weeks with fewer people are left out.
    """
    used = [week for week in told if week.begins < on and week.people >= least][-TREND_WEEKS:]
    people = np.array([week.people for week in used], np.float64)
    won = np.array([week.converted for week in used], np.float64)
    if len(used) < FEWEST_WEEKS or not 0 < won.sum() < people.sum():
        return None
    place = np.array([(week.begins - on).days / WEEK for week in used])
    share = won / people
    centred = place - np.average(place, weights=people)
    spread = float(people @ centred**2)
    slope = float(people @ (centred * share)) / spread
    mean = float(won.sum() / people.sum())
    residual = share - mean - slope * centred
    freedom = len(used) - 2
    excess = float(people @ residual**2) / (mean * (1 - mean)) / freedom
    error = float(np.sqrt(mean * (1 - mean) * max(1.0, excess) / spread))
    half = float(student.isf(0.025, freedom)) * error
    p_value = float(2 * student.sf(abs(slope) / error, freedom))
    return Estimate(slope, slope - half, slope + half, p_value)


def placebo(these: Series, control: Series | None, on: date, most: int) -> Placebo | None:
    """Return how often other dates show a difference as large as the change's; None: too few dates.

    The windows of a placebo date lie wholly before the change, so that its effect is in none. They
    are a quarter of the history long, at most `most` days, and a week apart.
    """
    history = (on - these.first).days
    days = min(most, history // 4, (these.last - on).days + 1)
    if days < SHORTEST_PLACEBO:
        return None
    own = _difference(these, control, on, days)
    dates = [on - back * DAY for back in range(days, history - days + 1, WEEK)]
    found = [one for day in dates if (one := _difference(these, control, day, days)) is not None]
    if own is None or len(found) < FEWEST_PLACEBOS:
        return None
    return Placebo(len(found), sum(abs(one) >= abs(own) for one in found), days, own)


def _difference(these: Series, control: Series | None, on: date, days: int) -> float | None:
    own = these.difference(on, days)
    if own is None or control is None:
        return own
    other = control.difference(on, days)
    return None if other is None else own - other
