"""Touchpoints from names: which name is shown as what, and which events that moves."""

import pandas as pd

from tools.dictionary import definitions
from tools.dictionary.labelling import read_rules, shown
from tools.dictionary.references import OPEN, labels_for
from tools.store.door import Store, read_steps

STATEMENTS = read_steps(__file__)
NAMES = "SELECT name_id, source, name, touchpoint_group FROM touchpoint_name"
NEW = "touchpoint_id = 0 OR name_id IN (SELECT fresh_name.name_id FROM fresh_name)"
FRESH = "CREATE TEMP TABLE IF NOT EXISTS fresh_name (name_id INTEGER)"
Row = tuple[object, ...]


def tell_names(store: Store) -> None:
    """Give names that are new (touchpoint_id 0) touchpoints, as far as is known yet.

    Events of theirs are then written with their touchpoint, and need no update when the import is
    settled, unless what the names refer to is told later.

    Args:
        store: A writable store.
    """
    store.execute(FRESH)
    names = store.rows(f"{NAMES} WHERE touchpoint_id = 0 ORDER BY name_id")
    if names:
        _adopt(store, names)
        for step in ("touchpoints", "moved"):
            _run(store, step)
        store.execute("INSERT INTO fresh_name SELECT name_id FROM moved_name")


def settle_touchpoints(store: Store, *, everything: bool = False) -> None:
    """Bring touchpoints, the events' touchpoints and journey definitions up to date with the names.

    Args:
        store: A writable store; `touched_person` gets the persons whose journeys may change.
        everything: Whether to look at every name, not only at new ones and those that refer.
    """
    store.execute(FRESH)
    names = store.rows(
        f"{NAMES} WHERE $everything OR {NEW} OR contains(name, $open) ORDER BY name_id",
        {"everything": everything, "open": OPEN},
    )
    if names:
        _adopt(store, names)
        _run(store, "neighbours")
        neighbours = store.rows(
            f"{NAMES} WHERE name_id IN (SELECT neighbour.name_id FROM neighbour) ORDER BY name_id"
        )
        if neighbours:
            _adopt(store, [*names, *neighbours])
        for step in ("touchpoints", "shape", "moved", "events"):
            _run(store, step)
        _let_go(store)
    store.execute("DROP TABLE fresh_name")


def _let_go(store: Store) -> None:
    """Remove touchpoints that nothing is shown as; definitions that name them follow their names."""
    _run(store, "unused")
    unused = {str(label) for (label,) in store.rows("SELECT label FROM unused ORDER BY label")}
    if not unused:
        return
    moved: dict[str, tuple[str, ...]] = {}
    for was, label in store.rows("SELECT DISTINCT was, label FROM moved_name ORDER BY ALL"):
        if str(was) in unused:
            moved[str(was)] = (*moved.get(str(was), ()), str(label))
    definitions.follow(store, moved)
    kept = definitions.named(store)
    gone = [label for label in unused if label.casefold() not in kept]
    store.execute(
        "DELETE FROM touchpoint WHERE label IN (SELECT unnest($gone::VARCHAR[]))", {"gone": gone}
    )


def _adopt(store: Store, names: list[Row]) -> None:
    """Make what names are shown as readable as `named(name_id, label, touchpoint_group, hidden)`."""
    rules = read_rules(store)
    labels = labels_for(store, [(str(source), str(name)) for _, source, name, _ in names])
    rows = []
    for name_id, source, name, group in names:
        told = shown(str(name), str(source), None if group is None else str(group), labels, rules)
        rows.append((int(str(name_id)), told.label, told.touchpoint_group or "", told.hidden))
    columns = {"name_id": "int32", "label": "str", "touchpoint_group": "str", "hidden": "bool"}
    store.adopt("named", pd.DataFrame(rows, columns=list(columns)).astype(columns))


def _run(store: Store, step: str) -> None:
    for statement in STATEMENTS[step].split(";\n"):
        if statement.strip():
            store.execute(statement)
