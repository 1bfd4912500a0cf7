"""How good probabilities are: do they rank, are they right on average, and how far they lift."""

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
import numpy.typing as npt
from scipy.stats import norm, rankdata

from tools.statistics.intervals import wilson

Z = float(norm.isf(0.025))
Vector = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Those whose probabilities are neighbours: what was expected of them, and what came."""

    people: int
    lowest: float
    highest: float
    expected: float
    """Mean probability."""
    converted: int


def auc(outcomes: Flags, scores: Vector) -> Estimate | None:
    """Return the chance that one with the event scores above one without; ties count half.

    None where everyone, or nobody, had the event. Where the ranking is perfect the variance is 0
    and the bounds are those of a rate of 0 or 1 among as many as the smaller side has.

    Source: DeLong, DeLong and Clarke-Pearson 1988, by ranks as in Sun and Xu 2014.
    """
    positive, negative = scores[outcomes], scores[~outcomes]
    if not len(positive) or not len(negative):
        return None
    ranks = np.asarray(rankdata(np.concatenate([positive, negative])))
    above = (ranks[: len(positive)] - rankdata(positive)) / len(negative)
    below = 1 - (ranks[len(positive) :] - rankdata(negative)) / len(positive)
    value = float(above.mean())
    error = sqrt(_mean_variance(above) + _mean_variance(below))
    if value in {0.0, 1.0}:
        fewest = min(len(positive), len(negative))
        low, high = wilson(round(value * fewest), fewest)
        return Estimate(value, low or 0.0, 1.0 if high is None else high)
    return Estimate(value, max(0.0, value - Z * error), min(1.0, value + Z * error))


def _mean_variance(values: Vector) -> float:
    """Return the variance of a mean; a single value is taken to vary as much as a share can."""
    return float(np.var(values, ddof=1)) / len(values) if len(values) > 1 else 0.25


def brier(outcomes: Flags, probabilities: Vector) -> float:
    """Return the mean squared distance of probabilities from what came.

    Source: Brier 1950.
    """
    return float(np.mean((probabilities - outcomes) ** 2))


def calibration(
    outcomes: Flags, probabilities: Vector, bins: int = 10
) -> tuple[CalibrationBin, ...]:
    """Return bins of equally many by probability; equal probabilities stay in one bin."""
    edges = np.unique(np.quantile(probabilities, np.linspace(0, 1, bins + 1)[1:-1]))
    place = np.searchsorted(edges, probabilities, side="left")
    told = []
    for number in np.unique(place):
        inside = place == number
        chances = probabilities[inside]
        told.append(
            CalibrationBin(
                int(inside.sum()),
                float(chances.min()),
                float(chances.max()),
                float(chances.mean()),
                int(outcomes[inside].sum()),
            )
        )
    return tuple(told)


def lift(top_events: int, top: int, events: int, everyone: int) -> Estimate | None:
    """Return a part's rate over everyone's, the part among them; None where nobody had the event.

    The interval is on the log scale by the delta method, with the part's and the rest's events
    independent; without an event in the part it reaches up to the bound of its rate.
    """
    if not top or not events:
        return None
    base = events / everyone
    if not top_events:
        return Estimate(0.0, 0.0, (wilson(0, top)[1] or 0.0) / base)
    rest, others = events - top_events, everyone - top
    share = top_events / top
    spread = (rest / (top_events * events)) ** 2 * top * share * (1 - share)
    if others:
        spread += others * (rest / others) * (1 - rest / others) / events**2
    half = Z * sqrt(spread)
    value = share / base
    return Estimate(value, exp(log(value) - half), exp(log(value) + half))
