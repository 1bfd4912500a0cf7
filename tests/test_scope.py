from datetime import date

import pytest

from tests.company import DAY, HOUR, START, company
from tests.journey_oracle import Event
from tools.analyses.overview import overview
from tools.errors import (
    InvalidArgumentError,
    NoDataError,
    UnknownJourneyError,
    UnknownSegmentError,
    UnknownTouchpointError,
)
from tools.journeys.scope import Condition, Scope, conditions, parse_condition, resolve
from tools.store.door import Store
from tools.store.workspace import memory_store

TRAITS = {"ann": {"plan": "pro", "seats": "12"}, "ben": {"plan": "free", "seats": "3"}}
PHONE, DESK = (("device", "mobile"),), (("device", "desktop"),)
EVENTS = [
    Event("ann", START, 1, "home", "ads", properties=PHONE),
    Event("ann", START + HOUR, 2, "pricing", "ads", properties=DESK),  # not the first touch
    Event("ann", START + 2 * HOUR, 3, "buy", "ads"),
    Event("ben", START + 5 * DAY, 4, "home", "Email", properties=DESK),
    Event("cat", START + 50 * DAY, 5, "pricing", None, properties=PHONE),
]


@pytest.fixture(scope="module")
def store() -> Store:
    return company(EVENTS, traits=TRAITS)


@pytest.mark.parametrize(
    ("where", "journeys"),
    [
        ("channel = email", 1),  # whatever the case
        ("channel = ads | email", 2),
        ("channel != ads", 2),  # a journey without a channel is not from ads
        ("plan = pro", 1),
        ("plan != pro", 2),  # one of them has no plan at all
        ("seats >= 10", 1),
        ("seats < 10", 1),
        ("device = mobile", 2),
        ("saw pricing", 2),
        ("saw pri*", 2),
        ("not saw pricing", 1),
        ("Device = Mobile", 2),
    ],
)
def test_a_filter_keeps_the_journeys_it_names(store: Store, where: str, journeys: int) -> None:
    result = overview(store, scope=Scope(where=conditions([where])))
    assert result.journeys == journeys


def test_all_filters_have_to_hold(store: Store) -> None:
    both = conditions(["saw pricing", "channel = ads"])
    assert overview(store, scope=Scope(where=both)).journeys == 1


def test_dates_name_the_day_a_journey_started_both_ends_included(store: Store) -> None:
    first, fifth = date(2026, 1, 1), date(2026, 1, 6)
    assert overview(store, scope=Scope(since=first, until=fifth)).journeys == 2
    assert overview(store, scope=Scope(since=date(2026, 1, 2), until=fifth)).journeys == 1


def test_a_filter_reads_back_as_it_was_written() -> None:
    told = Condition("campaign", "=", ("Spring, early", "a | b", "plain"))
    assert parse_condition(told.sentence()) == told
    assert parse_condition("plan = 'a, b' | c").values == ("a, b", "c")
    assert parse_condition("channel = email, ads").values == ("email", "ads")


@pytest.mark.parametrize(
    ("scope", "error", "sentence"),
    [
        (Scope(journey="tst"), UnknownJourneyError, "Did you mean 'test'"),
        (Scope(where=conditions(["plann = pro"])), UnknownSegmentError, "Did you mean 'plan'"),
        (Scope(where=conditions(["plan = prro"])), UnknownSegmentError, "Did you mean 'pro'"),
        (Scope(where=conditions(["saw prcing"])), UnknownTouchpointError, "'pricing'"),
        (Scope(where=conditions(["seats > many"])), InvalidArgumentError, "is none"),
        (Scope(since=date(2026, 2, 1), until=date(2026, 1, 1)), InvalidArgumentError, "after"),
    ],
)
def test_a_scope_that_does_not_fit_is_said(
    store: Store, scope: Scope, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        resolve(store, scope)


def test_an_empty_store_says_that_there_is_no_data() -> None:
    with pytest.raises(NoDataError, match="no data yet"):
        resolve(memory_store(), Scope())


def test_text_that_is_no_filter_is_said() -> None:
    with pytest.raises(InvalidArgumentError, match="should read like"):
        parse_condition("people from Berlin")
