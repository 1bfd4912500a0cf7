"""The numbers of a text: digits and words, with their unit, in any usual rendering."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["percent", "points", "ratio", "duration", "money", "number", "fraction", "vague"]
Bound = Literal["exact", "about", "under", "over"]

SECONDS = {
    "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0,
    "month": 2629800.0, "year": 31557600.0,
}  # fmt: skip
SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9,
    "hundred": 1e2, "dozen": 12.0,
}  # fmt: skip
UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = {word: float(n) for n, word in enumerate(UNITS)} | {
    word: 20.0 + 10.0 * n for n, word in enumerate(TENS)
}
WORD = "|".join(sorted(WORDS, key=len, reverse=True))
PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "tenth": 10}
MULTIPLES = {"twice": 2.0, "doubl": 2.0, "thrice": 3.0, "tripl": 3.0, "quadrupl": 4.0, "halv": 0.5}
VAGUE = {"dozens": 12.0, "hundreds": 100.0, "thousands": 1000.0, "millions": 1e6}

SPACE = r"[ \u00a0\u202f\u2009]"
DIGITS = (
    rf"(?:\d{{1,3}}(?:(?:,|'|{SPACE})\d{{3}})+(?!\d)(?:\.\d+)?"
    r"|\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d+(?:[.,]\d+)?)"
)
CURRENCY = r"USD|EUR|GBP|CHF"
NUMBER = re.compile(
    rf"""
    (?P<currency>[$€£¥]{SPACE}?|\b(?:{CURRENCY}){SPACE})?
    (?:(?<![\w./,])(?P<digits>{DIGITS})|\b(?P<words>(?:an?{SPACE}(?=hundred|thousand|million|dozen)
        |(?:{WORD})(?:[ -](?:{WORD}))*(?!\w))))
    (?:[-\s\u00a0\u202f]?(?P<scale>hundred|thousand|million|billion|dozen|[kK]|M|mn|bn)(?!\w))?
    (?:[-\s\u00a0\u202f\u2009]?(?:
        (?P<points>percentage[ -]points?\b|percent[ -]points?\b|%[ -]?points?\b|pp\b|pts?\b|points?\b)
        |(?P<percent>%|percent\b|per\ cent\b|pct\b|percentage\b)
        |(?P<ratio>\u00d7|x(?!\w)|fold\b|times\b)
        |(?P<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?)\b
        |(?P<short>(?<=\d)[smhdw])(?!\w)
        |(?P<money>€|(?:{CURRENCY}|dollars?|euros?|pounds?)\b)
    ))?
    """,
    re.VERBOSE,
)
FRACTION = re.compile(
    r"\b(?:(?P<top>an?|one|two|three|four|seven|nine)[ -])?"
    r"(?P<part>half|halves|thirds?|quarters?|fifths?|sixths?|tenths?)\b"
    r"(?P<as>\s+as\b)?",
    re.IGNORECASE,
)
ONE_IN = re.compile(
    rf"\b(?P<top>\d{{1,2}}|{WORD}) (?:in|out of)(?: every)? (?P<bottom>\d{{1,3}}|{WORD})\b(?!\s*%)",
    re.IGNORECASE,
)
MULTIPLE = re.compile(r"\b(twice|thrice|(?:doubl|tripl|quadrupl|halv)(?:e[sd]?|ing))\b", re.I)
VAGUE_WORD = re.compile(r"\b(dozens|hundreds|thousands|millions) of\b", re.I)
JOINED = re.compile(r"\s*(?:to|and|or|\u2013|\u2014|-|\u2212)\s*", re.IGNORECASE)
BOUNDS: tuple[tuple[Bound, str], ...] = (
    ("about", r"about|around|roughly|approximately|approx\.?|some|circa|~|≈|or so"),
    ("under", r"nearly|almost|just under|less than|fewer than|under|below|at most|up to|<|≤"),
    ("over", r"more than|just over|above|at least|>|≥"),
)
COMPARED = re.compile(r"[\d%]\s+(?:\w+\s+)?(?:more|less|fewer)\s+than\s*$", re.IGNORECASE)
"""'1,200 more than 5,000' compares two numbers; only 'more than 5,000' alone is a bound."""
BEFORE = [(bound, re.compile(rf"(?:{words})\s*$", re.IGNORECASE)) for bound, words in BOUNDS]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a number: its value, and what its last digit is worth."""

    value: float
    step: float


