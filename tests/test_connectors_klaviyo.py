"""Klaviyo: rows written by hand in its three shapes: warehouse tables, API records, profile export."""

import json
from pathlib import Path

from tests.intake import balanced, load, write
from tools.store.door import Store
from tools.store.workspace import memory_store


def event(number: str, metric: str, at: str, **properties: object) -> dict[str, object]:
    return {
        "type": "event",
        "id": number,
        "attributes": {"timestamp": 1, "datetime": at, "uuid": "u", "event_properties": properties},
        "relationships": {
            "profile": {
                "data": {"type": "profile", "id": "P1"},
                "links": {"self": "https://a.example"},
            },
            "metric": {"data": {"type": "metric", "id": metric}},
        },
        "links": {"self": "https://a.example/e"},
    }


SENT = {"$message": "M1", "Campaign Name": "Welcome 2", "Subject": "Hi", "$_cohort$message_send_cohort": "1:M1"}  # fmt: skip
SEEN = SENT | {"Client Type": "browser", "machine_open": False}
EVENTS = [
    event("e1", "R1", "2026-01-05 10:00:00+00:00", **SENT),
    event("e2", "O1", "2026-01-05 11:00:00+00:00", **SEEN),
    event("e3", "C1", "2026-01-05 12:00:00+00:00", **SEEN, URL="https://x.example/a"),
    event("e4", "X1", "2026-01-05 13:00:00+00:00", **{"$value": 12.5, "Items": ["Cup"], "Brand New": {"a": 1}}),
]  # fmt: skip
NAMES = {"R1": "Received Email", "O1": "Opened Email", "C1": "Clicked Email", "X1": "Wheel Spun"}
INCLUDED: list[dict[str, object]] = [
    {"type": "metric", "id": key, "attributes": {"name": name, "integration": {"name": "Klaviyo"}}}
    for key, name in NAMES.items()
]
PROFILE = {
    "type": "profile", "id": "P1",
    "attributes": {"email": "Ann@shop.example", "phone_number": "+442079460001", "external_id": "u_9",
                   "first_name": "Ann", "organization": "Acme", "title": "Buyer",
                   "location": {"city": "Rome", "country": "Italy", "ip": "203.0.113.9"},
                   "created": "2026-01-01T00:00:00+00:00", "updated": "2026-01-02T00:00:00+00:00"},
}  # fmt: skip
TOLD = [
    ("2026-01-05 10:00:00", "Email received: Welcome 2", "exposure"),
    ("2026-01-05 11:00:00", "Email opened: Welcome 2", "action"),
    ("2026-01-05 12:00:00", "Email clicked: Welcome 2", "action"),
    ("2026-01-05 13:00:00", "Wheel Spun", "action"),
]


def told(store: Store) -> list[tuple[object, ...]]:
    return store.rows(
        "SELECT strftime(occurred_at, '%Y-%m-%d %H:%M:%S'), label, event.kind FROM event "
        "JOIN touchpoint USING (touchpoint_id) ORDER BY occurred_at, label"
    )


def dump(tmp_path: Path, name: str, page: object) -> Path:
    return write(tmp_path, name, json.dumps(page))


def test_api_records_are_told_by_their_metric_whichever_comes_first(tmp_path: Path) -> None:
    files = [
        dump(tmp_path, "events.json", {"data": EVENTS, "links": {"self": "x", "next": None}}),
        dump(tmp_path, "metrics.json", {"data": INCLUDED, "links": {"self": "x"}}),
        dump(tmp_path, "profiles.json", {"data": [PROFILE], "links": {"self": "x"}}),
    ]
    for order in (files, files[::-1]):
        store = memory_store()
        report = load(store, *order)
        assert {file.connector for file in report.files} == {"klaviyo record"}
        assert told(store) == TOLD
        assert balanced([report])
        assert sorted(store.rows("SELECT kind, value FROM identifier")) == [
            ("email", "ann@shop.example"),
            ("klaviyo_person", "P1"),
            ("phone", "442079460001"),
            ("user", "u_9"),
        ]
        assert store.value("SELECT count(DISTINCT person_id) FROM identifier") == 1


