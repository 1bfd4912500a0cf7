from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.analyst.periods import periods, preceding
from assistant.analyst.quantities import quantities

AS_OF = date(2026, 8, 20)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("last month", "2026-07-01", "2026-07-31"),
        ("this month", "2026-08-01", "2026-08-20"),  # no later than the data
        ("last week", "2026-08-10", "2026-08-16"),  # Monday to Sunday
        ("in the last 30 days", "2026-07-22", "2026-08-20"),  # 30 days with the last one
        ("over the past three weeks", "2026-07-31", "2026-08-20"),
        ("yesterday", "2026-08-19", "2026-08-19"),
        ("since March", "2026-03-01", None),
        ("in May and June", "2026-05-01", "2026-06-30"),  # one after the other
        ("in the first week of June", "2026-06-01", "2026-06-07"),
        ("mid March", "2026-03-11", "2026-03-20"),
        ("since Febuary", "2026-02-01", None),
        ("in March", "2026-03-01", "2026-03-31"),
        ("in October", "2025-10-01", "2025-10-31"),  # the latest October in the data
        ("Q2", "2026-04-01", "2026-06-30"),
        ("in Q4", "2025-10-01", "2025-12-31"),
        ("in Q2 2025", "2025-04-01", "2025-06-30"),
        ("in the second quarter of this year", "2026-04-01", "2026-06-30"),
        ("in the first half", "2026-01-01", "2026-06-30"),
        ("last quarter", "2026-04-01", "2026-06-30"),
        ("between 3 May and 10 June", "2026-05-03", "2026-06-10"),
        ("from May to July", "2026-05-01", "2026-07-31"),
        ("from December to February", "2025-12-01", "2026-02-28"),
        ("before June", None, "2026-05-31"),
        ("until June", None, "2026-06-30"),
        ("after 3 May", "2026-05-04", None),
        ("in 2025", "2025-01-01", "2025-12-31"),
        ("this year", "2026-01-01", "2026-08-20"),
        ("since the beginning of the year", "2026-01-01", None),
        ("year to date", "2026-01-01", "2026-08-20"),
        ("from 2026-03-01 to 2026-03-15", "2026-03-01", "2026-03-15"),
        ("on 31.03.2026", "2026-03-31", "2026-03-31"),
        ("since 2 weeks ago", "2026-08-06", None),
        ("in spring", "2026-03-01", "2026-05-31"),
        ("the month before last", "2026-06-01", "2026-06-30"),
    ],
)
def test_a_period_counts_from_the_last_day_of_the_data(
    text: str, since: str | None, until: str | None
) -> None:
    found = periods(f"how did we do {text}?", AS_OF)
    assert [(period.since, period.until) for period in found] == [(day(since), day(until))]


@pytest.mark.parametrize(
    "text",
    [
        "what may people do next",
        "how do they march on",
        "the last steps before buying",
        "top 20 paths of the first touch",
        "within 7 days",
    ],
)
def test_other_words_are_no_period(text: str) -> None:
    assert periods(text, AS_OF) == ()


def test_two_periods_are_told_apart() -> None:
    assert len(periods("May vs June", AS_OF)) == 2


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("in March", "2026-02-01", "2026-02-28"),  # a whole month before a whole month
        ("in Q2", "2026-01-01", "2026-03-31"),
        ("in the first week of June", "2026-05-25", "2026-05-31"),  # else as many days
        ("on 31.03.2026", "2026-03-30", "2026-03-30"),
    ],
)
def test_the_period_before_is_as_long(text: str, since: str, until: str) -> None:
    before = preceding(periods(text, AS_OF)[0])
    assert (before.since, before.until) == (day(since), day(until))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("drop-offs between May and July", 1),  # one stretch of months
        ("why did conversion change between May and June", 2),
        ("what is the difference between Q1 and Q2", 2),
    ],
)
def test_two_periods_between_which_something_changed_are_set_against_each_other(
    text: str, number: int
) -> None:
    assert len(periods(text.lower(), AS_OF)) == number


@settings(max_examples=150, deadline=None)
@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(1, 90))
def test_the_last_days_are_as_many_as_were_asked_for(as_of: date, count: int) -> None:
    (period,) = periods(f"in the last {count} days", as_of)
    assert period.until == as_of
    assert period.since is not None
    assert (as_of - period.since).days + 1 == count


@settings(max_examples=150, deadline=None)
@given(
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.sampled_from(
        ["last month", "in March", "Q3", "last week", "this year", "in the first half"]
    ),
)
def test_a_period_begins_before_it_ends_and_not_after_the_data(as_of: date, text: str) -> None:
    (period,) = periods(text, as_of)
    assert period.since is not None
    assert period.until is not None
    assert period.since <= period.until
    assert period.since <= as_of


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("top 5 paths", {"top": 5}),
        ("the five best paths", {"top": 5}),
        ("top ten", {"top": 10}),
        ("within a week", {"window": "7d"}),
        ("within 48 hours", {"window": "48h"}),
        ("in under 2 days", {"window": "2d"}),
        ("a 30-day window", {"window": "30d"}),
        ("per session", {"per": "session"}),
        ("on the same visit", {"per": "session"}),
        ("per person", {"per": "person"}),
        ("in any order", {"order": "any"}),
        ("4 steps deep", {"depth": 4}),
        ("paths of more than 3 steps", {"minimum_length": 4}),
        ("how many people", {}),
        ("one path", {}),
    ],
)
def test_counts_windows_and_ways_of_counting_are_read(text: str, told: dict[str, object]) -> None:
    assert quantities(text).told == told
