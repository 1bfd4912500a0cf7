"""From a question as read to the arguments of the analysis that was chosen."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary
from assistant.analyst.words import spoken
from assistant.answer import Context

Told = dict[str, Any]
WORST = re.compile(
    r"\b(worst|poor\w*|least (?:success\w*|effective|converting)|fail\w*|lowest|weakest|bad|badly|don't convert|do not convert|not convert|unsuccessful|underperform\w*|drop\w*)\b"
)
VOLUME = re.compile(
    r"\b(common\w*|frequent\w*|popular|typical\w*|usual\w*|normal\w*|often|volume|most (?:people|visitors|customers|users|travelled|used|taken|visited|trodden|followed|chosen|walked|trafficked)|trodden|majority|average|biggest|busiest|main|standard|number of people)\b"
)
BEST = re.compile(
    r"\b(best|convert\w*|success\w*|effective|winning|high\w*|golden|happy|ideal|reliabl\w*|lead|leads)\b"
)
BEFORE = re.compile(r"\b(?:before|prior to|leading (?:up )?to|ahead of|preced\w+)\b")
CONVERTS = re.compile(r"\b(?:convert\w*|conversion|endslot)\b")
AROUND = re.compile(r"\b(?:next|following|before|after|leading)\b", re.IGNORECASE)
OF_PATHS = re.compile(
    r"\b(?:paths?|journeys?|routes?|sequences?|ways)\s+(?:(?:that|which|who|they)\s+)?"
    r"(?!.*\b(?:who|people|users|visitors|customers)\b)"
)
ON = re.compile(r"\b(?:on|at)\s+(?:the\s+|our\s+)?$")
ENDING = re.compile(
    r"\b(?:end|ends|ended|ending|finish\w*|result\w*) (?:up )?(?:in|with|at|on)\s+(?:an? |the )?$"
)
DIRECTLY = re.compile(r"\b(?:directly|immediately|straight)\b")


def scope_arguments(reading: Reading, context: Context, used: Iterable[Touch] = ()) -> Told:
    """Return the scope's arguments: the page's choices, and what the question says otherwise.

    Args:
        reading: The question.
        context: What the sidebar has chosen.
        used: Touchpoints that the analysis's own arguments hold already.
    """
    told: Told = context.arguments()
    if reading.journey:
        told["journey"] = reading.journey
    if reading.period:
        told.pop("from", None)
        told.pop("to", None)
        told |= period_arguments(reading)
    where = merged(told.pop("where", ()), own_filters(reading, used))
    if where:
        told["where"] = where
    return told


def period_arguments(reading: Reading) -> Told:
    """Return the question's period as arguments."""
    period = reading.period
    ends = {"from": period.since, "to": period.until} if period else {}
    return {name: day.isoformat() for name, day in ends.items() if day}


def own_filters(reading: Reading, used: Iterable[Touch] = ()) -> tuple[str, ...]:
    """Return the question's own filters as texts."""
    told = [each.text() for each in reading.filters]
    taken = {touch.start for touch in used}
    for touch in reading.touches:
        lost = touch.is_end and touch.role == "not seen"
        if touch.start not in taken and touch.role != "plain" and not lost:
            told.append(f"{'not saw' if touch.role == 'not seen' else 'saw'} {touch.label}")
    return tuple(dict.fromkeys(told))


