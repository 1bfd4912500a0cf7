"""What the built-in analyst decides about a question: the seam between understanding and saying."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CallPlan:
    """Run one analysis of the catalogue."""

    tool: str
    arguments: Mapping[str, Any]
    understood: str = ""
    """How the question was read, where that is not plain: "I read 'pricng' as Pricing." """


@dataclass(frozen=True, slots=True)
class AskBack:
    """The question is ambiguous: one short question back, with whole questions to choose from."""

    text: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decline:
    """The question is outside what the product can do: an honest no, and what it can do instead."""

    text: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetJourney:
    """The user defined a journey in a sentence: the text forms of a `JourneyDefinition`'s parts.

    A part left out stays as it is in the definition of that name.
    """

    name: str | None = None
    start: str | None = None
    end: str | None = None
    window: str | None = None
    inactivity: str | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """Small talk or a question about the product itself (what can you do, thanks)."""

    text: str
    follow_ups: tuple[str, ...] = ()


Plan = CallPlan | AskBack | Decline | SetJourney | Talk
