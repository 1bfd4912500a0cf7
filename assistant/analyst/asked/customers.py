"""What `customers` is asked: which people, and where they stand."""

import re

from assistant.analyst.asked.drop_off import ON
from assistant.analyst.asked.scope import Told, counted, rest_seen
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

ACTIVE = re.compile(
    r"\b(?:active|still (?:under way|open|running|in|on|there|active|deciding)|under way|in progress|open (?:journeys?|leads?)|undecided|ongoing|right now|currently)\b"
)
LEFT = re.compile(
    r"\b(?:drop\w*|left|leav\w*|abandon\w*|quit\w*|lost|los(?:e|es|ing)|bail\w*|gave up|give up|exit\w*|bounc\w*|disappear\w*|fell off|fall off)\b"
)
STANDS = re.compile(
    r"\b(?:stand\w*|stuck|sit\w*|are|stopped|stop|stay\w*|wait\w*|end\w*) (?:\w+ )?(?:on|at|in)\s+(?:the\s+|our\s+)?$"
)


def asked(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `customers`, and the touchpoints that they hold."""
    told = counted(reading, "top")
    text = reading.masked
    if ACTIVE.search(text):
        told["who"] = "active"
    elif reading.outcome or LEFT.search(text):
        told["who"] = reading.outcome or "dropped"
    elif any(t.is_end and t.role != "not seen" for t in reading.touches):
        told["who"] = "converted"
    won = [touch for touch in reading.touches if touch.is_end]
    at = _at(reading)
    if at and told.get("who") != "converted":
        told["at"] = at[0].label
        rest_seen(reading, at)
        return told, [*at, *won]
    rest_seen(reading)
    return told, won


def _at(reading: Reading) -> list[Touch]:
    inner = [t for t in reading.touches if not t.is_end and t.role != "not seen" and t.times == 1]
    near = [t for t in inner if ON.search(t.before) or STANDS.search(t.before)]
    left = [t for t in inner if LEFT.search(t.before) or t.role == "plain"]
    return (near or left)[:1]
