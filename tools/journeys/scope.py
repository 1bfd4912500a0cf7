"""What part of the data a question is about, and the SQL that reads just that part."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, TypeVar

from tools.errors import InvalidArgumentError, NoDataError, UnknownSegmentError, unknown
from tools.journeys.definition import JourneyDefinition, load_definition, matching
from tools.journeys.touchpoints import touchpoint_ids
from tools.store.door import Parameters, Store, read_sql

Operator = Literal["=", "!=", ">", ">=", "<", "<=", "saw", "not saw"]
Row = TypeVar("Row")
COLUMNS = {"channel": "first_channel", "campaign": "first_campaign", "source": "first_source"}
SEGMENT = "saved segment"
"""The field of saved segments; plain `segment` means it too where the data have no such field."""
SCOPE_SQL = read_sql(__file__)
VISIT_SQL = read_sql(__file__, "scope_visit.sql")
PREVIOUS = (
    "lag(journey.started_at) OVER (PARTITION BY journey.person_id ORDER BY journey.started_at, "
    "journey.ended_at, journey.previous_at NULLS FIRST, journey.journey_id)"
)
"""The start of a person's journey before, among those that a segment's filters leave."""
OWN = "\n    JOIN scoped_journey AS own ON step.journey_id = own.journey_id"
PERSONAL = frozenset(
    [
        "name",
        "first_name",
        "last_name",
        "full_name",
        "username",
        "email",
        "email_address",
        "phone",
        "address",
        "street",
        "zip",
        "postal_code",
        "birthday",
        "date_of_birth",
        "ip_address",
    ]
)
"""Traits that say who someone is: they help to find the same person in two systems, and cut no segment."""
FEW_VALUES = 50
TRAITS_SQL = """
SELECT name
FROM trait
WHERE NOT list_contains($personal, lower(name))
GROUP BY name
HAVING count(DISTINCT value) <= $few
    OR count(*) >= 5 * count(DISTINCT value)
    OR bool_and(TRY_CAST(value AS DOUBLE) IS NOT NULL)
ORDER BY name
"""


@dataclass(frozen=True, slots=True)
class Condition:
    """One segment filter; several values mean any of them."""

    field: str
    """`channel`, `campaign`, `source` (of the first touch), a trait, or a property of the
    first touch; `saved segment`; "touchpoint" for `saw` and `not saw`."""
    operator: Operator
    values: tuple[str, ...]
    times: int = 1
    """For `saw` and `not saw`: how often at least, within the journey."""

    def sentence(self) -> str:
        """Say the filter as it is written: `channel = email`, `saw Pricing`, `saw Ticket >= 2`."""
        values = " | ".join(_written(value) for value in self.values)
        if self.field == "touchpoint":
            return f"{self.operator} {values}" + (f" >= {self.times}" if self.times > 1 else "")
        return f"{self.field} {self.operator} {values}"


@dataclass(frozen=True, slots=True)
class Scope:
    """What part of the data a question is about; everything by default."""

    journey: str | None = None
    """A journey definition's name; None: the default one."""
    since: date | None = None
    """Journeys that started on this day (UTC) or later."""
    until: date | None = None
    """Journeys that started on this day (UTC) or earlier."""
    where: tuple[Condition, ...] = ()
    minimum_group: int = 30
    """Smaller groups are pooled as "other"."""


@dataclass(frozen=True, slots=True)
class ResolvedScope:
    """A scope as it was understood: every default filled in, every name found."""

    definition: JourneyDefinition
    as_of: datetime
    since: date | None
    until: date | None
    where: tuple[Condition, ...]
    minimum_group: int

    def sentence(self) -> str:
        """Say the scope in a few words, for a caption."""
        parts = [f"journey '{self.definition.name}'"]
        if self.since or self.until:
            parts.append(f"started {self.since or 'from the beginning'} to {self.until or 'now'}")
        parts += [condition.sentence() for condition in self.where]
        return ", ".join(parts) + f", as of {self.as_of:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement as it was run, with its parameters."""

    sql: str
    parameters: tuple[tuple[str, object], ...]


