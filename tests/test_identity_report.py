"""The stitch report, and traits that members inherit from their group."""

from random import Random

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.identity_oracle import Link, Node, number
from tests.test_identity_ties import persons, see
from tools.identity.bridges import dividing_bridge
from tools.identity.report import stitch_report
from tools.identity.stitching import set_limit, settle_persons
from tools.store.door import Store
from tools.store.workspace import memory_store


def email(name: str) -> Node:
    return ("email", f"{name}@x.com")


def give(store: Store, node: Node, name: str, value: str, day: int) -> None:
    store.execute(
        "INSERT INTO identifier_trait SELECT $id, $name, $value, make_timestamp(2026, 1, $day, 0, 0, 0), 1",
        {"id": number(node), "name": name, "value": value, "day": day},
    )


def traits(store: Store, node: Node) -> dict[str, str]:
    store.execute("INSERT INTO touched_person SELECT person_id FROM identifier")
    settle_persons(store)
    rows = store.rows(
        "SELECT trait.name, trait.value FROM trait JOIN identifier USING (person_id) WHERE identifier_id = $id ORDER BY ALL",
        {"id": number(node)},
    )
    return {str(name): str(value) for name, value in rows}


def test_members_inherit_what_they_do_not_say_themselves_and_nobody_is_merged() -> None:
    store = memory_store()
    acme, old = ("company", "acme"), ("company", "old")
    see(
        store,
        [
            Link(email("ann"), acme, "member"),
            Link(email("ann"), old, "member"),
            Link(email("ben"), acme, "member"),
            Link(("deal", "d"), acme, "part"),
        ],
    )
    assert len(set(persons(store).values())) == 4  # Ann, Ben, Acme with its deal, the old company
    give(store, acme, "size", "500", 3)
    give(store, old, "size", "20", 2)  # the later of two groups counts
    give(store, acme, "plan", "pro", 9)
    give(store, email("ann"), "plan", "free", 1)  # her own, though older
    give(store, ("deal", "d"), "stage", "won", 5)  # a deal's, not the company's
    assert traits(store, email("ann")) == {"size": "500", "plan": "free"}
    assert traits(store, email("ben")) == {"size": "500", "plan": "pro"}


def test_a_groups_new_trait_reaches_its_members_when_only_the_group_is_touched() -> None:
    store = memory_store()
    acme, old = ("company", "acme"), ("company", "old")
    see(store, [Link(email(name), acme, "member") for name in ("ann", "ben")])
    see(store, [Link(email("ann"), old, "member")], load_id=2)
    settle_persons(store)
    give(store, acme, "size", "500", 3)
    give(store, old, "city", "Ulm", 1)
    store.execute("DELETE FROM touched_person")
    store.execute("INSERT INTO touched_person SELECT $id", {"id": number(acme)})
    settle_persons(store)
    assert store.rows("SELECT count(*) FROM trait WHERE name = 'size'") == [(3,)]
    # Ann's other group counts too, though nothing touched it.
    assert store.rows("SELECT count(*) FROM trait WHERE name = 'city'") == [(1,)]


def test_a_companys_deal_is_its_only_members_until_there_is_a_second() -> None:
    store = memory_store()
    acme, deal = ("company", "acme"), ("deal", "d")
    see(store, [Link(deal, acme, "part"), Link(email("ann"), acme, "member")])
    assert persons(store)[deal] == persons(store)[email("ann")]
    see(store, [Link(email("ben"), acme, "member")], load_id=2)
    assert persons(store)[deal] == persons(store)[acme]
    see(store, [Link(email("ben"), email("ann"))], load_id=3)  # it was Ann's other address
    assert persons(store)[deal] == persons(store)[email("ann")]


def test_a_deal_of_two_contacts_is_the_first_ones_and_joins_nobody() -> None:
    store = memory_store()
    see(store, [Link(("deal", "d"), email("ben"), "part", 1)])
    assert persons(store)["deal", "d"] == persons(store)[email("ben")]
    see(store, [Link(("deal", "d"), email("ann"), "part", 0)], load_id=2)
    found = persons(store)
    assert found["deal", "d"] == found[email("ann")] != found[email("ben")]


