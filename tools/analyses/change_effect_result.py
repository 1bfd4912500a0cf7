"""What is known of a change's effect, and the facts that sentences may state about it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tools.analyses.change_effect_rows import (
    NAME,
    estimate_facts,
    placebo_facts,
    side_facts,
    step_facts,
)
from tools.analyses.change_effect_series import Placebo, Week
from tools.analyses.change_effect_sides import Side
from tools.analyses.change_effect_steps import StepChange
from tools.analyses.conversion_change_parts import Estimate
from tools.analyses.result import Fact, Result
from tools.journeys.changes import Expected

Open = Literal["", "no change", "nothing before", "too few before", "too early", "no end"]
Verdict = Literal[
    "worked", "less than expected", "fell", "not as expected", "seasonal", "not shown", "too early",
    "cannot tell",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEffectResult(Result[StepChange]):
    """Before and after a change; the rows are the touchpoints, by how certain their change is."""

    change: str | None
    """The recorded change's name; None where only a day was given."""
    on: date | None
    """None where no change is recorded and no day was given."""
    audience: tuple[str, ...]
    control: tuple[str, ...]
    """Filters of the control; or "everyone else"."""
    open: Open
    """Why nothing is concluded; empty where something is."""
    verdict: Verdict
    days: int
    """On either side."""
    first_day: date
    last_day: date
    """The last day whose journeys are all old enough to judge."""
    before: Side
    after: Side
    control_before: Side
    control_after: Side
    young: int
    """People who began since the change and are not old enough to judge."""
    difference: Estimate | None
    """Conversion after less before."""
    beyond_control: Estimate | None
    """The same less the control's own difference."""
    control_difference: Estimate | None
    apart_days: int
    """Days before the change left out in the second comparison: the journey's window."""
    apart_people: int
    apart: Estimate | None
    """The difference from people whose whole window lay before the change."""
    mix: Estimate | None
    """The part of the difference that comes from another mix of channels."""
    path_distance: float | None
    path_p: float | None
    trend: Estimate | None
    """By how much conversion moved a week before the change."""
    placebo: Placebo | None
    extra: Estimate | None
    """Conversions more than without the change, in the days after it."""
    expected: Estimate | None
    """Extra conversions expected in as many days."""
    measurable_on: date | None
    """From when on the effect expected (or a fifth of conversion) would show; None: not in a year."""
    smallest_visible: float | None
    """The smallest rise of conversion that so many people would show at 80 % power."""
    compared_steps: int
    weeks: tuple[Week, ...]


def facts(result: ChangeEffectResult, expected: Expected | None) -> tuple[Fact, ...]:
    """Return the facts, beside those of each touchpoint."""
    told = [
        Fact(f"{NAME}.first_day", "First day of the data", f"{result.first_day}", "date"),
        Fact(f"{NAME}.last_day", "Judged up to", f"{result.last_day}", "date"),
        Fact(f"{NAME}.young", "Too young to judge", result.young, "persons"),
    ]
    if result.on is None:
        return tuple(told)
    told += [
        Fact(f"{NAME}.on", "Day of the change", f"{result.on}", "date"),
        Fact(f"{NAME}.days", "Time on either side", result.days * 86400, "seconds"),
    ]
    if result.measurable_on:
        when = f"{result.measurable_on}"
        told.append(Fact(f"{NAME}.measurable_on", "Measurable from about", when, "date"))
    told += side_facts("before", "before", result.before)
    told += side_facts("after", "after", result.after)
    if result.control_before.people or result.control_after.people:
        told += side_facts("control_before", "control, before", result.control_before)
        told += side_facts("control_after", "control, after", result.control_after)
    told += estimate_facts("difference", "Change in conversion", result.difference)
    told += estimate_facts("beyond_control", "Change beyond the control's", result.beyond_control)
    told += estimate_facts("control_difference", "The control's change", result.control_difference)
    told += estimate_facts("apart", "Change, window before left out", result.apart)
    told += [
        Fact(f"{NAME}.apart_days", "Time before left out", result.apart_days * 86400, "seconds"),
        Fact(f"{NAME}.apart_people", "People before these days", result.apart_people, "persons"),
    ]
    told += estimate_facts("mix", "Part from another mix of channels", result.mix)
    told += estimate_facts("trend", "Change a week before", result.trend)
    told += placebo_facts(result.placebo)
    told += estimate_facts("extra", "Extra conversions after", result.extra, "count")
    told += estimate_facts("expected", "Extra conversions expected", result.expected, "count")
    told += [
        Fact(f"{NAME}.path_distance", "Distance of paths", result.path_distance, "score"),
        Fact(f"{NAME}.path_p", "Paths differ (p)", result.path_p, "score"),
        Fact(
            f"{NAME}.smallest_visible", "Smallest rise that would show", result.smallest_visible,
            "difference",
        ),
        Fact(f"{NAME}.worth_seeing", "Rise that a test should show", 0.2, "rate"),
        Fact(f"{NAME}.compared_steps", "Touchpoints compared", result.compared_steps, "count"),
    ]  # fmt: skip
    if expected and expected.conversion_before is not None:
        was = expected.conversion_before
        told.append(Fact(f"{NAME}.conversion_before", "Conversion when decided", was, "rate"))
    return (*told, *step_facts(result.rows))
