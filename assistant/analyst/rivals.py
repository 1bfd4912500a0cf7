"""Two periods of a question: which is asked about, and which it is set against."""

import re
from datetime import date

from assistant.analyst.periods import Period, preceding
from assistant.analyst.reading import Reading

CORRECTION = re.compile(r"\b(?:i mean|i meant|make that|or rather|sorry)\b", re.IGNORECASE)
THAN = re.compile(
    r"\b(?:than|versus|vs\.?|compared (?:to|with)|against|relative to|from the one|(?:up|down|better|worse|higher|lower|ahead|behind) (?:on|from))\s+(?:in|during|it was in)?\s*$",
    re.IGNORECASE,
)
ONE_BEFORE = re.compile(
    r"\b(?:the\s+)?(?:(?:month|week|quarter|year|one|period)\s+(?:just\s+)?before(?!\s+last)(?:\s+(?:that|it))?"
    r"|(?:previous|preceding|prior|last)\s+(?:one|period))\b(?=\s*(?:$|[?.,!;]|on\b|for\b|by\b|in\b|and\b|please\b))",
    re.IGNORECASE,
)
TWO = 2


def set_periods(reading: Reading, found: tuple[Period, ...]) -> list[tuple[int, int]]:
    """Give the question its periods, the later one first, and return where they stand."""
    text = reading.text
    spans = [span for period in found for span in period.spans]
    if found and CORRECTION.search(text):
        found = found[-1:]
    before = ONE_BEFORE.search(text)
    if before and not any(start <= before.start() < end for start, end in spans):
        spans.append(before.span())
        reading.one_before = True
        if len(found) == 1:
            found = (found[0], preceding(found[0]))
    reading.period, reading.periods = (found[0] if found else None), found
    if len(found) == TWO:
        later, earlier = sorted(found, key=lambda period: period.since or date.min, reverse=True)
        reading.period, reading.rival = later, earlier
    elif len(found) == 1 and THAN.search(text[: found[0].spans[0][0]]):
        reading.period, reading.rival = None, found[0]
    return spans
