"""`desirepath analyses` and `desirepath run`: the catalogue, without a conversation."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from tools import catalog
from tools.errors import InvalidArgumentError
from tools.exhibit import exhibit, to_json
from tools.store.workspace import Workspace
from ui.commands.output import PEOPLE, as_json, as_markdown, as_table


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("analyses")(analyses)
    app.command(
        "run",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(run)


def analyses(
    as_json_document: Annotated[
        bool, typer.Option("--json", help="With parameters as JSON schema.")
    ] = False,
) -> None:
    """List every analysis with its parameters."""
    if as_json_document:
        told = [
            {"name": name, "summary": catalog.summary(name), "parameters": catalog.schema(name)}
            for name in catalog.CATALOG
        ]
        return as_json(told)
    for name in catalog.CATALOG:
        PEOPLE.print(f"[bold]{name}[/bold]  {catalog.summary(name)}")
        rows = [
            (
                f"--{option.replace('_', '-')}",
                _kind(part),
                part.get("default"),
                part.get("description", ""),
            )
            for option, part in catalog.schema(name)["properties"].items()
        ]
        as_table(("option", "takes", "unless_told", "meaning"), rows)
    return None


def run(
    context: typer.Context,
    analysis: Annotated[str, typer.Argument(help="A name from `desirepath analyses`.")],
    as_json_document: Annotated[bool, typer.Option("--json", help="The typed result.")] = False,
) -> None:
    """Run one analysis: --steps home,pricing --from 2026-01-01 --where "channel = email" ..."""
    name = catalog.analysis(analysis).name
    arguments = parse_options(context.args, catalog.schema(name)["properties"])
    workspace: Workspace = context.obj
    result = catalog.call(workspace.read(), name, arguments)
    shown = exhibit(name, arguments, result)
    if as_json_document:
        document = to_json(shown)
        document["rows"] = [dict(zip(shown.columns, row, strict=True)) for row in document["rows"]]
        document["scope"] = {"sentence": shown.scope, **_scope(result)}
        return as_json(document)
    as_markdown(catalog.narrate(name, result).text())
    as_table(shown.columns, shown.rows)
    PEOPLE.print(f"\n[dim]{shown.definition}\n{shown.scope}[/dim]")
    return None


def parse_options(told: Sequence[str], properties: dict[str, Any]) -> dict[str, Any]:
    """Read `--name value` pairs against a JSON schema; lists repeat their option or use commas.

    Raises:
        InvalidArgumentError: An option is unknown, has no value, or a value has no option.
    """
    found: dict[str, list[str]] = {}
    words = list(told)
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            raise InvalidArgumentError(f"run: '{word}' is no option; options read --name value.")
        name, equals, value = word.removeprefix("--").partition("=")
        key = name.replace("-", "_")
        if key not in properties:
            known = ", ".join(f"--{option.replace('_', '-')}" for option in properties)
            raise InvalidArgumentError(f"run: no option '--{name}'. Known: {known}.")
        if not equals:
            if _kind(properties[key]) == "boolean" and (not words or words[0].startswith("--")):
                value = "true"
            elif not words:
                raise InvalidArgumentError(f"run: --{name} needs a value.")
            else:
                value = words.pop(0)
        found.setdefault(key, []).append(value)
    return {key: _value(key, values, properties[key]) for key, values in found.items()}


def _value(key: str, values: list[str], part: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    if _kind(part) != "array":
        if len(values) > 1:
            raise InvalidArgumentError(f"run: --{key} takes one value.")
        return values[0]
    if key in {"where", "versus"}:  # a filter's own commas separate its values
        return values
    return [item.strip() for value in values for item in value.split(",") if item.strip()]


def _kind(part: dict[str, Any]) -> str:
    """Return the JSON type of a parameter, looking through `anyOf` with null."""
    kinds = [part, *part.get("anyOf", ())]
    return next((k["type"] for k in kinds if k.get("type", "null") != "null"), "string")


def _scope(result: Any) -> dict[str, Any]:  # noqa: ANN401 - any result's scope
    scope = result.scope
    return {
        "journey": scope.definition.name,
        "definition": scope.definition,
        "as_of": scope.as_of,
        "from": scope.since,
        "to": scope.until,
        "where": [condition.sentence() for condition in scope.where],
        "minimum_group": scope.minimum_group,
    }
