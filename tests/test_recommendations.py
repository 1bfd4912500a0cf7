import pytest
from hypothesis import given, settings

from tests import planted
from tests.company import DAY, HOUR, START, company
from tests.facts_in_words import unfounded
from tests.histories import companies
from tests.journey_oracle import Event
from tools.analyses.recommendation_rows import DAYS, REMOVED, UPTAKE, adopted, best
from tools.analyses.recommendations import RecommendationsResult, recommendations
from tools.charts.recommendations import chart
from tools.errors import NoDataError
from tools.journeys.changes import change_named, record_change
from tools.journeys.definition import JourneyDefinition, Rule
from tools.journeys.scope import Scope
from tools.narration.recommendations import narrate
from tools.statistics.power import people_per_group


def checked(result: RecommendationsResult) -> str:
    words = narrate(result)
    titles = [text for row in result.rows for text in (row.title, row.what, row.why)]
    assert unfounded(words, result, *titles) == []
    assert "None" not in words.text()
    assert "nan" not in words.text().split()
    ids = [fact.id for fact in result.facts]
    assert len(ids) == len(set(ids))
    assert len(result.rows) <= 5
    gains = [row.extra_conversions for row in result.rows]
    assert gains == sorted(gains, reverse=True)
    for number, row in enumerate(result.rows, start=1):
        assert 0 < row.low <= row.extra_conversions <= row.high
        assert row.evidence
        for fact_id in row.evidence:
            assert result.fact(f"recommendations.{number}.evidence.{fact_id}").label
    chart(result)
    return words.answer


def test_a_leak_of_one_device_is_to_be_mended_for_it() -> None:
    result = recommendations(planted.leak(3, 2.5).store(), scope=Scope())
    first = result.rows[0]
    assert (first.kind, first.audience) == ("friction", ("device = mobile",))
    assert first.touchpoint == "Form"
    assert checked(result).startswith("First, find out what stops people who have device mobile")
    # 3,000 people over 150 days, 40 % on mobile, of whom half leave, 60 % of them beyond the others'
    # rate; of those who go on half buy: 200 * 0.4 * 0.5 of them a month leave
    mobile_a_month = 3000 * 0.4 * 2.5 * 0.2 / 150 * DAYS
    assert first.extra_conversions == pytest.approx(mobile_a_month * 0.6 * 0.5 * REMOVED, rel=0.15)
    assert first.people_per_group == people_per_group(
        first.base_rate or 0, first.expected_rate or 0
    )


def test_a_message_that_is_an_action_too_follows_others_only() -> None:
    told = [Event("z", START + 90 * DAY, 99_999, "home")]
    for n in range(200):
        at = START + n % 20 * DAY
        told += [
            Event(f"p{n}", at, 10 * n, "home"),
            Event(f"p{n}", at + HOUR, 10 * n + 1, "mail", kind="exposure"),
            Event(f"p{n}", at + 2 * HOUR, 10 * n + 2, "mail"),
            Event(f"p{n}", at + 3 * HOUR, 10 * n + 3, "buy" if n % 2 else "docs"),
        ]
    assert checked(recommendations(company(told), scope=Scope()))


def test_a_moment_that_matters_is_to_be_shown_to_more() -> None:
    result = recommendations(planted.inflection(5, 2.0).store(), scope=Scope())
    told = [row for row in result.rows if row.kind == "content"]
    assert told[0].touchpoint == "Case study"
    # 60 % of 4,000 people miss it, 16 % of them convert; a fifth of them twice as often
    a_month = 4000 * 0.6 * 0.16 / 150 * DAYS
    assert told[0].low < a_month * UPTAKE < told[0].high
    assert not [row for row in result.rows if row.touchpoint == "Docs"]
    checked(result)


def test_a_message_in_time_is_to_be_sent() -> None:
    result = recommendations(planted.within(4, 1.8).store(), scope=Scope())
    told = [row for row in result.rows if row.kind == "outreach"]
    assert told[0].lever == "Email received"
    assert told[0].touchpoint in {"Trial", "Home"}
    checked(result)


def test_without_any_effect_hardly_anything_is_recommended() -> None:
    told = []
    for seed in range(6):
        result = recommendations(planted.nothing(seed, 40, 1500).store(), scope=Scope())
        told += [row.title for row in result.rows]
        checked(result)
        assert result.looked_at > 20
    assert len(told) <= 1, told


def test_adopting_one_records_what_is_expected_of_it() -> None:
    store = planted.leak(3, 2.5).store()
    row = recommendations(store, scope=Scope()).rows[0]
    record_change(store, adopted(row, on=START.date(), recorded_at=START))
    change = change_named(store, row.title)
    assert change.kind == "recommendation"
    assert change.audience == ("device = mobile",)
    assert change.expected is not None
    assert change.expected.extra_conversions == pytest.approx(row.extra_conversions)
    assert (change.expected.low, change.expected.high) == pytest.approx((row.low, row.high))
    assert change.expected.facts == row.evidence


def test_of_one_lever_only_the_best_is_told_and_never_what_may_bring_nothing() -> None:
    row = recommendations(planted.leak(3, 2.5).store(), scope=Scope()).rows[0]
    assert best([row, row], 5) == [row]


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([Event("a", START, 1, "home"), Event("z", START + 60 * DAY, 2, "home")], "Nothing stands"),
        ([Event("a", START, 1, "home")], "Nothing stands out to be done"),
        (
            [
                Event(f"p{n}", START + k * HOUR, 10 * n + k, name)
                for n in range(80)
                for k, name in enumerate(["home", "buy"])
            ]
            + [Event("z", START + 60 * DAY, 9999, "home")],
            "Nothing stands out to be done",
        ),
    ],
)
def test_the_first_sentence_is_true_at_the_extremes(events: list[Event], said: str) -> None:
    assert checked(recommendations(company(events), scope=Scope())).startswith(said)


def test_an_empty_scope_is_an_error_and_a_journey_without_an_end_says_so() -> None:
    store = company([Event("a", START, 1, "home")])
    with pytest.raises(NoDataError, match="No journey is in scope"):
        recommendations(store, scope=Scope(until=START.date().replace(year=2025)))
    endless = company([Event("a", START, 1, "home")], JourneyDefinition("endless"))
    assert "no end event" in checked(recommendations(endless, scope=Scope()))


@settings(max_examples=15, deadline=None)
@given(companies)
def test_any_company_gets_true_sentences(events: list[Event]) -> None:
    definition = JourneyDefinition("test", end=Rule(("buy",)), window=10 * DAY, inactivity=4 * DAY)
    checked(recommendations(company(events, definition), scope=Scope(minimum_group=2)))
