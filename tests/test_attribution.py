from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.company import DAY, HOUR, START, company
from tests.facts_in_words import unfounded
from tests.histories import TOUCHPOINTS, companies
from tests.journey_oracle import Event, NaiveJourney, naive_journeys
from tools.analyses.attribution import AttributionResult, attribution
from tools.analyses.attribution_quality import ChannelQuality
from tools.analyses.attribution_rows import MODELS, AttributionRow, Model
from tools.analyses.overview import overview
from tools.charts.attribution import chart
from tools.errors import NoDataError
from tools.journeys.build import rebuild
from tools.journeys.scope import Scope, conditions
from tools.narration.attribution import narrate
from tools.statistics.markov import LOST, WON, absorbing_chain
from tools.statistics.markov import START as BEGIN
from tools.statistics.stratified import TwoByTwo, risk_ratio
from tools.store.door import Store

ALL = Scope(minimum_group=1)
AS_OF = Event("z", START + 60 * DAY, 9999, "home")


def visits(
    person: str, *channels: str | None, buys: bool = True, gap: timedelta = DAY, value: float = 1.0
) -> list[Event]:
    """Return one visit per channel, each a session of its own, and the purchase in none."""
    told = [
        Event(person, START + n * gap, n, f"page {n}", channel, session=f"{person}{n}")
        for n, channel in enumerate(channels)
    ]
    end = Event(person, START + len(channels) * gap, 99, "buy", value=value)
    return [*told, end] if buys else told


def row(result: AttributionResult, name: str) -> AttributionRow:
    return next(told for told in result.rows if told.name == name)


def quality(result: AttributionResult, name: str) -> ChannelQuality:
    return next(told for told in result.quality if told.name == name)


def credited(result: AttributionResult, model: Model) -> dict[str, float]:
    return {told.name: told.by_model(model) for told in result.rows}


def checked(result: AttributionResult, *names: str) -> str:
    words = narrate(result)
    assert unfounded(words, result, *names) == []
    assert "None" not in words.text()
    assert "nan" not in words.text()
    assert 2 <= len(words.follow_ups) <= 3
    chart(result)
    return words.answer


HAND = [
    *visits("ann", "ads", "email", "direct"),  # three touches; a day apart, the last a day before
    *visits("ben", "ads", "ads", value=3.0),  # two visits by one channel are two touches
    *visits("cat", "email", buys=False),  # lost: no credit, but the chain counts it
    Event("eve", START + 55 * DAY, 500, "home", "ads"),  # too young to judge
    AS_OF,
]


def test_each_rule_shares_out_as_it_is_defined() -> None:
    result = attribution(company(HAND), scope=ALL)
    assert (result.mature, result.converted) == (3, 2)
    assert credited(result, "first") == {"ads": 2, "email": 0, "direct": 0}
    assert credited(result, "last") == {"ads": 1, "email": 0, "direct": 1}
    assert credited(result, "last_non_direct") == {"ads": 1, "email": 1, "direct": 0}
    third = pytest.approx(1 / 3)
    assert credited(result, "linear") == {
        "ads": pytest.approx(4 / 3),
        "email": third,
        "direct": third,
    }
    assert credited(result, "shapley") == credited(result, "linear")  # ben's only channel is ads
    assert credited(result, "position") == {
        "ads": pytest.approx(1.4),
        "email": pytest.approx(0.2),
        "direct": pytest.approx(0.4),
    }
    ages = [2 ** (-days / 7) for days in (3, 2, 1)]  # ann's touches before she bought
    decay = credited(result, "time_decay")
    assert decay["ads"] == pytest.approx(1 + ages[0] / sum(ages))
    assert decay["direct"] == pytest.approx(ages[2] / sum(ages))


