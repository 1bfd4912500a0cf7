"""The sources of a store: what each holds, how its rows were accounted for, and odd days in it."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

import numpy as np

from tools.store.door import Store, read_steps

STATEMENTS = read_steps(__file__)
WEEKS_AROUND = 4
"""Weeks before and after a day whose same weekday tells what is usual."""
FEWEST = 20
"""Events that a day usually has, at least, for a day without any to be a gap: chance alone makes
such a day once in 500 million."""
TWICE = 1.7
"""How many times the usual a doubled day has, at least."""
ODD = 6.0
"""How far above the usual it is, in standard deviations of the source's days, or of counting alone
where that is more (on the square root's scale, Anscombe 1948)."""
ROBUST = 1.4826
"""A normal distribution's standard deviation in units of its median absolute deviation."""


@dataclass(frozen=True, slots=True)
class TableAccount:
    """One file or page, and under what its rows were taken; the kinds add up to `rows_read`."""

    name: str
    connector: str
    rows_read: int
    rows_taken: int
    rows_duplicate: int
    rows_rejected: int
    accounts: Mapping[str, int]
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rows were rejected."""

    field: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which a source that is usually busy sent nothing."""

    first_day: date
    last_day: date
    days: int
    usual: float
    """Events that such a day usually has."""


@dataclass(frozen=True, slots=True)
class DoubledDay:
    """A day with far more events than its weekday usually has."""

    day: date
    events: int
    usual: float
    repeats: int
    """How many of them say the same as another of the day: person, time, touchpoint."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    source: str
    name: str
    connector: str
    rows_read: int
    rows_taken: int
    rows_duplicate: int
    rows_rejected: int
    accounts: str | None
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class _Held:
    source: str
    files: int
    rows_read: int
    rows_rejected: int
    loaded_at: datetime
    """When it last was."""
    events: int
    """Actions in the store; a row that came twice counts once."""
    exposures: int
    notes: int
    spend_days: int
    persons: int
    """Those whom it knows, by any identifier."""
    touchpoints: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Source(_Held):
    """One system, and what it holds."""

    accounts: Mapping[str, int]
    """What its rows are: events, exposures, notes, spend, traits, identifiers, details, names,
    rejected; they add up to `rows_read`."""
    tables: tuple[TableAccount, ...]
    reasons: tuple[Reason, ...]
    gaps: tuple[Gap, ...]
    doubled_days: tuple[DoubledDay, ...]

    @property
    def unaccounted(self) -> int:
        """Rows that stand under no kind: always 0."""
        return self.rows_read - sum(self.accounts.values())


def sources(store: Store) -> tuple[Source, ...]:
    """Return every source that anything was loaded from, by name."""
    tables, reasons = _tables(store), _reasons(store)
    gaps, doubled = _odd_days(store)
    told = store.records(STATEMENTS["source"], {}, _Held)
    return tuple(
        Source(
            **asdict(held),
            accounts=_summed(tables[held.source]),
            tables=tuple(tables[held.source]),
            reasons=tuple(reasons[held.source]),
            gaps=tuple(gaps[held.source]),
            doubled_days=tuple(doubled[held.source]),
        )
        for held in told
    )


def _summed(tables: Sequence[TableAccount]) -> dict[str, int]:
    accounts: dict[str, int] = defaultdict(int)
    for table in tables:
        for kind, rows in table.accounts.items():
            accounts[kind] += rows
    return dict(accounts)


def _tables(store: Store) -> dict[str, list[TableAccount]]:
    tables: dict[str, list[TableAccount]] = defaultdict(list)
    for row in store.records(STATEMENTS["table"], {}, _Loaded):
        told = asdict(row)
        source, text = told.pop("source"), told.pop("accounts")
        known = (
            json.loads(text)
            if text
            else {
                "events": row.rows_read - row.rows_rejected,
                "rejected": row.rows_rejected,
            }
        )
        accounts = {kind: rows for kind, rows in known.items() if rows}
        tables[source].append(TableAccount(**told, accounts=accounts))
    return tables


def _reasons(store: Store) -> dict[str, list[Reason]]:
    reasons: dict[str, list[Reason]] = defaultdict(list)
    for source, field, reason, rows in store.rows(STATEMENTS["reason"]):
        reasons[str(source)].append(Reason(str(field), str(reason), int(str(rows))))
    return reasons


def _odd_days(store: Store) -> tuple[dict[str, list[Gap]], dict[str, list[DoubledDay]]]:
    """Hold each day against the same weekday in the weeks around it."""
    series: dict[str, dict[date, int]] = defaultdict(dict)
    for source, day, events in store.rows(STATEMENTS["day"]):
        if isinstance(day, date):
            series[str(source)][day] = int(str(events))
    gaps: dict[str, list[Gap]] = defaultdict(list)
    doubled: dict[str, list[DoubledDay]] = defaultdict(list)
    for source, counts in series.items():
        first, last = min(counts), max(counts)
        days = [first + timedelta(n) for n in range((last - first).days + 1)]
        told = np.array([counts.get(day, 0) for day in days], np.float64)
        usual = np.array([_usual(told, place) for place in range(len(told))])
        gaps[source] = _gaps(days, told, usual)
        above = 2 * (np.sqrt(told) - np.sqrt(usual))
        scale = max(1.0, ROBUST * float(np.median(np.abs(above - np.median(above)))))
        odd = (told >= TWICE * usual) & (above > ODD * scale) & (usual >= 1)
        for place in np.flatnonzero(odd):
            repeats = store.value(STATEMENTS["repeats"], {"source": source, "day": days[place]})
            doubled[source].append(
                DoubledDay(days[place], int(told[place]), float(usual[place]), int(str(repeats)))
            )
    return gaps, doubled


def _usual(told: "np.ndarray[tuple[int], np.dtype[np.float64]]", place: int) -> float:
    around = [place + 7 * week for week in range(-WEEKS_AROUND, WEEKS_AROUND + 1) if week]
    same = [told[other] for other in around if 0 <= other < len(told)]
    return float(np.median(same)) if same else 0.0


def _gaps(
    days: list[date],
    told: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    usual: "np.ndarray[tuple[int], np.dtype[np.float64]]",
) -> list[Gap]:
    found: list[Gap] = []
    for place in np.flatnonzero((told == 0) & (usual >= FEWEST)):
        day, expected = days[place], float(usual[place])
        if found and found[-1].last_day == day - timedelta(1):
            before = found.pop()
            mean = (before.usual * before.days + expected) / (before.days + 1)
            found.append(Gap(before.first_day, day, before.days + 1, mean))
        else:
            found.append(Gap(day, day, 1, expected))
    return found