@dataclass(frozen=True, slots=True)
class Said:
    """One number of a text."""

    text: str
    kind: Kind
    readings: tuple[Reading, ...]
    """Rates 0 to 1, durations in seconds."""
    bound: Bound
    start: int
    end: int
    is_word: bool = False
    is_counted: bool = False
    """A plain `times`: how often, or how many times as much."""


def said(text: str) -> tuple[Said, ...]:
    """Return the numbers of a text in order; overlapping readings are told once."""
    found: list[Said] = []
    taken: list[tuple[int, int]] = []
    for number in (*_fractions(text), *_multiples(text), *_plain(text)):
        if all(number.end <= start or number.start >= end for start, end in taken):
            taken.append((number.start, number.end))
            found.append(number)
    found.sort(key=lambda number: number.start)
    return _with_shared_units(text, found)


def _plain(text: str) -> Iterator[Said]:
    for match in NUMBER.finditer(text):
        start = match.start("digits") if match["digits"] else match.start("words")
        if (
            match["digits"]
            and re.search(r"\w[-\u2013]$", text[:start])
            and text[start - 2].isalpha()
        ):
            continue  # "pricing-2": a name's own digit
        if match["digits"] and not match["scale"] and re.match(r"[A-Za-z_]", text[match.end() :]):
            continue
        kind, factor = _unit(match)
        readings = tuple(
            Reading(reading.value * factor, reading.step * factor) for reading in _readings(match)
        )
        if match["words"] and match["words"].lower() == "one" and kind == "number":
            continue  # a pronoun more often than a count
        yield Said(
            text=match[0].strip(),
            kind=kind,
            readings=readings,
            bound=_bound(text[: match.start()]),
            start=match.start(),
            end=match.end(),
            is_word=bool(match["words"]) and not match["scale"],
            is_counted=(match["ratio"] or "") == "times"
            and not re.match(
                r"\s+(?:as|more|less|higher|lower|the|likelier|better|worse)", text[match.end() :]
            ),
        )


def _unit(match: re.Match[str]) -> tuple[Kind, float]:
    if match["points"]:
        return "points", 0.01
    if match["percent"]:
        return "percent", 0.01
    if match["ratio"]:
        return "ratio", 1.0
    if match["unit"] or match["short"]:
        return "duration", _seconds(match["unit"] or match["short"])
    if match["currency"] or match["money"]:
        return "money", 1.0
    return "number", 1.0


def _seconds(unit: str) -> float:
    for name in ("month", "year", "yr"):
        if unit.startswith(name):
            return SECONDS["year" if name == "yr" else name]
    return SECONDS[unit[0]]


def _readings(match: re.Match[str]) -> tuple[Reading, ...]:
    scale = SCALES[match["scale"].lower()] if match["scale"] else 1.0
    if match["words"]:
        words = re.split(r"[ -]", match["words"].lower())
        value = sum(WORDS.get(word, 1.0 if word in {"a", "an"} else 0.0) for word in words)
        return (Reading(value * scale, scale),)
    return tuple(Reading(value * scale, step * scale) for value, step in _decimals(match["digits"]))


def _decimals(digits: str) -> Iterator[tuple[float, float]]:
    """Yield the values that written digits may stand for, with the worth of the last digit."""
    plain = re.sub(rf"(?<=\d)(?:,|'|{SPACE})(?=\d{{3}}(?!\d))", "", digits)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", digits):
        yield float(digits.replace(".", "")), 1.0
    if plain.count(".") <= 1:
        decimal = plain.replace(",", ".")
        places = len(decimal.partition(".")[2])
        yield float(decimal), 10.0**-places


