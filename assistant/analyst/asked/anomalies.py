"""What `anomalies` is asked: since when."""

from assistant.analyst.asked.scope import Told, counted, rest_seen
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

LONGEST_RECENT = 92
"""A longer stretch up to now is a period of its own."""


def asked(reading: Reading, vocabulary: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `anomalies`, and the touchpoints that they hold.

    A stretch of days up to now is looked at beside the weeks before it: it filters nothing.
    """
    told = counted(reading, "top")
    rest_seen(reading)
    period = reading.period
    if period and period.since and (period.until or vocabulary.as_of) >= vocabulary.as_of:
        days = (vocabulary.as_of - period.since).days + 1
        if 0 < days <= LONGEST_RECENT:
            told["recent"] = days
            reading.period, reading.periods = None, ()
    return told, []
