"""After an import: channels, names and spend told anew where what came in changes them.

What the store shows is a function of the set of names, entities, rules and events that it holds,
not of their order; only the numbers of touchpoints differ. What is written is what changed.

An import calls, in this order: `tell_names` once a file's new rows of `touchpoint_name`
stand (with touchpoint_id 0), so that events are written with their touchpoint;
`tell_channels`, so that they are written with their channel; `settle` once, at the end.
Both of the first may be left out: they spare an update of events just written. An event keeps its
origin only where its source told no channel.
"""

from tools.dictionary.channels import settle_channels, tell_channels
from tools.dictionary.naming import settle_touchpoints, tell_names
from tools.dictionary.spending import settle_spend
from tools.dictionary.texts import settle_texts
from tools.store.door import Store

__all__ = ["settle", "settle_names", "tell_channels", "tell_names"]
TEMPORARY = """
CREATE TEMP TABLE IF NOT EXISTS touched_person (person_id BIGINT);
CREATE TEMP TABLE IF NOT EXISTS touched_spend (source VARCHAR, day DATE);
CREATE TEMP TABLE IF NOT EXISTS new_load (load_id INTEGER);
"""


def settle(store: Store) -> None:
    """Bring names, channels and spend up to date after an import.

    Reads the temporary tables `new_load(load_id)` and `touched_spend(source, day)`; adds the
    persons of events that changed to `touched_person(person_id)`.

    Args:
        store: A writable store.
    """
    store.execute(TEMPORARY)
    settle_channels(store, new_loads=True)
    settle_names(store)


def settle_names(store: Store, *, rules_changed: bool = False) -> None:
    """Bring touchpoints, campaigns, notes and spend up to date with names and rules.

    Args:
        store: A writable store.
        rules_changed: Whether names that were told before may be called otherwise now.
    """
    store.execute(TEMPORARY)
    settle_touchpoints(store, everything=rules_changed)
    settle_texts(store)
    settle_spend(store)
