"""A company whose people are known: how many pairs of identifiers are told right."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

import pandas as pd
import pytest

from tests.identity_oracle import Link, Node
from tests.stitched_company import Company, company
from tests.test_identity_ties import persons, see, shared
from tools.errors import InvalidArgumentError, MissingExtraError
from tools.identity import linking
from tools.identity.report import stitch_report
from tools.identity.stitching import settle_persons
from tools.store.door import Store
from tools.store.workspace import memory_store

PEOPLE = 600
ACCEPTED = datetime(2026, 11, 1)  # noqa: DTZ001 - times in the store are UTC


@pytest.fixture(scope="module")
def made() -> Company:
    return company(PEOPLE, 1)


@pytest.fixture(scope="module")
def store(made: Company) -> Iterator[Store]:
    store = memory_store()
    by_source: dict[str, list[Link]] = {}
    for source, link in zip(made.told_by, made.links, strict=True):
        by_source.setdefault(source, []).append(link)
    for number, (source, links) in enumerate(sorted(by_source.items())):
        see(store, links, load_id=number, source=source)
    rows = [(*node, name, value) for node, name, value in made.traits]
    store.adopt("told_trait", pd.DataFrame(rows, columns=["kind", "node", "name", "value"]))
    store.execute(
        "INSERT INTO identifier_trait "
        "SELECT identifier.identifier_id, told_trait.name, told_trait.value, TIMESTAMP '2026-01-01', 1 "
        "FROM told_trait JOIN identifier ON identifier.kind = told_trait.kind AND identifier.value = told_trait.node"
    )
    store.execute("INSERT INTO touched_person SELECT person_id FROM identifier")
    settle_persons(store)
    yield store
    store.close()


def pairs(counts: Mapping[object, int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())


def judged(found: Mapping[Node, int], truth: Mapping[Node, int]) -> tuple[float, float]:
    """Return precision and recall of the pairs of identifiers that are one person's."""
    both = pairs(Counter((found[node], truth[node]) for node in truth))
    told = pairs(Counter(found[node] for node in truth))
    return both / told, both / pairs(Counter(truth.values()))


def test_pairs_of_a_known_company_are_told_right(made: Company, store: Store) -> None:
    exact = judged(persons(store), made.truth)
    proposal = linking.propose(store)
    number = linking.accept(store, proposal, accepted_at=ACCEPTED)
    inferred = judged(persons(store), made.truth)
    report = stitch_report(store)
    assert report.inferred_links == len(proposal.links)
    assert linking.undo(store, number) == len(proposal.links)
    print(  # noqa: T201 - the figures are the point
        f"\n{PEOPLE} people, {len(made.truth)} identifiers. Pairs: "
        f"exact precision {exact[0]:.4f}, recall {exact[1]:.4f}; "
        f"with Splink precision {inferred[0]:.4f}, recall {inferred[1]:.4f} ({len(proposal.links)} links)"
    )
    assert judged(persons(store), made.truth) == exact
    assert exact[0] >= 0.99
    assert exact[1] >= 0.80  # the fair's badges share nothing with other systems
    assert inferred[0] >= 0.99
    assert inferred[1] >= exact[1] + 0.04


def test_shared_devices_and_office_addresses_are_found_and_people_with_many_cookies_are_not(
    store: Store,
) -> None:
    found = shared(store)
    assert {("ga_client", "kiosk0"), ("email", "office@firm0.com")} <= found
    assert all(value.startswith(("kiosk", "office@")) for _, value in found)


def test_a_link_says_what_each_field_adds_and_tells_nobody(store: Store) -> None:
    link = linking.propose(store).links[0]
    parts = dict(link.parts)
    assert {"first_name", "last_name", "work"} <= set(parts)
    # The parts, and the odds that any two persons are one, make up the weight.
    odds = linking.propose(store).people - 1
    assert sum(parts.values()) - link.weight == pytest.approx(math.log2(odds), abs=0.01)
    assert "***" in link.one
    assert "***" in link.other


def test_a_higher_threshold_proposes_less(store: Store) -> None:
    some = linking.propose(store, threshold=8.0).links
    assert len(some) < len(linking.propose(store).links)
    assert all(link.weight >= 8.0 for link in some)


def test_unknown_sources_and_sets_are_named(store: Store) -> None:
    with pytest.raises(InvalidArgumentError, match="Did you mean 'fair'"):
        linking.propose(store, ("crm", "fairs"))
    with pytest.raises(InvalidArgumentError, match="at least two"):
        linking.propose(store, ("crm",))
    with pytest.raises(InvalidArgumentError, match="no set of inferred links 999"):
        linking.undo(store, 999)


def test_without_splink_the_extra_is_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'desirepath\[linking\]'"):
        linking.propose(store)


def test_nobody_with_a_name_means_nothing_to_propose() -> None:
    store = memory_store()
    see(store, [Link(("user", "a"), ("user", "b"))])
    assert linking.propose(store).links == ()
