"""Texts to vectors: a local hashing function, an embedding server, or a model in a folder."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tools.errors import InvalidArgumentError

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

    digest = hashlib.sha256(f"{base_url} {model}".encode()).hexdigest()[:12]
    return Embedding(f"served-{digest}", embed)


def in_folder(folder: Path) -> Embedding:
    """Return the embedding of a model in a folder: `model.onnx` beside `tokenizer.json`.

    The folder is as sentence encoders are exported: inputs `input_ids` and `attention_mask`,
    first output one vector per token; a text's vector is their mean.

    Raises:
        InvalidArgumentError: A file is missing.
    """
    for name in ("model.onnx", "tokenizer.json"):
        if not (folder / name).is_file():
            raise InvalidArgumentError(f"memory: {folder} holds no {name}.")

    @cache
    def loaded() -> tuple[Any, Any]:
        import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415 - only with a folder
        from tokenizers import Tokenizer  # noqa: PLC0415 - as above

        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_padding()
        tokenizer.enable_truncation(256)
        return tokenizer, onnxruntime.InferenceSession(str(folder / "model.onnx"))

    def embed(texts: Sequence[str]) -> Vectors:
        import numpy as np  # noqa: PLC0415 - with the rest

        tokenizer, session = loaded()
        read = tokenizer.encode_batch(list(texts))
        known = {
            "input_ids": np.array([one.ids for one in read], dtype="int64"),
            "attention_mask": np.array([one.attention_mask for one in read], dtype="int64"),
            "token_type_ids": np.array([one.type_ids for one in read], dtype="int64"),
        }
        wanted = {entry.name: known[entry.name] for entry in session.get_inputs()}
        mask = known["attention_mask"][:, :, None]
        tokens = session.run(None, wanted)[0] * mask
        vectors = tokens.sum(axis=1) / np.maximum(mask.sum(axis=1), 1)
        return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)).astype(
            "float32"
        )

    digest = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    return Embedding(f"folder-{digest}", embed)


def embedding_from(told: Mapping[str, Any], api_key: str | None) -> Embedding:
    """Return the embedding that the settings' `[memory]` table names.

    Args:
        told: `folder = "..."`, or `model = "..."` with `base_url`; empty: the hashing function.
        api_key: The key for an embedding server.

    Raises:
        InvalidArgumentError: A name that is no setting, or a folder without a model.
    """
    if strange := sorted(set(told) - {"folder", "model", "base_url", "timeout_seconds"}):
        raise InvalidArgumentError(
            f"memory: [memory] has no setting '{strange[0]}'. "
            "Known: folder, model, base_url, timeout_seconds."
        )
    if "folder" in told:
        return in_folder(Path(str(told["folder"])))
    if "model" in told:
        seconds = float(told.get("timeout_seconds", 10.0))
        return served(told.get("base_url"), str(told["model"]), api_key, seconds)
    return hashed()
