"""Names of touchpoints: what is known, and what a name in a question means."""

import re
from collections.abc import Collection, Sequence
from fnmatch import translate

from tools.errors import UnknownTouchpointError, unknown
from tools.store.door import Store

KEY = "touchpoints"
HIDDEN = "SELECT touchpoint_id FROM touchpoint WHERE hidden ORDER BY touchpoint_id"


def touchpoints(store: Store) -> tuple[tuple[int, str], ...]:
    """Return every touchpoint's id and label, most events first."""
    found = store.memory.get(KEY)
    if not isinstance(found, tuple):
        rows = store.rows(
            "SELECT touchpoint.touchpoint_id, touchpoint.label FROM touchpoint LEFT JOIN "
            "(SELECT touchpoint_id, count(*) AS events FROM event GROUP BY touchpoint_id) AS counted "
            "ON counted.touchpoint_id = touchpoint.touchpoint_id "
            "ORDER BY coalesce(counted.events, 1) DESC, touchpoint.label"
        )
        found = tuple((int(str(number)), str(label)) for number, label in rows)
        if not store.writable:
            store.memory[KEY] = found
    return found


def hidden_touchpoints(store: Store) -> list[int]:
    """Return the ids of hidden touchpoints: no journey holds them, but `event` still does."""
    return [int(str(number)) for (number,) in store.rows(HIDDEN)]


def flags(ids: Collection[int], known: int | None = None) -> list[bool]:
    """Return for each id from 1 on whether it is one of `ids`, as `list_extract` takes it.

    `list_contains` would do, but may become a join, which keeps no order.

    Args:
        ids: Ids of touchpoints.
        known: The last id told of; that of the largest of `ids` unless given.
    """
    told = frozenset(ids)
    last = max(told, default=0) if known is None else known
    return [number in told for number in range(1, last + 1)]


def touchpoint_ids(store: Store, names: Sequence[str], *, where: str) -> tuple[int, ...]:
    """Return the ids of the touchpoints that any of `names` matches, exactly or as a glob.

    Args:
        store: Where the dictionary stands.
        names: Labels or globs, in any case; `a | b` means either.
        where: The argument that held them, for the message.

    Raises:
        UnknownTouchpointError: A name matches nothing.
    """
    known = touchpoints(store)
    found: list[int] = []
    for name in (part.strip() for text in names for part in text.split("|")):
        folded = name.casefold()
        pattern = re.compile(translate(folded))
        hits = [i for i, label in known if label.casefold() == folded] or [
            i for i, label in known if pattern.match(label.casefold())
        ]
        if not hits:
            labels = [label for _, label in known]
            raise UnknownTouchpointError(unknown(where, "touchpoint", name, labels))
        found += hits
    return tuple(dict.fromkeys(found))
