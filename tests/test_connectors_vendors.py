"""The sample company's exports: a few hand-written rows per system, and the whole against its truth."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.intake import events, load, write
from tools.connectors.contract import ImportOptions
from tools.journeys.intake import take_in
from tools.sample.company import SampleCompany, generate
from tools.store.door import Store
from tools.store.workspace import Workspace, memory_store

SIMULATED = (
    "touchpoint_id NOT IN (SELECT touchpoint_id FROM touchpoint WHERE label IN "
    "('Payment succeeded', 'Payment failed', 'Subscription cancelled'))"
)
"""What the simulation counts: what Stripe does by itself, and how subscriptions end, it leaves out."""
LOADED_AT = datetime(2026, 9, 1, tzinfo=UTC).replace(tzinfo=None)


def ga4_row(name: str, location: str, **more: object) -> str:
    return json.dumps(
        {
            "event_timestamp": "1768382053211000",
            "event_name": name,
            "event_params": [{"key": "page_location", "value": {"string_value": location}}],
            "user_pseudo_id": "1.1",
            "device": {"category": "mobile", "web_info": {"browser": "Safari"}},
            "collected_traffic_source": {"manual_source": "google", "manual_medium": "organic"},
            **more,
        }
    )


def labels(store: Store) -> list[str]:
    return [str(row[2]) for row in events(store)]


def test_ga4_pages_read_as_a_marketer_would_say_them(tmp_path: Path) -> None:
    site = "https://www.shop.example"
    rows = [
        ga4_row("page_view", f"{site}/"),
        ga4_row("page_view", f"{site}/customers/acme?utm_source=x"),
        ga4_row("page_view", f"{site}/blog/guides/how-to"),
        ga4_row("page_view", f"{site}/pricing"),
        ga4_row("session_start", f"{site}/pricing"),  # carries identifiers only
        ga4_row("sign_up", f"{site}/app", user_id="u_1"),
    ]
    store = memory_store()
    load(store, write(tmp_path, "ga4.json", "\n".join(rows)))
    assert sorted(labels(store)) == [
        "Blog: guides",
        "Case study",
        "Home",
        "Pricing",
        "Sign-up completed",
    ]
    assert store.rows("SELECT DISTINCT channel FROM event") == [("Organic search",)]


def test_one_event_id_delivered_twice_is_one_event(tmp_path: Path) -> None:
    header = "id,person_id,email,metric_name,datetime,campaign_id,campaign_name,flow_id,flow_name,subject"
    row = "e1,p1,Ann@Shop.example,Clicked Email,2026-01-01T10:00:00+00:00,c,Welcome,,,Hi"
    store = memory_store()
    report = load(store, write(tmp_path, "klaviyo.csv", "\n".join([header, row, row])))
    file = report.files[0]
    assert (file.rows_taken, file.rows_duplicate, report.events) == (1, 1, 1)


def test_a_mailbox_is_one_person_whatever_its_case_and_tag(tmp_path: Path) -> None:
    header = "id,person_id,email,metric_name,datetime,campaign_id,campaign_name,flow_id,flow_name,subject"
    rows = [
        "e1,,Ann@Shop.example,Clicked Email,2026-01-01T10:00:00+00:00,,,,,",
        "e2,, ann+support@shop.example ,Opened Email,2026-01-02T10:00:00+00:00,,,,,",
    ]
    store = memory_store()
    report = load(store, write(tmp_path, "klaviyo.csv", "\n".join([header, *rows])))
    assert report.persons == 1


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[SampleCompany, Store]:
    folder = tmp_path_factory.mktemp("sample")
    company = generate(folder / "exports", persons=3000)
    workspace = Workspace(folder / "workspace")
    take_in(
        workspace,
        [folder / "exports"],
        ImportOptions(),
        loaded_at=LOADED_AT,
        progress=lambda _: None,
    )
    return company, workspace.read()


def test_the_sample_company_loads_as_it_was_made(loaded: tuple[SampleCompany, Store]) -> None:
    company, store = loaded
    assert store.value(f"SELECT count(*) FROM event WHERE {SIMULATED}") == company.events
    assert store.value("SELECT count(*) FROM person") == company.persons
    assert (
        store.value("SELECT count(*) FROM journey WHERE outcome = 'converted'")
        == company.conversions
    )
    # A journey that a cancellation begins is none of the simulation's.
    begun = "journey_id IN (SELECT event_id FROM event WHERE {})"
    begun = begun.format(SIMULATED)
    assert store.value(f"SELECT count(*) FROM journey WHERE {begun}") == company.journeys


def test_its_bad_rows_are_kept_with_their_reasons(loaded: tuple[SampleCompany, Store]) -> None:
    company, store = loaded
    bots = "field = 'device.web_info.browser'"
    assert store.value(f"SELECT count(*) FROM rejected_row WHERE NOT {bots}") == len(
        company.bad_rows
    )
    assert store.value("SELECT count(*) FROM rejected_row WHERE reason IS NULL OR reason = ''") == 0


def test_every_row_of_every_file_is_accounted_for(loaded: tuple[SampleCompany, Store]) -> None:
    company, store = loaded
    told = store.rows(
        "SELECT name, rows_read, rows_taken + rows_duplicate + rows_rejected FROM load"
    )
    assert len(told) == len(company.files)
    assert all(read == accounted for _, read, accounted in told)


def test_the_exports_open_as_the_systems_write_them(tmp_path: Path) -> None:
    generate(tmp_path, persons=200)
    first = sorted((tmp_path / "ga4").iterdir())[0]
    with gzip.open(first, "rt") as lines:
        assert "event_params" in json.loads(next(lines))