def parse_condition(text: str) -> Condition:
    """Read one filter as it is written.

    `channel = email | ads`, `plan != free`, `seats >= 10`, `saw Pricing`, `not saw Docs`,
    `saw Ticket opened >= 2` (at least twice), `saved segment = Big spenders`.
    """
    seen = re.fullmatch(r"\s*(not saw|saw)\s+(.+?)(?:\s*>=\s*(\d+))?\s*", text, re.IGNORECASE)
    if seen:
        operator: Operator = "saw" if seen[1].lower() == "saw" else "not saw"
        return Condition("touchpoint", operator, _values(seen[2]), max(1, int(seen[3] or 1)))
    match = re.fullmatch(r"\s*([^=!<>]+?)\s*(!=|>=|<=|=|>|<)\s*(.+)", text)
    if not match:
        raise InvalidArgumentError(
            f"where: '{text}' should read like `channel = email`, `seats >= 10` or `saw Pricing`."
        )
    return Condition(match[1], match[2], _values(match[3]))  # type: ignore[arg-type]


def resolve(store: Store, scope: Scope) -> ResolvedScope:
    """Fill in a scope's defaults and check its names.

    Raises:
        NoDataError: The store holds no event.
        UnknownJourneyError, UnknownSegmentError, UnknownTouchpointError: A name is not known.
        InvalidArgumentError: The dates are the wrong way round.
    """
    newest = store.value("SELECT max(occurred_at) FROM event")
    if not isinstance(newest, datetime):
        raise NoDataError("There is no data yet. Import a file, or try the sample company.")
    if scope.since and scope.until and scope.since > scope.until:
        raise InvalidArgumentError(f"from: {scope.since} is after to: {scope.until}.")
    definition = load_definition(store, scope.journey)
    where = tuple(_resolve_condition(store, condition) for condition in scope.where)
    as_of = definition.as_of or newest
    return ResolvedScope(definition, as_of, scope.since, scope.until, where, scope.minimum_group)


class ScopedStore:
    """A store seen through one scope: queries read `scoped_journey` and `scoped_step`.

    `scoped_journey`: journey_id, person_id, started_at, ended_at, outcome ('converted',
    'dropped', 'active'), mature, previous_at (start of the person's journey before, in scope),
    is_first (there is none), duration_seconds (start to last event), steps, last_touchpoint_id (the
    end event apart), path_id, first_channel, first_campaign, first_source, value, currency,
    first_properties.
    `scoped_step`: journey_id, step (from 1), touchpoint_id, occurred_at, gap_seconds (None on
    the first), next_touchpoint_id and next_gap_seconds (None on the last), is_end (the converting
    event), first_visit (of this touchpoint in this journey); and of its journey: journey_steps,
    journey_started_at, previous_at, converted, dropped, is_mature, is_first_journey, channel_id
    (of `channel`).
    `scoped_visit`, in order within each journey: journey_id, touch_id (of `touch`), session_key,
    began_at, is_end (the converting event), converted, is_mature. It keeps the scope's dates alone,
    so that windows over it stream: where the scope has filters, journeys are joined after.
    A person's first journey in scope is mature if any is, so it is the first mature one too.
    Tables of the store (touchpoint, path, trait, event) can be joined beside them.
    """

    def __init__(self, store: Store, scope: Scope) -> None:
        """Resolve `scope` against `store`."""
        self.store = store
        self.scope = resolve(store, scope)
        self.statements: list[Statement] = []
        self._prefix, self._visits, self._parameters = _prefix(store, self.scope)

    def records(self, sql: str, parameters: Parameters, into: type[Row]) -> tuple[Row, ...]:
        """Run a query whose text begins with `WITH`, seen through the scope.

        Args:
            sql: A comment line, then `WITH`, as an analysis's `.sql` file has it.
            parameters: Values for its `$named` parameters.
            into: A dataclass with one field per column.
        """
        text, used = self.compose(sql, parameters)
        self.statements.append(Statement(text, tuple(sorted(used.items()))))
        return self.store.records(text, used, into)

    def compose(self, sql: str, parameters: Parameters) -> tuple[str, dict[str, object]]:
        """Return the whole statement and the parameters that it uses."""
        match = re.match(r"((?:--[^\n]*\n)*)\s*WITH\s", sql)
        if not match:
            raise TypeError("a scoped query begins with a comment and WITH")
        prefix = self._prefix
        if "scoped_visit" in sql:
            prefix = f"{prefix},\n{self._visits}"
        if not re.search(r"\.(previous_at|is_first|is_first_journey)\b", sql):
            prefix = prefix.replace(PREVIOUS, "NULL")
        text = f"{match[1]}WITH {prefix},\n{sql[match.end() :]}"
        wanted = set(re.findall(r"\$(\w+)", text))
        return text, {k: v for k, v in {**self._parameters, **parameters}.items() if k in wanted}


