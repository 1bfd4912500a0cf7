"""What is told of time: gaps, days to convert, rhythm, and how soon one thing should follow another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tools.analyses.result import Fact
from tools.statistics.intervals import rate


@dataclass(frozen=True, slots=True)
class GapRow:
    """How long one transition takes those who convert, and the others; each person once."""

    source: str
    target: str
    converted: int
    """People who converted in that journey."""
    converted_lower_seconds: float | None
    converted_median_seconds: float | None
    converted_upper_seconds: float | None
    others: int
    others_lower_seconds: float | None
    others_median_seconds: float | None
    others_upper_seconds: float | None
    sooner: float | None
    """Chance that one who converted took less time than one who did not; ties count half."""
    low: float | None
    high: float | None
    q_value: float | None


@dataclass(frozen=True, slots=True)
class WithinRow:
    """Of those still under way some hours after the first thing: had it come by then, or not."""

    hours: int
    persons: int
    """The second thing had come."""
    converted: int
    """Of these, converted afterwards."""
    conversion_rate: float | None
    others: int
    """It had not come."""
    others_converted: int
    others_rate: float | None
    base_rate: float | None
    """Conversion of all others who had not converted by then, never seen again or not."""
    ratio: float | None
    """Conversion of all who had not converted by then, against the others (see `within_rows`)."""
    low: float | None
    high: float | None
    q_value: float | None
    """Corrected over the hours tried; of the chosen hours its own p-value, as it alone is tested."""
    chosen: bool
    """Chosen on the other half of people."""


@dataclass(frozen=True, slots=True)
class NextRow:
    """What people did next after the first thing."""

    kind: Literal["touchpoint", "converted", "ended", "other"]
    name: str
    persons: int
    share: float | None
    converted: int
    conversion_rate: float | None
    lower_seconds: float | None
    median_seconds: float | None
    upper_seconds: float | None


@dataclass(frozen=True, slots=True)
class DayPoint:
    """The share of journeys that convert by some day (Kaplan-Meier, young ones included)."""

    day: int
    share: float
    low: float
    high: float
    later: float | None
    """Of those who have not converted by then, the share that still does within the window."""


@dataclass(frozen=True, slots=True)
class RhythmRow:
    """People still under way on some day, by when they first came back."""

    day: int
    came_back: str
    persons: int
    converted: int
    conversion_rate: float | None
    low: float | None
    high: float | None
    ratio: float | None
    """Against all others under way on that day, within channel."""
    ratio_low: float | None
    ratio_high: float | None
    q_value: float | None


Row = GapRow | WithinRow | NextRow


def gap_facts(rows: Sequence[GapRow]) -> list[Fact]:
    """Return the facts of the transitions."""
    facts = []
    for number, row in enumerate(rows, start=1):
        name, told = f"timing.gap_{number}", f"{row.source} → {row.target}"
        facts += [
            Fact(f"{name}.converted", f"Time from {told}, of those who converted (median)", row.converted_median_seconds, "seconds", low=None, high=None),
            Fact(f"{name}.others", f"Time from {told}, of the others (median)", row.others_median_seconds, "seconds"),
            Fact(f"{name}.converted_persons", f"People who went {told} and converted", row.converted, "persons"),
            Fact(f"{name}.other_persons", f"People who went {told} and did not convert", row.others, "persons"),
            Fact(f"{name}.sooner", f"Chance that one who converted took less time: {told}", row.sooner, "rate", low=row.low, high=row.high),
            Fact(f"{name}.q", f"Chance of a false find (q): {told}", row.q_value, "score"),
        ]  # fmt: skip
    return facts


def within_facts(rows: Sequence[WithinRow], first: str, then: str) -> list[Fact]:
    """Return the facts of each number of hours tried."""
    facts = []
    for row in rows:
        name, told = f"timing.within_{row.hours}h", f"{then} within {row.hours} hours of {first}"
        facts += [
            Fact(f"{name}.hours", f"Hours tried: {row.hours}", row.hours, "count"),
            Fact(f"{name}.seconds", f"Time tried: {row.hours} hours", row.hours * 3600, "seconds"),
            Fact(f"{name}.rate", f"Conversion with {told}", row.conversion_rate, "rate", row.converted, row.persons),
            Fact(f"{name}.others_rate", f"Conversion without {told}", row.others_rate, "rate", row.others_converted, row.others),
            Fact(f"{name}.base_rate", f"Conversion of all others not converted after {row.hours} hours", row.base_rate, "rate"),
            Fact(f"{name}.ratio", f"Conversion with {told}, against without", row.ratio, "ratio", low=row.low, high=row.high),
            Fact(f"{name}.q", f"Chance of a false find (q): {told}", row.q_value, "score"),
        ]  # fmt: skip
    return facts


def next_facts(rows: Sequence[NextRow], first: str, persons: int) -> list[Fact]:
    """Return the facts of what came next."""
    facts = []
    for number, row in enumerate(rows, start=1):
        name, told = f"timing.next_{number}", f"{row.name} next after {first}"
        facts += [
            Fact(f"{name}.share", f"Share: {told}", row.share, "rate", row.persons, persons),
            Fact(f"{name}.median", f"Time to {told} (median)", row.median_seconds, "seconds"),
            Fact(f"{name}.rate", f"Conversion: {told}", row.conversion_rate, "rate", row.converted, row.persons),
        ]  # fmt: skip
    return facts


def day_facts(points: Sequence[DayPoint]) -> list[Fact]:
    """Return the facts of the share converted by day."""
    facts = []
    for point in points:
        name = f"timing.day_{point.day}"
        facts += [
            Fact(f"{name}.day", f"Day {point.day}", point.day * 86400, "seconds"),
            Fact(f"{name}.share", f"Converted by day {point.day}", point.share, "rate", low=point.low, high=point.high),
            Fact(f"{name}.later", f"Not converted by day {point.day}: still converts", point.later, "rate"),
        ]  # fmt: skip
    return facts


def rhythm_facts(rows: Sequence[RhythmRow]) -> list[Fact]:
    """Return the facts of the visit rhythm."""
    facts = []
    for number, row in enumerate(rows, start=1):
        name = f"timing.rhythm_{number}"
        told = f"Came back {row.came_back}, under way on day {row.day}"
        facts += [
            Fact(f"{name}.rate", told, rate(row.converted, row.persons), "rate", row.converted, row.persons, row.low, row.high),
            Fact(f"{name}.ratio", f"{told}: against the others", row.ratio, "ratio", low=row.ratio_low, high=row.ratio_high),
            Fact(f"{name}.q", f"Chance of a false find (q): {told}", row.q_value, "score"),
        ]  # fmt: skip
    return facts