def test_events_and_notes_go_with_an_identifier_that_turns_out_to_be_shared() -> None:
    store = memory_store()
    kiosk = ("device", "kiosk")
    see(store, [Link(kiosk, ("user", f"u{n}")) for n in range(5)])
    assert len(set(persons(store).values())) == 1
    store.execute(
        "INSERT INTO event (event_id, person_id, identifier_id, seq, occurred_at, touchpoint_id, kind, source, load_id) "
        "SELECT identifier_id, person_id, identifier_id, 0, TIMESTAMP '2026-01-01', 1, 'action', 't', 1 FROM identifier"
    )
    settle_persons(store)
    store.execute("DELETE FROM touched_person")
    see(store, [Link(kiosk, ("user", "u5"))], load_id=2)
    settle_persons(store)
    assert len(set(persons(store).values())) == 7
    assert store.rows("SELECT count(*) FROM event WHERE person_id <> identifier_id") == [(0,)]
    assert store.rows("SELECT count(*), sum(events) FROM person") == [(6, 6)]
    set_limit(store, 0)
    assert len(set(persons(store).values())) == 1


def test_sources_that_share_people_are_told_with_what_joins_them() -> None:
    store = memory_store()
    see(store, [Link(email(n), ("user", n)) for n in "abcd"], source="product")
    see(store, [Link(email(n), ("hubspot_contact", n)) for n in "ab"], load_id=2, source="hubspot")
    see(store, [Link(("badge", "1"), ("fair_visit", "1"))], load_id=3, source="fair")
    report = stitch_report(store)
    assert [(s.source, s.persons) for s in report.sources] == [
        ("fair", 1),
        ("hubspot", 2),
        ("product", 4),
    ]
    fair, _, both = report.pairs
    assert (both.persons, both.share) == (2, 1.0)
    assert [(kind.kind, kind.persons) for kind in both.joined_by] == [("email", 2)]
    assert fair.persons == 0
    assert fair.advice == (
        "fair and hubspot share nobody. fair knows people by badge and fair_visit, hubspot by email and "
        "hubspot_contact. An export of fair with the email address would join them."
    )


def test_shared_identifiers_and_large_persons_are_shown_masked() -> None:
    store = memory_store()
    see(store, [Link(email("office"), ("user", f"u{n}")) for n in range(6)])
    # Two families of eight addresses around a device each, and one cookie that both devices show.
    for family in "ab":
        see(store, [Link(("device", family), email(f"{family}{n}")) for n in range(5)], load_id=2)
        see(
            store,
            [Link(email(f"{family}{n}"), email(f"{family}{n + 4}")) for n in range(4)],
            load_id=3,
        )
    see(
        store,
        [Link(("device", "a"), ("cookie", "c")), Link(("cookie", "c"), ("device", "b"))],
        load_id=4,
    )
    report = stitch_report(store)
    (busy,) = report.shared
    assert (busy.kind, busy.value, busy.meets) == ("email", "o***@x.com", 6)
    (large,) = report.large
    assert large.names == 16
    assert large.sides == (8, 8)
    assert large.bridge is not None
    assert {end.split()[0] for end in large.bridge} == {"cookie", "device"}
    assert "joins 8 of them to 8 others" in large.sentence
    assert "@x.com" in busy.value
    assert "office" not in str(report)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=14),
    st.randoms(use_true_random=False),
)
def test_bridges_are_those_of_networkx(edges: list[tuple[int, int]], chance: Random) -> None:
    whole: nx.Graph[int] = nx.Graph([edge for edge in edges if edge[0] != edge[1]])
    if not whole:
        return
    graph = whole.subgraph(nx.node_connected_component(whole, chance.choice(sorted(whole))))
    weight = {node: chance.randint(0, 2) for node in graph}
    found = dividing_bridge(list(graph.edges), weight)
    evenness = []
    for edge in nx.bridges(graph):
        rest = nx.Graph(graph)
        rest.remove_edge(*edge)
        sides = [sum(weight[node] for node in side) for side in nx.connected_components(rest)]
        evenness.append(min(sides))
    assert (found[1] if found else 0) == max(evenness, default=0)
    if found:
        assert found[0] in {(min(edge), max(edge)) for edge in nx.bridges(graph)}
        assert found[1] + found[2] == sum(weight.values())