def _prefix(store: Store, scope: ResolvedScope) -> tuple[str, str, dict[str, object]]:
    parameters: dict[str, object] = {
        "definition_id": scope.definition.definition_id,
        "open_since": scope.as_of - scope.definition.window,
        "alive_since": scope.as_of - scope.definition.inactivity,
    }
    dates = []
    if scope.since:
        dates.append("{table}.started_at >= $since")
        parameters["since"] = datetime.combine(scope.since, datetime.min.time())
    if scope.until:
        dates.append("{table}.started_at < $until")
        parameters["until"] = datetime.combine(scope.until, datetime.min.time()) + timedelta(days=1)
    filters = [
        _clause(store, condition, f"where_{number}", parameters)
        for number, condition in enumerate(scope.where)
    ]
    text = SCOPE_SQL.strip()
    if filters:
        text = text.replace(" AS NOT MATERIALIZED (", " AS (").replace("/* join */", OWN)
        previous, own = PREVIOUS, "own.previous_at"
    else:  # a person's journeys in scope are neighbours, as they were when they were built
        text = text.replace("/* join */", "")
        previous, own = "journey.previous_at", "step.previous_at"
        if scope.since:
            previous, own = (f"CASE WHEN {at} >= $since THEN {at} END" for at in (previous, own))
    text = text.replace("/* previous journey */", previous)
    text = text.replace("/* step's previous journey */", own)
    for table, mark in (("journey", "/* segment */"), ("step", "/* steps of the segment */")):
        clauses = [date.format(table=table) for date in dates]
        clauses += filters if table == "journey" else []
        text = text.replace(mark, _further(clauses))
    visits = _further([date.format(table="visit") for date in dates])
    return text, VISIT_SQL.strip().replace("/* visits of the dates */", visits), parameters


def _further(clauses: Sequence[str]) -> str:
    return "".join(f"\n        AND {clause}" for clause in clauses)


def _clause(store: Store, condition: Condition, name: str, parameters: dict[str, object]) -> str:
    """Return one filter as SQL over `journey`; its values go into `parameters`."""
    if condition.field == "touchpoint":
        return _behaviour(store, condition, name, parameters)
    if condition.field == SEGMENT:
        return _saved(store, condition, name, parameters)
    if condition.field in COLUMNS:
        return _compare(f"journey.{COLUMNS[condition.field]}", condition, name, parameters)
    parameters[f"{name}_field"] = condition.field
    if condition.field in trait_names(store):
        other = condition.operator == "!="  # also those of whom the trait is not known
        same = replace(condition, operator="=") if other else condition
        inner = _compare("trait.value", same, name, parameters)
        return (
            f"journey.person_id {'NOT ' if other else ''}IN (SELECT trait.person_id FROM trait "
            f"WHERE trait.name = ${name}_field AND {inner})"
        )
    value = f"json_extract_string(journey.first_properties, '$.\"' || ${name}_field || '\"')"
    return _compare(value, condition, name, parameters)


def _behaviour(store: Store, condition: Condition, name: str, parameters: dict[str, object]) -> str:
    """Return what was seen as SQL; repeats and exposures are no steps, so these count events."""
    parameters[name] = ids = list(touchpoint_ids(store, condition.values, where="where"))
    negation = "NOT " if condition.operator == "not saw" else ""
    exposures = store.value(
        "SELECT count(*) FROM touchpoint WHERE kind = 'exposure' AND list_contains($ids, touchpoint_id)",
        {"ids": ids},
    )
    if condition.times == 1 and not exposures:
        return (
            f"journey.journey_id {negation}IN (SELECT step.journey_id FROM step "
            f"WHERE step.definition_id = $definition_id AND list_contains(${name}, step.touchpoint_id))"
        )
    parameters[f"{name}_times"] = condition.times
    return (
        f"journey.journey_id {negation}IN (SELECT seen.journey_id FROM journey AS seen "
        "JOIN event ON seen.person_id = event.person_id "
        "AND event.occurred_at >= seen.started_at AND event.occurred_at <= seen.ended_at "
        f"WHERE seen.definition_id = $definition_id AND list_contains(${name}, event.touchpoint_id) "
        f"GROUP BY seen.journey_id HAVING count(*) >= ${name}_times)"
    )


