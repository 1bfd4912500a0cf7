"""The catalogue's analyses as a model's tools: what goes in, and what a model gets to see.

A model sees aggregates only: sentences, facts, the first rows of the table. Text that comes from
the data is fenced, groups stay at the minimum size whatever a model asks for, and no tool writes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from langchain_core.tools import StructuredTool
from langgraph.config import get_stream_writer

from assistant.answer import Context, GuardReport, Step, ToolCall
from assistant.known import ROWS_SHOWN, Known, known_from
from assistant.plan import Plan
from assistant.settings import ModelSettings
from assistant.watch import Watch
from prompts.text import prompt
from tools import catalog
from tools.analyses.result import Fact, Result
from tools.errors import InvalidArgumentError, JourneyError, UnknownSegmentError
from tools.exhibit import Exhibit, exhibit, plain
from tools.journeys.scope import parse_condition
from tools.narration.words import Narration, percent, points, span
from tools.store.door import Stopped, Store

FACTS_SHOWN = 60
WORKING = {
    "overview": "Counting people and journeys",
    "paths": "Comparing the paths people take",
    "flow": "Drawing where people go next",
    "funnel": "Following people through the funnel",
    "drop_off": "Finding where people leave",
    "segments": "Comparing groups of people",
    "routes": "Finding the kinds of journeys",
    "drop_off_causes": "Comparing those who left with those who went on",
    "inflection_points": "Looking for the moments that matter",
    "sequences": "Looking at what comes before what",
    "timing": "Measuring the time between steps",
    "anomalies": "Looking for what is new or odd",
    "scores": "Working out who may convert next",
    "attribution": "Sharing out the credit",
    "change_effect": "Comparing before and after",
    "conversion_change": "Taking the change apart",
    "recommendations": "Weighing what could be done",
    "retention": "Looking for who came back",
    "customers": "Finding the people behind the number",
}
HIDDEN_ARGUMENT = "minimum_group"


@dataclass(frozen=True, slots=True)
class Ran:
    """One analysis that ran for a question."""

    call: ToolCall
    exhibit: Exhibit
    narration: Narration


@dataclass
class Turn:
    """One question under way: what it stands on, and what it has come to."""

    question: str
    store: Store
    watch: Watch
    plan: Plan
    """How the built-in analyst reads the question."""
    settings: ModelSettings = field(default_factory=ModelSettings)
    context: Context = field(default_factory=Context)
    past: tuple[Exhibit, ...] = ()
    """Results of the conversation's earlier questions."""
    names: tuple[str, ...] = ()
    """Names of the data, whose digits are no numbers."""
    by_server: bool = False
    """Whether a model server is asking, not the built-in analyst."""
    ran: list[Ran] = field(default_factory=list)
    tool_calls: int = 0
    model_calls: int = 0
    error: str | None = None
    """Why the built-in analyst's own call could not be answered."""
    fault: str | None = None
    """Why the built-in analyst took over, in a sentence."""
    guard: GuardReport | None = None
    repaired: tuple[str, ...] | None = None
    """The numbers that the model was asked to correct; None before it was asked."""

    def known(self) -> Known:
        """Return what may be said in this conversation."""
        return known_from((*self.past, *(ran.exhibit for ran in self.ran)), self.names)


def tools(turn: Turn) -> list[StructuredTool]:
    """Return one tool per analysis of the catalogue, for one question."""
    return [_tool(turn, name) for name in catalog.CATALOG]


def _tool(turn: Turn, name: str) -> StructuredTool:
    def called(**arguments: Any) -> str:  # noqa: ANN401 - any JSON value
        return _called(turn, name, arguments)

    return StructuredTool.from_function(
        called, name=name, description=prompt(f"tools/{name}"), args_schema=_schema(name)
    )


def run(turn: Turn, name: str, arguments: Mapping[str, Any]) -> Ran:
    """Run one analysis for a question and keep what it gave.

    Raises:
        JourneyError: The call does not fit the data.
        Stopped: The user stopped the question.
    """
    turn.watch.check()
    told = plain(arguments_for(turn, arguments))
    result = _asked(turn, name, told)
    turn.watch.check()
    found = catalog.analysis(name)
    ran = Ran(
        ToolCall(found.name, told), exhibit(found.name, told, result), catalog.narrate(name, result)
    )
    turn.ran.append(ran)
    return ran


