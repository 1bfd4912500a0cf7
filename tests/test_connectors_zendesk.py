"""Zendesk: rows written by hand in its three shapes: warehouse tables, API pages, the CSV export."""

import json
from pathlib import Path

from tests.intake import balanced, events, load, write
from tools.store.door import Store
from tools.store.workspace import memory_store

TICKET = {
    "id": 35,
    "url": "https://shop.zendesk.com/api/v2/tickets/35.json",
    "external_id": None,
    "via": {"channel": "email", "source": {"from": {"address": "ann@shop.example", "name": "Ann"}}},
    "created_at": "2026-01-05T10:00:00Z",
    "updated_at": "2026-01-07T09:00:00Z",
    "type": "question",
    "subject": "Cannot export",
    "raw_subject": "Cannot export",
    "description": "The export stops.",
    "priority": "high",
    "status": "solved",
    "requester_id": 900,
    "submitter_id": 900,
    "organization_id": 70,
    "tags": ["export"],
    "custom_fields": [{"id": 1, "value": "pro"}],
    "satisfaction_rating": {"id": 5, "score": "good", "comment": "Quick!"},
    "brand_new_field": {"a": 1},
}
COMMENTS = [
    {"id": 1, "ticket_id": 35, "author_id": 900, "body": "The export stops.", "public": True,
     "created_at": "2026-01-05T10:00:00Z"},
    {"id": 2, "ticket_id": 35, "author_id": 7, "body": "<p>Try again</p>", "public": True,
     "created_at": "2026-01-05T11:00:00Z"},
    {"id": 3, "ticket_id": 35, "author_id": 7, "body": "Looks like a bug", "public": False,
     "created_at": "2026-01-05T11:05:00Z"},
    {"id": 4, "ticket_id": 35, "author_id": 900, "body": "It works", "public": True,
     "created_at": "2026-01-05T12:00:00Z"},
]  # fmt: skip
USERS = [
    {"id": 900, "name": "Ann", "email": "Ann@shop.example", "role": "end-user", "phone": "+44 20 7946 0001",
     "external_id": "u_9", "organization_id": 70, "moderator": False, "updated_at": "2026-01-05T10:00:00Z"},
    {"id": 7, "name": "Bo Agent", "email": "bo@helpdesk.example", "role": "agent", "moderator": True,
     "updated_at": "2026-01-05T10:00:00Z"},
]  # fmt: skip


def page(tmp_path: Path, name: str, rows: object) -> Path:
    return write(tmp_path, f"{name}.json", json.dumps({name: rows, "count": 1, "next_page": None}))


def told(store: Store) -> list[tuple[str, str]]:
    return sorted((time, label) for _, time, label in events(store))


def test_an_api_page_of_tickets_tells_the_opening_and_the_rating(tmp_path: Path) -> None:
    store = memory_store()
    report = load(store, page(tmp_path, "tickets", [TICKET]))
    assert report.files[0].connector == "zendesk ticket"
    assert told(store) == [
        ("2026-01-05 10:00:00", "Ticket opened"),
        ("2026-01-07 09:00:00", "Ticket rated: good"),
    ]
    assert store.rows("SELECT kind, text FROM note ORDER BY occurred_at") == [
        ("ticket", "Cannot export\nThe export stops."),
        ("rating", "Quick!"),
    ]
    properties = json.loads(
        str(store.value("SELECT properties FROM event ORDER BY occurred_at LIMIT 1"))
    )
    assert (properties["priority"], properties["brand_new_field.a"]) == ("high", "1")
    assert "ann@" not in str(properties)
    # Ticket, Zendesk's user, mailbox and organisation of one person.
    assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1
    assert ("zendesk_ticket", "part") in store.rows(
        "SELECT kind, tie FROM identity_link JOIN identifier USING (identifier_id)"
    )


def test_an_employees_comment_is_an_answer_whichever_file_comes_first(tmp_path: Path) -> None:
    files = [
        page(tmp_path, "ticket_comments", COMMENTS),
        page(tmp_path, "users", USERS),
        page(tmp_path, "tickets", [TICKET]),
    ]
    expected = [
        ("2026-01-05 10:00:00", "Ticket opened"),  # its first comment is the same event
        ("2026-01-05 11:00:00", "Ticket answered"),
        ("2026-01-05 12:00:00", "Ticket replied"),
        ("2026-01-07 09:00:00", "Ticket rated: good"),
    ]
    for order in (files, files[::-1], [files[1], files[2], files[0]]):
        store = memory_store()
        report = load(store, *order)
        assert told(store) == expected
        assert balanced([report])
        assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1
        # What employees write to each other is a note of its own kind.
        assert store.rows("SELECT text FROM note WHERE kind = 'internal note'") == [
            ("Looks like a bug",)
        ]


