from collections import Counter, defaultdict
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import CensoredData, logrank
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest

from tests.company import DAY, HOUR, START, Traits, company
from tests.facts_in_words import unfounded
from tests.journey_oracle import Event, NaiveJourney, naive_journeys
from tools.analyses.segment_rows import SegmentRow
from tools.analyses.segments import SegmentsResult, Want, segments
from tools.charts.segments import chart
from tools.errors import (
    InvalidArgumentError,
    NoDataError,
    UnknownSegmentError,
    UnknownTouchpointError,
)
from tools.journeys.definition import JourneyDefinition
from tools.journeys.scope import Scope
from tools.narration.segments import narrate
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.distances import distances_from_rest, mix_test
from tools.statistics.proportions import two_shares_p
from tools.statistics.survival import LifeTable, log_rank

NOBODY = "(not known)"
ANYONE = Scope(minimum_group=1)
LATE = Event("zoe", START + 90 * DAY, 9, "home", "ads")  # the newest event: all before are mature


def crowd(
    size: int, channel: str, *touchpoints: str, name: str, hours: int = 1, day: int = 0
) -> list[Event]:
    return [
        Event(f"{name}{n}", START + day * DAY + step * hours * HOUR, step, touchpoint, channel)
        for n in range(size)
        for step, touchpoint in enumerate(touchpoints)
    ]


BUSY = [
    *crowd(60, "email", "home", "docs", "buy", name="a"),  # email: 60 of 100, by way of docs
    *crowd(40, "email", "home", "docs", name="b"),
    *crowd(20, "ads", "home", "buy", name="c"),  # ads: 20 of 100, without docs
    *crowd(80, "ads", "home", name="d"),
    *crowd(5, "tv", "home", name="e"),  # too few: pooled
    *crowd(10, "email", "home", name="f", day=80),  # young
    LATE,
]


def row(result: SegmentsResult, segment: str) -> SegmentRow:
    return next(row for row in result.rows if row.segment == segment)


def test_each_segment_is_compared_with_all_others() -> None:
    result = segments(company(BUSY), scope=Scope())
    assert [r.segment for r in result.rows] == ["email", "ads", "other"]
    email = row(result, "email")
    assert (email.journeys, email.mature, email.converted) == (110, 100, 60)
    assert (email.other_converted, email.other_mature) == (20, 105)  # ads and tv
    assert email.difference == pytest.approx(0.6 - 20 / 105)
    assert email.difference_low is not None
    assert 0.25 < email.difference_low < 0.41 < (email.difference_high or 0) < 0.55
    assert (email.q or 1) < 0.001
    assert (email.mix_q or 1) < 0.05
    assert (row(result, "other").against, row(result, "other").journeys) == (None, 5)


def test_rows_reconcile_with_the_whole() -> None:
    result = segments(company(BUSY), scope=Scope())
    assert (result.journeys, result.mature, result.converted) == (216, 205, 80)
    assert "11 journeys are younger" in result.caveats[0]


def test_two_named_values_are_compared_with_each_other() -> None:
    result = segments(company(BUSY), compare=("ads", "EMAIL"), scope=Scope())
    assert result.pair
    assert [(r.segment, r.against) for r in result.rows] == [
        ("ads", "email"), ("email", "ads"), ("other", None),
    ]  # fmt: skip
    assert row(result, "ads").difference == pytest.approx(0.2 - 0.6)
    assert narrate(result).answer == (
        "Journeys that began in email convert more often than ads: 60 % against 20 %."
    )


def test_a_named_value_that_is_too_small_is_said_to_be() -> None:
    result = segments(company(BUSY), compare=("email", "tv"), scope=Scope())
    assert [(r.segment, r.against) for r in result.rows] == [
        ("email", "the rest"), ("other", None),
    ]  # fmt: skip
    assert "tv has fewer than 30 journeys and cannot be compared." in result.caveats


