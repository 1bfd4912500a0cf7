"""Retention against hand-written people, a naive reading, statsmodels and a published table."""

from collections import defaultdict
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from tests import planted
from tests.company import DAY, HOUR, START, company
from tests.facts_in_words import unfounded
from tests.journey_oracle import Event, naive_journeys
from tools.analyses.result import NOT_KNOWN
from tools.analyses.retention import DAYS, RetentionResult, called, retention
from tools.analyses.retention_groups import estimated, groups, median_day
from tools.analyses.retention_rows import Counted, RetentionRow
from tools.charts.retention import chart
from tools.errors import NoDataError, UnknownSegmentError
from tools.journeys.build import rebuild
from tools.journeys.definition import JourneyDefinition, Rule
from tools.journeys.scope import Scope, conditions
from tools.narration.retention import narrate
from tools.statistics.survival import LifeTable

ALL = Scope(minimum_group=1)

HAND = [
    Event("ann", START, 1, "home", "ads"),
    Event("ann", START + HOUR, 2, "buy", "ads"),  # her first conversion: cohort 2026-01
    Event("ann", START + 20 * DAY, 3, "home", "email"),  # back on day 20
    Event("ann", START + 40 * DAY, 4, "buy", "email"),  # again on day 40: the second period
    Event("ann", START + 50 * DAY, 5, "buy", "email"),  # a third time: she counts once
    Event("ben", START + 2 * DAY, 6, "buy", "ads"),  # never again
    Event("ben", START + 2 * DAY + HOUR, 7, "home", "ads"),  # within a day: no return
    Event("cat", START + 35 * DAY, 8, "docs", "ads"),
    Event("cat", START + 35 * DAY, 9, "buy", "ads"),  # cohort 2026-02, ...
    Event("cat", START + 65 * DAY, 10, "buy", None),  # ... again after exactly 30 days: within 1
    Event("dan", START + 3 * DAY, 11, "home", "ads"),  # never converts
    Event("zoe", START + 70 * DAY, 12, "home", "ads"),  # the newest event: as_of
]


def cell(result: RetentionResult, name: str, period: int) -> RetentionRow:
    return next(row for row in result.rows if (row.name, row.period) == (name, period))


def test_a_person_counts_once_from_the_first_conversion_to_the_second() -> None:
    result = retention(company(HAND), scope=ALL)
    assert (result.persons, result.repeaters) == (3, 2)
    first = cell(result, "2026-01", 1)
    assert (first.persons, first.observed, first.repeated, first.returned) == (2, 2, 0, 1)
    second = cell(result, "2026-01", 2)
    assert (second.days, second.repeated, second.repeat_rate) == (60, 1, 0.5)
    assert cell(result, "2026-02", 1).repeated == 1


def test_what_is_hidden_is_no_return() -> None:
    ping = Event("ben", START + 20 * DAY, 99, "ping", "ads")  # his only action after the first day
    store = company([*HAND, ping])
    assert cell(retention(store, scope=ALL), "2026-01", 1).returned == 2
    store.execute("UPDATE touchpoint SET hidden = true WHERE label = 'ping'")
    rebuild(store)
    assert cell(retention(store, scope=ALL), "2026-01", 1).returned == 1


def test_a_cohort_too_young_for_a_period_has_no_share_and_not_zero() -> None:
    row = cell(retention(company(HAND), scope=ALL), "2026-02", 2)
    assert (row.persons, row.observed) == (1, 0)
    assert (row.repeated, row.repeat_rate, row.low, row.returned, row.return_rate) == (None,) * 5


def test_second_conversions_are_looked_for_beyond_the_scope_and_firsts_are_not() -> None:
    store = company(HAND)
    january = retention(store, scope=Scope(until=date(2026, 1, 15), minimum_group=1))
    assert (january.persons, january.repeaters) == (2, 1)  # ann's second journey began later
    later = retention(store, scope=Scope(since=date(2026, 1, 15), minimum_group=1))
    assert (later.persons, later.repeaters) == (1, 1)  # cat; ann's journeys now are no firsts
    assert retention(store, scope=Scope(where=conditions(("channel = email",)))).persons == 0


