"""Texts to vectors: a local hashing function, an embedding server, or a model in a folder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Vectors = Any
"""texts x dimensions, float32, each row of length 1."""
DIMENSIONS = 512


@dataclass(frozen=True, slots=True)
class Embedding:
    """A way to turn texts into vectors; its name tells whose vectors a collection holds."""

    name: str
    embed: Callable[[Sequence[str]], Vectors]


def hashed() -> Embedding:
    """Return the default: hashed character n-grams and words; local, seedless, no model.

    The same text has the same vector everywhere and always. Needs a second to be imported.
    """
    return Embedding(f"hashed-{DIMENSIONS}", _hash)


def _hash(texts: Sequence[str]) -> Vectors:
    from sklearn.feature_extraction.text import HashingVectorizer  # noqa: PLC0415 - seconds
    from sklearn.preprocessing import normalize  # noqa: PLC0415 - seconds

    letters = HashingVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), n_features=DIMENSIONS, norm="l2"
    )
    whole = HashingVectorizer(ngram_range=(1, 2), n_features=DIMENSIONS, norm="l2")
    both = letters.transform(texts) + 0.5 * whole.transform(texts)
    dense = normalize(both).toarray().astype("float32")
    empty = ~dense.any(axis=1)
    dense[empty, 0] = 1.0
    return dense


def served(base_url: str | None, model: str, api_key: str | None, seconds: float) -> Embedding:
    """Return the embedding of an OpenAI-compatible server."""

    def embed(texts: Sequence[str]) -> Vectors:
        import numpy as np  # noqa: PLC0415 - with the rest
        import openai  # noqa: PLC0415 - a second

        with openai.OpenAI(
            base_url=base_url, api_key=api_key or "none", timeout=seconds, max_retries=1
        ) as client:
            told = client.embeddings.create(model=model, input=list(texts), encoding_format="float")
        vectors = np.asarray([entry.embedding for entry in told.data], dtype="float32")
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    return Embedding(f"served-{model}", embed)
