"""What `drop_off_causes` is asked: the touchpoint that people leave at."""

from assistant.analyst.asked.drop_off import left_at
from assistant.analyst.asked.scope import Told, counted
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary


def asked(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `drop_off_causes`, and the touchpoints that they hold."""
    at = left_at(reading) or [
        t for t in reading.touches if t.role == "seen" and not t.is_end and t.times == 1
    ]
    told: Told = {"at": at[0].label} if at else {}
    return {**told, **counted(reading, "top")}, at[:1]
