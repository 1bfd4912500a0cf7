"""Iterable: rows written by hand as its raw export, its API and a warehouse give them."""

import json
from pathlib import Path

import pytest

from tests.intake import balanced, load, write
from tools.store.door import Store
from tools.store.workspace import memory_store


def told(store: Store) -> list[tuple[object, ...]]:
    return store.rows(
        "SELECT strftime(occurred_at, '%Y-%m-%d %H:%M:%S'), label, event.kind FROM event "
        "JOIN touchpoint USING (touchpoint_id) ORDER BY occurred_at, label"
    )


def row(at: str, **more: object) -> str:
    return json.dumps(
        {
            "createdAt": f"2026-01-05 {at} +00:00",
            "email": "ann@shop.example",
            "userId": "u_9",
            "campaignId": 12,
            "messageId": "m1",
            "ip": "203.0.113.9",
            "itblInternal": {"documentCreatedAt": "2026-01-05 10:00:00 +00:00"},
            "brandNew": "kept",
            **more,
        }
    )


@pytest.mark.parametrize(
    ("file", "label", "kind"),
    [
        ("emailSend.json", "Email received: Welcome 2", "exposure"),
        ("email_open_2026.ndjson", "Email opened: Welcome 2", "action"),
        ("emailClick.json", "Email clicked: Welcome 2", "action"),
        ("emailUnSubscribe.json", "Email unsubscribed: Welcome 2", "action"),
        ("emailBounce.json", "Email bounced: Welcome 2", "exposure"),
        ("smsReceived.json", "SMS sent by them: Welcome 2", "action"),
        ("inAppOpen.json", "In-app message opened: Welcome 2", "action"),
    ],
)
def test_a_raw_exports_name_tells_the_kind(
    tmp_path: Path, file: str, label: str, kind: str
) -> None:
    campaign = {"campaigns": [{"id": 12, "name": "Welcome 2", "campaignState": "Running", "templateId": 1,
                               "createdAt": 1767600000000, "updatedAt": 1767600000000}]}  # fmt: skip
    store = memory_store()
    report = load(
        store,
        write(tmp_path, file, row("10:00:00") + "\n" + row("10:00:00")),  # delivered twice
        write(tmp_path, "campaigns.json", json.dumps(campaign)),
    )
    assert balanced([report])
    assert told(store) == [("2026-01-05 10:00:00", label, kind)]
    assert "kept" in str(store.rows("SELECT properties FROM event"))
    assert "203.0.113.9" not in str(store.rows("SELECT properties FROM event"))
    assert store.value("SELECT count(DISTINCT person_id) FROM identifier") == 1


def test_custom_events_and_purchases(tmp_path: Path) -> None:
    custom = row("11:00:00", eventName="trialStarted", campaignId=None, messageId=None)
    purchase = row("12:00:00", total=20.5, shoppingCartItems=[{"name": "Cup"}], id="o1")
    store = memory_store()
    load(
        store,
        write(tmp_path, "customEvent.json", custom),
        write(tmp_path, "purchase.json", purchase),
    )
    assert told(store) == [
        ("2026-01-05 11:00:00", "Trial started", "action"),
        ("2026-01-05 12:00:00", "Purchase", "action"),
    ]
    assert store.rows("SELECT value FROM event WHERE value IS NOT NULL") == [(20.5,)]


def test_warehouse_events_with_their_extension(tmp_path: Path) -> None:
    head = "_fivetran_id,email,campaign_id,message_id,created_at,event_name,unsub_source,additional_properties,_fivetran_synced,_fivetran_user_id"
    rows = [
        'f1,ann@shop.example,12,m1,2026-01-05 10:00:00,emailOpen,,"{""color"":""red"",""ip"":""203.0.113.9""}",2026-01-06,77',
        "f2,,,,2026-01-05 11:00:00,somethingNew,,,2026-01-06,77",
    ]
    extension = "_fivetran_id,email_id,email_subject,workflow_name,_fivetran_user_id\nf1,c12:t1:ann@shop.example,Hello,Onboarding,77\n"
    files = [
        write(tmp_path, "event_data.csv", "\n".join([head, *rows])),
        write(tmp_path, "event_extension_data.csv", extension),
    ]
    for order in (files, files[::-1]):
        store = memory_store()
        load(store, *order)
        assert [label for _, label, _ in told(store)] == [
            "Email opened: campaign 12",
            "Something new",
        ]
        assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1
        properties = json.loads(
            str(store.value("SELECT properties FROM event ORDER BY occurred_at LIMIT 1"))
        )
        assert properties == {"color": "red", "subject": "Hello", "workflow": "Onboarding"}


def test_leaving_a_channel_is_told_once_at_its_first_time(tmp_path: Path) -> None:
    rows = [
        "email,channel_id,updated_at,_fivetran_synced",
        "ann@shop.example,5,2026-01-02 10:00:00,2026-01-03",
        "ann@shop.example,5,2026-01-01 10:00:00,2026-01-03",
    ]
    channel = "id,name,channel_type,message_medium\n5,Marketing,Marketing,Email\n"
    store = memory_store()
    load(
        store,
        write(tmp_path, "user_unsubscribed_channel_history.csv", "\n".join(rows)),
        write(tmp_path, "channel.csv", channel),
    )
    assert told(store) == [("2026-01-01 10:00:00", "Unsubscribed: Marketing", "action")]


def test_a_subscription_needs_no_campaign(tmp_path: Path) -> None:
    row = {
        "createdAt": "2026-01-05 10:00:00 +00:00",
        "email": "ann@shop.example",
        "emailListIds": [1],
        "signupSource": "WebForm",
    }
    store = memory_store()
    load(store, write(tmp_path, "emailSubscribe.json", json.dumps(row)))
    assert told(store) == [("2026-01-05 10:00:00", "Email subscribed", "action")]
