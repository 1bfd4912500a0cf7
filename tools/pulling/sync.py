"""`sync`: every configured source from its cursor into the store; pages land first.

Pages are durable before they are loaded, the cursors are written with the load, and only then do
the pages go. Whenever the process dies, the next sync finds either pages to load, or a store that
has them.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from filelock import FileLock, Timeout

from tools.errors import (
    JourneyError,
    PullError,
    RefusedKeyError,
    UnreachableSourceError,
    WorkspaceBusyError,
)
from tools.pulling.landing import Landing
from tools.pulling.loading import cursors, load
from tools.pulling.patience import Patience
from tools.pulling.position import Position
from tools.pulling.pulls import Pull, pulls_of, resumed
from tools.pulling.report import EndpointReport, Pulled, SourceReport, SyncReport, both
from tools.pulling.sources import Source, source_named, sources
from tools.store.workspace import Workspace


def sync(
    workspace: Workspace,
    names: Sequence[str] = (),
    *,
    now: datetime,
    environment: Mapping[str, str] = os.environ,
    patience: Patience | None = None,
    progress: Callable[[Pulled], None] = lambda _: None,
) -> SyncReport:
    """Pull sources from their cursors and load what is new; one that fails stops no other.

    Args:
        workspace: Whose sources, and where to.
        names: Which of them; none: all.
        now: The time of the pull (UTC, aware).
        environment: Where keys are.
        patience: How long a vendor may take ; None: as is usual.
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


def _sync_one(
    workspace: Workspace,
    source: Source,
    now: datetime,
    environment: Mapping[str, str],
    patience: Patience | None,
    progress: Callable[[Pulled], None],
) -> SourceReport:
    """Finish and load what an earlier sync left, then pull what is new.

    Both in one file would hold the rows twice that two runs ask for.
    """
    started = time.perf_counter()
    report = SourceReport(source.name)
    try:
        with pulls_of(source, now, environment, patience) as pulls:
            for finish in (True, False):
                passed, goes_on = _pass(workspace, source, pulls, now, progress, finish=finish)
                report = both(report, passed)
                if not goes_on:
                    break
    except JourneyError as fault:
        report = replace(report, errors=(*report.errors, str(fault)))
    return replace(report, seconds=time.perf_counter() - started)


def _pass(
    workspace: Workspace,
    source: Source,
    pulls: Sequence[Pull],
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
    report = load(workspace, source, chosen, loaded, keyed, now)
    errors = tuple(brought.error for brought in told if brought.error)
    return replace(report, endpoints=tuple(told), errors=errors + report.errors), goes_on


def _land(
    source: Source,
    pull: Pull,
    landing: Landing,
    loaded: Position,
    progress: Callable[[Pulled], None],
) -> tuple[EndpointReport, bool]:
    """Land what an endpoint has; False: the source's other endpoints will fare no better."""
    position = landing.last(loaded)
    pages = records = 0
    try:
        for page in resumed(pull, landing, loaded, position):
            landing.land(page)
            position = page.position
            pages += 1
            records += sum(len(found) for found in page.records.values())
            progress(Pulled(source.name, pull.name, pages, records))
    except PullError as fault:
        failed = EndpointReport(pull.name, pages, records, position.next, str(fault))
        return failed, not isinstance(fault, RefusedKeyError | UnreachableSourceError)
    return EndpointReport(pull.name, pages, records, position.next), True


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
