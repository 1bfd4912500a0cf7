"""What `drop_off` is asked: at one touchpoint or everywhere, split or not."""

import re

from assistant.analyst.asked.scope import Told, counted, make_seen, split_by
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

ON = re.compile(r"\b(?:on|at)\s+(?:the\s+|our\s+)?$")


def asked(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `drop_off`, and the touchpoints that they hold."""
    at = left_at(reading)
    told: Told = {"at": at[0].label} if at else {}
    told |= counted(reading, "top")
    return {**told, **split_by(reading)}, at


def left_at(reading: Reading) -> list[Touch]:
    """Return the touchpoint that people leave at, if any; the others become filters."""
    at = [touch for touch in reading.plain() if not touch.is_end]
    at = at or [
        t for t in reading.touches if t.role == "seen" and t.times == 1 and ON.search(t.before)
    ]
    for touch in at[1:]:
        make_seen(reading, touch)
    return at[:1]
