"""How a change shows at each touchpoint, and the facts of its effect."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tools.analyses.change_effect_windows import Difference
from tools.analyses.result import Fact
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.differences import fisher
from tools.statistics.intervals import newcombe, rate, wilson
from tools.statistics.stratified import TwoByTwo, risk_ratio

LIKELY = 0.05


@dataclass(frozen=True, slots=True)
class Arrived:
    """Journeys that first came to a touchpoint before, or since, the change."""

    touchpoint: str
    is_after: bool
    journeys: int
    exits: int


@dataclass(frozen=True, slots=True)
class StepRow:
    """One touchpoint: the share that leaves right on first coming there, before and since."""

    touchpoint: str
    before: int
    before_exits: int
    before_rate: float | None
    after: int
    after_exits: int
    after_rate: float | None
    difference: float | None
    """Since less before: below 0 is better."""
    low: float | None
    high: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    q_value: float | None


def step_rows(told: Iterable[Arrived], minimum: int) -> list[StepRow]:
    """Compare each touchpoint's leave rate since the change with before; those surest first."""
    counts: dict[str, dict[bool, tuple[int, int]]] = {}
    for row in told:
        counts.setdefault(row.touchpoint, {})[row.is_after] = (row.journeys, row.exits)
    rows, p_values = [], []
    for name, sides in counts.items():
        before, before_exits = sides.get(False, (0, 0))
        after, after_exits = sides.get(True, (0, 0))
        enough = min(before, after) >= minimum
        p_value = fisher(after_exits, after, before_exits, before) if enough else None
        rows.append(_row(name, (before, before_exits), (after, after_exits), enough))
        p_values.append(p_value)
    q_values = iter(benjamini_hochberg([p for p in p_values if p is not None]))
    rows = [
        row if p is None else replace(row, q_value=next(q_values))
        for row, p in zip(rows, p_values, strict=True)
    ]
    return sorted(rows, key=_place)


def _row(name: str, before: tuple[int, int], after: tuple[int, int], enough: bool) -> StepRow:
    rates = rate(before[1], before[0]), rate(after[1], after[0])
    low, high = newcombe(after[1], after[0], before[1], before[0]) if enough else (None, None)
    effect = risk_ratio([TwoByTwo(*after, *before)])
    moved = None if rates[0] is None or rates[1] is None else rates[1] - rates[0]
    return StepRow(
        name, *before, rates[0], *after, rates[1], moved, low, high, effect.ratio,
        effect.low if enough else None, effect.high if enough else None, None,
    )  # fmt: skip


def _place(row: StepRow) -> tuple[float, float, str]:
    q_value = row.q_value if row.q_value is not None else 2.0
    return q_value, -abs(row.difference or 0.0) * min(row.before, row.after), row.touchpoint


def is_clear(row: StepRow) -> bool:
    """Return whether its leave rate clearly moved."""
    if row.q_value is None or row.low is None or row.high is None:
        return False
    return row.q_value < LIKELY and (row.low > 0 or row.high < 0)


def difference_facts(name: str, label: str, told: Difference) -> list[Fact]:
    """Return the facts of one comparison of two windows."""
    low, high = wilson(told.before_converted, told.before)
    later_low, later_high = wilson(told.after_converted, told.after)
    return [
        Fact(
            f"{name}.before_rate", f"Conversion before: {label}", told.before_rate, "rate",
            told.before_converted, told.before, low, high,
        ),
        Fact(
            f"{name}.after_rate", f"Conversion since: {label}", told.after_rate, "rate",
            told.after_converted, told.after, later_low, later_high,
        ),
        Fact(
            f"{name}.difference", f"Difference of conversion: {label}", told.difference,
            "difference", low=told.low, high=told.high,
        ),
        Fact(f"{name}.p", f"Chance to see as much without a change (p): {label}", told.p_value, "score"),
    ]  # fmt: skip


def step_facts(rows: Sequence[StepRow]) -> list[Fact]:
    """Return the facts of the touchpoints listed."""
    facts = []
    for number, row in enumerate(rows, start=1):
        name, told = f"change_effect.step_{number}", row.touchpoint
        facts += [
            Fact(
                f"{name}.before_rate", f"Left {told} before", row.before_rate, "rate",
                row.before_exits, row.before,
            ),
            Fact(
                f"{name}.after_rate", f"Left {told} since", row.after_rate, "rate",
                row.after_exits, row.after,
            ),
            Fact(
                f"{name}.difference", f"Difference in leaving {told}", row.difference,
                "difference", low=row.low, high=row.high,
            ),
            Fact(
                f"{name}.ratio", f"Leaving {told}, since against before", row.ratio, "ratio",
                low=row.ratio_low, high=row.ratio_high,
            ),
            Fact(f"{name}.q", f"Chance of a false find (q): {told}", row.q_value, "score"),
        ]  # fmt: skip
    return facts
