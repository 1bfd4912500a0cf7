"""Files to journeys in one write: take in, propose a journey where there is none, refresh."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tools.connectors.contract import ImportOptions
from tools.ingest import IngestReport, Progress, ingest
from tools.journeys.build import define, refresh
from tools.journeys.definition import JourneyDefinition, definitions
from tools.journeys.proposal import propose
from tools.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What an import did, and under which journey the data now reads."""

    ingest: IngestReport
    journey: JourneyDefinition
    proposed: bool
    """True where this import proposed the journey."""


def take_in(
    workspace: Workspace,
    paths: Sequence[Path],
    options: ImportOptions,
    *,
    loaded_at: datetime,
    progress: Callable[[Progress], None],
) -> IntakeReport:
    """Load files and bring all journeys up to date; publish the whole, or nothing.

    A journey that was only proposed is proposed anew when the new data names a better end.

    Args:
        workspace: Where to.
        paths: Files and folders.
        options: Source name and column overrides.
        loaded_at: The time of the load (UTC), for the record.
        progress: Called as rows are read.

    Raises:
        IngestError: The only file cannot be taken in.
        WorkspaceBusyError: Another process is writing.
    """
    with workspace.write() as store:
        report = ingest(store, paths, options, loaded_at=loaded_at, progress=progress)
        known = definitions(store)
        proposal = propose(store)
        outdated = [d for d, _ in known if d.proposed and d.end != proposal.end]
        refresh(store, except_for=frozenset(d.definition_id for d in outdated))
        if outdated or not known:
            return IntakeReport(report, define(store, proposal), proposed=True)
        default = next(definition for definition, is_default in known if is_default)
        return IntakeReport(report, default, proposed=False)
