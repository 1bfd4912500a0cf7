"""What a funnel's result is made of, the facts that it states, and what they do not say."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from tools.analyses.funnel_parts import Per
from tools.analyses.result import Fact, Unit
from tools.journeys.definition import spoken
from tools.statistics.intervals import rate, wilson

UNITS: dict[Per, Unit] = {"person": "persons", "journey": "journeys", "session": "sessions"}
PLURALS: dict[Per, str] = {"person": "people", "journey": "journeys", "session": "sessions"}


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step; its units are the result's persons, journeys or sessions."""

    step: int
    """From 1."""
    name: str
    optional: bool
    reached: int
    """All units that reached it."""
    mature: int
    """Those that reached it by an entry old enough to judge."""
    conversion_rate: float | None
    """mature / the first step's mature, 0 to 1; None when that is 0."""
    low: float | None
    high: float | None
    step_rate: float | None
    """mature / that of the step before (skipping optional ones); None for the first step."""
    step_low: float | None
    step_high: float | None
    ended: int
    """Mature units that got no further than this step; 0 for the last."""
    median_seconds: float | None
    """Time since the step before, of the mature ones."""


@dataclass(frozen=True, slots=True)
class Instead:
    """Where mature units that got no further than a step went right after it."""

    step: int
    name: str
    """The step's."""
    touchpoint: str | None
    """The next one that is not the step itself; None: nothing else within the window."""
    units: int
    share: float | None
    """Of the step's `ended`."""
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SegmentStep:
    """One step of one segment's funnel, against all other segments together."""

    segment: str
    """"other" pools the segments below the scope's minimum group size."""
    step: int
    name: str
    reached: int
    mature: int
    conversion_rate: float | None
    """From the first step to this one."""
    low: float | None
    high: float | None
    difference: float | None
    """Its conversion_rate less that of everyone else, with Newcombe's interval."""
    difference_low: float | None
    difference_high: float | None
    q_value: float | None
    """Of the whole funnel's difference, on the last step (Fisher, Benjamini-Hochberg)."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One row of the query: a step of a segment, or a touchpoint gone to instead."""

    kind: Literal["step", "instead"]
    segment: str | None
    step: int
    touchpoint: str | None
    units: int
    mature: int
    waited_seconds: float | None
    passed_seconds: float | None


def funnel_facts(
    per: Per,
    rows: tuple[FunnelStep, ...],
    instead: tuple[Instead, ...],
    segments: tuple[SegmentStep, ...],
    passed_seconds: float | None,
    window: timedelta | None,
    horizon: timedelta,
) -> tuple[Fact, ...]:
    """Return every number that a sentence about the funnel may state."""
    unit, first, last = UNITS[per], rows[0], rows[-1]
    facts = [
        Fact("funnel.entered", f"Reached {first.name}", first.reached, unit),
        Fact("funnel.completed", "Completed the funnel", last.reached, unit),
        Fact("funnel.young", "Too young to judge", first.reached - first.mature, unit),
        Fact("funnel.mature_entered", "Entered long enough ago to judge", first.mature, unit),
        Fact("funnel.mature_completed", "Of these, completed", last.mature, unit),
        Fact(
            "funnel.conversion_rate",
            f"Conversion from {first.name} to {last.name}",
            last.conversion_rate,
            "rate",
            last.mature,
            first.mature,
            last.low,
            last.high,
        ),
        Fact(
            "funnel.median_time", "Median time from first to last step", passed_seconds, "seconds"
        ),
        Fact("funnel.window", "Time limit", window.total_seconds() if window else None, "seconds"),
        Fact("funnel.horizon", "Old enough to judge after", horizon.total_seconds(), "seconds"),
    ]
    for row in rows:
        facts += _step_facts(unit, rows, row)
    for number, gone in enumerate(instead, start=1):
        facts += _instead_facts(unit, gone, f"funnel.instead_{number}")
    started = {told.segment: told for told in segments if told.step == 1}
    for told in segments:
        if told.step == last.step:
            facts += _segment_facts(unit, told, started[told.segment])
    return tuple(facts)


