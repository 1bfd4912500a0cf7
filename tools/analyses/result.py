"""What every analysis returns: rows, facts, the scope as resolved, and the SQL that it ran."""

from dataclasses import dataclass, fields
from typing import ClassVar, Generic, Literal, TypeVar

from tools.errors import NoDataError
from tools.journeys.scope import ResolvedScope, Statement

Unit = Literal[
    "rate",  # 0 to 1; a percentage in sentences
    "difference",  # of two rates, -1 to 1; percentage points in sentences
    "ratio",  # "2.1 times"
    "journeys",
    "persons",
    "sessions",
    "events",
    "steps",
    "count",
    "seconds",
    "value",  # money, in `Result.currency` or the data's own unit
    "date",
    "score",  # a statistic without a unit: distance, q, p
]
RowT = TypeVar("RowT")
NOT_KNOWN = "(not known)"
"""The segment of those whose value is not known; it stands in no comparison."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One number that a sentence may state, and what it rests on."""

    id: str
    """Unique in its result: `funnel.step_2.conversion_rate`."""
    label: str
    """What it is, in a marketer's words: "Conversion from Pricing to Trial"."""
    value: float | int | str | None
    """None where undefined; a date is its ISO text."""
    unit: Unit
    numerator: float | int | None = None
    denominator: float | int | None = None
    low: float | None = None
    """Lower bound of the 95 % interval."""
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Generic[RowT]):
    """Base of every analysis's result; text, chart, table and export read this one object."""

    rows: tuple[RowT, ...]
    """The main table, one frozen dataclass of scalars per row."""
    facts: tuple[Fact, ...]
    scope: ResolvedScope
    statements: tuple[Statement, ...]
    caveats: tuple[str, ...] = ()
    """What the numbers do not say, each a whole sentence for the reader."""
    personal: ClassVar[bool] = False
    """Whether a row is one person: such rows are for the reader alone and never reach a model."""

    def fact(self, fact_id: str) -> Fact:
        """Return one fact by its id.

        Raises:
            NoDataError: The result has no such fact.
        """
        for fact in self.facts:
            if fact.id == fact_id:
                return fact
        raise NoDataError(f"fact: this result has no '{fact_id}'.")


def table(result: Result[RowT]) -> tuple[tuple[str, ...], tuple[tuple[object, ...], ...]]:
    """Return a result's main table as a header and rows of scalars."""
    if not result.rows:
        return (), ()
    names = tuple(field.name for field in fields(result.rows[0]))  # type: ignore[arg-type]
    return names, tuple(tuple(getattr(row, name) for name in names) for row in result.rows)


def young_caveat(young: int, window: str) -> tuple[str, ...]:
    """Return the caveat for journeys too young to judge; nothing when there are none."""
    if not young:
        return ()
    noun, them = ("journey is", "it") if young == 1 else ("journeys are", "them")
    return (
        f"{young:,} {noun} younger than the {window.replace(' ', '-').removesuffix('s')} window "
        f"and not counted in the rate: it is too early to judge {them}.",
    )
