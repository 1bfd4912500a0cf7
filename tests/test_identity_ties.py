"""Ties and guards: random links, in any order and in pieces, against plain Python."""

import hashlib
from random import Random

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.identity_oracle import Link, Node, who_is_who
from tools.identity.guards import names_a_person
from tools.identity.stitching import identify, set_limit
from tools.store.door import Store
from tools.store.workspace import memory_store

KINDS = ("email", "user", "device", "deal", "company")


def see(store: Store, links: list[Link], load_id: int = 1, source: str = "test") -> None:
    """Show the store identifiers together, as a load does."""
    rows: list[tuple[object, ...]] = [
        (*link.one, *link.other, link.tie, link.rank) for link in links
    ]
    rows = rows or [(None,) * 6]
    columns = ["identifier_kind", "identifier", "other_kind", "other", "tie", "rank"]
    frame = pd.DataFrame(rows, columns=columns, dtype="object")
    store.adopt("told_link", frame.assign(line=range(len(frame))))
    store.execute(
        "CREATE OR REPLACE TEMP VIEW seen_link AS SELECT line, identifier_kind::VARCHAR AS identifier_kind, "
        "identifier::VARCHAR AS identifier, other_kind::VARCHAR AS other_kind, other::VARCHAR AS other, "
        "tie::VARCHAR AS tie, rank::INTEGER AS rank FROM told_link"
    )
    store.execute(
        "CREATE OR REPLACE TEMP TABLE seen_identifier AS SELECT identifier_kind, identifier FROM seen_link "
        "WHERE identifier IS NOT NULL UNION SELECT other_kind, other FROM seen_link WHERE other IS NOT NULL"
    )
    store.execute("CREATE TEMP TABLE IF NOT EXISTS touched_person (person_id BIGINT)")
    identify(store, source, load_id)


def persons(store: Store) -> dict[Node, int]:
    rows = store.rows("SELECT kind, value, person_id FROM identifier ORDER BY ALL")
    return {(str(kind), str(value)): int(str(person)) for kind, value, person in rows}


def shared(store: Store) -> set[Node]:
    rows = store.rows("SELECT kind, value FROM identifier WHERE shared ORDER BY ALL")
    return {(str(kind), str(value)) for kind, value in rows}


def addresses(name: str) -> Node:
    return ("email", f"{name}@x.com")


def hashed(name: str) -> Node:
    return ("email", hashlib.sha256(f"{name}@x.com".encode()).hexdigest())


letters = "abcdef"
FORMS = {hashed(name): addresses(name) for name in letters}
nodes = st.one_of(
    st.sampled_from(letters).map(addresses),
    st.sampled_from("ab").map(hashed),
    st.tuples(st.sampled_from(KINDS[1:]), st.sampled_from(letters[:4])),
)
random_links = st.lists(
    st.builds(
        Link,
        nodes,
        nodes,
        st.sampled_from(["same", "same", "part", "member"]),
        st.integers(0, 2),
    ),
    max_size=22,
)
# As connectors tell them: deals belong, people are members of companies.
people = st.one_of(
    st.sampled_from(letters).map(addresses),
    st.sampled_from("ab").map(hashed),
    st.tuples(st.sampled_from(["user", "device"]), st.sampled_from(letters[:4])),
)
deals = st.tuples(st.just("deal"), st.sampled_from(letters[:4]))
companies = st.tuples(st.just("company"), st.sampled_from(letters[:4]))
same, member, first = st.just("same"), st.just("member"), st.just(0)
likely_links = st.lists(
    st.one_of(
        st.builds(Link, people, people, same, first),
        st.builds(Link, people, people, same, first),
        st.builds(Link, deals, st.one_of(people, companies), st.just("part"), st.integers(0, 2)),
        st.builds(Link, people, companies, member, first),
        st.builds(Link, companies, companies, same, first),
        st.builds(Link, deals, deals, same, first),
    ),
    min_size=1,
    max_size=22,
)


@settings(max_examples=15, deadline=None)
@given(
    st.one_of(random_links, likely_links),
    st.randoms(use_true_random=False),
    st.integers(1, 5),
    st.sampled_from([0, 2, 3]),
)
def test_ties_and_guards_equal_the_oracle_whatever_order_links_come_in(
    links: list[Link], chance: Random, pieces: int, limit: int
) -> None:
    store = memory_store()
    store.execute("CREATE TEMP TABLE touched_person (person_id BIGINT)")
    set_limit(store, limit)
    # No source makes an address a part or a member of itself.
    shuffled = [
        link
        for link in links
        if link.tie == "same" or FORMS.get(link.one, link.one) != FORMS.get(link.other, link.other)
    ]
    chance.shuffle(shuffled)
    for piece in range(pieces):
        see(store, shuffled[piece::pieces], load_id=piece)
        weak = [kind for kind in KINDS if not names_a_person(kind)]
        seen = [link for part in range(piece + 1) for link in shuffled[part::pieces]]
        person, many = who_is_who(seen, weak=weak, limit=limit, forms=FORMS)
        assert persons(store) == person
        assert shared(store) == many
