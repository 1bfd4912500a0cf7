"""`desirepath segments`, `desirepath segments save` and `desirepath segments remove`."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from tools.analyses.customers import Who, person_ids
from tools.journeys.scope import Scope, conditions
from tools.journeys.segments import forget_segment, save_segment, segments
from tools.store.workspace import Workspace
from ui.commands.output import PEOPLE, as_json, as_table

app = typer.Typer(help="Segments saved under a name.", invoke_without_command=True)
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
HOW_TO_SAVE = 'Save one with `desirepath segments save NAME --where "channel = email"`.'


@app.callback()
def list_segments(context: typer.Context, as_json_document: Json = False) -> None:
    """List the saved segments; questions take them as `--where "saved segment = NAME"`."""
    if context.invoked_subcommand:
        return None
    workspace: Workspace = context.obj
    told = segments(workspace.read())
    if as_json_document:
        return as_json(told)
    if not told:
        PEOPLE.print(f"No segment is saved yet. {HOW_TO_SAVE}")
        return None
    rows = [(s.name, ", ".join(s.where) or f"{s.persons:,} people", s.saved_at) for s in told]
    as_table(("name", "who", "saved_at"), rows)
    return None


@app.command("save")
def save(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What it is called from now on.")],
    where: Annotated[list[str] | None, typer.Option(help="A filter: `saw Pricing >= 2`.")] = None,
    who: Annotated[
        Who | None, typer.Option(help="Save today's people, not the filter: by outcome.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="With --who: those last at this touchpoint.")
    ] = None,
    as_json_document: Json = False,
) -> None:
    """Save filters under a name or, with --who, the people that they mean today."""
    workspace: Workspace = context.obj
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    told = tuple(where or ())
    with workspace.write() as store:
        if who:
            people = person_ids(store, who=who, at=at, scope=Scope(where=conditions(told)))
            saved = save_segment(store, name, person_ids=people, saved_at=now)
        else:
            saved = save_segment(store, name, told, saved_at=now)
    if as_json_document:
        return as_json(saved)
    PEOPLE.print(f"Saved: {saved.name} ({', '.join(saved.where) or f'{saved.persons:,} people'}).")
    return None


@app.command("remove")
def remove(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The segment's name.")],
    as_json_document: Json = False,
) -> None:
    """Remove a saved segment; the data stay as they are."""
    workspace: Workspace = context.obj
    with workspace.write() as store:
        gone = forget_segment(store, name)
    if as_json_document:
        return as_json(gone)
    PEOPLE.print(f"Removed: {gone.name}.")
    return None
