"""Asking back: one short question, with whole questions to choose from."""

import re
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process, utils

from assistant.analyst.reading import Reading
from assistant.analyst.routing import Route
from assistant.analyst.sides import COMPARED
from assistant.analyst.suggestions import about, stated, suggestions
from assistant.analyst.vocabulary import Vocabulary
from assistant.plan import AskBack, Decline

BARE = 5
"""A text with no more letters than these beside a name says nothing about it."""
ONE_AT_A_TIME = {
    "drop_off": "How many leave at {}?",
    "drop_off_causes": "Why do people leave at {}?",
    "flow": "What happens after {}?",
    "segments": "Do people who saw {} convert more?",
    "overview": "Do people who saw {} convert more?",
    "inflection_points": "Do people who saw {} convert more?",
}
"""How each analysis of one touchpoint is asked about it."""
Nearest = Callable[[str], Sequence[str]]
"""Names of the data nearest in meaning to a text, best first (the assistant's memory has them)."""


def alternatives(reading: Reading, tool: str) -> AskBack | None:
    """Offer each of two touchpoints by itself: "do we lose more at pricing or at docs"."""
    touches = [t for t in reading.touches if not t.is_end and t.role != "not seen"]
    if len(touches) != 2 or tool not in ONE_AT_A_TIME:
        return None
    between = reading.text[touches[0].end : touches[1].start].lower()
    if not re.fullmatch(
        r"\W*(?:page )?(?:or|vs\.?|versus|than)\W+(?:(?:on|at|the|after|from|for|our|in|a)\W+)*",
        between,
    ):
        return None
    form = ONE_AT_A_TIME[tool]
    return AskBack(
        "I show one touchpoint at a time. Which one?",
        tuple(form.format(touch.label) for touch in touches),
    )


def two_ways(reading: Reading) -> AskBack | None:
    """Offer each of two ways by itself: "docs then pricing vs pricing then docs"."""
    middle = COMPARED.search(reading.text)
    touches = [touch for touch in reading.touches if touch.role != "not seen"]
    if not middle:
        return None
    left = [touch.label for touch in touches if touch.end <= middle.start()]
    right = [touch.label for touch in touches if touch.start >= middle.end()]
    if len(left) < 2 or len(right) < 2 or set(left) == set(right):
        return None
    return AskBack(
        "I show one way at a time. Which one?",
        tuple(f"Show the funnel {' > '.join(labels)}" for labels in (left, right)),
    )


def one_period_each(reading: Reading, tool: str) -> AskBack:
    """Offer each of many periods by itself: two at a time can be set against each other."""
    named = reading.touches or reading.fields or reading.compared
    question = stated(tool if named else "overview", reading).rstrip("?")
    told = []
    for period in reading.periods:
        start, end = period.spans[0]
        words = reading.text[start:end].strip()
        bare = re.fullmatch(r"(?:[a-z]{3,9}\.?(?: \d{4})?|q[1-4]|\d{4})", words, re.I)
        told.append(f"{question} {'in ' if bare else ''}{words}?")
    return AskBack("I can set two periods against each other, not more.", tuple(told[:4]))


def which(reading: Reading) -> AskBack:
    """Ask which of several things a name means."""
    first = reading.unclear[0]
    if re.search(r"\b(?:which|what)\s+$", reading.text[: first.start].lower()):
        told = (f"Do people who saw {label} convert more?" for label in first.labels[:4])
        return AskBack(
            "I can set one of them against people who did not see it. Which one?", tuple(told)
        )
    if len(reading.text) - (first.end - first.start) < BARE:
        return AskBack(
            f"What do you mean by '{first.text}'?",
            tuple(f"What happens after {label}?" for label in first.labels[:4]),
        )
    before = re.sub(r"\b(?:the|a|an|our)\s+$", "", reading.text[: first.start], flags=re.I)
    choices = tuple(before + label + reading.text[first.end :] for label in first.labels[:4])
    return AskBack(f"What do you mean by '{first.text}'?", choices)


def unknown(reading: Reading, vocabulary: Vocabulary, nearest: Nearest | None) -> AskBack | Decline:
    """Say that a name is not in the data; guess where something is near."""
    name = reading.unknown[0]
    known = [
        *vocabulary.touchpoints,
        *(v for values in vocabulary.segments.values() for v in values),
    ]
    near = process.extract(
        name, known, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=80, limit=3
    )
    guesses = [label for label, _, _ in near]
    if nearest:
        guesses += [label for label in nearest(name) if label in known]
    choices = tuple(
        re.sub(rf"\b{re.escape(name)}\b", lambda _, g=guess: g, reading.text, count=1)  # type: ignore[misc]
        for guess in dict.fromkeys(guesses)
    )[:3]
    if choices:
        return AskBack(
            f"The data hold nothing called '{name}'. Did you mean one of these?", choices
        )
    as_channel = rf"\b(?:from|via|through|by)\s+(?:the\s+)?{re.escape(name)}|{re.escape(name)}\s+(?:users|visitors|traffic|people|leads|customers)"
    channels = vocabulary.segments.get("channel", ()) if re.search(as_channel, reading.text) else ()
    told = f" The channels are {', '.join(channels)}." if 0 < len(channels) <= 10 else ""
    return Decline(f"The data hold nothing called '{name}'.{told}", suggestions(vocabulary)[:3])


def what(chosen: Route, vocabulary: Vocabulary) -> AskBack:
    """Ask what is wanted, where nothing but a name was said."""
    names = [tool for tool, _ in chosen.scores[:3]]
    return AskBack("What would you like to know?", about(names, vocabulary))