def test_value_follows_the_rule_asked_for() -> None:
    store = company(HAND)
    last = attribution(store, model="last", scope=ALL)
    assert {told.name: told.value for told in last.rows} == {
        "ads": 3.0,
        "direct": 1.0,
        "email": 0.0,
    }
    for model in MODELS:
        result = attribution(store, model=model, scope=ALL)
        assert sum(told.value or 0 for told in result.rows) == pytest.approx(4.0)


def test_the_chain_is_that_of_the_textbook() -> None:
    # Ann went on to email and direct and won, ben won from his second visit by ads, cat was lost.
    # So ads was left 3 times (to ads, to email, to the end), email twice (to direct, to nothing).
    result = attribution(company(HAND), scope=ALL)
    assert result.base_rate == pytest.approx(2 / 3)
    from_email = 1 / 2
    from_ads = (1 / 3 + 1 / 3 * from_email) / (2 / 3)
    base = 2 / 3 * from_ads + 1 / 3 * from_email
    assert base == pytest.approx(2 / 3)
    without_ads = 1 / 3 * from_email
    without_email = 2 / 3 * (1 / 3) / (2 / 3)
    assert row(result, "ads").removal_effect == pytest.approx(1 - without_ads / base)
    assert row(result, "email").removal_effect == pytest.approx(1 - without_email / base)


def test_a_visit_is_a_session_with_one_channel_or_a_day_without_session() -> None:
    told = [
        Event("ann", START, 1, "home", "ads", session="s"),
        Event("ann", START + HOUR / 6, 2, "docs", "ads", session="s"),  # the same visit
        Event("ann", START + HOUR, 3, "docs", "email"),
        Event("ann", START + 2 * HOUR, 4, "home", "email"),  # no session, same day: one visit
        Event("ann", START + DAY, 5, "docs", "email"),  # the next day: another
        Event("ann", START + DAY, 6, "sent", "email", kind="exposure"),  # sent, not a touch
        Event("ann", START + DAY + HOUR, 7, "app", None),  # no channel: no touch
        Event("ann", START + 2 * DAY, 8, "buy", "direct"),  # the visit that converts counts
        AS_OF,
    ]
    result = attribution(company(told), model="linear", scope=ALL)
    assert credited(result, "linear") == {"email": 0.5, "ads": 0.25, "direct": 0.25}
    assert "one session with one channel" in result.path_rule
    assert result.path_rule in result.caveats


def test_by_touchpoint_the_conversion_is_no_part_of_its_path() -> None:
    told = [*visits("ann", "ads", "email"), Event("ben", START, 1, "buy"), AS_OF]
    result = attribution(company(told), by="touchpoint", model="last", scope=ALL)
    assert credited(result, "last") == {"page 1": 1, "page 0": 0, "(not known)": 1}
    assert result.quality == ()


def test_by_source_the_system_that_records_the_conversion_gets_nothing() -> None:
    store = company([*visits("ann", "ads"), AS_OF])
    store.execute(
        "UPDATE event SET source = 'shop' WHERE touchpoint_id = "
        "(SELECT touchpoint_id FROM touchpoint WHERE label = 'buy')"
    )
    assert credited(attribution(store, by="source", scope=ALL), "last") == {"test": 1}


def test_by_campaign_visits_without_one_stand_apart() -> None:
    store = company([*visits("ann", "ads", "email"), *visits("bob", None), AS_OF])
    store.execute("UPDATE event SET campaign = 'spring' WHERE channel = 'ads'")
    rebuild(store)
    result = attribution(store, by="campaign", model="linear", scope=ALL)
    assert credited(result, "linear") == {"spring": 0.5, "(no campaign)": 0.5, "(not known)": 1}
    assert credited(result, "last_non_direct")["spring"] == 1


