"""Small files written by hand, taken in, and told as plain rows."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tools.connectors.contract import ImportOptions
from tools.ingest import IngestReport, ingest
from tools.store.door import Store
from tools.store.workspace import memory_store

LOADED_AT = datetime(2026, 1, 1)  # noqa: DTZ001 - times in the store are UTC
Told = tuple[str, str, str]


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def load(store: Store, *paths: Path, options: ImportOptions | None = None) -> IngestReport:
    return ingest(store, paths, options, loaded_at=LOADED_AT)


def taken(*paths: Path, options: ImportOptions | None = None) -> Store:
    store = memory_store()
    load(store, *paths, options=options)
    return store


def events(store: Store) -> list[Told]:
    """Return (person, time, touchpoint), in the order in which the product sees them."""
    rows = store.rows(
        "SELECT identifier.value, strftime(event.occurred_at, '%Y-%m-%d %H:%M:%S'), touchpoint.label "
        "FROM event JOIN touchpoint USING (touchpoint_id) JOIN identifier USING (identifier_id) "
        "ORDER BY identifier.value, event.occurred_at, event.seq"
    )
    return [(str(person), str(at), str(label)) for person, at, label in rows]


def roles(report: IngestReport) -> dict[str, str]:
    return {meaning.column: meaning.role for meaning in report.files[0].columns}


def balanced(reports: Sequence[IngestReport]) -> bool:
    """Tell whether read = taken + duplicate + rejected, in every file."""
    return all(
        file.rows_read == file.rows_taken + file.rows_duplicate + file.rows_rejected
        for report in reports
        for file in report.files
    )
