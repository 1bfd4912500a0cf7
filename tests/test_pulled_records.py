"""What each vendor's API returns, landed as a pull lands it, is read by that vendor's connector.

`landed/VENDOR.json` has one or two records of each endpoint, with all fields that the vendor's
documentation shows, and the parent's id where pulling adds it.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.api_server import ApiServer, served
from tests.api_vendors import vendors
from tests.intake import balanced, load
from tests.pulled import account
from tools.connectors.contract import ImportOptions
from tools.ingest import IngestReport
from tools.journeys.intake import take_in
from tools.pulling import loading
from tools.pulling.landing import Landing, Page, join
from tools.pulling.position import Position
from tools.pulling.registry import APIS
from tools.store.door import Store
from tools.store.workspace import memory_store

RECORDS = Path(__file__).parent / "landed"
FULL_ENOUGH = ("facebook_ads", "hubspot", "iterable", "mixpanel", "posthog", "sendgrid")
"""Of the servers that pulling is tested against: those whose records have more than an id and a time."""
ANN, BOB, CID = "ann@shop.example", "bob@shop.example", "cid@shop.example"


@dataclass(frozen=True)
class Told:
    """What a vendor's records come to."""

    events: dict[str, set[str]] = field(default_factory=dict)
    """By the person's address, or user id where there is none."""
    notes: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    """Some of the labels."""
    spend: dict[str, float] = field(default_factory=dict)
    """Cost by campaign."""
    rejected: dict[str, int] = field(default_factory=dict)
    """Rows of which nothing is told, by endpoint: see the comments."""


TOLD = {
    "stripe": Told(
        {ANN: {"Customer created", "Checkout completed", "Payment succeeded", "Payment failed", "Refund", "Subscription started", "Subscription cancelled", "Invoice paid"}},
        rejected={"events": 1},  # a product's change is nobody's doing
    ),
    "shopify": Told(
        {ANN: {"Order placed", "Refund"}, BOB: {"Order placed", "Order cancelled"}, CID: {"Checkout started"}},
    ),
    "hubspot": Told(
        {ANN: {
            "Contact created", "Deal created", "Deal: Qualified to buy", "Deal: Closed won", "Deal won", "Meeting", "Sales call",
            "Sales email received", "Sales task", "Form submitted: Demo request", "Email sent: May news", "Email clicked: May news",
        }},
        notes={"Asked about SSO", "Wants a demo", "Looks good", "Please call me", "Acme 2026\nWants a trial first\nBest fit"},
        names={"Demo request", "May news"},
    ),
    "salesforce": Told(
        {ANN: {
            "Lead created", "Lead converted", "Deal created", "Deal: Proposal", "Deal won", "Sales call", "Meeting",
            "Added to campaign: Spring webinar", "Campaign responded: Spring webinar",
        }},
        notes={"Needs SSO", "Asked about prices"},
        names={"Spring webinar"},
    ),
    "klaviyo": Told(
        {ANN: {"Email clicked: Spring sale", "Placed Order"}},
        names={"Email clicked", "Placed Order", "Spring sale", "Welcome series", "Newsletter"},
    ),
    "zendesk": Told(
        {ANN: {"Ticket opened", "Ticket answered", "Ticket solved", "Ticket rated: good"}},
        notes={"Help, my printer is on fire!\nThe fire is very colorful.", "Please use water.", "Awesome support!"},
    ),
    "intercom": Told(
        {ANN: {"Conversation started", "Conversation answered", "Conversation replied", "Conversation closed", "Conversation rated: 5"}},
        notes={"Where is my invoice?", "Here it is.", "Thank you!", "Quick!"},
    ),
    "mailchimp": Told(
        # A recipient's row has no time of sending: it ties the mailbox to the member.
        {ANN: {"Subscribed: Newsletter", "Email opened: May news 2026", "Email clicked: May news 2026", "Email unsubscribed: May news 2026"}},
        names={"Newsletter", "May news 2026"},
    ),
    "mixpanel": Told({"u-17": {"Signed up", "Pricing"}}),
    "amplitude": Told({ANN: {"Signed up"}}),
    "posthog": Told({ANN: {"Signed up", "Pricing"}}),
    "google_ads": Told(spend={"Brand DE": 3.45}),
    "facebook_ads": Told(names={"Spring"}, spend={"Spring": 12.34}),
    "linkedin_ads": Told(names={"CTO webinar"}, spend={"CTO webinar": 45.6}),
    "marketo": Told(
        {ANN: {"Viewed page: Pricing", "Email opened: May News.Email 1"}},
        names={"Visit Webpage", "Open Email", "Send May News", "Newsletter"},
    ),
    "customerio": Told(
        {ANN: {
            "Signed up", "Viewed page: Pricing", "Email sent: Onboarding", "Email delivered: Onboarding", "Email opened: Onboarding",
            "Email clicked: Onboarding", "Email sent: May news letter", "Email bounced: May news letter",
        }},
        names={"Onboarding", "May news letter"},
    ),
    "iterable": Told(
        {
            ANN: {
                "Email received: Welcome 1", "Email opened: Welcome 1", "Email clicked: Welcome 1", "Email unsubscribed: Welcome 1",
                "Email subscribed", "Email marked as spam: Welcome 1", "Push received: Push 1", "Push opened: Push 1",
                "SMS received: campaign 5003", "SMS clicked: campaign 5003", "SMS sent by them",
                "In-app message opened: campaign 5004", "In-app message clicked: campaign 5004", "Purchase", "Trial started",
            },
            BOB: {"Email bounced: Welcome 1"},
        },
        names={"Welcome 1", "Push 1"},
    ),
    "sendgrid": Told({ANN: {"Email delivered"}, BOB: {"Email not delivered"}}),
    "freshdesk": Told(
        {ANN: {"Ticket opened", "Ticket answered", "Ticket replied", "Ticket solved", "Ticket rated: happy"}},
        notes={"Invoice missing\nWhere is it?", "Attached.", "Thanks!", "Quick"},
    ),
    "typeform": Told(
        {ANN: {"Form submitted: Why did you sign up?"}},
        notes={"A friend told me"}, names={"Why did you sign up?"},
    ),
    "surveymonkey": Told(
        {ANN: {"Survey answered: Customer survey"}}, notes={"More colours"}, names={"Customer survey"},
    ),
    "qualtrics": Told(
        {ANN: {"Survey answered: NPS 2026"}}, notes={"More colours"}, names={"NPS 2026"},
    ),
}  # fmt: skip


