"""What a drop-off is made of, and the facts that it states."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tools.analyses.result import NOT_KNOWN, Fact
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.differences import fisher
from tools.statistics.intervals import newcombe, rate, wilson

Kind = Literal["touchpoint", "other", "began", "converted", "segment"]
OTHER, BEGAN, CONVERTED = "other", "(began here)", "Converted"


@dataclass(frozen=True, slots=True)
class DropOffRow:
    """One touchpoint: who reached it, who ended there, and how many more than expected."""

    touchpoint: str
    """The label; "other" pools the touchpoints below the scope's minimum group and beyond the top."""
    kind: Kind
    journeys: int
    """All journeys that reached it, young ones included."""
    exits: int
    """Of these, journeys that ended there without converting."""
    mature: int
    mature_exits: int
    exit_rate: float | None
    """Of the mature journeys that reached it, the share that ended there."""
    low: float | None
    high: float | None
    expected_exits: float
    """Exits of mature journeys, had each visit the exit rate of all visits at its step."""
    excess_exits: float
    excess_low: float | None
    """None where nothing else is visited at the same steps, so that nothing can be compared."""
    excess_high: float | None
    q_value: float | None


@dataclass(frozen=True, slots=True)
class ExitGroup:
    """The mature journeys of one group, how many ended there, against the other groups."""

    name: str
    kind: Kind
    """"began": the journey's first step was the touchpoint asked about."""
    journeys: int
    exits: int
    exit_rate: float | None
    low: float | None
    high: float | None
    others_rate: float | None
    difference: float | None
    """Exit rate less that of all other groups together."""
    difference_low: float | None
    difference_high: float | None
    q_value: float | None
    """Fisher's exact test against all others, corrected over the groups."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """Where mature journeys went right after their first visit."""

    name: str
    kind: Kind
    journeys: int
    share: float
    """Of those that went on."""


@dataclass(frozen=True, slots=True)
class GroupCount:
    """Mature journeys of one group, and how many of them ended there."""

    name: str
    kind: Kind
    journeys: int
    exits: int


def pooled(counts: Iterable[GroupCount], minimum: int) -> list[GroupCount]:
    """Pool the groups below the minimum as "other", last."""
    told = list(counts)
    small = [group for group in told if group.journeys < minimum]
    kept = [group for group in told if group.journeys >= minimum]
    if small:
        journeys, exits = sum(g.journeys for g in small), sum(g.exits for g in small)
        kept.append(GroupCount(OTHER, "other", journeys, exits))
    return kept


def exit_groups(counts: Iterable[GroupCount], minimum: int) -> tuple[ExitGroup, ...]:
    """Return groups with their exit rates, highest first, each against all others.

    Where a group's value is not known, it stands in no comparison: what is known of people often
    depends on how far they got.
    """
    groups = pooled(counts, minimum)
    known = [group for group in groups if group.name != NOT_KNOWN]
    journeys, exits = sum(g.journeys for g in known), sum(g.exits for g in known)
    against = [
        (g.exits, g.journeys, exits - g.exits, journeys - g.journeys)
        if g.name != NOT_KNOWN
        else (g.exits, g.journeys, 0, 0)
        for g in groups
    ]
    tested = [fisher(*numbers) for numbers in against]
    corrected = iter(benjamini_hochberg([p for p in tested if p is not None]))
    q_values = [None if p is None else next(corrected) for p in tested]
    told = [
        _group(group, numbers, q)
        for group, numbers, q in zip(groups, against, q_values, strict=True)
    ]
    return tuple(sorted(told, key=lambda g: (g.kind == "other", -(g.exit_rate or 0), g.name)))


def _group(
    group: GroupCount, numbers: tuple[int, int, int, int], q_value: float | None
) -> ExitGroup:
    share, others = rate(*numbers[:2]), rate(*numbers[2:])
    low, high = wilson(*numbers[:2])
    difference_low, difference_high = newcombe(*numbers)
    return ExitGroup(
        name=group.name,
        kind=group.kind,
        journeys=group.journeys,
        exits=group.exits,
        exit_rate=share,
        low=low,
        high=high,
        others_rate=others,
        difference=None if share is None or others is None else share - others,
        difference_low=difference_low,
        difference_high=difference_high,
        q_value=q_value,
    )


def next_steps(counts: Iterable[GroupCount], minimum: int) -> tuple[NextStep, ...]:
    """Return where journeys went on to, most first, with small ones pooled."""
    groups = pooled(counts, minimum)
    journeys = sum(group.journeys for group in groups)
    told = [NextStep(g.name, g.kind, g.journeys, g.journeys / journeys) for g in groups]
    return tuple(sorted(told, key=lambda s: (s.kind == "other", -s.journeys, s.name)))


def row_facts(number: int, row: DropOffRow, dropped: int) -> list[Fact]:
    """Return the facts of one touchpoint; `dropped` are the mature journeys that dropped off."""
    name, at = f"drop_off.row_{number}", row.touchpoint
    return [
        Fact(f"{name}.journeys", f"Reached {at}, young ones included", row.journeys, "journeys"),
        Fact(f"{name}.mature", f"Reached {at}", row.mature, "journeys"),
        Fact(f"{name}.young", f"Reached {at}, too young", row.journeys - row.mature, "journeys"),
        Fact(f"{name}.all_exits", f"Ended at {at}, young ones included", row.exits, "journeys"),
        Fact(f"{name}.exits", f"Ended at {at}", row.mature_exits, "journeys"),
        Fact(
            f"{name}.exit_rate",
            f"Exit rate at {at}",
            row.exit_rate,
            "rate",
            row.mature_exits,
            row.mature,
            row.low,
            row.high,
        ),
        Fact(
            f"{name}.share",
            f"Of all that dropped off, ended at {at}",
            rate(row.mature_exits, dropped),
            "rate",
            row.mature_exits,
            dropped,
        ),
        Fact(f"{name}.expected", f"Expected to end at {at}", row.expected_exits, "journeys"),
        Fact(
            f"{name}.excess",
            f"Ended at {at} beyond expectation",
            row.excess_exits,
            "journeys",
            None,
            None,
            row.excess_low,
            row.excess_high,
        ),
        Fact(f"{name}.q", f"Chance of a false finding at {at}", row.q_value, "score"),
    ]


def group_facts(aspect: str, number: int, group: ExitGroup, words: str) -> list[Fact]:
    """Return the facts of one group; `words` say what it is, e.g. "from Home"."""
    name = f"drop_off.{aspect}_{number}"
    return [
        Fact(
            f"{name}.exit_rate",
            f"Exit rate {words}",
            group.exit_rate,
            "rate",
            group.exits,
            group.journeys,
            group.low,
            group.high,
        ),
        Fact(f"{name}.others_rate", f"Exit rate not {words}", group.others_rate, "rate"),
        Fact(
            f"{name}.difference",
            f"Exit rate {words} less that of others",
            group.difference,
            "difference",
            None,
            None,
            group.difference_low,
            group.difference_high,
        ),
        Fact(f"{name}.q", f"Chance of a false finding {words}", group.q_value, "score"),
    ]


def next_facts(number: int, step: NextStep, went_on: int) -> list[Fact]:
    """Return the facts of one next step."""
    name, label = f"drop_off.after_{number}", f"Went on to {step.name}"
    return [
        Fact(f"{name}.share", label, step.share, "rate", step.journeys, went_on),
        Fact(f"{name}.journeys", label, step.journeys, "journeys"),
    ]
