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
from tools.journeys.scope import (
    Condition,
    Scope,
    conditions,
    parse_condition,
    resolve,
    trait_names,
)
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


def behaviour() -> Store:
    """Return people whose tickets repeat in a row, and one to whom an email was only sent."""
    told = [
        Event("ann", START, 1, "home"),
        Event("ann", START + HOUR, 2, "ticket"),
        Event("ann", START + 2 * HOUR, 3, "ticket"),  # in a row: one step, two tickets
        Event("ben", START, 4, "home"),
        Event("ben", START + HOUR, 5, "ticket"),
        Event("ben", START + 40 * DAY, 6, "ticket"),  # another journey: not twice in one
        Event("cat", START, 7, "home"),
        Event("cat", START + HOUR, 8, "mail", kind="exposure"),  # no step, and yet received
        Event("cat", START + 2 * HOUR, 9, "home"),
        Event("dan", START + 50 * DAY, 10, "home"),
    ]
    store = company(told)
    store.execute("UPDATE touchpoint SET kind = 'exposure' WHERE label = 'mail'")
    return store


@pytest.mark.parametrize(
    ("where", "journeys"),
    [
        ("saw ticket", 3),
        ("saw ticket >= 2", 1),
        ("not saw ticket >= 2", 4),
        ("saw ticket | home >= 3", 1),  # ann: home and two tickets
        ("saw mail", 1),
        ("not saw mail", 4),
    ],
)
def test_what_was_done_is_counted_by_events_not_by_steps(where: str, journeys: int) -> None:
    (told,) = conditions([where])
    assert parse_condition(told.sentence()) == told
    assert overview(behaviour(), scope=Scope(where=(told,))).journeys == journeys


def test_a_saved_segment_is_its_filters_or_its_people() -> None:
    store = company(EVENTS, traits=TRAITS)
    sql = "INSERT INTO segment VALUES ($name, $conditions, $at)"
    for name, told in (("Pros", '["plan = pro"]'), ("Named", "[]"), ("Ads", '["channel = ads"]')):
        store.execute(sql, {"name": name, "conditions": told, "at": START})
    people = "INSERT INTO segment_person SELECT 'Named', person_id FROM journey WHERE first_channel = 'Email'"
    store.execute(people)

    def counted(where: str) -> int:
        return overview(store, scope=Scope(where=conditions([where]))).journeys

    assert counted("saved segment = pros") == counted("segment = Pros") == 1
    assert counted("saved segment = Named") == 1
    assert counted("saved segment = Named | Ads") == 2
    assert counted("saved segment != Pros") == 2
    with pytest.raises(UnknownSegmentError, match=r"no saved segment 'Prs'\. Did you mean 'Pros'"):
        counted("saved segment = Prs")
    with pytest.raises(InvalidArgumentError, match="should read like"):
        counted("saved segment > Pros")


def test_names_of_people_and_what_is_nearly_their_own_cut_no_segment() -> None:
    events = [Event(f"p{n}", START, 1, "visit") for n in range(120)]
    traits = {
        f"p{n}": {
            "first_name": "Ann",
            "company": f"Company {n}",
            "plan": "free",
            "employees": str(n),
        }
        for n in range(120)
    }
    store = company(events, traits=traits)
    assert trait_names(store) == ("employees", "plan")
    with pytest.raises(UnknownSegmentError):
        resolve(store, Scope(where=(parse_condition("first_name = Ann"),)))
