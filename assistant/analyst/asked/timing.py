"""What `timing` is asked: the time after one touchpoint, or from one to another."""

import re

from assistant.analyst.asked.scope import Told, counted, in_order
from assistant.analyst.asked.sequences import ordered
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

SENDS = re.compile(r"\b(?:e-?mail|mail|message|newsletter)\w*\b", re.IGNORECASE)
GETS = re.compile(r"receiv|sent|deliver", re.IGNORECASE)


def asked(reading: Reading, vocabulary: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `timing`, and the touchpoints that they hold."""
    told = counted(reading, "top")
    used = ordered(reading)
    told |= dict(zip(("first", "then"), in_order(used, reading), strict=False))
    got = received(vocabulary)
    if "first" in told and "then" not in told and got and SENDS.search(reading.text):
        told |= {"then": got} if told["first"] != got else {}
        reading.filters = [f for f in reading.filters if not SENDS.search(" ".join(f.values))]
    return told, used


def received(vocabulary: Vocabulary) -> str | None:
    """Return the touchpoint that stands for a mail that reached someone, where there is just one."""
    found = [t for t in vocabulary.touchpoints if SENDS.search(t) and GETS.search(t)]
    return found[0] if len(found) == 1 else None
