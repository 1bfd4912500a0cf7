"""Mailchimp: rows written by hand in its three shapes: warehouse tables, API pages, list exports."""

import hashlib
import json
from pathlib import Path

from tests.intake import balanced, events, load, write
from tools.store.door import Store
from tools.store.workspace import memory_store

ANN = hashlib.md5(b"ann@shop.example", usedforsecurity=False).hexdigest()
ACTIVITY = {
    "emails": [
        {
            "campaign_id": "k1", "list_id": "l1", "list_is_active": True, "email_id": ANN,
            "email_address": "Ann@shop.example",
            "activity": [
                {"action": "open", "timestamp": "2026-01-05T10:00:00+00:00", "ip": "203.0.113.9"},
                {"action": "click", "timestamp": "2026-01-05T10:01:00+00:00", "url": "https://x.example/a", "ip": "203.0.113.9"},
                {"action": "bounce", "timestamp": "2026-01-05T09:00:00+00:00", "type": "soft"},
                {"action": "never_seen", "timestamp": "2026-01-05T11:00:00+00:00"},
            ],
        },
        {"campaign_id": "k1", "list_id": "l1", "email_id": "0cc175b9c0f1b6a831c399e269772661",
         "email_address": "bo@shop.example", "activity": []},
    ],
    "campaign_id": "k1", "total_items": 2,
}  # fmt: skip
CAMPAIGNS = {
    "campaigns": [
        {"id": "k1", "type": "regular", "status": "sent", "emails_sent": 2, "send_time": "2026-01-05T09:00:00+00:00",
         "settings": {"title": "Welcome 2", "subject_line": "Hello"}, "recipients": {"list_id": "l1"}},
    ],
    "total_items": 1,
}  # fmt: skip
TOLD = [
    ("2026-01-05 09:00:00", "Email bounced: Welcome 2", "exposure"),
    ("2026-01-05 10:00:00", "Email opened: Welcome 2", "action"),
    ("2026-01-05 10:01:00", "Email clicked: Welcome 2", "action"),
    ("2026-01-05 11:00:00", "Email never seen: Welcome 2", "action"),
]


def told(store: Store) -> list[tuple[object, ...]]:
    return store.rows(
        "SELECT strftime(occurred_at, '%Y-%m-%d %H:%M:%S'), label, event.kind FROM event "
        "JOIN touchpoint USING (touchpoint_id) ORDER BY occurred_at, label"
    )


def dump(tmp_path: Path, name: str, page: object) -> Path:
    return write(tmp_path, name, json.dumps(page))


def test_activity_nested_in_members_is_told_one_by_one(tmp_path: Path) -> None:
    files = [
        dump(tmp_path, "email-activity.json", ACTIVITY),
        dump(tmp_path, "campaigns.json", CAMPAIGNS),
    ]
    for order in (files, files[::-1]):
        store = memory_store()
        report = load(store, *order)
        assert told(store) == TOLD
        assert balanced([report])
        assert sum(file.rows_rejected for file in report.files) == 0
        assert store.rows("SELECT DISTINCT channel, campaign FROM event") == [
            ("Email", "Welcome 2")
        ]
        assert "203.0.113.9" not in str(store.rows("SELECT properties FROM event"))


def test_a_warehouses_activity_is_the_same_as_the_apis(tmp_path: Path) -> None:
    rows = [
        "action,campaign_id,member_id,timestamp,_fivetran_synced,bounce_type,combination_id,ip,list_id,url",
        f"open,k1,{ANN},2026-01-05 10:00:00,2026-01-06,,,203.0.113.9,l1,",
        f"click,k1,{ANN},2026-01-05 10:01:00,2026-01-06,,,203.0.113.9,l1,https://x.example/a",
    ]
    store = memory_store()
    load(
        store,
        write(tmp_path, "campaign_recipient_activity.csv", "\n".join(rows)),
        dump(tmp_path, "email-activity.json", ACTIVITY),
        dump(tmp_path, "campaigns.json", CAMPAIGNS),
    )
    assert told(store) == TOLD


def test_a_members_number_is_its_mailbox(tmp_path: Path) -> None:
    head = "action,automation_email_id,member_id,timestamp,list_id"
    row = f"open,a1,{ANN},2026-01-05 10:00:00,l1"
    store = memory_store()
    load(
        store,
        write(tmp_path, "automation_recipient_activity.csv", f"{head}\n{row}\n"),
        write(
            tmp_path, "orders.csv", "email,time,event\nann@shop.example,2026-01-06 10:00:00,Order\n"
        ),
    )
    assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1


