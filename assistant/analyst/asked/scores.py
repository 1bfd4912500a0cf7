"""What `scores` is asked: how many people."""

from datetime import timedelta

from assistant.analyst.asked.scope import Told, counted, rest_seen
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

NOW = timedelta(days=7)


def asked(reading: Reading, vocabulary: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `scores`, and the touchpoints that they hold.

    "Whom should sales call today" is about everyone under way: a period of now filters nothing.
    """
    rest_seen(reading)
    period = reading.period
    if period and period.since and vocabulary.as_of - period.since < NOW:
        reading.period, reading.periods = None, ()
    return counted(reading, "top"), []
