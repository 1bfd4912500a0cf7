"""When people come: growth over the year, season, weekday, hour of the day."""

import numpy as np
from numpy.typing import NDArray

from tools.sample.vocabulary import DAY, MINUTE, SECOND, YEAR_END, YEAR_START

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

HOURS = np.array(
    [3, 2, 1, 1, 1, 2, 5, 14, 34, 52, 58, 54, 40, 46, 56, 54, 46, 34, 22, 18, 18, 16, 11, 6], float
)
HOURS_CUMULATED = np.cumsum(HOURS) / HOURS.sum()
WEEKDAYS = np.array([1.05, 1.15, 1.12, 1.08, 0.9, 0.34, 0.36])
GROWTH = 0.6
"""How much more people come on the year's last day than on its first."""
SATURDAY = 5
EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday."""


def weekday(ms: Ints) -> Ints:
    """Return the day of the week of each time, Monday 0."""
    days: Ints = np.mod(ms // DAY + EPOCH_WEEKDAY, 7)
    return days


def time_of_day(rng: np.random.Generator, count: int) -> Ints:
    """Draw `count` local times of day in milliseconds, most in office hours."""
    hour = np.searchsorted(HOURS_CUMULATED, rng.random(count)).astype(np.int64)
    time: Ints = hour * 60 * MINUTE + rng.integers(0, 60 * MINUTE, count)
    return time


def arrivals(rng: np.random.Generator, offset: Ints) -> Ints:
    """Draw one first visit per person (ms, UTC) over the year; `offset` is local minus UTC, ms."""
    days = np.arange(YEAR_START, YEAR_END, DAY)
    place = np.linspace(0, 1, days.size)
    season = 1 + 0.10 * np.cos(2 * np.pi * (place - 0.06)) + 0.04 * np.cos(4 * np.pi * place)
    quiet = (days >= YEAR_START + 111 * DAY) & (days < YEAR_START + 124 * DAY)
    weight = (1 + GROWTH * place) * season * WEEKDAYS[weekday(days)] * np.where(quiet, 0.45, 1.0)
    day = np.searchsorted(np.cumsum(weight) / weight.sum(), rng.random(offset.size))
    when = days[day] + time_of_day(rng, offset.size) - offset
    whole: Ints = when // SECOND * SECOND
    return whole.clip(YEAR_START, YEAR_END - SECOND)


def next_visit(rng: np.random.Generator, now: Ints, offset: Ints, mean_days: Floats) -> Ints:
    """Draw the next visit on a later local day; most of those due at a weekend wait for Monday."""
    ahead = 1 + np.floor(rng.exponential(mean_days)).astype(np.int64)
    day = (now + offset) // DAY * DAY + ahead * DAY
    at_weekend = weekday(day) - SATURDAY
    waits = (at_weekend >= 0) & (rng.random(now.size) < 0.65)
    day += np.where(waits, (2 - at_weekend) * DAY, 0)
    return day + time_of_day(rng, now.size) - offset


def within_visit(rng: np.random.Generator, count: int, median_seconds: Floats) -> Ints:
    """Draw gaps inside a visit in milliseconds, 5 seconds to 25 minutes."""
    seconds = median_seconds * np.exp(rng.normal(0, 0.9, count))
    return (np.clip(seconds, 5, 1500) * SECOND).astype(np.int64)