def test_what_sets_segments_apart_is_found_once_for_two_groups() -> None:
    result = segments(company(BUSY), compare=("email", "ads"), scope=Scope())
    docs = result.touchpoints[0]
    assert (docs.segment, docs.against, docs.name) == ("email", "ads", "docs")
    assert (docs.journeys, docs.mature, docs.other_journeys, docs.other_mature) == (
        100, 100, 0, 100,
    )  # fmt: skip
    assert [one.segment for one in result.touchpoints] == ["email", "email"]  # docs, home
    assert {one.name for one in result.paths} == {"home", "home → docs"}
    assert "buy" not in {one.name for one in result.touchpoints}


def test_the_same_conversion_sooner_is_seen_in_time() -> None:
    events = [
        *crowd(100, "ads", "home", "docs", "buy", name="a", hours=1),
        *crowd(100, "email", "home", "docs", "buy", name="b", hours=200),
        LATE,
    ]
    email = row(segments(company(events), scope=Scope()), "email")
    assert email.difference == 0
    assert email.median_seconds == 400 * 3600
    assert (email.time_q or 1) < 0.001


def test_people_still_under_way_are_not_lost_in_the_log_rank() -> None:
    mature = [
        *crowd(30, "ads", "home", "buy", name="a", hours=100),  # 30 of 100 after 100 hours
        *crowd(70, "ads", "home", name="b"),
        *crowd(30, "email", "home", "buy", name="c", hours=100),
        *crowd(70, "email", "home", name="d"),
        LATE,
    ]
    young = crowd(100, "email", "home", name="e", day=88)  # 2 days old: none had 100 hours
    before = row(segments(company(mature), compare=("ads", "email"), scope=Scope()), "ads")
    after = row(
        segments(company([*mature, *young]), compare=("ads", "email"), scope=Scope()), "ads"
    )
    assert before.time_p == pytest.approx(1.0, abs=0.1)
    assert after.time_p == before.time_p  # at risk only before anyone converts


def test_numbers_are_cut_at_their_quartiles_and_words_are_not() -> None:
    events = [e for n in range(40) for e in crowd(1, "ads", "home", name=f"p{n:02}")]
    traits: Traits = {
        f"p{n:02}0": {"seats": str(n + 1), "plan": "pro" if n < 5 else "free"} for n in range(39)
    } | {"p390": {"plan": "free"}}
    store = company([*events, LATE], traits=traits)
    seats = segments(store, by="Seats", scope=ANYONE)
    assert seats.banded
    assert [(r.segment, r.journeys) for r in seats.rows] == [
        ("1 to 10", 10), ("11 to 20", 10), ("21 to 30", 10), ("31 to 39", 9), ("(not known)", 2),
    ]  # fmt: skip
    plan = segments(store, by="plan", scope=ANYONE)
    assert [(r.segment, r.journeys) for r in plan.rows] == [
        ("free", 35), ("pro", 5), ("(not known)", 1),
    ]  # fmt: skip


def test_a_field_with_many_values_keeps_the_largest() -> None:
    events = [e for n in range(20) for e in crowd(n + 1, f"ch{n:02}", "home", name=f"p{n:02}x")]
    result = segments(company(events), top=3, scope=ANYONE)
    assert [r.segment for r in result.rows] == ["ch19", "ch18", "ch17", "other"]
    assert result.journeys == 210


def test_behaviour_compares_who_saw_a_touchpoint_with_who_did_not() -> None:
    result = segments(company(BUSY), by="saw DOCS", scope=Scope())
    assert result.by == "saw docs"
    saw = row(result, "saw docs")
    assert (saw.mature, saw.converted, saw.other_mature, saw.other_converted) == (100, 60, 105, 20)
    assert "docs" not in {one.name for one in result.touchpoints}
    assert (saw.mix_distance, result.paths) == (None, ())
    assert "not the effect" in result.caveats[-1]
    assert narrate(result).answer == (
        "Journeys that saw docs convert more often than the rest: 60 % against 19 %."
    )


