"""From daily counts to what stands out: days, levels and rates of touchpoints, channels, sources."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt

from tools.analyses.anomalies_rows import AnomalyRow, Looked, ratio_of
from tools.statistics.seasonal import BEFORE, WEEK, WEEKS_BEFORE, Odd, odd_day, rate_shift, shift

LEAST_A_DAY = 10
"""Series with fewer a day are not judged by their volume."""
LEAST_A_WEEK = 10
"""Fewer events, or fewer without one, a week carry no rate."""
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Daily:
    """One day of one touchpoint, channel or everything."""

    field: str
    label: str
    day: date
    volume: int
    visits: int
    exits: int
    converted: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days there are, and which of them may be judged."""

    first: date
    last: date
    """The last whole day."""
    settled: date
    """The last day whose journeys are all old enough to judge."""
    ramp: int
    """Days until journeys that began on the first day have had their time."""
    recent: int | None
    """Only what happened in so many last days is told."""

    @property
    def days(self) -> int:
        """How many whole days there are."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Series:
    """One label's days from its first one on, without gaps."""

    field: str
    label: str
    first: date
    values: Counts
    """Days by volume, visits, exits, converted."""


def series_of(counted: Sequence[Daily], calendar: Calendar) -> list[Series]:
    """Return each label's days; one that came later than the rest begins on its own first day."""
    told: dict[tuple[str, str], list[Daily]] = defaultdict(list)
    for row in counted:
        if calendar.first <= row.day <= calendar.last:
            told[row.field, row.label].append(row)
    found = []
    for (field, label), rows in told.items():
        began = min(row.day for row in rows)
        first = calendar.first if (began - calendar.first).days <= WEEK else began
        values = np.zeros(((calendar.last - first).days + 1, 4), np.int64)
        for row in rows:
            values[(row.day - first).days] = row.volume, row.visits, row.exits, row.converted
        found.append(Series(field, label, first, values))
    return found


def looked_at(series: Series, calendar: Calendar, *, has_end: bool) -> Iterator[Looked]:
    """Yield what one series shows: its oddest day, its clearest shift, its clearest rates."""
    yield from volume(series, series.values[:, 0], calendar)
    days = (calendar.settled - series.first).days + 1
    if days <= 0:
        return
    settled = series.values[:days]
    ramp = calendar.ramp if series.field == "touchpoint" else 0
    if series.field == "touchpoint":
        yield from _rate(series, settled[:, 2], settled[:, 1], calendar, "exit rate", ramp)
    if has_end:
        yield from _rate(series, settled[:, 3], settled[:, 0], calendar, "conversion", ramp)


def volume(series: Series, counts: Counts, calendar: Calendar) -> Iterator[Looked]:
    """Yield the oddest day and the clearest shift of one series of counts."""
    if counts.mean() < LEAST_A_DAY:
        return
    ramp = calendar.ramp if series.field in {"touchpoint", "source"} else 0
    newest = 0 if calendar.recent is None else len(counts) - calendar.recent
    moved = shift(counts, max(newest, ramp + BEFORE))
    if moved:
        yield Looked(_moved(series, counts, moved), moved.p_value)
    odd = odd_day(counts, max(newest, ramp))
    if odd:
        day = series.first + timedelta(days=odd.place)
        yield Looked(_row("day", series, (day, day), odd), odd.p_value)


def _moved(series: Series, counts: Counts, odd: Odd) -> AnomalyRow:
    """Return a shift as a row: it lasts where the newest days are nearer to it than to before."""
    since = series.first + timedelta(days=odd.place)
    rest = counts[odd.place :]
    newest = float(rest[-2 * WEEK :].mean())
    lasts = abs(newest - odd.observed) <= abs(newest - odd.expected)
    until = None if lasts else since + timedelta(days=odd.length - 1)
    return _row("level", series, (since, until), odd)


def _row(
    kind: Literal["level", "day"], series: Series, when: tuple[date, date | None], odd: Odd
) -> AnomalyRow:
    since, until = when
    return AnomalyRow(
        kind, series.label, series.field, since.isoformat(), until.isoformat() if until else None,
        odd.observed, odd.expected, "events" if series.field == "source" else "journeys",
        *ratio_of(odd.observed, odd.expected, odd.z), None,
    )  # fmt: skip


def _rate(
    series: Series,
    hits: Counts,
    trials: Counts,
    calendar: Calendar,
    kind: Literal["exit rate", "conversion"],
    ramp: int,
) -> Iterator[Looked]:
    weeks = len(hits) // WEEK
    skipped = len(hits) - weeks * WEEK
    won, tried = (part[skipped:].reshape(weeks, WEEK).sum(axis=1) for part in (hits, trials))
    if not weeks or min(won.mean(), (tried - won).mean()) < LEAST_A_WEEK:
        return
    first = (ramp + WEEK - 1) // WEEK + WEEKS_BEFORE
    if calendar.recent is not None:
        behind = (calendar.last - series.first).days + 1 - len(hits)
        first = max(first, weeks - max(0, calendar.recent - behind) // WEEK)
    odd = rate_shift(won, tried, first)
    if odd is None:
        return
    since = series.first + timedelta(days=skipped + odd.place * WEEK)
    rest = slice(max(odd.place, weeks - 4), None)
    newest = float(won[rest].sum()) / max(1, int(tried[rest].sum()))
    lasts = abs(newest - odd.observed) <= abs(newest - odd.expected)
    until = None if lasts else since + timedelta(days=odd.length * WEEK - 1)
    block = slice(odd.place, odd.place + odd.length)
    row = AnomalyRow(
        kind, series.label, series.field, since.isoformat(), until.isoformat() if until else None,
        odd.observed, odd.expected, "rate", *ratio_of(odd.observed, odd.expected, odd.z), None,
        int(won[block].sum()), int(tried[block].sum()),
    )  # fmt: skip
    yield Looked(row, odd.p_value)
