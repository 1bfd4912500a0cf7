"""Forgetting people and undoing links: as if the rows, or the link, had never been there."""

import hashlib
from datetime import datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.identity_oracle import Link, Node, number, who_is_who
from tests.test_identity_ties import (
    FORMS,
    KINDS,
    addresses,
    hashed,
    likely_links,
    persons,
    see,
    shared,
)
from tools.errors import InvalidArgumentError
from tools.identity.erasure import forget
from tools.identity.guards import names_a_person
from tools.identity.stitching import set_limit, settle_persons
from tools.identity.undoing import relink, unlink
from tools.store.door import Store
from tools.store.workspace import memory_store

ASKED = datetime(2026, 11, 1)  # noqa: DTZ001 - times in the store are UTC
WEAK = [kind for kind in KINDS if not names_a_person(kind)]
TABLES = (
    "identifier",
    "identifier_trait",
    "identifier_source",
    "hashed_email",
    "tagged_email",
    "person",
    "trait",
)


def fill(store: Store, links: list[Link], limit: int) -> None:
    """Load links, and an event, a note and a trait of every identifier that may be kept."""
    store.execute("CREATE OR REPLACE TEMP TABLE touched_person (person_id BIGINT)")
    set_limit(store, limit)
    see(store, links)
    store.execute(
        "INSERT INTO event (event_id, person_id, identifier_id, seq, occurred_at, touchpoint_id, kind, source, load_id) "
        "SELECT identifier_id, person_id, identifier_id, 0, TIMESTAMP '2026-01-01', 1, 'action', 'test', 1 FROM identifier; "
        "INSERT INTO note (note_id, person_id, identifier_id, occurred_at, source, kind, text, load_id) "
        "SELECT identifier_id, person_id, identifier_id, TIMESTAMP '2026-01-01', 'test', 'note', 'hm', 1 FROM identifier; "
        "INSERT INTO identifier_trait SELECT identifier_id, 'plan', value, TIMESTAMP '2026-01-01', 1 FROM identifier; "
        "INSERT INTO touched_person SELECT person_id FROM identifier"
    )
    settle_persons(store)


def content(store: Store) -> list[list[tuple[object, ...]]]:
    told = [store.rows(f"SELECT * FROM {table} ORDER BY ALL") for table in TABLES]
    told.append(store.rows("SELECT event_id, person_id, identifier_id FROM event ORDER BY ALL"))
    told.append(store.rows("SELECT note_id, person_id, identifier_id FROM note ORDER BY ALL"))
    told.append(store.rows("SELECT identifier_id, other_id, tie, rank FROM linked ORDER BY ALL"))
    return told


@settings(max_examples=8, deadline=None)
@given(likely_links, st.data(), st.sampled_from([0, 2, 3]))
def test_forgetting_ends_as_a_rebuild_without_the_person_would(
    links: list[Link], data: st.DataObject, limit: int
) -> None:
    links = [link for link in links if link.one != link.other]
    store, rebuilt = memory_store(), memory_store()
    fill(store, links, limit)
    own = sorted(set(persons(store)) - shared(store))
    if not own:
        return
    kind, value = data.draw(st.sampled_from(own))
    report = forget(store, kind, value, forgotten_at=ASKED)
    assert report.known
    assert report.identifiers == report.events == report.notes == report.traits
    rebuilt.execute(
        "INSERT INTO forgotten SELECT unnest($ids), $at",
        {
            "ids": [row[0] for row in store.rows("SELECT identifier_id FROM forgotten ORDER BY 1")],
            "at": ASKED,
        },
    )
    fill(rebuilt, links, limit)
    assert content(store) == content(rebuilt)
    # The same rows again: nothing of the person returns.
    see(store, links, load_id=2)
    assert content(store) == content(rebuilt)


def test_rows_of_a_forgotten_person_are_told_apart_from_placeholders() -> None:
    store = memory_store()
    see(store, [Link(("email", "ann@x.com"), ("user", "a1"))])
    forget(store, "email", " ANN+x@x.com", forgotten_at=ASKED)
    digest = hashlib.md5(b"ann@x.com").hexdigest()  # noqa: S324 - as ad platforms do
    see(store, [Link(("email", digest), ("user", "a1")), Link(("user", "null"), ("user", "b"))])
    told = store.rows(
        "SELECT told, forgotten FROM identified WHERE identifier_id IS NULL ORDER BY told"
    )
    assert told == sorted([(digest, True), ("a1", True), ("null", False)])
    assert persons(store).keys() == {("user", "b")}


