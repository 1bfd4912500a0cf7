"""Rows of an SQL database, through SQLAlchemy, as pages.

Rows come in the order of the cursor column. A page ends between two of its values, so that a pull
that was stopped goes on after the last one: no row is lost or read twice.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

from tools.errors import PullError
from tools.pulling.keys import Keys
from tools.pulling.landing import Page
from tools.pulling.position import Position, Run
from tools.pulling.sources import Database

PAGE_ROWS = 20_000
DRIVERS = {"mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
"""The drivers of our extras, where SQLAlchemy would take another."""
EXTRAS = {
    "postgresql": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
    "bigquery": "bigquery",
    "snowflake": "snowflake",
}


def rows_in_pages(
    name: str, database: Database, position: Position, keys: Keys, *, page_rows: int | None = None
) -> Iterator[Page]:
    """Yield a table's or query's rows from a position on.

    Args:
        name: The source's, for the records and for messages.
        database: Where, and what.
        position: Where the last pull stopped or ended.
        keys: The password, where there is one.
        page_rows: How many rows a page has, or a few more; None: as is usual.

    Raises:
        PullError: The database cannot be reached, or does not know the table.
    """
    page_rows = page_rows or PAGE_ROWS
    try:
        url = sa.make_url(database.url)
        url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
        if url.username:
            for password in keys.values():
                url = url.set(password=password)
        engine = sa.create_engine(url, hide_parameters=True, poolclass=sa.pool.NullPool)
        try:
            with engine.connect() as connection:
                streaming = connection.execution_options(yield_per=page_rows)
                rows = streaming.execute(_select(database, position)).mappings()
                yield from _pages(name, database, position, (dict(row) for row in rows), page_rows)
        finally:
            engine.dispose()
    except (NoSuchModuleError, ImportError):
        kind = database.url.partition(":")[0].partition("+")[0]
        extra = EXTRAS.get(kind)
        how = (
            f"install it with `pip install 'desirepath[{extra}]'`"
            if extra
            else "install its driver"
        )
        raise PullError(f"{name}: there is no driver for {kind} here: {how}.") from None
    except SQLAlchemyError as fault:
        told = keys.mask(str(fault).splitlines()[0])
        raise PullError(f"{name}: the database says: {told}") from None


def _pages(
    name: str,
    database: Database,
    position: Position,
    rows: Iterable[dict[str, Any]],
    page_rows: int,
) -> Iterator[Page]:
    cursor, high = database.cursor, position.token
    held: list[dict[str, Any]] = []
    for row in rows:
        if cursor is not None and cursor not in row:
            raise PullError(f"{name}: there is no column '{cursor}' to go on from.")
        if len(held) >= page_rows and (cursor is None or row[cursor] != held[-1][cursor]):
            high = _text(held[-1][cursor]) if cursor and held[-1][cursor] is not None else high
            position = _landed(position, high, ended=False)
            yield Page({name: [_plain(r) for r in held]}, position)
            held = []
        held.append(row)
    if held and cursor and held[-1][cursor] is not None:
        high = _text(held[-1][cursor])
    yield Page({name: [_plain(r) for r in held]}, _landed(position, high, ended=True))


def _landed(position: Position, high: str | None, *, ended: bool) -> Position:
    """Say where a pull stands; without a cursor column an unfinished one begins anew."""
    run = None if ended else Run("", "", "")
    since = str(json.loads(high)["value"]) if high else None
    return replace(position, since=since, token=high, page=position.page + 1, run=run)


def _select(database: Database, position: Position) -> sa.Select[Any]:
    if database.table:
        schema, _, table = database.table.rpartition(".")
        found: Any = sa.table(table, schema=schema or None)
    else:
        found = sa.text(f"({str(database.query).rstrip().rstrip(';')}) AS pulled")
    chosen = sa.select(sa.text("*")).select_from(found)
    if database.cursor is None:
        return chosen
    column: sa.ColumnClause[Any] = sa.column(database.cursor)
    if position.token is None:
        # Rows without a value come once, with the first pull.
        return chosen.order_by(sa.case((column.is_(None), 0), else_=1), column)
    known = _value(position.token)
    # A finished pull may have missed rows that were written later with its last value.
    later = column > known if position.run else column >= known
    return chosen.where(later).order_by(column)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _json(value) for name, value in row.items()}


def _json(value: object) -> object:
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        data = bytes(value)
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.hex()
    return str(value)


def _text(value: object) -> str:
    for kind, told in (("datetime", datetime), ("date", date)):
        if isinstance(value, told):
            return json.dumps({"kind": kind, "value": value.isoformat()})
    kind = "int" if isinstance(value, int) else "float" if isinstance(value, float) else "str"
    return json.dumps({"kind": kind, "value": value if kind != "str" else str(value)})


def _value(text: str) -> object:
    told = json.loads(text)
    if told["kind"] == "datetime":
        return datetime.fromisoformat(told["value"])
    return date.fromisoformat(told["value"]) if told["kind"] == "date" else told["value"]
