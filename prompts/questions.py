"""The question catalogue: what can be asked, in whose words, and the set that it is scored on.

One file per analysis in `catalogue/` holds its questions and cues. Slots in a question:
`{touchpoint}`, `{other}` (a later one), `{seen}`, `{end}`, `{field}`, `{value}` and `{rival}` (of one
field), `{change}` (one that was recorded).
It drives suggestion chips, the built-in analyst's routing and examples for a model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tools.catalog import CATALOG

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Question:
    """One question that an analysis answers, and how else it is asked."""

    tool: str
    question: str
    """As a suggestion; `{touchpoint}`, `{field}`, `{channel}` and the like are filled from data."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """What `catalog.call` takes, with the same slots."""
    phrasings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One question of the evaluation, with what it has to become."""

    ask: str
    data: str
    """The evaluation's vocabulary that it is asked about."""
    kind: str = "call"
    """"call", "ask_back", "decline", "talk" or "set_journey"."""
    tool: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    after: tuple[str, Mapping[str, Any]] | None = None
    """The call before it, for a follow-up."""
    journey: Mapping[str, str] = field(default_factory=dict)
    shown: bool = False
    """One of the twenty that the product must answer."""
    blind: bool = False
    """Set aside: nothing is ever built from it."""


@cache
def _read(name: str) -> dict[str, Any]:
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    told: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 - both are safe loaders
    return told


@cache
def questions() -> tuple[Question, ...]:
    """Return the catalogue, in the order in which suggestions are made."""
    return tuple(
        Question(
            tool=tool,
            question=entry["question"],
            arguments=entry.get("arguments", {}),
            phrasings=tuple(entry.get("phrasings", ())),
        )
        for tool in CATALOG
        for entry in _read(f"catalogue/{tool}")["questions"]
    )


@cache
def cues() -> Mapping[str, tuple[tuple[float, str], ...]]:
    """Return, by analysis, the patterns that speak for it, each with its weight, 0 to 1."""
    return {
        tool: tuple(
            (float(weight), pattern) for weight, pattern in _read(f"catalogue/{tool}")["cues"]
        )
        for tool in CATALOG
    }


@cache
def synonyms() -> Mapping[str, Any]:
    """Return what marketers call things, by kind of thing."""
    return _read("synonyms")


@cache
def wording(name: str) -> Any:  # noqa: ANN401 - lists and mappings of text
    """Return one part of the language around the questions: `neutral`, `declined`, ..."""
    return _read("words")[name]


@cache
def vocabularies() -> Mapping[str, Mapping[str, Any]]:
    """Return the evaluation's vocabularies as they are written."""
    told: dict[str, dict[str, Any]] = _read("evaluation")["vocabularies"]
    return told


@cache
def first_runs() -> tuple[str, ...]:
    """Return what the blind sets scored when they were first asked, as text."""
    return tuple(_read("evaluation")["first_runs"])


@cache
def learnt() -> tuple[HeldOut, ...]:
    """Return the evaluation's questions of one analysis each that the router may learn from."""
    return tuple(q for q in held_out() if q.tool in CATALOG and not (q.blind or q.after))


@cache
def held_out() -> tuple[HeldOut, ...]:
    """Return the evaluation's questions."""
    return tuple(_held_out(entry) for entry in _read("evaluation")["questions"])


def _held_out(entry: Mapping[str, Any]) -> HeldOut:
    after = entry.get("after")
    return HeldOut(
        ask=entry["ask"],
        data=entry["data"],
        kind=entry.get("kind", "call"),
        tool=entry.get("tool"),
        arguments=entry.get("with", {}),
        after=(after["tool"], after.get("with", {})) if after else None,
        journey=entry.get("journey", {}),
        shown=entry.get("shown", False),
        blind=entry.get("blind", False),
    )