def _saved(store: Store, condition: Condition, name: str, parameters: dict[str, object]) -> str:
    """Return saved segments as SQL: each is its filters together, or the people listed in it."""
    told = []
    for number, value in enumerate(condition.values):
        inner = saved_conditions(store, value)
        clauses = [
            _clause(store, each, f"{name}_{number}_{place}", parameters)
            for place, each in enumerate(inner)
        ]
        if not clauses:
            parameters[f"{name}_{number}"] = value
            clauses = [
                "journey.person_id IN (SELECT segment_person.person_id FROM segment_person "
                f"WHERE segment_person.name = ${name}_{number})"
            ]
        told.append(f"({' AND '.join(clauses)})")
    either = f"({' OR '.join(told)})"
    return f"NOT coalesce({either}, false)" if condition.operator == "!=" else either


def saved_conditions(store: Store, name: str) -> tuple[Condition, ...]:
    """Return a saved segment's filters, resolved; none where it is a list of people.

    Raises:
        UnknownSegmentError: No segment was saved under that name.
    """
    sql = "SELECT conditions FROM segment WHERE name = $name ORDER BY name"
    written = store.value(sql, {"name": name})
    if not isinstance(written, str):
        raise UnknownSegmentError(unknown("where", SEGMENT, name, saved_segments(store)))
    return tuple(_resolve_condition(store, each) for each in conditions(json.loads(written)))


def _compare(column: str, condition: Condition, name: str, parameters: dict[str, object]) -> str:
    if condition.operator in {"=", "!="}:
        parameters[name] = [value.casefold() for value in condition.values]
        found = f"list_contains(${name}, lower({column}))"
        return found if condition.operator == "=" else f"NOT coalesce({found}, false)"
    parameters[name] = float(condition.values[0])
    return f"TRY_CAST({column} AS DOUBLE) {condition.operator} ${name}"


def _resolve_condition(store: Store, condition: Condition) -> Condition:
    if condition.field == "touchpoint":
        touchpoint_ids(store, condition.values, where="where")
        return condition
    if _is_saved(store, condition.field):
        return _resolve_saved(store, condition)
    field = _known_field(store, condition.field)
    if condition.operator in {">", ">=", "<", "<="}:
        try:
            float(condition.values[0])
        except ValueError as fault:
            raise InvalidArgumentError(
                f"where: '{condition.sentence()}' compares with a number, "
                f"and '{condition.values[0]}' is none."
            ) from fault
        return Condition(field, condition.operator, condition.values)
    known = segment_values(store, field)
    folded = {value.casefold() for value in known}
    for value in condition.values:
        if value.casefold() not in folded:
            raise UnknownSegmentError(unknown("where", field, value, known))
    return Condition(field, condition.operator, condition.values)


def _is_saved(store: Store, field: str) -> bool:
    told = field.strip().casefold()
    fields = {known.casefold() for known in segment_fields(store)}
    return told == SEGMENT or (told == "segment" and told not in fields)


def _resolve_saved(store: Store, condition: Condition) -> Condition:
    if condition.operator not in {"=", "!="}:
        raise InvalidArgumentError(
            f"where: '{condition.sentence()}' should read like `segment = {condition.values[0]}`."
        )
    names = {name.casefold(): name for name in saved_segments(store)}
    told = tuple(names.get(value.casefold(), value) for value in condition.values)
    for name in told:
        saved_conditions(store, name)
    return Condition(SEGMENT, condition.operator, told)


def _known_field(store: Store, field: str, *, where: str = "where") -> str:
    fields = segment_fields(store)
    for known in fields:
        if known.casefold() == field.strip().casefold():
            return known
    raise UnknownSegmentError(unknown(where, "segment", field, fields))


