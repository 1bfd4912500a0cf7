"""Freshdesk: rows written by hand as its API and its ticket export give them."""

import json
from pathlib import Path

from tests.intake import balanced, events, load, write
from tools.store.door import Store
from tools.store.workspace import memory_store

TICKET = {
    "id": 20, "subject": "Cannot export", "description": "<p>It stops.</p>", "description_text": "It stops.",
    "status": 5, "priority": 3, "source": 1, "type": "Question", "requester_id": 900, "responder_id": 7,
    "company_id": 70, "fr_escalated": False, "spam": False, "tags": ["export"], "cc_emails": ["x@shop.example"],
    "created_at": "2026-01-05T10:00:00Z", "updated_at": "2026-01-07T09:00:00Z",
    "requester": {"id": 900, "name": "Ann Lee", "email": "ann@shop.example", "phone": None},
    "stats": {"first_responded_at": "2026-01-05T11:00:00Z", "resolved_at": "2026-01-06T08:00:00Z",
              "closed_at": "2026-01-07T09:00:00Z", "reopened_at": None},
    "custom_fields": {"cf_area": "Reports"},
}  # fmt: skip
MESSAGES = [
    {"id": 1, "ticket_id": 20, "body": "<p>Try again</p>", "body_text": "Try again", "incoming": False, "private": False,
     "user_id": 7, "created_at": "2026-01-05T11:00:00Z", "updated_at": "2026-01-05T11:00:00Z", "from_email": "help@x.example"},
    {"id": 2, "ticket_id": 20, "body": "ok", "body_text": "It works", "incoming": True, "private": False,
     "user_id": 900, "created_at": "2026-01-05T12:00:00Z", "updated_at": "2026-01-05T12:00:00Z"},
    {"id": 3, "ticket_id": 20, "body": "bug", "body_text": "A bug", "incoming": False, "private": True,
     "user_id": 7, "created_at": "2026-01-05T12:30:00Z", "updated_at": "2026-01-05T12:30:00Z"},
]  # fmt: skip
RATING = {
    "id": 4, "survey_id": 1, "user_id": 900, "agent_id": 7, "ticket_id": 20, "feedback": "Quick!",
    "created_at": "2026-01-07T10:00:00Z", "updated_at": "2026-01-07T10:00:00Z", "ratings": {"default_question": 103},
}  # fmt: skip
TOLD = [
    ("2026-01-05 10:00:00", "Ticket opened"),
    ("2026-01-05 11:00:00", "Ticket answered"),
    ("2026-01-05 12:00:00", "Ticket replied"),
    ("2026-01-06 08:00:00", "Ticket solved"),
    ("2026-01-07 09:00:00", "Ticket closed"),
    ("2026-01-07 10:00:00", "Ticket rated: happy"),
]


def told(store: Store) -> list[tuple[str, str]]:
    return sorted((time, label) for _, time, label in events(store))


def dump(tmp_path: Path, name: str, page: object) -> Path:
    return write(tmp_path, name, json.dumps(page))


def test_a_ticket_is_told_from_opening_to_rating_in_any_order(tmp_path: Path) -> None:
    files = [
        dump(tmp_path, "tickets.json", [TICKET]),
        dump(tmp_path, "conversations.json", MESSAGES),
        dump(tmp_path, "satisfaction_ratings.json", [RATING]),
    ]
    for order in (files, files[::-1]):
        store = memory_store()
        report = load(store, *order)
        assert {file.connector.split()[0] for file in report.files} == {"freshdesk"}
        assert told(store) == TOLD
        assert balanced([report])
        assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1
    opened = json.loads(
        str(store.value("SELECT properties FROM event ORDER BY occurred_at LIMIT 1"))
    )
    assert (opened["status"], opened["priority"], opened["via"]) == ("closed", "high", "email")
    assert opened["custom_fields.cf_area"] == "Reports"
    assert "@" not in json.dumps(opened)
    assert ("internal note", "A bug") in store.rows("SELECT kind, text FROM note")


def test_conversations_nested_in_a_ticket_are_the_same(tmp_path: Path) -> None:
    store = memory_store()
    load(
        store,
        dump(tmp_path, "ticket.json", [TICKET | {"conversations": MESSAGES}]),
        dump(tmp_path, "satisfaction_ratings.json", [RATING]),
    )
    assert told(store) == TOLD


def test_spam_is_taken_back(tmp_path: Path) -> None:
    store = memory_store()
    load(store, dump(tmp_path, "tickets.json", [TICKET]))
    spam = TICKET | {"spam": True, "updated_at": "2026-01-09T00:00:00Z", "stats": {}}
    load(store, dump(tmp_path, "tickets_2.json", [spam]))
    assert "Ticket opened" not in [label for _, label in told(store)]


def test_contacts_companies_and_agents(tmp_path: Path) -> None:
    contact = {
        "id": 900, "name": "Ann Lee", "email": "Ann@shop.example", "phone": None, "mobile": "+442079460001",
        "job_title": "Buyer", "company_id": 70, "view_all_tickets": False, "unique_external_id": "u_9",
        "other_emails": ["ann@home.example"], "updated_at": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    company = {"id": 70, "name": "Acme", "domains": ["shop.example"], "health_score": "Happy", "note": None,
               "industry": "Toys", "updated_at": "2026-01-01T00:00:00Z"}  # fmt: skip
    agent = {
        "id": 7,
        "ticket_scope": 1,
        "occasional": False,
        "available": True,
        "contact": {"email": "bo@x.example"},
    }
    store = memory_store()
    report = load(
        store,
        dump(tmp_path, "contacts.json", [contact]),
        dump(tmp_path, "companies.json", [company]),
        dump(tmp_path, "agents.json", [agent]),
    )
    assert report.files[2].rows_rejected == 1
    assert sorted(
        store.rows("SELECT kind, value FROM identifier WHERE kind <> 'freshdesk_company'")
    ) == [
        ("email", "ann@home.example"),
        ("email", "ann@shop.example"),
        ("freshdesk_contact", "900"),
        ("phone", "442079460001"),
        ("user", "u_9"),
    ]
    assert {("company", "Acme"), ("industry", "Toys"), ("job_title", "Buyer")} <= set(
        store.rows("SELECT name, value FROM identifier_trait")
    )


def test_the_ticket_export_of_freshdesks_own_pages(tmp_path: Path) -> None:
    head = (
        "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Resolved time,Closed time,"
        "Last update time,Initial response time,Agent interactions,Customer interactions,Tags,Survey results,"
        "Full name,Email,Work phone,Company,A new column"
    )
    row = (
        "20,Cannot export,Closed,High,Email,Question,Bo,Help,2026-01-05 10:00:00,2026-01-06 08:00:00,2026-01-07 09:00:00,"
        "2026-01-07 09:00:00,2026-01-05 11:00:00,1,2,export,Happy,Ann Lee,ann@shop.example,,Acme,kept"
    )
    store = memory_store()
    report = load(store, write(tmp_path, "export.csv", f"{head}\n{row}\n"))
    assert report.files[0].connector == "freshdesk ticket"
    assert told(store) == [
        ("2026-01-05 10:00:00", "Ticket opened"),
        ("2026-01-05 11:00:00", "Ticket answered"),
        ("2026-01-06 08:00:00", "Ticket solved"),
        ("2026-01-07 09:00:00", "Ticket closed"),
        ("2026-01-07 09:00:00", "Ticket rated: happy"),
    ]
    opened = str(store.value("SELECT properties FROM event ORDER BY occurred_at LIMIT 1"))
    assert "kept" in opened
    assert "Ann Lee" not in opened
