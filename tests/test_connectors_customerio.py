"""Customer.io: rows written by hand as its webhooks, its API and its warehouse exports give them."""

import json
from pathlib import Path

from tests.intake import balanced, load, write
from tools.store.door import Store
from tools.store.workspace import memory_store

DATA = {
    "customer_id": "u_9", "delivery_id": "d1", "campaign_id": 5, "recipient": "ann@shop.example", "subject": "Hello",
    "identifiers": {"id": "u_9", "email": "ann@shop.example", "cio_id": "c_1"},
}  # fmt: skip
CAMPAIGNS = {"campaigns": [{"id": 5, "deduplicate_id": "5:1", "name": "Welcome 2", "state": "running", "updated": 1767600000}]}  # fmt: skip


def hook(number: int, metric: str, object_type: str = "email", **more: object) -> dict[str, object]:
    return {
        "event_id": f"e{number}", "object_type": object_type, "metric": metric, "timestamp": 1767607200 + number,
        "data": DATA | more,
    }  # fmt: skip


def told(store: Store) -> list[tuple[object, ...]]:
    return store.rows(
        "SELECT strftime(occurred_at, '%H:%M:%S'), label, event.kind FROM event "
        "JOIN touchpoint USING (touchpoint_id) ORDER BY occurred_at, label"
    )


def test_webhooks_and_messages_tell_one_delivery_once(tmp_path: Path) -> None:
    hooks = [
        hook(0, "sent"),
        hook(5, "opened"),
        hook(9, "clicked", href="https://x.example/a"),
        hook(10, "brand_new"),
    ]
    message = [{"id": "d1", "customer_id": "u_9", "recipient": "ann@shop.example", "type": "email",
                "campaign_id": 5, "subject": "Hello", "customer_identifiers": DATA["identifiers"],
                "metrics": {"sent": 1767607200, "opened": 1767607205}, "created": 1767607190}]  # fmt: skip
    files = [
        write(tmp_path, "hooks.ndjson", "\n".join(map(json.dumps, hooks))),
        write(tmp_path, "messages.json", json.dumps(message)),
        write(tmp_path, "campaigns.json", json.dumps(CAMPAIGNS)),
    ]
    for order in (files, files[::-1]):
        store = memory_store()
        report = load(store, *order)
        assert balanced([report])
        assert told(store) == [
            ("10:00:00", "Email sent: Welcome 2", "exposure"),
            ("10:00:05", "Email opened: Welcome 2", "action"),
            ("10:00:09", "Email clicked: Welcome 2", "action"),
            ("10:00:10", "Email brand new: Welcome 2", "action"),
        ]
        assert sorted(store.rows("SELECT kind, value FROM identifier")) == [
            ("customerio_person", "c_1"),
            ("email", "ann@shop.example"),
            ("user", "u_9"),
        ]
        assert "@" not in str(store.rows("SELECT properties FROM event"))


def test_a_warehouses_metrics_belong_to_the_deliverys_person(tmp_path: Path) -> None:
    files = [
        write(tmp_path, "metrics.csv", "event_id,workspace_id,delivery_id,metric,reason,link_id,link_url,created_at\nx1,1,d1,opened,,,,2026-01-05 10:00:00\n"),
        write(tmp_path, "deliveries.csv", "workspace_id,delivery_id,internal_customer_id,delivery_type,campaign_id,newsletter_id,created_at\n1,d1,c_1,email,5,,2026-01-05 09:00:00\n"),
        write(tmp_path, "people.csv", "workspace_id,customer_id,internal_customer_id,deleted,suppressed,created_at,updated_at,email_addr\n1,u_9,c_1,false,false,2026-01-01,2026-01-01,ann@shop.example\n"),
        write(tmp_path, "campaigns.json", json.dumps(CAMPAIGNS)),
    ]  # fmt: skip
    for order in (files, files[::-1]):
        store = memory_store()
        load(store, *order)
        assert told(store) == [("10:00:00", "Message opened", "action")]
        assert store.rows("SELECT campaign FROM event") == [("Welcome 2",)]
        people = (
            "SELECT count(DISTINCT person_id) FROM identifier WHERE kind <> 'customerio_delivery'"
        )
        assert store.value(people) == 1
        assert store.value("SELECT person_id FROM event") == store.value(
            "SELECT person_id FROM identifier WHERE kind = 'email'"
        )


def test_people_give_identifiers_and_traits(tmp_path: Path) -> None:
    head = "cio_id,id,email,first_name,plan,created_at"
    store = memory_store()
    report = load(
        store,
        write(tmp_path, "people.csv", f"{head}\nc_1,u_9,ann@shop.example,Ann,pro,1767600000\n"),
    )
    assert report.files[0].connector == "customerio person_export"
    assert set(store.rows("SELECT name, value FROM identifier_trait")) == {
        ("first_name", "Ann"),
        ("plan", "pro"),
    }
