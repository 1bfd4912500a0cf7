from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import planted
from tests.company import DAY, HOUR, START, company
from tests.facts_in_words import unfounded
from tests.histories import companies
from tests.journey_oracle import Event, naive_journeys
from tools.analyses.conversion_change import ConversionChangeResult, conversion_change
from tools.analyses.conversion_change_parts import kitagawa
from tools.analyses.overview import overview
from tools.charts.conversion_change import chart
from tools.errors import InvalidArgumentError, NoDataError, UnknownSegmentError
from tools.journeys.definition import JourneyDefinition, Rule
from tools.journeys.scope import Scope
from tools.narration.conversion_change import narrate
from tools.statistics.intervals import newcombe

JANUARY = (date(2026, 1, 1), date(2026, 1, 31))
FEBRUARY = (date(2026, 2, 1), date(2026, 2, 28))


def crowd(earlier: dict[str, tuple[int, int]], later: dict[str, tuple[int, int]]) -> list[Event]:
    """Return people per channel (how many, how many of them buy) in January and in February."""
    told = []
    for month, groups in enumerate((earlier, later)):
        for channel, (size, won) in groups.items():
            for n in range(size):
                at = START + month * 31 * DAY + (n % 25) * DAY
                names = ["home", "buy"] if n < won else ["home"]
                told += [
                    Event(f"{month}{channel}{n}", at + k * HOUR, 10 * n + k, name, channel)
                    for k, name in enumerate(names)
                ]
    return [*told, Event("z", START + 120 * DAY, 99_999, "home")]


def asked(events: list[Event], **told: object) -> ConversionChangeResult:
    scope = Scope(since=FEBRUARY[0], until=FEBRUARY[1])
    return conversion_change(company(events), scope=scope, **told)  # type: ignore[arg-type]


def checked(result: ConversionChangeResult) -> str:
    words = narrate(result)
    assert unfounded(words, result, result.earlier, result.later) == []
    assert "None" not in words.text()
    assert "nan" not in words.text().split()
    chart(result)
    return words.answer


counts = st.lists(
    st.tuples(*[st.integers(0, 9)] * 2, *[st.integers(0, 9)] * 2), min_size=1, max_size=5
)


@settings(max_examples=100, deadline=None)
@given(counts)
def test_the_parts_add_up_exactly_in_fractions(told: list[tuple[int, int, int, int]]) -> None:
    tables = [
        np.array([Fraction(row[0] + row[1]) for row in told] + [Fraction(1)], object),
        np.array([Fraction(row[1]) for row in told] + [Fraction(0)], object),
        np.array([Fraction(row[2] + row[3]) for row in told] + [Fraction(1)], object),
        np.array([Fraction(row[3]) for row in told] + [Fraction(1)], object),
    ]
    mix, rate = kitagawa(*tables)
    n0, c0, n1, c1 = (table.sum() for table in tables)
    assert mix.sum() + rate.sum() == c1 / n1 - c0 / n0


def test_a_change_of_mix_alone_is_told_as_one() -> None:
    """Social converts 10 % and search 40 %, in both months; only their shares change."""
    result = asked(crowd({"search": (300, 120), "social": (100, 10)}, {"search": (100, 40), "social": (300, 30)}))  # fmt: skip
    assert result.total is not None
    assert result.mix is not None
    assert result.within is not None
    assert result.total.value == pytest.approx(70 / 400 - 130 / 400)
    assert result.mix.value == pytest.approx(result.total.value)
    assert result.within.value == pytest.approx(0)
    # the shares move by 50 points each, and the rates lie 15 points from the whole's mean
    parts = {row.group: row for row in result.rows}
    assert parts["social"].mix == pytest.approx(0.5 * (0.1 - 0.25))
    assert parts["search"].mix == pytest.approx(-0.5 * (0.4 - 0.25))
    assert checked(result).startswith("Conversion fell by 15.0 percentage points, from 32 %")


def test_a_change_of_one_groups_rate_is_told_as_one() -> None:
    result = asked(crowd({"search": (300, 120), "social": (300, 60)}, {"search": (300, 120), "social": (300, 15)}))  # fmt: skip
    assert result.within is not None
    assert result.total is not None
    assert result.within.value == pytest.approx(result.total.value)
    assert "social" in narrate(result).text()
    low, high = newcombe(135, 600, 180, 600)
    assert result.total.low == pytest.approx(low, abs=0.01)
    assert result.total.high == pytest.approx(high, abs=0.01)


def test_what_is_no_more_than_chance_names_no_reason() -> None:
    result = asked(crowd({"search": (200, 40), "social": (200, 42)}, {"search": (200, 44), "social": (200, 41)}))  # fmt: skip
    assert "no more than chance" in checked(result)
    assert "social" not in narrate(result).text()


def test_a_planted_mix_is_found_with_its_size() -> None:
    assert sum(covers_the_mix(seed) for seed in range(8)) >= 6


