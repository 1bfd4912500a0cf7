"""Before and after a change: how many converted, the difference, and how the mix of people moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from scipy.stats import norm

from tools.analyses.conversion_change_parts import Estimate, GroupKind, Pattern, decompose
from tools.statistics.distances import mix_test
from tools.statistics.intervals import newcombe
from tools.statistics.power import people_per_group
from tools.statistics.proportions import two_shares_p

SIDES = ("before", "after")
NOTABLE = 0.2
"""Where nothing was expected: the change, as a share of conversion, that a test should show."""
LONGEST = 366
"""A test that takes more days than this is not worth waiting for."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One row of the query."""

    kind: str
    side: str
    channel: str | None
    path_id: int | None
    people: int
    converted: int


@dataclass(frozen=True, slots=True)
class Side:
    """People, each with their first journey of one side, and those of them who converted."""

    people: int
    converted: int


def side(counted: Sequence[Counted], name: str) -> Side:
    """Return the people of one side."""
    rows = [row for row in counted if row.kind == "channel" and row.side == name]
    return Side(sum(row.people for row in rows), sum(row.converted for row in rows))


def difference(after: Side, before: Side) -> Estimate:
    """Return conversion after less conversion before: Newcombe's interval, the score test's p."""
    told = (after.converted, after.people, before.converted, before.people)
    low, high = newcombe(*told)
    value = after.converted / after.people - before.converted / before.people
    return Estimate(value, low, high, float(two_shares_p(*told)))


def beyond_control(
    these: tuple[Side, Side], control: tuple[Side, Side]
) -> tuple[Estimate, Estimate]:
    """Return the difference in differences, and the control's own difference.

    Args:
        these: The people concerned, before and after.
        control: The others, before and after.

    Source: Zou and Donner 2008 for the interval, from Newcombe's intervals of both differences.
    """
    own, other = difference(these[1], these[0]), difference(control[1], control[0])
    value = own.value - other.value
    error = sqrt(sum(_variance(one) for one in (*these, *control)))
    p_value = float(2 * norm.sf(abs(value) / error))
    if own.low is None or own.high is None or other.low is None or other.high is None:
        return Estimate(value, None, None, p_value), other
    low = value - sqrt((own.value - own.low) ** 2 + (other.high - other.value) ** 2)
    high = value + sqrt((own.high - own.value) ** 2 + (other.value - other.low) ** 2)
    return Estimate(value, low, high, p_value), other


def _variance(one: Side) -> float:
    share = (one.converted + 0.5) / (one.people + 1)
    return share * (1 - share) / one.people


def mix_of_channels(counted: Sequence[Counted], minimum: int) -> Estimate | None:
    """Return the part of the difference that comes from another mix of channels."""
    rows = [row for row in counted if row.kind == "channel" and row.side in SIDES]
    sizes: dict[str | None, int] = {}
    for row in rows:
        sizes[row.channel] = max(sizes.get(row.channel, 0), row.people)
    places: dict[str, int] = {}
    kinds: list[GroupKind] = []
    patterns = []
    for row in rows:
        kind: GroupKind = (
            "unknown" if row.channel is None
            else "value" if sizes[row.channel] >= minimum
            else "other"
        )  # fmt: skip
        key = f"{kind}: {row.channel if kind == 'value' else ''}"
        if key not in places:
            places[key] = len(places)
            kinds.append(kind)
        group, period = places[key], SIDES.index(row.side)
        patterns.append(Pattern(period, group, 1, 1, row.converted))
        patterns.append(Pattern(period, group, 1, 0, row.people - row.converted))
    return decompose(patterns, kinds, minimum).mix if len(kinds) > 1 else None


def path_distance(counted: Sequence[Counted]) -> tuple[float, float] | None:
    """Return how far apart the paths of both sides are, with the permutation p-value."""
    rows = [row for row in counted if row.kind == "path"]
    columns = {path: n for n, path in enumerate(dict.fromkeys(row.path_id for row in rows))}
    if len(columns) < 2:
        return None
    table = np.zeros((2, len(columns)), np.int64)
    for row in rows:
        table[SIDES.index(row.side), columns[row.path_id]] += row.people
    return mix_test(table, 1)[0]


def days_needed(before: Side, effect: float | None, people_a_day: float) -> int | None:
    """Return after how many days an effect would show at 80 % power; None: not within a year.

    Args:
        before: Whose conversion the effect is added to.
        effect: Expected, in conversion; None: a fifth of conversion.
        people_a_day: How many begin a day.
    """
    if not before.converted or not people_a_day:
        return None
    share = before.converted / before.people
    needed = people_per_group(share, share + (NOTABLE * share if effect is None else effect))
    days = None if needed is None else ceil(needed / people_a_day)
    return days if days is not None and days <= LONGEST else None


def smallest_visible(before: Side, after: Side) -> float | None:
    """Return the smallest rise of conversion that so many people would show at 80 % power."""
    people = min(before.people, after.people)
    if not 0 < before.converted < before.people:
        return None
    share = before.converted / before.people
    low, high = 0.0, (1 - share) * 0.999
    if (most := people_per_group(share, share + high)) is None or most > people:
        return None
    for _ in range(30):
        middle = (low + high) / 2
        needed = people_per_group(share, share + middle)
        low, high = (middle, high) if needed is None or needed > people else (low, middle)
    return high
