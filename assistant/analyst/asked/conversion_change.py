"""What `conversion_change` is asked: which period against which, and split by what."""

import re

from assistant.analyst.asked.scope import Told, rest_seen, split_by
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

ROUTE = re.compile(r"\b(?:by|per|across|which|what) (?:the )?(?:routes?|paths?|journeys?)\b")


def asked(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `conversion_change`, and the touchpoints that they hold."""
    told = split_by(reading)
    if ROUTE.search(reading.text.lower()):
        told["by"] = "route"
    if told.get("by") == "channel":
        del told["by"]
    if reading.rival:
        ends = {"against_from": reading.rival.since, "against_to": reading.rival.until}
        told |= {name: day.isoformat() for name, day in ends.items() if day}
        reading.rival = None
    elif reading.period and reading.period.until is None:
        # "since last month" leaves the later period open: the last one that can be judged.
        reading.period, reading.periods = None, ()
    rest_seen(reading)
    return told, []
