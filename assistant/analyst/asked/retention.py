"""What `retention` is asked: by cohort of which length, or by a segment."""

import re

from assistant.analyst.asked.conversion_change import ROUTE
from assistant.analyst.asked.scope import Told, rest_seen, split_by
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

GRAINS = {"week": r"\bweek(?:s|ly)?\b", "quarter": r"\bquarter(?:s|ly)?\b"}


def asked(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `retention`, and the touchpoints that they hold."""
    told = split_by(reading, sides=1)
    if ROUTE.search(reading.text.lower()):
        told["by"] = "route"
    if "cohort" in str(told.get("by", "")).lower():
        del told["by"]
    for grain, pattern in GRAINS.items():
        if re.search(pattern, reading.masked) and not reading.period:
            told["grain"] = grain
    rest_seen(reading)
    return told, []
