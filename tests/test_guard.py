import re
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.guard import check
from assistant.known import Known, Quantity, known_from
from assistant.numerals import said
from tests.company import DAY, HOUR, START, company
from tests.journey_oracle import Event
from tools import catalog
from tools.errors import JourneyError
from tools.exhibit import Exhibit, exhibit
from tools.narration.words import Narration
from tools.store.door import Store

DAY_SECONDS = 86400.0


def known() -> Known:
    told = Known(
        days={date(2026, 3, 4), date(2026, 5, 31)},
        names={"Plan 2 page", "GA4 import"},
        rows=5,
        groups={30.0},
    )
    for value in (0.473, 0.4551, 0.203, 0.335):
        told.quantities.add(Quantity(value, "rate"))
    for value in (1240, 8112, 1204331, 4.2):
        told.quantities.add(Quantity(value, "count"))
    for days in (3.2, 6.9, 30.0):
        told.quantities.add(Quantity(days * DAY_SECONDS, "seconds"))
    for value in (2.96, 2.02):
        told.quantities.add(Quantity(value, "ratio"))
    told.quantities.add(Quantity(-0.032, "difference"))
    told.quantities.add(Quantity(12345.6, "value"))
    told.quantities.add(Quantity(0.618, "rate", frozenset({"email"})))
    return told


@pytest.mark.parametrize(
    "text",
    [
        "47 %", "47.3%", "0.47", "0.473", "47 percent", "forty-seven percent", "47,3 %",
        "1,240 of 8,112 journeys", "1 240 people", "1.240 journeys", "1.2k journeys", "8112",
        "1.2 million events", "about 1,200 journeys", "more than 1,000 journeys",
        "thousands of journeys", "4.2 steps",
        "3.2 days", "76.8 hours", "4,608 minutes", "within 30 days", "a 30-day window", "30d",
        "3x as likely", "three times as likely", "twice as likely", "it doubled", "2.96 times",
        "3.2 percentage points", "down 3.2 points",
        "nearly half", "one in five", "1 in 5", "a third of journeys", "about 46%", "almost 50 %",
        "more than 45 %", "between 45.5 and 47.3 %", "45.5 % to 47.3 %",
        "95 % interval 45.5 % to 47.3 %", "Half of them convert within 6.9 days",
        "2026-03-04", "4 March 2026", "March 4", "in March 2026", "in 2026", "Q2 2026",
        "the first half of March 2026",
        "three paths", "top 5 paths", "the 5 paths", "1. First\n2. Second", "step 7", "steps 2 and 3",
        "Plan 2 page gets 47 %", "GA4 import", "pricing-2 and v3", "one of them",
        "groups with fewer than 30 journeys", "$12,346", "12.3k EUR", "Email: 61.8 %", "24/7",
    ],
)  # fmt: skip
def test_usual_renderings_of_facts_pass(text: str) -> None:
    assert check(text, known()).unmatched == ()


@pytest.mark.parametrize(
    "text",
    [
        "48 %", "47.4%", "0.48", "47.30001 %", "48 percent", "53 %", "95 % of people", "1,240 %",
        "1,241 of 8,112", "1.3k", "1.3 million", "five hundred journeys", "12", "47",
        "millions of people", "two journeys", "30 journeys", "5 journeys", "1240 days",
        "3.3 days", "31 days", "78 hours",
        "4x", "four times as likely", "it quadrupled",
        "47 percentage points", "3.2 %", "32 %", "half", "one in six", "two thirds of journeys",
        "over 48 points", "more than 48 %", "less than 45 %", "about 44 %",
        "2026-03-05", "4 April 2026", "in 2025", "Q3 2026", "Q1 2025",
        "six paths", "top 6", "$12,400", "Ads: 61.8 %", "twelve per cent",
    ],
)  # fmt: skip
def test_a_number_that_no_fact_gave_is_found(text: str) -> None:
    assert check(text, known()).unmatched


def test_the_numbers_are_counted_and_named() -> None:
    found = check("**47 %** of 8,112 journeys, 99 % of the rest.", known())
    assert (found.numbers, found.unmatched) == (3, ("99 %",))


def test_a_number_of_the_question_is_no_finding() -> None:
    shown = shown_of(company(EVENTS), "overview", {})[0]
    assert check("77 % of them convert.", known_from([shown])).unmatched == ("77 %",)


def test_a_rows_number_needs_its_row() -> None:
    shown = shown_of(company(EVENTS), "overview", {"minimum_group": 1})[0]
    told = known_from([shown])
    assert check("From ads, 100 % convert.", told).unmatched == ()
    assert check("100 % convert.", told).unmatched == ("100 %",)


