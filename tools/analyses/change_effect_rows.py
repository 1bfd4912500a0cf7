"""The facts that sentences may state about a change's effect."""

from collections.abc import Iterator, Sequence

from tools.analyses.change_effect_series import Placebo
from tools.analyses.change_effect_sides import Side
from tools.analyses.change_effect_steps import StepChange
from tools.analyses.conversion_change_parts import Estimate
from tools.analyses.result import Fact, Unit
from tools.statistics.intervals import rate, wilson

NAME = "change_effect"


def side_facts(key: str, label: str, one: Side) -> list[Fact]:
    """Return one side's people and conversion."""
    low, high = wilson(one.converted, one.people)
    share = rate(one.converted, one.people)
    return [
        Fact(f"{NAME}.{key}_people", f"People, {label}", one.people, "persons"),
        Fact(
            f"{NAME}.{key}_rate", f"Conversion, {label}", share, "rate",
            one.converted, one.people, low, high,
        ),
    ]  # fmt: skip


def estimate_facts(
    key: str, label: str, found: Estimate | None, unit: Unit = "difference"
) -> list[Fact]:
    """Return an estimate and its p-value; nothing where there is none."""
    if found is None:
        return []
    told = [Fact(f"{NAME}.{key}", label, found.value, unit, low=found.low, high=found.high)]
    return (
        told
        if found.p is None
        else [*told, Fact(f"{NAME}.{key}_p", f"{label} (p)", found.p, "score")]
    )


def placebo_facts(found: Placebo | None) -> list[Fact]:
    """Return how the change's difference stands among those of other dates."""
    if found is None:
        return []
    return [
        Fact(f"{NAME}.placebo_dates", "Earlier dates compared", found.dates, "count"),
        Fact(f"{NAME}.placebo_as_large", "With as large a difference", found.as_large, "count"),
        Fact(f"{NAME}.placebo_days", "Time on either side of these", found.days * 86400, "seconds"),
        Fact(
            f"{NAME}.placebo_difference", "The change's own difference at this length",
            found.difference, "difference",
        ),
    ]  # fmt: skip


def step_facts(steps: Sequence[StepChange]) -> Iterator[Fact]:
    """Yield the facts of each touchpoint's change."""
    for number, row in enumerate(steps, start=1):
        name, told = f"{NAME}.step_{number}", row.touchpoint
        for key, label, left, people, share in (
            ("before", "before", row.before_left, row.before_people, row.before_rate),
            ("after", "after", row.after_left, row.after_people, row.after_rate),
        ):
            low, high = wilson(left, people)
            yield Fact(
                f"{name}.{key}_rate", f"Leave right after {told}, {label}", share, "rate",
                left, people, low, high,
            )  # fmt: skip
        yield Fact(
            f"{name}.difference", f"Change in leaving: {told}", row.difference, "difference",
            low=row.low, high=row.high,
        )  # fmt: skip
        yield Fact(
            f"{name}.ratio", f"Leaving after against before: {told}", row.ratio, "ratio",
            low=row.ratio_low, high=row.ratio_high,
        )  # fmt: skip
        yield Fact(f"{name}.q", f"Chance of a false find (q): {told}", row.q_value, "score")
