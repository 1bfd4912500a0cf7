"""`desirepath changes`, `desirepath changes add` and `desirepath changes remove`."""

import re
from datetime import UTC, datetime
from typing import Annotated

import typer

from tools.analyses.recommendation_rows import adopted
from tools.analyses.recommendations import recommendations
from tools.errors import InvalidArgumentError
from tools.journeys.changes import (
    HOW_TO_RECORD,
    Change,
    Expected,
    changes,
    forget_change,
    record_change,
)
from tools.journeys.scope import Scope, conditions
from tools.store.workspace import Workspace
from ui.commands.output import PEOPLE, as_json, as_table

app = typer.Typer(help="What the team changed, and when.", invoke_without_command=True)
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
NUMBERS = re.compile(r"\s*(-?\d+(?:\.\d+)?)(?:\s*(?:to|\.\.)\s*(-?\d+(?:\.\d+)?))?\s*")


@app.callback()
def list_changes(context: typer.Context, as_json_document: Json = False) -> None:
    """List the recorded changes, the latest first."""
    if context.invoked_subcommand:
        return None
    workspace: Workspace = context.obj
    told = changes(workspace.read())
    if as_json_document:
        return as_json(told)
    if not told:
        PEOPLE.print(f"No change is recorded yet. {HOW_TO_RECORD}")
        return None
    columns = ("happened_on", "name", "kind", "audience", "expected")
    as_table(columns, [_row(change) for change in told])
    return None


@app.command("add")
def add_change(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What it is called from now on.")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day with it.")],
    where: Annotated[
        list[str] | None, typer.Option(help="For whom, as a filter: `device = mobile`.")
    ] = None,
    expects: Annotated[
        str | None, typer.Option(help="Extra conversions in 30 days: `60`, or `40 to 90`.")
    ] = None,
    kind: Annotated[str, typer.Option(help="What sort of thing it is.")] = "change",
    as_json_document: Json = False,
) -> None:
    """Record a change, so that its effect can be asked for by its name."""
    workspace: Workspace = context.obj
    change = Change(
        name,
        on.date(),
        datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        kind,
        tuple(where or ()),
        _expected(expects) if expects else None,
    )
    with workspace.write() as store:
        recorded = record_change(store, change)
    if as_json_document:
        return as_json(recorded)
    PEOPLE.print(f"Recorded: {recorded.name}, on {recorded.happened_on}.")
    return None


@app.command("adopt")
def adopt_recommendation(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="Its place in `desirepath run recommendations`.")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day with it.")],
    where: Annotated[
        list[str] | None, typer.Option(help="The filters that it was recommended under.")
    ] = None,
    as_json_document: Json = False,
) -> None:
    """Record a recommendation as a change, with what is expected of it."""
    workspace: Workspace = context.obj
    scope = Scope(where=conditions(tuple(where or ())))
    rows = recommendations(workspace.read(), scope=scope).rows
    if not 1 <= number <= len(rows):
        raise InvalidArgumentError(f"number: {number} is none of the {len(rows)} recommendations.")
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    with workspace.write() as store:
        recorded = record_change(store, adopted(rows[number - 1], on=on.date(), recorded_at=now))
    if as_json_document:
        return as_json(recorded)
    PEOPLE.print(f"Recorded: {recorded.name}, on {recorded.happened_on}.")
    return None


@app.command("remove")
def remove_change(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The change's name.")],
    as_json_document: Json = False,
) -> None:
    """Remove a recorded change; the data stay as they are."""
    workspace: Workspace = context.obj
    with workspace.write() as store:
        removed = forget_change(store, name)
    if as_json_document:
        return as_json(removed)
    PEOPLE.print(f"Removed: {removed.name}, of {removed.happened_on}.")
    return None


def _expected(text: str) -> Expected:
    """Read `60` as one number, and `40 to 90` as a range whose middle is the expectation."""
    told = NUMBERS.fullmatch(text)
    if not told:
        raise InvalidArgumentError(f"expects: '{text}' should read like `60` or `40 to 90`.")
    if told[2] is None:
        return Expected(float(told[1]))
    low, high = float(told[1]), float(told[2])
    return Expected((low + high) / 2, low, high)


def _row(change: Change) -> list[object]:
    expected = change.expected
    told = None
    if expected and expected.extra_conversions is not None:
        told = f"{expected.extra_conversions:+,.0f} conversions in {expected.days} days"
    audience = " and ".join(change.audience) or "everyone"
    return [change.happened_on, change.name, change.kind, audience, told]