def test_records_of_several_types_may_stand_together(tmp_path: Path) -> None:
    lines = [json.dumps(record) for record in [*EVENTS, *INCLUDED, PROFILE]]
    store = memory_store()
    report = load(store, write(tmp_path, "klaviyo.ndjson", "\n".join(lines)))
    assert told(store) == TOLD
    assert sum(report.files[0].accounts.values()) == len(lines)
    assert report.files[0].rows_rejected == 0
    kept = json.loads(
        str(store.value("SELECT properties FROM event ORDER BY occurred_at DESC LIMIT 1"))
    )
    assert (kept["value"], kept["Brand New.a"]) == (12.5, "1")
    assert "203.0.113.9" not in str(store.rows("SELECT properties FROM event"))


def test_warehouse_events_are_told_by_campaign_and_flow(tmp_path: Path) -> None:
    rows = [
        "id,person_id,campaign_id,flow_id,datetime,metric_id,type,property_value,property_currency_code,"
        "property_campaign_name,property_new,_fivetran_deleted,_fivetran_synced",
        "w1,P1,K1,,2026-01-05 10:00:00,R1,Received Email,,,,x,false,2026-01-06 00:00:00",
        "w2,P1,,F1,2026-01-05 11:00:00,C1,Clicked Email,,,,x,false,2026-01-06 00:00:00",
        "w3,P1,,,2026-01-05 12:00:00,O1,Placed Order,20,usd,,x,false,2026-01-06 00:00:00",
        "w4,P1,,,2026-01-05 13:00:00,O2,Ordered Product,20,usd,,x,false,2026-01-06 00:00:00",
        "w5,P1,,,2026-01-05 14:00:00,S1,Failed to Deliver SMS,,,1586116963:K1,x,false,2026-01-06 00:00:00",
        "w6,P1,,,2026-01-05 15:00:00,S2,Opened Email,,,,x,true,2026-01-06 00:00:00",
    ]
    names = "id,name,status,archived,trigger_type,updated\nF1,Welcome flow,live,false,Metric,2026-01-01\n"
    campaign = (
        "id,name,subject,campaign_type,from_email,status,send_time,updated\n"
        "K1,January news,Hello,Regular,a@shop.example,sent,2026-01-05 09:00:00,2026-01-05\n"
    )
    store = memory_store()
    report = load(
        store,
        write(tmp_path, "event.csv", "\n".join(rows)),
        write(tmp_path, "flow.csv", names),
        write(tmp_path, "campaign.csv", campaign),
    )
    assert [file.connector for file in report.files] == [
        "klaviyo event",
        "klaviyo flow",
        "klaviyo campaign",
    ]
    assert told(store) == [
        ("2026-01-05 10:00:00", "Email received: January news", "exposure"),
        ("2026-01-05 11:00:00", "Email clicked: Welcome flow", "action"),
        ("2026-01-05 12:00:00", "Placed Order", "action"),
        ("2026-01-05 13:00:00", "Ordered Product", "action"),
        ("2026-01-05 14:00:00", "SMS failed to deliver", "exposure"),
    ]
    # An order's money is counted once, not again with its products.
    assert store.rows("SELECT value, currency FROM event WHERE value IS NOT NULL") == [
        (20.0, "USD")
    ]


def test_an_updated_row_replaces_the_older_one(tmp_path: Path) -> None:
    head = "id,person_id,datetime,metric_id,type,_fivetran_synced"
    old = "w1,P1,2026-01-05 10:00:00,C1,Clicked Email,2026-01-06 00:00:00"
    new = "w1,P1,2026-01-05 10:30:00,C1,Clicked Email,2026-01-07 00:00:00"
    first, second = (
        write(tmp_path, f"event_{n}.csv", f"{head}\n{row}\n") for n, row in enumerate((old, new))
    )
    for order in ((first, second), (second, first)):
        store = memory_store()
        for path in order:
            load(store, path)
        assert told(store) == [("2026-01-05 10:30:00", "Email clicked", "action")]


