"""The words that questions are made of, and how they are spelt."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.analyst.words import stem, words
from prompts.questions import cues, questions, synonyms, wording

CLOSE, CLOSE_SHORT = 0.75, 0.79
SURE = 0.86
SHORTENED = re.compile(r"'(?:ve|ll|d|re|m|s)$")


@cache
def lexicon() -> frozenset[str]:
    """Return every word of the language of questions: the catalogue's own, and the neutral ones."""
    return frozenset(_lexicon())


def _lexicon() -> Iterator[str]:
    yield from wording("neutral").split()
    for question in questions():
        for phrasing in (question.question, *question.phrasings):
            yield from (word.text for word in words(re.sub(r"\{\w+\}", " ", phrasing)))
    for patterns in cues().values():
        for _, pattern in patterns:
            yield from re.findall(r"[a-z]{3,}", re.sub(r"\\[a-z]", " ", pattern))


@cache
def plain_words() -> frozenset[str]:
    """Return the words that are plain words before they are a segment's value: not "email"."""
    values = {
        word.text for group in synonyms()["values"] for name in group for word in words(str(name))
    }
    return lexicon() - (values - set(wording("neutral").split()))


@cache
def _stems() -> frozenset[str]:
    return frozenset(stem(word) for word in lexicon())


@cache
def _spellings() -> tuple[str, ...]:
    return tuple(sorted(word for word in lexicon() if len(word) > 3))


@cache
def _turned() -> dict[str, str]:
    """Return the words by their letters in order: "teh" and "form" have those of "the", "from"."""
    return {"".join(sorted(w)): w for w in sorted(lexicon(), reverse=True) if 2 < len(w) < 7}


@lru_cache(maxsize=5000)
def spelling(word: str) -> tuple[str, float]:
    """Return the nearest word of the language, and how near it is, 0 to 1."""
    if word in lexicon() or word.isdigit() or SHORTENED.sub("", word) in lexicon():
        return word, 1.0
    inflected = stem(word) in _stems()
    turned = _turned().get("".join(sorted(word)))
    if turned and turned[0] == word[0] and not inflected:
        return turned, SURE
    if f"{word}e" in lexicon():
        return f"{word}e", SURE
    if inflected or len(word) < 4:
        return word, float(inflected)
    near = process.extractOne(
        word,
        _spellings(),
        scorer=OSA.normalized_similarity,
        score_cutoff=CLOSE if len(word) > 5 else CLOSE_SHORT,
    )
    if near and near[0][0] == word[0]:
        return near[0], near[1]
    return word, 0.0


def is_known(word: str) -> bool:
    """Whether a word, or a plain misspelling of it, belongs to the language of questions."""
    return spelling(word)[1] >= SURE


def is_word(word: str) -> bool:
    """Whether a word can be read at all, if need be as a misspelling."""
    return spelling(word)[1] > 0


def corrected(text: str) -> str:
    """Return a text in small letters with its words spelt right; slots stay as they are."""
    return re.sub(
        r"[a-z']+",
        lambda match: match[0] if match[0].endswith("slot") else spelling(match[0])[0],
        text.lower(),
    )


def written_out(text: str) -> str:
    """Return a text with the usual shorthand written out: "ppl" is people."""
    short = wording("shorthand")
    return re.sub(
        r"(?<![\w/])(?:" + "|".join(re.escape(key) for key in short) + r")(?![\w/])",
        lambda match: short[match[0].lower()],
        text,
        flags=re.IGNORECASE,
    )
