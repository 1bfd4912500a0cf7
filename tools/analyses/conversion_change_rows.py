"""One row per group of a changed conversion, and the facts that sentences may state about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.analyses.conversion_change_parts import Decomposition, Estimate, GroupKind
from tools.analyses.result import Fact
from tools.statistics.intervals import rate, wilson


@dataclass(frozen=True, slots=True)
class Group:
    """The mature journeys of one group in both periods."""

    name: str
    kind: GroupKind
    earlier: int
    earlier_converted: int
    later: int
    later_converted: int


@dataclass(frozen=True, slots=True)
class ChangePart:
    """One group: what its size and its conversion did to the whole; all parts add up to it."""

    group: str
    kind: GroupKind
    """"unknown": its value is not known, so it is never told as a reason; "other" pools the rest."""
    earlier_journeys: int
    earlier_converted: int
    earlier_rate: float | None
    earlier_share: float | None
    """Of the earlier period's mature journeys."""
    later_journeys: int
    later_converted: int
    later_rate: float | None
    later_share: float | None
    mix: float
    """Part of the difference, because the group became larger or smaller."""
    mix_low: float | None
    """None where it was not tested."""
    mix_high: float | None
    mix_q: float | None
    within: float
    """Part of the difference, because the group's own conversion changed."""
    within_low: float | None
    within_high: float | None
    within_q: float | None


def rows(groups: Sequence[Group], found: Decomposition) -> tuple[ChangePart, ...]:
    """Return one row per group, those that moved conversion most first, "other" and unknown last."""
    earlier, later = sum(g.earlier for g in groups), sum(g.later for g in groups)
    told = [
        _row(group, earlier, later, mix, within)
        for group, mix, within in zip(groups, found.mix_parts, found.rate_parts, strict=True)
    ]
    return tuple(
        sorted(told, key=lambda r: (r.kind != "value", r.kind, -abs(r.mix + r.within), r.group))
    )


def _row(group: Group, earlier: int, later: int, mix: Estimate, within: Estimate) -> ChangePart:
    return ChangePart(
        group=group.name,
        kind=group.kind,
        earlier_journeys=group.earlier,
        earlier_converted=group.earlier_converted,
        earlier_rate=rate(group.earlier_converted, group.earlier),
        earlier_share=rate(group.earlier, earlier),
        later_journeys=group.later,
        later_converted=group.later_converted,
        later_rate=rate(group.later_converted, group.later),
        later_share=rate(group.later, later),
        mix=mix.value,
        mix_low=mix.low,
        mix_high=mix.high,
        mix_q=mix.q,
        within=within.value,
        within_low=within.low,
        within_high=within.high,
        within_q=within.q,
    )


def row_facts(told: Sequence[ChangePart]) -> list[Fact]:
    """Return the facts of all groups."""
    earlier = sum(row.earlier_journeys for row in told)
    later = sum(row.later_journeys for row in told)
    facts = []
    for number, row in enumerate(told, start=1):
        name = f"conversion_change.group_{number}"
        before, after = f"{row.group}, earlier", f"{row.group}, later"
        facts += [
            rate_fact(
                f"{name}.earlier_rate", f"Conversion: {before}",
                row.earlier_converted, row.earlier_journeys,
            ),
            rate_fact(
                f"{name}.later_rate", f"Conversion: {after}",
                row.later_converted, row.later_journeys,
            ),
            rate_fact(f"{name}.earlier_share", f"Share: {before}", row.earlier_journeys, earlier),
            rate_fact(f"{name}.later_share", f"Share: {after}", row.later_journeys, later),
            Fact(
                f"{name}.mix", f"Part by its share: {row.group}", row.mix, "difference",
                low=row.mix_low, high=row.mix_high,
            ),
            Fact(f"{name}.mix_q", f"Part by its share (q): {row.group}", row.mix_q, "score"),
            Fact(
                f"{name}.within", f"Part by its conversion: {row.group}", row.within, "difference",
                low=row.within_low, high=row.within_high,
            ),
            Fact(f"{name}.within_q", f"Part by its conversion (q): {row.group}", row.within_q, "score"),
        ]  # fmt: skip
    return facts


def rate_fact(fact_id: str, label: str, part: int, whole: int) -> Fact:
    """Return a rate with its Wilson interval as a fact."""
    low, high = wilson(part, whole)
    return Fact(fact_id, label, rate(part, whole), "rate", part, whole, low, high)
