"""Bringing persons up to date where links changed: only what the change can reach is read."""

import numpy as np
import pandas as pd

from tools.identity.components import MEMBER, PART, SAME, Region, solve
from tools.identity.guards import limit, names_a_person
from tools.store.door import Store, read_sql

REGION_SQL = read_sql(__file__)
MOVING_SQL = read_sql(__file__, "moving.sql")
TIES = {"same": SAME, "part": PART, "member": MEMBER}


def restitch(store: Store, *, thorough: bool = False) -> None:
    """Find anew who the identifiers in `changed_identifier(identifier_id)` and all near them are.

    Identifiers, events and notes get their new person; everyone involved goes to `touched_person`.

    Args:
        store: A writable store.
        thorough: Whether links may have gone away, not only been added.
    """
    store.execute("CREATE TEMP TABLE IF NOT EXISTS touched_person (person_id BIGINT)")
    store.execute(
        "CREATE OR REPLACE TEMP TABLE asked_person AS SELECT DISTINCT person_id FROM identifier "
        "WHERE identifier_id IN (SELECT identifier_id FROM changed_identifier)"
    )
    kinds = {
        str(row[0]) for row in store.rows("SELECT DISTINCT kind FROM identifier ORDER BY kind")
    }
    numbers = {
        kind: number if names_a_person(kind) else -number
        for number, kind in enumerate(sorted(kinds), 1)
    }
    most = limit(store)
    while True:
        region = _read(store, numbers)
        solution = solve(region, most, thorough=thorough)
        if not len(solution.wanted):
            break
        store.adopt("wanted_person", pd.DataFrame({"person_id": solution.wanted}))
        store.execute("INSERT INTO asked_person SELECT person_id FROM wanted_person")
    moved = region.inside & (
        (solution.person != region.person) | (solution.shared != region.shared)
    )
    store.adopt(
        "moved_identifier",
        pd.DataFrame(
            {
                "identifier_id": region.ids[moved],
                "was": region.person[moved],
                "person_id": solution.person[moved],
                "shared": solution.shared[moved],
            }
        ),
    )
    store.execute(MOVING_SQL)


def _read(store: Store, kinds: dict[str, int]) -> Region:
    store.execute(REGION_SQL)
    store.adopt("kind_number", pd.DataFrame({"kind": list(kinds), "number": list(kinds.values())}))
    nodes = store.frame(
        "SELECT node.identifier_id, kind_number.number, node.person_id, node.shared, node.inside, node.thing, "
        "node.grouping, node.identifier_id IN (SELECT identifier_id FROM changed_identifier) AS seed "
        "FROM (SELECT *, true AS inside, false AS thing, false AS grouping FROM region "
        "UNION ALL BY NAME SELECT *, false AS inside FROM far_end) AS node "
        "JOIN kind_number ON kind_number.kind = node.kind ORDER BY node.identifier_id"
    )
    ids = nodes["identifier_id"].to_numpy(np.int64)
    links = store.frame(
        "SELECT identifier_id, other_id, CASE tie WHEN 'same' THEN 0 WHEN 'part' THEN 1 ELSE 2 END AS tie, rank "
        "FROM region_link"
    )
    forms = store.frame(
        "SELECT identifier_id, clear_id FROM hashed_email WHERE clear_id IS NOT NULL "
        "AND identifier_id IN (SELECT identifier_id FROM region UNION ALL SELECT identifier_id FROM far_end) "
        "ORDER BY identifier_id"
    )
    form_of = np.arange(len(ids))
    form_of[_positions(ids, forms["identifier_id"])] = _positions(ids, forms["clear_id"])
    return Region(
        ids=ids,
        kind=nodes["number"].to_numpy(np.int64),
        person=nodes["person_id"].to_numpy(np.int64),
        shared=nodes["shared"].to_numpy(np.bool_),
        inside=nodes["inside"].to_numpy(np.bool_),
        thing=nodes["thing"].to_numpy(np.bool_),
        grouping=nodes["grouping"].to_numpy(np.bool_),
        form_of=form_of,
        seed=nodes["seed"].to_numpy(np.bool_),
        one=_positions(ids, links["identifier_id"]),
        other=_positions(ids, links["other_id"]),
        tie=links["tie"].to_numpy(np.int64),
        rank=links["rank"].to_numpy(np.int64),
    )


def _positions(
    ids: "np.ndarray[tuple[int], np.dtype[np.int64]]", of: pd.Series
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.searchsorted(ids, of.to_numpy(np.int64)).astype(np.int64)
