"""The number guard: no number reaches the reader that no analysis gave.

Every number of an answer must be a fact of the conversation's results, or a cell of the rows that
the model was shown, in some usual rendering: rounded to the digits it shows, as a percentage, in
words. Rates and percentage points are kept apart, dates must be the scope's or a fact's, and small
counting words ("three paths") need that many rows. Names, step numbers and list marks are no
numbers; a number of the question is none that was found.
"""

import re
from dataclasses import dataclass

from assistant.days import Day, days_in
from assistant.known import Kind, Known, Quantity
from assistant.numerals import Said, said

EPSILON = 1e-9
MATCHING: dict[str, frozenset[Kind]] = {
    "percent": frozenset({"rate"}),
    "fraction": frozenset({"rate"}),
    "points": frozenset({"difference"}),
    "ratio": frozenset({"ratio"}),
    "duration": frozenset({"seconds"}),
    "money": frozenset({"value"}),
    "number": frozenset({"count", "value", "score", "rate", "ratio"}),
    "vague": frozenset({"count"}),
}
ORDINAL = re.compile(
    r"\b(?:steps?|stages?|positions?|ranks?|ranked|places?|no\.|number|option|section|part)"
    r"\s?#?\d{1,3}(?:(?:, | and | or | to |\u2013|-)\d{1,3})*\b(?!\s?%)|#\d{1,3}\b"
    r"|\b\d{1,3}(?:st|nd|rd|th)\b|(?m:^\s*(?:[-*>]\s*)*(?:\*\*)?\d{1,2}[.)](?=\s))|\b24/7\b",
    re.IGNORECASE,
)
LEVEL = re.compile(
    r"\b95\s?%[\s-](?:confidence|intervals?|CI|certain|sure|sicher)\b"
    r"|\b(?:confidence|intervals?)\b[^.]{0,12}\b95\s?%(?=[)\s:]*(?:[:)]|\bis\b|\bfrom\b))",
    re.IGNORECASE,
)
TOP = re.compile(
    r"\b(?:top|first|best|worst|largest|biggest|last|leading|main|next|most common)[ -]"
    r"(?P<n>\d{1,3})\b(?![.,]?\d|\s?%|\s(?:seconds|minutes|hours|days|weeks|months|years))",
    re.IGNORECASE,
)
GROUP_WORDS = re.compile(
    r"fewer than|smaller|under|below|less than|at least|minimum|pooled|too (?:few|small)", re.I
)
POPULATION = re.compile(
    r"\s*(?:journeys?|people|persons?|customers?|users?|visitors?|sessions?|events?|leads?|"
    r"conversions?|sign-?ups|purchases|visits)\b",
    re.IGNORECASE,
)

AT_ONCE = ("less than a minute", "on the same day")
"""How a time that rounds to nothing is told."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the guard found in a text."""

    numbers: int
    unmatched: tuple[str, ...]


def check(text: str, known: Known) -> Checked:
    """Return how many numbers a text states, and those that nothing known gave."""
    plain, days = _without_names(text, known)
    whole = text.casefold()
    unmatched = [told for told, day in days if not _is_known_day(day, known)]
    numbers = said(plain)
    for match in TOP.finditer(plain):
        size = float(match["n"])
        if not 0 < size <= known.rows and size not in known.asked:
            unmatched.append(match[0])
    plain_numbers = [n for n in numbers if not _is_top(n, plain)]
    unmatched += [n.text for n in plain_numbers if not _is_known(n, plain, whole, known)]
    return Checked(len(numbers) + len(days), tuple(unmatched))


def _is_known(number: Said, text: str, whole: str, known: Known) -> bool:
    allowed = set(MATCHING[number.kind])
    if number.is_counted:
        allowed.add("count")
    if number.kind == "number" and not _has_decimals(number):
        allowed -= {"rate", "ratio"}
    if any(
        quantity.kind in allowed and _agrees(number, quantity) and _is_mentioned(quantity, whole)
        for quantity in known.quantities
    ):
        return True
    if number.kind == "fraction" and _is_quantile(number, text, known):
        return True
    return number.kind == "number" and _is_countable(number, text, known)


