"""What a segment is, and the counts of every segment: totals, times, paths, touchpoints."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tools.analyses.result import NOT_KNOWN
from tools.errors import InvalidArgumentError, NoDataError, UnknownSegmentError, unknown
from tools.journeys.scope import (
    COLUMNS,
    ResolvedScope,
    ScopedStore,
    end_touchpoints,
    segment_fields,
    segment_values,
    trait_names,
)
from tools.journeys.touchpoints import touchpoint_ids, touchpoints
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__, "segments.sql")
OTHER = "other"
FEWEST_NUMBERS = 9
"""A numeric field with fewer different values is not cut into bands."""
TICKS = 500
"""Times to convert are told apart to this part of the window."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How journeys are told apart."""

    kind: Literal["channel", "campaign", "source", "trait", "property", "saw"]
    field: str
    """As the store spells it; for behaviour `saw Pricing`."""
    seen: tuple[int, ...] = ()
    compare: tuple[str, ...] = ()
    """Values as the store spells them; none: every value."""
    banded: bool = False
    """A numeric field, told apart by quartiles."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One row of the query."""

    kind: Literal["total", "time", "path", "touchpoint"]
    segment: int
    """1 is the largest; 0 pools the rest."""
    name: str | None
    lowest: float | None
    highest: float | None
    journeys: int
    mature: int | None
    converted: int | None
    median_seconds: float | None
    position: int | None
    """The time in ticks, or the touchpoint."""
    touchpoints: list[int] | None
    is_whole: bool | None


def resolve_cut(store: Store, scope: ResolvedScope, by: str, compare: Sequence[str]) -> Cut:
    """Find the field, trait or touchpoint that `by` names, and the values to compare.

    Raises:
        UnknownSegmentError: `by` is no field, or a value does not occur.
        UnknownTouchpointError: `saw X` names no touchpoint.
        InvalidArgumentError: `saw X` names the end, or comes with values to compare.
    """
    behaviour = re.fullmatch(r"\s*(?:not\s+)?saw\s+(.+)", by, re.IGNORECASE)
    if behaviour:
        return _behaviour(store, scope, behaviour[1], compare)
    fields = segment_fields(store)
    field = next((known for known in fields if known.casefold() == by.strip().casefold()), None)
    if field is None:
        raise UnknownSegmentError(unknown("by", "segment", by, (*fields, "saw <touchpoint>")))
    values = segment_values(store, field)
    spelled = {value.casefold(): value for value in (*values, NOT_KNOWN)}
    for value in compare:
        if value.casefold() not in spelled:
            raise UnknownSegmentError(unknown("compare", field, value, values))
    wanted = tuple(dict.fromkeys(spelled[value.casefold()] for value in compare))
    if field in COLUMNS:
        return Cut(field, field, compare=wanted)  # type: ignore[arg-type]
    kind: Literal["trait", "property"] = "trait" if field in trait_names(store) else "property"
    return Cut(kind, field, compare=wanted, banded=not wanted and _numeric(values))


def _behaviour(store: Store, scope: ResolvedScope, name: str, compare: Sequence[str]) -> Cut:
    if compare:
        raise InvalidArgumentError(
            "compare: 'saw' compares who saw a touchpoint with who did not; leave it out."
        )
    seen = touchpoint_ids(store, (name,), where="by")
    ends = () if scope.definition.end.where else end_touchpoints(store, scope)
    if set(seen) <= set(ends):
        raise InvalidArgumentError(
            f"by: '{name}' is the end of this journey, so whoever saw it converted."
        )
    seen = tuple(one for one in seen if one not in ends)
    labels = dict(touchpoints(store))
    return Cut("saw", f"saw {' or '.join(labels[one] for one in seen)}", seen)


def _numeric(values: Sequence[str]) -> bool:
    def number(text: str) -> bool:
        try:
            return math.isfinite(float(text))
        except ValueError:
            return False

    return len(values) >= FEWEST_NUMBERS and all(number(value) for value in values)


def tick_seconds(scope: ResolvedScope) -> float:
    """Return how long a tick of the time to convert is."""
    return max(1.0, scope.definition.window.total_seconds() / TICKS)


def counts(scoped: ScopedStore, cut: Cut, top: int) -> tuple[Counted, ...]:
    """Count every segment's journeys: in total, by time, by path and by touchpoint.

    Raises:
        NoDataError: No journey is in scope.
    """
    scope = scoped.scope
    rows = scoped.records(
        QUERY,
        {
            "cut": cut.kind,
            "field": cut.field,
            "seen": list(cut.seen) or [0],
            "seen_name": cut.field,
            "not_seen_name": cut.field.replace("saw ", "did not see ", 1),
            "unknown_name": NOT_KNOWN,
            "banded": cut.banded,
            "every_value": not cut.compare,
            "compare": [value.casefold() for value in cut.compare],
            "minimum_group": scope.minimum_group,
            "top": 2 if cut.kind == "saw" else len(cut.compare) or top,
            "window_seconds": scope.definition.window.total_seconds(),
            "as_of": scope.as_of,
            "tick_seconds": tick_seconds(scope),
            "timed": bool(scope.definition.end.touchpoints),
        },
        Counted,
    )
    if not rows:
        raise NoDataError(f"No journey is in scope: {scope.sentence()}.")
    return rows
