"""From a question that has run its course to the answer that is shown and kept."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from assistant.answer import BUILT_IN, Answer, ToolCall
from assistant.built_in import words_of
from assistant.memory import Finding
from assistant.plan import AskBack, CallPlan, Decline, Plan, Talk
from assistant.toolbox import Turn
from tools.journeys.scope import parse_condition
from tools.narration.words import listed

SCOPE = ("journey", "from", "to", "where")
TOOK_OVER = "The built-in analyst answered instead."


def previous_call(history: tuple[Answer, ...]) -> CallPlan | None:
    """Return the last analysis of a conversation, for follow-ups."""
    for answer in reversed(history):
        if answer.tool_calls:
            last = answer.tool_calls[-1]
            return CallPlan(last.tool, last.arguments)
    return None


def carried(plan: Plan, question: str, history: tuple[Answer, ...]) -> Plan:
    """Return a plan in the scope of the last answer, where that answer offered the question.

    A follow-up chip or a click on the chart means the same people and period as the answer it
    stands under; a question that was typed says itself what it is about.
    """
    last = history[-1] if history else None
    if not isinstance(plan, CallPlan) or last is None or not last.tool_calls:
        return plan
    offered = {*last.follow_ups, *(q for e in last.exhibits for q in e.chart.questions.values())}
    if question not in offered:
        return plan
    before = {k: v for k, v in last.tool_calls[-1].arguments.items() if k in SCOPE and v}
    own = [parse_condition(text) for text in plan.arguments.get("where", ())]
    taken = {condition.field for condition in own} | {plan.arguments.get("by")}
    where = [c for c in map(parse_condition, before.pop("where", ())) if c.field not in taken]
    before = {k: v for k, v in before.items() if k not in plan.arguments}
    kept = [condition.sentence() for condition in where]
    if not kept and not before:
        return plan
    arguments = {**plan.arguments, **before}
    if kept or own:
        arguments["where"] = (*kept, *(condition.sentence() for condition in own))
    return CallPlan(plan.tool, arguments, plan.understood)


def composed(turn: Turn, text: str, repeated: Finding | None) -> Answer:
    """Return the answer that a question has come to.

    Args:
        turn: The question, as it went.
        text: The words that the guard let pass.
        repeated: The same question, asked before in another conversation.
    """
    by_server = turn.by_server and turn.fault is None
    answer = Answer(
        question=turn.question,
        text=text,
        exhibits=tuple(ran.exhibit for ran in turn.ran),
        tool_calls=tuple(ToolCall(ran.call.tool, ran.call.arguments) for ran in turn.ran),
        follow_ups=turn.ran[0].narration.follow_ups if turn.ran else (),
        author=turn.settings.model if by_server else BUILT_IN,
        notice=f"{turn.fault} {TOOK_OVER}" if turn.fault else None,
    )
    if turn.guard:
        answer = replace(answer, guard=turn.guard)
    if by_server:
        return answer
    return _with_plan(answer, turn, repeated)


def looked_at(arguments: Mapping[str, Any]) -> str:
    """Say which part of the journeys an answer is about; nothing where it is all of them."""
    since, until = (_day(arguments.get(name)) for name in ("from", "to"))
    if since and until:
        parts = [f"that started from {since} to {until}"]
    elif since or until:
        parts = [f"that started {f'on {since} or later' if since else f'on {until} or earlier'}"]
    else:
        parts = []
    where = arguments.get("where") or ()
    parts += [_in_words(text) for text in ([where] if isinstance(where, str) else where)]
    return f"Counted here: only journeys {listed(parts)}." if parts else ""


def _in_words(condition: str) -> str:
    if condition.startswith("not saw "):
        return f"that did not see {condition.removeprefix('not saw ')}"
    return f"that {condition}" if condition.startswith("saw ") else f"with {condition}"


def _day(told: object) -> str:
    if not told:
        return ""
    day = date.fromisoformat(str(told)[:10])
    return f"{day.day} {day:%B %Y}"


def _with_plan(answer: Answer, turn: Turn, repeated: Finding | None) -> Answer:
    """Add what the built-in analyst's plan says beside the text."""
    plan = turn.plan
    if turn.error and not turn.ran:
        return replace(answer, kind="error")
    if turn.ran:
        notes = [plan.understood] if isinstance(plan, CallPlan) and plan.understood else []
        if only := looked_at(turn.ran[0].call.arguments):
            notes.insert(0, only)
        if repeated:
            notes.append(f"You asked this before, on {repeated.on.day} {repeated.on:%B %Y}.")
        tail = f"\n\n*{' '.join(notes)}*" if notes else ""
        return replace(answer, text=answer.text + tail)
    if isinstance(plan, AskBack):
        return replace(answer, kind="question_back", choices=plan.choices)
    if isinstance(plan, Decline):
        return replace(answer, kind="declined", follow_ups=plan.nearest)
    if isinstance(plan, Talk):
        return replace(answer, follow_ups=plan.follow_ups)
    return replace(answer, text=answer.text or words_of(plan))


def finding(conversation: str, question: str, text: str, when: datetime) -> Finding:
    """Return what the memory keeps of an answer: its question and its first sentence."""
    return Finding(question, text.replace("*", "").split("\n")[0], conversation, when.date())