def _is_mentioned(quantity: Quantity, text: str) -> bool:
    return not quantity.about or any(name in text for name in quantity.about)


def _agrees(number: Said, quantity: Quantity) -> bool:
    value = abs(quantity.value)
    return any(
        low - EPSILON <= value <= high + EPSILON
        for low, high in (_bounds(number, r.value, r.step) for r in number.readings)
    )


def _bounds(number: Said, value: float, step: float) -> tuple[float, float]:
    """Return the values that a rendering may stand for."""
    slack = EPSILON * max(1.0, value)
    if number.kind == "vague":
        return 2 * value, 100 * value
    if number.bound == "exact":
        return value - step / 2 - slack, value + step / 2 + slack
    wide = step if number.is_word else _roundness(value, step)
    if number.bound == "about":
        return value - wide / 2 - slack, value + wide / 2 + slack
    if number.bound == "under":
        return value - wide - slack, value + slack
    return value - slack, value + wide + slack


def _roundness(value: float, step: float) -> float:
    """Return what the last digit that is not a zero is worth: 1,200 is told to the hundred."""
    if not value:
        return step
    size = step
    while abs(value / (size * 10) - round(value / (size * 10))) < EPSILON and size < value:
        size *= 10
    return size


def _is_countable(number: Said, text: str, known: Known) -> bool:
    """Whether a plain number counts rows that are shown, repeats an argument, or is the year."""
    value = number.readings[0].value
    after = text[number.end :]
    if number.is_word and 2 <= value <= 12:
        return value <= known.rows and not POPULATION.match(after)
    if value in known.asked and not POPULATION.match(after):
        return True
    if value in known.groups and GROUP_WORDS.search(_sentence(text, number.start)):
        return True
    if 1900 <= value <= 2100 and re.fullmatch(r"\d{4}", number.text):
        return any(day.year == value for day in known.days)
    return value == known.rows and value <= 50 and not POPULATION.match(after)


def _is_quantile(number: Said, text: str, known: Known) -> bool:
    """Whether a fraction names a quantile: 'half of them convert within 3 days'."""
    sentence = _sentence(text, number.start)
    if number.readings[0].value not in {0.25, 0.5, 0.75}:
        return False
    times = [other for other in said(sentence) if other.kind == "duration"]
    known_times = [q for q in known.quantities if q.kind == "seconds"]
    return any(_agrees(time, quantity) for time in times for quantity in known_times) or any(
        soon in sentence for soon in AT_ONCE
    )


def _is_top(number: Said, text: str) -> bool:
    return any(m.start("n") == number.start for m in TOP.finditer(text))


def _has_decimals(number: Said) -> bool:
    return any(reading.step < 1 for reading in number.readings)


def _sentence(text: str, place: int) -> str:
    start = max(text.rfind(mark, 0, place) for mark in (". ", "! ", "? ", "\n"))
    ends = [text.find(mark, place) for mark in (". ", "! ", "? ", "\n")]
    return text[start + 1 : min((end for end in ends if end >= 0), default=len(text))]


def _without_names(text: str, known: Known) -> tuple[str, list[tuple[str, Day]]]:
    """Blank out what is no number: names, dates (returned), ordinals, the interval's level."""
    plain = text.replace("*", " ").replace("`", " ")
    for name in sorted(known.names, key=len, reverse=True):
        plain = re.sub(
            # A name may be a number ("1"): it is none of the digits of another, such as 2.1.
            rf"(?<![^\W_])(?<!\d[.,]){re.escape(name)}(?![^\W_])(?![.,]\d)",
            _blank,
            plain,
            flags=re.IGNORECASE,
        )
    days = [(plain[day.start : day.end], day) for day in days_in(plain)]
    for _, day in days:
        plain = plain[: day.start] + "¤" * (day.end - day.start) + plain[day.end :]
    for pattern in (LEVEL, ORDINAL):
        plain = pattern.sub(_blank, plain)
    return plain, days


def _blank(match: re.Match[str]) -> str:
    return "¤" * len(match[0])


def _is_known_day(day: Day, known: Known) -> bool:
    return any(day.holds(known_day) for known_day in known.days)
