"""Identifiers to persons: the connected components of identifiers seen together.

A person's id is the smallest id among its identifiers, and an identifier's id comes from its
content: who is who does not depend on the order in which files are loaded. Only the components
that a new link touches are computed again.
"""

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tools.store.door import Store, read_sql

STITCHING_SQL = read_sql(__file__)
MERGING_SQL = read_sql(__file__, "merging.sql")
TRAITS_SQL = read_sql(__file__, "persons.sql")


def identify(store: Store, source: str, load_id: int) -> None:
    """Find the person of every identifier in a file, and merge those that a link makes one.

    Reads `seen_identifier(identifier_kind, identifier)` and `seen_link(line, identifier_kind,
    identifier, other_kind, other)`. Leaves `identified(kind, told, value, identifier_id)` and
    `new_link(identifier_id, other_id, line)`, and adds merged persons to `touched_person`.
    """
    store.execute(STITCHING_SQL)
    store.execute(
        "INSERT INTO identity_link (identifier_id, other_id, source, load_id) SELECT identifier_id, other_id, $source, $load_id FROM new_link ORDER BY ALL",
        {"source": source, "load_id": load_id},
    )
    links = store.frame(
        "SELECT one.person_id AS one, two.person_id AS two FROM new_link "
        "JOIN identifier AS one ON one.identifier_id = new_link.identifier_id "
        "JOIN identifier AS two ON two.identifier_id = new_link.other_id "
        "WHERE one.person_id <> two.person_id ORDER BY ALL"
    )
    if len(links):
        store.adopt("absorbed", _absorbed(links))
        store.execute(MERGING_SQL)


def settle_persons(store: Store) -> None:
    """Bring `person` and `trait` up to date for the persons in `touched_person`."""
    store.execute(TRAITS_SQL)


def _absorbed(links: pd.DataFrame) -> pd.DataFrame:
    """Return which persons become part of which: each component goes to its smallest id."""
    ends = links.to_numpy(dtype=np.int64)
    persons, positions = np.unique(ends, return_inverse=True)
    positions = positions.reshape(ends.shape)
    ones = np.ones(len(ends), dtype=np.int8)
    graph = coo_array(
        (ones, (positions[:, 0], positions[:, 1])), shape=(len(persons), len(persons))
    )
    _, component = connected_components(graph, directed=False)
    # `persons` is sorted, so the first of each component is its smallest.
    _, first = np.unique(component, return_index=True)
    into = persons[first][component]
    moved = into != persons
    return pd.DataFrame({"person_id": persons[moved], "into_id": into[moved]})