def test_the_first_apis_events_carry_name_and_person(tmp_path: Path) -> None:
    row = {
        "object": "event", "id": "v1", "statistic_id": "R1", "timestamp": 1767607200,
        "event_name": "Bounced Email", "datetime": "2026-01-05 10:00:00+00:00", "uuid": "u",
        "event_properties": {"Campaign Name": "Welcome 2", "Bounce Type": "Hard", "$message": "M1"},
        "person": {"id": "P1", "$email": "ann@shop.example", "$first_name": "Ann"},
    }  # fmt: skip
    store = memory_store()
    load(store, dump(tmp_path, "timeline.json", {"data": [row], "count": 1}))
    assert told(store) == [("2026-01-05 10:00:00", "Email bounced: Welcome 2", "exposure")]
    assert store.value("SELECT count(DISTINCT person_id) FROM identifier") == 1
    assert "Ann" not in str(store.rows("SELECT properties FROM event"))


def test_the_profile_export_of_klaviyos_own_pages(tmp_path: Path) -> None:
    head = "Email,Klaviyo ID,First Name,Last Name,Organization,Title,Phone Number,City,Country,Email Marketing Consent,Profile Created On,Last Open"
    row = "ann@shop.example,P1,Ann,Lee,Acme,Buyer,+442079460001,Rome,Italy,SUBSCRIBED,2026-01-01 10:00:00,2026-01-05"
    store = memory_store()
    report = load(store, write(tmp_path, "all-profiles.csv", f"{head}\n{row}\n"))
    assert report.files[0].connector == "klaviyo profile_export"
    assert {("company", "Acme"), ("job_title", "Buyer"), ("country", "Italy")} <= set(
        store.rows("SELECT name, value FROM identifier_trait")
    )
    assert ("klaviyo_person", "P1") in store.rows("SELECT kind, value FROM identifier")


def test_a_page_with_its_included_records_is_two_tables(tmp_path: Path) -> None:
    page = {"data": EVENTS, "included": [*INCLUDED, PROFILE], "links": {"self": "x", "next": None}}
    store = memory_store()
    report = load(store, dump(tmp_path, "events.json", page))
    assert {file.connector for file in report.files} == {"klaviyo record"}
    assert told(store) == TOLD
    assert sum(file.rows_rejected for file in report.files) == 0
    assert store.value("SELECT count(DISTINCT person_id) FROM identifier") == 1


def test_very_many_different_fields_stay_properties(tmp_path: Path) -> None:
    wide = [
        event(
            f"w{n}",
            "O1",
            f"2026-01-05 10:00:0{n}+00:00",
            **SEEN,
            **{f"Field {n}-{m}": m for m in range(60)},
        )
        for n in range(5)
    ]
    store = memory_store()
    load(
        store,
        dump(tmp_path, "events.json", {"data": wide, "links": {}}),
        dump(tmp_path, "metrics.json", {"data": INCLUDED}),
    )
    assert store.rows("SELECT DISTINCT label FROM event JOIN touchpoint USING (touchpoint_id)") == [
        ("Email opened: Welcome 2",)
    ]
    assert "Field 4-59" in str(store.rows("SELECT properties FROM event"))


def test_events_without_their_metrics_are_told_by_what_they_hold(tmp_path: Path) -> None:
    store = memory_store()
    load(store, dump(tmp_path, "events.json", {"data": EVENTS, "links": {}}))
    assert [label for _, label, _ in told(store)] == [
        "metric R1: Welcome 2",
        "Email opened: Welcome 2",
        "Email clicked: Welcome 2",
        "metric X1",
    ]