def _step_facts(unit: Unit, rows: tuple[FunnelStep, ...], row: FunnelStep) -> list[Fact]:
    name, told = row.name, f"funnel.step_{row.step}"
    ended_low, ended_high = wilson(row.ended, row.mature)
    facts = [
        Fact(f"{told}.reached", f"Reached {name}", row.reached, unit),
        Fact(f"{told}.mature", f"Reached {name}, old enough to judge", row.mature, unit),
        Fact(
            f"{told}.conversion_rate",
            f"Conversion from {rows[0].name} to {name}",
            row.conversion_rate,
            "rate",
            row.mature,
            rows[0].mature,
            row.low,
            row.high,
        ),
        Fact(f"{told}.ended", f"Got no further than {name}", row.ended, unit),
        Fact(
            f"{told}.ended_rate",
            f"Share of those at {name} who got no further",
            rate(row.ended, row.mature),
            "rate",
            row.ended,
            row.mature,
            ended_low,
            ended_high,
        ),
    ]
    if row.step == 1:
        return facts
    before = next(other for other in rows[row.step - 2 :: -1] if not other.optional)
    return [
        *facts,
        Fact(
            f"{told}.step_rate",
            f"Conversion from {before.name} to {name}",
            row.step_rate,
            "rate",
            row.mature,
            before.mature,
            row.step_low,
            row.step_high,
        ),
        Fact(f"{told}.median_time", f"Median time to {name}", row.median_seconds, "seconds"),
    ]


def _instead_facts(unit: Unit, gone: Instead, told: str) -> list[Fact]:
    where = f"went to {gone.touchpoint}" if gone.touchpoint else "did nothing else"
    lost = round(gone.units / gone.share) if gone.share else 0
    return [
        Fact(f"{told}.units", f"After {gone.name}, {where}", gone.units, unit),
        Fact(
            f"{told}.share",
            f"Share of those lost after {gone.name} who {where}",
            gone.share,
            "rate",
            gone.units,
            lost,
            gone.low,
            gone.high,
        ),
    ]


def _segment_facts(unit: Unit, row: SegmentStep, first: SegmentStep) -> list[Fact]:
    told = f"funnel.segment.{row.segment}"
    return [
        Fact(f"{told}.entered", f"{row.segment}: entered", first.reached, unit),
        Fact(f"{told}.completed", f"{row.segment}: completed", row.reached, unit),
        Fact(
            f"{told}.conversion_rate",
            f"{row.segment}: conversion through the funnel",
            row.conversion_rate,
            "rate",
            row.mature,
            first.mature,
            row.low,
            row.high,
        ),
        Fact(
            f"{told}.difference",
            f"{row.segment}: conversion less that of all others",
            row.difference,
            "difference",
            low=row.difference_low,
            high=row.difference_high,
        ),
        Fact(f"{told}.q_value", f"{row.segment}: q-value", row.q_value, "score"),
    ]


def funnel_caveats(
    per: Per,
    window: timedelta | None,
    rows: tuple[FunnelStep, ...],
    horizon: timedelta,
    minimum: int,
) -> tuple[str, ...]:
    """Return what the funnel's numbers do not say."""
    first = rows[0]
    young = first.reached - first.mature
    caveats = []
    if young:
        subject = f"1 {per} has" if young == 1 else f"{young:,} {PLURALS[per]} have"
        began = "started" if per == "journey" else "entered"
        caveats.append(
            f"{subject} only {began} in the last {spoken(horizon)} of the data and "
            f"{'is' if young == 1 else 'are'} not counted in the rates: they may still go on."
        )
    if 0 < first.mature < minimum:
        noun = per if first.mature == 1 else PLURALS[per]
        caveats.append(f"The rates rest on only {first.mature:,} {noun}, so they are rough.")
    if per == "person" and window is None and len(rows) > 1 and first.mature:
        caveats.append("There is no time limit: whoever entered earlier had longer to go on.")
    return tuple(caveats)
