"""Delimited text into `staged_row`; rows that cannot be split into columns into `staged_reject`."""

from pathlib import Path

import pandas as pd

from tools.connectors.dialect import Dialect, dialect_of
from tools.connectors.files import SourceFile, head_of, without_line
from tools.errors import UnreadableFileError
from tools.store.door import Store

NO_REJECTS = "CREATE OR REPLACE TEMP TABLE staged_reject (line BIGINT, field VARCHAR, reason VARCHAR, raw VARCHAR)"
CSV_REJECTS = """
INSERT INTO staged_reject
SELECT line, coalesce(any_value(column_name), ''), lower(any_value(error_type::VARCHAR)), any_value(csv_line)
FROM csv_reject GROUP BY line ORDER BY line
"""
MOST_STRAY = 20


def stage_delimited(
    store: Store, file: SourceFile, scratch: Path, limit: int | None
) -> tuple[str, ...]:
    """Stage a text table; a quote that is never closed costs its own row, not those after it."""
    dialect = dialect_of(head_of(file))
    if dialect is None:
        raise UnreadableFileError(f"{file.name}: the file is empty.")
    dropped: list[tuple[int, str]] = []
    _try_csv(store, file, dialect, limit)
    while len(dropped) < MOST_STRAY and (stray := _stray_quote(store)) is not None:
        line, position = stray
        file, text = without_line(file, position, scratch)
        dropped.append((line + len(dropped), text))
        _try_csv(store, file, dialect, limit)
    reject_lines(store, dropped, "a quote is opened and never closed")
    first = 1 + dialect.skip + dialect.header
    store.execute(
        f"CREATE OR REPLACE TEMP VIEW staged_line AS SELECT rowid + {first} AS line, * FROM staged_row"
    )
    return dialect.columns


def _stray_quote(store: Store) -> tuple[int, int] | None:
    """Return (line, byte) of the first row whose open quote swallowed the lines after it."""
    if not _has_rejects(store):
        return None
    rows = store.rows(
        "SELECT line, line_byte_position - 1 FROM csv_reject WHERE error_type IN "
        "('UNQUOTED VALUE', 'LINE SIZE OVER MAXIMUM') AND coalesce(contains(csv_line, chr(10)), true) "
        "ORDER BY line LIMIT 1"
    )
    return (int(str(rows[0][0])), int(str(rows[0][1]))) if rows else None


def _has_rejects(store: Store) -> bool:
    return bool(store.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'csv_reject'"))


def reject_lines(store: Store, told: list[tuple[int, str]], reason: str) -> None:
    """Set lines apart as (number, text)."""
    if told:
        store.adopt("broken_line", pd.DataFrame(told, columns=["line", "raw"]))
        store.execute(
            "INSERT INTO staged_reject SELECT line, '', $reason, raw FROM broken_line ORDER BY line",
            {"reason": reason},
        )


def _try_csv(store: Store, file: SourceFile, dialect: Dialect, limit: int | None) -> None:
    store.execute(NO_REJECTS)
    try:
        _read_csv(store, file, dialect, limit, strict=True)
    except UnreadableFileError:
        # Mixed line ends and stray quotes: the lenient parser reads on.
        _read_csv(store, file, dialect, limit, strict=False)


def _read_csv(
    store: Store, file: SourceFile, dialect: Dialect, limit: int | None, *, strict: bool
) -> None:
    store.execute("DROP TABLE IF EXISTS csv_reject")
    store.execute("DROP TABLE IF EXISTS csv_scan")
    columns = ", ".join(f"{sql_text(name)}: 'VARCHAR'" for name in dialect.columns)
    options = {
        "path": str(file.path),
        "delimiter": dialect.delimiter,
        "quote": dialect.quote,
        "escape": dialect.escape,
        "skip": dialect.skip,
        "header": dialect.header,
        "compression": {".gz": "gzip", ".zst": "zstd"}.get(file.packing, "none"),
        "strict": strict,
    }
    store.read_file(
        "CREATE OR REPLACE TEMP TABLE staged_row AS FROM read_csv($path, auto_detect = false, "
        "delim = $delimiter, quote = $quote, escape = $escape, skip = $skip, header = $header, "
        f"compression = $compression, strict_mode = $strict, columns = {{{columns}}}, "
        "store_rejects = true, rejects_limit = 0, "
        "rejects_table = 'csv_reject', rejects_scan = 'csv_scan')" + limited(limit),
        options,
    )
    if _has_rejects(store):
        store.execute(CSV_REJECTS)


def limited(limit: int | None) -> str:
    """A LIMIT, where there is one."""
    return "" if limit is None else f" LIMIT {limit}"


def sql_text(value: str) -> str:
    """Quote a text as an SQL literal, where no parameter can stand."""
    return "'" + value.replace("'", "''") + "'"
