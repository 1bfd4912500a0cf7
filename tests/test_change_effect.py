from datetime import date, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.api import WLS, add_constant

from tests import planted
from tests.company import DAY, HOUR, START, Traits, company
from tests.facts_in_words import unfounded
from tests.histories import companies
from tests.journey_oracle import Event, NaiveJourney, naive_journeys
from tools.analyses.change_effect import change_effect
from tools.analyses.change_effect_result import ChangeEffectResult
from tools.analyses.change_effect_series import Day, Series, placebo, trend, weeks
from tools.analyses.change_effect_sides import Side, beyond_control, difference, smallest_visible
from tools.charts.change_effect import chart
from tools.errors import InvalidArgumentError, NoDataError, UnknownSegmentError
from tools.journeys.changes import Change, Expected, record_change
from tools.journeys.definition import JourneyDefinition, Rule
from tools.journeys.scope import Scope, conditions
from tools.narration.change_effect import narrate
from tools.statistics.intervals import newcombe
from tools.statistics.power import people_per_group
from tools.store.door import Store

ALL = Scope(minimum_group=1)
ON = START + 60 * DAY
CHANGED = ON.date()


def told(result: ChangeEffectResult, *names: str) -> str:
    words = narrate(result)
    assert unfounded(words, result, *names) == []
    assert not {"None", "nan"} & set(words.text().replace(".", " ").split())
    assert chart(result).title
    return words.text()


def crowd(
    rates: tuple[int, int], name: str = "a", size: int = 600, before: str = "home"
) -> list[Event]:
    """Return people spread over 60 days before and after, of whom so many in 100 buy."""
    events = []
    for side, rate in enumerate(rates):
        for n in range(size):
            at = START + (60 * side + n % 60) * DAY
            names = [before, "pricing", *(["buy"] if (n * 37) % 100 < rate else [])]
            events += [
                Event(f"{name}{side}{n}", at + k * HOUR, 10 * n + k, step, name)
                for k, step in enumerate(names)
            ]
    return events


END = Event("z", START + 160 * DAY, 99_999, "home")  # the newest event: all others are mature


def test_sides_are_whole_days_people_count_once_and_young_journeys_do_not() -> None:
    events = [
        Event("ann", ON - DAY, 1, "home"),  # the last day before, converted on the day itself
        Event("ann", ON, 2, "buy"),
        Event("ann", ON + HOUR, 3, "home"),  # her first journey after: dropped
        Event("ann", ON + 9 * DAY, 4, "home"),
        Event("ann", ON + 9 * DAY + HOUR, 5, "buy"),  # ends that journey; she counts once a side
        Event("ben", ON - 2 * DAY, 6, "home"),
        Event("ben", ON - 2 * DAY + HOUR, 7, "home"),
        Event("cat", ON, 8, "home"),  # the first moment of the change is after
        Event("cat", ON + HOUR, 9, "buy"),
        Event("dan", ON + 20 * DAY, 10, "home"),  # younger than the window at as_of
        Event("eve", ON - 30 * DAY, 11, "home"),  # the first day of the data
        Event("fay", ON + 40 * DAY, 12, "home"),  # the newest event: as_of
    ]
    result = change_effect(company(events), on=CHANGED, scope=ALL)
    # 40 days since less the window of 30: the days that can be judged are day 0 to day 9
    assert (result.days, result.last_day) == (10, (ON + 9 * DAY).date())
    assert result.before == Side(2, 1)  # ann and ben; eve began too long before
    assert result.after == Side(2, 2)  # ann's journey of the first hour went on to buy; and cat
    assert result.young == 2  # dan and fay
    assert result.difference is not None
    assert (result.difference.low, result.difference.high) == newcombe(2, 2, 1, 2)


def test_a_rise_is_found_and_the_same_without_it_is_not() -> None:
    risen = change_effect(company([*crowd((10, 25)), END]), on=CHANGED, scope=Scope())
    assert risen.verdict == "worked"
    assert risen.difference is not None
    assert risen.difference.value == pytest.approx(0.15)
    text = told(risen)
    assert text.startswith("**Conversion is higher since 2026-03-02: 25 % of people converted")
    assert "do not show what caused" in text
    same = change_effect(company([*crowd((20, 21)), END]), on=CHANGED, scope=Scope())
    assert same.verdict == "not shown"
    assert "higher" not in told(same)
    fallen = change_effect(company([*crowd((25, 10)), END]), on=CHANGED, scope=Scope())
    assert fallen.verdict == "fell"
    assert told(fallen).startswith("**Conversion is lower since")


