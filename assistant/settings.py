"""Which model answers: from the environment and the workspace's settings; keys never from a file."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.embedding import Embedding, embedding_from
from tools.errors import InvalidArgumentError
from tools.store.workspace import Workspace

OPENAI_MODEL = "gpt-5.5"
"""Taken where a key for OpenAI is set and no model is named."""
BUILT_IN_NAMES = {"built-in", "none", "off"}


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """An OpenAI-compatible model server, or none: then the built-in analyst answers."""

    model: str = ""
    """The server's name for the model; empty: the built-in analyst."""
    base_url: str | None = None
    """None: OpenAI's own."""
    api_key: str | None = field(default=None, repr=False)
    temperature: float | None = 0.0
    timeout_seconds: float = 60.0
    """Longest time that one call may take."""
    total_seconds: float = 120.0
    """Longest time that the server may take for one question, over all calls."""
    retries: int = 2
    """Further tries after 429, a server's fault or a lost connection."""
    retry_wait_seconds: float = 10.0
    """Longest wait between tries; a server that asks for more has failed."""
    model_calls: int = 8
    """Most calls of the model per question."""
    tool_calls: int = 12
    """Most analyses that a model may run per question."""

    @property
    def is_built_in(self) -> bool:
        """Whether no server is configured."""
        return not self.model


def load_settings(
    workspace: Workspace, environment: Mapping[str, str] = os.environ
) -> ModelSettings:
    """Return the model that the environment and `settings.toml` name; the environment wins.

    `DESIREPATH_MODEL=built-in` keeps the built-in analyst whatever else is set.

    Args:
        workspace: Its `settings.toml` may hold `[model]` with this class's fields.
        environment: `DESIREPATH_MODEL`, `OPENAI_BASE_URL`, `OPENAI_API_KEY`; the last two also
            as `DESIREPATH_BASE_URL` and `DESIREPATH_API_KEY`, which win.

    Raises:
        InvalidArgumentError: The file cannot be read, or names no model for its server.
    """
    told = _from_file(workspace)
    model = environment.get("DESIREPATH_MODEL") or told.pop("model", "")
    told.pop("model", None)
    if str(model).lower() in BUILT_IN_NAMES:
        return ModelSettings()
    key = _key(environment)
    from_file = told.pop("base_url", None)
    base_url = (
        environment.get("DESIREPATH_BASE_URL") or environment.get("OPENAI_BASE_URL") or from_file
    )
    if not base_url and not key:
        return ModelSettings()
    if not model and base_url:
        raise InvalidArgumentError(
            f"model: the server {base_url} is set, but no model. Set DESIREPATH_MODEL, "
            f"or `model` under [model] in {workspace.settings}."
        )
    return ModelSettings(
        model=str(model or OPENAI_MODEL), base_url=base_url or None, api_key=key, **told
    )


def load_embedding(workspace: Workspace, environment: Mapping[str, str] = os.environ) -> Embedding:
    """Return how the memory turns texts into vectors: the `[memory]` table of `settings.toml`.

    Raises:
        InvalidArgumentError: The file cannot be read, or names something unknown.
    """
    return embedding_from(_table(workspace, "memory"), _key(environment))


def _key(environment: Mapping[str, str]) -> str | None:
    return environment.get("DESIREPATH_API_KEY") or environment.get("OPENAI_API_KEY") or None


def _from_file(workspace: Workspace) -> dict[str, Any]:
    table = _table(workspace, "model")
    known = {entry.name for entry in fields(ModelSettings)} - {"api_key"}
    if strange := sorted(set(table) - known):
        raise InvalidArgumentError(
            f"{workspace.settings}: [model] has no setting '{strange[0]}'. "
            f"Known: {', '.join(sorted(known))}."
        )
    try:
        TypeAdapter(ModelSettings).validate_python(table)
    except ValidationError as fault:
        first = fault.errors()[0]
        raise InvalidArgumentError(
            f"{workspace.settings}: [model] {first['loc'][0]}: {first['msg']}."
        ) from fault
    return table


def _table(workspace: Workspace, name: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(workspace.settings.read_text(encoding="utf-8")).get(name, {})
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise InvalidArgumentError(f"{workspace.settings}: cannot be read: {fault}") from fault
    if "api_key" in table:
        raise InvalidArgumentError(
            f"{workspace.settings}: keys do not belong in this file. Set OPENAI_API_KEY instead."
        )
    return dict(table)
