import pytest

from assistant.guard import check
from assistant.known import known_from
from tests.company import DAY, HOUR, START, company
from tests.facts_in_words import unfounded
from tests.journey_oracle import Event
from tools import catalog
from tools.analyses.overview import OverviewResult
from tools.analyses.side_by_side import SHARED, Pair, SideBySide
from tools.exhibit import exhibit, from_json, to_json
from tools.statistics.differences import fisher
from tools.statistics.intervals import newcombe
from tools.store.door import Store


@pytest.fixture(scope="module")
def store() -> Store:
    """Return 100 from email, of whom 40 buy, and 200 from ads, of whom 30 do; ads see docs."""
    told = []
    for channel, size, won in (("email", 100, 40), ("ads", 200, 30)):
        for n in range(size):
            names = ["home", *(["docs"] if channel == "ads" else []), *(["buy"] if n < won else [])]
            at = START + (n % 2) * 20 * DAY
            told += [
                Event(f"{channel}{n}", at + k * HOUR, 10 * n + k, name, channel)
                for k, name in enumerate(names)
            ]
    return company([*told, Event("z", START + 90 * DAY, 9999, "home")])


def beside(store: Store, name: str = "overview", **arguments: object) -> SideBySide:
    result = catalog.call(store, name, arguments)
    assert isinstance(result, SideBySide)
    return result


def row(result: SideBySide, label: str) -> Pair:
    return next(pair for pair in result.rows if pair.label == label)


def test_two_groups_are_set_against_each_other(store: Store) -> None:
    result = beside(store, where=["channel = email"], versus=["channel = ads"])
    assert (result.first_name, result.second_name) == ("email", "ads")
    assert isinstance(result.first, OverviewResult)
    main = next(pair for pair in result.rows if pair.unit == "rate")
    assert (main.first_numerator, main.first_denominator) == (40, 100)
    assert (main.second_numerator, main.second_denominator) == (30, 200)
    assert main.difference == pytest.approx(0.25)
    assert (main.low, main.high) == pytest.approx(newcombe(40, 100, 30, 200))
    p_value = fisher(40, 100, 30, 200)
    assert p_value is not None
    assert main.q_value == p_value  # chosen beforehand, so that no other number weighs on it
    assert result.main == main
    words = catalog.narrate("overview", result)
    assert "is higher for email than for ads, by 25.0 percentage points" in words.answer
    assert "40 % (40 of 100) against 15 % (30 of 200)" in words.answer
    assert unfounded(words, result) == []
    assert SHARED not in result.caveats


def test_filters_about_other_things_hold_for_both(store: Store) -> None:
    result = beside(store, where=["channel = ads", "saw home"], versus=["channel = email"])
    told = [each.sentence() for each in result.second.scope.where]
    assert told == ["saw home", "channel = email"]


def test_two_periods_stand_beside_each_other(store: Store) -> None:
    result = beside(
        store, **{"from": "2026-01-01", "to": "2026-01-10", "versus_from": "2026-01-11", "versus_to": "2026-01-31"}
    )  # fmt: skip
    assert result.first_name == "2026-01-01 to 2026-01-10"
    assert result.second_name == "2026-01-11 to 2026-01-31"
    assert SHARED not in result.caveats
    assert "does not clearly differ" in catalog.narrate("overview", result).answer


def test_groups_that_may_share_journeys_say_so(store: Store) -> None:
    result = beside(store, versus=["channel = email"])
    assert (result.first_name, result.second_name) == ("everyone", "email")
    assert SHARED in result.caveats


@pytest.mark.parametrize(
    ("where", "versus"),
    [
        (["saw docs"], ["not saw docs"]),
        (["channel = email"], ["channel != email"]),
        (["channel = email"], ["channel = ads"]),
    ],
)
def test_groups_that_exclude_each_other_are_seen_to(
    store: Store, where: list[str], versus: list[str]
) -> None:
    assert SHARED not in beside(store, where=where, versus=versus).caveats


def test_a_small_group_is_shown_and_not_tested(store: Store) -> None:
    result = beside(store, where=["channel = email"], versus=["channel = ads"], minimum_group=150)
    assert all(pair.q_value is None and pair.low is None for pair in result.rows)
    assert "does not clearly differ" in catalog.narrate("overview", result).answer


@pytest.mark.parametrize("name", list(catalog.CATALOG))
def test_every_analysis_can_be_put_side_by_side(name: str, store: Store) -> None:
    needed: dict[str, dict[str, object]] = {
        "funnel": {"steps": ["home", "docs"]},
        "drop_off_causes": {"at": "home"},
    }
    arguments: dict[str, object] = {
        **needed.get(name, {}),
        "where": ["channel = email"],
        "versus": ["channel = ads"],
    }
    result = beside(store, name, **arguments)
    words = catalog.narrate(name, result)
    assert unfounded(words, result) == []
    assert "None" not in words.text()
    ids = [fact.id for fact in result.facts]
    assert len(ids) == len(set(ids))
    shown = exhibit(name, arguments, result)
    assert to_json(from_json(to_json(shown))) == to_json(shown)
    assert "rows" in shown.numbers["first"]


def test_one_difference_is_told_alike_whatever_the_analysis_counts_beside_it(store: Store) -> None:
    arguments = {"where": ["channel = email"], "versus": ["channel = ads"]}
    for name in ("overview", "flow", "paths", "segments"):
        found = beside(store, name, **arguments).main
        assert found is not None
        assert (found.first, found.second) == (0.4, 0.15)
        assert found.q_value == fisher(40, 100, 30, 200)
        words = catalog.narrate(name, beside(store, name, **arguments))
        assert "is higher for email than for ads, by 25.0 percentage points" in words.answer


def test_without_a_rate_to_compare_each_side_speaks_for_itself(store: Store) -> None:
    result = beside(store, "customers", where=["channel = email"], versus=["channel = ads"])
    assert result.main is None  # all are among all on both sides: nothing to compare
    words = catalog.narrate("customers", result)
    assert words.answer == "For email: 100 people are in scope."
    assert words.support[0] == "For ads: 200 people are in scope."


@pytest.mark.parametrize("name", ["drop_off", "overview", "segments", "flow"])
def test_each_sides_own_numbers_pass_the_guard(store: Store, name: str) -> None:
    arguments = {"where": ["channel = email"], "versus": ["channel = ads"]}
    result = beside(store, name, **arguments)
    known = known_from([exhibit(name, arguments, result)])
    assert check(catalog.narrate(name, result).text(), known).unmatched == ()
