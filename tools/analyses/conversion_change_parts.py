"""A change in a rate, taken apart: how much comes from the mix of groups, how much from within them.

Kitagawa 1955: with shares s and rates r of the groups in two periods, and R the mean of the two
rates of all together, a group's part by mix is (s1 - s0) * ((r0 + r1) / 2 - R), and its part by
rate (s0 + s1) / 2 * (r1 - r0). They add up to the whole difference. A group that one period lacks
has no rate there; it is taken to have had the other period's, so that its coming or going is mix.

Variances are a jackknife over people: each is left out in turn, with all journeys, so that
several journeys of one person do not count as independent (Efron and Stein 1981). For the variance
alone each group gets half a person who converted and half a person who did not, as Agresti and
Caffo 2000 do, so that a group without conversions is not taken for certain.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from tools.statistics.corrections import benjamini_hochberg

Z = float(norm.isf(0.025))
HALF = 0.5
GroupKind = Literal["value", "other", "unknown"]
Table = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Pattern:
    """People of one period and group who have equally many journeys and conversions."""

    period: int
    """0 is the earlier, 1 the later."""
    group: int
    journeys: int
    conversions: int
    persons: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """One part of the difference; no interval where nothing could be compared."""

    value: float
    low: float | None = None
    high: float | None = None
    p: float | None = None
    q: float | None = None
    """Corrected over all parts of all groups."""


@dataclass(frozen=True, slots=True)
class Decomposition:
    """The whole difference and its parts; each group's parts stand at the group's place."""

    total: Estimate
    mix: Estimate
    rate: Estimate
    mix_parts: tuple[Estimate, ...]
    rate_parts: tuple[Estimate, ...]


def kitagawa(n0: Table, c0: Table, n1: Table, c1: Table) -> tuple[Table, Table]:
    """Return each group's part by mix and by rate; groups are on the last axis.

    Args:
        n0: Journeys in the earlier period; any kind of number, fractions as well.
        c0: Of these, conversions.
        n1: Journeys in the later period.
        c1: Of these, conversions.
    """
    rates = []
    for n, c in ((n0, c0), (n1, c1)):
        rates.append(c / np.where(n == 0, 1, n))
    r0, r1 = np.where(n0 == 0, rates[1], rates[0]), np.where(n1 == 0, rates[0], rates[1])
    all0, all1 = n0.sum(axis=-1, keepdims=True), n1.sum(axis=-1, keepdims=True)
    s0, s1 = n0 / all0, n1 / all1
    centre = (c0.sum(axis=-1, keepdims=True) / all0 + c1.sum(axis=-1, keepdims=True) / all1) / 2
    return (s1 - s0) * ((r0 + r1) / 2 - centre), (s0 + s1) / 2 * (r1 - r0)


def decompose(
    patterns: Sequence[Pattern], kinds: Sequence[GroupKind], minimum: int
) -> Decomposition:
    """Take the difference of two periods' rates apart, with an interval for each part.

    Args:
        patterns: The people of both periods; each period has at least one journey.
        kinds: What each group is; only a "value" is tested, as "unknown" is no group of its own.
        minimum: A group smaller than this in both periods is not tested; its rate is not where
            it is smaller in one.
    """
    tables = _tables(patterns, len(kinds))
    mix, rate = kitagawa(*tables)
    mix_variance, rate_variance, sums = _variances(patterns, len(kinds))
    n0, n1 = tables[0], tables[2]
    is_value = np.array([kind == "value" for kind in kinds], bool)
    mix_told = is_value & (np.maximum(n0, n1) >= minimum) & (np.count_nonzero(n0 + n1) > 1)
    rate_told = is_value & (np.minimum(n0, n1) >= minimum)
    parts = [
        _estimate(float(value), float(variance)) if told else Estimate(float(value))
        for values, variances, tolds in (
            (mix, mix_variance, mix_told),
            (rate, rate_variance, rate_told),
        )
        for value, variance, told in zip(values, variances, tolds, strict=True)
    ]
    told_parts = _corrected(parts)
    return Decomposition(
        total=_possible(_estimate(float(mix.sum() + rate.sum()), sums[0])),
        mix=_estimate(float(mix.sum()), sums[1]),
        rate=_estimate(float(rate.sum()), sums[2]),
        mix_parts=told_parts[: len(kinds)],
        rate_parts=told_parts[len(kinds) :],
    )


def _possible(found: Estimate) -> Estimate:
    """Keep a difference of two rates between -1 and 1."""
    if found.low is None or found.high is None:
        return found
    return replace(found, low=max(found.low, -1.0), high=min(found.high, 1.0))


def _tables(patterns: Sequence[Pattern], groups: int) -> tuple[Table, Table, Table, Table]:
    tables = np.zeros((4, groups))
    for p in patterns:
        tables[2 * p.period, p.group] += p.journeys * p.persons
        tables[2 * p.period + 1, p.group] += p.conversions * p.persons
    return tables[0], tables[1], tables[2], tables[3]


def _variances(
    patterns: Sequence[Pattern], groups: int
) -> tuple[Table, Table, tuple[float, float, float]]:
    """Return the jackknife variances of the mix parts, of the rate parts, and of their sums."""
    there = {(p.period, p.group) for p in patterns if p.journeys}
    told = [p for p in patterns if p.journeys and p.persons]
    told += [Pattern(*cell, 1, won, HALF) for cell in sorted(there) for won in (0, 1)]
    whole = np.array(_tables(told, groups))
    left_out = np.repeat(whole[:, None, :], len(told), axis=1)
    for place, p in enumerate(told):
        weight = min(1.0, p.persons)
        left_out[2 * p.period, place, p.group] -= weight * p.journeys
        left_out[2 * p.period + 1, place, p.group] -= weight * p.conversions
    left_out = np.maximum(left_out, 0.0)
    mix, rate = kitagawa(*whole)
    mix_moved, rate_moved = (a - b for a, b in zip(kitagawa(*left_out), (mix, rate), strict=True))
    persons = np.array([p.persons / min(1.0, p.persons) ** 2 for p in told])
    sums = (mix_moved + rate_moved, mix_moved, rate_moved)
    of_sums = [float(persons @ part.sum(axis=1) ** 2) for part in sums]
    return persons @ mix_moved**2, persons @ rate_moved**2, (of_sums[0], of_sums[1], of_sums[2])


def _estimate(value: float, variance: float) -> Estimate:
    if not variance > 0:
        return Estimate(value)
    error = float(np.sqrt(variance))
    p = float(2 * norm.sf(abs(value) / error))
    return Estimate(value, value - Z * error, value + Z * error, p)


def _corrected(parts: Sequence[Estimate]) -> tuple[Estimate, ...]:
    q_values = iter(benjamini_hochberg([part.p for part in parts if part.p is not None]))
    return tuple(
        part
        if part.p is None
        else Estimate(part.value, part.low, part.high, part.p, next(q_values))
        for part in parts
    )
