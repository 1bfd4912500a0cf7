"""A question as it was read: its names and their roles, its period, its counts."""

import re
from dataclasses import dataclass, field
from typing import Literal

from assistant.analyst.periods import Period

Role = Literal["plain", "seen", "not seen"]


@dataclass(frozen=True, slots=True)
class Touch:
    """One touchpoint of the question: a label, or several joined by ` | `."""

    label: str
    role: Role
    start: int
    end: int
    before: str
    """The words before it, from the name before it on, in small letters."""
    is_end: bool = False
    """Whether it ends the journey."""
    times: int = 1
    """How often at least."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One segment of the question."""

    field: str
    values: tuple[str, ...]
    negated: bool = False

    def text(self) -> str:
        """Return it as the scope reads it."""
        values = (f'"{v}"' if re.search(r"[|,']", v) else v for v in self.values)
        return f"{self.field} {'!=' if self.negated else '='} {' | '.join(values)}"


@dataclass(frozen=True, slots=True)
class Unclear:
    """A name that may mean several things."""

    text: str
    start: int
    end: int
    labels: tuple[str, ...]
    """What it may mean, each as a text that reads as just that."""


@dataclass(slots=True)
class Reading:
    """Everything that was understood of a question."""

    text: str
    """The question, plain."""
    masked: str = ""
    """Its names as slots, its other words spelt right, for routing."""
    touches: list[Touch] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    compared: tuple[str, tuple[str, ...]] | None = None
    fields: list[str] = field(default_factory=list)
    journey: str | None = None
    period: Period | None = None
    periods: tuple[Period, ...] = ()
    """All that were named, the first of them included."""
    rival: Period | None = None
    """The earlier period, where two are set against each other."""
    one_before: bool = False
    """Whether "the month before" or the like was named."""
    change: str | None = None
    """The recorded change that was named."""
    told: dict[str, int | str] = field(default_factory=dict)
    outcome: Literal["converted", "dropped"] | None = None
    campaigns: list[tuple[int, int]] = field(default_factory=list)
    """Where values of several words stand: their words are names, whatever they say."""
    unclear: list[Unclear] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Words that name something which the data do not hold."""
    covered: float = 1.0
    """Share of the words that say something which could be read, 0 to 1."""
    notes: list[str] = field(default_factory=list)

    def plain(self) -> list[Touch]:
        """Return the touchpoints that the question is about, not those that filter people."""
        return [touch for touch in self.touches if touch.role == "plain"]
