"""`desirepath identity` and `desirepath forget`: who is who, and who wants to be nobody."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from tools.connectors.systems import system_name
from tools.identity import linking
from tools.identity.erasure import forget
from tools.identity.report import stitch_report
from tools.identity.stitching import set_limit
from tools.identity.undoing import relink, unlink
from tools.journeys.editing import edit
from tools.store.workspace import Workspace
from ui.commands.output import PEOPLE, as_json, as_table

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Kind = Annotated[str, typer.Argument(help="The identifier's kind: email, user, phone, ...")]
Value = Annotated[str, typer.Argument(help="The identifier, as any source writes it.")]
SHOWN = 10

app = typer.Typer(help="Who was recognised across sources.", invoke_without_command=True)


def register(whole: typer.Typer) -> None:
    """Add the commands to the command line."""
    whole.add_typer(app, name="identity")
    whole.command("forget")(forget_person)


@app.callback()
def identity(context: typer.Context, as_json_document: Json = False) -> None:
    """Show which sources know the same people, what joins them, and what was not trusted."""
    if context.invoked_subcommand:
        return None
    told = stitch_report(context.obj.read())
    if as_json_document:
        return as_json(told)
    PEOPLE.print(f"{told.identifiers:,} identifiers are {told.persons:,} people.")
    rows = [
        (
            f"{system_name(pair.one)}, {system_name(pair.other)}",
            pair.persons,
            f"{pair.share:.0%}",
            ", ".join(joined.kind for joined in pair.joined_by) or "-",
        )
        for pair in told.pairs
    ]
    if rows:
        as_table(("sources", "people in both", "of the smaller", "joined by"), rows)
    for pair in told.pairs:
        if pair.advice:
            PEOPLE.print(f"  {pair.advice}", markup=False)
    for shared in told.shared[:SHOWN]:
        PEOPLE.print(
            f"Shared: {shared.kind} {shared.value} meets {shared.meets:,} others; it joins nobody.",
            markup=False,
        )
    for large in told.large[:SHOWN]:
        PEOPLE.print(large.sentence, markup=False)
    return None


@app.command("unlink")
def unlink_two(
    context: typer.Context, kind: Kind, value: Value, other_kind: Kind, other: Value
) -> None:
    """Undo the link between two identifiers; it stays undone when files are loaded again."""
    edit(context.obj, lambda store: unlink(store, kind, value, other_kind, other))
    PEOPLE.print("The two are linked no more.")


@app.command("relink")
def relink_two(
    context: typer.Context, kind: Kind, value: Value, other_kind: Kind, other: Value
) -> None:
    """Let a link that was undone count again."""
    edit(context.obj, lambda store: relink(store, kind, value, other_kind, other))
    PEOPLE.print("The link counts again.")


@app.command("limit")
def limit(
    context: typer.Context,
    most: Annotated[int, typer.Argument(help="0: no limit.")],
) -> None:
    """Say how many addresses or user ids an identifier may meet before it is taken for shared."""
    edit(context.obj, lambda store: set_limit(store, most))
    PEOPLE.print(f"The limit is {most}." if most else "There is no limit.")


@app.command("link")
def link(
    context: typer.Context,
    sources: Annotated[list[str] | None, typer.Argument(help="Only people of these.")] = None,
    threshold: Annotated[
        float, typer.Option(help="The least match weight, in bits.")
    ] = linking.THRESHOLD,
    accept: Annotated[bool, typer.Option("--accept", help="Link them.")] = False,
    as_json_document: Json = False,
) -> None:
    """Propose links by name, company, place and time, with their weights (needs Splink)."""
    workspace: Workspace = context.obj
    told = linking.propose(workspace.read(), sources or (), threshold=threshold)
    if accept:
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        number = edit(workspace, lambda store: linking.accept(store, told, accepted_at=now))
        PEOPLE.print(f"{len(told.links):,} links are taken over as set {number}.")
        return None
    if as_json_document:
        return as_json(told)
    PEOPLE.print(
        f"{len(told.links):,} links of at least {threshold:g} bits; take them with --accept."
    )
    return None


@app.command("undo")
def undo(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="The set of inferred links.")],
) -> None:
    """Undo a set of inferred links."""
    gone = edit(context.obj, lambda store: linking.undo(store, number))
    PEOPLE.print(f"{gone:,} links are undone.")


def forget_person(
    context: typer.Context,
    value: Value,
    kind: Annotated[
        str, typer.Option(help="The identifier's kind: email, user, phone, ...")
    ] = "email",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json_document: Json = False,
) -> None:
    """Remove a person who asked for it, and refuse what comes of them later."""
    workspace: Workspace = context.obj
    asked = "Remove everything about this person? It cannot be undone."
    if not (yes or as_json_document) and not typer.confirm(asked):
        raise typer.Exit(0)
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    told = edit(workspace, lambda store: forget(store, kind, value, forgotten_at=now))
    workspace.rewrite()
    if as_json_document:
        return as_json(told)
    PEOPLE.print(
        f"Forgotten: {told.events:,} events, {told.notes:,} notes, {told.identifiers:,} identifiers."
        if told.known
        else "Nothing of this person was there; what comes of them later is refused."
    )
    return None
