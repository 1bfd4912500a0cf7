"""The dates of a text, whole or in part: `2026-03-04`, `4 March`, `March 2026`, `Q2 2026`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
YEAR = r"(?P<year>(?:19|20)\d{2})"
PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\w-]){YEAR}-(?P<number>\d{{2}})(?:-(?P<day>\d{{2}})(?:[T ]\d{{2}}:\d{{2}}\S*)?)?(?!\w)",
        rf"\b(?P<day>\d{{1,2}})[/.](?P<number>\d{{1,2}})[/.]{YEAR}\b",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {MONTH}(?:,? {YEAR})?(?!\d)",
        rf"\b{MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[.,]\d|\s?%)(?:,? {YEAR})?(?!\d)",
        rf"\b{MONTH},? {YEAR}\b",
        rf"\bQ(?P<quarter>[1-4])[ /-]?{YEAR}\b",
    )
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as written; a part that is not written is None."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None

    def holds(self, known: date) -> bool:
        """Whether a known date is, or lies in, the date as written."""
        return (
            self.year in {None, known.year}
            and self.month in {None, known.month}
            and self.day in {None, known.day}
            and self.quarter in {None, (known.month + 2) // 3}
        )


def days_in(text: str) -> Iterator[Day]:
    """Yield the dates of a text; of two readings of the same place, the fuller one."""
    taken: list[tuple[int, int]] = []
    for pattern in PATTERNS:
        for match in pattern.finditer(text):
            day = _day(match)
            free = all(match.end() <= start or match.start() >= end for start, end in taken)
            if day and free:
                taken.append((match.start(), match.end()))
                yield day


def _day(match: re.Match[str]) -> Day | None:
    told = match.groupdict()
    month = int(told["number"]) if told.get("number") else None
    if told.get("month"):
        month = NAMES.index(told["month"][:3].lower()) + 1
    day = int(told["day"]) if told.get("day") else None
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    year = int(told["year"]) if told.get("year") else None
    quarter = int(told["quarter"]) if told.get("quarter") else None
    if year and month and day:
        try:
            date(year, month, day)
        except ValueError:
            return None
    return Day(match.start(), match.end(), year, month, day, quarter)
