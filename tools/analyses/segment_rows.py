"""One row per segment, and the facts that sentences may state about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.analyses.result import NOT_KNOWN, Fact
from tools.analyses.segment_contrasts import Divergence
from tools.statistics.intervals import rate, wilson

THE_REST = "the rest"


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """The journeys of one segment, and how they differ from the others."""

    segment: str
    """A value; a band of a numeric field; "(not known)"; "other" pools what is too small."""
    lowest: float | None
    """Of a band: its smallest number."""
    highest: float | None
    journeys: int
    mature: int
    converted: int
    """Of the mature ones."""
    conversion_rate: float | None
    low: float | None
    high: float | None
    median_seconds: float | None
    """Time to convert of the mature converted journeys."""
    against: str | None = None
    """What it is compared with: "the rest" or the other segment; None: with nothing."""
    other_mature: int | None = None
    """Of what it is compared with."""
    other_converted: int | None = None
    other_rate: float | None = None
    difference: float | None = None
    """conversion_rate less other_rate."""
    difference_low: float | None = None
    """Newcombe interval."""
    difference_high: float | None = None
    p: float | None = None
    q: float | None = None
    """Benjamini-Hochberg over the segments compared."""
    time_p: float | None = None
    """Log-rank over all journeys, young ones too: only the calendar or the window censors."""
    time_q: float | None = None
    mix_distance: float | None = None
    """Jensen-Shannon distance of the mature journeys' paths, 0 to 1; None for behaviour, whose
    paths differ by construction."""
    mix_p: float | None = None
    """By seeded permutation."""
    mix_q: float | None = None
    within: str | None = None
    """The field within whose values a clear difference turns round, or nothing is left of it."""
    within_ratio: float | None = None
    """Conversion against the others with that field held fixed (Mantel-Haenszel)."""
    within_low: float | None = None
    within_high: float | None = None

    @property
    def is_turned(self) -> bool:
        """Whether, like compared with like, it is clearly the other way round."""
        if self.within_low is None or self.within_high is None or not self.difference:
            return False
        return self.within_high < 1 if self.difference > 0 else self.within_low > 1


def segment_facts(
    rows: Sequence[SegmentRow],
    told: Sequence[Divergence],
    paths: Sequence[Divergence],
    has_end: bool,
    least: int,
) -> tuple[Fact, ...]:
    """Return the facts of all rows and of what diverges most."""
    journeys, mature = sum(r.journeys for r in rows), sum(r.mature for r in rows)
    converted = sum(r.converted for r in rows)
    low, high = wilson(converted, mature) if has_end else (None, None)
    share = rate(converted, mature) if has_end else None
    unknown = sum(r.journeys for r in rows if r.segment == NOT_KNOWN)
    facts = [
        Fact("segments.journeys", "Journeys", journeys, "journeys"),
        Fact("segments.known", "Journeys whose value is known", journeys - unknown, "journeys"),
        Fact("segments.mature", "Old enough to judge", mature, "journeys"),
        Fact("segments.converted", "Of these, converted", converted, "journeys"),
        Fact("segments.young", "Too young to judge", journeys - mature, "journeys"),
        Fact(
            "segments.base_rate", "Conversion of all journeys", share, "rate",
            converted, mature, low, high,
        ),
        Fact("segments.minimum_group", "Smallest group compared", least, "journeys"),
    ]  # fmt: skip
    for position, row in enumerate(rows, start=1):
        facts += _row_facts(f"segments.segment_{position}", row, journeys)
        facts.append(
            Fact(
                f"segments.segment_{position}.share_of_conversions",
                f"Share of conversions: {row.segment}", rate(row.converted, converted), "rate",
                row.converted, converted,
            )
        )  # fmt: skip
    for kind, list_ in (("touchpoint", told), ("path", paths)):
        for position, one in enumerate(list_, start=1):
            facts += _divergence_facts(f"segments.{kind}_{position}", one)
    return tuple(facts)


def _row_facts(name: str, row: SegmentRow, journeys: int) -> list[Fact]:
    told = row.segment
    facts = [
        Fact(f"{name}.journeys", f"Journeys: {told}", row.journeys, "journeys"),
        Fact(
            f"{name}.share", f"Share of journeys: {told}", rate(row.journeys, journeys), "rate",
            row.journeys, journeys,
        ),
        Fact(
            f"{name}.conversion_rate", f"Conversion: {told}", row.conversion_rate, "rate",
            row.converted, row.mature, row.low, row.high,
        ),
        Fact(f"{name}.median_time", f"Median time to convert: {told}", row.median_seconds, "seconds"),
    ]  # fmt: skip
    lowest, highest = _ends(row)
    if lowest is not None:
        facts.append(Fact(f"{name}.lowest", f"Smallest value: {told}", lowest, "count"))
        facts.append(Fact(f"{name}.highest", f"Largest value: {told}", highest, "count"))
    if row.against is None:
        return facts
    return [
        *facts,
        Fact(
            f"{name}.other_rate", f"Conversion of {row.against}: {told}", row.other_rate, "rate",
            row.other_converted, row.other_mature,
        ),
        Fact(
            f"{name}.difference", f"Difference in conversion: {told}, {row.against}",
            row.difference, "difference", low=row.difference_low, high=row.difference_high,
        ),
        Fact(f"{name}.q", f"Chance of a false find (q): {told}", row.q, "score"),
        Fact(f"{name}.time_q", f"Time to convert differs (q): {told}", row.time_q, "score"),
        Fact(f"{name}.mix_distance", f"Distance of paths: {told}", row.mix_distance, "score"),
        Fact(f"{name}.mix_q", f"Paths differ (q): {told}", row.mix_q, "score"),
        Fact(
            f"{name}.within_ratio", f"Conversion within each {row.within}: {told}, {row.against}",
            row.within_ratio, "ratio", low=row.within_low, high=row.within_high,
        ),
    ]  # fmt: skip


def _ends(row: SegmentRow) -> tuple[float | None, float | None]:
    """Return the numbers that a segment's name says: a band's ends, or the one value."""
    if row.lowest is not None:
        return row.lowest, row.highest
    plain = row.segment.replace(".", "", 1).isdecimal()
    return (float(row.segment),) * 2 if plain else (None, None)


def _divergence_facts(name: str, one: Divergence) -> list[Fact]:
    told = f"{one.name}, {one.segment}"
    return [
        Fact(f"{name}.share", f"Share: {told}", one.share, "rate", one.journeys, one.mature),
        Fact(
            f"{name}.other_share", f"Share of {one.against}: {told}", one.other_share, "rate",
            one.other_journeys, one.other_mature,
        ),
        Fact(
            f"{name}.difference", f"Difference in share: {told}", one.difference, "difference",
            low=one.low, high=one.high,
        ),
        Fact(f"{name}.q", f"Chance of a false find (q): {told}", one.q, "score"),
    ]  # fmt: skip
