"""What `scores` is asked: how many people."""

from assistant.analyst.asked.scope import Told, counted, rest_seen
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary


def asked(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `scores`, and the touchpoints that they hold."""
    rest_seen(reading)
    return counted(reading, "top"), []