def test_names_that_do_not_fit_are_errors() -> None:
    store = company(BUSY)
    with pytest.raises(UnknownSegmentError, match=r"no segment 'chanel'\. Did you mean 'chan"):
        segments(store, by="chanel", scope=Scope())
    with pytest.raises(UnknownSegmentError, match=r"no channel 'emial'\. Did you mean 'em"):
        segments(store, compare=("emial",), scope=Scope())
    with pytest.raises(UnknownTouchpointError, match="by: no touchpoint"):
        segments(store, by="saw dcs", scope=Scope())
    with pytest.raises(InvalidArgumentError, match="'buy' is the end of this journey"):
        segments(store, by="saw buy", scope=Scope())
    with pytest.raises(InvalidArgumentError, match="leave it out"):
        segments(store, by="saw docs", compare=("email",), scope=Scope())
    with pytest.raises(NoDataError, match="No journey is in scope"):
        segments(store, scope=Scope(since=START.date().replace(year=2030)))


def test_a_journey_without_an_end_is_compared_by_paths_only() -> None:
    result = segments(company(BUSY, JourneyDefinition("all")), scope=Scope())
    assert result.base_rate is None
    assert (row(result, "email").difference, row(result, "email").time_p) == (None, None)
    assert (row(result, "email").mix_q or 1) < 0.05
    assert narrate(result).answer.startswith("This journey has no end event")
    assert chart(result).title == "Journeys by channel"


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([*crowd(40, "ads", "home", name="a"), LATE], "There is nothing to compare: every journey"),
        ([*crowd(5, "tv", "home", name="a"), LATE], "No segment by channel has 30 journeys or mo"),
        (
            [*crowd(40, "tv", "home", name="a"), *crowd(40, "ads", "home", name="b"), LATE],
            "No segment stands out: none of the 80 journeys that are old enough to judge",
        ),
        (
            [*crowd(9, "tv", "buy", name="a"), *crowd(40, "ads", "x", "buy", name="b"), LATE],
            "No segment stands out: all of the 49 journeys that are old enough to judge",
        ),
        (
            [*crowd(40, "tv", "home", name="a"), *crowd(40, "ads", "home", "buy", name="b")],
            "It is too early to compare segments of channel",
        ),
        (
            [
                *crowd(20, "tv", "home", "buy", name="a"),
                *crowd(20, "tv", "home", name="b"),
                *crowd(19, "ads", "home", "buy", name="c"),
                *crowd(21, "ads", "home", name="d"),
                LATE,
            ],
            "The difference between tv and the rest can be chance: 50 % against 48 %",
        ),
    ],
)
def test_the_first_sentence_is_true_at_the_extremes(events: list[Event], said: str) -> None:
    result = segments(company(events), scope=Scope())
    assert narrate(result).answer.startswith(said)
    assert chart(result).spec["layer"]


def test_no_channel_known_is_said() -> None:
    events = [Event(f"p{n}", START, n, "home") for n in range(40)]
    assert narrate(segments(company(events), scope=Scope())).answer == (
        "Channel is not known for any journey in scope."
    )


def test_benjamini_hochberg_equals_statsmodels() -> None:
    p_values = [0.001, 0.2, 0.04, 0.03, 0.9]
    assert benjamini_hochberg(p_values) == pytest.approx(
        tuple(multipletests(p_values, method="fdr_bh")[1])
    )
    assert benjamini_hochberg(()) == ()


def test_two_shares_equal_statsmodels_and_cannot_differ_without_variance() -> None:
    expected = proportions_ztest([30, 50], [200, 210])[1]
    found = two_shares_p([30, 0, 5], [200, 10, 5], [50, 0, 0], [210, 20, 0])
    assert found == pytest.approx([expected, 1.0, 1.0])


def test_a_mix_dealt_by_chance_is_not_found_and_a_planted_one_is() -> None:
    generator = np.random.default_rng(7)
    same = generator.multinomial(500, [0.5, 0.3, 0.2], size=3)
    assert min(p for _, p in mix_test(same, 3)) > 0.05
    apart = np.array([[300, 100, 100], [100, 300, 100], [200, 200, 100]])
    (first, p), *_ = mix_test(apart, 3)
    assert p == 1 / 500
    assert first == pytest.approx(jensenshannon([300, 100, 100], [300, 500, 200], base=2))
    assert mix_test(apart, 3) == mix_test(apart, 3)
    assert distances_from_rest(np.array([[1, 0], [0, 1]]), 1) == pytest.approx([1.0])


times = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=25)


@settings(max_examples=100, deadline=None)
@given(times, times)
def test_log_rank_equals_scipy(one: list[tuple[int, bool]], two: list[tuple[int, bool]]) -> None:
    def table(told: list[tuple[int, bool]]) -> LifeTable:
        events, leaving = np.zeros(13), np.zeros(13)
        for at, happened in told:
            events[at] += happened
            leaving[at] += 1
        return LifeTable(events, leaving)

    def censored(told: list[tuple[int, bool]]) -> CensoredData:
        return CensoredData(
            [t for t, happened in told if happened], right=[t for t, h in told if not h]
        )

    found = log_rank(table(one), table(two))
    if found is not None:
        assert found == pytest.approx(logrank(censored(one), censored(two)).pvalue, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.builds(
            Event,
            person=st.sampled_from("abcdefghij"),
            at=st.integers(0, 90).map(lambda n: START + n * DAY),
            seq=st.integers(0, 10**6),
            touchpoint=st.sampled_from(["home", "pricing", "docs", "buy"]),
            channel=st.sampled_from(["ads", "email", "tv", None]),
        ),
        min_size=1,
        max_size=50,
        unique_by=lambda e: (e.person, e.at, e.seq),
    )
)
def test_counts_equal_a_naive_reading(events: list[Event]) -> None:
    result = segments(company(events), top=1000, scope=ANYONE)
    journeys = naive_journeys(events, end=frozenset({"buy"}))
    as_of: datetime = max(e.at for e in events)
    told: dict[str, list[NaiveJourney]] = defaultdict(list)
    for journey in journeys:
        told[journey.channel or NOBODY].append(journey)
    assert {r.segment: r.journeys for r in result.rows} == {k: len(v) for k, v in told.items()}
    mature = {k: [j for j in v if j.started_at + 30 * DAY <= as_of] for k, v in told.items()}
    for found in result.rows:
        own = mature[found.segment]
        won = sum(j.outcome == "converted" for j in own)
        assert (found.mature, found.converted) == (len(own), won)
        if found.difference is not None:
            rest = [j for k, v in mature.items() if k not in {found.segment, NOBODY} for j in v]
            other = sum(j.outcome == "converted" for j in rest) / len(rest)
            assert found.difference == pytest.approx(won / len(own) - other)
        assert_time(found, told, as_of)
    for one in result.touchpoints:
        seen = Counter(one.name in j.path() for j in mature[one.segment])
        assert (one.journeys, one.mature) == (seen[True], seen.total())
    assert narrate(result).answer
    assert len({fact.id for fact in result.facts}) == len(result.facts)


def test_a_trait_known_only_of_those_who_got_far_shows_no_false_difference() -> None:
    # Half of those who told their plan convert, whatever the plan; nobody else does.
    events, traits = [], {}
    for n in range(400):
        person = f"p{n}"
        events.append(Event(person, START + n * HOUR, n, "home", "ads"))
        if n % 4 == 0:
            traits[person] = {"plan": "pro" if n % 8 else "free"}
            if n % 16 < 8:
                events.append(Event(person, START + (n + 1) * HOUR, n, "buy", "ads"))
    events.append(Event("late", START + 60 * DAY, 1, "home", "ads"))
    result = segments(company(events, traits=traits), by="plan", scope=Scope())
    assert [r.against for r in result.rows] == ["the rest", "the rest", None]
    assert row(result, "pro").other_rate == 0.5
    assert "Plan is known for 100 of 401 journeys" in result.caveats[1]


