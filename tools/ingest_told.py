"""A connector's SELECTs in the full shape of their relations: the tables `told_event`, `told_link`, ..."""

from collections.abc import Mapping

from tools.connectors.contract import Reading, Relation
from tools.store.door import Store, identifier

WHO = {"line": "BIGINT", "identifier_kind": "VARCHAR", "identifier": "VARCHAR"}
SHAPES: dict[Relation, dict[str, str]] = {
    "events": WHO
    | {"occurred_at": "TIMESTAMP", "touchpoint": "VARCHAR", "touchpoint_group": "VARCHAR"}
    | {"kind": "VARCHAR", "channel": "VARCHAR", "campaign": "VARCHAR", "session_id": "VARCHAR"}
    | {"value": "DOUBLE", "currency": "VARCHAR", "properties": "VARCHAR", "origin": "VARCHAR"}
    | {"after": "BIGINT", "content": "VARCHAR", "version": "TIMESTAMP", "deleted": "BOOLEAN"}
    | {"field": "VARCHAR", "reason": "VARCHAR"},
    "details": {"line": "BIGINT", "content": "VARCHAR", "properties": "VARCHAR"},
    "links": WHO
    | {"other_kind": "VARCHAR", "other": "VARCHAR", "tie": "VARCHAR", "rank": "INTEGER"},
    "traits": WHO | {"set_at": "TIMESTAMP"},
    "notes": WHO
    | {"occurred_at": "TIMESTAMP", "kind": "VARCHAR", "text": "VARCHAR"}
    | {"content": "VARCHAR", "version": "TIMESTAMP"},
    "names": {"line": "BIGINT", "entity": "VARCHAR", "key": "VARCHAR", "label": "VARCHAR"}
    | {"version": "TIMESTAMP"},
    "spend": {"line": "BIGINT", "day": "DATE", "channel": "VARCHAR", "campaign": "VARCHAR"}
    | {"cost": "DOUBLE", "currency": "VARCHAR", "impressions": "BIGINT", "clicks": "BIGINT"}
    | {"level": "VARCHAR", "content": "VARCHAR", "version": "TIMESTAMP"},
}
DEFAULTS = {
    "kind": "'action'",
    "after": "0",
    "deleted": "false",
    "tie": "'same'",
    "rank": "0",
    "level": "'campaign'",
}
NOT_CONTENT = ("line", "after", "content", "version", "deleted", "field", "reason")


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
    given = [str(row[0]) for row in store.rows(f"DESCRIBE {sql}", used(reading.parameters, sql))]
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
    if {"name", "value"} == set(given) - set(shape):
        return f"SELECT line, identifier_kind, identifier, set_at, name, value FROM ({sql})"
    texts = ", ".join(f"{name}::VARCHAR AS {name}" for name in names)
    return (
        "SELECT line, identifier_kind, identifier, set_at, name, value FROM (UNPIVOT "
        f"(SELECT line, identifier_kind, identifier, set_at, {texts} FROM ({sql})) "
        f"ON {', '.join(names)} INTO NAME name VALUE value)"
    )


def tell(store: Store, reading: Reading, relation: Relation) -> None:
    """Write down what a file says under one relation; a relation it lacks makes an empty table."""
    table = "told_" + relation.removesuffix("s")
    sql = tell_sql(store, reading, relation)
    if relation == "traits" and relation not in reading.relations:
        sql = sql.replace(" WHERE", ", NULL::VARCHAR AS name, NULL::VARCHAR AS value WHERE")
    if "version" in SHAPES[relation]:
        sql = f"SELECT * REPLACE (coalesce(epoch_us(version), 0) AS version) FROM ({sql})"
    if relation == "events":
        sql = _numbered(reading, sql)
    store.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS {sql}",
        used({"source": reading.source, **reading.parameters}, sql),
    )


def _numbered(reading: Reading, sql: str) -> str:
    """Give each event its number, made from what tells it from others, and one for its state."""
    parts = ", ".join(
        f"'{name}=' || {name}::VARCHAR" for name in SHAPES["events"] if name not in NOT_CONTENT
    )
    told, variant = f"concat_ws(chr(31), {parts})", "0::BIGINT"
    if reading.content_is_id:
        # A state that says that the event was taken back is the last of its version.
        variant = f"(content_number({told}) >> 1) | (deleted::BIGINT << 62)"
        told = f"coalesce($source || ':' || content, {told})"
    elif " AS content" in reading.relations.get("events", ""):
        told = "content"
    fields = ", ".join(name for name in SHAPES["events"] if name != "content")
    return (
        f"SELECT {fields}, content_number({told}) AS content_id, {variant} AS variant FROM ({sql})"
    )


def used(parameters: Mapping[str, object], sql: str) -> dict[str, object]:
    """Return the parameters that a statement names."""
    return {name: value for name, value in parameters.items() if f"${name}" in sql}
