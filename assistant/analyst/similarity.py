"""How near a question is to the catalogue's phrasings: words, word pairs and letter groups."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from assistant.analyst.words import ARTICLES, words

Vector = NDArray[np.float64]
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
    """An index of phrasings by TF-IDF over stems, pairs of stems and groups of three letters."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index `texts`, which hold slots as words (`touchpointslot`)."""
        counted = [Counter(features(text)) for text in texts]
        documents = Counter(feature for counts in counted for feature in counts)
        self._column = {feature: number for number, feature in enumerate(sorted(documents))}
        self._weight = {f: math.log((1 + len(texts)) / (1 + n)) + 1 for f, n in documents.items()}
        self._rarest = max(self._weight.values(), default=1.0)
        self._texts = vstack([self._vector(counts) for counts in counted]).tocsr()

    def similar(self, text: str) -> Vector:
        """Return the cosine similarity of `text` to each phrasing, in their order."""
        told: Vector = (self._texts @ self._vector(Counter(features(text))).T).toarray().ravel()
        return told

    def each_other(self) -> Vector:
        """Return the cosine similarity of every phrasing to every other, as a square."""
        told: Vector = (self._texts @ self._texts.T).toarray()
        return told

    def _vector(self, counts: Counter[str]) -> csr_matrix:
        """Return a text as one row of length 1; what no phrasing has only makes it longer."""
        told = {
            f: (1 + math.log(n)) * self._weight.get(f, self._rarest) * _part(f)
            for f, n in counts.items()
        }
        norm = math.sqrt(sum(value * value for value in told.values())) or 1.0
        known = {self._column[f]: value / norm for f, value in told.items() if f in self._column}
        places = (np.zeros(len(known), dtype=int), list(known))
        return csr_matrix((list(known.values()), places), shape=(1, len(self._column)))


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
