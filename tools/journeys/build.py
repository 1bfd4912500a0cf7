"""Events to journeys and steps, for everyone or for the persons that new events touched."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tools.journeys.definition import (
    JourneyDefinition,
    Rule,
    definitions,
    load_definition,
    matching,
    save_definition,
)
from tools.journeys.touchpoints import flags, hidden_touchpoints, touchpoint_ids
from tools.store.door import Store, read_sql

BUILD_SQL = read_sql(__file__)
PART_EVENTS = 5_000_000
"""Events that are worked on at once: what a build holds does not grow with the store."""
PERSON_IDS = (-(2**63), 2**63 - 1)
FLAG = "coalesce(list_extract(${name}::BOOLEAN[], event.touchpoint_id), false)"
"""Whether a touchpoint is one of some."""
MICROSECOND = timedelta(microseconds=1)
FORGET_JOURNEYS = """
DELETE FROM step WHERE definition_id = $definition_id AND ($everyone OR journey_id IN (
    SELECT journey_id FROM journey JOIN touched_person USING (person_id)
    WHERE definition_id = $definition_id));
DELETE FROM visit WHERE definition_id = $definition_id AND ($everyone OR journey_id IN (
    SELECT journey_id FROM journey JOIN touched_person USING (person_id)
    WHERE definition_id = $definition_id));
DELETE FROM journey WHERE definition_id = $definition_id AND ($everyone OR person_id IN (
    SELECT person_id FROM touched_person));
"""
TOUCHED_EVENTS = """
CREATE OR REPLACE TEMP TABLE touched_event AS
FROM event WHERE person_id IN (SELECT person_id FROM touched_person)
"""
DISORDER = """
SELECT count(*)
FROM (
    SELECT
        row(person_id, occurred_at, seq) AS place,
        lag(row(person_id, occurred_at, seq)) OVER () AS previous
    FROM event
    WHERE person_id BETWEEN $low AND $high
)
WHERE previous > place
"""
ORDER = "ORDER BY event.person_id, event.occurred_at, event.seq"


def define(
    store: Store, definition: JourneyDefinition, *, default: bool = False
) -> JourneyDefinition:
    """Save a definition and build its journeys; an older one of its name is replaced.

    Raises:
        UnknownTouchpointError: A rule names no touchpoint of the store.
    """
    for name, rule in (("start", definition.start), ("end", definition.end)):
        if rule.touchpoints:
            touchpoint_ids(store, rule.touchpoints, where=name)
    saved = save_definition(store, definition, default=default)
    _build(store, saved, everyone=True)
    return saved


def rebuild(store: Store, name: str | None = None) -> None:
    """Build one definition's journeys anew, for everyone."""
    _build(store, load_definition(store, name), everyone=True)


def refresh(
    store: Store, persons: Sequence[int] | None = None, *, except_for: frozenset[int] = frozenset()
) -> None:
    """Bring every definition's journeys up to date for the persons touched.

    Costs in proportion to those persons' events, but for one scan of the event table.

    Args:
        store: A writable store.
        persons: Their ids; None where the table `touched_person` holds them already.
        except_for: Ids of definitions that are about to be replaced.
    """
    if persons is not None:
        store.execute("CREATE OR REPLACE TEMP TABLE touched_person (person_id BIGINT)")
        store.execute(
            "INSERT INTO touched_person SELECT unnest($persons::BIGINT[])",
            {"persons": list(persons)},
        )
    told = [each for each, _ in definitions(store) if each.definition_id not in except_for]
    if told:
        store.execute(TOUCHED_EVENTS)
        for definition in told:
            _build(store, definition, everyone=False)
        store.execute("DROP TABLE touched_event")


def _build(store: Store, definition: JourneyDefinition, *, everyone: bool) -> None:
    store.execute("CREATE TEMP TABLE IF NOT EXISTS touched_person (person_id BIGINT)")
    parameters: dict[str, object] = {
        "definition_id": definition.definition_id,
        "everyone": everyone,
        "as_of": definition.as_of or datetime.max,  # noqa: DTZ901 - times in the store are UTC
        "inactivity": definition.inactivity,
        "window": definition.window,
        "beyond_window": definition.window + MICROSECOND,
        "collapse_repeats": definition.collapse_repeats,
        "hidden": flags(hidden_touchpoints(store)),
    }
    start = _rule(store, definition.start, "start", parameters, nothing_means="true")
    end = _rule(store, definition.end, "end", parameters, nothing_means="false")
    text = BUILD_SQL.replace("/* start rule */", start).replace("/* end rule */", end)
    text = text.replace("source_event", "event" if everyone else "touched_event")
    _run(store, FORGET_JOURNEYS, parameters)
    for low, high in _parts(store) if everyone else [PERSON_IDS]:
        part = {**parameters, "low": low, "high": high}
        sorted_ = everyone and not store.value(DISORDER, {"low": low, "high": high})
        _run(store, text.replace("/* order */", "" if sorted_ else ORDER), part)
    store.memory.clear()


def _parts(store: Store) -> list[tuple[int, int]]:
    """Return ranges of persons with some millions of events each."""
    parts = -(-int(str(store.value("SELECT count(*) FROM event"))) // PART_EVENTS)
    shares = [number / parts for number in range(1, parts)]
    told = shares and store.value(
        "SELECT approx_quantile(person_id, $shares::FLOAT[]) FROM person", {"shares": shares}
    )
    bounds = sorted(set(told)) if isinstance(told, list) else []
    lows = [PERSON_IDS[0], *(bound + 1 for bound in bounds)]
    return list(zip(lows, [*bounds, PERSON_IDS[1]], strict=True))


def _run(store: Store, text: str, parameters: dict[str, object]) -> None:
    for statement in _statements(text):
        used = {key: value for key, value in parameters.items() if f"${key}" in statement}
        store.execute(statement, used)


def _rule(
    store: Store, rule: Rule, name: str, parameters: dict[str, object], *, nothing_means: str
) -> str:
    """Return a rule as SQL over `event`; its values go into `parameters`."""
    parts = []
    if rule.touchpoints:
        parameters[f"{name}_flags"] = flags(matching(store, rule))
        parts.append(FLAG.format(name=f"{name}_flags"))
    for number, (field, value) in enumerate(rule.where):
        parameters[f"{name}_path_{number}_"] = f'$."{field}"'
        parameters[f"{name}_value_{number}_"] = value
        parts.append(
            f"coalesce(json_extract_string(event.properties, ${name}_path_{number}_) "
            f"= ${name}_value_{number}_, false)"
        )
    return " AND ".join(parts) or nothing_means


def _statements(text: str) -> list[str]:
    return [part.strip() for part in text.split(";\n") if part.strip()]
