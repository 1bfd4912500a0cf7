"""One staged file's rows, as its connector reads them, into the event table and its neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from tools.connectors.contract import RawTable, Reading, Relation
from tools.errors import NoUsableRowError
from tools.identity.stitching import identify
from tools.store.door import NOTHING, Store, identifier, read_sql

WHO = {"line": "BIGINT", "identifier_kind": "VARCHAR", "identifier": "VARCHAR"}
SHAPES: dict[Relation, dict[str, str]] = {
    "events": WHO
    | {"occurred_at": "TIMESTAMP", "touchpoint": "VARCHAR", "touchpoint_group": "VARCHAR"}
    | {"kind": "VARCHAR", "channel": "VARCHAR", "campaign": "VARCHAR", "session_id": "VARCHAR"}
    | {"value": "DOUBLE", "currency": "VARCHAR", "properties": "VARCHAR", "after": "BIGINT"}
    | {"content": "VARCHAR", "field": "VARCHAR", "reason": "VARCHAR"},
    "links": WHO | {"other_kind": "VARCHAR", "other": "VARCHAR"},
    "traits": WHO | {"set_at": "TIMESTAMP"},
    "notes": WHO | {"occurred_at": "TIMESTAMP", "kind": "VARCHAR", "text": "VARCHAR"},
    "spend": {"line": "BIGINT", "day": "DATE", "channel": "VARCHAR", "campaign": "VARCHAR"}
    | {"cost": "DOUBLE", "currency": "VARCHAR", "impressions": "BIGINT", "clicks": "BIGINT"},
}
DEFAULTS = {"kind": "'action'", "after": "0"}
NOT_CONTENT = ("line", "after", "content", "field", "reason")
SHOWN_REASONS = 3
STATEMENTS = dict(
    part.split("\n", 1) for part in read_sql(__file__).split("-- step: ")[1:] if part.strip()
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a file's rows: read = taken + duplicate + rejected."""

    rows_read: int
    rows_taken: int
    rows_duplicate: int
    rows_rejected: int
    events: int
    persons: int


def take(store: Store, raw: RawTable, reading: Reading, *, load_id: int, rejects: int) -> Counts:
    """Write the rows of `raw` that the store does not have yet.

    Args:
        store: A writable store in which the file is staged.
        raw: The staged file.
        reading: What its rows mean.
        load_id: The number under which they are kept.
        rejects: How many rows the file's reader could not even split into columns.

    Raises:
        NoUsableRowError: Not one row can be used; nothing but identifiers was written.
    """
    run = partial(_run, store, {"source": reading.source, "load_id": load_id})
    for relation in SHAPES:
        _tell(store, reading, relation)
    run("seen")
    identify(store, reading.source, load_id)
    run("refused")
    if not reading.one_event_per_line:
        run("useless")
    if reading.content_is_id:
        run("same_id")
    refused = _number(store, "SELECT count(*) FROM refused")
    if refused == raw.rows:
        raise NoUsableRowError(_nothing_usable(store, raw))
    run("repeated")
    run("touchpoints")
    if _number(store, "SELECT count(*) FROM event"):
        run("known")
    else:
        store.execute("CREATE OR REPLACE TEMP TABLE known (event_id BIGINT, seq BIGINT)")
    run("events")
    if _number(store, "SELECT count(*) FROM known"):
        run("earlier_line")
    store.execute("CREATE OR REPLACE TEMP TABLE kept_line (line BIGINT)")
    for relation in ("links", "traits", "notes", "spend"):
        if relation in reading.relations:
            run(relation)
    columns = ", ".join(f"coalesce({identifier(name)}, '')" for name in raw.columns)
    store.execute(STATEMENTS["rejected"].replace("/* columns */", columns), {"load_id": load_id})
    run("touched")
    events = _number(
        store, "SELECT count(*) FROM event WHERE load_id = $load_id", {"load_id": load_id}
    )
    taken = events
    if not reading.one_event_per_line:
        taken = _number(store, STATEMENTS["lines_taken"], {"load_id": load_id})
    return Counts(
        rows_read=raw.rows + rejects,
        rows_taken=taken,
        rows_duplicate=raw.rows - refused - taken,
        rows_rejected=refused + rejects,
        events=events,
        persons=_number(store, "SELECT count(*) FROM loaded_person"),
    )