def test_groups_are_those_of_the_first_converting_journey() -> None:
    result = retention(company(HAND), by="route", scope=ALL)
    told = {row.name: (row.persons, row.observed, row.repeated) for row in result.groups}
    # the horizon is two periods: cat has been watched for 35 days only
    assert result.horizon == 2
    assert told == {"home": (1, 1, 1), "(no step before)": (1, 1, 0), "docs": (1, 0, 0)}
    by_channel = retention(company(HAND), by="channel", scope=ALL)
    assert [(row.name, row.persons) for row in by_channel.groups] == [("ads", 3)]
    assert by_channel.groups[0].q_value is None  # no one to compare with


def test_names_of_cohorts() -> None:
    assert called(date(2026, 4, 1), "quarter") == "2026-Q2"
    assert called(date(2026, 12, 1), "month") == "2026-12"
    assert called(date(2026, 3, 2), "week") == "2026-03-02"


DEFINITION = JourneyDefinition("test", end=Rule(("buy",)), window=10 * DAY, inactivity=4 * DAY)
people = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.sampled_from(["ads", "email", None]),
        st.lists(
            st.tuples(
                st.sampled_from(["home", "docs", "buy", "buy"]),
                st.sampled_from([timedelta(0), HOUR, DAY, 7 * DAY, 23 * DAY]),
            ),
            min_size=1,
            max_size=9,
        ),
    ),
    min_size=1,
    max_size=9,
)


def written(told: list[tuple[int, str | None, list[tuple[str, timedelta]]]]) -> list[Event]:
    events: list[Event] = []
    for person, (day, channel, done) in enumerate(told):
        at = START + day * DAY
        for name, gap in done:
            at += gap
            events.append(Event(f"p{person}", at, len(events), name, channel))
    return events


@settings(max_examples=40, deadline=None)
@given(people, st.sampled_from(["week", "month", "quarter"]), st.sampled_from([1, 3]))
def test_every_cell_equals_a_naive_reading(
    told: list[tuple[int, str | None, list[tuple[str, timedelta]]]], grain: str, least: int
) -> None:
    events = written(told)
    as_of = max(event.at for event in events)
    wins: dict[str, list[datetime]] = defaultdict(list)
    for journey in naive_journeys(
        events, end=frozenset({"buy"}), window=10 * DAY, inactivity=4 * DAY
    ):
        if journey.outcome == "converted":
            wins[journey.person].append(journey.steps[-1][1])
    cohorts: dict[str, list[tuple[timedelta, timedelta | None, timedelta | None]]]
    cohorts = defaultdict(list)
    for person, times in wins.items():
        first, *more = sorted(times)
        back = [e.at - first for e in events if e.person == person and e.at > first + DAY]
        name = called(_began(first, grain), grain)
        cohorts[name].append(
            (as_of - first, more[0] - first if more else None, min(back, default=None))
        )
    store = company(events, DEFINITION)
    result = retention(store, grain=grain, scope=Scope(minimum_group=least))  # type: ignore[arg-type]
    assert result.persons == len(wins)
    assert result.repeaters == sum(len(times) > 1 for times in wins.values())
    assert {row.name for row in result.rows} == set(cohorts)
    for row in result.rows:
        span = row.period * timedelta(days=DAYS[grain])
        members = cohorts[row.name]
        assert row.persons == len(members)
        if min(followed for followed, _, _ in members) < span:
            assert (row.observed, row.repeated, row.repeat_rate) == (0, None, None)
            continue
        again = sum(when is not None and when <= span for _, when, _ in members)
        back_again = sum(when is not None and when <= span for _, _, when in members)
        assert (row.observed, row.repeated, row.returned) == (len(members), again, back_again)
        assert (row.repeat_rate is None) == (len(members) < least)
        if row.repeat_rate is not None:
            assert row.repeat_rate == again / len(members)
    for by in (None, "channel", "route"):
        _speaks(retention(store, by=by, grain=grain, scope=Scope(minimum_group=least)))  # type: ignore[arg-type]


def _began(at: datetime, grain: str) -> date:
    if grain == "week":
        return (at - timedelta(days=at.weekday())).date()
    month = at.month if grain == "month" else (at.month - 1) // 3 * 3 + 1
    return date(at.year, month, 1)


