"""How well the built-in analyst understands: its score on the catalogue's held-out questions.

Run as `python -m assistant.evaluation`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.analyst.planner import plan
from assistant.analyst.practice import vocabulary
from assistant.analyst.vocabulary import Vocabulary
from assistant.plan import AskBack, CallPlan, Decline, Plan, SetJourney, Talk
from prompts.questions import HeldOut, first_runs, held_out, vocabularies
from tools import catalog
from tools.errors import InvalidArgumentError
from tools.journeys.scope import parse_condition

KINDS_OF = ("learnt", "blind")
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
    """Return the scores, of the blind questions apart from those learnt from, and the misses."""
    made = marks()
    shown = [mark for mark in made if mark.question.shown]
    told = {kind: [m for m in made if m.question.blind == (kind == "blind")] for kind in KINDS_OF}
    lines = [line for kind, some in told.items() for line in _score(kind, some)]
    lines += [
        f"the {len(shown)} to be shown: {sum(mark.right_arguments for mark in shown)} right",
        *(f"first run of the {text}" for text in first_runs()),
        *(line for mark in made if not mark.right_arguments for line in _miss(mark)),
    ]
    return "\n".join(lines)


def _score(kind: str, made: list[Mark]) -> Iterator[str]:
    """Yield how many questions of a kind got the right tool and arguments, in all and by tool."""
    by_tool: dict[str, list[Mark]] = {}
    for mark in made:
        by_tool.setdefault(mark.question.tool or "no analysis", []).append(mark)
    yield f"{len(made)} {kind} questions: {_right(made)}"
    for tool, some in by_tool.items():
        yield f"  {tool}: {_right(some)}"


def _right(made: list[Mark]) -> str:
    tools = sum(mark.right_tool for mark in made)
    told = sum(mark.right_arguments for mark in made)
    return (
        f"right tool {tools} of {len(made)} ({tools / len(made):.0%}), "
        f"arguments too {told} ({told / len(made):.0%})"
    )


def _miss(mark: Mark) -> Iterator[str]:
    question = mark.question
    after = f" (after {question.after[0]} {dict(question.after[1])})" if question.after else ""
    yield f"- {question.ask}{after}{' [blind]' if question.blind else ''}"
    yield f"    wanted {question.tool or question.kind} {dict(question.arguments)}"
    yield f"    got    {mark.made}"


if __name__ == "__main__":
    print(report())  # noqa: T201 - a command
