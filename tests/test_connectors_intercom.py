"""Intercom: rows written by hand in its three shapes: history tables, API pages, exports."""

import json
from pathlib import Path

from tests.intake import balanced, events, load, write
from tools.store.door import Store
from tools.store.workspace import memory_store

CONTACT = {
    "type": "contact", "id": "c1", "external_id": "u_9", "role": "user", "email": "ann@shop.example",
    "phone": "+442079460001", "name": "Ann Lee", "signed_up_at": 1767000000, "updated_at": 1767700000,
    "has_hard_bounced": False, "unsubscribed_from_emails": False,
    "location": {"type": "location", "country": "Italy", "city": "Rome"},
    "companies": {"type": "list", "data": [{"id": "k1", "type": "company"}]},
    "custom_attributes": {"plan": "pro", "something": 4},
}  # fmt: skip
PARTS = [
    {"type": "conversation_part", "id": "p1", "part_type": "comment", "body": "<p>Look here</p>",
     "created_at": 1767693300, "updated_at": 1767693300, "author": {"id": "7", "type": "admin", "name": "Bo"}},
    {"type": "conversation_part", "id": "p2", "part_type": "note", "body": "Angry", "created_at": 1767693310,
     "author": {"id": "7", "type": "admin"}},
    {"type": "conversation_part", "id": "p3", "part_type": "comment", "body": "Thanks", "created_at": 1767693400,
     "author": {"id": "c1", "type": "user", "email": "ann@shop.example"}},
    {"type": "conversation_part", "id": "p4", "part_type": "default_assignment", "created_at": 1767693401,
     "author": {"id": "0", "type": "bot"}},
    {"type": "conversation_part", "id": "p5", "part_type": "close", "created_at": 1767693500,
     "author": {"id": "7", "type": "admin"}},
    {"type": "conversation_part", "id": "p6", "part_type": "brand_new_thing", "created_at": 1767693600,
     "author": {"id": "7", "type": "admin"}},
]  # fmt: skip
CONVERSATION = {
    "type": "conversation", "id": "51", "created_at": 1767693209, "updated_at": 1767693700,
    "source": {"type": "conversation", "id": "9", "delivered_as": "customer_initiated", "subject": "",
               "body": "<p>Cannot <b>export</b></p>", "url": "https://shop.example/app",
               "author": {"type": "user", "id": "c1", "name": "Ann Lee", "email": "ann@shop.example"}},
    "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": "c1", "external_id": "u_9"}]},
    "state": "closed", "open": False, "read": True, "priority": "not_priority",
    "conversation_rating": {"rating": 5, "remark": "Quick!", "created_at": 1767693650},
    "statistics": {"first_admin_reply_at": 1767693300, "first_close_at": 1767693500, "last_close_at": 1767693500},
    "tags": {"type": "tag.list", "tags": [{"id": "1", "name": "export"}]},
    "new_field": "kept",
}  # fmt: skip
TOLD = [
    ("2026-01-06 09:53:29", "Conversation started"),
    ("2026-01-06 09:55:00", "Conversation answered"),
    ("2026-01-06 09:56:40", "Conversation replied"),
    ("2026-01-06 09:58:20", "Conversation closed"),
    ("2026-01-06 10:00:00", "Conversation: brand new thing"),
    ("2026-01-06 10:00:50", "Conversation rated: 5"),
]


def told(store: Store) -> list[tuple[str, str]]:
    return sorted((time, label) for _, time, label in events(store))


def conversations(tmp_path: Path, *rows: object) -> Path:
    page = {"type": "conversation.list", "pages": {"page": 1}, "conversations": list(rows)}
    return write(tmp_path, "conversations.json", json.dumps(page))


def contacts(tmp_path: Path) -> Path:
    page = {"type": "list", "data": [CONTACT], "total_count": 1, "pages": {"type": "pages"}}
    return write(tmp_path, "contacts.json", json.dumps(page))


