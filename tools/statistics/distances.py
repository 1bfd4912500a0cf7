"""How far apart two mixes are, and whether chance alone would put them there."""

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import jensenshannon
from scipy.stats import random_table

SEED = 20_260_101
DRAWS = 499
Matrix = npt.NDArray[np.int64]
Vector = npt.NDArray[np.float64]


def distances_from_rest(table: Matrix, rows: int) -> Vector:
    """Return the Jensen-Shannon distance (base 2, 0 to 1) of each row's mix from all others'.

    Args:
        table: Counts, groups by categories; a leading axis of draws is kept.
        rows: How many of the first groups to measure; the others count as rest only.

    Source: Endres & Schindelin 2003.
    """
    groups = table[..., :rows, :]
    rest = table.sum(axis=-2, keepdims=True) - groups
    return np.asarray(jensenshannon(groups, rest, base=2, axis=-1), np.float64)


def mix_test(table: Matrix, rows: int) -> tuple[tuple[float, float], ...]:
    """Return each group's distance from the rest with its permutation p-value.

    Journeys are dealt to the groups anew, the groups' and the categories' sizes kept, which is
    the same as drawing random tables with the margins given; seeded, so the p repeats.

    Args:
        table: Counts, groups by categories; every group and category has at least one.
        rows: How many of the first groups to measure.

    Source: Phipson & Smyth 2010, for the p-value's added one.
    """
    found = distances_from_rest(table, rows)
    deal = random_table(table.sum(axis=1), table.sum(axis=0))
    draws = deal.rvs(size=DRAWS, random_state=np.random.default_rng(SEED))
    chance = distances_from_rest(np.asarray(draws, np.int64), rows)
    reached = np.sum(chance >= found - 1e-12, axis=0)
    p_values = (reached + 1) / (DRAWS + 1)
    return tuple((float(d), float(p)) for d, p in zip(found, p_values, strict=True))
