"""Whether a segment's difference stays where like is compared with like: Simpson's paradox."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

from tools.analyses.attribution_quality import foretells, known_fields
from tools.analyses.segment_contrasts import SIGNIFICANT
from tools.analyses.segment_counts import Cut
from tools.analyses.segment_rows import THE_REST, SegmentRow
from tools.journeys.scope import COLUMNS, ScopedStore, segment_expression, trait_names
from tools.statistics.stratified import RiskRatio, TwoByTwo, risk_ratio
from tools.store.door import read_sql

QUERY = read_sql(__file__)
FIELDS = 3
PLACES = ("segment", "first", "second", "third")
LEFT = 0.5
"""A difference of which less is left, and no more than chance, is gone."""
Strata = dict[str, dict[tuple[str, ...], tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class _Counted:
    name: str
    first_field: str | None
    second_field: str | None
    third_field: str | None
    journeys: int
    converted: int


def like_with_like(
    scoped: ScopedStore, rows: Sequence[SegmentRow], cut: Cut
) -> tuple[SegmentRow, ...]:
    """Return the rows, noting the field within whose values a difference turns round or goes.

    Held fixed, one at a time, is what was known at the first touch: channel, properties and
    traits with few values. Only differences beyond chance are looked at, and not those by
    behaviour or by bands of numbers.
    """
    sure = [row for row in rows if row.q is not None and row.q <= SIGNIFICANT]
    if not sure or cut.kind == "saw" or cut.banded:
        return tuple(rows)
    fields = tuple(
        dict.fromkeys(("channel", *known_fields(scoped.store)))  # a channel's campaigns are its own
    )
    fields = tuple(name for name in fields if name != cut.field and not _is_its_own(name, cut))
    if not fields[:FIELDS]:
        return tuple(rows)
    strata = _strata(scoped, cut, fields[:FIELDS])
    kept = [
        place
        for place, _ in enumerate(fields[:FIELDS])
        if not foretells(strata, place, scoped.scope.minimum_group)
    ]
    return tuple(
        _judged(row, strata, [(place, fields[place]) for place in kept]) if row in sure else row
        for row in rows
    )


def _is_its_own(name: str, cut: Cut) -> bool:
    """Whether a field is but another name of what is compared: a campaign has its one channel."""
    return name == "channel" and cut.kind in {"channel", "campaign", "source"}


def _strata(scoped: ScopedStore, cut: Cut, fields: Sequence[str]) -> Strata:
    sql, traits = QUERY, trait_names(scoped.store)
    told: dict[str, object] = {f"{place}_trait": None for place in PLACES}
    for place, name in zip(PLACES, (cut.field, *fields), strict=False):
        if name in traits and name not in COLUMNS:  # read with all others' at once
            expression = f"held.{place}"
            told[f"{place}_trait"] = name
        else:
            expression, values = segment_expression(scoped.store, name)
            for key, value in values.items():
                expression = expression.replace(f"${key}", f"${place}_{key}")
                told[f"{place}_{key}"] = value
        sql = sql.replace(f"NULL /* {place} */", expression)
    strata: Strata = defaultdict(dict)
    for row in scoped.records(sql, told, _Counted):
        known = (row.first_field, row.second_field, row.third_field)[: len(fields)]
        strata[row.name][tuple(value or "" for value in known)] = (row.journeys, row.converted)
    return strata


def _judged(row: SegmentRow, strata: Strata, fields: Sequence[tuple[int, str]]) -> SegmentRow:
    """Note the field that turns the comparison round; else the one that leaves nothing of it."""
    plain = _ratio(row, strata, lambda _: ())
    gone: SegmentRow | None = None
    for place, name in fields:
        within = _ratio(row, strata, lambda values, place=place: (values[place],))  # type: ignore[misc]  # mypy cannot type a lambda's default
        if not (plain.ratio and within.ratio) or within.low is None or within.high is None:
            continue
        noted = replace(
            row,
            within=name,
            within_ratio=within.ratio,
            within_low=within.low,
            within_high=within.high,
        )
        if (within.low > 1 and plain.ratio < 1) or (within.high < 1 and plain.ratio > 1):
            return noted
        little = abs(log(within.ratio)) < LEFT * abs(log(plain.ratio))
        if gone is None and within.low <= 1 <= within.high and little:
            gone = noted
    return gone or row


def _ratio(
    row: SegmentRow,
    strata: Mapping[str, Mapping[tuple[str, ...], tuple[int, int]]],
    key: Callable[[tuple[str, ...]], tuple[str, ...]],
) -> RiskRatio:
    """Return the segment's conversion against what it is compared with, within each stratum."""
    own: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for name, told in strata.items():
        if name != row.segment and row.against not in {THE_REST, name}:
            continue
        side = 0 if name == row.segment else 2
        for values, (journeys, converted) in told.items():
            own[key(values)][side] += journeys
            own[key(values)][side + 1] += converted
    return risk_ratio(TwoByTwo(*counts) for _, counts in sorted(own.items()))
