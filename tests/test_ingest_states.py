"""Rows that change, names that come late, things that belong to people: whichever comes first."""

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest

from tests.intake import events, load, write
from tools.connectors import registry
from tools.connectors.contract import VendorTable
from tools.store.door import Store
from tools.store.workspace import memory_store

SQL = """
-- happening.events: one row is one thing that happened.
SELECT line, 'desk_person' AS identifier_kind, who AS identifier, as_time(happened) AS occurred_at,
    'Asked: ' || named('topic', topic) AS touchpoint, 'happening:' || happening_id AS content,
    as_time(changed_at) AS version, is_yes(gone) AS deleted, named('topic', topic) AS campaign,
    leftover AS properties
FROM raw;
-- more.details: one row is more about a thing that happened.
SELECT line, 'happening:' || happening_id AS content, to_json({'mood': mood})::VARCHAR AS properties FROM raw;
-- topic.names: one row is one topic.
SELECT line, 'topic' AS entity, topic_id AS key, topic_name AS label, as_time(named_at) AS version FROM raw;
-- thing.events: one row is one move of a thing.
SELECT line, 'desk_thing' AS identifier_kind, thing_id AS identifier, as_time(moved_at) AS occurred_at,
    'Thing moved' AS touchpoint FROM raw;
-- owner.links: one row is one thing and its owner.
SELECT line, 'desk_thing' AS identifier_kind, owned_thing AS identifier, 'desk_person' AS other_kind, owner AS other,
    'part' AS tie, as_number(place)::INTEGER AS rank FROM raw;
-- said.notes: one row is what someone said.
SELECT line, 'desk_person' AS identifier_kind, sayer AS identifier, as_time(said_at) AS occurred_at, 'talk' AS kind,
    words || ' on ' || named('topic', said_topic) AS text, 'said:' || said_id AS content, as_time(said_at) AS version FROM raw;
"""


def table(name: str, *columns: str, optional: Sequence[str] = ()) -> VendorTable:
    return VendorTable(
        "desk", name, columns, SQL, optional=tuple(optional), nothing="of no use to anyone"
    )


TABLES = (
    table("happening", "happening_id", "who", "happened", "topic", optional=("changed_at", "gone")),
    table("more", "happening_id", "mood"),
    table("topic", "topic_id", "topic_name", optional=("named_at",)),
    table("thing", "thing_id", "moved_at"),
    table("owner", "owned_thing", "owner", "place"),
    table("said", "said_id", "sayer", "said_at", "words", "said_topic"),
    table("nothing", "weather", "wind"),
)


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "VENDORS", (*registry.VENDORS, *TABLES))


def in_every_order(folder: Path, files: dict[str, str], ask: str) -> list[tuple[object, ...]]:
    """Load files in every order, each alone, and return what they all agree on."""
    paths = [write(folder, name, text) for name, text in files.items()]
    told = []
    for order in permutations(paths):
        store = memory_store()
        for path in order:
            load(store, path)
        told.append(store.rows(ask))
    assert all(rows == told[0] for rows in told)
    return told[0]


HAPPENINGS = "happening_id,who,happened,topic,changed_at,gone\n"
STATES = "SELECT occurred_at::DATE::VARCHAR, touchpoint.label, campaign FROM event JOIN touchpoint USING (touchpoint_id) ORDER BY ALL"


def test_the_newest_state_of_a_row_stands_whichever_comes_first(tmp_path: Path) -> None:
    files = {
        "a.csv": HAPPENINGS + "1,ann,2026-01-01,t,2026-02-01,\n",
        "b.csv": HAPPENINGS + "1,ann,2026-01-05,t,2026-02-03,\n",  # moved to the fifth, later
        "c.csv": HAPPENINGS + "1,ann,2026-01-03,t,2026-02-02,\n",
    }
    assert in_every_order(tmp_path, files, STATES) == [("2026-01-05", "Asked: topic t", "topic t")]


def test_a_row_that_its_source_took_back_stays_away_until_a_newer_state(tmp_path: Path) -> None:
    files = {
        "a.csv": HAPPENINGS + "1,ann,2026-01-01,t,2026-02-01,\n2,ann,2026-01-02,t,2026-02-01,\n",
        "b.csv": HAPPENINGS
        + "1,ann,2026-01-01,t,2026-02-02,true\n2,ann,2026-01-02,t,2026-02-02,true\n",
        "c.csv": HAPPENINGS + "2,ann,2026-01-09,t,2026-02-03,\n",  # the second came back
    }
    assert in_every_order(tmp_path, files, STATES) == [("2026-01-09", "Asked: topic t", "topic t")]


