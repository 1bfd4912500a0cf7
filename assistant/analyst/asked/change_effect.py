"""What `change_effect` is asked: which change, or which day, and how many days on either side."""

import re
from datetime import timedelta

from assistant.analyst.asked.scope import Told, counted, rest_seen
from assistant.analyst.moments import NUMBER, NUMBERS
from assistant.analyst.quantities import DAYS
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

AFTER = re.compile(r"after\b", re.IGNORECASE)
LENGTH = re.compile(rf"\b{NUMBER}\s*-?\s*(?P<unit>day|week|month)s?\b(?!\s+ago)")
CONTROL = re.compile(
    r"\bcontrols?\b|\b(?:un(?:affected|touched|changed)|not (?:affected|touched|changed|reached))\b"
)


def asked(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `change_effect`, and the touchpoints that they hold.

    A period tells the day of the change: it filters nothing.
    """
    told = counted(reading, "days")
    period = reading.period
    if reading.change:
        told["change"] = reading.change
    elif period and (day := period.since or period.until):
        begins = period.spans[0][0]
        if period.until is None and AFTER.match(reading.text[begins:]):
            day -= timedelta(1)  # "after 10 June" speaks of what was done on that day
        told["on"] = day.isoformat()
        if period.since and period.until and period.since != period.until:
            reading.notes.append(f"I took {day.day} {day:%B %Y} as the day of the change.")
    if "days" not in told and (length := LENGTH.search(reading.text.lower())):
        told["days"] = _number(length["n"]) * DAYS.get(length["unit"], 1)
    if reading.filters and CONTROL.search(reading.text.lower()):
        told["control"] = tuple(each.text() for each in reading.filters)
        reading.filters = []
    reading.period, reading.periods, reading.rival = None, (), None
    _forget_subject(reading)
    return told, []


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word]


def _forget_subject(reading: Reading) -> None:
    """Leave out the touchpoint that was changed: "since we changed the pricing page"."""
    for touch in reading.plain():
        reading.touches.remove(touch)
    rest_seen(reading)
