"""PostHog: events as the API and as batch exports tell them, persons."""

import json
from pathlib import Path
from typing import Any

from tests.intake import load, taken, write
from tests.told import column, happened, lines, properties, table, ties, traits
from tools.store.workspace import memory_store


def row(event: str, minute: int, who: str = "d1", **own: Any) -> dict[str, Any]:
    return {
        "uuid": f"0190-{minute}",
        "event": event,
        "distinct_id": who,
        "timestamp": f"2026-01-01T10:{minute:02}:00.000000+00:00",
        "properties": {"$lib": "web", "$ip": "10.0.0.1", "$session_id": "s1", **own},
        "elements": [],
    }


ROWS = (
    row(
        "$pageview",
        0,
        **{"$current_url": "https://shop.example/pricing", "$referrer": "https://www.google.com/"},
    ),
    row("$autocapture", 1, **{"$event_type": "click", "$el_text": "Ann"}),
    row("plan compared", 2, plans=2),
    row(
        "$identify",
        3,
        "u1",
        **{"$anon_distinct_id": "d1", "$set": {"email": "ann@shop.example", "plan": "pro"}},
    ),
    row("$pageleave", 4, "u1"),
    row("order_completed", 5, "u1", revenue=12.5),
)


def test_events_of_the_team_pages_and_clicks_and_nothing_that_only_says_who_is_there(
    tmp_path: Path,
) -> None:
    store = memory_store()
    file = load(store, lines(tmp_path, "events.jsonl", *ROWS)).files[0]
    assert happened(store) == [
        ("01-01 10:00", "Pricing"),
        ("01-01 10:01", "Clicked an element"),
        ("01-01 10:02", "Plan compared"),
        ("01-01 10:05", "Order completed"),
    ]
    assert (file.connector, sum(file.accounts.values()), file.rows_rejected) == (
        "posthog event",
        6,
        0,
    )
    assert column(store, "channel")["Pricing"] == "Organic search"
    assert column(store, "value")["Order completed"] == 12.5
    assert properties(store, "Plan compared") == {"plans": "2"}


def test_who_is_identified_is_one_person_with_the_visitor_before(tmp_path: Path) -> None:
    store = taken(lines(tmp_path, "events.jsonl", *ROWS))
    assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1
    assert traits(store) == {"plan": "pro"}
    assert ("email:ann@shop.example", "posthog_visitor:u1", "same") in ties(store)


def test_a_page_of_the_api_is_unwrapped(tmp_path: Path) -> None:
    page = write(tmp_path, "events.json", json.dumps({"next": None, "results": list(ROWS)}))
    assert len(happened(taken(page))) == 4


def test_a_batch_export_holds_its_properties_as_json(tmp_path: Path) -> None:
    store = taken(
        table(
            tmp_path, "events.csv", "uuid,event,distinct_id,timestamp,person_id,team_id,properties,person_properties",
            'x,plan compared,d1,2026-01-01 10:00:00,p1,1,"{""$ip"":""10.0.0.1"",""$os"":""iOS"",""plans"":2}","{""plan"":""pro""}"',
        )
    )  # fmt: skip
    assert properties(store, "Plan compared") == {"plans": 2, "os": "iOS"}
    assert traits(store) == {"plan": "pro"}
    assert ("posthog_person:p1", "posthog_visitor:d1", "same") in ties(store)


def test_persons_are_links_and_traits(tmp_path: Path) -> None:
    person = {"id": "p1", "distinct_ids": ["d1", "u1"], "created_at": "2026-01-01T10:00:00Z",
              "properties": {"email": "ann@shop.example", "plan": "pro", "$os": "iOS"}}  # fmt: skip
    other = {
        "id": "p2",
        "distinct_ids": ["d2"],
        "created_at": "2026-01-01T10:00:00Z",
        "properties": {},
    }
    store = taken(lines(tmp_path, "persons.json", person, other))
    assert traits(store) == {"plan": "pro"}
    assert ("posthog_person:p1", "posthog_visitor:u1", "same") in ties(store)
