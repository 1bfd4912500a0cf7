"""Links that the user takes back, and keeps taken back when files show them again."""

from dataclasses import dataclass

from tools.errors import InvalidArgumentError
from tools.identity.lookup import Named, masked, named
from tools.identity.region import restitch
from tools.identity.stitching import HASHES, settle_persons
from tools.store.door import Store

LINKS_OF = """
SELECT count(*) FROM identity_link
WHERE (identifier_id IN (SELECT unnest($one)) AND other_id IN (SELECT unnest($other)))
    OR (identifier_id IN (SELECT unnest($other)) AND other_id IN (SELECT unnest($one)))
"""
PERSONS = """
SELECT count(DISTINCT person_id) FROM identifier
WHERE identifier_id IN (SELECT unnest($one)) OR identifier_id IN (SELECT unnest($other))
"""


@dataclass(frozen=True, slots=True)
class Unlinked:
    """What undoing a link, or doing it again, came to."""

    apart: bool
    """Whether the two are different persons now; if not, other links still join them."""


def unlink(store: Store, kind: str, value: str, other_kind: str, other: str) -> Unlinked:
    """Undo the link between two identifiers; it stays undone when files load again.

    Args:
        store: A writable store; persons who changed are added to `touched_person`.
        kind: The kind of one identifier.
        value: Its value, as any source writes it.
        other_kind: The kind of the identifier that it is linked with.
        other: Its value.

    Raises:
        InvalidArgumentError: The two are not linked directly.
    """
    one, two = named(store, kind, value), named(store, other_kind, other)
    if not store.value(LINKS_OF, {"one": list(one.ids), "other": list(two.ids)}):
        raise InvalidArgumentError(
            f"unlink: no link between the {kind} {masked(kind, one.value)} and the {other_kind} "
            f"{masked(other_kind, two.value)}. Only identifiers that a source showed together can be unlinked."
        )
    store.execute("DELETE FROM undone_link " + BETWEEN, _ends(one, two))
    store.execute(
        "INSERT INTO undone_link SELECT one.id, other.id "
        "FROM (SELECT unnest($one) AS id) AS one, (SELECT unnest($other) AS id) AS other "
        "UNION ALL SELECT other.id, one.id "
        "FROM (SELECT unnest($one) AS id) AS one, (SELECT unnest($other) AS id) AS other ORDER BY ALL",
        _ends(one, two),
    )
    store.execute(HASHES["undone"])
    return _again(store, one, two)


def relink(store: Store, kind: str, value: str, other_kind: str, other: str) -> Unlinked:
    """Let a link count again that was undone; arguments as for `unlink`."""
    one, two = named(store, kind, value), named(store, other_kind, other)
    store.execute("DELETE FROM undone_link " + BETWEEN, _ends(one, two))
    return _again(store, one, two)


BETWEEN = """
WHERE (identifier_id IN (SELECT unnest($one)) AND other_id IN (SELECT unnest($other)))
    OR (identifier_id IN (SELECT unnest($other)) AND other_id IN (SELECT unnest($one)))
"""


def _ends(one: Named, two: Named) -> dict[str, object]:
    return {"one": list(one.ids), "other": list(two.ids)}


def _again(store: Store, one: Named, two: Named) -> Unlinked:
    store.execute(
        "CREATE OR REPLACE TEMP TABLE changed_identifier AS SELECT unnest($one) AS identifier_id "
        "UNION SELECT unnest($other)",
        _ends(one, two),
    )
    restitch(store, thorough=True)
    settle_persons(store)
    return Unlinked(apart=store.value(PERSONS, _ends(one, two)) != 1)
