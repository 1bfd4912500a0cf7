"""Scores against a naive reading of every snapshot, sklearn, and companies with a planted sign."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, roc_auc_score

from tests import planted
from tests.company import DAY, HOUR, START, company, number
from tests.facts_in_words import unfounded
from tests.histories import companies
from tests.journey_oracle import Event, NaiveJourney, naive_journeys
from tools.analyses import scores_parts
from tools.analyses.scores import ScoresResult, scores
from tools.analyses.scores_learning import Learned, bound_values, frame, judged
from tools.analyses.scores_model import Snapshots, fit, snapshots
from tools.analyses.scores_parts import deciles, expected_interval
from tools.charts.scores import chart
from tools.errors import NoDataError
from tools.journeys.definition import JourneyDefinition, Rule
from tools.journeys.scope import Scope, ScopedStore, conditions
from tools.narration.scores import narrate
from tools.statistics.discrimination import auc, brier, calibration, lift
from tools.store.door import Store

ALL = Scope(minimum_group=1)
WINDOW = 10 * DAY
DEFINITION = JourneyDefinition("test", end=Rule(("buy",)), window=WINDOW, inactivity=4 * DAY)
NAMES = ["blog", "docs", "home", "pricing", "buy"]
LAST = [Event("z", START + 60 * DAY + n * HOUR, 10**6 + n, name) for n, name in enumerate(NAMES)]
"""Every name exists, and the newest event says how far the data go."""
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - times in the store are UTC
Snapshot = tuple[object, ...]


def seconds(at: datetime) -> float:
    return (at - EPOCH).total_seconds()


def asked(store: Store, *, training: bool, cut: datetime = START) -> Snapshots:
    """Return the snapshots that the analysis would learn from, or those under way."""
    scoped = ScopedStore(store, ALL)
    places = [i for (i,) in store.rows("SELECT touchpoint_id FROM touchpoint ORDER BY label")]
    numbers = [(int(str(i)), "") for i in places]
    bound = {**bound_values(scoped.scope, numbers), "cut": cut, "kept": 10_000}
    return snapshots(frame(scoped, {**bound, "training": training}))


def features(told: Snapshots, place: int) -> Snapshot:
    names = [f.name for f in fields(told) if f.name not in {"tested", "converted"}]
    values = (getattr(told, name)[place] for name in names)
    return tuple(round(v, 3) if isinstance(v, float) else v for v in values)


def naive(journey: NaiveJourney, journeys: Iterable[NaiveJourney], moment: float) -> Snapshot:
    """Return what was known of a journey at a moment, one step after another."""
    labels = ["blog", "buy", "docs", "home", "pricing"]
    known = [(name, seconds(at)) for name, at in journey.steps if seconds(at) <= moment]
    times = [at for _, at in known]
    gaps = [after - before for before, after in pairwise(times)]
    own = [j for j in journeys if j.person == journey.person]
    before = [j for j in own if j.started_at < journey.started_at]
    return (
        number(journey.person),
        journey.channel or "",
        round(moment - seconds(journey.started_at), 3),
        round(moment - times[-1], 3),
        float(len(known)),
        float(1 + sum(gap > 1800 for gap in gaps)),
        float(sum(at > moment - 86_400 for at in times)),
        1 + labels.index(known[-1][0]),
        sum(2 ** labels.index(name) for name in {name for name, _ in known}),
        float(len(before)),
        float(sum(j.outcome == "converted" for j in before)),
    )


def moments(journey: NaiveJourney, journey_id: int) -> list[float]:
    """Return the four moments at which a journey is looked at, as far as it was open."""
    started, window = seconds(journey.started_at), WINDOW.total_seconds()
    closed = min(started + window, seconds(journey.last_at) + 4 * 86_400)
    if journey.outcome == "converted":
        closed = seconds(journey.last_at)
    drawn = [
        started + window * (slot + (journey_id % 10039 + 2503 * slot) % 10039 / 10039) / 4
        for slot in range(4)
    ]
    return [moment if moment < closed else -1.0 for moment in drawn]


def journey_ids(store: Store) -> dict[tuple[int, datetime], int]:
    sql = "SELECT person_id, started_at, journey_id FROM journey ORDER BY journey_id"
    return {(p, s): j for p, s, j in store.rows(sql)}  # type: ignore[misc]


@settings(max_examples=40, deadline=None)
@given(companies, st.integers(0, 40))
def test_every_snapshot_equals_a_naive_reading(events: list[Event], day: int) -> None:
    # a person's journeys that begin at one time are told apart by their ids only
    told = [*events, *LAST]
    store, cut = company(told, DEFINITION), START + day * DAY
    journeys = naive_journeys(told, end=frozenset({"buy"}), window=WINDOW, inactivity=4 * DAY)
    starts = [(j.person, j.started_at) for j in journeys]
    assume(len(set(starts)) == len(starts))
    ids, wanted = journey_ids(store), []
    as_of = max(event.at for event in told)
    mature = [j for j in journeys if j.started_at + WINDOW <= as_of]
    for journey in mature:
        person = number(journey.person)
        own = [j for j in mature if j.person == journey.person]
        later = [j for j in own if j.started_at >= cut]
        on_test = bool(later) and (len(later) == len(own) or person % 10009 % 2 == 0)
        journey_id = ids[(person, journey.started_at)]
        side = [j for j in own if (j in later) == on_test]
        if journey_id != min(ids[(person, j.started_at)] for j in side):
            continue  # one journey per person: which one, the ids decide, and they are hashes
        for slot, moment in enumerate(moments(journey, journey_id)):
            if moment > 0 and (not on_test or slot == person % 10037 % 4):
                won = journey.outcome == "converted"
                wanted.append((on_test, won, naive(journey, journeys, moment)))
    found = asked(store, training=True, cut=cut)
    rows = [
        (bool(found.tested[i]), bool(found.converted[i]), features(found, i))
        for i in range(len(found))
    ]
    assert sorted(rows, key=repr) == sorted(wanted, key=repr)


@settings(max_examples=25, deadline=None)
@given(companies, st.integers(0, 10**6))
def test_what_happens_later_changes_no_feature_of_a_snapshot(
    events: list[Event], chosen: int
) -> None:
    told = [*events, *LAST]
    store = company(told, DEFINITION)
    found = asked(store, training=True, cut=START + 50 * DAY)
    assume(len(found))
    place = chosen % len(found)
    person, age = int(found.person_id[place]), float(found.age[place])
    sql = "SELECT started_at FROM journey WHERE person_id = $person ORDER BY started_at"
    began = [at for (at,) in store.rows(sql, {"person": person}) if isinstance(at, datetime)]
    for at in began:
        # the same company as it stood at that moment: nobody has done anything later yet
        then = replace(DEFINITION, as_of=at + timedelta(seconds=age))
        under_way = asked(company(told, then), training=False)
        places = [i for i, p in enumerate(under_way.person_id) if p == person]
        if any(features(under_way, i) == features(found, place) for i in places):
            return
    pytest.fail("the snapshot is not what was known at its moment")


def test_a_snapshot_is_taken_of_open_journeys_only() -> None:
    told = [
        Event("ann", START, 1, "home"),
        Event("ann", START + 2 * DAY, 2, "buy"),  # closed from day 2 on
        Event("ben", START, 3, "home"),  # silent: closed four days later
        Event("cat", START, 4, "home"),
        Event("cat", START + 3 * DAY, 5, "docs"),  # open until day 7
        Event("z", START + 60 * DAY, 6, "home"),  # as_of
    ]
    found = asked(company(told, DEFINITION), training=True, cut=START + 50 * DAY)
    last = {"ann": 2.0, "ben": 4.0, "cat": 7.0}
    for name, days in last.items():
        ages = found.age[found.person_id == number(name)]
        assert len(ages) >= (days > 2.5)
        assert np.all(ages < days * 86_400)
    assert set(found.person_id[found.converted]) <= {number("ann")}


def test_nobody_is_learned_from_and_tested_on_and_each_is_tested_once() -> None:
    world, _ = planted.scored(4, 3, people=1500)
    again = [
        Event(e.person, e.at + 45 * DAY, e.seq + 10**6, e.touchpoint, e.channel)
        for e in world.events
        if e.at < START + 100 * DAY
    ]
    store = company([*world.events, *again], world.definition)
    found = asked(store, training=True, cut=START + 60 * DAY)
    on_test, learned = found.person_id[found.tested], found.person_id[~found.tested]
    assert len(on_test) > 100
    assert len(learned) > 500
    assert not set(on_test) & set(learned)
    assert len(set(on_test)) == len(on_test)
    assert np.unique(learned, return_counts=True)[1].max() <= 4


def test_one_person_with_thousands_of_journeys_is_learned_from_as_one() -> None:
    busy = [
        Event("bot", START + n * HOUR, 10**6 + 2 * n + k, name, "bots")
        for n in range(3000)
        for k, name in enumerate(["home", "buy"])
    ]
    store = company([*few(5, 50), *busy], replace(DEFINITION, window=30 * DAY, inactivity=30 * DAY))
    found = asked(store, training=True, cut=START + 90 * DAY)
    assert np.sum(found.person_id == number("bot")) <= 4
    assert len(found) > 50


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=60))
def test_the_auc_and_its_variance_are_those_of_all_pairs(told: list[tuple[bool, int]]) -> None:
    won = np.array([w for w, _ in told])
    marks = np.array([float(m) for _, m in told])
    found = auc(won, marks)
    if won.all() or not won.any():
        assert found is None
        return
    assert found is not None
    assert found.value == pytest.approx(roc_auc_score(won, marks))
    assert 0 <= found.low <= found.value <= found.high <= 1
    if found.value in {0.0, 1.0} or min(won.sum(), (~won).sum()) < 2:
        return
    pairs = (marks[won][:, None] > marks[~won]) + 0.5 * (marks[won][:, None] == marks[~won])
    variance = np.var(pairs.mean(axis=1), ddof=1) / won.sum()
    variance += np.var(pairs.mean(axis=0), ddof=1) / (~won).sum()
    low = max(0.0, pairs.mean() - 1.959964 * np.sqrt(variance))
    assert found.low == pytest.approx(low, abs=1e-6)


def test_a_perfect_ranking_is_not_told_as_certain() -> None:
    found = auc(np.array([True] * 30 + [False] * 100), np.arange(130.0)[::-1].copy())
    assert found is not None
    assert (found.value, found.high) == (1.0, 1.0)
    assert 0.85 < found.low < 0.95


def test_the_brier_score_is_that_of_sklearn_and_the_calibration_adds_up() -> None:
    random = np.random.default_rng(1)
    chances = np.round(random.random(500) ** 3, 2)
    won = random.random(500) < chances
    assert brier(won, chances) == pytest.approx(brier_score_loss(won, chances))
    bins = calibration(won, chances)
    assert sum(one.people for one in bins) == 500
    assert sum(one.converted for one in bins) == won.sum()
    assert sum(one.expected * one.people for one in bins) == pytest.approx(chances.sum())
    pairs = pairwise(bins)
    assert all(one.highest < other.lowest for one, other in pairs)
    assert len(calibration(won, np.full(500, 0.3))) == 1  # equal scores are one group


def test_the_interval_of_the_lift_holds_what_sampling_gives() -> None:
    found = lift(60, 200, 150, 2000)
    assert found is not None
    assert found.value == pytest.approx((60 / 200) / (150 / 2000))
    random = np.random.default_rng(2)
    top = random.binomial(200, 60 / 200, 20_000)
    rest = random.binomial(1800, 90 / 1800, 20_000)
    low, high = np.quantile((top / 200) / ((top + rest) / 2000), [0.025, 0.975])
    assert (found.low, found.high) == pytest.approx((low, high), rel=0.04)
    assert lift(0, 200, 0, 2000) is None
    none = lift(0, 200, 150, 2000)
    assert none is not None
    assert (none.value, none.low) == (0, 0)
    assert none.high > 0


def test_one_thread_gives_what_two_give() -> None:
    told = []
    for threads in (1, 2):
        store = planted.scored(2, 5)[0].store()
        store.execute(f"SET threads = {threads}")
        result = scores(store, scope=Scope())
        told.append((result.rows, result.facts))
    assert told[0] == told[1]


@cache
def stored(seed: int, ratio: float) -> tuple[Store, int]:
    world, later = planted.scored(seed, ratio)
    return world.store(), later


@cache
def scored(seed: int, ratio: float = 5) -> ScoresResult:
    return scores(stored(seed, ratio)[0], scope=Scope())


def test_a_planted_sign_is_found_and_what_comes_lies_in_the_interval() -> None:
    held = calibrated = named = 0
    for seed in range(8):
        result = scored(seed)
        assert result.missing is None
        assert result.test is not None
        assert result.test.auc.low > 0.5
        assert result.test.lift.low > 2
        held += (result.expected_low or 0) <= stored(seed, 5)[1] <= (result.expected_high or 0)
        calibrated += result.test.expected_low <= result.test.converted <= result.test.expected_high
        named += "Those who had reached Pricing converted more often" in narrate(result).text()
    assert held >= 7
    assert calibrated >= 6
    assert named >= 7


def test_where_nothing_tells_no_sign_is_told() -> None:
    for seed in range(4):
        result = scored(seed, 1)
        assert "Pricing converted more often" not in narrate(result).text()
        found = [row for row in result.signs if row.group in {"seen", "channel"}]
        assert not [row for row in found if row.q_value < 0.01]


def test_shuffled_outcomes_are_no_better_than_the_base_rate() -> None:
    told = asked(stored(0, 5)[0], training=True, cut=scored(0).cut or START)
    random, refused = np.random.default_rng(7), 0
    learned, later = told.part(~told.tested), told.part(told.tested)
    for _ in range(20):
        learned = replace(learned, converted=random.permutation(learned.converted))
        later = replace(later, converted=random.permutation(later.converted))
        model = fit(learned, ((1, "Blog"), (2, "Pricing")))
        found = Learned(None, {}, {}, len(learned), int(learned.converted.sum()), later)
        refused += judged(found, model, learned).missing in {"order", "base"}
    assert refused >= 18


def test_probabilities_are_calibrated_in_every_tenth_of_a_large_test() -> None:
    random = np.random.default_rng(3)
    whole = asked(stored(1, 5)[0], training=True, cut=scored(1).cut or START)
    drawn = random.integers(0, len(whole), 30_000)
    told = Snapshots(*(getattr(whole, f.name)[drawn] for f in fields(whole)))
    odds = -3 + 1.5 * told.saw(4) - told.silence / 864_000
    won = random.random(len(told)) < 1 / (1 + np.exp(-odds))
    told = replace(told, converted=won, person_id=random.integers(0, 10**9, len(told)))
    first = np.arange(len(told)) < 20_000
    places = tuple((i, f"t{i}") for i in range(1, 7))
    model = fit(told.part(first), places)
    rest = told.part(~first)
    rows = deciles(rest.converted, model.probabilities(rest))
    outside = sum(not (row.low or 0) <= row.expected_rate <= (row.high or 1) for row in rows)
    assert len(rows) >= 6
    assert outside <= 1


def test_the_interval_of_what_to_expect_is_at_least_that_of_chance() -> None:
    test = scored(0).test
    assert test is not None
    chances = np.random.default_rng(1).random(300) * 0.3
    sure = replace(test, converted=10**6, expected=1e6)
    drawn = (np.random.default_rng(2).random((20_000, 300)) < chances).sum(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    found = expected_interval(chances, sure)
    assert found[0] == pytest.approx(low, abs=1.5)
    assert found[1] == pytest.approx(high, abs=1.5)
    wide = expected_interval(chances, replace(test, converted=50, expected=100.0))
    assert wide[0] < found[0]
    assert wide[1] > found[1]
    assert expected_interval(np.zeros(5), test) == (0, 0)


def test_the_same_question_has_the_same_answer_and_rows_are_codes_by_score() -> None:
    store = stored(0, 5)[0]
    first, second = scores(store, top=25, scope=Scope()), scores(store, top=25, scope=Scope())
    assert (first.rows, first.facts) == (second.rows, second.facts)
    chances = [row.probability for row in first.rows]
    assert chances == sorted(chances, reverse=True)
    assert len({row.person for row in first.rows}) == 25
    assert {len(row.person) for row in first.rows} == {10}
    assert sum(band.people for band in first.bands) == first.active
    assert sum(band.expected for band in first.bands) == pytest.approx(first.expected)
    people = [row for row in first.rows if row.band == "hot"]
    assert all(row.probability >= first.bands[0].lowest for row in people)


def test_filters_choose_who_is_scored_and_not_what_is_learned() -> None:
    store = stored(0, 5)[0]
    whole, some = scored(0), scores(store, scope=Scope(where=conditions(("saw Pricing",))))
    assert some.test == whole.test
    assert 0 < some.active < whole.active
    assert (some.expected or 0) < (whole.expected or 0)
    recent = scores(store, scope=Scope(since=(planted.LAST - 5 * DAY).date()))
    assert recent.missing is None  # no journey in scope is old enough, and the model is there


def test_what_comes_next_is_the_most_frequent_successor() -> None:
    # in the planted company nothing but Buy follows Pricing, and most who have seen it never go on
    result = scored(0)
    step = next(one for one in result.next_steps if one.touchpoint == "Pricing")
    assert (step.following, step.share) == ("Buy", 1.0)
    assert {row.next_touchpoint for row in result.rows if row.last_touchpoint == "Pricing"} <= {
        "Buy"
    }


def _speaks(result: ScoresResult) -> None:
    words = narrate(result)
    assert unfounded(words, result, *(step.touchpoint for step in result.next_steps)) == []
    assert "None" not in words.text()
    assert "nan" not in words.text()
    assert words.answer.endswith(".")
    assert len({fact.id for fact in result.facts}) == len(result.facts)
    assert all(fact.id.startswith("scores.") for fact in result.facts)
    drawn = chart(result)
    assert drawn.title
    assert drawn.alt.endswith(".")


def few(converts: int, people: int, *, active: int = 3) -> list[Event]:
    told = []
    for n in range(people):
        at = START + n * HOUR
        told.append(Event(f"p{n}", at, n, "home"))
        if n < converts:
            told.append(Event(f"p{n}", at + 25 * DAY, 10**5 + n, "buy"))
    told += [Event(f"a{n}", START + 100 * DAY, 10**6 + n, "home") for n in range(active)]
    return [*told, Event("z", START + 101 * DAY, 10**7, "buy")]


def test_where_data_cannot_carry_scores_it_says_what_is_missing_in_numbers() -> None:
    too_few = scores(company(few(5, 50)), scope=Scope())
    assert too_few.missing == "learned"
    assert narrate(too_few).answer.startswith(
        f"Who is likely to convert cannot be told: there are {too_few.learned_converted} moments "
        "before a conversion to learn from, and 200 are needed."
    )
    nobody = scores(company(few(5, 50, active=0)), scope=Scope())
    assert (nobody.missing, nobody.active) == ("active", 0)
    endless = scores(company(few(5, 50), JourneyDefinition("endless")), scope=Scope())
    assert endless.missing == "end"
    early = scores(company([Event("a", START, 1, "home")]), scope=Scope())
    assert early.missing == "mature"
    none = scores(company(few(0, 50)), scope=Scope())
    assert "there are 0 moments before" in narrate(none).answer
    everyone = scores(company(few(300, 300)), scope=Scope())
    assert everyone.missing in {"learned", "tested"}
    for result in (too_few, nobody, endless, early, none, everyone):
        assert result.rows == ()
        assert result.statements
        _speaks(result)


def test_an_empty_scope_is_a_clear_error() -> None:
    with pytest.raises(NoDataError, match="No journey is in scope"):
        scores(company(few(5, 50)), scope=Scope(since=date(2030, 1, 1)))


def test_no_sentence_is_false_for_extreme_results() -> None:
    whole = scored(0)
    assert whole.test is not None
    _speaks(whole)
    hot = whole.bands[0]
    cold = replace(whole, bands=(replace(hot, people=0, expected=0.0), *whole.bands[1:]))
    assert "None of them has a score as high" in narrate(cold).text()
    one = replace(whole, active=1, expected=0.25, facts=(), statements=())
    assert narrate(one).answer == (
        "The one person under way converts within 30 days of their start with a chance of about "
        "25 %."
    )
    flat = replace(whole.test, lift=replace(whole.test.lift, low=0.8))
    assert "not clearly more often than everyone" in narrate(replace(whole, test=flat)).text()
    bare = replace(whole, signs=(), next_steps=())
    assert "converted more often" not in narrate(bare).text()
    for missing in ("order", "base"):
        refused = replace(
            whole, missing=missing, rows=(), bands=(), expected=None, signs=(), next_steps=()
        )
        assert "base rate" in narrate(refused).text() or "chance" in narrate(refused).answer
        _speaks(refused)


def test_the_test_says_how_many_converted_as_counted() -> None:
    told = asked(stored(2, 5)[0], training=True, cut=scored(2).cut or START)
    later = told.part(told.tested)
    result = scored(2)
    assert result.tested == len(later)
    assert result.tested_converted == later.converted.sum()
    model = fit(told.part(~told.tested), ((1, "x"),))
    found = scores_parts.tested(model, told.part(~told.tested), later)
    assert found is not None
    assert found.base_brier == pytest.approx(found.base_rate * (1 - found.base_rate))
