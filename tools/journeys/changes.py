"""Changes that the team made, or that happened to it: what, when, for whom, and what was expected."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from tools.errors import InvalidArgumentError, unknown
from tools.journeys.scope import Scope, conditions, resolve
from tools.store.door import Store

COLUMNS = "name, happened_on, kind, audience, expected, recorded_at"
NEXT_ID = "SELECT coalesce(max(change_id), 0) + 1 AS next_id FROM change"
HOW_TO_RECORD = "Record one with `desirepath changes add NAME --on DATE`."


@dataclass(frozen=True, slots=True)
class Expected:
    """What a change was expected to bring; everything may be left out."""

    extra_conversions: float | None = None
    """More conversions than without the change, in `days` days."""
    low: float | None = None
    high: float | None = None
    conversion_before: float | None = None
    """Conversion of those it is for when it was decided on, 0 to 1."""
    measure: str | None = None
    """What is to be looked at, in words."""
    touchpoint: str | None = None
    """Where it is to show."""
    facts: tuple[str, ...] = ()
    """Ids of the facts that it rests on."""
    days: int = 30
    """How long a time `extra_conversions` is for."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that the team did, or that happened to it."""

    name: str
    happened_on: date
    """The first day (UTC) with it."""
    recorded_at: datetime
    kind: str = "change"
    """What sort of thing: "change", "recommendation", "event"."""
    audience: tuple[str, ...] = ()
    """Filters as they are written (`device = mobile`), all of which hold; none: everyone."""
    expected: Expected | None = None


def record_change(store: Store, change: Change) -> Change:
    """Record a change and return it as recorded.

    Args:
        store: A writable store.
        change: Its name is new; its audience holds filters that the store knows.

    Raises:
        InvalidArgumentError: The name is empty or taken, or the numbers are no expectation.
        UnknownSegmentError, UnknownTouchpointError: The audience names what is not known.
        NoDataError: The audience cannot be checked, as there is no data.
    """
    name = change.name.strip()
    _check(store, name, change)
    recorded = Change(
        name,
        change.happened_on,
        change.recorded_at,
        change.kind,
        change.audience and _resolved(store, change.audience),
        change.expected,
    )
    expected = recorded.expected
    store.execute(
        "INSERT INTO change VALUES "
        "($change_id, $happened_on, $name, $kind, $audience, $expected, $recorded_at)",
        {
            "change_id": store.value(NEXT_ID),
            "happened_on": recorded.happened_on,
            "name": recorded.name,
            "kind": recorded.kind,
            "audience": json.dumps(recorded.audience, ensure_ascii=False),
            "expected": json.dumps(asdict(expected), ensure_ascii=False) if expected else None,
            "recorded_at": recorded.recorded_at,
        },
    )
    store.memory.clear()
    return recorded


def changes(store: Store) -> tuple[Change, ...]:
    """Return the recorded changes, the latest first."""
    sql = f"SELECT {COLUMNS} FROM change ORDER BY happened_on DESC, change_id DESC"
    return tuple(_read(row) for row in store.rows(sql))


def change_named(store: Store, name: str, *, where: str = "change") -> Change:
    """Return one recorded change, whatever the case of its name.

    Raises:
        InvalidArgumentError: None is recorded under that name; `where` is the argument.
    """
    known = changes(store)
    for change in known:
        if change.name.casefold() == name.strip().casefold():
            return change
    hint = "" if known else f" {HOW_TO_RECORD}"
    raise InvalidArgumentError(unknown(where, "change", name, [c.name for c in known]) + hint)


def forget_change(store: Store, name: str) -> Change:
    """Remove a recorded change and return what it was.

    Raises:
        InvalidArgumentError: None is recorded under that name.
    """
    found = change_named(store, name, where="name")
    store.execute("DELETE FROM change WHERE name = $name", {"name": found.name})
    store.memory.clear()
    return found


def _check(store: Store, name: str, change: Change) -> None:
    if not name:
        raise InvalidArgumentError("name: a change needs a name.")
    taken = {known.name.casefold(): known for known in changes(store)}.get(name.casefold())
    if taken:
        raise InvalidArgumentError(
            f"name: '{taken.name}' is recorded already, on {taken.happened_on}. "
            "Remove it first, or choose another name."
        )
    told = change.expected
    if told and told.days < 1:
        raise InvalidArgumentError(f"expected: {told.days} days is no length of time.")
    if told and told.low is not None and told.high is not None and told.low > told.high:
        raise InvalidArgumentError(f"expected: {told.low:g} is more than {told.high:g}.")


def _resolved(store: Store, audience: tuple[str, ...]) -> tuple[str, ...]:
    scope = resolve(store, Scope(where=conditions(audience)))
    return tuple(condition.sentence() for condition in scope.where)


def _read(row: tuple[object, ...]) -> Change:
    name, happened_on, kind, audience, expected, recorded_at = row
    return Change(
        str(name),
        happened_on,  # type: ignore[arg-type] # the column's type is DATE
        recorded_at,  # type: ignore[arg-type] # the column's type is TIMESTAMP
        str(kind),
        tuple(json.loads(str(audience))),
        _expected(json.loads(expected)) if isinstance(expected, str) else None,
    )


def _expected(told: Mapping[str, Any]) -> Expected:
    """Read an expectation; what an older or newer version wrote beside the known is left aside."""
    known = {name: told[name] for name in Expected.__dataclass_fields__ if name in told}
    return Expected(**{**known, "facts": tuple(known.get("facts", ()))})
