"""Files to journeys in one write: take in, propose a journey where there is none, refresh."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tools.connectors.contract import ImportOptions
from tools.ingest import IngestReport, Progress, ingest
from tools.journeys.build import define, refresh
from tools.journeys.definition import JourneyDefinition, definitions, spoken
from tools.journeys.proposal import propose
from tools.store.door import Store
from tools.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What an import did, and under which journey the data now reads."""

    ingest: IngestReport
    journey: JourneyDefinition
    proposed: bool
    """True where this import proposed the journey."""
    hint: str | None = None
    """A sentence where the journey's limits hardly suit the data."""


def take_in(
    workspace: Workspace,
    paths: Sequence[Path],
    options: ImportOptions,
    *,
    loaded_at: datetime,
    progress: Callable[[Progress], None],
    also: Callable[[Store, IngestReport], None] = lambda _store, _report: None,
) -> IntakeReport:
    """Load files and bring all journeys up to date; publish the whole, or nothing.

    A journey that was only proposed is proposed anew when the new data names a better end.

    Args:
        workspace: Where to.
        paths: Files and folders.
        options: Source name and column overrides.
        loaded_at: The time of the load (UTC), for the record.
        progress: Called as rows are read.
        also: Writes what has to stand or fall with the load, such as where a pull goes on.

    Raises:
        IngestError: The only file cannot be taken in.
        WorkspaceBusyError: Another process is writing.
    """
    with workspace.write() as store:
        report = ingest(store, paths, options, loaded_at=loaded_at, progress=progress)
        also(store, report)
        known = definitions(store)
        proposal = propose(store)
        outdated = [d for d, _ in known if d.proposed and d.end != proposal.end]
        refresh(store, except_for=frozenset(d.definition_id for d in outdated))
        if outdated or not known:
            proposal = define(store, proposal)
            return IntakeReport(report, proposal, proposed=True, hint=hint(store, proposal))
        default = next(definition for definition, is_default in known if is_default)
        return IntakeReport(report, default, proposed=False)


def hint(store: Store, definition: JourneyDefinition) -> str | None:
    """Say that most people go on after their journey has closed, where they do."""
    cut, persons = store.rows(
        "SELECT count(DISTINCT person_id) FILTER (WHERE outcome = 'dropped'), "
        "count(DISTINCT person_id) FROM journey WHERE definition_id = $definition_id",
        {"definition_id": definition.definition_id},
    )[0]
    if 2 * int(str(cut)) <= int(str(persons)):
        return None
    return (
        f"{cut:,} of {persons:,} people go on after their journey has closed: a longer window "
        f"and inactivity may suit this data (now {spoken(definition.window)} and "
        f"{spoken(definition.inactivity)})."
    )