EVENTS = [
    Event("ann", START, 1, "home", "ads"),
    Event("ann", START + HOUR, 2, "buy", "ads"),
    Event("ben", START, 3, "home", "email"),
    Event("cat", START + 90 * DAY, 4, "home", "email"),
]
CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("overview", {}),
    ("paths", {"top": 3}),
    ("paths", {"outcome": "dropped"}),
    ("flow", {}),
    ("flow", {"view": "end"}),
    ("flow", {"view": "around", "anchor": "pricing"}),
    ("funnel", {"steps": ["home", "pricing", "buy"]}),
    ("funnel", {"steps": ["home", "docs 2", "buy"], "per": "journey", "window": "48h"}),
    ("funnel", {"steps": ["pricing", "buy"], "by": "channel"}),
    ("drop_off", {}),
    ("drop_off", {"at": "pricing"}),
    ("drop_off", {"by": "channel"}),
    ("segments", {}),
    ("segments", {"by": "saw pricing"}),
    ("segments", {"by": "plan", "compare": ["free", "pro"]}),
)
random_events = st.lists(
    st.builds(
        Event,
        person=st.sampled_from([f"p{n}" for n in range(25)]),
        at=st.integers(0, 24 * 90).map(lambda n: START + n * HOUR),
        seq=st.integers(0, 10**6),
        touchpoint=st.sampled_from(["home", "pricing", "docs 2", "buy"]),
        channel=st.sampled_from(["ads", "email", "search", None]),
        value=st.sampled_from([None, 20.0, 35.5]),
    ),
    min_size=1,
    max_size=150,
    unique_by=lambda e: (e.person, e.at, e.seq),
)


def shown_of(store: Store, name: str, arguments: dict[str, Any]) -> tuple[Exhibit, Narration]:
    result = catalog.call(store, name, arguments)
    return exhibit(name, arguments, result), catalog.analysis(name).narrate(result)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(events=random_events, minimum=st.sampled_from([1, 3, 30]))
def test_every_narration_passes_and_a_changed_number_does_not(
    events: list[Event], minimum: int
) -> None:
    people = {event.person for event in events}
    traits = {person: {"plan": ("free", "pro")[len(person) % 2]} for person in people}
    store = company(events, traits=traits)
    for name, arguments in CALLS:
        try:
            shown, narration = shown_of(store, name, {**arguments, "minimum_group": minimum})
        except JourneyError:
            continue
        facts = known_from([shown], ["docs 2"])
        text = narration.text()
        assert check(text, facts).unmatched == (), (name, arguments, text)
        for changed, number in changes(text):
            assert is_by_chance(number, facts) or check(changed, facts).unmatched, (number, changed)


NEWER: tuple[tuple[str, dict[str, Any]], ...] = (
    ("routes", {"by": "channel"}),
    ("drop_off_causes", {"at": "pricing"}),
    ("inflection_points", {}),
    ("inflection_points", {"touchpoint": "pricing"}),
    ("sequences", {}),
    ("sequences", {"first": "docs 2", "then": "pricing"}),
    ("timing", {}),
    ("timing", {"first": "pricing"}),
    ("timing", {"first": "docs 2", "then": "pricing"}),
    ("anomalies", {}),
    ("scores", {}),
    ("attribution", {}),
    ("change_effect", {"on": "2026-02-01"}),
    ("conversion_change", {}),
    ("recommendations", {}),
    ("retention", {}),
    ("customers", {}),
    ("overview", {"where": ["channel = ads"], "versus": ["channel = email"]}),
)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(events=random_events, minimum=st.sampled_from([1, 30]))
def test_every_narration_of_the_whole_suite_passes(events: list[Event], minimum: int) -> None:
    store = company(events)
    for name, arguments in NEWER:
        asked = {**arguments, "minimum_group": minimum}
        try:
            result = catalog.call(store, name, asked)
        except JourneyError:
            continue
        text = catalog.narrate(name, result).text()
        facts = known_from([exhibit(name, asked, result)], ["docs 2"])
        assert check(text, facts).unmatched == (), (name, arguments, text)


def changes(text: str) -> list[tuple[str, float]]:
    """Return the text with one number at a time made four hundred thousand and some larger."""
    told = []
    for match in re.finditer(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?= %| journeys| people| days)", text):
        if "docs 2" in text[match.start() - 5 : match.end()]:
            continue
        number = float(match[0].replace(",", "")) + 437_291
        told.append((f"{text[: match.start()]}{number:,.0f}{text[match.end() :]}", number))
    return told


def is_by_chance(number: float, facts: Known) -> bool:
    return any(
        abs(abs(quantity.value) * factor - number) <= 1
        for quantity in facts.quantities
        for factor in (1, 100, 1 / DAY_SECONDS)
    )


def test_words_and_digits_read_the_same() -> None:
    assert said("twenty-five percent")[0].readings[0].value == pytest.approx(0.25)
    assert said("25 %")[0].readings[0].value == pytest.approx(0.25)
    assert said("two million events")[0].readings[0].value == pytest.approx(2e6)


def test_a_number_compared_with_another_is_no_bound() -> None:
    compared = said("That is 4,973 more than the 6,547 expected, and 12 fewer than 40.")
    assert [number.bound for number in compared] == ["exact"] * 4
    assert said("More than 6,500 left.")[0].bound == "over"


def test_a_name_that_is_a_number_is_no_part_of_another_number() -> None:
    told = known()
    told.names.add("1")
    told.quantities.add(Quantity(2.1061, "ratio"))
    assert check("It is 2.1 to 2.96 times.", told).unmatched == ()
    assert check("It is 1.7 times.", told).unmatched == ("1.7 times",)
