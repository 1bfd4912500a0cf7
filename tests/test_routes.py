from collections import Counter
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.metrics import silhouette_score

from tests.company import DAY, HOUR, START, company
from tests.facts_in_words import unfounded
from tests.histories import companies
from tests.journey_oracle import Event, naive_journeys
from tools.analyses.overview import overview
from tools.analyses.routes import RoutesResult, routes
from tools.analyses.routes_rows import RouteRow, RouteShare, shares
from tools.charts.routes import chart
from tools.errors import NoDataError, UnknownSegmentError
from tools.journeys.definition import JourneyDefinition, Rule
from tools.journeys.scope import Scope
from tools.narration.routes import narrate
from tools.statistics.clusters import clustered
from tools.statistics.intervals import newcombe
from tools.statistics.proportions import two_shares_p

ALL = Scope(minimum_group=1)
AS_OF = Event("z", START + 60 * DAY, 99_999, "home")


def path(person: str, *names: str, channel: str | None = None, at: int = 0) -> list[Event]:
    return [
        Event(person, START + at * DAY + n * HOUR, n, name, channel) for n, name in enumerate(names)
    ]


def checked(result: RoutesResult) -> str:
    words = narrate(result)
    names = [name for row in result.rows for name in (row.route, row.apart)]
    names = sorted((name for name in names if name), key=len, reverse=True)
    assert unfounded(words, result, *names) == []
    assert "None" not in words.text()
    assert "nan" not in words.text()
    assert 2 <= len(words.follow_ups) <= 3
    chart(result)
    return words.answer


def route(result: RoutesResult, name: str) -> RouteRow:
    return next(row for row in result.rows if row.route == name)


def two_routes(people: int = 40) -> list[Event]:
    """Return half of the people in the shop, of whom half buy, and half in the docs."""
    told = [AS_OF]
    for n in range(people):
        if n % 2:
            told += path(
                f"p{n}", "docs", "api", *(["docs"] if n % 4 == 1 else []), channel="search"
            )
        else:
            told += path(f"p{n}", "shop", "cart", *(["buy"] if n % 4 == 0 else []), channel="ads")
    return told


def test_paths_alike_are_one_route_and_named_after_the_path_in_their_middle() -> None:
    result = routes(company(two_routes()), routes=2, scope=Scope(minimum_group=5))
    # as_of's own journey (home, too young) is in the nearest route: it shares nothing with either
    shop, docs = route(result, "shop → cart"), route(result, "docs → api")
    assert {shop.mature, docs.mature} == {20}
    assert (shop.converted, docs.converted) == (10, 0)
    assert (shop.conversion_rate, docs.conversion_rate) == (0.5, 0.0)
    assert {shop.journeys, docs.journeys} == {20, 21}
    assert (shop.channel, docs.channel) == ("ads", "search")
    assert set(shop.apart.split(", ")) == {"shop", "cart"}
    assert docs.distinct_paths >= 2  # with a return to docs and without it
    assert shop.difference == pytest.approx(0.5)
    assert (shop.difference_low, shop.difference_high) == newcombe(10, 20, 0, 20)
    p = float(two_shares_p([10], [20], [0], [20])[0])
    assert shop.q_value == pytest.approx(p)
    assert "shop → cart: 50 %" in narrate(result).text()
    assert "a whole journey" in narrate(result).text()


def test_the_end_event_and_the_outcome_shape_no_route() -> None:
    """The same people, whoever of them buys: the routes are the same."""

    def taken(buyers: int) -> dict[str, int]:
        told = [AS_OF]
        for n in range(60):
            way = [["shop", "cart"], ["docs", "api"], ["blog", "news", "blog"]][n % 3]
            told += path(f"p{n}", *way, *(["buy"] if n % 7 < buyers else []))
        result = routes(company(told), scope=ALL)
        return {row.route: row.journeys for row in result.rows}

    assert taken(0) == taken(3) == taken(7)


