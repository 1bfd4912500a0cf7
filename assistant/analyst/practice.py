"""What the router practises on: the evaluation's made-up data, and the questions learnt from."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from itertools import combinations

from assistant.analyst.reader import read
from assistant.analyst.reading import Reading
from assistant.analyst.vocabulary import Vocabulary
from prompts.questions import learnt, questions, vocabularies

STAND_IN = {
    "touchpoint": "Pricing", "other": "Docs", "seen": "Case study", "end": "Subscription started",
    "field": "device", "value": "mobile", "rival": "desktop", "change": "Homepage redesign",
}  # fmt: skip
"""Names of the company's data that fill the catalogue's slots, so that phrasings are read as
questions are."""


@cache
def vocabulary(name: str) -> Vocabulary:
    """Return one of the evaluation's vocabularies."""
    told = vocabularies()[name]
    return Vocabulary(
        touchpoints=tuple(told["touchpoints"]),
        segments={key: tuple(str(v) for v in values) for key, values in told["segments"].items()},
        journeys=tuple(told["journeys"]),
        ends=tuple(told["ends"]),
        as_of=told["as_of"],
        first=told["first"],
        window=timedelta(days=told["window_days"]),
        funnel=tuple(told["funnel"]),
        usual=tuple(told["usual"]),
        precedes=frozenset(
            pair for labels in told["sequences"] for pair in combinations(labels, 2)
        ),
        sessions=told["sessions"],
        saved=tuple(told["saved"]),
        changes=tuple(told["changes"]),
    )


def practice() -> Iterator[tuple[str, Reading]]:
    """Yield every phrasing of the catalogue and every question learnt from, with its analysis."""
    for question in questions():
        for phrasing in (question.question, *question.phrasings):
            yield question.tool, read(phrasing.format(**STAND_IN), vocabulary("company"))
    for held in learnt():
        yield held.tool or "", read(held.ask, vocabulary(held.data))
