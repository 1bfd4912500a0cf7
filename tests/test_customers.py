import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.company import DAY, HOUR, START, company, number
from tests.facts_in_words import unfounded
from tests.histories import companies
from tests.journey_oracle import Event, naive_journeys
from tools.analyses.customers import PSEUDONYMOUS, Who, customers, person_ids
from tools.analyses.overview import overview
from tools.analyses.pseudonym import pseudonym
from tools.charts.customers import chart
from tools.errors import NoDataError, UnknownTouchpointError
from tools.journeys.definition import JourneyDefinition, Rule
from tools.journeys.scope import Scope, conditions
from tools.journeys.segments import save_segment
from tools.narration.customers import narrate

ALL = Scope(minimum_group=1)
HAND = [
    Event("ann", START, 1, "home", "ads"),
    Event("ann", START + HOUR, 2, "pricing", "ads"),
    Event("ann", START + 2 * HOUR, 3, "buy", "ads", value=20.0),  # converted, last at pricing
    Event("ben", START, 4, "home", "ads"),  # dropped at home
    Event("cat", START + DAY, 5, "pricing", "email"),  # dropped at pricing
    Event("eve", START + 39 * DAY, 6, "home", "ads"),  # under way
    Event("fay", START + 40 * DAY, 7, "pricing", None),  # under way; as_of
]


@pytest.mark.parametrize(
    ("who", "at", "people"),
    [
        ("all", None, ["fay", "eve", "cat", "ann", "ben"]),  # newest first
        ("converted", None, ["ann"]),
        ("converted", "pricing", ["ann"]),  # the end event itself is no last touchpoint
        ("dropped", None, ["cat", "ben"]),
        ("dropped", "pricing", ["cat"]),
        ("active", None, ["fay", "eve"]),
        ("active", "home | pricing", ["fay", "eve"]),
    ],
)
def test_those_asked_for_are_listed_newest_first(who: Who, at: str, people: list[str]) -> None:
    result = customers(company(HAND), who=who, at=at, scope=ALL)
    assert [row.person for row in result.rows] == [pseudonym(number(name)) for name in people]
    assert (result.persons, result.journeys) == (len(people), len(people))
    words = narrate(result)
    assert unfounded(words, result) == []
    chart(result)


def test_counts_are_over_all_and_rows_are_few() -> None:
    result = customers(company(HAND), top=1, scope=ALL)
    assert (len(result.rows), result.journeys) == (1, 5)
    assert result.last_touchpoints == (("pricing", 3), ("home", 2))
    assert result.channels == (("ads", 3), ("email", 1))
    assert narrate(result).answer == "5 people are in scope."


def test_nobody_is_said_to_be_nobody() -> None:
    result = customers(company(HAND), who="dropped", at="buy", scope=ALL)
    assert result.rows == ()
    assert PSEUDONYMOUS not in result.caveats
    assert narrate(result).answer == "Nobody dropped off with buy as their last touchpoint."
    with pytest.raises(NoDataError, match="No journey is in scope"):
        customers(
            company(HAND), scope=Scope(where=conditions(("channel = ads", "channel = email")))
        )
    with pytest.raises(UnknownTouchpointError):
        customers(company(HAND), at="prcing", scope=ALL)


def test_everyone_counted_can_be_saved() -> None:
    store = company(HAND)
    people = person_ids(store, who="active", scope=ALL)
    assert set(people) == {number("eve"), number("fay")}
    save_segment(store, "Waiting", person_ids=people, saved_at=START)
    waiting = Scope(where=conditions(["saved segment = Waiting"]), minimum_group=1)
    assert customers(store, scope=waiting).persons == 2


def test_what_few_share_is_not_listed() -> None:
    result = customers(company(HAND), scope=Scope())
    assert (result.last_touchpoints, result.channels) == ((), ())
    assert "Most often" not in narrate(result).text()


def test_a_code_is_stable_short_and_tells_people_apart() -> None:
    codes = {pseudonym(number(f"person {n}")) for n in range(20_000)}
    assert len(codes) == 20_000
    assert {len(code) for code in codes} == {10}
    assert pseudonym(number("person 1")) == pseudonym(number("person 1"))


@settings(max_examples=40, deadline=None)
@given(companies, st.sampled_from(["all", "converted", "dropped", "active"]))
def test_journeys_equal_a_naive_reading(events: list[Event], who: Who) -> None:
    definition = JourneyDefinition(
        "test", end=Rule(("buy",)), window=10 * DAY, inactivity=4 * DAY, collapse_repeats=False
    )
    store = company(events, definition)
    result = customers(store, who=who, top=1000, scope=ALL)
    journeys = naive_journeys(
        events, end=frozenset({"buy"}), window=10 * DAY, inactivity=4 * DAY, collapse=False
    )
    asked = [j for j in journeys if who in ("all", j.outcome)]
    assert sorted(
        (row.person, row.started_at, row.last_touchpoint or "") for row in result.rows
    ) == sorted((pseudonym(number(j.person)), j.started_at, (j.path() or ("",))[-1]) for j in asked)
    assert result.persons == len({j.person for j in asked})
    whole = overview(store, scope=ALL)
    told = {"all": whole.journeys, "converted": whole.converted, "dropped": whole.dropped}
    assert result.journeys == {**told, "active": whole.active}[who]
    words = narrate(result)
    assert unfounded(words, result) == []
    assert "None" not in words.text()
