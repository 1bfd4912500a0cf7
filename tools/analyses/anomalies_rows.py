"""What is told of one thing that is new or odd, and its facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, log
from typing import Literal

from tools.analyses.result import Fact, Unit

Kind = Literal[
    "silent",  # a source that sends nothing
    "doubled",  # a source that sends twice as much as before
    "emerging",  # a way that more people take in the last thirty days
    "new touchpoint",  # never seen before the last thirty days
    "level",  # volume on another level since some day
    "day",  # volume out of line on one day
    "conversion",  # conversion rate on another level
    "exit rate",  # share that ends there on another level
    "unplanned",  # frequent in journeys that convert, missing in the planned funnel
    "unforeseen exit",  # an end of many journeys that the planned funnel does not hold
]
SMALLEST = {"level": 1.25, "day": 1.25, "conversion": 1.15, "exit rate": 1.15, "emerging": 1.3}
"""Changes by a smaller factor are not told, however sure."""
Z = 1.959964
ORDER: dict[Kind, int] = {
    "silent": 0,
    "doubled": 0,
    "emerging": 1,
    "new touchpoint": 1,
    "level": 2,
    "conversion": 2,
    "exit rate": 2,
    "day": 3,
    "unplanned": 4,
    "unforeseen exit": 4,
}
LASTING, PAST = 5, 6
FRESH, FRESH_DAY = 62, 21
"""Days within which a change, or a single day, is recent."""


@dataclass(frozen=True, slots=True)
class AnomalyRow:
    """One thing that is new or odd; q runs over everything that was looked at."""

    kind: Kind
    what: str
    field: str
    """touchpoint, channel, source, path or all."""
    since: str | None
    """First day of it."""
    until: str | None
    """Last day of it; None where it lasts."""
    observed: float | None
    expected: float | None
    unit: Unit
    """events or journeys a day; rate: a share; seconds: how long nothing came."""
    size: float | None
    """observed / expected."""
    low: float | None
    high: float | None
    q_value: float | None
    persons: int | None = None
    """Of those the share is of, how many."""
    of: int | None = None
    repeats: float | None = None
    """Share of the events since then that repeat another exactly (doubled sources)."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing that was looked at: what would be told, and how likely chance alone makes it."""

    row: AnomalyRow
    p_value: float


def ratio_of(
    observed: float, expected: float, z: float
) -> tuple[float | None, float | None, float | None]:
    """Return observed / expected with a test-based interval (Miettinen 1976)."""
    if expected <= 0:
        return None, None, None
    size = observed / expected
    if size <= 0 or not z:
        return size, None, None
    half = Z * abs(log(size) / z)
    return size, size * exp(-half), size * exp(half)


def is_large(row: AnomalyRow) -> bool:
    """Return whether a change is large enough to be told of."""
    least = SMALLEST.get(row.kind)
    if least is None or row.size is None or row.size <= 0:
        return True
    return row.size >= least or row.size <= 1 / least


def importance(row: AnomalyRow, as_of: date) -> tuple[object, ...]:
    """Order what was found: broken data, new paths, recent changes, changes that last, the rest."""
    began = date.fromisoformat(row.since) if row.since else as_of
    over = date.fromisoformat(row.until) if row.until else began
    is_recent = (as_of - over).days <= (FRESH_DAY if row.kind == "day" else FRESH)
    tier = ORDER[row.kind]
    if not is_recent:
        tier = LASTING if row.until is None else PAST
    field = {"all": 0, "source": 0, "channel": 1, "path": 1}.get(row.field, 2)
    distance = -abs(log(row.size)) if row.size else -9.0
    return tier, field, distance, row.q_value or 0.0, row.what


def row_facts(rows: Sequence[AnomalyRow]) -> list[Fact]:
    """Return the facts of what was found."""
    facts = []
    for number, row in enumerate(rows, start=1):
        name, told = f"anomalies.{number}", f"{row.what} ({row.kind})"
        rate = row.unit == "rate" and row.of
        facts += [
            Fact(
                f"{name}.observed", f"Observed: {told}", row.observed, row.unit,
                row.persons if rate else None, row.of if rate else None,
            ),
            Fact(f"{name}.expected", f"Expected: {told}", row.expected, row.unit),
            Fact(f"{name}.size", f"Observed against expected: {told}", row.size, "ratio", low=row.low, high=row.high),
            Fact(f"{name}.q", f"Chance of a false find (q): {told}", row.q_value, "score"),
        ]  # fmt: skip
        for what, value in (("since", row.since), ("until", row.until)):
            if value:
                facts.append(Fact(f"{name}.{what}", f"{what.title()}: {told}", value, "date"))
        if row.repeats is not None:
            facts.append(
                Fact(f"{name}.repeats", f"Share that repeats another: {told}", row.repeats, "rate")
            )
    return facts