def test_what_was_spent_stands_beside_what_it_brought() -> None:
    store = company(HAND)
    _spend(store, [("ads", "a", 30.0, None), ("radio", "r", 5.0, "EUR"), ("email", "e", 0.0, None)])
    result = attribution(store, model="first", scope=ALL)
    ads = row(result, "ads")
    assert (ads.cost, ads.cost_per_conversion) == (30.0, 15.0)
    assert ads.return_on_spend == pytest.approx(4 / 30)
    radio = row(result, "radio")  # money went there, and nobody came
    assert (radio.credit, radio.cost, radio.cost_per_conversion) == (0, 5.0, None)
    assert row(result, "direct").cost is None
    assert result.cost == sum(told.cost or 0 for told in result.rows)
    assert any("taken to be in EUR" in caveat for caveat in result.caveats)
    top = attribution(store, model="first", top=1, scope=ALL)
    assert sum(told.cost or 0 for told in top.rows) == 35.0
    assert "15" in " ".join(narrate(result).support)
    part = attribution(store, scope=Scope(where=conditions(["channel = ads"]), minimum_group=1))
    assert part.cost is None
    assert any("Spend is not of single people" in caveat for caveat in part.caveats)


def test_spend_in_two_currencies_is_not_added_up() -> None:
    store = company(HAND)
    _spend(store, [("ads", "a", 30.0, "USD"), ("email", "e", 5.0, "EUR")])
    result = attribution(store, scope=ALL)
    assert result.cost is None
    assert any("several currencies" in caveat for caveat in result.caveats)


def _spend(store: Store, told: list[tuple[str, str, float, str | None]]) -> None:
    frame = pd.DataFrame(
        [
            {
                "n": n,
                "day": date(2026, 1, 1),
                "channel": channel,
                "campaign": name,
                "cost": cost,
                "currency": currency,
            }
            for n, (channel, name, cost, currency) in enumerate(told)
        ]
    )
    store.adopt("new_spend", frame)
    store.execute(
        "INSERT INTO spend SELECT n, day, 'ads', channel, campaign, cost, currency, 1, 1, 1 "
        "FROM new_spend"
    )


def naive_touches(
    events: list[Event], journey: NaiveJourney, closed: datetime
) -> list[tuple[datetime, str]]:
    """Return the visits of a journey in order: runs of one session, or day, and channel."""
    told: list[tuple[datetime, str]] = []
    last = None
    for event in sorted(events, key=lambda e: (e.at, e.seq)):
        inside = event.person == journey.person and journey.started_at <= event.at <= closed
        if inside and event.channel and event.kind == "action":
            visit = event.session or str(event.at.date()), event.channel
            if visit != last:
                told.append((event.at, event.channel))
            last = visit
    return told or [(journey.started_at, "(not known)")]


def naive_credits(
    paths: list[tuple[list[tuple[datetime, str]], datetime]],
) -> dict[str, dict[str, float]]:
    told: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for path, end in paths:
        names = [name for _, name in path]
        count = len(names)
        ages = [2 ** (-(end - at).total_seconds() / (7 * 86400)) for at, _ in path]
        plain = [name for name in names if name not in {"direct", "(not known)"}]
        told["first"][names[0]] += 1
        told["last"][names[-1]] += 1
        told["last_non_direct"][(plain or names)[-1]] += 1
        for place, name in enumerate(names):
            told["linear"][name] += 1 / count
            told["time_decay"][name] += ages[place] / sum(ages)
            if count <= 2:
                told["position"][name] += 1 / count
            else:
                told["position"][name] += 0.4 if place in {0, count - 1} else 0.2 / (count - 2)
        for name in set(names):
            told["shapley"][name] += 1 / len(set(names))
    return told


mixed = st.lists(st.sampled_from(["ads", "email", "direct", None]), min_size=1, max_size=60)


