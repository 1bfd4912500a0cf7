"""A journey defined in a sentence: "Count a journey from pricing to purchase within 14 days"."""

import re

from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary
from assistant.plan import AskBack, SetJourney

ASKS = re.compile(
    r"^(?:and |so |ok |but )*(?:what|which|who|where|when|why|how|do|does|did|is|are|was|were|has|have|show|list|compare|give)\b"
)
POLITE = re.compile(
    r"^(?:please|can you|could you|can we|could we|i want to|i'd like to|i would like to|let's|lets|we should|you should|now|ok|okay|from now on|instead|what if|how about if|suppose|imagine|assume)[, ]+"
)
GOAL = r"(?:goals?|conversions?|conversion events?|end events?|end|target|success|outcome|finish)"
AS_GOAL = re.compile(
    rf"\b(?:use|set|make|take|treat|count|consider|regard|define|choose|pick|call|mark|with)\b.*\b(?:as|=|the|our|a|my)\s+(?:new\s+|main\s+)?{GOAL}\b(?!\s+(?:window|rate|funnel))"
    rf"|^(?:define|set|treat|count|take)\s+(?:(?:a|our|the|my)\s+)*{GOAL}\s+(?:as|to be|to mean)\b"
    rf"|^(?:change|set|choose|pick|define)\s+(?:(?:a|our|the|my|new|another|different)\s+)*{GOAL}$"
)
IS_GOAL = re.compile(
    rf"^(?:(?:a|our|the|my|new|main)\s+)*{GOAL}\s+(?:is|means|should be|happens (?:when|at)|would be|was|were|=|:|are|equals)(?!\w)"
    rf"|\b(?:set|change|switch|move)\s+(?:(?:a|our|the|my)\s+)*{GOAL}\s+(?:to|as|=|at)\b"
)
VERB = r"(?:count|define|set|use|make|create|let|track|measure|treat|start|begin|change|consider|add|save|call|build|look at)"
FROM_TO = re.compile(
    rf"^{VERB}\b.*\bjourneys?\b.*\bfrom\b.*\bto\b|^(?:a|the|our|my|each)?\s*(?:\w+ )?journeys?\s+(?:is|are|goes|runs|starts?|begins?|should|means|lasts|ends?|=|:|from)\b"
    rf"|\bas (?:a|the|our) journey\b|^{VERB}\b.*\b(?:start|end) (?:of )?(?:the |a |our )?journeys?\b|^(?:start|begin|end) (?:the |each |every |all |a |our )?journeys?\b"
)
WINDOW = re.compile(
    rf"^(?:{VERB}|change|switch|increase|reduce|shorten|extend|with|a|the|our)\b.*\bwindow\b"
)
SILENCE = re.compile(
    r"(\d+)\s*-?\s*(minute|hour|day|week)s?\s+(?:of\s+|without\s+(?:any\s+)?)?(?:inactivity|inactive|silence|activity|nothing)|inactiv\w*(?:\s\w+){0,3}?\s(\d+)\s*(minute|hour|day|week)s?"
)
NAMED = re.compile(
    r"\b(?:call(?:ed)?(?: it| this| that)?|named?(?: it)?)\s+['\"]?([\w][\w -]{0,40}?)['\"]?\s*(?:$|[.,])"
)
LETTERS = {"minute": "m", "hour": "h", "day": "d", "week": "w"}


SHARES = re.compile(r"\b(?:credit|share of|shares of|attribut\w+)\b")
"""What divides credit defines no goal."""


def journey_sentence(reading: Reading, vocabulary: Vocabulary) -> SetJourney | AskBack | None:
    """Return the journey that a sentence defines; None where it defines none."""
    text = reading.text.lower().rstrip(".! ")
    for _ in range(3):
        text = POLITE.sub("", text)
    if SHARES.search(text):
        return None
    if ASKS.match(text) or (text.endswith("?") and not POLITE.match(reading.text.lower())):
        return None
    named = (t for t in reading.touches if t.role != "not seen")
    touches = [t for t in named if not re.fullmatch(GOAL, reading.text[t.start : t.end].lower())]
    start = end = None
    as_goal = AS_GOAL.search(text) or IS_GOAL.search(text)
    if FROM_TO.search(text):
        start, end = _start(touches), _end(touches)
        if re.search(r"\bfirst (?:touch|contact|visit)\b|\banywhere\b", text):
            start = "first touch"
    elif as_goal:
        end = touches[-1].label if len(touches) == 1 else _goal(touches)
    window = str(reading.told["window"]) if "window" in reading.told else None
    inactivity = _inactivity(text)
    if not (
        FROM_TO.search(text)
        or as_goal
        or (window and WINDOW.search(text))
        or (inactivity and VERB_FIRST.search(text))
    ):
        return None
    if not any((start, end, window, inactivity)):
        return _which(vocabulary) if reading.unknown or as_goal else None
    if reading.unclear:
        return _unclear(reading)
    name = NAMED.search(text)
    return SetJourney(name[1].strip() if name else None, start, end, window, inactivity)


VERB_FIRST = re.compile(rf"^(?:{VERB}|end|close|a|the|journeys?)\b")


def _start(touches: list[Touch]) -> str | None:
    for touch in touches:
        if re.search(
            r"\b(?:from|starts?|begins?|starting|beginning|starting (?:at|with))\b[^>]*$",
            touch.before,
        ) and not (re.search(r"\bto\s*(?:the\s*)?$", touch.before)):
            return touch.label
    return None


def _end(touches: list[Touch]) -> str | None:
    for touch in reversed(touches):
        if re.search(r"\b(?:to|ends?|ending|until|till|finish\w*|reach\w*)\b[^>]*$", touch.before):
            return touch.label
    return None


def _goal(touches: list[Touch]) -> str | None:
    if not touches:
        return None
    named = [touch for touch in touches if not touch.is_end]
    return (named or touches)[0].label


def _inactivity(text: str) -> str | None:
    match = SILENCE.search(text)
    if not match:
        return None
    return f"{match[1] or match[3]}{LETTERS[match[2] or match[4]]}"


def _which(vocabulary: Vocabulary) -> AskBack:
    known = [label for label in vocabulary.touchpoints if label not in vocabulary.ends]
    inner = [label for label in vocabulary.usual if label in known]
    chosen = list(dict.fromkeys([*reversed(inner), *known]))[:4]
    return AskBack(
        "Which touchpoint should be the goal?",
        tuple(f"Use {label} as the goal" for label in chosen),
    )


def _unclear(reading: Reading) -> AskBack:
    first = reading.unclear[0]
    choices = tuple(
        reading.text[: first.start] + label + reading.text[first.end :]
        for label in first.labels[:4]
    )
    return AskBack(f"What do you mean by '{first.text}'?", choices)
