"""Those whom a change did not reach: the control that its effect is measured against."""

from collections.abc import Sequence
from dataclasses import replace

from tools.journeys.scope import SEGMENT, Condition, Operator, segment_values
from tools.store.door import Store

OPPOSITE: dict[Operator, Operator] = {
    ">": "<=",
    ">=": "<",
    "<": ">=",
    "<=": ">",
    "!=": "=",
    "saw": "not saw",
    "not saw": "saw",
}


def everyone_else(store: Store, audience: Sequence[Condition]) -> tuple[tuple[Condition, ...], ...]:
    """Return filters for all who are not in an audience, in parts that share no journey.

    The first part fails the first filter, the second passes it and fails the second, and so on.
    Journeys whose value is not known are in no part.

    Args:
        store: Where the values of a field are known.
        audience: Filters as resolved, all of which hold in the audience.
    """
    parts = []
    for place, condition in enumerate(audience):
        failing = _failing(store, condition)
        if failing is not None:
            parts.append((*audience[:place], failing))
    return tuple(parts)


def _failing(store: Store, condition: Condition) -> Condition | None:
    """Return the filter that holds where this one is known not to; None where no value is left."""
    if condition.operator != "=":
        return replace(condition, operator=OPPOSITE[condition.operator])
    if condition.field == SEGMENT:
        return replace(condition, operator="!=")
    told = {value.casefold() for value in condition.values}
    known = segment_values(store, condition.field)
    left = tuple(value for value in known if value.casefold() not in told)
    return replace(condition, values=left) if left else None
