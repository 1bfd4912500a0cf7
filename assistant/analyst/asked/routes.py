"""What `routes` is asked: how many, and split by what."""

from assistant.analyst.asked.scope import Told, rest_seen, split_by
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary


def asked(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `routes`, and the touchpoints that they hold."""
    rest_seen(reading)
    told = split_by(reading, sides=1)
    if "top" in reading.told:
        told["routes"] = reading.told["top"]
    return told, []
