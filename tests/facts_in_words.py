"""Whether every number in a narration is a fact of its result, in one of the usual renderings."""

import re
from typing import Any

from tools.analyses.result import Fact, Result
from tools.narration.words import Narration, percent, points, span, times

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def renderings(fact: Fact) -> set[str]:
    """Return the numbers that a sentence may contain because of one fact."""
    texts = []
    if isinstance(fact.value, str):
        texts.append(fact.value)
    for number in (fact.value, fact.numerator, fact.denominator, fact.low, fact.high):
        if isinstance(number, int | float):
            texts += [
                f"{number:,.0f}",
                f"{abs(number):,.1f}",
                f"{number:.3g}",
                f"{abs(number):.2f}",
            ]
            texts += [times(abs(number)) if fact.unit == "ratio" else ""]
            texts += [percent(abs(number)), points(number), span(abs(number))]
    return {found for text in texts for found in NUMBER.findall(text)}


def unfounded(narration: Narration, result: Result[Any], *names: str) -> list[str]:
    """Return the numbers of a narration that no fact, and no name from the data, accounts for."""
    text = " ".join((narration.answer, *narration.support))
    for name in names:
        text = text.replace(name, "")
    known = {number for fact in result.facts for number in renderings(fact)}
    return [number for number in NUMBER.findall(text) if number not in known]
