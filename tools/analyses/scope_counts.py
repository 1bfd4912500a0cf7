"""How many journeys a scope holds, and how many of them are too young to judge."""

from dataclasses import dataclass

from tools.errors import NoDataError
from tools.journeys.scope import ScopedStore
from tools.store.door import read_sql

QUERY = read_sql(__file__)


@dataclass(frozen=True, slots=True)
class ScopeCounts:
    """The scope in two numbers."""

    journeys: int
    young: int


def scope_counts(scoped: ScopedStore) -> ScopeCounts:
    """Count a scope's journeys.

    Raises:
        NoDataError: There is none.
    """
    (counted,) = scoped.records(QUERY, {}, ScopeCounts)
    if not counted.journeys:
        raise NoDataError(f"No journey is in scope: {scoped.scope.sentence()}.")
    return counted
