"""Days, months, quarters and the like in words, counted from the data's own last day."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

MONTHS = tuple(name.lower() for name in calendar.month_name)[1:]


SHORT = {name[:3]: number for number, name in enumerate(MONTHS, 1)} | {"sept": 9}


ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
}


SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        1,
    )
} | {"a": 1, "an": 1, "couple": 2, "couple of": 2, "few": 3, "fifteen": 15, "twenty": 20}


NUMBER = r"(?P<n>\d+|couple of|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"


MONTH = "(?P<month>" + "|".join((*MONTHS, *sorted(SHORT, key=len, reverse=True))) + r")\b\.?"


YEAR = r"(?P<year>(?:19|20)\d\d)"


DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"


ISO = re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b")


LEADS = r"(?:in|since|from|until|till|to|before|after|during|of|for|through|by|last|and|this|starting|between|did|was|were|is|about|compare|compared|vs|versus|with|than|against)"


NEEDS_LEAD = frozenset({"may", "march", "mar", "sun", "dec", "jan", "sep", "oct", "nov"})


@dataclass(frozen=True, slots=True)
class Moment:
    """Some days, and where a text speaks of them."""

    since: date
    until: date
    start: int
    end: int


def moments_of(text: str, raw: str, as_of: date) -> Iterator[Moment]:
    """Yield every moment of the text, the most particular forms first."""
    yield from _days(text, as_of)
    yield from _parts_of_months(text, as_of)
    yield from _parts_of_years(text, as_of)
    yield from _relative(text, as_of)
    yield from _seasons(text, as_of)
    yield from _months(text, raw, as_of)
    for match in re.finditer(rf"\b{YEAR}\b(?!-\d)", text):
        year = int(match["year"])
        if abs(year - as_of.year) <= 15:
            yield Moment(date(year, 1, 1), date(year, 12, 31), *match.span())


def _days(text: str, as_of: date) -> Iterator[Moment]:
    for match in ISO.finditer(text):
        day = _date(int(match["year"]), int(match["month"]), int(match["day"]))
        if day:
            yield Moment(day, day, *match.span())
    for pattern in (
        rf"\b{DAY}\s*(?:of\s+)?{MONTH}(?:,?\s*{YEAR})?",
        rf"\b{MONTH}\s*{DAY}\b(?!\d)(?:,?\s*{YEAR})?",
    ):
        for match in re.finditer(pattern, text):
            month = SHORT.get(match["month"], 0) or SHORT[match["month"][:3]]
            day = _latest(month, int(match["day"]), match["year"], as_of)
            if day:
                yield Moment(day, day, *match.span())
    for match in re.finditer(
        r"\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d+ (?:day|week|month)s? ago\b", text
    ):
        day = _parsed(match[0], as_of)
        if day:
            yield Moment(day, day, *match.span())


def _parsed(text: str, as_of: date) -> date | None:
    """Read what is left over with dateparser, which takes a moment to load."""
    import dateparser  # noqa: PLC0415 - only such questions pay for it

    found: datetime | None = dateparser.parse(
        text,
        languages=["en"],
        settings={
            "RELATIVE_BASE": datetime.combine(as_of, time()),
            "DATE_ORDER": "DMY" if "." in text else "MDY",
            "PREFER_DATES_FROM": "past",
        },
    )
    return found.date() if found else None


def _parts_of_months(text: str, as_of: date) -> Iterator[Moment]:
    """Yield "the first week of June", "mid March", "the second half of May"."""
    parts = {
        r"first week of": (1, 7), r"second week of": (8, 14), r"third week of": (15, 21),
        r"fourth week of": (22, 28), r"last week of": (-7, 31),
        r"(?:first half of|(?:beginning|start) of)": (1, 15), r"(?:second half of|end of|late)": (16, 31),
        r"(?:early|first (?:few )?days (?:of|in))": (1, 10), r"(?:mid|middle of)[- ]?": (11, 20),
    }  # fmt: skip
    for pattern, (first, last) in parts.items():
        for match in re.finditer(rf"\b(?:the )?{pattern}\s*{MONTH}(?:,?\s*{YEAR})?", text):
            start = _latest(SHORT[match["month"][:3]], 1, match["year"], as_of)
            if start:
                end = moved(start, 1) - timedelta(1)
                since = end + timedelta(first + 1) if first < 0 else start.replace(day=first)
                yield Moment(since, min(end, start + timedelta(last - 1)), *match.span())


def _relative(text: str, as_of: date) -> Iterator[Moment]:
    for word, days in (("day before yesterday", 2), ("yesterday", 1), ("today", 0)):
        for match in re.finditer(rf"\b(the )?{word}\b", text):
            yield Moment(as_of - timedelta(days), as_of - timedelta(days), *match.span())
    for match in re.finditer(
        r"\b(?:the )?(?:year|month|quarter|week)[ -]to[ -]date\b|\bytd\b|\bmtd\b|\bqtd\b", text
    ):
        unit = {"ytd": "year", "mtd": "month", "qtd": "quarter"}.get(
            match[0], match[0].removeprefix("the ").split("-")[0].split()[0]
        )
        yield Moment(_whole(unit, as_of, 0)[0], as_of, *match.span())
    start_of = r"\bthe (?:beginning|start) of (?:the|this) (?P<unit>year|month|quarter|week)\b"
    for match in re.finditer(start_of, text):
        yield Moment(_whole(match["unit"], as_of, 0)[0], as_of, *match.span())
    unit = r"(?P<unit>day|week|fortnight|month|quarter|year)s?\b"
    rolling = (
        rf"\b(?:the )?(?:last|past|previous|latest|trailing|prior|recent)\s+{NUMBER}\s*-?\s*{unit}"
    )
    for match in re.finditer(rolling, text):
        if match["n"] in {"a", "an"}:
            continue
        number = int(match["n"]) if match["n"].isdigit() else NUMBERS[match["n"]]
        yield Moment(_back(as_of, number, match["unit"]), as_of, *match.span())
    for match in re.finditer(
        rf"\b(?:the )?(?P<which>last|previous|prior|past|this|current|running)\s+{unit}", text
    ):
        if match["which"] == "past" or match["unit"] in {"day", "fortnight"}:
            yield Moment(_back(as_of, 1, match["unit"]), as_of, *match.span())
            continue
        back = 0 if match["which"] in {"this", "current", "running"} else -1
        yield Moment(*_whole(match["unit"], as_of, back), *match.span())
    before = r"\b(?:the )?(?:month|week|quarter|year) before last\b"
    for match in re.finditer(before, text):
        unit_name = match[0].removeprefix("the ").split()[0]
        yield Moment(*_whole(unit_name, as_of, -2), *match.span())


def _parts_of_years(text: str, as_of: date) -> Iterator[Moment]:
    ordinal = r"(?P<ordinal>first|1st|second|2nd|third|3rd|fourth|4th|last)"
    year = rf"(?:\s*(?:of\s*|in\s*|,\s*|/)?(?:(?P<this>this year|the year|last year)|{YEAR}))?"
    forms = ((rf"\bq(?P<part>[1-4])\b{year}", 3), (rf"\bh(?P<part>[12])\b{year}", 6))
    spoken = (
        (rf"\b(?:the )?{ordinal} quarter{year}", 3),
        (rf"\b(?:the )?{ordinal} half(?: year)?{year}", 6),
    )
    for pattern, months in forms + spoken:
        for match in re.finditer(pattern, text):
            groups = match.groupdict()
            word = groups.get("part") or groups.get("ordinal") or "1"
            if word == "last" and not (match["year"] or match["this"]) and months == 3:
                continue
            number = 12 // months if word == "last" else int(ORDINALS.get(word, 0) or word)
            if number > 12 // months:
                continue
            told = match["year"] or (str(as_of.year - 1) if match["this"] == "last year" else None)
            start = _latest((number - 1) * months + 1, 1, told, as_of)
            if start:
                yield Moment(start, moved(start, months) - timedelta(1), *match.span())


def _seasons(text: str, as_of: date) -> Iterator[Moment]:
    for match in re.finditer(
        rf"\b(?:last |this |the )?(?P<season>spring|summer|autumn|winter)\b(?:\s*(?:of\s*)?{YEAR})?",
        text,
    ):
        start = _latest(SEASONS[match["season"]], 1, match["year"], as_of)
        if start:
            yield Moment(start, moved(start, 3) - timedelta(1), *match.span())


def _months(text: str, raw: str, as_of: date) -> Iterator[Moment]:
    for match in re.finditer(
        rf"\b(?:(?P<last>last|this)\s+)?{MONTH}(?:\s*(?:of\s*)?{YEAR})?", text
    ):
        word = match["month"]
        lead = re.search(rf"\b{LEADS}\s*(?:the month of\s*)?$", text[: match.start()])
        lead = lead or (
            re.match(r"\s*(?:vs\.?|versus|and|to|through|-)\s*\w+", text[match.end() :])
            and (re.search(MONTH, text[match.end() :]))
        )
        named = raw[match.start("month")].isupper() and match.start() > 0
        alone = match.start() == 0 and match.end() == len(text.rstrip("?!. "))
        if word in NEEDS_LEAD and not (lead or named or alone or match["year"] or match["last"]):
            continue
        start = _latest(SHORT[word] if word in SHORT else SHORT[word[:3]], 1, match["year"], as_of)
        if start:
            yield Moment(start, moved(start, 1) - timedelta(1), *match.span())


def _latest(month: int, day: int, year: str | None, as_of: date) -> date | None:
    """Return a day of the year told, or the latest such day that the data can hold."""
    if year:
        return _date(int(year), month, day)
    found = _date(as_of.year, month, day)
    return found if found and found <= as_of else _date(as_of.year - 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def _back(as_of: date, number: int, unit: str) -> date:
    """Return the first of the last `number` units of days, counted to `as_of`."""
    if unit in {"month", "quarter", "year"}:
        months = number * {"month": 1, "quarter": 3, "year": 12}[unit]
        return moved(as_of, -months) + timedelta(1)
    days = number * {"day": 1, "week": 7, "fortnight": 14}[unit]
    return as_of - timedelta(days - 1)


def _whole(unit: str, as_of: date, back: int) -> tuple[date, date]:
    """Return the calendar unit that holds `as_of`, or one so many before it."""
    if unit == "week":
        monday = as_of - timedelta(as_of.weekday()) + timedelta(weeks=back)
        return monday, monday + timedelta(6)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    first = date(as_of.year, (as_of.month - 1) // months * months + 1, 1)
    start = moved(first, back * months)
    return start, moved(start, months) - timedelta(1)


def moved(day: date, months: int) -> date:
    """Return a day so many months on, the last of its month where that is shorter."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
