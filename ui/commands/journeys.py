"""`desirepath journey list` and `desirepath journey set`."""

from dataclasses import replace
from datetime import datetime, time
from typing import Annotated

import typer

from tools.errors import NoDataError, UnknownJourneyError
from tools.journeys.build import define
from tools.journeys.definition import (
    JourneyDefinition,
    Rule,
    definitions,
    load_definition,
    parse_duration,
    parse_rule,
)
from tools.journeys.touchpoints import touchpoints
from tools.store.door import Store
from tools.store.workspace import Workspace
from ui.commands.output import PEOPLE, as_json, as_table

app = typer.Typer(help="What counts as a journey.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


@app.command("list")
def list_journeys(context: typer.Context, as_json_document: Json = False) -> None:
    """List the journey definitions and how many journeys each makes."""
    workspace: Workspace = context.obj
    store = workspace.read()
    told = [_described(store, definition, default) for definition, default in definitions(store)]
    if as_json_document:
        return as_json(told)
    if not told:
        PEOPLE.print("No journey is defined yet: import data first.")
    columns = ("name", "is_default", "journeys", "converted", "sentence")
    as_table(columns, [[row[column] for column in columns] for row in told])
    return None


@app.command("set")
def set_journey(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A new name, or one to change.")],
    start: Annotated[
        list[str] | None, typer.Option(help="Touchpoints, globs, or 'first touch'.")
    ] = None,
    end: Annotated[list[str] | None, typer.Option(help="Touchpoints, globs, or 'none'.")] = None,
    window: Annotated[str | None, typer.Option(help="Longest time from start to end: 30d.")] = None,
    inactivity: Annotated[str | None, typer.Option(help="A longer gap ends it: 30d.")] = None,
    session_gap: Annotated[
        str | None, typer.Option(help="A longer gap ends a session: 30m.")
    ] = None,
    collapse: Annotated[
        bool | None, typer.Option(help="Whether consecutive repeats are one step.")
    ] = None,
    funnel: Annotated[list[str] | None, typer.Option(help="The planned funnel's steps.")] = None,
    as_of: Annotated[datetime | None, typer.Option(help="Look at events up to this day.")] = None,
    default: Annotated[bool, typer.Option("--default", help="Use it where none is named.")] = False,
    as_json_document: Json = False,
) -> None:
    """Define a journey, or change what is told of one, and build its journeys.

    It becomes the default one where the default was only proposed.
    """
    workspace: Workspace = context.obj
    with workspace.write() as store:
        if not touchpoints(store):
            raise NoDataError("There is no data yet. Import a file first.")
        base, was_default = _known(store, name)
        definition = replace(
            base,
            proposed=False,
            start=_rule(store, start) if start else base.start,
            end=_rule(store, end) if end else base.end,
            window=parse_duration(window) if window else base.window,
            inactivity=parse_duration(inactivity) if inactivity else base.inactivity,
            session_gap=parse_duration(session_gap) if session_gap else base.session_gap,
            collapse_repeats=base.collapse_repeats if collapse is None else collapse,
            funnel=_split(store, funnel) if funnel else base.funnel,
            as_of=_end_of_day(as_of) if as_of else base.as_of,
        )
        takes_over = default or was_default or _default_is_a_guess(store)
        saved = define(store, definition, default=takes_over)
        told = _described(store, saved, takes_over)
    if as_json_document:
        return as_json(told)
    PEOPLE.print(f"{saved.name}: {saved.sentence()}")
    PEOPLE.print(f"{told['journeys']:,} journeys, {told['converted']:,} of them converted.")
    return None


def _known(store: Store, name: str) -> tuple[JourneyDefinition, bool]:
    try:
        found = load_definition(store, name)
    except UnknownJourneyError:
        return JourneyDefinition(name), False
    return found, any(d.name == found.name and default for d, default in definitions(store))


def _default_is_a_guess(store: Store) -> bool:
    return any(definition.proposed and default for definition, default in definitions(store))


def _rule(store: Store, told: list[str]) -> Rule:
    if len(told) == 1 and (" where " in told[0] or "|" in told[0]):
        return parse_rule(told[0])
    return parse_rule(" | ".join(_split(store, told)))


def _split(store: Store, told: list[str]) -> tuple[str, ...]:
    """Split at commas, but for a comma that is part of a touchpoint's name."""
    labels = {label.casefold() for _, label in touchpoints(store)}
    parts: list[str] = []
    for text in told:
        parts += [text] if text.casefold() in labels else text.split(",")
    return tuple(part.strip() for part in parts if part.strip())


def _end_of_day(day: datetime) -> datetime:
    return datetime.combine(day.date(), time.max) if day.time() == time.min else day


def _described(store: Store, definition: JourneyDefinition, default: bool) -> dict[str, object]:
    counts = store.rows(
        "SELECT count(*), count(*) FILTER (WHERE outcome = 'converted') FROM journey "
        "WHERE definition_id = $number",
        {"number": definition.definition_id},
    )[0]
    return {
        "name": definition.name,
        "is_default": default,
        "proposed": definition.proposed,
        "sentence": definition.sentence(),
        "start": list(definition.start.touchpoints) or "first touch",
        "end": list(definition.end.touchpoints) or "none",
        "window_days": definition.window.total_seconds() / 86400,
        "inactivity_days": definition.inactivity.total_seconds() / 86400,
        "collapse_repeats": definition.collapse_repeats,
        "funnel": list(definition.funnel),
        "as_of": definition.as_of,
        "journeys": counts[0],
        "converted": counts[1],
    }