def records(vendor: str) -> dict[str, list[dict[str, object]]]:
    text = (RECORDS / f"{vendor}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def land(workspace: Path, vendor: str) -> Path:
    """Write a vendor's records as a pull does, and return the folder that is loaded."""
    api, told = APIS[vendor], records(vendor)
    landings = []
    for endpoint in api.endpoints:
        names = (endpoint.name, *(beside.name for beside in endpoint.beside))
        landing = Landing(workspace, vendor, endpoint.name)
        landing.land(Page({name: told.get(name, ()) for name in names}, Position(page=1)))
        landings.append(landing)
    folder = workspace / "landing" / "joined" / vendor
    joined = join(landings, folder / vendor, dict.fromkeys(told, "id"))
    assert joined is not None
    return folder


@pytest.fixture
def taken(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, Store, IngestReport]:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # elsewhere a real process is killed
    vendor, store = str(request.param), memory_store()
    folder = land(tmp_path, vendor)
    return vendor, store, load(store, folder, options=ImportOptions(source=vendor))


@pytest.mark.parametrize("vendor", sorted(APIS))
def test_each_endpoint_has_records_to_be_tried_with(vendor: str) -> None:
    api = APIS[vendor]
    pulled = {e.name for e in api.endpoints} | {b.name for e in api.endpoints for b in e.beside}
    assert set(records(vendor)) == pulled


@pytest.mark.parametrize("taken", sorted(TOLD), indirect=True)
def test_what_a_pull_lands_is_told_by_its_vendors_connector(
    taken: tuple[str, Store, IngestReport],
) -> None:
    vendor, store, report = taken
    told = TOLD[vendor]
    connectors = {Path(file.name).stem: file.connector for file in report.files}
    assert set(connectors) == set(records(vendor))
    assert {name for name in connectors.values() if name.split()[0] != vendor} == set()
    assert "reference table" not in " ".join(connectors.values())
    assert balanced([report])
    rejected = {Path(f.name).stem: f.rows_rejected for f in report.files if f.rows_rejected}
    assert rejected == told.rejected
    assert events_by_person(store) == told.events
    assert texts(store, "SELECT text FROM note") == told.notes
    assert told.names <= texts(store, "SELECT label FROM entity")
    spend = store.rows("SELECT campaign, cost FROM spend ORDER BY campaign")
    assert {str(name): cost for name, cost in spend} == told.spend


@pytest.mark.parametrize("name", FULL_ENOUGH)
def test_what_a_server_answers_is_pulled_landed_and_taken_in(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor, store = vendors()[name], memory_store()
    with served(ApiServer(vendor.answer, vendor.is_data)) as server:
        made = account(vendor, server, tmp_path, store, monkeypatch)
        monkeypatch.setattr(loading, "take_in", take_in)
        report = made.sync()
    assert (report.errors, report.rows_rejected) == ((), 0)
    assert report.rows_new >= len(vendor.rows)
    assert store.rows("SELECT DISTINCT source FROM load") == [(name,)]


def events_by_person(store: Store) -> dict[str, set[str]]:
    rows = store.rows(
        "SELECT coalesce(min(identifier.value) FILTER (identifier.kind = 'email' AND contains(identifier.value, '@')), "
        "min(identifier.value) FILTER (identifier.kind = 'user')), list(DISTINCT label) "
        "FROM event JOIN touchpoint USING (touchpoint_id) "
        "LEFT JOIN identifier ON identifier.person_id = event.person_id GROUP BY event.person_id ORDER BY 1"
    )
    return {str(person): set(told) for person, told in rows}  # type: ignore[call-overload]


def texts(store: Store, sql: str) -> set[str]:
    return {str(row[0]) for row in store.rows(sql)}