def test_a_name_is_told_whenever_it_comes_and_the_newest_one_counts(tmp_path: Path) -> None:
    files = {
        "a.csv": HAPPENINGS + "1,ann,2026-01-01,t,,\n",
        "b.csv": "topic_id,topic_name,named_at\nt,Prices,2026-01-01\n",
        "c.csv": "topic_id,topic_name,named_at\nt,Pricing,2026-03-01\n",
    }
    assert in_every_order(tmp_path, files, STATES) == [("2026-01-01", "Asked: Pricing", "Pricing")]


def test_details_join_their_event_and_several_list_up(tmp_path: Path) -> None:
    files = {
        "a.csv": HAPPENINGS.replace("\n", ",place\n") + "1,ann,2026-01-01,t,,,shop\n",
        "b.csv": "happening_id,mood\n1,calm\n",
        "c.csv": "happening_id,mood\n1,angry\n1,calm\n",
    }
    told = in_every_order(tmp_path, files, "SELECT properties::JSON::VARCHAR FROM event")
    assert told == [('{"place":"shop","mood":["angry","calm"]}',)]


def test_a_things_moves_are_its_owners_whoever_is_told_first(tmp_path: Path) -> None:
    files = {
        "a.csv": "thing_id,moved_at\nx,2026-01-01\n",
        "b.csv": "owned_thing,owner,place\nx,ann,2\n",
        "c.csv": "owned_thing,owner,place\nx,ben,1\n",  # the lower place wins; ann and ben stay two
    }
    ask = (
        "SELECT owner.value, (SELECT count(DISTINCT person_id) FROM identifier WHERE kind = 'desk_person') "
        "FROM event JOIN identifier AS owner ON owner.person_id = event.person_id AND owner.kind = 'desk_person' ORDER BY ALL"
    )
    assert in_every_order(tmp_path, files, ask) == [("ben", 2)]


def test_what_was_said_names_its_topic_and_changes_with_it(tmp_path: Path) -> None:
    files = {
        "a.csv": "said_id,sayer,said_at,words,said_topic\n1,ann,2026-01-01,Too dear,t\n",
        "b.csv": "topic_id,topic_name\nt,Pricing\n",
        "c.csv": "said_id,sayer,said_at,words,said_topic\n1,ann,2026-01-02,Far too dear,t\n",
    }
    assert in_every_order(tmp_path, files, "SELECT text FROM note") == [
        ("Far too dear on Pricing",)
    ]


def test_each_row_stands_under_one_kind_and_a_useless_one_says_why(tmp_path: Path) -> None:
    store = memory_store()
    told = {
        "happening": HAPPENINGS + "1,ann,2026-01-01,t,,\n2,,2026-01-01,t,,\n",
        "more": "happening_id,mood\n1,calm\n",
        "topic": "topic_id,topic_name\nt,Pricing\n,Lost\n",
        "owner": "owned_thing,owner,place\nx,ann,1\n",
        "nothing": "weather,wind\nrain,west\n",
    }
    accounts = {}
    for name, text in told.items():
        file = load(store, write(tmp_path, f"{name}.csv", text)).files[0]
        accounts[name] = {kind: rows for kind, rows in file.accounts.items() if rows}
        assert sum(file.accounts.values()) == file.rows_read
    assert accounts == {
        "happening": {"events": 1, "rejected": 1},
        "more": {"details": 1},
        "topic": {"names": 1, "rejected": 1},
        "owner": {"identifiers": 1},
        "nothing": {"rejected": 1},
    }
    reasons = store.rows("SELECT reason, raw FROM rejected_row ORDER BY load_id")
    assert reasons[-1] == ("of no use to anyone", "rain,west")


def test_the_same_events_in_another_order_give_the_same_labels(tmp_path: Path) -> None:
    store: Store = memory_store()
    load(
        store, write(tmp_path, "a.csv", HAPPENINGS + "1,ann,2026-01-01,t,,\n2,ben,2026-01-02,u,,\n")
    )
    assert [label for _, _, label in events(store)] == ["Asked: topic t", "Asked: topic u"]
    load(store, write(tmp_path, "b.csv", "topic_id,topic_name\nt,Pricing\nu,Pricing\n"))
    # Two topics of one name are one touchpoint.
    assert [label for _, _, label in events(store)] == ["Asked: Pricing", "Asked: Pricing"]
    assert store.value("SELECT count(*) FROM touchpoint") == 1
