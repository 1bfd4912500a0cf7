"""What a store holds, in numbers."""

from dataclasses import dataclass, replace
from datetime import datetime

from tools.store.door import Store


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One file or page that was taken in."""

    load_id: int
    source: str
    connector: str
    name: str
    rows_read: int
    rows_taken: int
    rows_rejected: int
    rows_duplicate: int
    events: int
    first_at: datetime | None
    last_at: datetime | None
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class Status:
    """A store in numbers."""

    events: int
    persons: int
    touchpoints: int
    journeys: int
    """Of all definitions."""
    notes: int
    spend_days: int
    rejected_rows: int
    first_at: datetime | None
    last_at: datetime | None
    generation: int = 0
    loads: tuple[LoadRow, ...] = ()


def status(store: Store) -> Status:
    """Count what a store holds."""
    told = store.records(
        "SELECT (SELECT count(*) FROM event) AS events, "
        "(SELECT count(*) FROM person) AS persons, "
        "(SELECT count(*) FROM touchpoint) AS touchpoints, "
        "(SELECT count(*) FROM journey) AS journeys, "
        "(SELECT count(*) FROM note) AS notes, "
        "(SELECT count(DISTINCT (source, day)) FROM spend) AS spend_days, "
        "(SELECT count(*) FROM rejected_row) AS rejected_rows, "
        "(SELECT min(occurred_at) FROM event) AS first_at, "
        "(SELECT max(occurred_at) FROM event) AS last_at",
        {},
        Status,
    )[0]
    loads = store.records(
        "SELECT load_id, source, connector, name, rows_read, rows_taken, rows_rejected, "
        "rows_duplicate, events, first_at, last_at, loaded_at FROM load ORDER BY load_id",
        {},
        LoadRow,
    )
    return replace(told, generation=store.generation, loads=loads)
