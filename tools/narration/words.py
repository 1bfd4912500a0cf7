"""How numbers and findings are said: one way for the whole product."""

from collections.abc import Sequence
from dataclasses import dataclass

DAY, HOUR, MINUTE = 86400.0, 3600.0, 60.0
LONGEST = 12
"""Touchpoints of a path that a sentence can hold."""


@dataclass(frozen=True, slots=True)
class Narration:
    """A result in plain sentences."""

    answer: str
    """The first sentence: it answers the question."""
    support: tuple[str, ...] = ()
    """What is behind it, with the sizes of the groups; two to four sentences."""
    caveats: tuple[str, ...] = ()
    """What it does not say, when that matters."""
    follow_ups: tuple[str, ...] = ()
    """Two or three questions that the built-in analyst can answer."""

    def text(self) -> str:
        """Return the whole answer as Markdown."""
        body = " ".join(self.support)
        notes = " ".join(self.caveats)
        return "\n\n".join(
            part for part in (f"**{self.answer}**", body, f"*{notes}*" if notes else "") if part
        )


def percent(share: float | None) -> str:
    """Say a rate: '47 %', '4.7 %', '0.05 %'; 'no rate' where it is undefined."""
    if share is None:
        return "no rate"
    value = 100 * share
    if value == 0 or value >= 10 or value == round(value):
        return f"{value:.0f} %" if value < 99.5 or value == 100 else f"{value:.1f} %"
    return f"{value:.1f} %" if value >= 1 else f"{value:.2g} %"


def points(difference: float) -> str:
    """Say a difference of two rates: '3.2 percentage points'."""
    return f"{abs(100 * difference):.1f} percentage points"


def count(number: float, noun: str, nouns: str | None = None) -> str:
    """Say a number of things: '1,240 people', '1 journey'."""
    return f"{number:,.0f} {noun if number == 1 else nouns or noun + 's'}"


def of(part: int, whole: int, nouns: str) -> str:
    """Say a share's base: '1,240 of 8,112 people'."""
    return f"{part:,} of {whole:,} {nouns}"


def times(ratio: float | None) -> str:
    """Say a ratio: '2.5 times', '1.18 times', '0.84 times'."""
    if ratio is None:
        return "an unknown number of times"
    told = f"{ratio:.1f}" if ratio >= 1.95 else f"{ratio:.2f}"
    return f"{told.rstrip('0').rstrip('.') if '.' in told else told} times"


def span(seconds: float | None) -> str:
    """Say a duration in the unit that suits it: '3.2 days', '5 hours', 'less than a minute'."""
    if seconds is None:
        return "an unknown time"
    for size, unit in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if seconds >= size:
            value = f"{seconds / size:.1f}".removesuffix(".0")
            return f"{value} {unit}{'' if value == '1' else 's'}"
    return "less than a minute"


def listed(names: Sequence[str]) -> str:
    """Join names: 'a', 'a and b', 'a, b and c'."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def trail(names: Sequence[str]) -> str:
    """Write a path: 'Home → Pricing → Trial'."""
    return " → ".join(names)


def shortened(path: str) -> str:
    """Leave out the middle of a path too long to read: 'a → b → c → … → y → z'."""
    names = path.split(" → ")
    if len(names) <= LONGEST:
        return path
    return trail((*names[:6], "…", *names[-3:]))
