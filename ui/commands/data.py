"""`desirepath import` and `desirepath status`."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tools import ingest
from tools.connectors.contract import ImportOptions
from tools.journeys.intake import IntakeReport, take_in
from tools.journeys.status import status as status_of
from tools.store.workspace import Workspace
from ui.commands.output import ASIDE, PEOPLE, as_json, as_table, progress_bar

SHOWN_REJECTS = 5


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("import")(import_files)
    app.command("status")(status)


def import_files(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.")],
    source: Annotated[str | None, typer.Option(help="The system's name.")] = None,
    person: Annotated[str | None, typer.Option(help="The column that names the person.")] = None,
    time: Annotated[str | None, typer.Option(help="The column that holds the time.")] = None,
    event: Annotated[str | None, typer.Option(help="The column that names the event.")] = None,
    session: Annotated[str | None, typer.Option(help="The column of the session.")] = None,
    channel: Annotated[str | None, typer.Option(help="The column of the channel.")] = None,
    campaign: Annotated[str | None, typer.Option(help="The column of the campaign.")] = None,
    value: Annotated[str | None, typer.Option(help="The column of the value.")] = None,
    currency: Annotated[str | None, typer.Option(help="The column of the currency.")] = None,
    day_first: Annotated[
        bool | None, typer.Option("--day-first/--month-first", help="How 03/04 reads.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Import without asking.")] = False,
    as_json_document: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Take files in: shows how their columns are understood, then loads what is new."""
    workspace: Workspace = context.obj
    options = ImportOptions(
        source, person, time, event, session, channel, campaign, value, currency, day_first
    )
    asks = not (yes or as_json_document) and sys.stdin.isatty()
    if asks and not _agreed(workspace, paths, options):
        raise typer.Exit(0)
    shown = ASIDE.is_terminal and not as_json_document
    with progress_bar(shown=shown) as progress:
        report = take_in(
            workspace,
            paths,
            options,
            loaded_at=datetime.now(UTC).replace(tzinfo=None),
            progress=progress,
        )
    if as_json_document:
        return as_json(report)
    _print(report)
    return None


def _agreed(workspace: Workspace, paths: list[Path], options: ImportOptions) -> bool:
    told = ingest.preview(workspace.read(), paths, options)
    for file in told.files:
        PEOPLE.print(
            f"\n[bold]{file.name}[/bold]  {file.connector}, about {file.rows_expected:,} rows"
        )
        for column in file.columns:
            samples = ", ".join(column.samples[:3])
            PEOPLE.print(f"  {column.column} → {column.role}  [dim]{samples}[/dim]")
        columns = ("person", "occurred_at", "touchpoint", "channel", "value")
        as_table(columns, [[getattr(row, c) for c in columns] for row in file.first_rows])
        for warning in filter(None, (*file.warnings, file.error)):
            PEOPLE.print(f"  [yellow]{warning}[/yellow]")
    return typer.confirm("Import?", default=True)


def _print(report: IntakeReport) -> None:
    rows = [
        (
            f.name,
            f.connector,
            f.rows_read,
            f.rows_taken,
            f.rows_duplicate,
            f.rows_rejected,
            _note(f),
        )
        for f in report.ingest.files
    ]
    as_table(("file", "read as", "rows", "taken", "known already", "rejected", "note"), rows)
    for unread in report.ingest.unread:
        PEOPLE.print(f"  not read: {unread.name}: {unread.reason}")
    for reject in report.ingest.rejects[:SHOWN_REJECTS]:
        place = f"{reject.file}, line {reject.line}"
        PEOPLE.print(f"  {place}: {reject.field}: {reject.reason}  {reject.raw}", markup=False)
    verb = "I propose this journey" if report.proposed else "Journey"
    PEOPLE.print(f"\n{verb}: {report.journey.sentence()}")
    if report.hint:
        PEOPLE.print(report.hint)
    if report.proposed:
        PEOPLE.print("Another one: desirepath journey set NAME --start ... --end ...")


def _note(file: ingest.FileReport) -> str:
    if file.already_loaded:
        return "already loaded"
    return " ".join(filter(None, (file.error, *file.warnings)))


def status(
    context: typer.Context,
    as_json_document: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Say what the workspace holds."""
    workspace: Workspace = context.obj
    told = status_of(workspace.read())
    if as_json_document:
        return as_json({"workspace": str(workspace.path), **dict(_pairs(told))})
    PEOPLE.print(f"[bold]{workspace.path}[/bold]")
    as_table(("what", "how many"), [(k, v) for k, v in _pairs(told) if k != "loads"])
    columns = (
        "source",
        "name",
        "rows_read",
        "rows_taken",
        "rows_rejected",
        "rows_duplicate",
        "events",
        "loaded_at",
    )
    as_table(columns, [[getattr(load, column) for column in columns] for load in told.loads])
    return None


def _pairs(told: object) -> list[tuple[str, object]]:
    return [(name, getattr(told, name)) for name in told.__dataclass_fields__]  # type: ignore[attr-defined]
