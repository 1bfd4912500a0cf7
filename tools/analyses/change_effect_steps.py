"""Which steps hold people better or worse since a change."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.intervals import newcombe
from tools.statistics.proportions import two_shares_p
from tools.statistics.stratified import TwoByTwo, risk_ratio

MOST = 20
"""Most steps listed."""


@dataclass(frozen=True, slots=True)
class CountedStep:
    """One row of the query."""

    label: str
    side: str
    people: int
    left_here: int


@dataclass(frozen=True, slots=True)
class StepChange:
    """One touchpoint: how many left right after their first visit, before and after the change."""

    touchpoint: str
    before_people: int
    before_left: int
    before_rate: float
    after_people: int
    after_left: int
    after_rate: float
    difference: float
    """After less before: below 0, fewer leave."""
    low: float | None
    high: float | None
    ratio: float | None
    """after_rate / before_rate; None where nobody left before."""
    ratio_low: float | None
    ratio_high: float | None
    p: float
    q_value: float
    """Corrected over all touchpoints that enough people reached on both sides."""


def step_changes(rows: Sequence[CountedStep], minimum: int) -> tuple[tuple[StepChange, ...], int]:
    """Return the touchpoints, the most certain change first, and how many were compared."""
    told: dict[str, dict[str, CountedStep]] = {}
    for row in rows:
        told.setdefault(row.label, {})[row.side] = row
    both = [
        (sides["before"], sides["after"])
        for sides in told.values()
        if len(sides) == 2 and min(row.people for row in sides.values()) >= minimum
    ]
    if not both:
        return (), 0
    table = np.array([[a.left_here, a.people, b.left_here, b.people] for b, a in both])
    p_values = two_shares_p(*table.T)
    q_values = benjamini_hochberg(p_values.tolist())
    order = sorted(range(len(both)), key=lambda i: (p_values[i], both[i][0].label))[:MOST]
    return tuple(_change(*both[i], float(p_values[i]), q_values[i]) for i in order), len(both)


def _change(before: CountedStep, after: CountedStep, p: float, q: float) -> StepChange:
    low, high = newcombe(after.left_here, after.people, before.left_here, before.people)
    ratio = risk_ratio([TwoByTwo(after.people, after.left_here, before.people, before.left_here)])
    before_rate, after_rate = before.left_here / before.people, after.left_here / after.people
    return StepChange(
        touchpoint=before.label,
        before_people=before.people,
        before_left=before.left_here,
        before_rate=before_rate,
        after_people=after.people,
        after_left=after.left_here,
        after_rate=after_rate,
        difference=after_rate - before_rate,
        low=low,
        high=high,
        ratio=ratio.ratio,
        ratio_low=ratio.low,
        ratio_high=ratio.high,
        p=p,
        q_value=q,
    )
