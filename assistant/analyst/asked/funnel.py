"""What `funnel` is asked: its steps in their order, within what time, counted how."""

import re

from assistant.analyst.asked.scope import Told, counted, in_order, split_by
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

BEFORE = re.compile(r"\b(?:before|prior to|leading (?:up )?to|ahead of|preced\w+)\b")
CONVERTS = re.compile(r"\b(?:convert\w*|conversion|endslot)\b")
DIRECTLY = re.compile(r"\b(?:directly|immediately|straight)\b")
FEWEST = 2


def asked(reading: Reading, vocabulary: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `funnel`, and the touchpoints that they hold."""
    used = _used(reading)
    told: Told = {"steps": _steps(used, reading, vocabulary)}
    excluded = [t for t in reading.touches if t.role == "not seen" and not t.is_end]
    if excluded:
        told["excluded"] = tuple(touch.label for touch in excluded)
    told |= counted(reading, "window", "per", "order")
    if "order" not in told and DIRECTLY.search(reading.masked):
        told["order"] = "strict"
    return {**told, **split_by(reading)}, [*used, *excluded]


def _used(reading: Reading) -> list[Touch]:
    used = [t for t in reading.touches if t.role == "plain" or t.is_end]
    if len(used) < FEWEST or BEFORE.search(reading.masked):
        seen = [t for t in reading.touches if t.role == "seen"]
        used = sorted({*used, *seen}, key=lambda touch: touch.start)
    return used


def _steps(used: list[Touch], reading: Reading, vocabulary: Vocabulary) -> tuple[str, ...]:
    steps = in_order(used, reading)
    end = " | ".join(vocabulary.ends)
    if BEFORE.search(reading.masked) and CONVERTS.search(reading.masked) and end:
        steps = tuple(dict.fromkeys((*(step for step in steps if step != end), end)))
    if len(steps) == 1 and end and steps[0] != end:
        steps = (*steps, end)
    if len(steps) < FEWEST:
        steps = vocabulary.funnel or vocabulary.usual
        reading.notes.append(_chosen(vocabulary, steps))
    return steps


def _chosen(vocabulary: Vocabulary, steps: tuple[str, ...]) -> str:
    named = " > ".join(steps)
    if vocabulary.funnel:
        return f"I took the planned funnel: {named}."
    return f"You named no steps, so I took those that most converted journeys share: {named}."
