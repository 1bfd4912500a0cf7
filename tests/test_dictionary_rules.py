"""The user's rules: rename, merge, hide and show; what the data proposes; the dictionary as it is read."""

from pathlib import Path

import pytest

from tests.intake import taken, write
from tests.names_desk import Event, desk, load, shown
from tools.dictionary.proposals import accept, propose_rules
from tools.dictionary.rules import hide, list_rules, merge, remove_rule, rename, set_rule, show
from tools.dictionary.touchpoints import touchpoints
from tools.errors import InvalidArgumentError, UnknownTouchpointError
from tools.journeys.build import define, refresh
from tools.journeys.definition import JourneyDefinition, Rule
from tools.store.door import Store


def page(path: str) -> str:
    return f"\ue003{path}\ue004"


def labels(store: Store) -> list[str]:
    return [str(told[0]) for told in shown(store).values()]


def test_a_rename_is_taken_back_by_removing_its_rule() -> None:
    store = desk()
    load(store, [Event(1, "web", "Buy [now]"), Event(2, "web", "Buy n")])
    rename(store, "buy [NOW]", "Purchase")
    assert labels(store) == ["Purchase", "Buy n"]  # brackets are no glob here
    rename(store, "Purchase", "Order")
    assert labels(store) == ["Order", "Buy n"]
    remove_rule(store, 2)
    remove_rule(store, 1)
    assert labels(store) == ["Buy [now]", "Buy n"]


def test_a_rename_to_a_label_in_use_says_to_merge() -> None:
    store = desk()
    load(store, [Event(1, "web", "A"), Event(2, "web", "B")])
    with pytest.raises(InvalidArgumentError, match="merge 'A' into it"):
        rename(store, "A", "B")
    with pytest.raises(UnknownTouchpointError, match="no touchpoint 'C'"):
        rename(store, "C", "D")
    merge(store, ["A", "B"], "B")
    assert labels(store) == ["B", "B"]
    assert [told.names_total for told in touchpoints(store)] == [2]


def test_merging_with_a_bar_in_a_label_merges_nothing_else() -> None:
    store = desk()
    load(store, [Event(1, "web", "A | B"), Event(2, "web", "A"), Event(3, "web", "C")])
    merge(store, ["A | B", "C"], "D")
    assert labels(store) == ["D", "A", "D"]


def test_an_address_rule_groups_pages_and_touches_their_persons() -> None:
    store = desk()
    load(store, [Event(1, "web", page("/blog/a/b")), Event(2, "web", page("/pricing"))])
    store.execute("DELETE FROM touched_person")
    set_rule(store, "/blog/*", label="Blog")
    assert labels(store) == ["Blog", "Pricing"]
    assert store.rows("SELECT person_id FROM touched_person") == [(1,)]


def test_show_undoes_hide_whichever_rule_it_was() -> None:
    store = desk()
    load(store, [Event(1, "web", "Heartbeat"), Event(2, "web", page("/admin/x"))])
    set_rule(store, "heart*", hidden=True)
    set_rule(store, "/admin/*", hidden=True)
    hide(store, "Heartbeat")
    assert {told.label: told.hidden for told in touchpoints(store)} == {
        "Heartbeat": True,
        "/admin/x": True,
    }
    show(store, "Heartbeat")
    show(store, "/admin/x")
    assert {told.label: told.hidden for told in touchpoints(store)} == {
        "Heartbeat": False,
        "Admin": False,
    }


def test_journeys_leave_hidden_touchpoints_out(tmp_path: Path) -> None:
    rows = [
        "p,2026-01-01 10:00:00,Visit",
        "p,2026-01-01 10:01:00,Heartbeat",  # a step of its own until it is hidden
        "p,2026-01-01 10:02:00,Bought",
    ]
    store = taken(write(tmp_path, "events.csv", "\n".join(["person,time,event", *rows])))
    define(store, JourneyDefinition("default", end=Rule(("Bought",))), default=True)
    steps = "SELECT steps FROM journey"
    assert store.rows(steps) == [(3,)]
    store.execute("DELETE FROM touched_person")
    hide(store, "Heartbeat")
    refresh(store)
    assert store.rows(steps) == [(2,)]


def test_a_family_of_names_with_few_visits_is_proposed_as_a_group() -> None:
    store = desk()
    clicks = [Event(n, "mail", f"Email clicked: Letter {n}") for n in range(1, 21)]
    load(store, [*clicks, *(Event(n, "web", "Visit") for n in range(100, 120))])
    proposal = propose_rules(store)[0]
    assert (proposal.what, proposal.label, proposal.touchpoints, proposal.visits) == (
        "group",
        "Email clicked",
        20,
        20,
    )
    assert "folds 20 touchpoints" in proposal.sentence
    accept(store, proposal)
    assert set(labels(store)) == {"Email clicked", "Visit"}
    assert propose_rules(store) == ()


def test_only_true_doubles_are_proposed_for_merging() -> None:
    names = [
        "Sign up",
        "Signup",
        "Checkout",
        "Checkout completed",
        "Step 1",
        "Step 2",
        "Subscribed",
        "Unsubscribed",
    ]
    store = desk()
    load(
        store,
        [
            Event(10 * n + k, "web", name)
            for n, name in enumerate(names)
            for k in range(1 + (n == 0))
        ],
    )
    assert [(one.what, one.label, one.rules[0].pattern) for one in propose_rules(store)] == [
        ("merge", "Sign up", "Signup")
    ]


def test_many_pages_at_the_top_are_proposed_as_others_beside_those_that_are_visited() -> None:
    store = desk()
    slugs = [Event(n, "web", page(f"/article-about-{chr(96 + n)}")) for n in range(1, 21)]
    load(store, [*slugs, *(Event(n, "web", page("/pricing")) for n in range(100, 120))])
    proposal = propose_rules(store)[0]
    assert (proposal.label, proposal.touchpoints) == ("Other pages", 20)
    accept(store, proposal)
    assert set(labels(store)) == {"Other pages", "Pricing"}
    assert [rule.pattern for rule in list_rules(store)] == ["/pricing | /pricing/*", "/*"]
