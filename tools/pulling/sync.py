"""`sync`: every configured source from its cursor into the store; pages land first.

Pages are durable before they are loaded, the cursors are written with the load, and only then do
the pages go. Whenever the process dies, the next sync finds either pages to load, or a store that
has them.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from tools.connectors.contract import ImportOptions
from tools.errors import (
    IngestError,
    JourneyError,
    PullError,
    RefusedKeyError,
    RefusedRequestError,
    UnreachableSourceError,
    WorkspaceBusyError,
)
from tools.ingest import IngestReport
from tools.journeys.intake import take_in
from tools.pulling.api import Endpoint
from tools.pulling.keys import Keys, find_keys, quiet
from tools.pulling.landing import JOINED, Landing, Page, join
from tools.pulling.position import Position, position_from
from tools.pulling.registry import api_of
from tools.pulling.sources import Source, source_named, sources
from tools.store.door import Store
from tools.store.workspace import Workspace

LOAD_TRIES = 20
LOAD_PAUSE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class EndpointReport:
    """What one endpoint brought."""

    endpoint: str
    pages: int
    records: int
    next: str
    """Where the next pull goes on."""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one source brought, and what became of it."""

    source: str
    pages: int = 0
    records: int = 0
    rows_new: int = 0
    rows_known: int = 0
    rows_rejected: int = 0
    seconds: float = 0.0
    endpoints: tuple[EndpointReport, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did."""

    sources: tuple[SourceReport, ...]
    seconds: float

    @property
    def errors(self) -> tuple[str, ...]:
        """Return what went wrong, source by source."""
        return tuple(error for source in self.sources for error in source.errors)


@dataclass(frozen=True, slots=True)
class Pulled:
    """A page has landed."""

    source: str
    endpoint: str
    pages: int
    records: int


@dataclass(frozen=True, slots=True)
class _Pull:
    """One endpoint of a source that can be pulled page by page."""

    name: str
    pages: Callable[[Position], Iterator[Page]]
    keyed: Mapping[str, str | None]
    resumes: bool = True


def sync(
    workspace: Workspace,
    names: Sequence[str] = (),
    *,
    now: datetime,
    environment: Mapping[str, str] = os.environ,
    patience: object | None = None,
    progress: Callable[[Pulled], None] = lambda _: None,
) -> SyncReport:
    """Pull sources from their cursors and load what is new; one that fails stops no other.

    Args:
        workspace: Whose sources, and where to.
        names: Which of them; none: all.
        now: The time of the pull (UTC, aware).
        environment: Where keys are.
        patience: How long a vendor may take (`client.Patience`); None: as is usual.
        progress: Is told of every page.

    Raises:
        InvalidArgumentError: A source is not configured, or the settings cannot be read.
        WorkspaceBusyError: Another sync is under way.
    """
    chosen = [source_named(workspace, name) for name in names] or list(sources(workspace))
    started = time.perf_counter()
    with _alone(workspace):
        reports = tuple(
            _sync_one(workspace, source, now, environment, patience, progress) for source in chosen
        )
    return SyncReport(reports, time.perf_counter() - started)


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


def _sync_one(
    workspace: Workspace,
    source: Source,
    now: datetime,
    environment: Mapping[str, str],
    patience: object | None,
    progress: Callable[[Pulled], None],
) -> SourceReport:
    """Finish and load what an earlier sync left, then pull what is new.

    Both in one file would hold the rows twice that two runs ask for.
    """
    started = time.perf_counter()
    report = SourceReport(source.name)
    try:
        with _pulls(source, now, environment, patience) as pulls:
            for finish in (True, False):
                passed, goes_on = _pass(workspace, source, pulls, now, progress, finish=finish)
                report = _sum(report, passed)
                if not goes_on:
                    break
    except JourneyError as fault:
        report = replace(report, errors=(*report.errors, str(fault)))
    return replace(report, seconds=time.perf_counter() - started)


def _pass(
    workspace: Workspace,
    source: Source,
    pulls: Sequence[_Pull],
    now: datetime,
    progress: Callable[[Pulled], None],
    *,
    finish: bool,
) -> tuple[SourceReport, bool]:
    """Land and load the endpoints that have something to finish, or those that have nothing."""
    loaded = cursors(workspace.read(), source.name)
    told: list[EndpointReport] = []
    chosen: list[Landing] = []
    goes_on = True
    for pull in pulls:
        stands = loaded.get(pull.name, Position())
        landing = Landing(workspace.path, source.name, pull.name)
        landing.clear(upto=stands.page)
        unfinished = landing.last(stands).run is not None
        if (unfinished or landing.pages() > 0) != finish:
            continue
        chosen.append(landing)
        if finish and not unfinished:
            continue
        brought, goes_on = _land(source, pull, landing, stands, progress)
        told.append(brought)
        if not goes_on:
            break
    keyed = {name: key for pull in pulls for name, key in pull.keyed.items()}
    report = _load(workspace, source, chosen, loaded, keyed, now)
    errors = tuple(brought.error for brought in told if brought.error)
    return replace(report, endpoints=tuple(told), errors=errors + report.errors), goes_on


def _sum(one: SourceReport, other: SourceReport) -> SourceReport:
    """Put two passes' reports together."""
    endpoints = {endpoint.endpoint: endpoint for endpoint in one.endpoints}
    for endpoint in other.endpoints:
        if (before := endpoints.get(endpoint.endpoint)) is not None:
            endpoint = replace(  # noqa: PLW2901 - the sum of both
                endpoint,
                pages=before.pages + endpoint.pages,
                records=before.records + endpoint.records,
            )
        endpoints[endpoint.endpoint] = endpoint
    return SourceReport(
        one.source,
        pages=sum(endpoint.pages for endpoint in endpoints.values()),
        records=sum(endpoint.records for endpoint in endpoints.values()),
        rows_new=one.rows_new + other.rows_new,
        rows_known=one.rows_known + other.rows_known,
        rows_rejected=one.rows_rejected + other.rows_rejected,
        endpoints=tuple(endpoints.values()),
        errors=one.errors + other.errors,
    )


def _land(
    source: Source,
    pull: _Pull,
    landing: Landing,
    loaded: Position,
    progress: Callable[[Pulled], None],
) -> tuple[EndpointReport, bool]:
    """Land what an endpoint has; False: the source's other endpoints will fare no better."""
    position = landing.last(loaded)
    pages = records = 0
    try:
        for page in _resumed(pull, landing, loaded, position):
            landing.land(page)
            position = page.position
            pages += 1
            records += sum(len(found) for found in page.records.values())
            progress(Pulled(source.name, pull.name, pages, records))
    except PullError as fault:
        failed = EndpointReport(pull.name, pages, records, position.next, str(fault))
        return failed, not isinstance(fault, RefusedKeyError | UnreachableSourceError)
    return EndpointReport(pull.name, pages, records, position.next), True


def _resumed(pull: _Pull, landing: Landing, loaded: Position, position: Position) -> Iterator[Page]:
    """Yield pages from a position; a run that cannot be resumed begins anew."""
    if position.run is not None and not pull.resumes:
        landing.clear()
        position = replace(loaded, run=None)
    pages = pull.pages(position)
    try:
        first = next(pages, None)
    except RefusedRequestError:
        run = position.run
        if run is None or run.request is None:
            raise
        # The reference to the next page has run out since.
        if landing.pages():
            landing.clear()
            position = loaded
        if position.run is not None:
            position = replace(position, run=replace(position.run, request=None))
        pages = pull.pages(position)
        first = next(pages, None)
    if first is not None:
        yield first
        yield from pages


@contextmanager
def _pulls(
    source: Source, now: datetime, environment: Mapping[str, str], patience: object | None
) -> Iterator[Sequence[_Pull]]:
    """Yield what can be pulled of a source, lazily: the libraries are loaded by a pull only."""
    if source.database is not None:
        from tools.pulling import databases  # noqa: PLC0415

        database, name = source.database, source.name
        keys = _password(source, environment)

        def rows(position: Position) -> Iterator[Page]:
            return databases.rows_in_pages(name, database, position, keys)

        with quiet(keys):
            yield [_Pull(name, rows, {}, resumes=database.cursor is not None)]
        return
    from tools.pulling.client import ApiClient, Patience  # noqa: PLC0415
    from tools.pulling.endpoints import pages  # noqa: PLC0415

    api = api_of(str(source.vendor))
    keys = find_keys(source.name, api.keys(), environment)
    patient = patience if isinstance(patience, Patience) else None
    client = ApiClient(source.name, api, keys, {**api.defaults, **source.settings}, patient)

    def pull_of(endpoint: Endpoint) -> _Pull:
        def told(position: Position) -> Iterator[Page]:
            return pages(client, endpoint, position, now=now, start=source.begins)

        keyed = {endpoint.name: endpoint.key} | {
            beside.name: beside.key for beside in endpoint.beside
        }
        return _Pull(endpoint.name, told, keyed)

    with quiet(keys), closing(client):
        yield [pull_of(e) for e in api.endpoints if not source.only or e.name in source.only]


def _password(source: Source, environment: Mapping[str, str]) -> Keys:
    try:
        return find_keys(source.name, source.key_names, environment)
    except RefusedKeyError:
        return Keys({})  # a file, or a base that trusts its host


def _load(
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
                _write_cursor(store, source.name, endpoint, position, at)
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


def _write_cursor(
    store: Store, source: str, endpoint: str, position: Position, at: datetime
) -> None:
    which = {"source": source, "endpoint": endpoint}
    store.execute(
        "DELETE FROM source_cursor WHERE source = $source AND endpoint = $endpoint", which
    )
    store.execute(
        "INSERT INTO source_cursor (source, endpoint, cursor, pulled_at) "
        "VALUES ($source, $endpoint, $cursor, $pulled_at)",
        {**which, "cursor": position.to_text(), "pulled_at": at},
    )


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    workspace.path.mkdir(parents=True, exist_ok=True)
    lock = FileLock(workspace.path / "sync.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise WorkspaceBusyError(
            f"{workspace.path}: another sync of this workspace is under way."
        ) from None
    try:
        yield
    finally:
        lock.release()
