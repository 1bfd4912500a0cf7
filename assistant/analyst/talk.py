"""What is no question about journeys: small talk, the product itself, and what it cannot do."""

import re
from functools import cache

from assistant.analyst.suggestions import about, suggestions
from assistant.analyst.vocabulary import Vocabulary
from assistant.analyst.words import spoken
from assistant.plan import Decline, Talk
from prompts.questions import wording

KNOWN = re.compile(
    r"\b(?:which|what|list|show(?: me)?)\b.*\b(touchpoints?|events?|pages|channels|segments|fields|traits|journeys?|definitions?)\b.*"
    r"\b(?:(?:do|can) (?:you|we|i) (?:know|have|track|see|use|filter)|are there|exist|available|are known|are defined|have we|is there|in the data)\b|"
    r"^what data (?:do (?:you|we) have|is there|have (?:you|we))\b(?P<all>)"
)
KINDS = re.compile(r"\b(?:kinds?|types?|sorts?|groups?|patterns?|families|clusters?|archetypes?)\b")
MEANING = re.compile(
    r"^(?:and )?(?:what (?:is|exactly is)|define|explain|what's)(?: a| an| the| our| your| this)*(?: mature| current| customer)? (?:journey|definition)\b(?: definition| here| of (?:a |the )?journey| again)*[?!. ]*$"
    r"|^what (?:do you mean by\b|(?:does|do) .*\bmean\b)|\bold enough to judge\b|^what (?:is|are|does) .*\bmature\b"
    r"|^how (?:do|did) (?:you|we) (?:define|count|calculate|compute|measure)\b|^how (?:is|are) .*\b(?:defined|counted|calculated|computed|measured)\b"
    r"|\bcounts? as (?:a |an |the )?(?:conversion|journey|converted|drop)"
)
SHOWN = 12


@cache
def _patterns(part: str) -> tuple[tuple[int, re.Pattern[str]], ...]:
    whole = part == "talk"
    return tuple(
        (number, re.compile(f"(?:{pattern})" if not whole else rf"(?:{pattern})[\s!.?,:)]*", re.I))
        for number, entry in enumerate(wording(part))
        for pattern in entry["patterns"]
    )


def small_talk(text: str, vocabulary: Vocabulary) -> Talk | None:
    """Answer what is said to the product itself; None for anything else."""
    parts = [part for part in re.split(r"[,.!;]\s+|[,.!;]$", text.strip().lower()) if part]
    said = [_said(part) for part in (text.strip().lower(), *parts)]
    if said[0] is not None or (parts and None not in said[1:]):
        number = said[0] if said[0] is not None else said[-1]
        return Talk(wording("talk")[number]["says"], suggestions(vocabulary)[:4])
    return _names(text.lower(), vocabulary) or _meaning(text.lower(), vocabulary)


def _said(text: str) -> int | None:
    for number, pattern in _patterns("talk"):
        if pattern.fullmatch(text):
            return number
    return None


def _names(text: str, vocabulary: Vocabulary) -> Talk | None:
    match = KNOWN.search(text)
    if not match or KINDS.search(text):
        return None
    asked = match[1] or ""
    if asked.startswith("channel"):
        known, what = vocabulary.segments.get("channel", ()), "channels"
    elif asked.startswith(("segment", "field", "trait")):
        known, what = tuple(spoken(name) for name in vocabulary.segments), "segments"
    elif asked.startswith(("journey", "definition")):
        known, what = vocabulary.journeys, "journeys"
    else:
        known, what = vocabulary.touchpoints, "touchpoints"
    if not known:
        return Talk(f"The data name no {what}.", suggestions(vocabulary)[:3])
    more = " and more" if len(known) > SHOWN else ""
    return Talk(
        f"The {what} in the data: {', '.join(known[:SHOWN])}{more}.", suggestions(vocabulary)[:3]
    )


def _meaning(text: str, vocabulary: Vocabulary) -> Talk | None:
    if not MEANING.search(text):
        return None
    start = " or ".join(vocabulary.starts) or "the first touch"
    end = " or ".join(vocabulary.ends)
    goal = (
        f"It converts at {end}, if that comes within the journey's window."
        if end
        else "It has no end event yet; say, for example, that a certain touchpoint is the goal."
    )
    return Talk(
        f"A journey is one attempt of one person. It begins at {start}. {goal} It is old enough to "
        "judge once the whole window has passed since its start; younger ones are left out of rates.",
        suggestions(vocabulary)[:3],
    )


def outside(text: str, vocabulary: Vocabulary) -> Decline | None:
    """Say no to what the product cannot do; None where nothing says that it cannot."""
    for number, pattern in _patterns("declined"):
        if pattern.search(text):
            entry = wording("declined")[number]
            return Decline(entry["says"], about(entry["nearest"], vocabulary))
    return None
