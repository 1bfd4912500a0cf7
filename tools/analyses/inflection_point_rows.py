"""What is told of one moment: who came, how they converted against others as far along, its facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from tools.analyses.result import Fact
from tools.statistics.intervals import rate, wilson
from tools.statistics.stratified import RiskRatio

LIKELY = 0.05


@dataclass(frozen=True, slots=True)
class MomentRow:
    """One touchpoint, with its landmark effect and its plain lift."""

    touchpoint: str
    touchpoint_id: int
    persons: int
    """Who came to it in their first mature journey."""
    converted: int
    conversion_rate: float | None
    low: float | None
    high: float | None
    other_rate: float | None
    """Of everyone who never came to it."""
    plain_lift: float | None
    """The two rates divided. It flatters whatever long journeys contain: never the headline."""
    share_of_converted: float | None
    """Of those who converted, the share that came to it first."""
    share_of_rest: float | None
    is_required: bool
    """Nearly everyone who converts passes it: it is the way itself."""
    compared: int
    """Who came to it at a step where others of the same channel had not yet."""
    compared_converted: int
    expected: float
    """Conversions of those compared, had they converted like the others."""
    extra: float
    """Conversions beyond these."""
    ratio: float | None
    """The landmark effect: a risk ratio."""
    ratio_low: float | None
    ratio_high: float | None
    q_value: float | None


@dataclass(frozen=True, slots=True)
class DepthRow:
    """The landmark comparison at some depths only."""

    first_step: int
    last_step: int
    persons: int
    """Who came to the touchpoint there, with others to be compared with."""
    converted: int
    expected: float
    """Conversions, had they converted like the others at the same step and channel."""
    ratio: float | None
    low: float | None
    high: float | None
    q_value: float | None


def moment_row(
    touchpoint_id: int,
    label: str,
    own: tuple[int, int],
    everyone: tuple[int, int],
    effect: RiskRatio,
    q_value: float | None,
    *,
    is_required: bool,
) -> MomentRow:
    """Put one touchpoint together.

    Args:
        touchpoint_id: Its id.
        label: Its name.
        own: Who came to it, and who of them converted.
        everyone: The same of everyone.
        effect: The landmark comparison.
        q_value: Corrected over all touchpoints; None where too few were compared.
        is_required: Whether nearly everyone who converts passes it.
    """
    persons, converted = own
    others, others_converted = everyone[0] - persons, everyone[1] - converted
    own_rate, other_rate = rate(converted, persons), rate(others_converted, others)
    low, high = wilson(converted, persons)
    tested = q_value is not None
    return MomentRow(
        touchpoint=label,
        touchpoint_id=touchpoint_id,
        persons=persons,
        converted=converted,
        conversion_rate=own_rate,
        low=low,
        high=high,
        other_rate=other_rate,
        plain_lift=own_rate / other_rate if own_rate is not None and other_rate else None,
        share_of_converted=rate(converted, everyone[1]),
        share_of_rest=rate(persons - converted, everyone[0] - everyone[1]),
        is_required=is_required,
        compared=effect.exposed,
        compared_converted=effect.exposed_events,
        expected=effect.expected,
        extra=effect.exposed_events - effect.expected,
        ratio=effect.ratio,
        ratio_low=effect.low if tested else None,
        ratio_high=effect.high if tested else None,
        q_value=q_value,
    )


def is_clear(row: MomentRow) -> bool:
    """Return whether its effect is one that may be stated."""
    if row.q_value is None or row.ratio_low is None or row.ratio_high is None:
        return False
    return row.q_value < LIKELY and (row.ratio_low > 1 or row.ratio_high < 1)


def ranked(rows: Iterable[MomentRow]) -> list[MomentRow]:
    """Return the moments that go with more conversion first, then those with less, then the rest.

    Among those that are clear the interval's bound nearer to 1 decides: the effect to be counted on.
    """

    def place(row: MomentRow) -> tuple[int, float, float, str]:
        if not is_clear(row) or row.ratio_low is None or row.ratio_high is None:
            return 2, row.q_value if row.q_value is not None else 2.0, -row.persons, row.touchpoint
        if row.ratio_low > 1:
            return 0, -log(row.ratio_low), -row.persons, row.touchpoint
        return 1, log(row.ratio_high) if row.ratio_high > 0 else -99.0, -row.persons, row.touchpoint

    return sorted(rows, key=place)


def facts_of(
    rows: Sequence[MomentRow],
    depths: Sequence[DepthRow],
    persons: int,
    converted: int,
    compared: int,
    young: int,
) -> tuple[Fact, ...]:
    """Return the facts of the moments listed, and of the depths of one."""
    low, high = wilson(converted, persons)
    facts = [
        Fact("inflection_points.persons", "People old enough to judge", persons, "persons"),
        Fact("inflection_points.young", "Journeys too young to judge", young, "journeys"),
        Fact(
            "inflection_points.base_rate", "Conversion of everyone", rate(converted, persons),
            "rate", converted, persons, low, high,
        ),
        Fact("inflection_points.compared", "Touchpoints compared", compared, "count"),
    ]  # fmt: skip
    for number, row in enumerate(rows, start=1):
        facts += _row_facts(f"inflection_points.{number}", row, persons, converted)
    for number, depth in enumerate(depths, start=1):
        facts += _depth_facts(f"inflection_points.depth_{number}", depth)
    return tuple(facts)


def _row_facts(name: str, row: MomentRow, persons: int, converted: int) -> list[Fact]:
    told = row.touchpoint
    return [
        Fact(
            f"{name}.ratio", f"Conversion after {told} against others as far along", row.ratio,
            "ratio", low=row.ratio_low, high=row.ratio_high,
        ),
        Fact(f"{name}.q", f"Chance of a false find (q): {told}", row.q_value, "score"),
        Fact(
            f"{name}.compared_rate", f"Conversion after {told}, of those compared",
            rate(row.compared_converted, row.compared), "rate",
            row.compared_converted, row.compared,
        ),
        Fact(
            f"{name}.expected_rate", f"Conversion expected of them without {told}",
            row.expected / row.compared if row.compared else None, "rate",
        ),
        Fact(f"{name}.expected", f"Conversions expected without {told}", row.expected, "persons"),
        Fact(f"{name}.extra", f"Conversions beyond expectation after {told}", row.extra, "persons"),
        Fact(
            f"{name}.conversion_rate", f"Conversion of all who came to {told}",
            row.conversion_rate, "rate", row.converted, row.persons, row.low, row.high,
        ),
        Fact(
            f"{name}.other_rate", f"Conversion of those who never came to {told}", row.other_rate,
            "rate", converted - row.converted, persons - row.persons,
        ),
        Fact(f"{name}.plain_lift", f"Plain lift of {told}", row.plain_lift, "ratio"),
        Fact(
            f"{name}.share_of_converted", f"Share of those who converted that came to {told}",
            row.share_of_converted, "rate", row.converted, converted,
        ),
        Fact(
            f"{name}.share_of_rest", f"Share of all others that came to {told}", row.share_of_rest,
            "rate", row.persons - row.converted, persons - converted,
        ),
    ]  # fmt: skip


def _depth_facts(name: str, depth: DepthRow) -> list[Fact]:
    told = f"steps {depth.first_step} to {depth.last_step}"
    return [
        Fact(f"{name}.from", f"From step: {told}", depth.first_step, "steps"),
        Fact(f"{name}.to", f"To step: {told}", depth.last_step, "steps"),
        Fact(f"{name}.ratio", f"Conversion against others: {told}", depth.ratio, "ratio", low=depth.low, high=depth.high),
        Fact(f"{name}.rate", f"Conversion: {told}", rate(depth.converted, depth.persons), "rate", depth.converted, depth.persons),
        Fact(f"{name}.q", f"Chance of a false find (q): {told}", depth.q_value, "score"),
    ]  # fmt: skip
