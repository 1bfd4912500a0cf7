"""`desirepath sources`, `identity`, `rejected`, `forget`: what came in, and who is who."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from tools.connectors.contract import ImportOptions
from tools.journeys.rejected import SHOWN, rejected, try_again
from tools.journeys.sources import Source, sources
from tools.store.workspace import Workspace
from ui.commands.output import ASIDE, PEOPLE, as_json, as_table, progress_bar

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
KINDS = (
    "events",
    "exposures",
    "notes",
    "spend",
    "traits",
    "identifiers",
    "details",
    "names",
    "rejected",
)

listing = typer.Typer(help="The systems that data came from.", invoke_without_command=True)
rejects = typer.Typer(help="Rows that could not be used.", invoke_without_command=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(listing, name="sources")
    app.add_typer(rejects, name="rejected")


@listing.callback()
def list_sources(context: typer.Context, as_json_document: Json = False) -> None:
    """Show each source: what it holds, how its rows were accounted for, gaps and doubled days."""
    if context.invoked_subcommand:
        return None
    workspace: Workspace = context.obj
    told = sources(workspace.read())
    if as_json_document:
        return as_json(told)
    if not told:
        PEOPLE.print("Nothing is loaded yet. Take files in with `desirepath import PATHS`.")
        return None
    rows = [
        (
            s.source,
            s.files,
            s.persons,
            s.first_at and s.first_at.date(),
            s.last_at and s.last_at.date(),
            s.loaded_at,
        )
        for s in told
    ]
    as_table(("source", "files", "persons", "from", "to", "last_loaded"), rows, title="Sources")
    kinds = [kind for kind in KINDS if any(s.accounts.get(kind) for s in told)]
    accounts = [(s.source, s.rows_read, *(s.accounts.get(kind, 0) for kind in kinds)) for s in told]
    as_table(("source", "rows", *kinds), accounts, title="\nWhat their rows are")
    for source in told:
        _odd(source)
    return None


def _odd(source: Source) -> None:
    for gap in source.gaps:
        days = "1 day" if gap.days == 1 else f"{gap.days} days"
        PEOPLE.print(
            f"{source.source}: nothing on {days} from {gap.first_day}, where {gap.usual:,.0f} events a day are usual."
        )
    for day in source.doubled_days:
        PEOPLE.print(
            f"{source.source}: {day.events:,} events on {day.day}, where {day.usual:,.0f} are usual; "
            f"{day.repeats:,} of them say the same as another."
        )


@rejects.callback()
def list_rejected(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only where the reason holds this.")] = None,
    limit: Annotated[int, typer.Option(help="How many to show.", min=1)] = SHOWN,
    as_json_document: Json = False,
) -> None:
    """Show rows that could not be used, with why."""
    if context.invoked_subcommand:
        return None
    workspace: Workspace = context.obj
    told = rejected(workspace.read(), source=source, reason=reason, shown=limit)
    if as_json_document:
        return as_json(told)
    if not told:
        PEOPLE.print("No row was rejected.")
        return None
    as_table(
        ("file", "line", "field", "reason", "row"),
        [(row.file, row.line, row.field, row.reason, row.raw) for row in told],
    )
    PEOPLE.print(
        "Try them again with another reading: `desirepath rejected retry --person COLUMN ...`"
    )
    return None


@rejects.command("retry")
def retry(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Only this source's rows.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only where the reason holds this.")] = None,
    person: Annotated[str | None, typer.Option(help="The column that names the person.")] = None,
    time: Annotated[str | None, typer.Option(help="The column that holds the time.")] = None,
    event: Annotated[str | None, typer.Option(help="The column that names the event.")] = None,
    day_first: Annotated[
        bool | None, typer.Option("--day-first/--month-first", help="How 03/04 reads.")
    ] = None,
    as_json_document: Json = False,
) -> None:
    """Take rejected rows in once more; those that still cannot be used stay rejected."""
    options = ImportOptions(source, person, time, event, day_first=day_first)
    with progress_bar(shown=ASIDE.is_terminal and not as_json_document) as progress:
        report = try_again(
            context.obj,
            options,
            loaded_at=datetime.now(UTC).replace(tzinfo=None),
            source=source,
            reason=reason,
            progress=progress,
        )
    if as_json_document:
        return as_json(report)
    taken = sum(file.rows_taken for file in report.ingest.files)
    still = sum(file.rows_rejected for file in report.ingest.files)
    PEOPLE.print(f"{taken:,} rows were taken in, {still:,} still cannot be used.")
    return None
