"""Identifiers to persons: the connected components of identifiers seen together.

A person's id is the smallest id among its identifiers, and an identifier's id comes from its
content: who is who does not depend on the order in which files are loaded. `components` says what
joins whom; `region` how little of it is read when something changes.
"""

from tools.identity.guards import remember_limit
from tools.identity.region import restitch
from tools.store.door import Store, read_sql, read_steps

NORMAL_SQL = read_sql(__file__, "normal.sql")
STITCHING_SQL = read_sql(__file__)
PERSONS_SQL = read_sql(__file__, "persons.sql")
HASHES = read_steps(__file__, "hashes.sql")


def identify(store: Store, source: str, load_id: int) -> None:
    """Find the person of every identifier in a file, as all links seen so far tell.

    Reads `seen_identifier(identifier_kind, identifier)` and `seen_link(line, identifier_kind,
    identifier, other_kind, other, tie, rank)`. Leaves `identified(kind, told, value, identifier_id,
    forgotten)` and `new_link(identifier_id, other_id, tie, rank, line)`, and adds persons who changed
    to `touched_person`. An identifier without an id is a placeholder or, where `forgotten`, one of a
    person who asked to be forgotten: nothing of its row may be kept.
    """
    store.execute(NORMAL_SQL)
    store.execute(STITCHING_SQL)
    told = {"source": source, "load_id": load_id}
    store.execute(
        "INSERT INTO identity_link (identifier_id, other_id, source, load_id, tie, rank) "
        "SELECT identifier_id, other_id, $source, $load_id, tie, rank FROM new_link ORDER BY ALL",
        told,
    )
    store.execute(
        "INSERT INTO identifier_source "
        "SELECT DISTINCT identifier_id, $source, $load_id FROM identified "
        "WHERE identifier_id IS NOT NULL AND identifier_id NOT IN ("
        "SELECT identifier_id FROM identifier_source "
        "WHERE source = $source AND identifier_id IN (SELECT identifier_id FROM identified)"
        ") ORDER BY identifier_id",
        told,
    )
    store.execute(
        "CREATE OR REPLACE TEMP TABLE changed_identifier AS "
        "SELECT identifier_id FROM new_link UNION SELECT other_id FROM new_link"
    )
    _unhash(store)
    if store.value("SELECT count(*) FROM changed_identifier"):
        restitch(store)


def settle_persons(store: Store) -> None:
    """Bring `person` and `trait` up to date for the persons in `touched_person`."""
    store.execute(PERSONS_SQL)


def set_limit(store: Store, most: int) -> None:
    """Say how many identifiers of one identifying kind may meet in one, and stitch all anew.

    Args:
        store: A writable store; persons who changed are added to `touched_person`.
        most: The limit; 0: none.

    Raises:
        InvalidArgumentError: It is negative, or 1.
    """
    remember_limit(store, most)
    store.execute(
        "CREATE OR REPLACE TEMP TABLE changed_identifier AS SELECT identifier_id FROM identifier"
    )
    restitch(store, thorough=True)
    settle_persons(store)


def _unhash(store: Store) -> None:
    """Find the clear forms of hashed addresses, whichever of the two came first."""
    if not store.value("SELECT count(*) FROM hashed_email WHERE clear_id IS NULL"):
        return
    store.execute(HASHES["forms"])
    if store.value(
        "SELECT count(*) FROM hashed_email WHERE identifier_id IN (SELECT identifier_id FROM new_identifier)"
    ):
        store.execute(HASHES["all_forms"])
    store.execute(HASHES["match"])
    if store.value("SELECT count(*) FROM unhashed"):
        if store.value("SELECT count(*) FROM undone_link"):
            store.execute(HASHES["undone"])
        store.execute(
            "INSERT INTO changed_identifier "
            "SELECT identifier_id FROM unhashed UNION SELECT clear_id FROM unhashed "
            "UNION SELECT linked.other_id FROM linked JOIN unhashed ON unhashed.identifier_id = linked.identifier_id "
            "UNION SELECT linked.identifier_id FROM linked JOIN unhashed ON unhashed.identifier_id = linked.other_id"
        )