def test_members_subscribe_and_leave(tmp_path: Path) -> None:
    page = {
        "members": [
            {"id": ANN, "email_address": "ann@shop.example", "unique_email_id": "u1", "contact_id": "c1",
             "status": "subscribed", "merge_fields": {"FNAME": "Ann", "LNAME": "Lee", "PHONE": "+442079460001"},
             "ip_signup": "203.0.113.9", "timestamp_signup": "2026-01-01T10:00:00+00:00", "member_rating": 2,
             "timestamp_opt": "2026-01-01T10:05:00+00:00", "last_changed": "2026-01-02T10:00:00+00:00",
             "location": {"country_code": "IT"}, "list_id": "l1"},
        ],
        "list_id": "l1", "total_items": 1,
    }  # fmt: skip
    lists = {
        "lists": [
            {"id": "l1", "name": "News", "permission_reminder": "x", "email_type_option": False}
        ]
    }
    gone = {
        "unsubscribes": [
            {"email_id": ANN, "email_address": "ann@shop.example", "timestamp": "2026-01-06T10:00:00+00:00",
             "reason": "None given", "campaign_id": "k1", "list_id": "l1"},
        ],
    }  # fmt: skip
    store = memory_store()
    load(
        store,
        dump(tmp_path, "members.json", page),
        dump(tmp_path, "unsubscribed.json", gone),
        dump(tmp_path, "lists.json", lists),
        dump(tmp_path, "campaigns.json", CAMPAIGNS),
    )
    assert [(time, label) for time, label, _ in told(store)] == [
        ("2026-01-01 10:00:00", "Subscribed: News"),
        ("2026-01-06 10:00:00", "Email unsubscribed: Welcome 2"),
    ]
    assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1
    assert {("first_name", "Ann"), ("country", "IT"), ("phone", "+442079460001")} <= set(
        store.rows("SELECT name, value FROM identifier_trait")
    )


def test_the_list_export_of_mailchimps_own_pages(tmp_path: Path) -> None:
    head = (
        "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,CC,"
        "LAST_CHANGED,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,LEID,EUID,NOTES,TAGS"
    )
    row = (
        "ann@shop.example,Ann,Lee,2,2026-01-01 10:00:00,203.0.113.9,2026-01-01 10:05:00,203.0.113.9,IT,"
        '2026-01-06 10:00:00,2026-01-06 10:00:00,Welcome 2,k1,NORMAL,123,u1,,"""VIP"""'
    )
    store = memory_store()
    report = load(store, write(tmp_path, "unsubscribed_members_export.csv", f"{head}\n{row}\n"))
    assert report.files[0].connector == "mailchimp member"
    assert [(time, label) for _, time, label in events(store)] == [
        ("2026-01-01 10:00:00", "Subscribed"),
        ("2026-01-06 10:00:00", "Email unsubscribed: Welcome 2"),
    ]
    assert ("email", "ann@shop.example") in store.rows("SELECT kind, value FROM identifier")


def test_a_deleted_row_takes_its_event_back(tmp_path: Path) -> None:
    head = "action,campaign_id,member_id,timestamp,list_id,_fivetran_synced,_fivetran_deleted"
    row = f"open,k1,{ANN},2026-01-05 10:00:00,l1"
    store = memory_store()
    load(store, write(tmp_path, "activity_1.csv", f"{head}\n{row},2026-01-06 00:00:00,false\n"))
    load(store, write(tmp_path, "activity_2.csv", f"{head}\n{row},2026-01-07 00:00:00,true\n"))
    assert told(store) == []


def test_the_export_of_cleaned_members(tmp_path: Path) -> None:
    head = "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,LEID,EUID"
    row = "ann@shop.example,Ann,1,,2026-01-01 10:00:00,2026-01-03 10:00:00,Welcome 2,k1,2,u2"
    store = memory_store()
    load(store, write(tmp_path, "cleaned_email_audience_export.csv", f"{head}\n{row}\n"))
    assert told(store) == [("2026-01-03 10:00:00", "Email bounced: Welcome 2", "exposure")]