def tell_sql(store: Store, reading: Reading, relation: Relation) -> str:
    """Return a connector's SELECT in the full shape of its relation."""
    shape = SHAPES[relation]
    sql = reading.relations.get(relation)
    if sql is None:
        return (
            "SELECT "
            + ", ".join(f"NULL::{kind} AS {name}" for name, kind in shape.items())
            + " WHERE false"
        )
    given = [str(row[0]) for row in store.rows(f"DESCRIBE {sql}", _used(reading.parameters, sql))]
    strange = set(given) - set(shape)
    if strange and relation != "traits":
        raise TypeError(f"{reading.connector}: {relation} has no columns {sorted(strange)}")
    fields = []
    for name, kind in shape.items():
        plain = f"CAST({identifier(name)} AS {kind})" if name in given else f"NULL::{kind}"
        default = DEFAULTS.get(name)
        fields.append(
            f"coalesce({plain}, {default}) AS {name}" if default else f"{plain} AS {name}"
        )
    told = f"SELECT {', '.join(fields)} FROM ({sql})"
    if relation != "traits":
        return told
    names = [identifier(name) for name in given if name not in shape]
    texts = ", ".join(f"{name}::VARCHAR AS {name}" for name in names)
    return (
        "SELECT line, identifier_kind, identifier, set_at, name, value FROM (UNPIVOT "
        f"(SELECT line, identifier_kind, identifier, set_at, {texts} FROM ({sql})) "
        f"ON {', '.join(names)} INTO NAME name VALUE value)"
    )


def _tell(store: Store, reading: Reading, relation: Relation) -> None:
    table = "told_" + relation.removesuffix("s")
    sql = tell_sql(store, reading, relation)
    if relation == "traits" and relation not in reading.relations:
        sql = sql.replace(" WHERE", ", NULL::VARCHAR AS name, NULL::VARCHAR AS value WHERE")
    if relation == "events":
        parts = ", ".join(
            f"'{name}=' || {name}::VARCHAR" for name in SHAPES["events"] if name not in NOT_CONTENT
        )
        told = f"concat_ws(chr(31), {parts})"
        if reading.content_is_id:
            told = f"coalesce('{reading.connector}:' || content, {told})"
        elif "NULL::VARCHAR AS content" not in sql:
            told = "content"
        fields = ", ".join(name for name in SHAPES["events"] if name != "content")
        sql = f"SELECT {fields}, content_number({told}) AS content_id FROM ({sql})"
    store.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS {sql}",
        _used(reading.parameters, sql),
    )


def _run(store: Store, parameters: Mapping[str, object], step: str) -> None:
    for statement in STATEMENTS[step].split(";\n"):
        if statement.strip():
            store.execute(statement, _used(parameters, statement))


def _used(parameters: Mapping[str, object], sql: str) -> dict[str, object]:
    return {name: value for name, value in parameters.items() if f"${name}" in sql}


def _number(store: Store, sql: str, parameters: Mapping[str, object] = NOTHING) -> int:
    return int(str(store.value(sql, parameters)))


def _nothing_usable(store: Store, raw: RawTable) -> str:
    if not raw.rows:
        return f"{raw.name}: no row could be read."
    reasons = store.rows(
        "SELECT reason, count(*), min(line) FROM refused GROUP BY reason ORDER BY 2 DESC, 1"
    )
    shown = "; ".join(
        f"{reason} ({count} rows, first in line {line})"
        for reason, count, line in reasons[:SHOWN_REASONS]
    )
    return f"{raw.name}: not one of its {raw.rows} rows can be used: {shown}."
