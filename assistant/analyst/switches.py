"""What goes along where a follow-up asks another analysis about the same journeys."""

import re
from typing import Any

from assistant.analyst.arguments import arguments, takes
from assistant.analyst.asked.scope import merged, subject
from assistant.analyst.changes import POINTS, SCOPE, against, is_split, one_before, scoped
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary
from assistant.answer import Context
from assistant.plan import CallPlan

Told = dict[str, Any]
HOLDS_ONE = frozenset({"flow", "drop_off", "drop_off_causes", "customers", "timing"})
"""Analyses that are about one touchpoint, where one is known."""
WHICH_ONE = re.compile(r"\bwhich (?:one|ones|of (?:them|those|these))\b")


def switched(tool: str, reading: Reading, previous: CallPlan, vocabulary: Vocabulary) -> Told:
    """Return another analysis's arguments: the scope goes along, and so does the touchpoint."""
    before = dict(previous.arguments)
    one_before(reading, before)
    kept = _kept(tool, reading, before)
    if not reading.touches:
        reading.touches += _touches(tool, before, vocabulary)
    new_side = reading.filters[0] if is_split(reading) else None
    own = arguments(tool, reading, vocabulary, Context())
    own |= _pointed_at(tool, reading, previous, own)
    if tool == "segments" and new_side:
        reading.filters = [new_side]
        against(tool, reading, own, before)
        kept["where"] = own.pop("where", ())
    where = merged(kept.get("where", ()), own.pop("where", ()))
    if "by" in own:
        where = tuple(t for t in where if subject(t) != str(own["by"]).casefold())
    told = {**kept, **own, "where": where}
    return {name: value for name, value in told.items() if not (name == "where" and not value)}


def _kept(tool: str, reading: Reading, before: Told) -> Told:
    """Return the scope that goes along; a period that another is set against stays too."""
    told = scoped(reading, {name: before[name] for name in SCOPE if name in before})
    if reading.rival:
        told = {name: before[name] for name in ("from", "to") if name in before} | told
    if tool == "conversion_change":
        told = {name: v for name, v in told.items() if not name.startswith("versus")}
    if tool == "change_effect":
        told = {name: v for name, v in told.items() if name not in {"from", "to"}}
    return told


def _touches(tool: str, before: Told, vocabulary: Vocabulary) -> list[Touch]:
    """Return the touchpoints of the call before, where the new analysis has a place for them."""
    anchor = anchor_of(before)
    labels: tuple[str, ...] = ()
    if anchor and tool in HOLDS_ONE | {"paths", "funnel"}:
        inside = tuple(before.get("containing", ()))
        labels = inside if tool == "funnel" and len(inside) > 1 else (anchor,)
    elif tool == "paths":
        steps = tuple(before.get("steps", ()))
        labels = tuple(label for label in steps if label not in vocabulary.ends)
    return [Touch(label, "plain", n - len(labels), -1, "") for n, label in enumerate(labels)]


def _pointed_at(tool: str, reading: Reading, previous: CallPlan, own: Told) -> Told:
    """Return what "which of them" and "those people" point at."""
    before, text = dict(previous.arguments), reading.text.lower()
    by, anchor = str(before.get("by", "")), anchor_of(before)
    if WHICH_ONE.search(text) and by and not by.startswith("saw ") and tool != "attribution":
        return {"by": by} if takes(tool, "by") else {}
    if tool == "customers" and previous.tool in {"drop_off", "drop_off_causes"}:
        return {"who": own.get("who", "dropped")}
    if tool == "overview" and anchor and POINTS.search(text):
        return {"where": (*own.get("where", ()), f"saw {anchor}")}
    return {}


def anchor_of(before: Told) -> str | None:
    """Return the touchpoint that the question before was about."""
    inside = before.get("containing", ())
    named = (before.get(name) for name in ("anchor", "at", "touchpoint", "first"))
    found = next(filter(None, named), None) or (inside[0] if inside else None)
    return str(found) if found else None
