"""One line per analysis: run, chart, narrate; and the one way to call any of them."""

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import import_module
from typing import Annotated, Any, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model

from tools.analyses.remembered import remembered
from tools.analyses.result import Result
from tools.analyses.side_by_side import SideBySide, side_by_side
from tools.analyses.unjoined import unjoined
from tools.charts import side_by_side as side_by_side_chart
from tools.charts.chart import Chart
from tools.errors import InvalidArgumentError, UnknownAnalysisError, unknown
from tools.journeys.scope import Condition, Scope, conditions
from tools.narration import side_by_side as side_by_side_narration
from tools.narration.words import Narration
from tools.store.door import Store

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis of the catalogue; `name` passes through every room."""

    name: str
    run: Callable[..., Result[Any]]
    chart: Callable[[Any], Chart]
    narrate: Callable[[Any], Narration]


def _found(name: str) -> Analysis:
    """Return the analysis whose name passes through the rooms: its function, chart and narration."""
    rooms = [import_module(f"tools.{room}.{name}") for room in ("analyses", "charts", "narration")]
    return Analysis(name, getattr(rooms[0], name), rooms[1].chart, rooms[2].narrate)


NAMES = (
    "overview",
    "flow",
    "funnel",
    "paths",
    "routes",
    "drop_off",
    "drop_off_causes",
    "inflection_points",
    "sequences",
    "timing",
    "segments",
    "anomalies",
    "scores",
    "attribution",
    "change_effect",
    "conversion_change",
    "recommendations",
    "retention",
    "customers",
)
CATALOG: dict[str, Analysis] = {name: _found(name) for name in NAMES}


def _listed(told: object) -> object:
    return (told,) if isinstance(told, str) else told


class ScopeArguments(BaseModel):
    """The arguments that every analysis takes beside its own."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    journey: str | None = Field(None, description="Journey definition; the default one if left out")
    since: date | None = Field(
        None, alias="from", description="Journeys started on this day or later"
    )
    until: date | None = Field(
        None, alias="to", description="Journeys started on this day or earlier"
    )
    where: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        (),
        description="Segment filters, all of which must hold: `channel = email`, `device != mobile`, "
        "`saw Pricing`, `not saw Docs`; several values: `country = DE | AT`",
    )
    versus: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        (),
        description="A second group, put side by side with the first: filters in place of those of "
        "`where` about the same thing; the others of `where` hold for both",
    )
    versus_since: date | None = Field(
        None, alias="versus_from", description="First day of a second period, put side by side"
    )
    versus_until: date | None = Field(
        None, alias="versus_to", description="Last day of the second period"
    )
    minimum_group: int = Field(30, ge=1, description="Smaller groups are pooled as 'other'")

    def scope(self) -> Scope:
        """Return the scope that the arguments ask for."""
        return Scope(
            self.journey, self.since, self.until, conditions(self.where), self.minimum_group
        )

    def other(self) -> Scope | None:
        """Return the scope to be put beside it; None where none is asked for."""
        if not (self.versus or self.versus_since or self.versus_until):
            return None
        own = conditions(self.versus)
        about = {_subject(condition) for condition in own}
        kept = tuple(each for each in conditions(self.where) if _subject(each) not in about)
        since, until = self.since, self.until
        if self.versus_since or self.versus_until:
            since, until = self.versus_since, self.versus_until
        return Scope(self.journey, since, until, (*kept, *own), self.minimum_group)


def _subject(condition: Condition) -> tuple[str, ...]:
    """Return what a filter is about: its field, or the touchpoints that were seen."""
    if condition.field != "touchpoint":
        return (condition.field.casefold(),)
    return tuple(sorted(value.casefold() for value in condition.values))


def analysis(name: str) -> Analysis:
    """Return one analysis by its name.

    Raises:
        UnknownAnalysisError: There is none of that name.
    """
    found = CATALOG.get(name.strip().replace("-", "_").lower())
    if found is None:
        raise UnknownAnalysisError(unknown("analysis", "analysis", name, CATALOG))
    return found


@cache
def arguments_model(name: str) -> type[ScopeArguments]:
    """Return the pydantic model of an analysis's arguments, derived from its signature."""
    run = analysis(name).run
    hints = get_type_hints(run, include_extras=True)
    own: dict[str, Any] = {
        parameter.name: (
            hints[parameter.name],
            ... if parameter.default is parameter.empty else parameter.default,
        )
        for parameter in inspect.signature(run).parameters.values()
        if parameter.name not in {"store", "scope"}
    }
    return create_model(f"{name}_arguments", __base__=ScopeArguments, **own)


def call(store: Store, name: str, arguments: Arguments) -> Result[Any]:
    """Run an analysis with arguments as a person, a script or a model gives them.

    The same call on the same generation returns the same object without asking the store again.

    Raises:
        UnknownAnalysisError, InvalidArgumentError: The call does not fit the catalogue.
        JourneyError: The analysis's own reasons.
    """
    found = analysis(name)
    try:
        told = arguments_model(found.name)(**dict(arguments))
    except ValidationError as fault:
        raise InvalidArgumentError(_sentence(found.name, fault)) from fault
    own = {
        key: getattr(told, key)
        for key in type(told).model_fields
        if key not in ScopeArguments.model_fields
    }
    key = ("result", found.name, told.model_dump_json())
    cached = store.memory.get(key)
    if isinstance(cached, Result) and not store.writable:
        return cached
    result = remembered(found.run, store, **own, scope=told.scope())
    if other := told.other():
        second = remembered(found.run, store, **own, scope=other)
        result = side_by_side(found.name, result, second)
    apart = unjoined(store, result.scope.definition, own.get("steps") or ())
    if apart:
        result = replace(result, caveats=(*apart, *result.caveats))
    store.memory[key] = result
    return result


def chart(name: str, result: Result[Any]) -> Chart:
    """Return the chart of a result that `call` gave."""
    if isinstance(result, SideBySide):
        return side_by_side_chart.chart(result)
    return analysis(name).chart(result)


def narrate(name: str, result: Result[Any]) -> Narration:
    """Return the sentences of a result that `call` gave."""
    told = analysis(name).narrate
    if isinstance(result, SideBySide):
        return side_by_side_narration.narrate(result, told(result.first), told(result.second))
    return told(result)


def schema(name: str) -> dict[str, Any]:
    """Return the JSON schema of an analysis's arguments."""
    told = arguments_model(name).model_json_schema(by_alias=True)
    told.pop("description", None)
    return told


def summary(name: str) -> str:
    """Return what an analysis answers, in one sentence."""
    return (inspect.getdoc(analysis(name).run) or "").split("\n")[0]


def _sentence(name: str, fault: ValidationError) -> str:
    known = ", ".join(json.loads(json.dumps(list(schema(name)["properties"]))))
    parts = []
    for error in fault.errors():
        place = ".".join(str(part) for part in error["loc"]) or "arguments"
        if error["type"] == "extra_forbidden":
            parts.append(f"{place}: {name} has no such parameter. Known: {known}.")
        elif error["type"] == "missing":
            parts.append(f"{place}: {name} needs it.")
        else:
            parts.append(f"{place}: {error['msg']}.")
    return " ".join(parts)