def test_journeys_that_are_their_end_event_alone_stand_apart() -> None:
    told = [*two_routes(), *(e for n in range(9) for e in path(f"s{n}", "buy"))]
    result = routes(company(told), routes=2, scope=Scope(minimum_group=5))
    straight = result.rows[-1]
    assert (straight.kind, straight.journeys, straight.conversion_rate) == ("straight", 9, 1.0)
    assert straight.difference is None  # it converts by construction, and is compared with nothing
    shop = route(result, "shop → cart")
    assert shop.difference == pytest.approx(0.5)  # and no one is compared with it
    checked(result)


def test_a_route_under_the_minimum_is_other_and_the_rows_add_up() -> None:
    told = [*two_routes(), *(e for n in range(4) for e in path(f"w{n}", "webinar", "demo"))]
    result = routes(company(told), routes=3, scope=Scope(minimum_group=10))
    assert sum(row.journeys for row in result.rows) == result.journeys
    other = result.rows[-1]
    assert other.kind == "other"
    assert 4 <= other.journeys < 10
    assert other.q_value is None


def test_a_touchpoint_called_other_does_not_fall_into_other() -> None:
    told = [AS_OF, *(e for n in range(40) for e in path(f"p{n}", ["other", "shop"][n % 2]))]
    result = routes(company(told), scope=Scope(minimum_group=5))
    assert {row.kind for row in result.rows if row.journeys >= 20} == {"route"}
    assert sum(row.journeys for row in result.rows) == 41


segments = st.sampled_from([None, "channel"])


@settings(max_examples=40, deadline=None)
@given(companies, st.sampled_from([None, 2, 5]), segments, st.sampled_from([1, 3]))
def test_routes_add_up_to_a_naive_count_in_any_company(
    events: list[Event], asked: int | None, by: str | None, minimum: int
) -> None:
    every = [*events, Event("y", START, 0, "buy", "ads")]
    definition = JourneyDefinition("test", end=Rule(("buy",)), window=10 * DAY, inactivity=4 * DAY)
    store = company(every, definition)
    result = routes(store, routes=asked, by=by, scope=Scope(minimum_group=minimum))
    journeys = naive_journeys(every, end=frozenset({"buy"}), window=10 * DAY, inactivity=4 * DAY)
    as_of = max(event.at for event in every)
    mature = [j for j in journeys if j.started_at + 10 * DAY <= as_of]
    whole = overview(store, scope=ALL)
    rows = result.rows
    assert sum(row.journeys for row in rows) == result.journeys == whole.journeys == len(journeys)
    assert sum(row.mature for row in rows) == result.mature == len(mature)
    assert sum(row.converted for row in rows) == sum(j.outcome == "converted" for j in mature)
    assert sum(row.persons for row in rows) == len({j.person for j in mature})
    assert result.distinct_paths == len({j.path() for j in journeys})
    assert len({row.route for row in rows}) == len(rows)
    assert result.routes <= (asked or 30)
    straight = sum(not j.path() for j in journeys)
    assert sum(row.journeys for row in rows if row.kind == "straight") == straight
    checked(result)


def test_one_path_is_one_route() -> None:
    told = [e for n in range(40) for e in path(f"p{n}", "home", *(["buy"] if n % 2 else []))]
    result = routes(company([*told, AS_OF]), scope=Scope())
    assert [(row.route, row.journeys) for row in result.rows] == [("home", 41)]
    assert result.rows[0].difference is None
    assert checked(result).startswith("There is one route that stands out, home: 41 of 41 journeys")


