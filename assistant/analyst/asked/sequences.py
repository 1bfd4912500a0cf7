"""What `sequences` is asked: what first, what then, and whether people convert or leave."""

import re

from assistant.analyst.asked.scope import Told, counted, in_order
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

LEAVES = re.compile(
    r"\b(?:leav\w+|left|drop\w*|abandon\w*|los(?:e|es|ing|t)|loos\w*|quit\w*|go(?:es)? away|exit\w*|bail\w*|give up|bounc\w*|walk away)\b"
)


def asked(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `sequences`, and the touchpoints that they hold."""
    told = counted(reading, "top")
    used = ordered(reading)
    told |= dict(zip(("first", "then"), in_order(used, reading), strict=False))
    if used and (lacking := _without_before(reading)):
        told |= {"first": lacking.label, "then": used[0].label}
        used = [*used, lacking]
    if LEAVES.search(reading.masked):
        told["outcome"] = "left"
    return told, used


def _without_before(reading: Reading) -> Touch | None:
    """Return what is lacking at first in "at pricing without a case study before"."""
    for touch in reading.touches:
        after = reading.text[touch.end :].lower()
        if touch.role == "not seen" and re.match(
            r"\s*(?:before|first|beforehand|earlier)\b", after
        ):
            return touch
    return None


def ordered(reading: Reading) -> list[Touch]:
    """Return the touchpoints whose order is asked about, as they were said: two at most."""
    used = [t for t in reading.touches if t.role != "not seen" and not t.is_end and t.times == 1]
    labels = list(dict.fromkeys(touch.label for touch in used))[:2]
    first = [next(touch for touch in used if touch.label == label) for label in labels]
    return first + [touch for touch in used if touch.label in labels and touch not in first]