def arguments_for(turn: Turn, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a call's arguments as they are run.

    What a model leaves out is what the page's sidebar has chosen; a filter of the sidebar holds
    unless the model names the same field, or asks for no filter with an empty list.
    """
    given = {name: value for name, value in told.items() if value is not None}
    if not turn.by_server:
        return given
    given.pop(HIDDEN_ARGUMENT, None)
    chosen = turn.context.arguments()
    where = given.get("where")
    if where:
        asked = [where] if isinstance(where, str) else list(where)
        fields = {_field(str(text)) for text in asked}
        asked += [text for text in chosen.get("where", ()) if _field(text) not in fields]
        given["where"] = asked
    return {**chosen, **given}


def material(ran: Ran) -> str:
    """Return what a model is shown of a result, as JSON fenced as data."""
    shown = ran.exhibit
    told = {
        "analysis": shown.analysis,
        "arguments": ran.call.arguments,
        "journey": shown.definition,
        "scope": shown.scope,
        "answer": ran.narration.answer,
        "support": ran.narration.support,
        "caveats": ran.narration.caveats or shown.caveats,
        "facts": [_fact(fact) for fact in shown.facts[:FACTS_SHOWN]],
        "rows_in_all": len(shown.rows),
    }
    if not shown.personal:
        told["table"] = _table(shown)
    return _fenced(told)


def shown_fact(fact: Fact) -> str:
    """Return a fact's value as a sentence would say it."""
    value = fact.value
    if value is None:
        return "undefined"
    if isinstance(value, str):
        return value
    if fact.unit == "rate":
        return percent(value)
    if fact.unit == "difference":
        return ("-" if value < 0 else "") + points(value)
    if fact.unit == "seconds":
        return span(value)
    if fact.unit == "ratio":
        return f"{value:.2g} times"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def _called(turn: Turn, name: str, arguments: Mapping[str, Any]) -> str:
    """Answer a model's call; a call that does not fit is told in a sentence it can act on."""
    if turn.by_server:
        turn.tool_calls += 1
        if turn.tool_calls > turn.settings.tool_calls:
            return _fenced({"error": "No further analysis for this question. Answer now."})
    get_stream_writer()(Step("tool", WORKING.get(name, f"Running {name.replace('_', ' ')}")))
    try:
        return material(run(turn, name, arguments))
    except JourneyError as fault:
        if not turn.by_server:
            turn.error = str(fault)
        return _fenced({"error": _public(fault)})


def _asked(turn: Turn, name: str, told: Mapping[str, Any]) -> Result[Any]:
    """Ask the catalogue; once more where another question's stop interrupted this one."""
    try:
        return catalog.call(turn.store, name, told)
    except Stopped:
        turn.watch.check()
        return catalog.call(turn.store, name, told)


def _public(fault: JourneyError) -> str:
    """Return an error for a model: without the values of a segment, which may be people's names."""
    text = str(fault)
    if isinstance(fault, UnknownSegmentError) and ": no segment '" not in text:
        return text.partition(" Did you mean")[0].partition(" Known:")[0]
    return text


def _schema(name: str) -> dict[str, Any]:
    told = catalog.schema(name)
    told["properties"] = {
        key: value for key, value in told["properties"].items() if key != HIDDEN_ARGUMENT
    }
    return {**told, "title": name, "description": catalog.summary(name)}


def _field(condition: str) -> str:
    try:
        found = parse_condition(condition)
    except InvalidArgumentError:
        return condition
    return f"{found.field} {found.values}" if found.field == "touchpoint" else found.field


def _fact(fact: Fact) -> dict[str, Any]:
    told: dict[str, Any] = {"id": fact.id, "label": fact.label, "shown": shown_fact(fact)}
    if fact.numerator is not None and fact.denominator is not None:
        told["base"] = f"{fact.numerator:,} of {fact.denominator:,}"
    if fact.low is not None and fact.high is not None:
        told["interval_95"] = [
            shown_fact(Fact("", "", bound, fact.unit)) for bound in (fact.low, fact.high)
        ]
    return told


def _table(shown: Exhibit) -> dict[str, Any]:
    kept = [
        place
        for place, column in enumerate(shown.columns)
        if column != "id" and not column.endswith("_id")
    ]
    return {
        "columns": [shown.columns[place] for place in kept],
        "rows": [[_cell(row[place]) for place in kept] for row in shown.rows[:ROWS_SHOWN]],
    }


def _cell(value: object) -> object:
    return float(f"{value:.5g}") if isinstance(value, float) else value


def _fenced(told: Mapping[str, Any]) -> str:
    """Return data that cannot close its own fence."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str)
    return f"<data>{text.replace('<', chr(92) + 'u003c')}</data>"
