"""Counts, windows and ways of counting in a question: "top 5", "within a week", "per session"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.analyst.moments import NUMBER, NUMBERS

UNIT = r"(?P<unit>minute|min|hour|hr|h|day|d|week|w|month|year)s?\b"
LETTER = {"minute": "m", "min": "m", "hour": "h", "hr": "h", "h": "h", "day": "d", "d": "d"}
DAYS = {"week": 7, "w": 7, "month": 30, "year": 365}
LISTED = (
    r"(?:paths?|journeys?|routes?|sequences?|pages?|steps?|points?|exits?|channels?|touchpoints?|leaks?|ways|"
    r"places?|countries|kinds|groups|clusters|types|archetypes|classes|categories|buckets|stories|shapes|patterns|people|persons|customers|users|visitors|prospects|leads|ideas|things|recommendations|actions|moments|campaigns|sequences|orders|segments?|flows?|rows|results|drop-?\s?offs?|spots|stops|trails|ones|reasons)"
)
BEST = r"(?:best|worst|top|biggest|largest|most|main|strongest|weakest|poorest|leakiest|longest|highest|lowest|greatest|fastest)"
FORMS: tuple[tuple[str, str], ...] = (
    ("longer", rf"\b(?:more than|longer than|over)\s+{NUMBER}\s+(?:steps?|touchpoints?|pages?)\b"),
    ("least", rf"\b(?:at least|minimum(?: of)?)\s+{NUMBER}\s+(?:steps?|touchpoints?|pages?)\b"),
    (
        "shorter",
        rf"\b(?:less than|fewer than|shorter than|under)\s+{NUMBER}\s+(?:steps?|touchpoints?|pages?)\b",
    ),
    (
        "most",
        rf"\b(?:at most|up to|no more than|maximum(?: of)?)\s+{NUMBER}\s+(?:steps?|touchpoints?|pages?)\b",
    ),
    (
        "depth",
        rf"\b{NUMBER}\s+steps?\b(?=\s+(?:before|after|leading|that follow|following|from|up to))",
    ),
    (
        "window",
        rf"\b(?:with)?in(?:side of| less than| under| at most| the space of)?\s+(?:of\s+)?{NUMBER}\s*-?\s*{UNIT}(?: of each other)?",
    ),
    ("window", rf"\b(?:under|less than|no more than|at most|max(?:imum)?)\s+{NUMBER}\s*{UNIT}"),
    ("window", rf"\b{NUMBER}\s*-?\s*{UNIT}\s+(?:conversion\s+)?window\b"),
    ("window", rf"\bwindow\s*(?:of|to|=|is|at|should be)?\s*{NUMBER}\s*-?\s*{UNIT}"),
    ("depth", rf"\b{NUMBER}\s*(?:steps?|levels?|touchpoints?)\s*(?:deep|long|ahead|on)\b"),
    ("depth", rf"\bdepth\s*(?:of|=|:)?\s*{NUMBER}\b"),
    (
        "depth",
        rf"\b(?:next|first|last|over|following)\s+{NUMBER}\s*(?:steps?|levels?|touchpoints?)\b",
    ),
    (
        "top",
        rf"\b(?:top|first|best|worst|only|show|list|give me|just)\s+(?:the\s+)?{NUMBER}\b(?!\s*(?:steps? deep|%|percent|day|week|month|hour))",
    ),
    ("top", rf"\b{NUMBER}\s+(?:{BEST}|\w+est)\b"),
    (
        "days",
        rf"\b{NUMBER}\s*-?\s*{UNIT}\s+(?:each|(?:on )?(?:either|each|both) sides?|before and(?: after)?)\b",
    ),
    (
        "top",
        rf"\b{NUMBER}(?!\s+(?:times|tickets|or more|days?|weeks?|months?|hours?)\b)\s+(?:\w+\s+){{0,2}}{LISTED}\b",
    ),
    (
        "session",
        r"\b(?:per|by|in one|in the same|within one|within the same|within a|in a single|same|for each|each|counting|session)[\s-]+(?:session|visit)s?\b|\bsession[\s-](?:based|level|wise)\b|\bin (?:one|a single) (?:go|sitting)\b",
    ),
    ("journey", r"\b(?:per|by|counting|for each)\s+journeys?\b"),
    (
        "person",
        r"\b(?:per|by|counting|for each)\s+(?:person|user|customer|visitor|people|head)s?\b",
    ),
    (
        "any",
        r"\b(?:in|whatever|any|regardless of|no matter the|irrespective of)\s*(?:the\s+|any\s+)?(?:order|sequence)\b|\border (?:does not|doesn't) matter\b|\bunordered\b",
    ),
    (
        "strict",
        r"\b(?:in )?strict(?:ly)?(?: order)?\b|\bwithout anything (?:in )?between\b|\bwith nothing (?:in )?between\b|\bback to back\b|\bdirect succession\b",
    ),
)
WAYS = {"session", "journey", "person", "any", "strict"}


@dataclass(frozen=True, slots=True)
class Quantities:
    """What a question says about how many, how long and how to count."""

    told: Mapping[str, int | str] = field(default_factory=dict)
    """`top`, `depth`: numbers; `window`: text such as 7d; `per`, `order`: the funnel's words."""
    spans: tuple[tuple[int, int], ...] = ()


def quantities(text: str) -> Quantities:
    """Return the counts, windows and ways of counting in a text, and where they stand."""
    told: dict[str, int | str] = {}
    spans: list[tuple[int, int]] = []
    lowered = text.lower()
    for name, pattern in FORMS:
        for match in re.finditer(pattern, lowered):
            start, end = match.span()
            if any(start < b and end > a for a, b in spans):
                continue
            key = {
                "session": "per",
                "journey": "per",
                "person": "per",
                "any": "order",
                "strict": "order",
                "longer": "minimum_length",
                "least": "minimum_length",
                "shorter": "maximum_length",
                "most": "maximum_length",
            }.get(name, name)
            if key in told or (name == "top" and _no_count(match)):
                continue
            told[key] = name if name in WAYS else _amount(name, match)
            spans.append((_masked_from(name, match), _masked_to(name, match)))
    return Quantities(told, tuple(sorted(spans)))


def _no_count(match: re.Match[str]) -> bool:
    """Whether a small word is no count: "one", "a" and the like are one only after "top"."""
    return match["n"] in {"a", "an", "one", "few", "couple", "couple of"} and not match[
        0
    ].startswith("top")


def _masked_from(name: str, match: re.Match[str]) -> int:
    """Return where masking starts: "give me 50 people" keeps its verb."""
    asks = name == "top" and re.match(r"(?:show|list|give me)\b", match[0])
    return match.start("n") if asks else match.start()


def _masked_to(name: str, match: re.Match[str]) -> int:
    """Return where to stop masking: "top 5 journeys" keeps its noun."""
    return match.end("n") if name in {"top"} else match.end()


def _amount(name: str, match: re.Match[str]) -> int | str:
    number = int(match["n"]) if match["n"].isdigit() else NUMBERS[match["n"]]
    if name in {"longer", "shorter"}:
        return number + 1 if name == "longer" else max(1, number - 1)
    if name == "days":
        return number * (DAYS.get(match["unit"]) or 1)
    if name != "window":
        return max(1, min(number, 1000 if name == "top" else 10))
    unit = match["unit"]
    return f"{number * DAYS[unit]}d" if unit in DAYS else f"{number}{LETTER[unit]}"