def test_what_rose_in_the_control_too_is_no_effect() -> None:
    events = [*crowd((10, 25), "ads"), *crowd((10, 25), "email"), END]
    store = company(events)
    record_change(store, Change("New ads", CHANGED, START, audience=("channel = ads",)))
    result = change_effect(store, change="new ads", scope=Scope())
    assert result.control == ("everyone else",)
    assert (result.before.people, result.control_before.people) == (600, 600)
    assert result.beyond_control is not None
    assert result.beyond_control.value == pytest.approx(0)
    assert result.verdict == "not shown"
    assert "In the control (everyone else) it went from 10 % to 25 %" in told(result)
    alone = company([*crowd((10, 25), "ads"), *crowd((10, 10), "email"), END])
    beyond = change_effect(
        alone,
        on=CHANGED,
        control=("channel = email",),
        scope=Scope(where=conditions(("channel = ads",))),
    )
    assert beyond.verdict == "worked"
    assert beyond.caveats == ()  # there is a control, and nobody is too young
    told(beyond)


def test_everyone_else_of_two_filters_is_whoever_fails_one_of_them() -> None:
    events = [
        Event(f"{channel}{device}{side}{n}", START + (60 * side + n) * DAY, n, "home", channel)
        for channel in ("ads", "email")
        for device in ("phone", "desk", "")
        for side in (0, 1)
        for n in range(40)
    ]
    traits: Traits = {
        e.person: {"device": device}
        for e in events
        for device in ("phone", "desk")
        if device in e.person
    }
    store = company([*events, END], traits=traits)
    audience = ("channel = ads", "device = phone")
    record_change(store, Change("It", CHANGED, START, audience=audience))
    result = change_effect(store, scope=Scope())  # no name: the latest change
    assert (result.change, result.before.people) == ("It", 40)
    # all by email (3 x 40), and by ads on a desk; the ads people of no known device are in neither
    assert result.control_before.people == 160


def test_what_was_expected_is_set_beside_what_came() -> None:
    def verdict(extra: float, low: float, high: float, rates: tuple[int, int]) -> tuple[str, str]:
        store = company([*crowd(rates), END])
        expected = Expected(extra, low, high, days=30)  # the windows have 60 days: twice as many
        record_change(store, Change("It", CHANGED, START, expected=expected))
        result = change_effect(store, change="It", scope=Scope())
        assert result.expected is not None
        assert result.expected.value == 2 * extra
        return result.verdict, told(result)

    worked, words = verdict(45, 30, 60, (10, 25))
    assert worked == "worked"
    assert "Expected were 60 to 120 more conversions in that time; observed are 90 more" in words
    assert verdict(150, 120, 180, (10, 25))[0] == "less than expected"
    assert verdict(60, 50, 70, (20, 20))[0] == "not as expected"
    assert verdict(5, -10, 20, (20, 21))[0] == "not shown"


def test_a_step_that_holds_people_better_is_found_by_the_day_of_the_visit() -> None:
    events = []
    for n in range(800):
        at = START + (n % 100) * DAY + HOUR  # pricing is seen ten days later
        leaves = (n * 7) % 10 < (5 if at + 10 * DAY < ON else 2)
        names = [("home", at), ("pricing", at + 10 * DAY)]
        names += [] if leaves else [("docs", at + 11 * DAY)]
        events += [Event(f"p{n}", when, n, name) for name, when in names]
    result = change_effect(company([*events, END]), on=CHANGED, days=40, scope=Scope())
    pricing = next(row for row in result.rows if row.touchpoint == "pricing")
    assert (pricing.before_rate, pricing.after_rate) == pytest.approx((0.5, 0.2), abs=0.03)
    assert pricing.ratio_high is not None
    assert pricing.ratio_high < 0.6
    assert "Fewer leave right after pricing" in told(result)


def test_planted_effects_lie_in_the_interval_and_are_not_found_when_removed() -> None:
    covered = found = 0
    for seed in range(6):
        for size in (0.6, 1.0):
            world = planted.redesign(seed, size)
            assert world.changed_on is not None
            result = change_effect(world.store(), on=world.changed_on.date(), scope=Scope())
            row = next(row for row in result.rows if row.touchpoint == "Pricing")
            assert row.ratio_low is not None
            assert row.ratio_high is not None
            covered += row.ratio_low <= size <= row.ratio_high
            found += size == 1.0 and any(step.q_value < 0.05 for step in result.rows)
    assert covered >= 10  # of 12
    assert found <= 2


