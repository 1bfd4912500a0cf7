"""Segment and RudderStack: messages and warehouse tables."""

from pathlib import Path
from typing import Any

from tests.intake import load, taken
from tests.told import column, happened, lines, properties, table, ties, traits
from tools.store.workspace import memory_store


def message(kind: str, minute: int, **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "messageId": f"m{minute}",
        "anonymousId": "a1",
        "userId": None,
        "timestamp": f"2026-01-01T10:{minute:02}:00.000Z",
        "receivedAt": "2026-01-02T00:00:00.000Z",
        "context": {"ip": "10.0.0.1", "library": {"name": "analytics.js"}},
        **more,
    }


MESSAGES = (
    message("page", 0, properties={"url": "https://shop.example/pricing?utm_source=g", "title": "P"},
            context={"campaign": {"source": "google", "medium": "cpc", "name": "brand"}, "ip": "10.0.0.1"}),
    message("track", 1, event="Plan Compared", properties={"plans": 2, "odd": {"deep": "x"}}),
    message("identify", 2, userId="u1", traits={"email": "ann@shop.example", "firstName": "Ann", "company": {"name": "Acme"}}),
    message("track", 3, userId="u1", event="Order Completed", properties={"revenue": 20, "currency": "EUR", "order_id": "O1"}),
    message("screen", 4, userId="u1", name="Settings"),
    message("group", 5, userId="u1", groupId="g1", traits={"industry": "Retail"}),
    message("alias", 6, userId="u1", previousId="u0"),
    message("consented", 7, userId="u1"),
)  # fmt: skip


def test_each_type_of_message_becomes_what_it_says(tmp_path: Path) -> None:
    store = memory_store()
    file = load(store, lines(tmp_path, "messages.ndjson", *MESSAGES)).files[0]
    assert happened(store) == [
        ("01-01 10:00", "Pricing"),
        ("01-01 10:01", "Plan Compared"),
        ("01-01 10:03", "Order Completed"),
        ("01-01 10:04", "Viewed screen: Settings"),
        ("01-01 10:07", "Consented"),
    ]
    assert (file.connector, sum(file.accounts.values()), file.rows_rejected) == (
        "segment message",
        8,
        0,
    )


def test_channel_money_and_properties(tmp_path: Path) -> None:
    store = taken(lines(tmp_path, "messages.ndjson", *MESSAGES))
    assert column(store, "channel")["Pricing"] == "Paid search"
    assert column(store, "value")["Order Completed"] == 20
    assert properties(store, "Plan Compared") == {"plans": "2", "odd.deep": "x"}
    assert store.value("SELECT count(*) FROM event WHERE properties LIKE '%10.0.0.1%'") == 0


def test_visitors_users_addresses_and_groups_are_tied(tmp_path: Path) -> None:
    store = taken(lines(tmp_path, "messages.ndjson", *MESSAGES))
    assert ties(store) == {
        ("segment_anonymous:a1", "user:u1", "same"),
        ("email:ann@shop.example", "user:u1", "same"),
        ("segment_anonymous:u0", "user:u1", "same"),
        ("user:u0", "user:u1", "same"),
        ("user:u1", "segment_group:g1", "member"),
        ("order:O1", "user:u1", "part"),
    }
    assert traits(store) == {"first_name": "Ann", "company": "Acme", "industry": "Retail"}


def test_an_event_s_own_table_adds_its_properties_in_either_order(tmp_path: Path) -> None:
    tracks = table(
        tmp_path, "tracks.csv",
        "id,anonymous_id,user_id,event,event_text,received_at,timestamp,context_page_url",
        "m1,a1,,plan_compared,Plan Compared,2026-01-02 00:00:00,2026-01-01 10:01:00,https://shop.example/pricing",
    )  # fmt: skip
    own = table(
        tmp_path, "plan_compared.csv",
        "id,anonymous_id,user_id,event,event_text,received_at,timestamp,context_page_url,plans",
        "m1,a1,,plan_compared,Plan Compared,2026-01-02 00:00:00,2026-01-01 10:01:00,https://shop.example/pricing,2",
    )  # fmt: skip
    for order in ((tracks, own), (own, tracks)):
        store = taken(*order)
        assert happened(store) == [("01-01 10:01", "Plan Compared")]
        assert properties(store, "Plan Compared")["plans"] == "2"


def test_warehouse_tables_are_told_apart(tmp_path: Path) -> None:
    shared = "received_at,timestamp"
    at = "2026-01-02 00:00:00,2026-01-01 10:00:00"
    files = [
        table(tmp_path, "pages.csv", f"id,anonymous_id,user_id,url,path,title,{shared}", f"p1,a1,,https://shop.example/docs,/docs,D,{at}"),
        table(tmp_path, "screens.csv", f"id,anonymous_id,user_id,name,{shared}", f"s1,a1,,Home,{at}"),
        table(tmp_path, "identifies.csv", f"id,anonymous_id,user_id,email,plan,{shared}", f"i1,a1,u1,ann@shop.example,pro,{at}"),
        table(tmp_path, "users.csv", "id,email,received_at,country", "u1,ann@shop.example,2026-01-02 00:00:00,SE"),
        table(tmp_path, "groups.csv", f"id,anonymous_id,user_id,group_id,name,{shared}", f"g,a1,u1,g1,Acme,{at}"),
        table(tmp_path, "aliases.csv", f"id,previous_id,user_id,{shared}", f"x,u0,u1,{at}"),
    ]  # fmt: skip
    store = memory_store()
    report = load(store, *files)
    assert [file.connector for file in report.files] == [
        "segment page", "segment screen", "segment identify", "segment user", "segment group", "segment alias",
    ]  # fmt: skip
    assert happened(store) == [("01-01 10:00", "Docs"), ("01-01 10:00", "Viewed screen: Home")]
    assert traits(store) == {"plan": "pro", "country": "SE", "name": "Acme"}
    assert ("user:u1", "segment_group:g1", "member") in ties(store)


def test_rudderstack_s_messages_are_its_own(tmp_path: Path) -> None:
    rows = [{**one, "rudderId": "r1", "originalTimestamp": one["timestamp"]} for one in MESSAGES]
    store = memory_store()
    file = load(store, lines(tmp_path, "messages.ndjson", *rows)).files[0]
    assert file.connector == "rudderstack message"
    assert ("rudderstack_anonymous:a1", "user:u1", "same") in ties(store)


def test_a_company_s_own_events_are_not_segment_s(tmp_path: Path) -> None:
    own = table(
        tmp_path, "events.csv", "id,type,user_id,event,timestamp,received_at",
        "1,web,u1,login,2026-01-01 10:00:00,2026-01-01 10:00:01",
    )  # fmt: skip
    assert load(memory_store(), own).files[0].connector == "event table"