def _speaks(result: RetentionResult) -> None:
    words = narrate(result)
    assert unfounded(words, result) == []
    assert "None" not in words.text()
    assert "nan" not in words.text()
    assert words.answer.endswith(".")
    ids = [fact.id for fact in result.facts]
    assert len(set(ids)) == len(ids)
    drawn = chart(result)
    assert len(drawn.spec["data"]["values"]) == sum(r.repeat_rate is not None for r in result.rows)


@settings(max_examples=40, deadline=None)
@given(people)
def test_groups_add_up_to_everyone(
    told: list[tuple[int, str | None, list[tuple[str, timedelta]]]],
) -> None:
    store = company(written(told), DEFINITION)
    for by in ("channel", "route"):
        result = retention(store, by=by, grain="week", scope=Scope(minimum_group=2))
        assert sum(row.persons for row in result.groups) == result.persons
        assert sum(row.observed for row in result.groups) == result.observed
        assert sum(row.repeated for row in result.groups) == result.repeated
        assert sum(row.returned for row in result.groups) == result.returned
        assert not [r for r in result.groups if r.kind == "other" and r.q_value is not None]


def test_the_kaplan_meier_estimate_is_that_of_a_published_table() -> None:
    # Freireich et al. 1963, 6-MP group: weeks of remission, + censored; S(t) as in Cox & Oakes 1984
    relapsed = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    events, leaving = np.zeros(36), np.zeros(36)
    np.add.at(events, relapsed, 1)
    np.add.at(leaving, relapsed + censored, 1)
    table = LifeTable(events, leaving)
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    for week, left in published.items():
        found, _, _ = estimated(table, week + 1)
        assert found is not None
        assert 1 - found == pytest.approx(left, abs=6e-4)
    assert median_day(table) == 23


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=3, max_size=40),
    st.integers(1, 20),
)
def test_the_estimate_and_its_error_are_those_of_statsmodels(
    told: list[tuple[int, bool]], days: int
) -> None:
    events, leaving = np.zeros(21), np.zeros(21)
    for day, happened in told:
        leaving[day] += 1
        events[day] += happened
    found, low, high = estimated(LifeTable(events, leaving), days)
    if max(day for day, _ in told) < days - 1:
        assert found is None  # nobody has been watched for so long
        return
    assert found is not None
    # statsmodels takes no time of 0: every day is one later, which changes nothing
    theirs = SurvfuncRight([day + 1 for day, _ in told], [int(won) for _, won in told])
    before = np.flatnonzero(theirs.surv_times <= days)
    left = float(theirs.surv_prob[before[-1]]) if len(before) else 1.0
    assert 1 - found == pytest.approx(left)
    if low is None or high is None:
        assert left in {0.0, 1.0}
        return
    error = float(theirs.surv_prob_se[before[-1]])
    half = 1.959964 * error / abs(left * np.log(left))
    assert low == pytest.approx(1 - left ** np.exp(-half), abs=1e-6)
    assert high == pytest.approx(1 - left ** np.exp(half), abs=1e-6)
    assert low <= found <= high