def _fractions(text: str) -> Iterator[Said]:
    for match in ONE_IN.finditer(text):
        top, bottom = _small(match["top"]), _small(match["bottom"])
        if 0 < top < bottom:
            step = 2 * (top / (bottom - 0.5) - top / bottom) if top == 1 else 0.06
            yield _fraction(text, match, top / bottom, step, "fraction")
    for match in FRACTION.finditer(text):
        part = PARTS[match["part"].lower().rstrip("s") if match["part"] != "halves" else "halves"]
        top = _small(match["top"] or "one")
        if match["top"] is None and part != 2:
            continue  # "the third step": an ordinal
        if _is_no_share(text, match):
            continue
        kind: Kind = "ratio" if match["as"] else "fraction"
        yield _fraction(text, match, top / part, 0.04, kind)


def _is_no_share(text: str, match: re.Match[str]) -> bool:
    """Whether a fraction word divides time or counts order: 'the first half', 'a third path'."""
    before, after = text[: match.start()], text[match.end() :]
    if re.search(r"\b(?:first|second|other|latter|last) $", before, re.IGNORECASE):
        return True
    if re.match(r"[- ](?:an? )?(?:hour|day|year|month|week)", after):
        return True
    singular = match["part"].lower() in {"third", "quarter", "fifth", "sixth", "tenth"}
    if (match["top"] or "").lower() in {"a", "an"} and singular:
        return bool(re.match(r"\s+[a-z]", after)) and not re.match(
            r"\s+(?:of|as|more|less|fewer|convert|drop|leave|go|do|never|are|were|have|within)\b",
            after,
        )
    return False


def _fraction(text: str, match: re.Match[str], value: float, step: float, kind: Kind) -> Said:
    bound = _bound(text[: match.start()])
    wider = step if bound == "exact" else 2.5 * step
    return Said(
        match[0], kind, (Reading(value, wider),), bound, match.start(), match.end(), is_word=True
    )


def _multiples(text: str) -> Iterator[Said]:
    for match in MULTIPLE.finditer(text):
        value = next(size for stem, size in MULTIPLES.items() if match[0].lower().startswith(stem))
        yield _fraction(text, match, value, 0.25 * min(value, 2.0), "ratio")
    for match in VAGUE_WORD.finditer(text):
        size = VAGUE[match[1].lower()]
        yield replace(_fraction(text, match, size, size, "vague"), bound="over")


def _small(word: str) -> int:
    if word.lower() in {"a", "an"}:
        return 1
    return int(word) if word.isdigit() else int(WORDS[word.lower()])


def _bound(before: str) -> Bound:
    tail = re.sub(r"\b(?:an?|the)\s+$", "", before[-40:])
    if COMPARED.search(tail):
        return "exact"
    for bound, pattern in BEFORE:
        if pattern.search(tail):
            return bound
    return "exact"


def _with_shared_units(text: str, found: list[Said]) -> tuple[Said, ...]:
    """Give the first number of '40 to 50 %' or '2 and 3 days' the unit of the second."""
    told = list(found)
    for place in range(len(told) - 2, -1, -1):
        first, second = told[place], told[place + 1]
        if first.kind != "number" or second.kind in {"number", "fraction", "vague"}:
            continue
        if not JOINED.fullmatch(text[first.end : second.start]):
            continue
        factor = _factor(second)
        told[place] = replace(
            first,
            kind=second.kind,
            readings=tuple(Reading(r.value * factor, r.step * factor) for r in first.readings),
        )
    return tuple(told)


def _factor(number: Said) -> float:
    if number.kind in {"percent", "points"}:
        return 0.01
    match = NUMBER.search(number.text)
    return _unit(match)[1] if match and number.kind == "duration" else 1.0
