"""A result as the reader sees it: the one serialisable form behind page, command line and export."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tools import catalog
from tools.analyses.result import Fact, Result, table
from tools.charts.chart import Chart

HIDDEN = {"rows", "facts", "scope", "statements", "caveats"}


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One analysis's result with everything that a reader can open about it."""

    analysis: str
    arguments: Mapping[str, Any]
    definition: str
    """The journey's definition, in a sentence."""
    scope: str
    """The scope as resolved, in a sentence."""
    facts: tuple[Fact, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    statements: tuple[str, ...]
    """The SQL that ran, each with its parameters as a comment."""
    caveats: tuple[str, ...]
    chart: Chart
    numbers: Mapping[str, Any]
    """The result's own fields beside its rows: `conversion_rate`, `mature`, ..."""
    personal: bool = False
    """Whether a row is one person: such rows never reach a model."""


def exhibit(name: str, arguments: Mapping[str, Any], result: Result[Any]) -> Exhibit:
    """Return the serialisable form of a result that `catalog.call(name, arguments)` gave."""
    columns, rows = table(result)
    return Exhibit(
        analysis=catalog.analysis(name).name,
        arguments=dict(arguments),
        definition=result.scope.definition.sentence(),
        scope=result.scope.sentence(),
        facts=result.facts,
        columns=columns,
        rows=tuple(tuple(plain(cell) for cell in row) for row in rows),
        statements=tuple(
            f"{statement.sql}\n-- {json.dumps(plain(dict(statement.parameters)))}"
            for statement in result.statements
        ),
        caveats=result.caveats,
        chart=catalog.chart(name, result),
        numbers=_numbers(result),
        personal=result.personal,
    )


def _numbers(result: Result[Any]) -> dict[str, Any]:
    """Return a result's own fields; of a result inside it (side by side), the rows as well."""
    told: dict[str, Any] = {}
    for field in fields(result):
        value = getattr(result, field.name)
        if isinstance(value, Result):
            told[field.name] = {"rows": plain(value.rows), **_numbers(value)}
        elif field.name not in HIDDEN:
            told[field.name] = plain(value)
    return told


def to_json(shown: Exhibit) -> dict[str, Any]:
    """Return an exhibit as JSON-ready data; `from_json` is its inverse."""
    told: dict[str, Any] = plain(asdict(shown))
    return told


def from_json(told: Mapping[str, Any]) -> Exhibit:
    """Return the exhibit that `to_json` wrote."""
    parts = dict(told)
    parts["facts"] = tuple(Fact(**fact) for fact in told["facts"])
    parts["rows"] = tuple(tuple(row) for row in told["rows"])
    parts["chart"] = Chart(**told["chart"])
    for name in ("columns", "statements", "caveats"):
        parts[name] = tuple(told[name])
    return Exhibit(**parts)


def plain(value: object) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Return a value as JSON holds it: times as ISO text in UTC, durations in seconds."""
    if isinstance(value, datetime):
        return value.isoformat() + ("" if value.tzinfo else "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value