def merged(old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
    """Return filters where the new ones replace the old ones on the same field or touchpoint."""
    fresh = {subject(text) for text in new}
    return (*(text for text in old if subject(text) not in fresh), *new)


def subject(text: str) -> str:
    """Return what a filter is about: its field, or its touchpoint."""
    seen = re.match(r"(?:not )?saw (.+)", text)
    return seen[0].removeprefix("not ") if seen else re.split(r"\s*[!<>=]", text)[0].casefold()


def arguments(tool: str, reading: Reading, vocabulary: Vocabulary, context: Context) -> Told:
    """Return the whole arguments of one analysis."""
    own, used = BUILDERS[tool](reading, vocabulary)
    return {**own, **scope_arguments(reading, context, used)}


def _overview(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    for touch in reading.plain():
        if not touch.is_end:
            _make_seen(reading, touch)
            reading.notes.append(f"I counted the journeys that contain {touch.label}.")
    return {}, []


def _make_seen(reading: Reading, touch: Touch) -> None:
    number = reading.touches.index(touch)
    reading.touches[number] = Touch(
        touch.label, "seen", touch.start, touch.end, touch.before, touch.is_end
    )


def _paths(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    told: Told = {}
    if order := path_order(reading):
        told["order"] = order
    if reading.outcome:
        told["outcome"] = reading.outcome
    for name in ("top", "minimum_length", "maximum_length"):
        if name in reading.told:
            told[name] = reading.told[name]
    if re.search(r"\b(whole|entire|complete|full) (?:path|journey|route)", reading.masked):
        told["rule"] = "whole"
    won = [t for t in reading.touches if t.is_end and (t.role == "seen" or ENDING.search(t.before))]
    if won:
        told["outcome"] = "converted"
    inside = [
        touch
        for touch in reading.touches
        if not touch.is_end
        and (touch.role == "plain" or (touch.role == "seen" and OF_PATHS.search(touch.before)))
    ]
    if inside:
        told["containing"] = tuple(dict.fromkeys(touch.label for touch in inside))
    return told, [*inside, *won]


def path_order(reading: Reading) -> str | None:
    """Return the order of paths that a question asks for; None where it leaves it open."""
    text = reading.masked
    if WORST.search(text):
        return "worst"
    if VOLUME.search(text):
        return "volume"
    return None


def _flow(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    told: Told = {}
    plain = reading.plain()
    anchors = [touch for touch in plain if not touch.is_end]
    if anchors:
        near = [t for t in anchors if re.search(r"\b(after|before|from|once|to)\b", t.before)]
        anchor = (near or anchors)[0]
        told |= {"view": "around", "anchor": anchor.label}
        for touch in anchors:
            if touch is not anchor:
                _make_seen(reading, touch)
    elif any(touch.is_end for touch in plain):
        told["view"] = "end"
    if "depth" in reading.told:
        depth = int(reading.told["depth"])
        told["depth"] = min(10, 2 * depth) if anchors and AROUND.search(reading.text) else depth
    if "top" in reading.told:
        told["nodes"] = max(1, min(20, int(reading.told["top"])))
    return told, []


def _funnel(reading: Reading, vocabulary: Vocabulary) -> tuple[Told, list[Touch]]:
    used = [t for t in reading.touches if t.role == "plain" or t.is_end]
    seen = [t for t in reading.touches if t.role == "seen"]
    if len(used) < 2 or BEFORE.search(reading.masked):
        used = sorted({*used, *seen}, key=lambda touch: touch.start)
    steps = _in_order(used, reading)
    end = " | ".join(vocabulary.ends)
    if BEFORE.search(reading.masked) and CONVERTS.search(reading.masked) and end:
        steps = tuple(dict.fromkeys((*(step for step in steps if step != end), end)))
    if len(steps) == 1 and end and steps[0] != end:
        steps = (*steps, end)
    if len(steps) < 2:
        steps = vocabulary.funnel or vocabulary.usual
        reading.notes.append(_chosen_steps(vocabulary, steps))
    told: Told = {"steps": steps}
    excluded = [t for t in reading.touches if t.role == "not seen" and not t.is_end]
    if excluded:
        told["excluded"] = tuple(touch.label for touch in excluded)
    if "window" in reading.told:
        told["window"] = reading.told["window"]
    if "per" in reading.told:
        told["per"] = reading.told["per"]
    if "order" in reading.told:
        told["order"] = reading.told["order"]
    elif DIRECTLY.search(reading.masked):
        told["order"] = "strict"
    return {**told, **_by(reading)}, [*used, *excluded]


def _in_order(used: list[Touch], reading: Reading) -> tuple[str, ...]:
    """Return the labels as they are taken: "buy after seeing pricing" begins with pricing."""
    told: list[str] = []
    last: Touch | None = None
    for touch in used:
        between = reading.text[last.end : touch.start].lower() if last and touch.start >= 0 else ""
        turned = r"\b(?:after|following|once|having)\b|\brates? (?:from|of|on|among|for)\b"
        if last and re.search(turned, between):
            told.insert(len(told) - 1, touch.label)
        else:
            told.append(touch.label)
        last = touch
    return tuple(dict.fromkeys(told))


def _chosen_steps(vocabulary: Vocabulary, steps: tuple[str, ...]) -> str:
    named = " > ".join(steps)
    if vocabulary.funnel:
        return f"I took the planned funnel: {named}."
    return f"You named no steps, so I took those that most converted journeys share: {named}."


def _drop_off(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    told: Told = {}
    at = [touch for touch in reading.plain() if not touch.is_end]
    at = at or [t for t in reading.touches if t.role == "seen" and ON.search(t.before)]
    if at:
        told["at"] = at[0].label
        for touch in at[1:]:
            _make_seen(reading, touch)
    if "top" in reading.told:
        told["top"] = reading.told["top"]
    return {**told, **_by(reading)}, at[:1]


def _by(reading: Reading) -> Told:
    """Return the split that a question asks for; two sides of a field also filter to these."""
    if reading.compared:
        return {"by": reading.compared[0]}
    return {"by": reading.fields[0]} if reading.fields else {}


def _segments(reading: Reading, vocabulary: Vocabulary) -> tuple[Told, list[Touch]]:
    told: Told = {}
    used: list[Touch] = []
    if reading.compared:
        sides = tuple(value for side in reading.compared[1] for value in side.split(" | "))
        told = {"by": reading.compared[0], "compare": sides}
    elif reading.fields:
        told = {"by": reading.fields[0]}
    else:
        touched = [touch for touch in reading.touches if not touch.is_end]
        if touched:
            used = [touch for touch in touched if touch.label == touched[0].label]
            told = {"by": f"saw {touched[0].label}"}
        elif reading.filters:
            told = {"by": reading.filters[0].field}
            reading.filters = reading.filters[1:]
    if not told:
        told = {"by": _default_field(reading, vocabulary)}
        reading.notes.append(f"I compared by {spoken(told['by'])}.")
    for touch in reading.plain():
        if not touch.is_end and touch not in used:
            _make_seen(reading, touch)
            reading.notes.append(f"I counted the journeys that contain {touch.label}.")
    if "top" in reading.told:
        told["top"] = reading.told["top"]
    return told, used


def _default_field(reading: Reading, vocabulary: Vocabulary) -> str:
    fields = [name for name, values in vocabulary.segments.items() if 2 <= len(values) <= 50]
    if re.search(r"\b(?:compan\w+|business\w*|firms?|organi[sz]ations?)\b", reading.masked):
        fits = [name for name in fields if re.search(r"industr|sector|compan|employee", name, re.I)]
        if fits:
            return fits[0]
    return "channel" if "channel" in fields or not fields else fields[0]


BUILDERS: dict[str, Callable[[Reading, Vocabulary], tuple[Told, list[Touch]]]] = {
    "overview": _overview,
    "paths": _paths,
    "flow": _flow,
    "funnel": _funnel,
    "drop_off": _drop_off,
    "segments": _segments,
}
