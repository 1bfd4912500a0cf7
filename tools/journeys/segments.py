"""Saved segments: filters, or a list of people, under a name that every question can use."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tools.errors import InvalidArgumentError, UnknownSegmentError, unknown
from tools.journeys.scope import Scope, conditions, resolve
from tools.store.door import Store

LISTED = """
SELECT segment.name, segment.conditions, segment.saved_at, count(segment_person.person_id)
FROM segment
LEFT JOIN segment_person ON segment.name = segment_person.name
GROUP BY segment.name, segment.conditions, segment.saved_at
ORDER BY segment.name
"""


@dataclass(frozen=True, slots=True)
class SavedSegment:
    """One saved segment: filters that all hold, or people listed one by one."""

    name: str
    where: tuple[str, ...]
    """As they are written; none where it is a list of people."""
    persons: int
    """How many people are listed; 0 where it is filters, whose people change with the data."""
    saved_at: datetime


def segments(store: Store) -> tuple[SavedSegment, ...]:
    """Return the saved segments by name."""
    return tuple(
        SavedSegment(str(name), tuple(json.loads(str(where))), int(str(persons)), saved_at)  # type: ignore[arg-type] # a TIMESTAMP column
        for name, where, saved_at, persons in store.rows(LISTED)
    )


def save_segment(
    store: Store,
    name: str,
    where: Sequence[str] = (),
    *,
    person_ids: Sequence[int] = (),
    saved_at: datetime,
) -> SavedSegment:
    """Save filters, or a list of people, under a name; an older one of that name is replaced.

    Args:
        store: A writable store.
        name: As questions will say it.
        where: Filters that all hold: `channel = email`, `saw Pricing >= 2`.
        person_ids: The people, instead of filters.
        saved_at: Now, in UTC.

    Raises:
        InvalidArgumentError: The name is empty, holds a sign that filters are written with, or
            neither or both of filters and people are given.
        UnknownSegmentError, UnknownTouchpointError, NoDataError: A filter does not fit the data.
    """
    name = " ".join(name.split())
    if not name or set(name) & set("|,'\"="):
        raise InvalidArgumentError(f"name: '{name}' should be words, without | , = or quotes.")
    if bool(where) == bool(person_ids):
        raise InvalidArgumentError(f"where: '{name}' should be filters, or a list of people.")
    told = resolve(store, Scope(where=conditions(where))).where if where else ()
    if any(each.field == "saved segment" and name in each.values for each in told):
        raise InvalidArgumentError(f"where: '{name}' cannot be made of itself.")
    _forget(store, name)
    written = tuple(each.sentence() for each in told)
    store.execute(
        "INSERT INTO segment VALUES ($name, $conditions, $saved_at)",
        {"name": name, "conditions": json.dumps(written, ensure_ascii=False), "saved_at": saved_at},
    )
    if person_ids:
        store.execute(
            "INSERT INTO segment_person SELECT DISTINCT $name, unnest($persons::BIGINT[])",
            {"name": name, "persons": list(person_ids)},
        )
    store.memory.clear()
    return SavedSegment(name, written, len(set(person_ids)), saved_at)


def forget_segment(store: Store, name: str) -> SavedSegment:
    """Remove a saved segment and return what it was.

    Raises:
        UnknownSegmentError: None is saved under that name.
        InvalidArgumentError: Another saved segment is made of it.
    """
    known = {each.name.casefold(): each for each in segments(store)}
    found = known.get(name.strip().casefold())
    if found is None:
        names = [each.name for each in known.values()]
        raise UnknownSegmentError(unknown("name", "saved segment", name, names))
    users = [
        each.name
        for each in known.values()
        for condition in conditions(each.where)
        if condition.field == "saved segment" and found.name in condition.values
    ]
    if users:
        raise InvalidArgumentError(f"name: '{found.name}' is part of '{users[0]}'.")
    _forget(store, found.name)
    store.memory.clear()
    return found


def _forget(store: Store, name: str) -> None:
    for table in ("segment", "segment_person"):
        store.execute(f"DELETE FROM {table} WHERE lower(name) = lower($name)", {"name": name})
