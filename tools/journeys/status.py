"""What a store holds, in numbers."""

from dataclasses import dataclass
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

    generation: int
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
    loads: tuple[LoadRow, ...]


def status(store: Store) -> Status:
    """Count what a store holds."""
    told = store.rows(
        "SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM person), "
        "(SELECT count(*) FROM touchpoint), (SELECT count(*) FROM journey), "
        "(SELECT count(*) FROM note), (SELECT count(DISTINCT (source, day)) FROM spend), "
        "(SELECT count(*) FROM rejected_row), "
        "(SELECT min(occurred_at) FROM event), (SELECT max(occurred_at) FROM event)"
    )[0]
    loads = store.records(
        "SELECT load_id, source, connector, name, rows_read, rows_taken, rows_rejected, "
        "rows_duplicate, events, first_at, last_at, loaded_at FROM load ORDER BY load_id",
        {},
        LoadRow,
    )
    return Status(store.generation, *told, loads)  # type: ignore[arg-type]
