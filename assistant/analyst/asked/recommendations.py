"""What `recommendations` is asked: how many at most."""

from assistant.analyst.asked.scope import Told, rest_seen
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

MOST = 5


def asked(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `recommendations`, and the touchpoints that they hold."""
    rest_seen(reading)
    if "top" in reading.told:
        return {"top": max(1, min(MOST, int(reading.told["top"])))}, []
    return {}, []
