"""Questions worth suggesting: of the catalogue, those that the data can answer."""

import re
from collections.abc import Iterable, Mapping

from assistant.analyst.reading import Reading
from assistant.analyst.vocabulary import Vocabulary
from assistant.analyst.words import spoken
from prompts.questions import questions

FEW_VALUES = 12
FIRST = (
    "paths", "drop_off", "inflection_points", "sequences", "timing", "segments", "anomalies",
    "scores", "conversion_change", "recommendations", "drop_off_causes", "attribution", "overview",
)  # fmt: skip
"""The analyses in the order in which a newcomer is told of them: what the product is for first."""
DAY = re.compile(r"\b\d{4}-\d\d\b")
"""A day in a question is the catalogue's own, not the data's."""
NEED_END = frozenset({
    "paths", "segments", "inflection_points", "sequences", "scores", "attribution", "retention",
    "conversion_change", "recommendations", "change_effect",
})  # fmt: skip
FAVOURITES = ("channel", "device", "platform", "country", "industry", "company_size", "plan")


def suggestions(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the catalogue's questions with names of the data, one per analysis first.

    Those that the product is for come before the others.

    Questions about conversion are left out while the journey has no end, and those about
    segments or touchpoints where the data have none.
    """
    slots = _slots(vocabulary)
    told: list[tuple[int, int, int, str]] = []
    seen: dict[str, int] = {}
    for number, question in enumerate(questions()):
        if text := _filled(question.question, slots):
            if question.tool in NEED_END and not vocabulary.ends:
                continue
            if question.tool == "change_effect" and not vocabulary.changes:
                continue
            if DAY.search(text) or ("campaign" in text and "campaign" not in vocabulary.segments):
                continue
            rank = seen[question.tool] = seen.get(question.tool, -1) + 1
            place = FIRST.index(question.tool) if question.tool in FIRST else len(FIRST)
            told.append((rank, place, number, text))
    return tuple(text for _, _, _, text in sorted(told))


def about(names: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return one suggestion for each analysis or theme named, as far as the data can answer."""
    slots = _slots(vocabulary)
    told = []
    for name in names:
        if name == "overview_month":
            told.append("How did we do last month?")
        elif name == "channels" and vocabulary.segments.get("channel"):
            told.append("Which channel converts best?")
        else:
            tool = {"compare": "segments", "channels": "segments"}.get(name, name)
            texts = [_filled(q.question, slots) for q in questions() if q.tool == tool]
            told += [text for text in texts if text][:1]
    return tuple(dict.fromkeys(told))


def stated(tool: str, reading: Reading) -> str:
    """Return a plain question to one analysis about what a question names, its period left out."""
    slots: dict[str, str] = {}
    inner = [touch.label for touch in reading.plain() if not touch.is_end]
    slots |= dict(zip(("touchpoint", "other"), inner, strict=False))
    if reading.compared and len(reading.compared[1]) == 2:
        slots |= {"value": reading.compared[1][0], "rival": reading.compared[1][1]}
    elif reading.fields:
        slots["field"] = spoken(reading.fields[0])
    if tool == "overview":
        text = "How did we do"
    else:
        fits = [q.question for q in questions() if q.tool == tool and _filled(q.question, slots)]
        best = max(fits, key=lambda text: text.count("{"))
        text = (_filled(best, slots) or best).rstrip("?")
    values = [f"{'not ' if f.negated else ''}{' or '.join(f.values)}" for f in reading.filters]
    return f"{text}{' for ' if values else ''}{' and '.join(values)}?"


def _slots(vocabulary: Vocabulary) -> Mapping[str, str]:
    """Return what each slot is filled with; slots that the data cannot fill are missing."""
    inner = [label for label in vocabulary.usual if label not in vocabulary.ends]
    rest = [label for label in vocabulary.touchpoints if label not in vocabulary.ends]
    chosen = list(dict.fromkeys([*inner[1:], *rest[1:], *inner, *rest]))
    told = dict(zip(("touchpoint", "other"), chosen, strict=False))
    if vocabulary.ends:
        told["end"] = vocabulary.ends[0]
    if vocabulary.changes:
        told["change"] = vocabulary.changes[0]
    for name in (*FAVOURITES, *vocabulary.segments):
        values = vocabulary.segments.get(name, ())
        if 2 <= len(values) <= FEW_VALUES:
            told["field"] = spoken(name)
            told["value"], told["rival"] = values[:2]
            break
    return told


def _filled(text: str, slots: Mapping[str, str]) -> str | None:
    wanted = set(re.findall(r"\{(\w+)\}", text))
    return text.format(**slots) if wanted <= set(slots) else None
