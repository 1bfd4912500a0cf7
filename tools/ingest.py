"""Taking data in: the only place where connectors, identity and the store meet."""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from tools.connectors.contract import ImportOptions, Meaning, RawTable, Reading
from tools.connectors.event_table import EventTable
from tools.connectors.files import SourceFile, UnreadFile, find_files, fingerprint, unpacked
from tools.connectors.registry import connector_for
from tools.connectors.staging import Staged, expected_rows, stage
from tools.errors import IngestError, UnreadableFileError
from tools.identity.stitching import settle_persons
from tools.ingest_rows import Counts, take, tell_sql
from tools.store.door import Store
from tools.store.workspace import memory_store

PREVIEW_ROWS = 200_000
FIRST_ROWS = 5
REJECTS_SHOWN = 20
REMEMBERED = ("person", "time", "event", "session", "channel", "campaign", "value", "currency")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is."""

    file: str
    step: str
    """What is being done: reading, understanding, writing, done."""
    rows: int
    """Rows done in this file so far."""
    rows_expected: int
    """About how many the file has; exact once it is read."""
    files_done: int
    files: int
    seconds: float
    """Since the import began."""


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that could not be used."""

    file: str
    line: int
    field: str
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file."""

    name: str
    connector: str
    source: str
    rows_read: int = 0
    rows_taken: int = 0
    rows_duplicate: int = 0
    rows_rejected: int = 0
    events: int = 0
    """New events."""
    persons: int = 0
    """Persons who have new events."""
    already_loaded: bool = False
    columns: tuple[Meaning, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str | None = None
    """Why nothing of the file was taken; None when something was."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an import did."""

    files: tuple[FileReport, ...]
    unread: tuple[UnreadFile, ...]
    rejects: tuple[Reject, ...]
    """The first few rejected rows; all of them stand in `rejected_row`."""
    events: int
    """Events in the store now."""
    persons: int
    """Persons with events in the store now."""
    touchpoints: int
    seconds: float

    @property
    def changed(self) -> bool:
        """Tell whether anything new was taken."""
        return any(file.rows_taken for file in self.files)


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as it will read."""

    line: int
    person: str | None
    occurred_at: datetime | None
    touchpoint: str | None
    channel: str | None
    session: str | None
    value: float | None
    properties: str | None


@dataclass(frozen=True, slots=True)
class FilePreview:
    """How one file will be read."""

    name: str
    connector: str
    source: str
    columns: tuple[Meaning, ...]
    first_rows: tuple[PreviewRow, ...]
    rows: int
    """Rows looked at."""
    rows_expected: int
    already_loaded: bool
    warnings: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """How an import will read its files; nothing is written."""

    files: tuple[FilePreview, ...]
    unread: tuple[UnreadFile, ...]


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
        progress: Is told what is being done.

    Raises:
        IngestError: No file could be used; with one file, its own error.
    """
    options = options or ImportOptions()
    began = time.monotonic()
    store.execute("CREATE OR REPLACE TEMP TABLE touched_person (person_id BIGINT)")
    reports: list[FileReport] = []
    faults: list[IngestError] = []
    with tempfile.TemporaryDirectory(prefix="desirepath-") as folder:
        files, unread = find_files(paths, Path(folder))
        for number, file in enumerate(files):

            def tell(
                step: str, rows: int, expected: int, at: int = number, of: SourceFile = file
            ) -> None:
                progress(
                    Progress(
                        of.name, step, rows, expected, at, len(files), time.monotonic() - began
                    )
                )

            try:
                reports.append(_load(store, file, options, Path(folder), loaded_at, tell))
            except IngestError as fault:
                faults.append(fault)
                reports.append(FileReport(file.name, "", "", error=str(fault)))
    _complain(paths, reports, faults, unread)
    settle_persons(store)
    store.memory.clear()
    return _report(store, reports, unread, time.monotonic() - began)


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
        files, unread = find_files(paths, Path(folder))
        shown = tuple(_preview(desk, store, file, options, Path(folder)) for file in files)
    desk.close()
    return Preview(shown, unread)