@settings(max_examples=40, deadline=None)
@given(companies, mixed, st.sampled_from(["linear", "markov"]))
def test_credits_are_those_of_a_naive_count_and_add_up(
    events: list[Event], channels: list[str | None], model: Model
) -> None:
    every = [
        Event(e.person, e.at + timedelta(minutes=n), n, e.touchpoint, channels[n % len(channels)])
        for n, e in enumerate(events)  # no ties, so that no event lies in two journeys
    ]
    every += [Event("y", START, n, name) for n, name in enumerate(TOUCHPOINTS)]
    store = company(every)
    as_of = max(e.at for e in every)
    journeys = [
        j for j in naive_journeys(every, end=frozenset({"buy"})) if j.started_at + 30 * DAY <= as_of
    ]
    result = attribution(store, model=model, scope=ALL)
    whole = overview(store, scope=ALL)
    assert (result.journeys, result.mature, result.converted) == (
        whole.journeys,
        len(journeys),
        sum(j.outcome == "converted" for j in journeys),
    )
    won = [
        (naive_touches(every, j, j.last_at), j.last_at)
        for j in journeys
        if j.outcome == "converted"
    ]
    expected = naive_credits(won)
    for rule in MODELS:
        assert sum(credited(result, rule).values()) == pytest.approx(result.converted)
        if rule != "markov":
            for name, credit in credited(result, rule).items():
                assert credit == pytest.approx(expected[rule][name]), (rule, name)
    told = Counter(
        name for j in journeys for name in {n for _, n in naive_touches(every, j, j.last_at)}
    )
    assert {r.name: r.journeys for r in result.rows} == dict(told)
    if result.mature:
        assert result.base_rate == pytest.approx(result.conversion_rate)
        assert sum(q.journeys for q in result.quality) == result.mature
        assert sum(q.converted for q in result.quality) == result.converted
    assert sum(r.value or 0 for r in result.rows) == pytest.approx(result.value or 0)
    checked(result)
    checked(attribution(store, model=model, top=1, by="touchpoint", scope=ALL))


chains = st.lists(
    st.tuples(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5), st.booleans()),
    min_size=1,
    max_size=12,
)


@given(chains)
@settings(max_examples=50, deadline=None)
def test_removal_effects_are_those_of_solving_the_chain_without_each_state(
    paths: list[tuple[list[str], bool]],
) -> None:
    moves: Counter[tuple[str, str]] = Counter()
    for names, won in paths:
        whole = [BEGIN, *names, WON if won else LOST]
        moves.update(pairwise(whole))
    found = absorbing_chain(moves)
    base = naive_base(moves, None)
    assert found.base_rate == pytest.approx(base)
    assert base == pytest.approx(sum(won for _, won in paths) / len(paths))
    for name, effect in found.removal.items():
        expected = 1 - naive_base(moves, name) / base if base else 0
        assert effect == pytest.approx(expected, abs=1e-9)


def naive_base(moves: Mapping[tuple[str, str], int], removed: str | None) -> float:
    """Return the start's chance to be won: (I - Q) x = r, with one state led to LOST."""
    names = sorted({a for a, _ in moves})
    left = Counter[str]()
    for (a, _), n in moves.items():
        left[a] += n
    q, r = np.zeros((len(names), len(names))), np.zeros(len(names))
    for (a, b), n in moves.items():
        if a == removed:
            continue
        if b == WON:
            r[names.index(a)] += n / left[a]
        elif b not in {LOST, removed}:
            q[names.index(a), names.index(b)] += n / left[a]
    return float(np.linalg.solve(np.eye(len(names)) - q, r)[names.index(BEGIN)])


def brought(
    channel: str, device: str, people: int, converted: int, *, trait: bool = False
) -> list[Event]:
    told = []
    for n in range(people):
        person = f"{channel}{device}{n}"
        properties = () if trait else (("device", device),)
        told.append(Event(person, START + n * HOUR / 9, n, "home", channel, properties=properties))
        if n < converted:
            told.append(Event(person, START + n * HOUR / 9 + HOUR, n, "buy"))
    return told