def test_one_person_with_very_many_journeys_makes_no_finding() -> None:
    busy = []
    for n in range(3000):
        at = ON + DAY + n * HOUR / 6
        busy += [Event("bot", at, 2 * n, "home"), Event("bot", at, 2 * n + 1, "buy")]
    result = change_effect(company([*crowd((10, 10)), *busy, END]), on=CHANGED, scope=Scope())
    assert result.after == Side(601, 61)
    assert result.verdict == "not shown"


def test_why_nothing_can_be_told_yet_is_said_with_the_day_when_it_can() -> None:
    began = [event for event in crowd((40, 40)) if event.at < ON + 20 * DAY]
    store = company(began)
    early = change_effect(store, on=CHANGED, scope=Scope())
    assert (early.open, early.verdict) == ("too early", "too early")
    needed = people_per_group(0.4, 0.48)  # a fifth more than before
    assert needed is not None
    assert early.measurable_on is not None
    wait = (early.measurable_on - CHANGED).days  # ten people a day, and the window of 30 days
    assert wait == pytest.approx(needed / 10 + 30, abs=1)
    assert f"{early.measurable_on}" in told(early)
    assert "nobody who began since then is old enough" in narrate(early).answer
    first = change_effect(store, on=START.date(), scope=Scope())
    assert "the data begin on 2026-01-01" in told(first)
    assert "no day was named" in told(change_effect(store, scope=Scope()))
    endless = company([*crowd((10, 10)), END], JourneyDefinition("endless"))
    assert "has no end event" in told(change_effect(endless, on=CHANGED, scope=Scope()))


def test_a_question_that_cannot_be_answered_is_a_clear_error() -> None:
    store = company([*crowd((10, 10), size=60), END])
    with pytest.raises(InvalidArgumentError, match="no change 'redesign'"):
        change_effect(store, change="redesign", scope=ALL)
    record_change(store, Change("Redesign", CHANGED, START))
    with pytest.raises(InvalidArgumentError, match="recorded on 2026-03-02, not on 2026-01-01"):
        change_effect(store, change="redesign", on=START.date(), scope=ALL)
    with pytest.raises(UnknownSegmentError):
        change_effect(store, on=CHANGED, control=("colour = red",), scope=ALL)
    with pytest.raises(NoDataError, match="No journey"):
        change_effect(
            store, on=CHANGED, scope=Scope(where=conditions(("channel = a", "channel != a")))
        )


def series(rates: list[float], people: int = 400) -> Series:
    first = START.date()
    days = [Day(first + n * DAY, people, round(people * rate), 0) for n, rate in enumerate(rates)]
    return Series(days, first, first + (len(rates) - 1) * DAY)


def test_a_season_shows_at_other_dates_as_well_and_a_step_does_not() -> None:
    on = (START + 200 * DAY).date()
    wave = [0.2 + 0.1 * np.sin(n / 25) for n in range(300)]
    found = placebo(series(wave), None, on, 90)
    assert found is not None
    assert (found.days, found.dates) == (50, 15)  # from day 50 to day 150, a week apart
    assert found.as_large > 0.2 * found.dates
    step = placebo(series([0.1] * 200 + [0.2] * 100), None, on, 90)
    assert step is not None
    assert step.as_large == 0
    assert step.difference == pytest.approx(0.1)
    both = placebo(series(wave), series(wave), on, 90)
    assert both is not None
    assert both.difference == pytest.approx(0)
    assert placebo(series(wave), None, (START + 30 * DAY).date(), 90) is None


def test_the_trend_before_is_the_weighted_regression_of_statsmodels() -> None:
    on = (START + 70 * DAY).date()
    random = np.random.default_rng(3)
    rates = [0.1 + 0.002 * n + float(random.normal(0, 0.03)) for n in range(70)]
    told_weeks = weeks({"concerned": series(rates)}, on)
    found = trend(told_weeks, on, 30)
    assert found is not None
    shares = [week.conversion_rate for week in told_weeks]
    fitted = WLS(shares, add_constant(np.arange(10.0))).fit()
    assert found.value == pytest.approx(float(fitted.params[1]))
    assert (found.p or 1) < 0.001
    assert trend(weeks({"concerned": series([0.1] * 20)}, on), on, 30) is None  # too few weeks


