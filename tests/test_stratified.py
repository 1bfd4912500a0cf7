from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable, Table2x2

from tools.statistics.stratified import TwoByTwo, risk_ratio, risk_ratios

counts = st.tuples(*[st.integers(300, 4000)] * 4)


def table(a: int, b: int, c: int, d: int) -> TwoByTwo:
    """Return a stratum from events and non-events of the exposed, then of the others."""
    return TwoByTwo(a + b, a, c + d, c)


@settings(max_examples=60, deadline=None)
@given(st.lists(counts, min_size=1, max_size=6))
def test_ratio_and_p_are_those_of_statsmodels(tables: list[tuple[int, int, int, int]]) -> None:
    found = risk_ratio([table(*told) for told in tables])
    theirs = StratifiedTable([np.array(told, float).reshape(2, 2) for told in tables])
    assert found.ratio == pytest.approx(theirs.riskratio_pooled)
    assert found.p_value == pytest.approx(theirs.test_null_odds().pvalue, abs=1e-9)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= theirs.riskratio_pooled <= found.high


def test_one_stratum_has_the_interval_of_a_single_table() -> None:
    found = risk_ratio([table(300, 700, 200, 800)])
    theirs = Table2x2(np.array([[300, 700], [200, 800]]))
    assert found.ratio == pytest.approx(1.5)
    assert (found.low, found.high) == pytest.approx(theirs.riskratio_confint(), rel=1e-3)


def test_the_interval_is_greenland_and_robins() -> None:
    strata = [table(120, 880, 80, 920), table(60, 140, 110, 690)]
    found = risk_ratio(strata)
    top = 120 * 1000 / 2000 + 60 * 800 / 1000
    bottom = 80 * 1000 / 2000 + 110 * 200 / 1000
    spread = (1000 * 1000 * 200 - 120 * 80 * 2000) / 2000**2
    spread += (200 * 800 * 170 - 60 * 110 * 1000) / 1000**2
    error = sqrt(spread / (top * bottom))
    assert found.ratio == pytest.approx(top / bottom)
    assert found.low == pytest.approx(exp(log(top / bottom) - 1.959964 * error), rel=1e-2)


def test_a_stratum_with_one_group_says_nothing() -> None:
    whole = [table(30, 70, 20, 80)]
    assert risk_ratio([*whole, TwoByTwo(50, 50, 0, 0), TwoByTwo(0, 0, 50, 1)]) == risk_ratio(whole)
    nothing = risk_ratio([TwoByTwo(50, 50, 0, 0)])
    assert (nothing.ratio, nothing.low, nothing.p_value, nothing.exposed) == (None, None, None, 0)


def test_no_events_and_all_events_have_no_interval_that_misleads() -> None:
    none = risk_ratio([TwoByTwo(50, 0, 50, 0)])
    assert (none.ratio, none.low, none.high) == (None, None, None)
    every = risk_ratio([TwoByTwo(50, 50, 50, 50)])
    assert every.ratio == pytest.approx(1)
    assert (every.low, every.high) == (None, None)
    only = risk_ratio([TwoByTwo(50, 10, 50, 0)])  # infinitely more often: no ratio, but a p-value
    assert only.ratio is None
    assert only.p_value is not None
    assert only.p_value < 0.01


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 25)] * 4), min_size=1, max_size=4))
def test_the_interval_leaves_out_one_only_where_the_test_is_clear(
    tables: list[tuple[int, int, int, int]],
) -> None:
    found = risk_ratio([table(*told) for told in tables])
    if found.ratio is not None and found.low is not None and found.high is not None:
        assert found.low <= found.ratio <= found.high
        if found.low > 1 or found.high < 1:
            assert found.p_value is not None
            assert found.p_value <= 0.05 + 1e-9


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(*[st.integers(0, 60)] * 4), min_size=3, max_size=3),
        min_size=1,
        max_size=4,
    )
)
def test_many_at_once_are_each_as_one(told: list[list[tuple[int, int, int, int]]]) -> None:
    strata = [[table(*one) for one in comparison] for comparison in told]
    names = ("exposed", "exposed_events", "others", "other_events")
    together = risk_ratios(
        *(np.array([[getattr(s, name) for s in one] for one in strata]) for name in names)
    )
    for found, own in zip(together, strata, strict=True):
        alone = risk_ratio(own)
        for name in ("ratio", "low", "high", "p_value"):
            assert getattr(found, name) == pytest.approx(getattr(alone, name)), name
        assert (found.exposed, found.exposed_events) == (alone.exposed, alone.exposed_events)
        assert found.expected == pytest.approx(alone.expected)