def simpson() -> list[Event]:
    """Return email behind on each device and ahead in all: it brings desktops."""
    return [
        *brought("email", "desktop", 900, 270),  # 30 %
        *brought("email", "mobile", 100, 5),  # 5 %
        *brought("ads", "desktop", 150, 60),  # 40 %
        *brought("ads", "mobile", 1350, 135),  # 10 %
        AS_OF,
    ]


def test_a_comparison_of_channels_that_devices_turn_round_is_told_first() -> None:
    result = attribution(company(simpson()), scope=Scope())
    email = quality(result, "email")
    assert (email.conversion_rate, quality(result, "ads").conversion_rate) == (0.275, 0.13)
    assert email.reversed_by == "device"
    within = risk_ratio([TwoByTwo(900, 270, 150, 60), TwoByTwo(100, 5, 1350, 135)])
    assert email.within_ratio == pytest.approx(within.ratio)
    assert email.adjusted_ratio == pytest.approx(within.ratio)
    assert (email.ratio or 0) > 1 > (email.adjusted_high or 2)
    answer = checked(result)
    assert answer.startswith("Compare channels with care: people who begin with")
    assert "the same device" in answer


def test_a_device_that_everyone_has_turns_nothing_round() -> None:
    plain = [
        Event(e.person, e.at, e.seq, e.touchpoint, e.channel, properties=(("device", "desktop"),))
        if e.properties
        else e
        for e in simpson()
    ]
    result = attribution(company(plain), scope=Scope())
    assert not any(told.reversed_by for told in result.quality)
    assert checked(result).startswith("By the Markov removal effect")


def test_a_trait_that_means_conversion_is_not_held_fixed() -> None:
    told = [
        *brought("email", "x", 300, 90, trait=True),
        *brought("ads", "x", 300, 30, trait=True),
        AS_OF,
    ]
    buyers = {e.person for e in told if e.touchpoint == "buy"}
    people = {e.person for e in told}
    traits = {p: {"stage": "customer" if p in buyers else "lead", "team": p[-1]} for p in people}
    result = attribution(company(told, traits=traits), scope=Scope())
    assert "stage" not in result.adjusted_for
    assert "team" in result.adjusted_for


def test_a_channel_s_quality_is_found_and_none_where_there_is_none() -> None:
    found = 0
    for seed in range(12):
        planted = random_channels(seed, 0.3)
        social = quality(planted, "social")
        assert social.adjusted_low is not None
        assert social.adjusted_high is not None
        found += social.adjusted_low < 0.3 < social.adjusted_high
        assert any(
            "social" in sentence and "less often" in sentence
            for sentence in narrate(planted).support
        )
    assert found >= 10
    clear = [
        told.name
        for seed in range(20)
        for told in random_channels(seed + 100, 1.0).quality
        if told.adjusted_q is not None and told.adjusted_q < 0.05
    ]
    assert len(clear) <= 4


def random_channels(seed: int, factor: float) -> AttributionResult:
    random = np.random.default_rng(seed)
    told = [AS_OF]
    for n in range(1500):
        channel = ["search", "social", "email", "ads", "direct"][n % 5]
        device = ["desktop", "mobile"][int(random.random() < 0.5)]
        told.append(
            Event(
                f"p{n}", START + n * HOUR / 60, n, "home", channel, properties=(("device", device),)
            )
        )
        chance = 0.2 * (factor if channel == "social" else 1) * (1.5 if device == "desktop" else 1)
        if random.random() < chance:
            told.append(Event(f"p{n}", START + n * HOUR / 60 + DAY, n, "buy"))
    return attribution(company(told), scope=Scope())