def test_sides_and_difference_in_differences_agree_with_their_definitions() -> None:
    these, control = (Side(500, 50), Side(400, 80)), (Side(300, 30), Side(350, 42))
    found, own = beyond_control(these, control)
    first = difference(these[1], these[0])
    assert own.value == pytest.approx(42 / 350 - 30 / 300)
    assert found.value == pytest.approx(first.value - own.value)
    assert None not in (found.low, found.high, first.low, own.high)
    assert (found.value - (found.low or 0)) ** 2 == pytest.approx(
        (first.value - (first.low or 0)) ** 2 + ((own.high or 0) - own.value) ** 2
    )
    random = np.random.default_rng(1)  # the interval holds the truth in about 95 of 100
    hits = 0
    for _ in range(400):
        sides = [
            Side(people, int(random.binomial(people, share)))
            for people, share in ((300, 0.1), (300, 0.2), (200, 0.1), (250, 0.12))
        ]
        told, _own = beyond_control((sides[0], sides[1]), (sides[2], sides[3]))
        hits += (told.low or 0) <= 0.08 <= (told.high or 0)
    assert 0.92 <= hits / 400 <= 0.98


def test_the_smallest_visible_rise_is_that_which_so_many_people_show() -> None:
    seen = smallest_visible(Side(5000, 500), Side(3000, 300))
    assert seen is not None
    assert people_per_group(0.1, 0.1 + seen) == pytest.approx(3000, abs=2)
    assert smallest_visible(Side(50, 0), Side(50, 4)) is None


DEFINITION = JourneyDefinition("test", end=Rule(("buy",)), window=10 * DAY, inactivity=4 * DAY)


def firsts(journeys: list[NaiveJourney], since: datetime, until: datetime) -> list[NaiveJourney]:
    """Return each person's first journey begun in a span; journeys come in order."""
    own: dict[str, NaiveJourney] = {}
    for journey in journeys:
        if since <= journey.started_at < until:
            own.setdefault(journey.person, journey)
    return list(own.values())


@settings(max_examples=25, deadline=None)
@given(companies, st.integers(-2, 60), st.sampled_from([None, 3, 40]), st.sampled_from([1, 3]))
def test_every_count_equals_a_naive_reading(
    events: list[Event], day: int, days: int | None, minimum: int
) -> None:
    on = START + day * DAY
    store: Store = company(events, DEFINITION)
    scope = Scope(minimum_group=minimum)
    result = change_effect(store, on=on.date(), days=days, scope=scope)
    told(result)
    journeys = naive_journeys(events, end=frozenset({"buy"}), window=10 * DAY, inactivity=4 * DAY)
    twins = [(j.person, j.started_at) for j in journeys if j.outcome == "converted"]
    assume(len(twins) == len(set(twins)))  # which of them came first, their times do not tell
    as_of = max(event.at for event in events)
    mature = [j for j in journeys if j.started_at + 10 * DAY <= as_of]
    length = result.days * DAY
    before = firsts(mature, on - length, on)
    won = sum(j.outcome == "converted" for j in before)
    assert result.before == Side(len(before), won)
    last = datetime.combine(result.last_day, datetime.min.time()) + DAY
    end = min(on + length, max(on, last))
    after = firsts(mature, on, end)
    assert result.after == Side(len(after), sum(j.outcome == "converted" for j in after))
    if result.open:
        assert result.verdict in {"too early", "cannot tell"}
        return
    sides = {"before": (before, on), "after": (after, end)}
    for row in result.rows:
        for name, (people, until) in sides.items():
            came = left = 0
            for journey in people:
                path = [*journey.steps, ("", datetime.max)]  # noqa: DTZ901
                first = next((k for k, s in enumerate(path) if s[0] == row.touchpoint), None)
                if first is None or path[first][1] >= until:
                    continue
                came += 1
                left += journey.outcome == "dropped" and first == len(journey.steps) - 1
            assert (came, left) == (
                getattr(row, f"{name}_people"), getattr(row, f"{name}_left"),
            )  # fmt: skip
    assert all(a.p <= b.p for a, b in pairwise(result.rows))


def test_a_recorded_day_is_a_date_and_the_facts_are_unique() -> None:
    result = change_effect(company([*crowd((10, 25)), END]), on=date(2026, 3, 2), scope=Scope())
    ids = [fact.id for fact in result.facts]
    assert len(ids) == len(set(ids))
    assert result.fact("change_effect.after_rate").numerator == result.after.converted
