"""What "why?" leads to, after each analysis."""

from typing import Any

from assistant.analyst.asked.scope import subject
from assistant.analyst.changes import SCOPE
from assistant.analyst.switches import anchor_of
from assistant.analyst.vocabulary import Vocabulary
from assistant.plan import AskBack, CallPlan

Told = dict[str, Any]
LED_TO = {
    "overview": ("inflection_points", "This shows what sets those who convert apart."),
    "paths": ("inflection_points", "This shows what sets those who convert apart."),
    "routes": ("inflection_points", "This shows what sets those who convert apart."),
    "attribution": ("inflection_points", "This shows what sets those who convert apart."),
    "scores": ("inflection_points", "This shows what sets those who convert apart."),
    "anomalies": ("conversion_change", "This shows what moved conversion."),
    "change_effect": ("conversion_change", "This shows what moved conversion."),
}
NO_CAUSE = "I can't tell causes; this shows what could be done."


def why(previous: CallPlan, vocabulary: Vocabulary) -> CallPlan | AskBack:
    """Lead from a number to what goes with it, or ask at which point."""
    before = dict(previous.arguments)
    scope = scope_of(before)
    anchor = anchor_of(before)
    if previous.tool == "drop_off_causes":
        return AskBack(
            "I can't tell causes, only what goes with leaving. What would help you?",
            (
                f"Show me the people who dropped off at {anchor}",
                f"What should we do about {anchor}?",
            ),
        )
    if anchor and previous.tool in {"drop_off", "flow", "customers"}:
        return CallPlan("drop_off_causes", {"at": anchor, **scope})
    if previous.tool == "conversion_change":
        return CallPlan("conversion_change", {**before, "by": "route"}, "By route, then.")
    if previous.tool == "overview" and "from" in scope:
        return CallPlan("conversion_change", scope, "This shows what moved conversion.")
    if previous.tool in LED_TO:
        tool, note = LED_TO[previous.tool]
        return CallPlan(tool, scope, note)
    if previous.tool == "segments" or (previous.tool == "flow" and not anchor):
        return CallPlan("drop_off", scope, "I can't tell causes; this shows where people leave.")
    if previous.tool in {"drop_off", "funnel"}:
        return _at_which(before, vocabulary)
    return CallPlan("recommendations", scope, NO_CAUSE)


def _at_which(before: Told, vocabulary: Vocabulary) -> AskBack:
    steps = tuple(before.get("steps", ())) or (vocabulary.usual or vocabulary.touchpoints)
    inner = [label for label in steps if label not in vocabulary.ends]
    inner = inner[:-1] if before.get("steps") and inner == list(steps) else inner
    choices = tuple(f"Why do people leave after {label}?" for label in inner[:4])
    return AskBack("At which point?", choices)


def scope_of(before: Told) -> Told:
    """Return the scope's arguments of a call."""
    return {name: before[name] for name in SCOPE if name in before}


def split_field(vocabulary: Vocabulary, before: Told) -> str | None:
    """Return the first segment that a call neither splits by nor filters on."""
    used = {before.get("by"), *(subject(text) for text in before.get("where", ()))}
    for name, values in vocabulary.segments.items():
        if 2 <= len(values) <= 20 and name not in used and name.casefold() not in used:
            return name
    return None