def test_a_conversation_with_its_parts_is_told_part_by_part(tmp_path: Path) -> None:
    whole = CONVERSATION | {
        "conversation_parts": {"type": "conversation_part.list", "conversation_parts": PARTS}
    }
    store = memory_store()
    report = load(store, conversations(tmp_path, whole), contacts(tmp_path))
    assert [file.connector for file in report.files] == [
        "intercom conversation",
        "intercom contact",
    ]
    assert told(store) == TOLD
    assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1
    assert sorted(store.rows("SELECT kind, text FROM note")) == [
        ("chat", "Cannot  export"),
        ("chat", "Look here"),
        ("chat", "Thanks"),
        ("internal note", "Angry"),
        ("rating", "Quick!"),
    ]
    started = str(store.value("SELECT properties FROM event ORDER BY occurred_at LIMIT 1"))
    assert json.loads(started)["new_field"] == "kept"
    assert "Ann Lee" not in started
    assert "@" not in started


def test_parts_in_a_table_of_their_own_are_the_same_events(tmp_path: Path) -> None:
    rows = ["id,conversation_id,part_type,created_at,updated_at,author_id,author_type,body"]
    for part in PARTS:
        author = part["author"]
        assert isinstance(author, dict)
        fields = (part["id"], "51", part["part_type"], part["created_at"], part["created_at"],
                  author["id"], author["type"], part.get("body", ""))  # fmt: skip
        rows.append(",".join(map(str, fields)))
    files = [
        write(tmp_path, "conversation_part_history.csv", "\n".join(rows)),
        conversations(tmp_path, CONVERSATION),
        contacts(tmp_path),
    ]
    for order in (files, files[::-1]):
        store = memory_store()
        report = load(store, *order)
        assert told(store) == TOLD
        assert balanced([report])
        assert sum(report.files[order.index(files[0])].accounts.values()) == len(PARTS)
        assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1


def test_a_history_keeps_the_newest_state_and_tells_each_change_once(tmp_path: Path) -> None:
    head = "id,updated_at,created_at,source_type,source_author_id,source_author_type,state,_fivetran_start,_fivetran_active"
    rows = [
        "5,2026-01-01 10:00:00,2026-01-01 09:00:00,conversation,c1,lead,open,2026-01-01 10:00:00,false",
        "5,2026-01-02 10:00:00,2026-01-01 09:00:00,conversation,c1,lead,closed,2026-01-02 10:00:00,false",
        "5,2026-01-02 11:00:00,2026-01-01 09:00:00,conversation,c1,lead,closed,2026-01-02 11:00:00,false",
        "5,2026-01-03 10:00:00,2026-01-01 09:00:00,conversation,c1,lead,open,2026-01-03 10:00:00,true",
    ]
    store = memory_store()
    load(store, write(tmp_path, "conversation_history.csv", "\n".join([head, *rows])))
    assert events(store) == [
        ("c1", "2026-01-01 09:00:00", "Conversation started"),
        ("c1", "2026-01-02 10:00:00", "Conversation closed"),
        ("c1", "2026-01-03 10:00:00", "Conversation reopened"),
    ]
    assert '"state":"open"' in str(store.value("SELECT max(properties) FROM event"))


def test_a_message_from_the_company_is_no_action(tmp_path: Path) -> None:
    source = {
        "type": "conversation",
        "delivered_as": "automated",
        "author": {"type": "bot", "id": "1"},
    }
    store = memory_store()
    load(
        store,
        conversations(
            tmp_path,
            CONVERSATION | {"source": source, "statistics": None, "conversation_rating": None},
        ),
    )
    assert store.rows(
        "SELECT label, event.kind FROM event JOIN touchpoint USING (touchpoint_id)"
    ) == [("Message received", "exposure")]
    assert store.value("SELECT count(*) FROM event WHERE person_id IS NOT NULL") == 1


def test_contacts_give_traits_and_identifiers(tmp_path: Path) -> None:
    company = {
        "type": "list",
        "data": [{"type": "company", "id": "k1", "company_id": "acme", "name": "Acme", "user_count": 3, "size": 40,
                  "industry": "Toys", "session_count": 2, "plan": {"name": "Gold"}, "updated_at": 1767700000}],
    }  # fmt: skip
    store = memory_store()
    load(store, contacts(tmp_path), write(tmp_path, "companies.json", json.dumps(company)))
    assert set(store.rows("SELECT name, value FROM identifier_trait")) == {
        ("name", "Ann Lee"),
        ("phone", "+442079460001"),
        ("city", "Rome"),
        ("country", "Italy"),
        ("plan", "pro"),
        ("lifecycle_stage", "user"),
        ("company", "Acme"),
        ("industry", "Toys"),
        ("company_size", "11-50"),
        ("plan", "Gold"),
    }
    assert sorted(store.rows("SELECT kind, value FROM identifier")) == [
        ("email", "ann@shop.example"),
        ("intercom_company", "k1"),
        ("intercom_contact", "c1"),
        ("phone", "442079460001"),
        ("user", "u_9"),
    ]


