"""Rows that could not be used: looked at, and tried again under another reading."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tools.connectors.contract import ImportOptions
from tools.errors import NoDataError
from tools.ingest import IngestReport, Progress
from tools.journeys.intake import IntakeReport, take_in
from tools.store.door import Store
from tools.store.workspace import Workspace

SHOWN = 50
WHERE = (
    "WHERE ($source IS NULL OR load.source = $source) "
    "AND ($reason IS NULL OR contains(rejected_row.reason, $reason)) "
)
ROWS = (
    "SELECT load.source, load.name AS file, rejected_row.line, rejected_row.field, rejected_row.reason, "
    "rejected_row.raw, rejected_row.fields IS NOT NULL AS can_be_tried FROM rejected_row "
    f"JOIN load ON load.load_id = rejected_row.load_id {WHERE}"
    "ORDER BY load.source, load.name, rejected_row.line, rejected_row.reason LIMIT $shown"
)
AGAIN = (
    "SELECT rejected_row.load_id, rejected_row.line, rejected_row.fields FROM rejected_row "
    f"JOIN load ON load.load_id = rejected_row.load_id {WHERE}"
    "AND rejected_row.fields IS NOT NULL ORDER BY rejected_row.load_id, rejected_row.line"
)
TAKEN_BACK = """
UPDATE load SET
    rows_read = rows_read - $rows,
    rows_rejected = rows_rejected - $rows,
    accounts = json_merge_patch(
        accounts, to_json({'rejected': CAST(json_extract_string(accounts, '$.rejected') AS BIGINT) - $rows})
    )
WHERE load_id = $load_id
"""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row that could not be used."""

    source: str
    file: str
    line: int
    field: str
    reason: str
    raw: str
    """The row as the file has it; empty where its person asked to be forgotten."""
    can_be_tried: bool
    """Whether its columns are known: a row that could not be split has none."""


def rejected(
    store: Store, *, source: str | None = None, reason: str | None = None, shown: int = SHOWN
) -> tuple[RejectedRow, ...]:
    """Return rejected rows, of one source or one reason (a part of it) if that is told."""
    return store.records(ROWS, {"source": source, "reason": reason, "shown": shown}, RejectedRow)


def try_again(
    workspace: Workspace,
    options: ImportOptions,
    *,
    loaded_at: datetime,
    source: str | None = None,
    reason: str | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> IntakeReport:
    """Take rejected rows in once more, as `options` say; those that still cannot be used stay.

    Args:
        workspace: Where they are.
        options: How they are to be read now.
        loaded_at: The time of the load (UTC), for the record.
        source: Only rows of this source.
        reason: Only rows whose reason holds this.
        progress: Called as rows are read.

    Raises:
        NoDataError: There is no such row.
        IngestError: They cannot be read as the options say; nothing has changed.
    """
    asked = {"source": source, "reason": reason}
    store = workspace.read()
    rows = store.rows(AGAIN, asked)
    if not rows:
        raise NoDataError("There is no rejected row that could be tried again.")
    files: dict[int, list[tuple[int, str]]] = {}
    for load_id, line, fields in rows:
        files.setdefault(int(str(load_id)), []).append((int(str(line)), str(fields)))
    with tempfile.TemporaryDirectory(prefix="desirepath-") as folder:
        paths: dict[int, Path] = {}
        for load_id, lines in files.items():
            name = str(store.value("SELECT name FROM load WHERE load_id = $id", {"id": load_id}))
            path = Path(folder) / f"{Path(name).name} (again, {load_id}).jsonl"
            path.write_text("\n".join(fields for _, fields in lines) + "\n", encoding="utf-8")
            paths[load_id] = path

        def take_back(store: Store, report: IngestReport) -> None:
            taken = {
                file.name for file in report.files if not file.already_loaded and not file.error
            }
            for load_id, lines in files.items():
                if paths[load_id].name not in taken:
                    continue  # they were tried like this before, or cannot be: they stay
                told = {"load_id": load_id, "lines": [line for line, _ in lines]}
                store.execute(
                    "DELETE FROM rejected_row WHERE load_id = $load_id AND list_contains($lines, line)",
                    told,
                )
                store.execute(TAKEN_BACK, {"load_id": load_id, "rows": len(lines)})

        return take_in(
            workspace,
            list(paths.values()),
            options,
            loaded_at=loaded_at,
            progress=progress,
            also=take_back,
        )
