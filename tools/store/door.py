"""The one SQL door: every statement of the product goes through a `Store`."""

import contextlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

import duckdb
import pandas as pd

from tools.errors import DamagedWorkspaceError, StoreError, UnreadableFileError

Row = TypeVar("Row")
Parameters = Mapping[str, object]
NOTHING: Parameters = {}


class Stopped(Exception):  # noqa: N818 - not an error: the reader asked for it
    """The user stopped the question while a query ran."""


class Store:
    """A DuckDB database behind named parameters.

    A `Store` opened for reading stands on one published generation and never changes. It is
    safe to use from several threads: each statement runs on a cursor of its own. A `Store`
    opened for writing is used from one thread, on one connection, inside one transaction.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, *, path: Path | None, generation: int
    ) -> None:
        """Wrap an open connection; `Workspace` and `memory_store` are the ways to get one."""
        self._connection = connection
        self._running: set[duckdb.DuckDBPyConnection] = set()
        self._guard = threading.Lock()
        self.path = path
        self.generation = generation
        self.writable = False
        self.memory: dict[object, object] = {}

    def rows(self, sql: str, parameters: Parameters = NOTHING) -> list[tuple[object, ...]]:
        """Return all rows of a query as plain tuples."""
        with self._cursor() as cursor:
            return cursor.execute(sql, dict(parameters)).fetchall()

    def records(self, sql: str, parameters: Parameters, into: type[Row]) -> tuple[Row, ...]:
        """Return one `into` dataclass per row, matched by column name.

        Columns that the dataclass has no field for are an error of the query's author.
        """
        with self._cursor() as cursor:
            cursor.execute(sql, dict(parameters))
            names = [column[0] for column in cursor.description or ()]
            wanted = {field.name for field in fields(into) if field.init}  # type: ignore[arg-type]
            if strange := set(names) - wanted:
                raise TypeError(f"{into.__name__} has no field for columns {sorted(strange)}")
            return tuple(into(**dict(zip(names, row, strict=True))) for row in cursor.fetchall())

    def value(self, sql: str, parameters: Parameters = NOTHING) -> object:
        """Return the single value of a query with one row and one column."""
        rows = self.rows(sql, parameters)
        return rows[0][0] if rows else None

    def frame(self, sql: str, parameters: Parameters = NOTHING) -> pd.DataFrame:
        """Return a query as a DataFrame, for the edges: no analysis returns one."""
        with self._cursor() as cursor:
            return cursor.execute(sql, dict(parameters)).df()

    def execute(self, sql: str, parameters: Parameters = NOTHING) -> None:
        """Run one or more statements for their effect."""
        with self._cursor() as cursor:
            cursor.execute(sql, dict(parameters)) if parameters else cursor.execute(sql)

    def read_file(self, sql: str, parameters: Parameters = NOTHING) -> None:
        """Run one statement that reads a file of the user's.

        Raises:
            UnreadableFileError: What is wrong is wrong with the file.
        """
        try:
            self._connection.execute(sql, dict(parameters))
        except duckdb.InterruptException as stopped:
            raise Stopped from stopped
        except duckdb.Error as fault:
            raise UnreadableFileError(str(fault).splitlines()[0]) from fault

    def adopt(self, name: str, frame: pd.DataFrame) -> None:
        """Make `frame` readable as the temporary table `name` (writers only)."""
        self._connection.register("adopted_frame", frame)
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {identifier(name)} AS FROM adopted_frame"
        )
        self._connection.unregister("adopted_frame")

    def progress(self) -> float:
        """Return how far the running statement is, 0 to 100; -1 when that is not known."""
        return float(self._connection.query_progress())

    def interrupt(self) -> None:
        """Stop whatever this store is running; the callers get `Stopped`."""
        with self._guard:
            for cursor in self._running:
                cursor.interrupt()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self._connection if self.writable else self._connection.cursor()
        with self._guard:
            self._running.add(cursor)
        try:
            yield cursor
        except duckdb.InterruptException as stopped:
            raise Stopped from stopped
        except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException) as fault:
            place = self.path or "in memory"
            raise DamagedWorkspaceError(f"The store {place} cannot be read: {fault}") from fault
        except duckdb.OutOfMemoryException as fault:
            raise StoreError(f"This needs more memory than the store may use: {fault}") from fault
        finally:
            with self._guard:
                self._running.discard(cursor)
            if cursor is not self._connection:
                cursor.close()


def identifier(name: str) -> str:
    """Quote a column or table name that came from data."""
    return '"' + name.replace('"', '""') + '"'


def read_sql(module_file: str, name: str | None = None) -> str:
    """Return the text of the `.sql` file beside a module: its own, or the one called `name`."""
    beside = Path(module_file)
    path = beside.with_suffix(".sql") if name is None else beside.with_name(name)
    return path.read_text(encoding="utf-8")


def read_steps(module_file: str, name: str | None = None) -> dict[str, str]:
    """Return the statements of such a file by the `-- step: NAME` line that each stands under."""
    parts = read_sql(module_file, name).split("-- step: ")[1:]
    return dict(part.split("\n", 1) for part in parts if part.strip())
