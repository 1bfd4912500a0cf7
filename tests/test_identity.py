import hashlib
from random import Random

import networkx as nx
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.identity.stitching import identify, settle_persons
from tools.store.door import Store
from tools.store.workspace import memory_store

Link = tuple[str, str]


def number(text: str) -> int:
    """Return an identifier's id: the second half of its md5, little end first, without a bit."""
    return int.from_bytes(hashlib.md5(text.encode()).digest()[8:], "little") >> 1  # noqa: S324


links = st.lists(
    st.tuples(st.sampled_from("abcdefghij"), st.sampled_from("abcdefghij")), max_size=14
)


def see(store: Store, found: list[Link], load_id: int = 1, kind: str = "user") -> None:
    """Show the store identifiers together, as a load does."""
    rows: list[tuple[str | None, ...]] = [(kind, one, kind, two) for one, two in found]
    rows = rows or [(None,) * 4]
    frame = pd.DataFrame(
        rows, columns=["identifier_kind", "identifier", "other_kind", "other"], dtype="object"
    )
    store.adopt("seen_link", frame.assign(line=range(len(frame)), tie=None, rank=0))
    store.execute(
        "CREATE OR REPLACE TEMP TABLE seen_identifier AS "
        "SELECT identifier_kind::VARCHAR AS identifier_kind, identifier::VARCHAR AS identifier FROM seen_link "
        "WHERE identifier IS NOT NULL UNION SELECT other_kind, other FROM seen_link WHERE other IS NOT NULL"
    )
    store.execute("CREATE TEMP TABLE IF NOT EXISTS touched_person (person_id BIGINT)")
    identify(store, "test", load_id)


def persons(store: Store) -> dict[str, int]:
    return {
        str(v): int(str(p))
        for v, p in store.rows("SELECT value, person_id FROM identifier ORDER BY value")
    }


def components(found: list[Link]) -> dict[str, int]:
    """The oracle: each identifier's component, named by its smallest id."""
    graph: nx.Graph[str] = nx.Graph(found)
    return {
        name: min(number(f"user:{other}") for other in group)
        for group in nx.connected_components(graph)
        for name in group
    }


@settings(max_examples=25, deadline=None)
@given(links, st.randoms(use_true_random=False), st.integers(1, 4))
def test_persons_are_the_connected_components_whatever_order_links_come_in(
    found: list[Link], chance: Random, pieces: int
) -> None:
    store = memory_store()
    shuffled = list(found)
    chance.shuffle(shuffled)
    for piece in range(pieces):
        see(store, shuffled[piece::pieces], load_id=piece)
    assert persons(store) == components(found)


def test_merging_moves_events_and_notes_and_touches_both_persons() -> None:
    store = memory_store()
    see(store, [("a", "b"), ("c", "d")])
    before = persons(store)
    for name in "abcd":
        store.execute(
            "INSERT INTO event (event_id, person_id, identifier_id, seq, occurred_at, touchpoint_id, kind, source, channel, campaign, session_id, value, currency, properties, load_id) "
            "SELECT $id, $person, $id, 0, TIMESTAMP '2026-01-01', 1, 'action', 't', "
            "NULL, NULL, NULL, NULL, NULL, NULL, 1",
            {"id": number(f"user:{name}"), "person": before[name]},
        )
    store.execute("DELETE FROM touched_person")
    see(store, [("b", "c")], load_id=2)
    settle_persons(store)
    after = persons(store)
    assert len(set(after.values())) == 1
    assert store.rows("SELECT DISTINCT person_id FROM event") == [(after["a"],)]
    assert store.rows("SELECT person_id, events FROM person") == [(after["a"], 4)]
    touched = {row[0] for row in store.rows("SELECT person_id FROM touched_person")}
    assert touched == set(before.values())


def test_placeholders_identify_nobody_and_addresses_meet_in_any_case() -> None:
    store = memory_store()
    see(
        store,
        [("unknown", "a"), ("NULL", "b"), (" Ann@X.com", "ann@x.COM "), ("n/a", "-")],
        kind="email",
    )
    assert set(persons(store)) == {"a", "b", "ann@x.com"}
    assert len(set(persons(store).values())) == 3


def test_the_latest_trait_of_any_identifier_wins() -> None:
    store = memory_store()
    see(store, [("a", "b")])
    for name, value, day in (("a", "free", 1), ("b", "pro", 3), ("a", "team", 2)):
        store.execute(
            "INSERT INTO identifier_trait SELECT $id, 'plan', $value, make_timestamp(2026, 1, $day, 0, 0, 0), 1",
            {"id": number(f"user:{name}"), "value": value, "day": day},
        )
    store.execute("INSERT INTO touched_person SELECT person_id FROM identifier")
    settle_persons(store)
    assert store.rows("SELECT name, value FROM trait") == [("plan", "pro")]
