"""Within how many hours: chosen on one half of people, measured on the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from tools.analyses.timing_rows import WithinRow
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.intervals import rate
from tools.statistics.odds import OddsRatio, at_rate, odds_ratio
from tools.statistics.stratified import TwoByTwo

HOURS = (1, 2, 4, 8, 12, 24, 48, 72, 120, 168, 336)
"""Those tried; the query counts in the same classes."""
SEED = 20_011
"""A prime: the half of a person is their id's remainder, odd or even."""
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Within:
    """People alike: in which class the second thing came, in which they were last seen."""

    half: int
    channel: str
    depth: int
    waited: int
    went_on: int
    converted: bool
    persons: int
    place: int = 0
    """Which of the second things it is about."""


@dataclass(frozen=True, slots=True)
class _Effect:
    """One number of hours on one half of people."""

    persons: int
    converted: int
    others: int
    others_converted: int
    base: float | None
    """Of all to whom it had not come and who had not converted, the share that converts later."""
    odds: OddsRatio

    @property
    def p_value(self) -> float:
        """The test's p-value; 1 where nothing can be tested."""
        return 1.0 if self.odds.p_value is None else self.odds.p_value

    def clearness(self) -> tuple[float, float]:
        """Order effects by how clear they are: by p-value, then by standard errors."""
        odds = self.odds
        if not odds.ratio or not odds.low or not odds.high:
            return 0.0, 0.0
        error = log(odds.high / odds.low)
        return 1 - self.p_value, abs(log(odds.ratio)) / error if error else 0.0


def within_rows(counted: Sequence[Within], minimum: int) -> list[WithinRow]:
    """Return every number of hours as the half that did not choose shows it, one of them chosen.

    At so many hours after the first thing, of those whose journey still goes on afterwards: those
    to whom the second thing had come by then, against those to whom it had not, within channel
    and depth. When somebody left for good cannot be seen, so those never seen again are not
    compared; as they are as many among the others' failures as among its own, the odds ratio is
    that of everyone, and it is told as the risk ratio that it makes at the rate of all others who
    had not converted by then. The choice is that with the clearest effect on the other half of
    people. Hours with a group under the minimum in either half are not tried.
    """
    choosing, measuring = (_effects(counted, half) for half in (0, 1))
    tried = [
        place
        for place, pair in enumerate(zip(choosing, measuring, strict=True))
        if all(min(each.persons, each.others) >= minimum for each in pair)
    ]
    best = max(tried, key=lambda place: choosing[place].clearness(), default=None)
    if best is not None and choosing[best].clearness() == (0.0, 0.0):
        best = None
    q_values = benjamini_hochberg([measuring[place].p_value for place in tried])
    corrected = dict(zip(tried, q_values, strict=True))
    if best is not None:
        corrected[best] = measuring[best].p_value
    return [
        _row(HOURS[place], measuring[place], corrected[place], chosen=place == best)
        for place in tried
    ]


def _row(hours: int, effect: _Effect, q_value: float, *, chosen: bool) -> WithinRow:
    return WithinRow(
        hours=hours,
        persons=effect.persons,
        converted=effect.converted,
        conversion_rate=rate(effect.converted, effect.persons),
        others=effect.others,
        others_converted=effect.others_converted,
        others_rate=rate(effect.others_converted, effect.others),
        base_rate=effect.base,
        ratio=at_rate(effect.odds.ratio, effect.base),
        low=at_rate(effect.odds.low, effect.base),
        high=at_rate(effect.odds.high, effect.base),
        q_value=q_value,
        chosen=chosen,
    )


def _effects(counted: Sequence[Within], half: int) -> list[_Effect]:
    """Return one half's effect for each number of hours."""
    kinds = sorted({(row.channel, row.depth) for row in counted})
    strata = {kind: place for place, kind in enumerate(kinds)}
    told = np.zeros((len(HOURS) + 2, len(HOURS) + 1, len(strata), 2), np.int64)
    for row in counted:
        if row.half == half:
            place = strata[row.channel, row.depth]
            told[row.waited, row.went_on, place, int(row.converted)] += row.persons
    return [_effect(told, hours) for hours in range(len(HOURS))]


def _effect(told: Counts, hours: int) -> _Effect:
    under_way = told[:, hours + 1 :].sum(axis=1)
    came, not_come = under_way[: hours + 1].sum(axis=0), under_way[hours + 1 :].sum(axis=0)
    gone = int(told[hours + 1 :, : hours + 1, :, 0].sum())
    others, won = int(not_come.sum()), int(not_come[:, 1].sum())
    odds = odds_ratio(
        TwoByTwo(int(own.sum()), int(own[1]), int(other.sum()), int(other[1]))
        for own, other in zip(came, not_come, strict=True)
    )
    return _Effect(
        int(came.sum()), int(came[:, 1].sum()), others, won, rate(won, others + gone), odds
    )