def _load(
    store: Store,
    file: SourceFile,
    options: ImportOptions,
    folder: Path,
    loaded_at: datetime,
    tell: Callable[[str, int, int], None],
) -> FileReport:
    told, content_hash = json.dumps(asdict(options)), fingerprint(file.path)
    tell("reading", 0, expected_rows(file))
    if (earlier := _earlier(store, content_hash, told)) is not None:
        return FileReport(
            file.name, str(earlier[0]), str(earlier[1]), already_loaded=True,
            rows_read=int(str(earlier[2])), rows_rejected=int(str(earlier[3])),
            rows_duplicate=int(str(earlier[2])) - int(str(earlier[3])),
        )  # fmt: skip
    staged = stage(store, unpacked(file, folder), folder)
    rows = staged.raw.rows
    tell("understanding", rows // 3, rows)
    reading = _read(store, store, staged, options)
    tell("writing", rows // 2, rows)
    load_id = int(str(store.value("SELECT nextval('load_sequence')")))
    counts = take(store, staged.raw, reading, load_id=load_id, rejects=staged.rejects)
    _record(store, file, reading, counts, load_id, (content_hash, told), loaded_at)
    _clear(store)
    tell("done", rows, rows)
    return FileReport(
        file.name, reading.connector, reading.source, counts.rows_read, counts.rows_taken,
        counts.rows_duplicate, counts.rows_rejected, counts.events, counts.persons,
        columns=reading.meanings, warnings=staged.warnings + reading.warnings,
    )  # fmt: skip


def _read(desk: Store, store: Store | None, staged: Staged, options: ImportOptions) -> Reading:
    raw: RawTable = staged.raw
    if store is not None and connector_for(raw, options).name == EventTable.name:
        options = _remembered(store, raw, options)
    return connector_for(raw, options).read(desk, raw, options)


def _remembered(store: Store, raw: RawTable, options: ImportOptions) -> ImportOptions:
    """Read a file as the last one with the same columns was read, but for what the user says.

    What a column is would else depend on how many rows a file has.
    """
    rows = store.rows(
        "SELECT mapping FROM load WHERE connector = $connector ORDER BY load_id DESC",
        {"connector": EventTable.name},
    )
    names = sorted(name.casefold() for name in raw.columns)
    for (text,) in rows:
        mapping = json.loads(str(text))
        if sorted(column.casefold() for column, _ in mapping["columns"]) == names:
            known = {role: column for column, role in reversed(mapping["columns"])}
            told = {role: known[role] for role in REMEMBERED if role in known}
            earlier = replace(ImportOptions(day_first=mapping["day_first"]), **told)
            asked = {name: value for name, value in asdict(options).items() if value is not None}
            return replace(earlier, **asked)
    return options


def _earlier(store: Store, content_hash: str, told: str) -> tuple[object, ...] | None:
    """Return the load that took in the same bytes with the same options."""
    rows = store.rows(
        "SELECT connector, source, rows_read, rows_rejected FROM load "
        "WHERE content_hash = $content_hash AND json_extract_string(mapping, '$.options') = $told "
        "ORDER BY load_id LIMIT 1",
        {"content_hash": content_hash, "told": told},
    )
    return rows[0] if rows else None


def _record(
    store: Store,
    file: SourceFile,
    reading: Reading,
    counts: Counts,
    load_id: int,
    what: tuple[str, str],
    loaded_at: datetime,
) -> None:
    mapping = {"options": what[1], "columns": [[m.column, m.role] for m in reading.meanings], "day_first": reading.day_first}
    store.execute(
        "INSERT INTO load SELECT $load_id, $source, $connector, $name, $content_hash, $mapping, "
        "$rows_read, $rows_taken, $rows_rejected, $rows_duplicate, $events, "
        "min(occurred_at), max(occurred_at), $loaded_at FROM event WHERE load_id = $load_id",
        {
            "load_id": load_id,
            "source": reading.source,
            "connector": reading.connector,
            "name": file.name,
            "content_hash": what[0],
            "mapping": json.dumps(mapping),
            "rows_read": counts.rows_read,
            "rows_taken": counts.rows_taken,
            "rows_rejected": counts.rows_rejected,
            "rows_duplicate": counts.rows_duplicate,
            "events": counts.events,
            "loaded_at": loaded_at,
        },
    )


def _clear(store: Store) -> None:
    """Let go of the file's rows before the next file is read."""
    store.execute("DROP VIEW IF EXISTS raw")
    store.execute("DROP VIEW IF EXISTS seen_link")
    for table in (
        "staged_row",
        "told_event",
        "told_link",
        "told_trait",
        "told_note",
        "told_spend",
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


def _preview(
    desk: Store, store: Store | None, file: SourceFile, options: ImportOptions, folder: Path
) -> FilePreview:
    already = (
        store is not None
        and _earlier(store, fingerprint(file.path), json.dumps(asdict(options))) is not None
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
    return desk.records(
        "SELECT line, identifier AS person, occurred_at, touchpoint, channel, session_id AS session, "
        f"value, properties FROM ({told}) ORDER BY line, after LIMIT {FIRST_ROWS}",
        {name: value for name, value in reading.parameters.items() if f"${name}" in told},
        PreviewRow,
    )