def test_an_address_is_forgotten_by_its_hashes_alone() -> None:
    store = memory_store()
    see(store, [Link(hashed("a"), ("user", "a1"))])
    assert forget(store, "email", "a@x.com", forgotten_at=ASKED).identifiers == 2
    assert persons(store) == {}


def test_someone_unknown_is_refused_later_all_the_same() -> None:
    store = memory_store()
    assert not forget(store, "email", "ann@x.com", forgotten_at=ASKED).known
    see(store, [Link(("email", "Ann@x.com"), ("user", "a1"))])
    assert persons(store).keys() == {("user", "a1")}


def test_rejected_rows_that_name_the_person_go_and_those_of_others_stay() -> None:
    store = memory_store()
    see(store, [Link(("email", "ann@x.com"), ("phone", "+49 151 234567"))])
    store.execute(
        "INSERT INTO rejected_row (load_id, line, field, reason, raw, fields) VALUES "
        "(1, 1, 'time', 'bad', 'Ann@X.com,yesterday', NULL), (1, 2, 'time', 'bad', 'joann@x.com,yesterday', NULL), "
        "(1, 3, 'time', 'bad', 'call +49 (151) 23-4567', NULL), (1, 4, 'time', 'bad', 'x', '{\"email\": \"ann@x.com\"}')"
    )
    assert forget(store, "email", "ann@x.com", forgotten_at=ASKED).rejected_rows == 3
    assert store.rows("SELECT line FROM rejected_row") == [(2,)]


def test_a_shared_identifier_names_nobody_to_forget() -> None:
    store = memory_store()
    see(store, [Link(("email", "office@x.com"), ("user", f"u{n}")) for n in range(6)])
    with pytest.raises(InvalidArgumentError, match=r"o\*\*\*@x.com is shared"):
        forget(store, "email", "office@x.com", forgotten_at=ASKED)


@settings(max_examples=10, deadline=None)
@given(likely_links, st.randoms(use_true_random=False), st.data())
def test_an_undone_link_stays_undone_when_files_load_again(
    links: list[Link], chance: Random, data: st.DataObject
) -> None:
    store = memory_store()
    half = links[: len(links) // 2 + 1]
    see(store, half)
    link = data.draw(st.sampled_from(half))
    if link.one == link.other:
        return
    unlink(store, *link.one, *link.other)
    again = list(links)
    chance.shuffle(again)
    see(store, again, load_id=2)
    told: dict[str, Any] = {"weak": WEAK, "limit": 5, "forms": FORMS}
    assert persons(store) == who_is_who(links, undone=[link[:2]], **told)[0]
    relink(store, *link.other, *link.one)
    assert persons(store) == who_is_who(links, **told)[0]


def test_a_link_undone_by_its_clear_address_is_undone_for_the_hash() -> None:
    store = memory_store()
    see(store, [Link(hashed("a"), ("user", "a1")), Link(addresses("a"), ("device", "d"))])
    assert len(set(persons(store).values())) == 1
    assert unlink(store, *addresses("a"), "user", "a1").apart
    see(store, [Link(addresses("a"), ("user", "a1"))], load_id=2)
    assert persons(store)["user", "a1"] == number(("user", "a1"))


def test_what_is_not_linked_cannot_be_unlinked() -> None:
    store = memory_store()
    see(store, [Link(("user", "a"), ("user", "b")), Link(("user", "b"), ("user", "c"))])
    with pytest.raises(InvalidArgumentError, match="no link between"):
        unlink(store, "user", "a", "user", "c")


def test_it_says_when_other_links_still_join_the_two() -> None:
    store = memory_store()
    nodes: list[Node] = [("user", "a"), ("user", "b"), ("user", "c")]
    see(store, [Link(nodes[0], nodes[1]), Link(nodes[1], nodes[2]), Link(nodes[0], nodes[2])])
    assert not unlink(store, *nodes[0], *nodes[1]).apart
