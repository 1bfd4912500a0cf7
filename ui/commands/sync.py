"""`desirepath sync`, `watch`, `schedule`, and `sources add`, `remove`, `keys`: data that keeps coming."""

import shutil
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tools.connectors.contract import ImportOptions
from tools.errors import InvalidArgumentError, JourneyError, NoDataError
from tools.journeys.definition import parse_duration
from tools.pulling.keys import key_states, store_key
from tools.pulling.report import Pulled, SourceReport, SyncReport
from tools.pulling.schedule import check, cron_line, cron_of, repeat
from tools.pulling.sources import (
    Database,
    Source,
    add_source,
    remove_source,
    source_named,
    sources,
)
from tools.pulling.sync import sync as pull
from tools.pulling.watching import SETTLE_SECONDS, Arrived, Watch
from tools.store.workspace import Workspace
from ui.commands.output import ASIDE, PEOPLE, as_json, as_table

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Every = Annotated[str | None, typer.Option(help="From one run to the next: 30m, 1h, 1d.")]
Cron = Annotated[str | None, typer.Option(help="Or when, as cron says it: '0 6 * * *'.")]
HOW_TO_ADD = "Add one with `desirepath sources add hubspot`, or `desirepath sources add NAME --database URL --table T`."


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("sync")(sync)
    app.command("watch")(watch)
    app.command("schedule")(schedule)


def register_sources(app: typer.Typer) -> None:
    """Add `add`, `remove` and `keys` to `desirepath sources`."""
    app.command("add")(add)
    app.command("remove")(remove)
    app.command("keys")(keys)


def sync(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Which; none: all.")
    ] = None,
    every: Every = None,
    cron: Cron = None,
    as_json_document: Json = False,
) -> None:
    """Pull every configured source from where it stands, and load what is new."""
    workspace: Workspace = context.obj
    if not sources(workspace):
        raise NoDataError(f"No source is configured yet. {HOW_TO_ADD}")
    if every and cron:
        raise InvalidArgumentError("sync: say --every or --cron, not both.")
    if not every and not cron:
        report = _synced(workspace, names or [], as_json_document)
        if report.errors:
            raise typer.Exit(1)
        return

    def run() -> None:
        try:
            _synced(workspace, names or [], as_json_document)
        except JourneyError as fault:
            ASIDE.print(str(fault), markup=False)

    repeat(run, every=parse_duration(every) if every else None, cron=check(cron) if cron else None)


def watch(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where the files arrive.")],
    source: Annotated[str | None, typer.Option(help="The system's name.")] = None,
    settle: Annotated[
        float,
        typer.Option(min=0.1, help="A file is complete after so many seconds without a change."),
    ] = SETTLE_SECONDS,
    as_json_document: Annotated[
        bool, typer.Option("--json", help="One JSON document per arrival.")
    ] = False,
) -> None:
    """Take a folder's files in as they arrive, until stopped with Ctrl-C."""
    workspace: Workspace = context.obj
    watching = Watch(workspace, folder, ImportOptions(source=source))
    if not as_json_document:
        ASIDE.print(f"Watching {folder}; Ctrl-C ends it.", markup=False)

    def told(arrived: Arrived) -> None:
        if as_json_document:
            as_json(arrived)
            PEOPLE.file.flush()
            return
        if arrived.error:
            PEOPLE.print(arrived.error, markup=False)
        for file in arrived.files:
            new = f"{file.rows_taken:,} new, {file.rows_duplicate:,} known, {file.rows_rejected:,} rejected"
            what = file.error or ("loaded already" if file.already_loaded else new)
            PEOPLE.print(f"{file.name}: {what}", markup=False)

    try:
        watching.run(told, settle=settle)
    except KeyboardInterrupt:
        return


def schedule(
    context: typer.Context, every: Every = None, cron: Cron = None, as_json_document: Json = False
) -> None:
    """Print the line for `crontab -e` that keeps this workspace current."""
    workspace: Workspace = context.obj
    if every and cron:
        raise InvalidArgumentError("schedule: say --every or --cron, not both.")
    told = cron or cron_of(every or "1d")
    program = shutil.which("desirepath") or "desirepath"
    line = cron_line(workspace.path.resolve(), told, program=program)
    if as_json_document:
        return as_json({"cron": told, "line": line})
    PEOPLE.print(line, markup=False)
    ASIDE.print(
        "[dim]`crontab -e` takes this line. Or leave it running: "
        f'desirepath sync --cron "{told}"[/dim]'
    )
    return None


