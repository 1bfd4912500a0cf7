import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.company import DAY, HOUR, START, company
from tests.journey_oracle import Event
from tools.analyses.attribution import AttributionResult, attribution
from tools.analyses.attribution_rows import Model
from tools.journeys.scope import Scope

pytestmark = pytest.mark.shared
PUBLISHED = {"first": "first", "last": "last", "linear": "linear", "u_40_20_40": "position"}


def cases() -> Any:
    path = Path(os.environ["DESIREPATH_SHARED"]) / "data" / "oracles" / "attribution_cases.json"
    return json.loads(path.read_text(encoding="utf-8"))


def journeys(path: str, converted: int, lost: int = 0) -> list[tuple[list[str], bool]]:
    names = path.split(" > ")
    return [(names, True)] * converted + [(names, False)] * lost


def result_of(told: list[tuple[list[str], bool]], value: float = 1.0) -> AttributionResult:
    """Return the attribution of people who each took one path, a visit an hour."""
    events = [Event("z", START + 60 * DAY, 0, "page")]
    for person, (names, converted) in enumerate(told):
        for n, name in enumerate(names):
            at, session = START + n * HOUR, f"{person}-{n}"
            events.append(Event(f"p{person}", at, n, f"page {n}", name, session=session))
        if converted:
            events.append(Event(f"p{person}", START + len(names) * HOUR, 99, "buy", value=value))
    return attribution(company(events), scope=Scope(minimum_group=1))


def credited(result: AttributionResult, model: Model) -> dict[str, float]:
    return {row.name: row.by_model(model) for row in result.rows if row.by_model(model)}


def of(paths: Mapping[str, int]) -> AttributionResult:
    return result_of([told for path, n in paths.items() for told in journeys(path, n)])


@pytest.mark.parametrize("published", list(PUBLISHED))
def test_heuristics_are_those_of_mta(published: str) -> None:
    case = cases()["mta_heuristics"]
    found = credited(of(case["paths"]), PUBLISHED[published])  # type: ignore[arg-type]
    assert found == pytest.approx(case[published], abs=1e-6)


def test_repeated_visits_share_as_often_as_they_are() -> None:
    case = cases()["linear_repeats"]
    assert credited(of(case["paths"]), "linear") == pytest.approx(case["linear"], abs=1e-9)


@pytest.mark.parametrize("number", [0, 1])
def test_shapley_values_are_those_of_mta(number: int) -> None:
    case = cases()["mta_shapley"][number]
    assert credited(of(case["paths"]), "shapley") == pytest.approx(case["shapley"], abs=1e-9)


def test_the_chain_s_moves_end_as_those_of_mta() -> None:
    case = cases()["mta_transition"]
    told = [each for path, won, lost in case["paths"] for each in journeys(path, won, lost)]
    result = result_of(told)
    p = case["P"]
    base = p["a>b"] * p["b>conv"] + p["a>c"] * p["c>conv"]
    effects = {row.name: row.removal_effect for row in result.rows}
    assert result.base_rate == pytest.approx(base, abs=1e-6)
    assert effects["a"] == pytest.approx(1, abs=1e-6)
    assert effects["b"] == pytest.approx(1 - p["a>c"] * p["c>conv"] / base, abs=1e-6)
    assert effects["c"] == pytest.approx(1 - p["a>b"] * p["b>conv"] / base, abs=1e-6)


def test_removal_effects_are_the_published_ones() -> None:
    case = cases()["markov_toy"]
    told = [(path.split(" > "), bool(won)) for path, won, _ in case["paths"]]
    result = result_of(told, value=1000)
    rows = {row.name: row for row in result.rows}
    assert result.base_rate == pytest.approx(case["base"], abs=1e-6)
    assert {n: r.removal_effect for n, r in rows.items()} == pytest.approx(
        case["removal"], abs=1e-6
    )
    share = case["conversions"]
    assert {n: r.markov for n, r in rows.items()} == pytest.approx(share, abs=1e-6)
    assert {n: r.value for n, r in rows.items()} == pytest.approx(case["value"], abs=1e-6)


def test_a_channel_s_moves_to_itself_change_no_removal_effect() -> None:
    case = cases()["pychattr"]
    result = result_of([(path.split(" > "), True) for path in case["paths"]])
    effects = {row.name: row.removal_effect for row in result.rows}
    assert effects == pytest.approx(case["exact_removal"], abs=1e-6)
    assert {row.name: row.first for row in result.rows} == case["first_touch"]
