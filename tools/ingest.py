"""Taking data in: the only place where connectors, identity and the store meet."""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from tools.connectors.api_pages import tables_of
from tools.connectors.contract import ImportOptions, Meaning, RawTable, Reading
from tools.connectors.event_table import EventTable
from tools.connectors.files import SourceFile, UnreadFile, find_files, fingerprint, unpacked
from tools.connectors.registry import connectors_for
from tools.connectors.staging import Staged, expected_rows, stage
from tools.dictionary.labelling import readable
from tools.dictionary.settling import settle
from tools.errors import IngestError, UnmappedColumnError, UnreadableFileError
from tools.identity.stitching import settle_persons
from tools.ingest_loads import earlier_load, record, remembered
from tools.ingest_progress import Ticker
from tools.ingest_report import (
    FilePreview,
    FileReport,
    IngestReport,
    Preview,
    PreviewRow,
    Progress,
    Reject,
)
from tools.ingest_rows import take
from tools.ingest_told import tell_sql
from tools.store.door import Store
from tools.store.workspace import memory_store

__all__ = [
    "FilePreview",
    "FileReport",
    "IngestReport",
    "Preview",
    "PreviewRow",
    "Progress",
    "Reject",
    "ingest",
    "preview",
]
BEGIN = """
CREATE OR REPLACE TEMP TABLE touched_person (person_id BIGINT);
CREATE OR REPLACE TEMP TABLE touched_spend (source VARCHAR, day DATE);
CREATE OR REPLACE TEMP TABLE new_load (load_id INTEGER);
"""
PREVIEW_ROWS = 200_000
FIRST_ROWS = 5
REJECTS_SHOWN = 20


def ingest(
    store: Store,
    paths: Sequence[Path],
    options: ImportOptions | None = None,
    *,
    loaded_at: datetime,
    progress: Callable[[Progress], None] = lambda _: None,
) -> IngestReport:
    """Take files in; afterwards `touched_person` holds the persons who changed.

    One file that cannot be used does not stop the others: its report says why. Wrap the call in
    `Workspace.write()`: the load is then published whole or not at all.

    Args:
        store: A writable store.
        paths: Files and folders.
        options: What the user said about them.
        loaded_at: When, in UTC.
        progress: Is told how far it is, also from a thread of its own.

    Raises:
        IngestError: No file could be used; with one file, its own error.
    """
    options = options or ImportOptions()
    store.execute(BEGIN)
    reports: list[FileReport] = []
    faults: list[IngestError] = []
    with tempfile.TemporaryDirectory(prefix="desirepath-") as folder:
        files, unread = _tables(paths, Path(folder))
        with Ticker(store, progress, len(files)) as ticker:
            for number, file in enumerate(files):
                ticker.file(file.name, number, expected_rows(file))
                try:
                    reports.append(_load(store, file, options, Path(folder), loaded_at, ticker))
                except IngestError as fault:
                    faults.append(fault)
                    reports.append(FileReport(file.name, "", "", error=str(fault)))
            _complain(paths, reports, faults, unread)
            settle(store)
            settle_persons(store)
    store.memory.clear()
    return _report(store, reports, unread, ticker.seconds)


def preview(
    store: Store | None, paths: Sequence[Path], options: ImportOptions | None = None
) -> Preview:
    """Show how files would be read: columns, first rows, warnings; writes nothing.

    Args:
        store: Where to look whether a file is loaded already; None: nowhere.
        paths: Files and folders.
        options: What the user said about them.

    Raises:
        UnreadableFileError: A path does not exist.
    """
    options = options or ImportOptions()
    desk = memory_store()
    with tempfile.TemporaryDirectory(prefix="desirepath-") as folder:
        files, unread = _tables(paths, Path(folder))
        shown = tuple(_preview(desk, store, file, options, Path(folder)) for file in files)
    desk.close()
    return Preview(shown, unread)


def _tables(
    paths: Sequence[Path], folder: Path
) -> tuple[tuple[SourceFile, ...], tuple[UnreadFile, ...]]:
    files, unread = find_files(paths, folder)
    tables = [(file, tables_of(file, folder)) for file in files]
    empty = tuple(
        UnreadFile(file.name, "an answer without records") for file, found in tables if not found
    )
    return tuple(table for _, found in tables for table in found), unread + empty


def _load(
    store: Store,
    file: SourceFile,
    options: ImportOptions,
    folder: Path,
    loaded_at: datetime,
    ticker: Ticker,
) -> FileReport:
    told, content_hash = json.dumps(asdict(options)), fingerprint(file.path)
    if (earlier := earlier_load(store, content_hash, told)) is not None:
        return FileReport(
            file.name, str(earlier[0]), str(earlier[1]), already_loaded=True,
            rows_read=int(str(earlier[2])), rows_rejected=int(str(earlier[3])),
            rows_duplicate=int(str(earlier[2])) - int(str(earlier[3])),
            accounts=json.loads(str(earlier[4])) if earlier[4] else {},
        )  # fmt: skip
    staged = stage(store, unpacked(file, folder), folder)
    rows = staged.raw.rows
    ticker.step("understanding", rows)
    reading = _read(store, store, staged, options)
    ticker.step("writing", rows)
    load_id = int(str(store.value("SELECT nextval('load_sequence')")))
    counts = take(store, staged.raw, reading, load_id=load_id, rejects=staged.rejects)
    store.execute("INSERT INTO new_load VALUES ($load_id)", {"load_id": load_id})
    record(store, file, reading, counts, load_id, (content_hash, told), loaded_at)
    _clear(store)
    ticker.step("done", rows)
    return FileReport(
        file.name, reading.connector, reading.source, counts.rows_read, counts.rows_taken,
        counts.rows_duplicate, counts.rows_rejected, counts.events, counts.persons,
        columns=reading.meanings, warnings=staged.warnings + reading.warnings,
        accounts=counts.accounts,
    )  # fmt: skip


