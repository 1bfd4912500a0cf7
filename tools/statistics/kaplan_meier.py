"""How many have had an event by a time, when some could be watched for part of it only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

Z = float(norm.isf(0.025))


@dataclass(frozen=True, slots=True)
class Curve:
    """The share that has had the event by each time; arrays of one length, in order of time."""

    share: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]


def share_by(events: npt.ArrayLike, censored: npt.ArrayLike) -> Curve:
    """Return the Kaplan-Meier share with the event by each time, with its log-log interval.

    Args:
        events: Had the event at this time.
        censored: Were watched up to the end of this time, and not beyond it.

    Source: Kaplan and Meier 1958; Greenwood 1926; Kalbfleisch and Prentice 1980 (log-log).
    """
    had, left = np.asarray(events, np.float64), np.asarray(censored, np.float64)
    at_risk = (had + left)[::-1].cumsum()[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        stay = np.where(at_risk > 0, 1 - had / at_risk, 1.0)
        terms = np.where(at_risk > had, had / (at_risk * (at_risk - had)), 0.0)
        survival = stay.cumprod()
        error = np.sqrt(terms.cumsum()) / np.abs(np.log(survival))
        inside = (survival > 0) & (survival < 1)
        low = np.where(inside, 1 - survival ** np.exp(-Z * error), 1 - survival)
        high = np.where(inside, 1 - survival ** np.exp(Z * error), 1 - survival)
    return Curve(1 - survival, low, high)


def at(curve: Curve, times: Sequence[int], time: int) -> tuple[float, float, float] | None:
    """Return share, low and high by a time; None where the curve begins later."""
    place = int(np.searchsorted(np.asarray(times), time, side="right")) - 1
    if place < 0:
        return None
    return float(curve.share[place]), float(curve.low[place]), float(curve.high[place])
