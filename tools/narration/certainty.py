"""How sure a finding is, on one scale for the whole product, and how that is said."""

from typing import Literal

Certainty = Literal["clear", "likely", "a hint", "no difference shown", "too few to tell"]
CLEAR, LIKELY, HINT = 0.01, 0.05, 0.20
"""q-values under which a finding is told as clear, as likely, as a hint."""


def certainty(
    low: float | None, high: float | None, q_value: float | None, *, none: float = 0.0
) -> Certainty:
    """Return how sure a difference is, from its 95 % interval and its q-value.

    The interval has to leave out the value that means no difference as well: a small q beside an
    interval that holds it is a hint at most.

    Args:
        low: Lower bound of the 95 % interval; None where nothing could be compared.
        high: Upper bound.
        q_value: Corrected over all findings that were looked at; None where not tested.
        none: The value that means no difference: 0 for a difference, 1 for a ratio.
    """
    if low is None or high is None or q_value is None:
        return "too few to tell"
    apart = low > none or high < none
    if apart and q_value < CLEAR:
        return "clear"
    if apart and q_value < LIKELY:
        return "likely"
    return "a hint" if q_value < HINT else "no difference shown"


def is_finding(told: Certainty) -> bool:
    """Return whether a sentence may state it as found."""
    return told in {"clear", "likely"}


SAID: dict[Certainty, str] = {
    "clear": "This is clear: chance alone would hardly show it.",
    "likely": "This is likely, not certain.",
    "a hint": "This is a hint only: chance could show as much.",
    "no difference shown": "The data show no difference that chance could not make.",
    "too few to tell": "There are too few to tell.",
}


def how_sure(told: Certainty) -> str:
    """Return the scale's sentence: the same words wherever a finding is told."""
    return SAID[told]