def test_the_comparison_is_the_log_rank_test_of_statsmodels() -> None:
    random = np.random.default_rng(5)
    times = random.integers(0, 60, 900)
    won, group = random.random(900) < 0.6, random.random(900) < 0.4
    times = np.where(group & won, times // 2, times)
    counted = []
    for day, happened, first in zip(times, won, group, strict=True):
        name, again = ("a" if first else "b"), 1 if happened else None
        counted.append(Counted("time", None, name, int(day), again, None, 1))
        counted.append(Counted("cell", date(2026, 1, 1), name, 2, again, None, 1))
    rows = groups(counted, 2, 30)
    _, p_value = survdiff(times + 1, won.astype(int), group.astype(int))
    assert [row.p_value for row in rows] == pytest.approx([p_value, p_value], rel=1e-6)


def test_planted_returns_are_found_with_their_size_in_the_interval() -> None:
    missed = 0
    for seed in range(6):
        result = retention(planted.repeat(seed, 0.3).store(), scope=Scope())
        fact = result.fact("retention.repeat_rate")
        assert fact.low is not None
        assert fact.high is not None
        missed += not fact.low <= 0.3 <= fact.high
        estimate = result.fact("retention.estimated_rate")
        assert estimate.value == pytest.approx(0.3, abs=0.04)
    assert missed <= 1


def test_without_returns_none_are_told() -> None:
    result = retention(planted.repeat(1, 0.0).store(), scope=Scope())
    words = narrate(result)
    assert words.answer.startswith("Nobody has converted again within 90 days: 0 of ")
    assert result.repeat_rate == 0
    _speaks(result)


def two_channels(seed: int, ads: float, email: float, size: int = 400) -> list[Event]:
    """People who buy, and of whom a share buys again 20 days later, by channel."""
    random = np.random.default_rng(seed)
    events = [Event("(newest)", START + 200 * DAY, 0, "home")]
    for number in range(size):
        by_email = bool(random.random() < 0.5)
        at = START + timedelta(days=float(random.uniform(0, 180)))
        channel = "email" if by_email else "ads"
        events.append(Event(f"p{number}", at, number, "buy", channel))
        if random.random() < (email if by_email else ads):
            events.append(Event(f"p{number}", at + 20 * DAY, number, "buy", channel))
    return [event for event in events if event.at <= START + 200 * DAY]


def test_a_channel_whose_customers_return_is_named() -> None:
    result = retention(company(two_channels(3, 0.1, 0.4)), by="channel", scope=Scope())
    words = narrate(result)
    assert words.answer.startswith("Where channel is email, people convert again more often: ")
    assert words.support[0].startswith("This is clear")
    email = next(row for row in result.groups if row.name == "email")
    assert email.difference_low is not None
    assert email.difference_high is not None
    assert email.difference_low <= 0.3 <= email.difference_high
    _speaks(result)


def test_equal_channels_are_rarely_told_apart() -> None:
    told = [
        narrate(retention(company(two_channels(s, 0.2, 0.2)), by="channel", scope=Scope())).answer
        for s in range(20)
    ]
    same = "By channel, there is no clear difference in how many convert again."
    assert sum(answer != same for answer in told) <= 3


def test_those_whose_value_is_not_known_stand_in_no_comparison() -> None:
    events = [
        Event(f"p{n}", START + n * HOUR, n, "buy", ["ads", "email", None][n % 3]) for n in range(90)
    ]
    events.append(Event("z", START + 100 * DAY, 999, "home"))
    result = retention(company(events), by="channel", scope=Scope(minimum_group=10))
    unknown = next(row for row in result.groups if row.name == NOT_KNOWN)
    assert (unknown.persons, unknown.difference) == (30, None)
    assert [row.others_observed for row in result.groups] == [30, 30, 0]


def test_extremes_are_told_truly() -> None:
    everyone = [
        Event(f"p{n}", START + n * HOUR + again * 40 * DAY, 2 * n + again, "buy")
        for n in range(40)
        for again in (0, 1)
    ]
    everyone.append(Event("z", START + 200 * DAY, 999, "home"))
    result = retention(company(everyone), scope=Scope())
    assert narrate(result).answer.startswith("100 % of people convert again within 90 days: 40 of ")
    _speaks(result)
    early = retention(company(HAND[:2]), scope=ALL)
    assert narrate(early).answer.startswith("It is too early to say")
    _speaks(early)
    never = retention(company([HAND[10]]), by="channel", scope=ALL)
    assert narrate(never).answer.startswith("Nobody's first conversion is in scope")
    _speaks(never)
    endless = retention(company(HAND, JourneyDefinition("endless")), scope=ALL)
    assert "no end event" in endless.caveats[0]
    _speaks(endless)


def test_an_empty_scope_and_an_unknown_field_are_clear_errors() -> None:
    store = company(HAND)
    with pytest.raises(NoDataError, match="No journey is in scope"):
        retention(store, scope=Scope(since=date(2030, 1, 1)))
    with pytest.raises(UnknownSegmentError, match="by: "):
        retention(store, by="colour", scope=ALL)
