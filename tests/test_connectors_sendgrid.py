"""SendGrid: rows written by hand as its webhook, its activity feed and its API give them."""

import json
from pathlib import Path

from tests.intake import balanced, load, write
from tools.store.door import Store
from tools.store.workspace import memory_store


def told(store: Store) -> list[tuple[object, ...]]:
    return store.rows(
        "SELECT strftime(occurred_at, '%H:%M:%S'), label, event.kind FROM event "
        "JOIN touchpoint USING (touchpoint_id) ORDER BY occurred_at, label"
    )


def event(number: int, kind: str, **more: object) -> dict[str, object]:
    return {
        "email": "Ann@shop.example", "timestamp": 1767607200 + number, "event": kind, "sg_event_id": f"e{number}",
        "sg_message_id": "m1", "smtp-id": "<x@y.example>", "category": ["welcome"], "ip": "203.0.113.9", **more,
    }  # fmt: skip


EVENTS = [
    event(0, "processed"),
    event(1, "delivered", response="250 OK"),
    event(2, "open", sg_machine_open=True),
    event(3, "open", sg_machine_open=False),
    event(4, "click", url="https://x.example/a", user_id="u_9"),
    event(5, "bounce", type="blocked", reason="full"),
    event(6, "never_seen", brand_new="kept"),
]
TOLD = [
    ("10:00:00", "Email sent: welcome", "exposure"),
    ("10:00:01", "Email delivered: welcome", "exposure"),
    ("10:00:02", "Email opened by a machine: welcome", "exposure"),
    ("10:00:03", "Email opened: welcome", "action"),
    ("10:00:04", "Email clicked: welcome", "action"),
    ("10:00:05", "Email blocked: welcome", "exposure"),
    ("10:00:06", "Email never seen: welcome", "action"),
]


def test_webhook_events_as_list_and_as_lines_are_the_same(tmp_path: Path) -> None:
    store = memory_store()
    report = load(
        store,
        write(tmp_path, "batch.json", json.dumps(EVENTS)),
        write(tmp_path, "events.ndjson", "\n".join(map(json.dumps, EVENTS))),
    )
    assert [file.connector for file in report.files] == ["sendgrid event"] * 2
    assert balanced([report])
    assert told(store) == TOLD
    properties = str(store.rows("SELECT properties FROM event"))
    assert "kept" in properties
    assert "203.0.113.9" not in properties
    assert ("user", "u_9") in store.rows("SELECT kind, value FROM identifier")


def test_a_single_sends_name_comes_from_its_own_table(tmp_path: Path) -> None:
    send = {
        "result": [
            {
                "id": "s1",
                "name": "Welcome 2",
                "send_at": None,
                "status": "triggered",
                "is_abtest": False,
            }
        ]
    }
    store = memory_store()
    load(
        store,
        write(tmp_path, "events.json", json.dumps([event(0, "open", singlesend_id="s1")])),
        write(tmp_path, "singlesends.json", json.dumps(send)),
    )
    assert told(store) == [("10:00:00", "Email opened: Welcome 2", "action")]


def test_the_activity_feeds_export(tmp_path: Path) -> None:
    head = "processed,message_id,event,api_key_id,recv_message_id,subject,from,email,asm_group_id,originating_ip,reason,url,user_agent,type,categories"
    row = "2026-01-05 10:00:00,m1,click,k,r,Hello,shop@shop.example,ann@shop.example,,203.0.113.9,,https://x.example/a,UA,,welcome"
    store = memory_store()
    report = load(store, write(tmp_path, "activity.csv", f"{head}\n{row}\n"))
    assert report.files[0].connector == "sendgrid event"
    assert told(store) == [("10:00:00", "Email clicked: welcome", "action")]
    assert "shop@shop.example" not in str(store.rows("SELECT properties FROM event"))


def test_messages_with_and_without_their_events(tmp_path: Path) -> None:
    rows = [
        {"from_email": "a@x.example", "msg_id": "m1", "subject": "Hello", "to_email": "ann@shop.example",
         "status": "delivered", "opens_count": 1, "clicks_count": 0, "last_event_time": "2026-01-05T10:00:00Z"},
        {"from_email": "a@x.example", "msg_id": "m2", "subject": "Hello", "to_email": "ann@shop.example",
         "status": "delivered", "events": [
             {"event_name": "processed", "processed": "2026-01-05T11:00:00Z"},
             {"event_name": "opened", "processed": "2026-01-05T11:01:00Z"}]},
    ]  # fmt: skip
    store = memory_store()
    load(store, write(tmp_path, "messages.json", json.dumps(rows)))
    assert told(store) == [
        ("10:00:00", "Email delivered", "exposure"),
        ("11:00:00", "Email sent", "exposure"),
        ("11:01:00", "Email opened", "action"),
    ]


def test_suppressions_and_unsubscribes(tmp_path: Path) -> None:
    bounce = [
        {"created": 1767607200, "email": "ann@shop.example", "reason": "550", "status": "5.1.1"}
    ]
    left = [{"created": 1767607260, "email": "ann@shop.example"}]
    store = memory_store()
    load(
        store,
        write(tmp_path, "bounces.json", json.dumps(bounce)),
        write(tmp_path, "sendgrid_unsubscribes.json", json.dumps(left)),
    )
    assert told(store) == [
        ("10:00:00", "Email bounced", "exposure"),
        ("10:01:00", "Email unsubscribed", "action"),
    ]
