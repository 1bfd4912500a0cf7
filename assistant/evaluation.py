"""How well the built-in analyst understands: its score on the catalogue's held-out questions.

Run as `python -m assistant.evaluation`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from typing import Any

from assistant.analyst.planner import plan
from assistant.analyst.vocabulary import Vocabulary
from assistant.plan import AskBack, CallPlan, Decline, Plan, SetJourney, Talk
from prompts.questions import HeldOut, first_runs, held_out, vocabularies
from tools import catalog
from tools.errors import InvalidArgumentError
from tools.journeys.scope import parse_condition

KINDS = {AskBack: "ask_back", Decline: "decline", Talk: "talk", SetJourney: "set_journey"}


@dataclass(frozen=True, slots=True)
class Mark:
    """How one question was understood."""

    question: HeldOut
    made: Plan
    right_tool: bool
    """The right analysis, or the right kind of reply where none is due."""
    right_arguments: bool
    """The right tool, and every argument as expected."""


def vocabulary(name: str) -> Vocabulary:
    """Return one of the evaluation's vocabularies."""
    told = vocabularies()[name]
    return Vocabulary(
        touchpoints=tuple(told["touchpoints"]),
        segments={key: tuple(str(v) for v in values) for key, values in told["segments"].items()},
        journeys=tuple(told["journeys"]),
        ends=tuple(told["ends"]),
        as_of=told["as_of"],
        first=told["first"],
        window=timedelta(days=told["window_days"]),
        funnel=tuple(told["funnel"]),
        usual=tuple(told["usual"]),
        precedes=frozenset(
            pair for labels in told["sequences"] for pair in combinations(labels, 2)
        ),
        sessions=told["sessions"],
    )


def marks() -> tuple[Mark, ...]:
    """Ask every held-out question and mark the plan."""
    known = {name: vocabulary(name) for name in vocabularies()}
    return tuple(_mark(question, known[question.data]) for question in held_out())


def _mark(question: HeldOut, known: Vocabulary) -> Mark:
    previous = CallPlan(*question.after) if question.after else None
    made = plan(question.ask, vocabulary=known, previous=previous)
    if isinstance(made, CallPlan):
        tool = question.kind == "call" and made.tool == question.tool
        same = tool and canonical(made.tool, made.arguments) == canonical(
            made.tool, question.arguments
        )
        return Mark(question, made, tool, same)
    kind = KINDS[type(made)] == question.kind
    if isinstance(made, SetJourney):
        told = {
            "start": made.start,
            "end": made.end,
            "window": made.window,
            "inactivity": made.inactivity,
        }
        found = {name: value for name, value in told.items() if value}
        return Mark(question, made, kind, kind and found == dict(question.journey))
    return Mark(question, made, kind, kind)


def canonical(tool: str, arguments: Mapping[str, Any]) -> object:
    """Return arguments in the one form in which equal calls are equal; text where invalid."""
    try:
        told = catalog.arguments_model(tool)(**dict(arguments))
    except (ValueError, InvalidArgumentError) as fault:
        return f"{fault} {arguments}"
    plain = told.model_dump()
    where = [parse_condition(text) for text in plain.pop("where")]
    filters = {(c.field.casefold(), c.operator, frozenset(c.values)) for c in where}
    return plain, filters


def report() -> str:
    """Return the score and the misses as text."""
    made = marks()
    tools = sum(mark.right_tool for mark in made)
    told = sum(mark.right_arguments for mark in made)
    shown = [mark for mark in made if mark.question.shown]
    lines = [
        f"{len(made)} held-out questions",
        f"right tool:      {tools} of {len(made)} ({tools / len(made):.0%})",
        f"right arguments: {told} of {len(made)} ({told / len(made):.0%})",
        f"the {len(shown)} to be shown: {sum(mark.right_arguments for mark in shown)} right",
        *(f"first run of the {text}" for text in first_runs()),
    ]
    for mark in made:
        if not mark.right_arguments:
            wanted = mark.question.tool or mark.question.kind
            lines.append(
                f"- {mark.question.ask}\n    wanted {wanted} {dict(mark.question.arguments)}"
            )
            lines.append(f"    got    {mark.made}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(report())  # noqa: T201 - a command
