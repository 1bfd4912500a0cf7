"""What the conversation gives its faces: answers, the steps on the way, and the page's context."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tools.exhibit import Exhibit, from_json, to_json

BUILT_IN = "built-in analyst"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of an analysis, with its arguments as `catalog.call` takes them."""

    tool: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GuardReport:
    """What the number guard did with an answer."""

    verdict: Literal["passed", "repaired", "replaced", "nothing to check"]
    """Replaced: the model's words were dropped for the template's."""
    numbers: int = 0
    """Numbers found in the text."""
    unmatched: tuple[str, ...] = ()
    """Numbers of the rejected text that no fact gave."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the page's sidebar has chosen; a question that says otherwise wins."""

    journey: str | None = None
    since: str | None = None
    """ISO date."""
    until: str | None = None
    where: tuple[str, ...] = ()

    def arguments(self) -> dict[str, Any]:
        """Return the choices as arguments of `catalog.call`."""
        told = {"journey": self.journey, "from": self.since, "to": self.until, "where": self.where}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened on the way to an answer."""

    kind: Literal["status", "tool", "text"]
    """`status`: a line to show ("Reading 1,204,331 events"); `tool`: an analysis starts;
    `text`: a piece of the guarded answer, to be appended."""
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, as shown and as kept."""

    question: str
    text: str
    """Markdown; its first sentence is the answer."""
    exhibits: tuple[Exhibit, ...] = ()
    """The first one's chart stands under the answer."""
    tool_calls: tuple[ToolCall, ...] = ()
    follow_ups: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    """Where the answer asks back: whole questions, one of which is meant."""
    kind: Literal["answer", "question_back", "declined", "error", "stopped"] = "answer"
    author: str = BUILT_IN
    notice: str | None = None
    """Why the built-in analyst finished what a model began, in a sentence."""
    guard: GuardReport = field(default_factory=lambda: GuardReport("nothing to check"))


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON-ready data; `answer_from_json` is its inverse."""
    return {
        "question": answer.question,
        "text": answer.text,
        "exhibits": [to_json(shown) for shown in answer.exhibits],
        "tool_calls": [
            {"tool": call.tool, "arguments": dict(call.arguments)} for call in answer.tool_calls
        ],
        "follow_ups": list(answer.follow_ups),
        "choices": list(answer.choices),
        "kind": answer.kind,
        "author": answer.author,
        "notice": answer.notice,
        "guard": {
            "verdict": answer.guard.verdict,
            "numbers": answer.guard.numbers,
            "unmatched": list(answer.guard.unmatched),
        },
    }


def answer_from_json(told: Mapping[str, Any]) -> Answer:
    """Return the answer that `answer_to_json` wrote."""
    guard = told["guard"]
    return Answer(
        question=told["question"],
        text=told["text"],
        exhibits=tuple(from_json(shown) for shown in told["exhibits"]),
        tool_calls=tuple(ToolCall(call["tool"], call["arguments"]) for call in told["tool_calls"]),
        follow_ups=tuple(told["follow_ups"]),
        choices=tuple(told["choices"]),
        kind=told["kind"],
        author=told["author"],
        notice=told["notice"],
        guard=GuardReport(guard["verdict"], guard["numbers"], tuple(guard["unmatched"])),
    )