def assert_time(found: SegmentRow, told: dict[str, list[NaiveJourney]], as_of: datetime) -> None:
    """Check the log-rank: whoever has not converted is followed until the window or as_of."""

    def censored(journeys: list[NaiveJourney]) -> CensoredData:
        won = [j for j in journeys if j.outcome == "converted"]
        lost = [j for j in journeys if j.outcome != "converted"]
        return CensoredData(
            [(j.last_at - j.started_at) / DAY for j in won],
            right=[min((as_of - j.started_at) / DAY, 30) for j in lost],
        )

    if found.time_p is None:
        return
    rest = [j for k, v in told.items() if k not in {found.segment, NOBODY} for j in v]
    expected = logrank(censored(told[found.segment]), censored(rest)).pvalue
    assert found.time_p == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("want", "said"),
    [
        ("best", "Journeys that began in email convert best: 60 % (60 of 100 old enough to judge), against 20 % of the rest."),
        ("worst", "Journeys that began in ads convert least: 17 % (51 of 300 old enough to judge), against 45 % of the rest."),
        ("most", "Journeys that began in email bring the most conversions: 60 of 141 conversions (43 %)."),
    ],
)  # fmt: skip
def test_the_answer_begins_with_what_was_asked_for(want: Want, said: str) -> None:
    told = []
    for channel, size, won in (("email", 100, 60), ("ads", 300, 51), ("web", 100, 30)):
        for n in range(size):
            names = ["home", "buy"] if n < won else ["home"]
            told += [
                Event(f"{channel}{n}", START + k * HOUR, 10 * n + k, name, channel)
                for k, name in enumerate(names)
            ]
    told.append(Event("z", START + 60 * DAY, 9999, "home"))
    result = segments(company(told), want=want, scope=Scope())
    words = narrate(result)
    assert words.answer == said
    assert unfounded(words, result) == []


@pytest.mark.parametrize("want", ["best", "worst", "most"])
def test_what_is_tied_is_not_the_best(want: Want) -> None:
    told = [
        Event(f"{channel}{n}", START + k * HOUR, 10 * n + k, name, channel)
        for channel in ("email", "ads", "web")
        for n in range(40)
        for k, name in enumerate(["home", "buy"] if n < 10 else ["home"])
    ]
    told.append(Event("z", START + 60 * DAY, 9999, "home"))
    words = narrate(segments(company(told), want=want, scope=Scope()))
    assert words.answer.startswith("No segment by channel differs from the rest")


def simpson(*, turned: bool) -> SegmentsResult:
    """Return two channels, alike or turned round within each device, that bring other devices."""
    told, traits = [], {}
    for channel, device, size, won in (
        # within each device ads convert better (or as well), but ads bring phones
        ("ads", "phone", 900, 90),
        ("ads", "desk", 100, 50 if turned else 30),
        ("web", "phone", 100, 2 if turned else 10),
        ("web", "desk", 900, 270),
    ):
        for n in range(size):
            person = f"{channel}{device}{n}"
            traits[person] = {"device": device}
            told += [
                Event(person, START + step * HOUR, step, name, channel)
                for step, name in enumerate(["home", "buy"] if n < won else ["home"])
            ]
    traits["z"] = {"device": "desk"}
    told.append(Event("z", START + 60 * DAY, 9999, "home", "web"))
    return segments(company(told, traits=traits), scope=Scope())


def test_simpsons_paradox_between_channels_is_said_in_the_finding_itself() -> None:
    result = simpson(turned=True)
    ads = row(result, "ads")
    assert (ads.conversion_rate, row(result, "web").conversion_rate) == (0.14, 0.272)
    # like with like: 50 of 100 against 270 of 900 on desks, 90 of 900 against 2 of 100 on phones
    assert ads.within == "device"
    assert ads.within_low is not None
    assert ads.within_low > 1
    words = narrate(result)
    assert "among people of the same device it is the other way round" in words.answer
    assert unfounded(words, result) == []


def test_a_difference_that_is_but_one_of_devices_is_said_to_be() -> None:
    result = simpson(turned=False)
    found = row(result, "ads")
    assert found.within_ratio == pytest.approx(1.0)
    words = narrate(result)
    assert "among people of the same device no clear difference is left" in words.answer
    assert unfounded(words, result) == []


def test_a_difference_that_stays_is_told_plainly() -> None:
    result = segments(company(BUSY), scope=Scope())
    assert all(found.within is None for found in result.rows)
    assert " - but " not in narrate(result).answer
