import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import ErrorLevel

from prompts.text import prompt
from tests.company import DAY, HOUR, START, company
from tests.facts_in_words import unfounded
from tests.journey_oracle import Event
from tools import catalog
from tools.analyses.result import Result
from tools.catalog import CATALOG
from tools.charts.chart import Chart
from tools.errors import InvalidArgumentError, NoDataError, UnknownAnalysisError
from tools.exhibit import exhibit, from_json, to_json
from tools.narration.words import Narration
from tools.store.door import Store

ROOT = Path(__file__).parents[1]
NEEDED: dict[str, dict[str, Any]] = {
    "funnel": {"steps": ["home", "pricing", "buy"]},
    "drop_off_causes": {"at": "pricing"},
}
"""What an analysis cannot be called without; the others answer without any argument."""
TWICE = pytest.mark.parametrize("minimum", [1, 30])
EACH = pytest.mark.parametrize("name", list(CATALOG))
QUERIES = sorted((ROOT / "tools" / "analyses").glob("*.sql"))


@pytest.fixture(scope="module")
def store() -> Store:
    """Return a company of 60 people: a third converts, a third drops off, a third is young."""
    told = []
    for n in range(60):
        person, channel = f"p{n}", ["ads", "email", None][n % 4 % 3]
        at = START + (n % 3 // 2) * 58 * DAY + n * HOUR / 60
        names = ["home", *(["docs"] if n % 2 else []), "pricing", *(["buy"] if n % 3 == 0 else [])]
        told += [
            Event(person, at + k * HOUR, 10 * n + k, name, channel) for k, name in enumerate(names)
        ]
    return company([*told, Event("z", START + 60 * DAY, 9999, "home")])


@EACH
def test_one_name_passes_through_every_room(name: str) -> None:
    for place in ("analyses", "charts", "narration"):
        assert (ROOT / "tools" / place / f"{name}.py").is_file(), place
    assert (ROOT / "tools" / "analyses" / f"{name}.sql").is_file()
    assert (ROOT / "tests" / f"test_{name}.py").is_file()
    assert len(prompt(f"tools/{name}").split()) > 20
    found = catalog.analysis(name)
    assert found.run.__name__ == name
    assert found.run.__module__ == f"tools.analyses.{name}"
    assert found.chart.__module__ == f"tools.charts.{name}"
    assert found.narrate.__module__ == f"tools.narration.{name}"


@EACH
def test_an_analysis_is_a_function_of_store_question_and_scope(name: str) -> None:
    run = catalog.analysis(name).run
    parameters = list(inspect.signature(run).parameters.values())
    assert parameters[0].name == "store"
    assert parameters[-1].name == "scope"
    assert all(p.kind is p.KEYWORD_ONLY for p in parameters[1:])
    assert catalog.summary(name).endswith(".")
    told = inspect.getdoc(run) or ""
    missing = [p.name for p in parameters[1:-1] if f"{p.name}:" not in told]
    assert missing == []


@EACH
def test_the_arguments_have_a_json_schema(name: str) -> None:
    schema = catalog.schema(name)
    assert json.loads(json.dumps(schema)) == schema
    assert {"journey", "from", "to", "where", "minimum_group"} <= set(schema["properties"])
    assert schema["additionalProperties"] is False
    assert set(schema.get("required", [])) == set(NEEDED.get(name, {}))


@EACH
@TWICE
def test_every_result_speaks_draws_and_travels(name: str, minimum: int, store: Store) -> None:
    arguments = {**NEEDED.get(name, {}), "minimum_group": minimum}
    result = catalog.call(store, name, arguments)
    assert isinstance(result, Result)
    assert result.statements
    assert result.scope.minimum_group == minimum
    ids = [fact.id for fact in result.facts]
    assert len(ids) == len(set(ids))
    assert all(fact_id.startswith(f"{name}.") for fact_id in ids)
    told = catalog.analysis(name).narrate(result)
    assert isinstance(told, Narration)
    assert told.answer.endswith(".")
    assert 2 <= len(told.follow_ups) <= 3
    assert "None" not in told.text()
    assert "nan" not in told.text()
    assert unfounded(told, result) == []
    drawn = catalog.analysis(name).chart(result)
    assert isinstance(drawn, Chart)
    assert drawn.title
    assert drawn.alt
    shown = exhibit(name, arguments, result)
    travelled = json.loads(json.dumps(to_json(shown), allow_nan=False))
    back = from_json(travelled)
    assert to_json(back) == travelled
    assert (back.facts, back.columns, back.caveats) == (shown.facts, shown.columns, shown.caveats)


@EACH
def test_rates_of_all_facts_lie_within_their_intervals(name: str, store: Store) -> None:
    result = catalog.call(store, name, {**NEEDED.get(name, {}), "minimum_group": 1})
    for fact in result.facts:
        if fact.unit == "rate" and isinstance(fact.value, int | float):
            assert 0 <= fact.value <= 1, fact
            if fact.numerator is not None and fact.denominator:
                assert fact.value == pytest.approx(fact.numerator / fact.denominator), fact
            if fact.low is not None and fact.high is not None:
                assert fact.low - 1e-9 <= fact.value <= fact.high + 1e-9, fact


@EACH
def test_a_wrong_argument_is_a_clear_error(name: str, store: Store) -> None:
    needed = NEEDED.get(name, {})
    with pytest.raises(InvalidArgumentError, match=r"colour: .* no such parameter. Known: .*where"):
        catalog.call(store, name, {**needed, "colour": "red"})
    with pytest.raises(InvalidArgumentError, match="from: "):
        catalog.call(store, name, {**needed, "from": "last summer"})
    with pytest.raises(InvalidArgumentError, match="minimum_group: "):
        catalog.call(store, name, {**needed, "minimum_group": 0})
    for argument in needed:
        with pytest.raises(InvalidArgumentError, match=f"{argument}: {name} needs it"):
            catalog.call(store, name, {})


@EACH
def test_an_empty_scope_is_a_clear_error(name: str, store: Store) -> None:
    arguments = {**NEEDED.get(name, {}), "where": ["channel = ads", "channel = email"]}
    with pytest.raises(NoDataError, match="No journey"):
        catalog.call(store, name, arguments)


def test_an_unknown_analysis_is_a_clear_error() -> None:
    with pytest.raises(UnknownAnalysisError, match="Did you mean 'overview'"):
        catalog.analysis("overvew")


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_every_query_says_what_a_row_is_and_is_carried_to_spark(query: Path) -> None:
    text = query.read_text(encoding="utf-8")
    assert text.startswith("-- One row is one "), "the first line says what a row is"
    (carried,) = sqlglot.transpile(
        text, read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE
    )
    assert sqlglot.parse_one(carried, read="spark")


@EACH
def test_the_statements_that_ran_are_ordered_bound_and_carried_to_spark(
    name: str, store: Store
) -> None:
    result = catalog.call(store, name, NEEDED.get(name, {}))
    for statement in result.statements:
        parsed = sqlglot.parse_one(statement.sql, read="duckdb")
        assert parsed.args.get("order"), "it ends in ORDER BY"
        bound = dict(statement.parameters)
        assert set(re.findall(r"\$(\w+)", statement.sql)) == set(bound)
        sqlglot.transpile(
            statement.sql, read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE
        )