def test_employees_are_no_customers(tmp_path: Path) -> None:
    store = memory_store()
    load(store, page(tmp_path, "users", USERS))
    assert store.rows("SELECT value FROM identifier WHERE kind = 'email'") == [
        ("ann@shop.example",)
    ]
    assert store.value("SELECT count(*) FROM identifier_trait WHERE value LIKE 'Bo%'") == 0


def test_a_field_history_tells_each_state_once(tmp_path: Path) -> None:
    rows = [
        "field_name,ticket_id,updated,_fivetran_synced,user_id,value",
        "status,1,2026-01-01 08:00:00,2026-02-01,,new",  # the opening itself
        "priority,1,2026-01-01 08:00:00,2026-02-01,,high",
        "status,1,2026-01-01 09:00:00,2026-02-01,,open",
        "status,1,2026-01-02 08:00:00,2026-02-01,,solved",
        "status,1,2026-01-02 08:00:00,2026-02-01,,solved",  # delivered twice
        "status,1,2026-01-03 08:00:00,2026-02-01,,open",
        "requester_id,1,2026-01-01 08:00:00,2026-02-01,,900",
    ]
    store = memory_store()
    report = load(store, write(tmp_path, "ticket_field_history.csv", "\n".join(rows)))
    assert told(store) == [
        ("2026-01-01 09:00:00", "Ticket in progress"),
        ("2026-01-02 08:00:00", "Ticket solved"),
        ("2026-01-03 08:00:00", "Ticket reopened"),
    ]
    assert sum(report.files[0].accounts.values()) == 7


def test_metrics_audits_and_histories_tell_one_solution(tmp_path: Path) -> None:
    metric = {
        "id": 1, "ticket_id": 35, "solved_at": "2026-01-06T08:00:00Z", "reopens": 1, "replies": 2,
        "assignee_stations": 1, "full_resolution_time_in_minutes": {"calendar": 1320, "business": 400},
    }  # fmt: skip
    marks = [
        {"id": 1, "ticket_id": 35, "metric": "reply_time", "instance_id": 1, "type": "fulfill", "time": "2026-01-05T11:00:00Z"},
        {"id": 2, "ticket_id": 35, "metric": "requester_wait_time", "instance_id": 1, "type": "fulfill", "time": "2026-01-06T08:00:00Z"},
        {"id": 3, "ticket_id": 35, "metric": "agent_work_time", "instance_id": 1, "type": "never_seen", "time": "2026-01-06T08:00:00Z"},
    ]  # fmt: skip
    audits = [
        {"id": 9, "ticket_id": 35, "author_id": 7, "created_at": "2026-01-06T08:00:00Z", "via": {"channel": "web"},
         "events": [{"id": 1, "type": "Change", "field_name": "status", "value": "solved", "previous_value": "open"}]},
        {"id": 10, "ticket_id": 35, "author_id": 900, "created_at": "2026-01-06T09:00:00Z", "via": {"channel": "web"},
         "events": [{"id": 2, "type": "Change", "field_name": "status", "value": "open", "previous_value": "solved"},
                    {"id": 3, "type": "Comment", "author_id": 900, "body": "Not yet", "public": True}]},
        {"id": 11, "ticket_id": 35, "author_id": 900, "created_at": "2026-01-06T09:30:00Z", "events": []},
    ]  # fmt: skip
    store = memory_store()
    report = load(
        store,
        page(tmp_path, "ticket_metric_events", marks),
        page(tmp_path, "audits", audits),
        page(tmp_path, "ticket_metrics", [metric]),
        page(tmp_path, "tickets", [TICKET | {"satisfaction_rating": None}]),
        page(tmp_path, "users", USERS),
    )
    assert told(store) == [
        ("2026-01-05 10:00:00", "Ticket opened"),
        ("2026-01-05 11:00:00", "Ticket answered"),
        ("2026-01-06 08:00:00", "Ticket solved"),
        ("2026-01-06 09:00:00", "Ticket reopened"),
        ("2026-01-06 09:00:00", "Ticket replied"),
    ]
    assert balanced([report])
    solved = store.value(
        "SELECT properties FROM event WHERE properties LIKE '%minutes_to_resolve%'"
    )
    assert json.loads(str(solved))["minutes_to_resolve"] == 1320