def test_many_paths_of_a_few_kinds_are_found_as_these_kinds() -> None:
    random = np.random.default_rng(7)
    told, kinds = [AS_OF], [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"], ["j", "k", "l"]]
    for n in range(800):
        names = list(random.choice(kinds[n % 4], size=int(random.integers(2, 7))))
        told += path(f"p{n}", *(str(name) for name in names))
    result = routes(company(told), scope=Scope())
    assert result.distinct_paths > 100
    assert result.silhouette is not None
    whole = routes(company(told), routes=4, scope=Scope())
    assert sorted(row.journeys for row in whole.rows)[:3] == [200, 200, 200]
    assert all(
        len(set(row.apart.split(", ")) & set(kind)) in {0, 3}
        for row in whole.rows
        for kind in kinds
    )


def own_route(seed: int, own: float) -> RoutesResult:
    """Return people who take the webinar route in `own` of cases on one plan, else in 10 %."""
    random = np.random.default_rng(seed)
    ways = [
        ["home", "pricing", "cart"],
        ["blog", "news"],
        ["docs", "api", "sdk"],
        ["webinar", "demo", "call"],
    ]
    told, traits = [AS_OF], {}
    for n in range(900):
        plan = ["pro", "free", "team"][n % 3]
        share = own if plan == "pro" else 0.1
        way = ways[3] if random.random() < share else ways[int(random.integers(3))]
        extra = ["help"] if random.random() < 0.2 else []
        told += path(f"p{n}", *way, *extra, *(["buy"] if random.random() < 0.2 else []))
        traits[f"p{n}"] = {"plan": plan} if n % 10 else {}
    return routes(company(told, traits=traits), by="plan", scope=Scope())


def webinar(result: RoutesResult) -> list[RouteShare]:
    return [
        row
        for row in result.shares
        if row.segment == "pro" and "webinar" in row.route and row.q_value < 0.05
    ]


def test_a_segment_s_own_route_is_found_with_its_size_and_else_not() -> None:
    covered = 0
    for seed in range(6):
        result = own_route(seed, 0.4)
        assert "plan is pro take webinar" in checked(result)
        on = [s for s in result.shares if s.segment == "pro" and s.route.startswith("webinar")]
        difference = sum(row.difference for row in on)
        low, high = newcombe(
            sum(r.persons for r in on), on[0].of, sum(r.others for r in on), on[0].others_of
        )
        assert difference > 0.15
        assert low is not None
        assert high is not None
        covered += low < 0.3 < high
        assert sum(row.of for row in result.shares if row.route == on[0].route) == 810
    assert covered >= 5
    clear = [
        row for seed in range(20) for row in own_route(seed + 50, 0.1).shares if row.q_value < 0.05
    ]
    assert len(clear) <= 4
    assert not webinar(own_route(51, 0.1))


def test_shares_of_segments_are_those_counted_by_hand() -> None:
    told = [("a", "x", 30), ("b", "x", 10), ("a", "y", 20), ("b", "y", 60), ("a", "tiny", 3)]
    rows = {(row.route, row.segment): row for row in shares(told, 10)}
    assert set(rows) == {("a", "x"), ("b", "x"), ("a", "y"), ("b", "y")}
    x = rows["a", "x"]
    assert (x.persons, x.of, x.others, x.others_of) == (30, 40, 23, 83)  # tiny is among the others
    assert (x.low, x.high) == newcombe(30, 40, 23, 83)


def test_one_person_with_very_many_journeys_counts_once_in_a_comparison() -> None:
    bot = [
        Event("bot", START + n * HOUR / 9, n, name)
        for n, name in enumerate(["shop", "cart", "buy"] * 300)
    ]
    told = [AS_OF, *bot]
    for n in range(80):
        told += path(
            f"p{n}", *[["shop", "cart"], ["docs", "api"]][n % 2], *(["buy"] if n % 8 < 2 else [])
        )
    result = routes(company(told), routes=2, scope=Scope())
    shop = route(result, "shop → cart")
    assert (shop.journeys >= 340, shop.persons) == (True, 41)
    assert not any(row.q_value is not None and row.q_value < 0.05 for row in result.rows)


def test_routes_without_effect_give_hardly_a_finding() -> None:
    findings = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        told = [AS_OF]
        for n in range(600):
            names = [str(name) for name in random.choice(list("abcdefgh"), size=3)]
            told += path(f"p{n}", *names, *(["buy"] if random.random() < 0.3 else []))
        rows = routes(company(told), routes=8, scope=Scope()).rows
        findings += sum(row.q_value is not None and row.q_value < 0.05 for row in rows)
    assert findings <= 4


@pytest.mark.parametrize(
    ("events", "said", "minimum"),
    [
        (path("a", "home"), "There is one route that stands out, home: 1 of 1 journeys", 1),
        (path("a", "home"), "There is no route that enough of the 1 journey took", 30),
        ([*path("a", "buy"), *path("b", "buy")], "There is no route that enough of the 2", 1),
        ([*path("a", "home", "buy"), AS_OF], "There is one route that stands out", 1),
        (
            [*path("a", "home", "docs"), *path("b", "blog"), AS_OF],
            "People take 3 distinct routes, behind 3 distinct paths; one of the most frequent is",
            1,
        ),
    ],
)
def test_the_first_sentence_is_true_at_the_extremes(
    events: list[Event], said: str, minimum: int
) -> None:
    result = routes(company(events), routes=30, scope=Scope(minimum_group=minimum))
    assert checked(result).startswith(said)


def test_results_are_one_whatever_the_threads() -> None:
    random = np.random.default_rng(3)
    told = [AS_OF]
    for n in range(500):
        told += path(f"p{n}", *(str(x) for x in random.choice(list("abcdefghijkl"), size=6)))
    results = []
    for threads in (1, 2):
        store = company(told)
        store.execute(f"SET threads = {threads}")
        results.append(routes(store, by=None, scope=Scope(minimum_group=5)))
    assert results[0].rows == results[1].rows
    assert results[0].facts == results[1].facts


def test_the_best_number_of_clusters_is_the_one_whose_silhouette_is_best() -> None:
    random = np.random.default_rng(1)
    kinds = np.repeat(np.eye(5), 40, axis=0) + random.uniform(0, 0.1, (200, 5))
    found = clustered(csr_matrix(kinds), np.ones(200), most=30, fitted=200)
    assert found.clusters == 5
    scaled = kinds / np.linalg.norm(kinds, axis=1)[:, None]
    assert Counter(found.labels.tolist()) == Counter(np.repeat(range(5), 40).tolist())
    whole = float(silhouette_score(scaled, found.labels))
    assert found.silhouette == pytest.approx(whole, abs=0.03)  # it is judged on a sample
    nearest = np.argmin(found.distances)
    mean = scaled[found.labels == found.labels[nearest]].mean(axis=0)
    cosine = scaled[nearest] @ mean / np.linalg.norm(mean)
    assert found.distances[nearest] == pytest.approx(1 - cosine)


def test_what_cannot_be_asked_is_a_clear_error() -> None:
    store = company(two_routes())
    with pytest.raises(UnknownSegmentError, match="by: no segment 'chanel'"):
        routes(store, by="chanel", scope=ALL)
    with pytest.raises(NoDataError, match="No journey is in scope"):
        routes(store, scope=Scope(until=date(2025, 1, 1)))


def test_paths_beyond_those_read_are_other_and_still_add_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tools.analyses.routes.READ_PATHS", 2)
    told = [*two_routes(), *(e for n in range(7) for e in path(f"w{n}", "webinar", f"call {n}"))]
    result = routes(company(told), by="channel", scope=Scope(minimum_group=5))
    # read are the path of 20 and one of the two of 10; the other of them, seven of one journey each
    # and as_of's own are not
    assert [(row.route, row.journeys) for row in result.rows] == [
        ("shop → cart", 20), ("docs → api", 10), ("other", 18),
    ]  # fmt: skip
    assert sum(row.distinct_paths for row in result.rows) == result.distinct_paths
