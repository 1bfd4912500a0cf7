"""How near a question is to the catalogue's phrasings: words, word pairs and letter groups."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.analyst.words import ARTICLES, words

SMALL = frozenset(
    [
        "do",
        "does",
        "did",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "of",
        "in",
        "on",
        "at",
        "for",
        "i",
        "we",
        "you",
        "it",
        "me",
        "please",
        "have",
        "has",
    ]
)


class Phrasings:
    """An index of phrasings by TF-IDF over stems, pairs of stems and groups of three letters.

    A few hundred short texts: an inverted index answers in well under a millisecond, and needs
    no library that takes a second to load.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        """Index `texts`, which hold slots as words (`touchpointslot`)."""
        counted = [Counter(features(text)) for text in texts]
        documents = Counter(feature for counts in counted for feature in counts)
        self._weight = {f: math.log((1 + len(texts)) / (1 + n)) + 1 for f, n in documents.items()}
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, counts in enumerate(counted):
            for feature, value in self._vector(counts).items():
                self._postings[feature].append((number, value))
        self._size = len(texts)

    def similar(self, text: str) -> list[float]:
        """Return the cosine similarity of `text` to each phrasing, in their order."""
        scores = [0.0] * self._size
        for feature, value in self._vector(Counter(features(text))).items():
            for number, weight in self._postings.get(feature, ()):
                scores[number] += value * weight
        return scores

    def _vector(self, counts: Counter[str]) -> dict[str, float]:
        rare = max(self._weight.values(), default=1.0)
        told = {
            f: (1 + math.log(n)) * self._weight.get(f, rare) * _part(f) for f, n in counts.items()
        }
        norm = math.sqrt(sum(value * value for value in told.values())) or 1.0
        return {feature: value / norm for feature, value in told.items()}


def _part(feature: str) -> float:
    """Letter groups are many: each counts less than a word."""
    return 0.35 if feature.startswith("#") else 0.4 if feature in SMALL else 1.0


def features(text: str) -> Iterator[str]:
    """Yield the stems, pairs of stems and letter groups of a text."""
    told = [word for word in words(text) if word.text not in ARTICLES]
    for word in told:
        yield word.stem
        if word.text not in SMALL and not word.text.endswith("slot"):
            padded = f" {word.stem} "
            yield from (f"#{padded[i : i + 3]}" for i in range(len(padded) - 2))
    yield from (f"{left.stem} {right.stem}" for left, right in pairwise(told))
