"""From counts to what is told of time: gaps compared, days to convert, rhythm."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.analyses.timing_rows import DayPoint, GapRow, NextRow, RhythmRow
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.intervals import rate, wilson
from tools.statistics.kaplan_meier import at, share_by
from tools.statistics.ranks import compare_ranks, quantile
from tools.statistics.stratified import TwoByTwo, risk_ratio

PER_FOLD = 20
"""Gaps are counted in classes 5 % wide."""
DAYS = (1, 3, 7, 14, 30)
CAME_BACK = ("within a day", "within a week", "later")
RHYTHMS = ((1, 0), (7, 0), (7, 1), (7, 2))
"""Landmark days, and the group that is put against all others under way on that day."""


@dataclass(frozen=True, slots=True)
class Gap:
    """People whose transition took so long."""

    source: str
    target: str
    width: int
    converted: bool
    persons: int


@dataclass(frozen=True, slots=True)
class Hour:
    """Journeys that converted in one hour, or that were watched to its end and no longer."""

    hour: int
    converted: bool
    journeys: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """People of one channel by when they came back and how long they went on."""

    channel: str
    came_back: int
    ended: int
    converted: bool
    persons: int


@dataclass(frozen=True, slots=True)
class Next:
    """People by what they did next."""

    kind: str
    label: str | None
    persons: int
    converted: int
    lower_seconds: float | None
    median_seconds: float | None
    upper_seconds: float | None


def gap_rows(counted: Sequence[Gap]) -> list[GapRow]:
    """Return each transition's gaps of those who converted against the others', clearest first."""
    told: dict[tuple[str, str], dict[bool, dict[int, int]]] = defaultdict(
        lambda: {True: {}, False: {}}
    )
    for row in counted:
        told[row.source, row.target][row.converted][row.width] = row.persons
    found = [_gap(*names, groups) for names, groups in told.items()]
    tested = [(row, p) for row, p in found if p is not None]
    q_values = benjamini_hochberg([p for _, p in tested])
    judged = [replace(row, q_value=q) for (row, _), q in zip(tested, q_values, strict=True)]
    judged += [row for row, p in found if p is None]
    return sorted(judged, key=_order)


def _order(row: GapRow) -> tuple[bool, float, int, str, str]:
    apart = row.low is not None and row.high is not None and (row.low > 0.5 or row.high < 0.5)
    clear = apart and row.q_value is not None and row.q_value < 0.05
    distance = -abs((row.sooner or 0.5) - 0.5) if clear else 0.0
    return not clear, distance, -row.converted - row.others, row.source, row.target


def _gap(
    source: str, target: str, groups: dict[bool, dict[int, int]]
) -> tuple[GapRow, float | None]:
    widths = sorted({*groups[True], *groups[False]})
    values = [float(np.expm1((width + 0.5) / PER_FOLD)) for width in widths]
    own = [groups[True].get(width, 0) for width in widths]
    other = [groups[False].get(width, 0) for width in widths]
    ranked = compare_ranks(own, other)
    quarters = [[quantile(told, values, q) for q in (0.25, 0.5, 0.75)] for told in (own, other)]
    row = GapRow(
        source=source,
        target=target,
        converted=sum(own),
        converted_lower_seconds=quarters[0][0],
        converted_median_seconds=quarters[0][1],
        converted_upper_seconds=quarters[0][2],
        others=sum(other),
        others_lower_seconds=quarters[1][0],
        others_median_seconds=quarters[1][1],
        others_upper_seconds=quarters[1][2],
        sooner=ranked.share if ranked else None,
        low=ranked.low if ranked else None,
        high=ranked.high if ranked else None,
        q_value=None,
    )
    return row, ranked.p_value if ranked else None


def day_points(counted: Sequence[Hour], window_days: float) -> list[DayPoint]:
    """Return the share converted by each of a few days, and who still converts after it."""
    hours = sorted({row.hour for row in counted})
    events = {row.hour: row.journeys for row in counted if row.converted}
    censored = {row.hour: row.journeys for row in counted if not row.converted}
    if not events:
        return []
    curve = share_by([events.get(h, 0) for h in hours], [censored.get(h, 0) for h in hours])
    last = float(curve.share[-1])
    points = []
    for day in sorted({day for day in DAYS if day < window_days} | {int(window_days)} - {0}):
        if day * 24 > hours[-1]:
            break
        share, low, high = at(curve, hours, day * 24) or (0.0, 0.0, 0.0)
        later = (last - share) / (1 - share) if share < 1 else None
        points.append(DayPoint(day, share, low, high, later))
    return points


def rhythm_rows(counted: Sequence[Rhythm], minimum: int) -> list[RhythmRow]:
    """Return, of those under way on day 1 and on day 7, each group's conversion against the others'."""
    found = [_rhythm(counted, day, group, minimum) for day, group in RHYTHMS]
    q_values = iter(benjamini_hochberg([p for _, p in found if p is not None]))
    judged = [row if p is None else replace(row, q_value=next(q_values)) for row, p in found]
    return [row for row in judged if row.persons]


def _rhythm(
    counted: Sequence[Rhythm], day: int, group: int, minimum: int
) -> tuple[RhythmRow, float | None]:
    """Return one group without its q-value, and its p-value where both sides are large enough."""
    tables: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in counted:
        if row.ended <= (0 if day == 1 else 1):
            continue
        place = 0 if row.came_back == group else 2
        tables[row.channel][place] += row.persons
        tables[row.channel][place + 1] += row.persons if row.converted else 0
    effect = risk_ratio(TwoByTwo(*table) for table in tables.values())
    persons = sum(table[0] for table in tables.values())
    converted = sum(table[1] for table in tables.values())
    others = sum(table[2] for table in tables.values())
    told = persons >= minimum and others >= minimum and effect.low is not None
    bounds = (effect.low, effect.high) if told else (None, None)
    found = RhythmRow(
        day, CAME_BACK[group], persons, converted, rate(converted, persons),
        *wilson(converted, persons), effect.ratio, *bounds, None,
    )  # fmt: skip
    return found, effect.p_value if told else None


def next_rows(counted: Sequence[Next], persons: int, top: int, minimum: int) -> list[NextRow]:
    """Return what people did next, most frequent first; the rest, and small groups, as one row."""
    own = [row for row in counted if row.kind in {"touchpoint", "converted", "ended"}]
    named = {"converted": "Converted", "ended": "Nothing more"}
    kept = [r for r in own if r.kind != "touchpoint" or r.persons >= minimum][:top]
    rows = [
        NextRow(
            row.kind,  # type: ignore[arg-type]  # the query names three kinds
            named.get(row.kind) or row.label or "",
            row.persons,
            rate(row.persons, persons),
            row.converted,
            rate(row.converted, row.persons),
            row.lower_seconds,
            row.median_seconds,
            row.upper_seconds,
        )
        for row in kept
    ]
    rest = [row for row in own if row not in kept]
    if rest:
        people, won = sum(r.persons for r in rest), sum(r.converted for r in rest)
        rows.append(
            NextRow(
                "other",
                "other",
                people,
                rate(people, persons),
                won,
                rate(won, people),
                None,
                None,
                None,
            )
        )
    return rows
