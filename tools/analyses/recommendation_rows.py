"""One recommendation: what to do, for whom, what it may bring, on what evidence, and how to test it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil
from typing import Literal

from tools.analyses.result import Fact
from tools.journeys.changes import Change, Expected
from tools.statistics.power import people_per_group

Kind = Literal["content", "outreach", "friction", "channel"]
UPTAKE = 0.2
"""Of those reached, the share taken to do what is hoped for."""
REMOVED, UNEXPLAINED = 0.5, 0.2
"""Of the leaving beyond expectation, the share taken to be mendable: where it is known who leaves,
and where it is not."""
SHIFTED = 0.1
"""Of a channel's spend, the share to be moved."""
DAYS = 30


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    """One thing to do; numbers are for 30 days."""

    title: str
    """Also the change's name once it is adopted."""
    kind: Kind
    what: str
    """What to do, as a sentence without its end."""
    why: str
    """The evidence in a few words."""
    lever: str
    """What is to be changed: of one kind and lever only the best is told."""
    touchpoint: str | None
    audience: tuple[str, ...]
    """Filters of those it is for, as they are written; none: everyone."""
    reach: float
    """People whom it concerns in 30 days; for a channel: its journeys."""
    extra_conversions: float
    """More conversions in 30 days, on the assumption in `assumed`."""
    low: float
    high: float
    assumed: float
    """The share that the gain assumes: of those reached, of the leaving, or of the spend."""
    ratio: float | None
    """The shrunk effect that the gain rests on."""
    q_value: float | None
    base_rate: float | None
    """Of those reached, the share that does what is counted now."""
    expected_rate: float | None
    people_per_group: int | None
    """For a test with 80 % power at 5 %."""
    test_days: int | None
    """Until both groups are full and their window has passed."""
    evidence: tuple[str, ...]
    """Ids of the facts that it rests on."""


def with_test(row: RecommendationRow, window_days: float) -> RecommendationRow:
    """Add how large and how long a test of it would be."""
    if row.base_rate is None or row.expected_rate is None or row.reach <= 0:
        return row
    size = people_per_group(row.base_rate, row.expected_rate)
    if size is None:
        return row
    days = ceil(2 * size / (row.reach / DAYS) + window_days)
    return replace(row, people_per_group=size, test_days=days)


def best(rows: Iterable[RecommendationRow], top: int) -> list[RecommendationRow]:
    """Return the rows that bring most; of one kind and lever only the best."""
    kept: dict[tuple[str, str], RecommendationRow] = {}
    for row in sorted(rows, key=lambda row: (-row.extra_conversions, row.title)):
        if row.low > 0:
            kept.setdefault((row.kind, row.lever), row)
    return list(kept.values())[:top]


def facts_of(
    rows: Sequence[RecommendationRow], evidence: dict[str, Fact], looked_at: int
) -> tuple[Fact, ...]:
    """Return the facts of the recommendations, with copies of those that they rest on."""
    facts = [
        Fact("recommendations.looked_at", "Possibilities weighed", looked_at, "count"),
        Fact("recommendations.days", "Time that gains are for", DAYS * 86400, "seconds"),
        Fact("recommendations.power", "Power of the tests", 0.8, "rate"),
    ]
    for number, row in enumerate(rows, start=1):
        name, told = f"recommendations.{number}", row.title
        facts += [
            Fact(
                f"{name}.extra", f"Extra conversions in {DAYS} days: {told}", row.extra_conversions,
                "count", low=row.low, high=row.high,
            ),
            Fact(f"{name}.reach", f"Concerned in {DAYS} days: {told}", row.reach, "persons"),
            Fact(f"{name}.assumed", f"Share assumed: {told}", row.assumed, "rate"),
            Fact(f"{name}.ratio", f"Effect after shrinkage: {told}", row.ratio, "ratio"),
            Fact(f"{name}.q", f"Chance of a false find (q): {told}", row.q_value, "score"),
            Fact(f"{name}.base_rate", f"Rate now: {told}", row.base_rate, "rate"),
            Fact(f"{name}.expected_rate", f"Rate hoped for: {told}", row.expected_rate, "rate"),
            Fact(f"{name}.people", f"People per group of a test: {told}", row.people_per_group, "persons"),
            Fact(f"{name}.test_days", f"Time of a test: {told}", row.test_days * 86400 if row.test_days else None, "seconds"),
        ]  # fmt: skip
        facts += [replace(evidence[i], id=f"{name}.evidence.{i}") for i in row.evidence]
    return tuple(facts)


def adopted(row: RecommendationRow, *, on: date, recorded_at: datetime) -> Change:
    """Return a recommendation as a change to be recorded, with what is expected of it."""
    return Change(
        row.title,
        on,
        recorded_at,
        "recommendation",
        row.audience,
        Expected(
            extra_conversions=row.extra_conversions,
            low=row.low,
            high=row.high,
            conversion_before=row.base_rate,
            measure=row.why,
            touchpoint=row.touchpoint,
            facts=row.evidence,
            days=DAYS,
        ),
    )
