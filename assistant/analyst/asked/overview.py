"""What `overview` is asked: nothing but its scope."""

from assistant.analyst.asked.scope import Told, rest_seen
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary


def asked(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `overview`, and the touchpoints that they hold."""
    rest_seen(reading)
    return {}, []