def segment_fields(store: Store) -> tuple[str, ...]:
    """Return every field that a segment can be cut by: first touch, traits, properties."""
    return (*COLUMNS, *trait_names(store), *property_names(store))


def saved_segments(store: Store) -> tuple[str, ...]:
    """Return the names of the saved segments."""
    return _remembered(store, SEGMENT, "SELECT name FROM segment ORDER BY name")


def segment_expression(store: Store, field: str, *, where: str = "by") -> tuple[str, Parameters]:
    """Return a segment field as SQL over `scoped_journey`, and the values it uses.

    Raises:
        UnknownSegmentError: No field is called so; `where` names the argument that held it.
    """
    known = _known_field(store, field, where=where)
    if known in COLUMNS:
        return f"scoped_journey.{COLUMNS[known]}", {}
    if known in trait_names(store):
        return (
            "(SELECT trait.value FROM trait WHERE trait.name = $segment_field "
            "AND trait.person_id = scoped_journey.person_id)",
            {"segment_field": known},
        )
    return (
        "json_extract_string(scoped_journey.first_properties, '$.\"' || $segment_field || '\"')",
        {"segment_field": known},
    )


def trait_names(store: Store) -> tuple[str, ...]:
    """Return the traits that group people: none that says who someone is, or is nearly their own."""
    return _remembered(
        store, "trait_names", TRAITS_SQL, {"personal": sorted(PERSONAL), "few": FEW_VALUES}
    )


def property_names(store: Store) -> tuple[str, ...]:
    """Return the names of the properties that first touches of journeys carry."""
    sql = (
        "SELECT DISTINCT unnest(json_keys(first_properties)) AS name "
        "FROM journey WHERE first_properties IS NOT NULL ORDER BY name"
    )
    traits = set(trait_names(store)) | set(COLUMNS) | PERSONAL
    return tuple(name for name in _remembered(store, "property_names", sql) if name not in traits)


def segment_values(store: Store, field: str, most: int = 500) -> tuple[str, ...]:
    """Return the values of a segment field, most journeys first."""
    parameters: dict[str, object] = {"field": field, "most": most}
    if field in COLUMNS:
        sql = (
            f"SELECT {COLUMNS[field]} AS told FROM journey WHERE {COLUMNS[field]} IS NOT NULL "
            "GROUP BY told ORDER BY count(*) DESC, told LIMIT $most"
        )
        del parameters["field"]
    elif field in trait_names(store):
        sql = (
            "SELECT value FROM trait WHERE name = $field "
            "GROUP BY value ORDER BY count(*) DESC, value LIMIT $most"
        )
    else:
        sql = (
            "SELECT json_extract_string(first_properties, '$.\"' || $field || '\"') AS told "
            "FROM journey GROUP BY told HAVING told IS NOT NULL "
            "ORDER BY count(*) DESC, told LIMIT $most"
        )
    return _remembered(store, f"segment_values:{field}:{most}", sql, parameters)


def _remembered(
    store: Store, key: str, sql: str, parameters: Parameters | None = None
) -> tuple[str, ...]:
    """Return the first column of a query; a read-only store is asked once."""
    found = store.memory.get(key)
    if not isinstance(found, tuple):
        found = tuple(str(row[0]) for row in store.rows(sql, parameters or {}))
        if not store.writable:
            store.memory[key] = found
    return found


def _values(text: str) -> tuple[str, ...]:
    """Read values between `|` or commas; a value that holds one of these stands in quotes."""
    found = re.findall(r"\s*(?:'([^']*)'|\"([^\"]*)\"|([^|,]+))\s*(?:[|,]|$)", text)
    return tuple(value for value in (next(filter(None, one), "").strip() for one in found) if value)


def _written(value: str) -> str:
    return f'"{value}"' if re.search(r"[|,']", value) else value


def end_touchpoints(store: Store, scope: ResolvedScope) -> tuple[int, ...]:
    """Return the ids of the touchpoints that end the scope's journey."""
    return matching(store, scope.definition.end)


def conditions(texts: Sequence[str]) -> tuple[Condition, ...]:
    """Read several filters."""
    return tuple(parse_condition(text) for text in texts)
