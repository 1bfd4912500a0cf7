"""The words that questions are made of, and how they are spelt."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.analyst.words import stem, words
from prompts.questions import questions, wording

CLOSE = 0.75
SURE = 0.86


@cache
def lexicon() -> frozenset[str]:
    """Return every word of the language of questions: the catalogue's own, and the neutral ones."""
    return frozenset(_lexicon())


def _lexicon() -> Iterator[str]:
    yield from wording("neutral").split()
    for question in questions():
        for phrasing in (question.question, *question.phrasings):
            yield from (word.text for word in words(re.sub(r"\{\w+\}", " ", phrasing)))
    for patterns in wording("cues").values():
        for _, pattern in patterns:
            yield from re.findall(r"[a-z]{3,}", re.sub(r"\\[a-z]", " ", pattern))


@cache
def _stems() -> frozenset[str]:
    return frozenset(stem(word) for word in lexicon())


@cache
def _spellings() -> tuple[str, ...]:
    return tuple(sorted(word for word in lexicon() if len(word) > 3))


@lru_cache(maxsize=5000)
def spelling(word: str) -> tuple[str, float]:
    """Return the nearest word of the language, and how near it is, 0 to 1."""
    if word in lexicon() or word.isdigit():
        return word, 1.0
    inflected = stem(word) in _stems()
    if len(word) < 4:
        return word, float(inflected)
    near = process.extractOne(
        word,
        _spellings(),
        scorer=OSA.normalized_similarity,
        score_cutoff=CLOSE if len(word) > 5 else CLOSE + 0.05,
    )
    if near and near[0][0] == word[0]:
        return near[0], 1.0 if inflected else near[1]
    return word, float(inflected)


def is_known(word: str) -> bool:
    """Whether a word, or a plain misspelling of it, belongs to the language of questions."""
    return spelling(word)[1] >= SURE


def is_word(word: str) -> bool:
    """Whether a word can be read at all, if need be as a misspelling."""
    return spelling(word)[1] > 0
