from math import isqrt

import numpy as np
import pytest
from statsmodels.stats.proportion import power_proportions_2indep

from tools.statistics.effects import error_of, shrink_effects
from tools.statistics.power import people_per_group
from tools.statistics.shrinkage import shrink


def test_effects_that_chance_alone_would_show_are_drawn_to_nothing() -> None:
    random = np.random.default_rng(1)
    shrunk = shrink_effects(list(random.normal(0, 0.2, 200)), [0.2] * 200)
    assert max(abs(each.effect) for each in shrunk) < 0.15


def test_effects_far_beyond_chance_are_kept() -> None:
    shrunk = shrink_effects([0.7, -0.6, 0.5], [0.05] * 3)
    assert [each.effect for each in shrunk] == pytest.approx([0.7, -0.6, 0.5], rel=0.02)


def test_intervals_of_the_largest_cover_the_truth_although_it_was_chosen() -> None:
    random = np.random.default_rng(7)
    covered = 0
    for _ in range(300):
        truths = random.normal(0, 0.3, 40)
        told = truths + random.normal(0, 0.2, 40)
        best = int(np.argmax(told))
        found = shrink_effects(list(told), [0.2] * 40)[best]
        covered += found.low <= truths[best] <= found.high
    assert covered >= 270  # 95 % expected; unshrunk intervals cover the best in about 80 %


def test_nothing_is_shrunk_to_nothing() -> None:
    assert shrink_effects([], []) == ()


def test_an_interval_gives_back_its_error() -> None:
    assert error_of(-1.959964, 1.959964) == pytest.approx(1)


def test_a_test_of_that_size_has_the_power() -> None:
    size = people_per_group(0.10, 0.12)
    assert size is not None
    told = power_proportions_2indep(0.02, 0.10, size)
    assert told.power == pytest.approx(0.8, abs=0.01)
    assert isqrt(size) == 61  # Fleiss: 3,841 people in each group
    assert people_per_group(0.1, 0.1) is None
    assert people_per_group(0.0, 0.1) is None


def test_rates_of_none_and_all_lie_within_their_shrunk_intervals() -> None:
    for won in (0, 50):
        for each in shrink([won] * 8, [50] * 8):
            assert each.low <= each.rate <= each.high
