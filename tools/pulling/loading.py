"""From landed pages into the store: rows and cursors in one write, and then the pages go."""

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from tools.connectors.contract import ImportOptions
from tools.errors import IngestError, WorkspaceBusyError
from tools.ingest import IngestReport
from tools.journeys.intake import take_in
from tools.pulling.landing import JOINED, Landing, join
from tools.pulling.position import Position, position_from
from tools.pulling.report import SourceReport
from tools.pulling.sources import Source
from tools.store.door import Store
from tools.store.workspace import Workspace

LOAD_TRIES = 20
LOAD_PAUSE_SECONDS = 3.0


def cursors(store: Store, source: str) -> dict[str, Position]:
    """Return where the store says that each endpoint's next pull begins."""
    rows = store.rows(
        "SELECT endpoint, cursor FROM source_cursor WHERE source = $source ORDER BY endpoint",
        {"source": source},
    )
    return {str(endpoint): position_from(str(cursor)) for endpoint, cursor in rows}


def forget_cursors(store: Store, source: str) -> None:
    """Let the next pull of a source begin at the beginning; what is known adds nothing."""
    store.execute("DELETE FROM source_cursor WHERE source = $source", {"source": source})


def load(
    workspace: Workspace,
    source: Source,
    landings: Sequence[Landing],
    loaded: Mapping[str, Position],
    keyed: Mapping[str, str | None],
    now: datetime,
) -> SourceReport:
    """Load what has landed, with the cursors in the same write, and let the pages go."""
    stands = {
        landing.endpoint: (landing, landing.last(loaded.get(landing.endpoint, Position())))
        for landing in landings
        if landing.pages()
    }
    if not stands:
        return SourceReport(source.name)
    folder = workspace.path / "landing" / JOINED / source.name
    inner = folder / (source.vendor or source.name)
    joined = folder if join((landing for landing, _ in stands.values()), inner, keyed) else None
    written: list[str] = []
    at = now.replace(tzinfo=None)

    def keep(store: Store, report: IngestReport) -> None:
        failed = {Path(file.name).stem for file in report.files if file.error}
        written.clear()
        for endpoint, (landing, position) in stands.items():
            if not failed & set(landing.files()):
                write_cursor(store, source.name, endpoint, position, at)
                written.append(endpoint)

    try:
        report = _taken(workspace, joined, source, at, keep)
    except (IngestError, WorkspaceBusyError) as fault:
        kept = "What has landed is kept, and loaded with the next sync."
        return SourceReport(source.name, errors=(f"{source.name}: {fault} {kept}",))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for endpoint in written:
        landing, position = stands[endpoint]
        landing.clear(upto=position.page)
    return report


def _taken(
    workspace: Workspace,
    joined: Path | None,
    source: Source,
    at: datetime,
    keep: Callable[[Store, IngestReport], None],
) -> SourceReport:
    columns = dict(source.database.columns) if source.database else {}
    day_first = source.database.day_first if source.database else None
    options = ImportOptions(source=source.name, day_first=day_first, **columns)
    for left in reversed(range(LOAD_TRIES)):
        try:
            if joined is None:
                with workspace.write() as store:
                    keep(store, IngestReport((), (), (), 0, 0, 0, 0.0))
                return SourceReport(source.name)
            told = take_in(
                workspace, [joined], options, loaded_at=at, progress=lambda _: None, also=keep
            ).ingest
        except WorkspaceBusyError:
            if not left:
                raise
            time.sleep(LOAD_PAUSE_SECONDS)
        else:
            return SourceReport(
                source.name,
                rows_new=sum(file.rows_taken for file in told.files),
                rows_known=sum(file.rows_duplicate for file in told.files),
                rows_rejected=sum(file.rows_rejected for file in told.files),
                errors=tuple(f"{source.name}: {file.error}" for file in told.files if file.error),
            )
    raise AssertionError


def write_cursor(
    store: Store, source: str, endpoint: str, position: Position, at: datetime
) -> None:
    """Write where an endpoint's next pull begins."""
    which = {"source": source, "endpoint": endpoint}
    store.execute(
        "DELETE FROM source_cursor WHERE source = $source AND endpoint = $endpoint", which
    )
    store.execute(
        "INSERT INTO source_cursor (source, endpoint, cursor, pulled_at) "
        "VALUES ($source, $endpoint, $cursor, $pulled_at)",
        {**which, "cursor": position.to_text(), "pulled_at": at},
    )
