"""What each planted effect is, which analysis must find it, and how its answer is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.planted import World
from tools import catalog
from tools.analyses.result import Result
from tools.narration.certainty import certainty, is_finding

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What an analysis says of the planted effect."""

    value: float | None
    low: float | None
    high: float | None
    q_value: float | None
    none: float = 0.0
    """The value that means no effect."""
    truth: float | None = None
    """The planted quantity, where it depends on what the analysis chose to measure."""


@dataclass(frozen=True, slots=True)
class Case:
    """One planted effect and the analysis that has to find it."""

    sentence: str
    analysis: str
    plant: Callable[[int, float], World]
    size: float
    """As planted; it is also what the analysis estimates, unless `Seen.truth` says otherwise."""
    removed: float
    """The size that means that nothing is planted."""
    arguments: Callable[[World], Arguments]
    read: Callable[[Result[Any], float], Seen]
    names: tuple[str, ...]
    """What the answer must name, in any case; whatever of them it says."""
    truth: Callable[[float], float] = lambda size: size


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one company."""

    found: bool
    value: float | None
    covers: bool | None
    """Whether the interval holds the planted size; None where there is no interval."""
    named: bool


def measure(case: Case, seed: int, *, planted: bool) -> Found:
    """Make one company, ask the analysis, and compare what it says with what was planted."""
    size = case.size if planted else case.removed
    world = case.plant(seed, size)
    result = catalog.call(world.store(), case.analysis, case.arguments(world))
    seen = case.read(result, size)
    truth = seen.truth if seen.truth is not None else case.truth(size)
    text = catalog.narrate(case.analysis, result).text().casefold()
    covers = None
    if seen.low is not None and seen.high is not None:
        covers = seen.low <= truth <= seen.high
    told = certainty(seen.low, seen.high, seen.q_value, none=seen.none)
    named = all(name.casefold() in text for name in case.names)
    return Found(is_finding(told), seen.value, covers, named)