def test_ratings_of_their_own_table_and_of_the_ticket_are_one(tmp_path: Path) -> None:
    rating = {
        "id": 5, "requester_id": 900, "ticket_id": 35, "score": "good", "comment": "Quick!",
        "created_at": "2026-01-06T08:00:00Z", "updated_at": "2026-01-06T10:00:00Z",
    }  # fmt: skip
    asked = rating | {"id": 6, "score": "offered", "comment": None}
    unasked = rating | {"id": 7, "score": "unoffered", "comment": None}
    files = [
        page(tmp_path, "satisfaction_ratings", [rating, asked, unasked]),
        page(tmp_path, "tickets", [TICKET]),
    ]
    for order in (files, files[::-1]):
        store = memory_store()
        load(store, *order)
        assert told(store)[1:] == [
            ("2026-01-06 08:00:00", "Ticket rating asked for"),
            ("2026-01-06 10:00:00", "Ticket rated: good"),
        ]


def test_the_csv_of_zendesks_own_pages_reads_like_a_ticket(tmp_path: Path) -> None:
    head = (
        "Id,Requester,Requester id,Requester external id,Requester email,Subject,Tags,Status,Priority,Via,"
        "Ticket type,Created at,Updated at,Organization,Solved at,Satisfaction Score,Reopens,Replies,"
        "Full resolution time in minutes"
    )
    row = (
        "35,Ann Lee,900,u_9,ann@shop.example,Cannot export,export,Solved,High,Mail,Question,"
        "2026-01-05 10:00,2026-01-07 09:00,Acme,2026-01-06 08:00,Good,0,2,1320"
    )
    store = memory_store()
    report = load(store, write(tmp_path, "export-2026.csv", f"{head}\n{row}\n"))
    assert report.files[0].connector == "zendesk ticket"
    assert events(store) == [
        ("ann@shop.example", "2026-01-05 10:00:00", "Ticket opened"),
        ("ann@shop.example", "2026-01-06 08:00:00", "Ticket solved"),
        ("ann@shop.example", "2026-01-07 09:00:00", "Ticket rated: good"),
    ]
    assert "Ann Lee" not in str(store.rows("SELECT properties FROM event"))
    assert store.rows("SELECT value FROM identifier_trait WHERE name = 'company'") == [("Acme",)]


def test_a_deleted_ticket_is_taken_back(tmp_path: Path) -> None:
    store = memory_store()
    load(store, page(tmp_path, "tickets", [TICKET]))
    gone = TICKET | {
        "status": "deleted",
        "updated_at": "2026-01-09T00:00:00Z",
        "satisfaction_rating": None,
    }
    load(store, page(tmp_path, "tickets_again", [gone]))
    assert "Ticket opened" not in [label for _, label in told(store)]


def test_chats_read_as_messages_and_answers(tmp_path: Path) -> None:
    rows = [
        "chat_id,created_at,actor_id,chat_index,message,type",
        "c1,2026-01-01 10:00:00,900,0,Hello,ChatMessage",
        "c1,2026-01-01 10:01:00,agent:7,1,Good morning,ChatMessage",
        "c1,2026-01-01 10:02:00,__trigger,2,We are open,ChatMessage",
        "c1,2026-01-01 10:03:00,900,3,,ChatSomethingNew",
    ]
    chat = "chat_id,ticket_id,user_id,visitor_id\nc1,35,900,v1\n"
    store = memory_store()
    load(
        store,
        write(tmp_path, "ticket_chat_event.csv", "\n".join(rows)),
        write(tmp_path, "ticket_chat.csv", chat),
    )
    assert [label for _, label in told(store)] == [
        "Chat message",
        "Chat answered",
        "Chat: automatic message",
        "Chat something new",
    ]
    assert store.rows("SELECT text FROM note") == [("Hello",)]
    assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1


def test_a_page_of_tickets_with_their_users_and_metrics(tmp_path: Path) -> None:
    ticket = TICKET | {
        "metric_set": {"solved_at": "2026-01-06T08:00:00Z", "reopens": 0, "replies": 1}
    }
    other = {"id": 36, "requester_id": 901, "status": "never_seen", "subject": "Hi", "via": {"channel": "api"},
             "created_at": "2026-01-08T10:00:00Z", "submitter_id": 7, "custom_fields": []}  # fmt: skip
    page = {
        "tickets": [ticket, other],
        "users": USERS,
        "end_time": 1,
        "count": 2,
        "next_page": None,
    }
    store = memory_store()
    report = load(store, write(tmp_path, "incremental_tickets.json", json.dumps(page)))
    assert [file.connector for file in report.files] == ["zendesk ticket", "zendesk user"]
    assert told(store) == [
        ("2026-01-05 10:00:00", "Ticket opened"),
        ("2026-01-06 08:00:00", "Ticket solved"),
        ("2026-01-07 09:00:00", "Ticket rated: good"),
        ("2026-01-08 10:00:00", "Ticket opened"),
    ]
    assert balanced([report])