def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A vendor, or a name of your own.")],
    vendor: Annotated[
        str | None, typer.Option(help="The vendor, where the name is another.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="What the vendor needs: subdomain=acme.")
    ] = None,
    start: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="How far back the first pull goes."),
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="These endpoints only.")] = None,
    database: Annotated[
        str | None, typer.Option(help="An SQLAlchemy address, without its password.")
    ] = None,
    table: Annotated[str | None, typer.Option(help="The database's table.")] = None,
    query: Annotated[str | None, typer.Option(help="Or a SELECT of your own.")] = None,
    cursor: Annotated[
        str | None, typer.Option(help="The column that grows: only newer rows are pulled.")
    ] = None,
    person: Annotated[str | None, typer.Option(help="The column that names the person.")] = None,
    time: Annotated[str | None, typer.Option(help="The column that holds the time.")] = None,
    event: Annotated[str | None, typer.Option(help="The column that names the event.")] = None,
    session: Annotated[str | None, typer.Option(help="The column of the session.")] = None,
    channel: Annotated[str | None, typer.Option(help="The column of the channel.")] = None,
    campaign: Annotated[str | None, typer.Option(help="The column of the campaign.")] = None,
    value: Annotated[str | None, typer.Option(help="The column of the value.")] = None,
    currency: Annotated[str | None, typer.Option(help="The column of the currency.")] = None,
    as_json_document: Json = False,
) -> None:
    """Configure a source that `desirepath sync` pulls; keys are kept elsewhere."""
    workspace: Workspace = context.obj
    roles = {
        "person": person, "time": time, "event": event, "session": session, "channel": channel,
        "campaign": campaign, "value": value, "currency": currency,
    }  # fmt: skip
    columns = {role: column for role, column in roles.items() if column}
    day = start.date() if start else None
    if database:
        told = Source(name, start=day, database=Database(database, table, query, cursor, columns))
    else:
        if columns or table or query or cursor:
            raise InvalidArgumentError("sources add: tables and columns are a --database's.")
        told = Source(name, vendor or name, dict(_pairs(settings or [])), day, tuple(only or ()))
    added = add_source(workspace, told)
    if as_json_document:
        return as_json(added)
    PEOPLE.print(f"Added: {name}.", markup=False)
    _print_keys(workspace, added)
    return None


def remove(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The source's name.")],
    as_json_document: Json = False,
) -> None:
    """Pull a source no longer; what it brought stays."""
    gone = remove_source(context.obj, name)
    if as_json_document:
        return as_json(gone)
    PEOPLE.print(f"Removed: {gone.name}.", markup=False)
    return None


def keys(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The source's name.")],
    store: Annotated[
        bool,
        typer.Option("--store", help="Ask for the keys, and put them into the system's keyring."),
    ] = False,
    as_json_document: Json = False,
) -> None:
    """Show where a source's keys are taken from, never what they are."""
    workspace: Workspace = context.obj
    source = source_named(workspace, name)
    if store:
        for key in source.key_names:
            told = typer.prompt(key, hide_input=True, default="", show_default=False)
            if told:
                store_key(name, key, told)
    if as_json_document:
        return as_json(key_states(name, source.key_names))
    _print_keys(workspace, source)
    return None


def _synced(workspace: Workspace, names: list[str], as_json_document: bool) -> SyncReport:
    shown = ASIDE.is_terminal and not as_json_document
    with ASIDE.status("Pulling ...") if shown else nullcontext() as status:

        def progress(page: Pulled) -> None:
            if status is not None:
                status.update(f"{page.source}: {page.endpoint}, {page.records:,} records")

        report = pull(workspace, names, now=datetime.now(UTC), progress=progress)
    if as_json_document:
        as_json(report)
        PEOPLE.file.flush()
        return report
    columns = ("source", "pages", "records", "new", "known", "rejected", "took", "next_pull_from")
    as_table(columns, [_row(source) for source in report.sources])
    for error in report.errors:
        PEOPLE.print(error, markup=False)
    return report


def _print_keys(workspace: Workspace, source: Source) -> None:
    states = key_states(source.name, source.key_names)
    for state in states:
        found = f"found in the {state.found}" if state.found else "not found"
        PEOPLE.print(f"  {state.name}: {found}", markup=False)
    if any(not state.found for state in states):
        PEOPLE.print(
            "Set what is missing as an environment variable, or put it into the system's keyring with "
            f"`desirepath sources keys {source.name} --store`. {workspace.settings.name} holds no keys.",
            markup=False,
        )


def _pairs(settings: list[str]) -> list[tuple[str, str]]:
    pairs = []
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name or not value:
            raise InvalidArgumentError(f"set: '{setting}' should read like subdomain=acme.")
        pairs.append((name.strip(), value.strip()))
    return pairs


def _row(told: SourceReport) -> list[object]:
    """Return one line of the table; of several endpoints, the one that is furthest behind."""
    return [
        told.source,
        told.pages,
        told.records,
        told.rows_new,
        told.rows_known,
        told.rows_rejected,
        f"{told.seconds:.1f} s",
        min((endpoint.next for endpoint in told.endpoints), default=None),
    ]