def test_admins_are_no_customers(tmp_path: Path) -> None:
    page = {"type": "admin.list", "admins": [
        {"type": "admin", "id": "7", "name": "Bo", "email": "bo@shop.example", "away_mode_enabled": False}]}  # fmt: skip
    store = memory_store()
    report = load(store, write(tmp_path, "admins.json", json.dumps(page)))
    assert report.files[0].rows_rejected == 1
    assert store.rows("SELECT reason FROM rejected_row") == [("an employee, who is no customer",)]
    assert store.value("SELECT count(*) FROM identifier") == 0


def test_events_and_receipts_of_messages(tmp_path: Path) -> None:
    event = {"type": "event", "id": "e1", "event_name": "invited-friend", "created_at": 1767693209,
             "intercom_user_id": "c1", "user_id": "u_9", "metadata": {"plan": "pro"}}  # fmt: skip
    head = "user_id,receipt_id,received_at,content_title,content_type,first_open,first_click,first_goal_success"
    row = "c1,r1,2026-01-01 10:00:00 UTC,Welcome 2,email,2026-01-01 11:00:00 UTC,,"
    store = memory_store()
    load(
        store,
        write(tmp_path, "events.json", json.dumps({"type": "event.list", "events": [event]})),
        write(tmp_path, "receipts_1.csv", f"{head}\n{row}\n"),
    )
    assert told(store) == [
        ("2026-01-01 10:00:00", "Email received: Welcome 2"),
        ("2026-01-01 11:00:00", "Email opened: Welcome 2"),
        ("2026-01-06 09:53:29", "Invited friend"),
    ]
    assert store.rows("SELECT DISTINCT campaign FROM event WHERE channel = 'Email'") == [
        ("Welcome 2",)
    ]


def test_the_contact_export_of_intercoms_own_pages(tmp_path: Path) -> None:
    head = "Name,Email,Phone,User ID,First seen,Signed up,Last seen,Last heard from,Web sessions,City,Country"
    row = "Ann Lee,ann@shop.example,,u_9,2026-01-01 10:00,2026-01-01 10:00,2026-01-05 10:00,,3,Rome,Italy"
    store = memory_store()
    report = load(store, write(tmp_path, "people.csv", f"{head}\n{row}\n"))
    assert report.files[0].connector == "intercom contact_export"
    assert ("city", "Rome") in store.rows("SELECT name, value FROM identifier_trait")


def test_tickets_of_intercom_are_told_with_their_states(tmp_path: Path) -> None:
    parts = [
        {"id": "1", "part_type": "comment", "body": "<p>On it</p>", "created_at": 1767693300, "author": {"type": "admin", "id": "7"}},
        {"id": "2", "part_type": "ticket_state_updated_by_admin", "ticket_state": "resolved", "created_at": 1767693400,
         "author": {"type": "admin", "id": "7"}},
        {"id": "3", "part_type": "assignment", "created_at": 1767693500, "author": {"type": "admin", "id": "7"}},
    ]  # fmt: skip
    ticket = {
        "type": "ticket", "id": "494", "ticket_id": "53", "category": "Customer", "created_at": 1767693209,
        "updated_at": 1767693400, "ticket_attributes": {"_default_title_": "Export", "_default_description_": "It stops"},
        "ticket_state": {"type": "ticket_state", "category": "resolved"}, "ticket_type": {"name": "Bug"},
        "contacts": {"contacts": [{"type": "contact", "id": "c1"}]},
        "ticket_parts": {"type": "ticket_part.list", "ticket_parts": parts, "total_count": 3},
    }  # fmt: skip
    store = memory_store()
    report = load(
        store,
        write(tmp_path, "tickets.json", json.dumps({"type": "ticket.list", "tickets": [ticket]})),
    )
    assert report.files[0].connector == "intercom ticket"
    assert told(store) == [
        ("2026-01-06 09:53:29", "Ticket opened"),
        ("2026-01-06 09:55:00", "Ticket answered"),
        ("2026-01-06 09:56:40", "Ticket solved"),
    ]
    assert store.rows("SELECT text FROM note ORDER BY occurred_at") == [
        ("Export\nIt stops",),
        ("On it",),
    ]