def covers_the_mix(seed: int) -> bool:
    world = planted.mix_shift(seed, 0.4)
    assert world.changed_on is not None
    day = world.changed_on.date()
    result = conversion_change(
        world.store(),
        against_from=START.date(),
        against_to=(world.changed_on - DAY).date(),
        scope=Scope(since=day, until=(START + 149 * DAY).date()),
    )
    assert result.mix is not None
    assert result.mix.low is not None
    assert result.mix.high is not None
    assert checked(result).startswith("Conversion fell")
    return result.mix.low <= 0.4 * (0.08 - 0.32) <= result.mix.high


def test_unknown_values_add_up_and_are_no_reason() -> None:
    told = crowd({"search": (100, 40)}, {"search": (100, 40)})
    told += [Event(f"u{n}", START + 35 * DAY, n, "home") for n in range(100)]
    result = asked(told)
    assert result.total is not None
    parts = sum(row.mix + row.within for row in result.rows)
    assert parts == pytest.approx(result.total.value)
    unknown = next(row for row in result.rows if row.kind == "unknown")
    assert (unknown.mix_q, unknown.within_q) == (None, None)
    checked(result)


@pytest.mark.parametrize(
    ("earlier", "later", "said"),
    [
        ({"a": (50, 0)}, {"a": (50, 0)}, "Conversion "),
        ({"a": (50, 50)}, {"a": (50, 50)}, "Conversion "),
        ({"a": (0, 0)}, {"a": (50, 5)}, "There is nothing to compare"),
        ({"a": (1, 1)}, {"a": (1, 0)}, "There are too few to tell whether conversion moved"),
    ],
)
def test_the_first_sentence_is_true_at_the_extremes(
    earlier: dict[str, tuple[int, int]], later: dict[str, tuple[int, int]], said: str
) -> None:
    answer = checked(asked(crowd(earlier, later), against_from=JANUARY[0], against_to=JANUARY[1]))
    assert answer.startswith(said)
    assert "fell" not in answer or earlier != later


def test_what_cannot_be_asked_is_a_clear_error() -> None:
    events = crowd({"a": (50, 5)}, {"a": (50, 5)})
    with pytest.raises(UnknownSegmentError):
        asked(events, by="devise")
    with pytest.raises(InvalidArgumentError):
        asked(events, against_from=FEBRUARY[0], against_to=FEBRUARY[1])
    with pytest.raises(NoDataError, match="There is no data yet"):
        conversion_change(company([]), scope=Scope())


@settings(max_examples=40, deadline=None)
@given(companies, st.sampled_from(["channel", "route"]))
def test_periods_equal_a_naive_reading_and_the_overview(events: list[Event], by: str) -> None:
    definition = JourneyDefinition(
        "test", end=Rule(("buy",)), window=10 * DAY, inactivity=4 * DAY, collapse_repeats=False
    )
    journeys = naive_journeys(
        events, end=frozenset({"buy"}), window=10 * DAY, inactivity=4 * DAY, collapse=False
    )
    as_of = max(event.at for event in events)
    store = company(events, definition)
    cut = (date(2026, 1, 20), date(2026, 3, 31), date(2026, 1, 1), date(2026, 1, 19))
    result = conversion_change(
        store,
        by=by,
        against_from=cut[2],
        against_to=cut[3],
        scope=Scope(since=cut[0], until=cut[1], minimum_group=1),
    )
    for since, until, began, judged, won in (
        (cut[2], cut[3], result.earlier_began, result.earlier_journeys, result.earlier_converted),
        (cut[0], cut[1], result.later_began, result.later_journeys, result.later_converted),
    ):
        own = [j for j in journeys if since <= j.started_at.date() <= until]
        mature = [j for j in own if j.started_at + 10 * DAY <= as_of]
        assert began == len(own)
        assert judged == len(mature)
        assert won == sum(j.outcome == "converted" for j in mature)
        if own:
            whole = overview(store, scope=Scope(since=since, until=until))
            assert (whole.journeys, whole.mature, whole.mature_converted) == (began, judged, won)
    if result.total is not None:
        parts = sum(row.mix + row.within for row in result.rows)
        assert parts == pytest.approx(result.total.value)
        assert result.mix is not None
        assert result.within is not None
        assert result.mix.value + result.within.value == pytest.approx(result.total.value)
    checked(result)


def test_a_few_journeys_are_too_few_whatever_their_rates() -> None:
    result = asked(crowd({"ads": (4, 0)}, {"ads": (3, 3)}))
    assert checked(result).startswith(
        "There are too few to tell whether conversion moved: 3 of 3 journeys old enough to judge "
        "converted (February 2026), against 0 of 4 before (January 2026)."
    )


def test_a_difference_of_rates_has_an_interval_that_is_possible() -> None:
    # one person with thirty journeys in each month: nothing is known of others
    told = [
        Event("a", START + month * 31 * DAY + n * 20 * HOUR + k, 100 * n + step, name)
        for month in (0, 1)
        for n in range(30)
        for step, (k, name) in enumerate(((0 * HOUR, "home"), (HOUR, "buy")))
    ]
    result = asked([*told, Event("z", START + 120 * DAY, 99_999, "home")])
    assert result.total is not None
    assert result.total.low is not None
    assert result.total.low >= -1
    assert (result.total.high or 0) <= 1
    checked(result)