def _clear(store: Store) -> None:
    """Let go of the file's rows before the next file is read."""
    store.execute("DROP VIEW IF EXISTS raw")
    store.execute("DROP VIEW IF EXISTS staged_line")
    store.execute("DROP VIEW IF EXISTS seen_link")
    for table in (
        "staged_row",
        "told_event",
        "told_link",
        "told_trait",
        "told_note",
        "told_spend",
        "told_detail",
        "told_name",
        "repeated",
        "refused",
        "known",
    ):
        store.execute(f"DROP TABLE IF EXISTS {table}")


def _complain(
    paths: Sequence[Path],
    reports: Sequence[FileReport],
    faults: Sequence[IngestError],
    unread: Sequence[UnreadFile],
) -> None:
    if len(faults) == 1 == len(reports):
        raise faults[0]
    if len(faults) == len(reports):
        what = " ".join(str(fault) for fault in faults[:3])
        what += " ".join(f"{file.name}: {file.reason}." for file in unread[:3])
        raise UnreadableFileError(
            what or f"paths: there is no file in {', '.join(map(str, paths))}."
        )


def _report(
    store: Store, reports: Sequence[FileReport], unread: tuple[UnreadFile, ...], seconds: float
) -> IngestReport:
    loads = len([report for report in reports if report.connector and not report.already_loaded])
    rejects = store.rows(
        "SELECT load.name, rejected_row.line, rejected_row.field, rejected_row.reason, rejected_row.raw "
        "FROM rejected_row JOIN (SELECT load_id, name FROM load ORDER BY load_id DESC LIMIT $loads) AS load "
        "ON load.load_id = rejected_row.load_id ORDER BY load.load_id, rejected_row.line LIMIT $shown",
        {"loads": loads, "shown": REJECTS_SHOWN},
    )
    totals = store.rows(
        "SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM person), (SELECT count(*) FROM touchpoint)"
    )[0]
    events, persons, touchpoints = (int(str(n)) for n in totals)
    return IngestReport(
        files=tuple(reports),
        unread=unread,
        rejects=tuple(
            Reject(str(r[0]), int(str(r[1])), str(r[2]), str(r[3]), str(r[4])) for r in rejects
        ),
        events=events,
        persons=persons,
        touchpoints=touchpoints,
        seconds=seconds,
    )


def _read(desk: Store, store: Store | None, staged: Staged, options: ImportOptions) -> Reading:
    raw: RawTable = staged.raw
    first, *others = connectors_for(raw, options)
    if store is not None and first.name == EventTable.name:
        options = remembered(store, raw, options)
    try:
        return first.read(desk, raw, options)
    except UnmappedColumnError:
        if not others:
            raise
        return others[0].read(desk, raw, options)


def _preview(
    desk: Store, store: Store | None, file: SourceFile, options: ImportOptions, folder: Path
) -> FilePreview:
    already = (
        store is not None
        and earlier_load(store, fingerprint(file.path), json.dumps(asdict(options))) is not None
    )
    expected = expected_rows(file)
    columns: tuple[Meaning, ...] = ()
    try:
        staged = stage(desk, unpacked(file, folder), folder, limit=PREVIEW_ROWS)
        columns = tuple(Meaning(name, "unknown") for name in staged.raw.columns)
        reading = _read(desk, store, staged, options)
        rows = _first_rows(desk, reading)
    except IngestError as fault:
        return FilePreview(file.name, "", "", columns, (), 0, expected, already, error=str(fault))
    rows_seen = staged.raw.rows
    return FilePreview(
        file.name, reading.connector, reading.source, reading.meanings, rows, rows_seen,
        rows_seen if rows_seen < PREVIEW_ROWS else max(expected, rows_seen), already,
        staged.warnings + reading.warnings,
    )  # fmt: skip


def _first_rows(desk: Store, reading: Reading) -> tuple[PreviewRow, ...]:
    told = tell_sql(desk, reading, "events")
    rows = desk.records(
        "SELECT line, identifier AS person, occurred_at, touchpoint, channel, session_id AS session, "
        f"value, properties FROM ({told}) ORDER BY line, after LIMIT {FIRST_ROWS}",
        {name: value for name, value in reading.parameters.items() if f"${name}" in told},
        PreviewRow,
    )
    return tuple(
        replace(row, touchpoint=readable(row.touchpoint) if row.touchpoint else None)
        for row in rows
    )