def test_one_person_with_very_many_journeys_makes_no_quality() -> None:
    bot = [
        Event("bot", START + n * HOUR / 10, n, name, "ads")
        for n, name in enumerate(["home", "buy"] * 500)
    ]
    others = [
        e for n in range(120) for e in visits(f"p{n}", ["ads", "email"][n % 2], buys=n % 6 < 2)
    ]
    result = attribution(company([*bot, *others, AS_OF]), scope=Scope())
    assert quality(result, "ads").persons == 61
    assert quality(result, "ads").journeys == 560
    assert not any(q.adjusted_q is not None and q.adjusted_q < 0.05 for q in result.quality)
    assert sum(credited(result, "linear").values()) == result.converted == 540


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (
            [*visits("a", "ads", buys=False), AS_OF],
            "There is no conversion to give credit for: 0 of 1",
        ),
        ([*visits("a", "ads"), AS_OF], "By the Markov removal effect, ads gets the most credit"),
        (visits("a", "ads"), "It is too early to give credit"),
        (
            [*visits("a", None), AS_OF],
            "By the Markov removal effect, no channel that is known gets credit for any of the 1",
        ),
        (
            [*visits("a", "ads"), *visits("b", "email"), AS_OF],
            "By the Markov removal effect, ads and email get the most credit, 1 of 2",
        ),
    ],
)
def test_the_first_sentence_is_true_at_the_extremes(events: list[Event], said: str) -> None:
    assert checked(attribution(company(events), scope=ALL)).startswith(said)


def test_a_tie_beyond_the_rows_shown_is_no_lead() -> None:
    store = company([*visits("a", "ads"), *visits("b", "email"), AS_OF])
    assert "as much credit as any other channel" in checked(attribution(store, top=1, scope=ALL))


def test_what_is_not_known_hides_no_channel() -> None:
    store = company([*visits("a", None), *visits("b", None), *visits("c", "ads"), AS_OF])
    result = attribution(store, top=1, scope=ALL)
    assert [(told.name, told.credit) for told in result.rows] == [("(not known)", 2), ("ads", 1)]
    assert "ads gets the most credit of all channels: 1 of 3" in checked(result)


sets = st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None)
@given(sets)
def test_shapley_values_are_the_mean_gain_over_all_orders(paths: list[list[str]]) -> None:
    """The game: a set of channels wins the conversions whose paths hold no other."""
    told = [event for n, names in enumerate(paths) for event in visits(f"p{n}", *names)]
    found = credited(attribution(company([*told, AS_OF]), model="shapley", scope=ALL), "shapley")
    players = sorted({name for names in paths for name in names})
    orders = list(permutations(players))
    for player in players:
        gains = 0
        for order in orders:
            before = set(order[: order.index(player)])
            gains += sum(set(names) <= before | {player} for names in paths)
            gains -= sum(set(names) <= before for names in paths)
        assert found[player] == pytest.approx(gains / len(orders))


def test_shapley_values_of_forty_channels_are_exact() -> None:
    names = [f"c{n}" for n in range(40)]
    told = [*visits("a", *names, gap=HOUR), *visits("b", "c0"), AS_OF]
    found = credited(attribution(company(told), model="shapley", top=50, scope=ALL), "shapley")
    assert found["c0"] == pytest.approx(1 + 1 / 40)
    assert sum(found.values()) == pytest.approx(2)


def test_results_are_one_whatever_the_threads() -> None:
    told = [
        event
        for n in range(400)
        for event in visits(
            f"p{n}",
            *(["ads", "email", "direct"] * 3)[n % 5 : n % 5 + n % 4 + 1],
            buys=n % 3 == 0,
            gap=(n % 7 + 1) * HOUR,
        )
    ]
    results = []
    for threads in (1, 2):
        store = company([*told, AS_OF])
        store.execute(f"SET threads = {threads}")
        results.append(attribution(store, model="time_decay", scope=ALL))
    assert results[0].rows == results[1].rows
    assert results[0].quality == results[1].quality


def test_an_empty_scope_is_a_clear_error() -> None:
    with pytest.raises(NoDataError, match="No journey is in scope"):
        attribution(company(HAND), scope=Scope(until=date(2025, 1, 1)))
