"""Files of product analytics that no one on this project wrote; the numbers were counted by hand."""

import os
from pathlib import Path

import pandas as pd
import pytest

from tests.intake import load
from tests.told import column, happened, ties, traits
from tools.ingest import FileReport
from tools.store.door import Store
from tools.store.workspace import memory_store

pytestmark = pytest.mark.shared


def shared(name: str) -> Path:
    return Path(os.environ["DESIREPATH_SHARED"]) / "data" / name


def tables(system: str, store: Store) -> dict[str, FileReport]:
    files = sorted(shared(f"vendor_exports/{system}").glob("*.csv"))
    return {file.name.removesuffix(".csv"): file for file in load(store, *files).files}


def counts(report: FileReport) -> dict[str, int]:
    assert sum(report.accounts.values()) == report.rows_read
    return {kind: number for kind, number in report.accounts.items() if number}


def test_ga4_s_flat_table() -> None:
    store = memory_store()
    told = tables("ga4_export", store)
    # The third row is a scroll: it says only who is there.
    assert counts(told["event_data"]) == {"events": 5, "traits": 1}
    assert [label for _, label in happened(store)] == [
        "Purchase", "Add to cart", "Begin checkout", "View item", "Checkout",
    ]  # fmt: skip
    assert column(store, "value")["Purchase"] == 29.99
    # Two of three cookies are user_123's.
    assert store.value("SELECT count(DISTINCT person_id) FROM event") == 2
    assert store.value("SELECT count(DISTINCT session_id) FROM event") == 4


def test_mixpanel_s_events() -> None:
    store = memory_store()
    told = tables("mixpanel", store)
    assert counts(told["event"]) == {"events": 5}
    assert ("mixpanel_visitor:9e308c27-42ab-57af-beef-555708cde092", "user:114521", "same") in ties(
        store
    )


def test_amplitude_s_events_and_the_names_of_their_types() -> None:
    store = memory_store()
    told = tables("amplitude", store)
    assert counts(told["amplitude_event_data"]) == {"events": 10}
    assert counts(told["amplitude_event_type_data"]) == {"names": 6}
    assert traits(store) == {"cohort": "Test A"}


def test_every_table_of_pendo() -> None:
    store = memory_store()
    told = tables("pendo", store)
    assert {name: counts(report) for name, report in told.items()} == {
        "account_history": {"traits": 5},
        "application_history": {"names": 5},
        "event": {"events": 5},
        "feature_event": {"events": 5},
        "feature_history": {"names": 5},
        "group_data": {"names": 4},
        "guide_event": {"events": 2, "exposures": 3},
        "guide_history": {"names": 5},
        "guide_step_history": {"rejected": 5},
        "page_event": {"events": 5},
        "page_history": {"names": 5},
        "page_rule_history": {"rejected": 5},
        "poll": {"names": 3},
        "poll_event": {"events": 3},
        "user": {"rejected": 5},
        "visitor_account_history": {"identifiers": 3},
        "visitor_history": {"traits": 5},
    }
    labels = {label for _, label in happened(store)}
    assert {
        "Used feature: Add New thing",
        "Used feature: Close Modal",
        "Guide seen: New thing",
    } <= labels


def test_snowplow_s_sessions_and_users_are_the_reference_s() -> None:
    store = memory_store()
    report = load(store, shared("snowplow_web/snowplow_web_events.csv")).files[0]
    assert (report.connector, report.rows_read, sum(report.accounts.values())) == (
        "snowplow event",
        160,
        160,
    )
    told = store.rows(
        "SELECT event.session_id, identifier.value, min(event.occurred_at), event.person_id FROM event "
        "JOIN identifier USING (identifier_id) GROUP BY ALL ORDER BY ALL"
    )
    found = pd.DataFrame(told, columns=["domain_sessionid", "cookie", "start", "person"])
    sessions = pd.read_csv(shared("snowplow_web/snowplow_web_sessions_expected.csv"))
    both = sessions.merge(found, on="domain_sessionid")
    assert set(both["domain_sessionid"]) == set(sessions["domain_sessionid"])
    assert both.groupby("domain_sessionid")["person"].nunique().max() == 1
    known = both[both["domain_userid"].notna()]
    first = known.sort_values("start").groupby("domain_sessionid").first()
    assert (first["cookie"] == first["domain_userid"]).all()
    # A visit of which only a ping is left began some seconds before: the reference takes five off.
    apart = (first["start"] - pd.to_datetime(first["start_tstamp"])).dt.total_seconds()
    assert sorted(apart[apart != 0]) == [5, 5, 5]
    users = pd.read_csv(shared("snowplow_web/snowplow_web_users_expected.csv"))
    assert set(users["domain_userid"]) <= set(found["cookie"])
    # No two users of the reference are one person, and none of them is two.
    persons = found[found["cookie"].isin(users["domain_userid"])].groupby("cookie")["person"]
    assert persons.nunique().max() == 1
    assert persons.first().nunique() == len(users)
