"""Corrections for many findings at once."""

from collections.abc import Sequence

from scipy.stats import false_discovery_control


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return the q-value of each p-value, in the order given; nothing for none.

    A q-value is the share of false findings to expect among all findings at least as strong.
    """
    if not p_values:
        return ()
    return tuple(float(q) for q in false_discovery_control(list(p_values), method="bh"))
