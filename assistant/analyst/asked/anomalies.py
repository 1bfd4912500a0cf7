"""What `anomalies` is asked: since when."""

import re

from assistant.analyst.asked.scope import Told, counted, rest_seen
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

ROLLING = re.compile(
    r"\b(?:last|past|latest|trailing|recent|previous)\s+(?:[\w-]+\s+)?(?:days?|weeks?|fortnight|months?)\b",
    re.IGNORECASE,
)


def asked(reading: Reading, vocabulary: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `anomalies`, and the touchpoints that they hold."""
    told = counted(reading, "top")
    rest_seen(reading)
    period = reading.period
    if period and period.since and period.until == vocabulary.as_of:
        start, end = period.spans[0]
        if ROLLING.search(reading.text[start:end]):
            told["recent"] = (period.until - period.since).days + 1
            reading.period, reading.periods = None, ()
    return told, []
