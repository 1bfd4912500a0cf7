"""Time to an event when the calendar ends some observations before it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LifeTable:
    """One group's observations by time: arrays of one length, one place per time, in order."""

    events: Counts
    """Had the event at this time."""
    leaving: Counts
    """Left at this time: by the event, or because it was not observed any longer."""


def log_rank(first: LifeTable, second: LifeTable) -> float | None:
    """Return the p-value of the two-sided log-rank test; None where nothing can be compared.

    Whoever leaves at a time was at risk at that time. Tied times use the hypergeometric variance.

    Args:
        first: One group.
        second: The other, at the same times.

    Source: Mantel 1966; Peto & Peto 1972.
    """
    at_risk = np.cumsum(first.leaving[::-1])[::-1]
    everyone = at_risk + np.cumsum(second.leaving[::-1])[::-1]
    events = first.events + second.events
    counted = (events > 0) & (everyone > 1)
    events, at_risk, everyone = events[counted], at_risk[counted], everyone[counted]
    share = at_risk / everyone
    spread = float(np.sum(events * share * (1 - share) * (everyone - events) / (everyone - 1)))
    if spread <= 0:
        return None
    surplus = float(np.sum(first.events[counted] - events * share))
    return float(chi2.sf(surplus**2 / spread, 1))
