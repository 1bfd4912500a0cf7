"""A file's rows into `raw`: every column as text, the rows that cannot be read set apart.

Makes four temporary things: `staged_row` (the columns), `staged_line` (the same with `line`),
`raw` (that, until a connector gives it columns of its own) and `staged_reject(line, field,
reason, raw)`.
"""

import csv
import json
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from tools.connectors.contract import RawTable
from tools.connectors.delimited import (
    NO_REJECTS,
    limited,
    reject_lines,
    sql_text,
    stage_delimited,
)
from tools.connectors.dialect import unique_names
from tools.connectors.files import SAMPLE, SourceFile, head_of, lines_of
from tools.connectors.macros import MACROS
from tools.errors import UnreadableFileError
from tools.store.door import Store, identifier

WIDEST_OBJECT = 200
DEEPEST = 5
PACKED_RATIO = 6
LARGEST_OBJECT = 1 << 28
NOTHING = ("NULL", "JSON")
"""What DuckDB says of the structure of one null, or of one empty object."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A file whose rows stand in `raw`."""

    raw: RawTable
    rejects: int
    warnings: tuple[str, ...] = ()


def stage(store: Store, file: SourceFile, scratch: Path, *, limit: int | None = None) -> Staged:
    """Put a file's rows into `raw`.

    Args:
        store: A writable store.
        file: As `files.unpacked` returns it.
        scratch: A folder for what has to be rewritten first.
        limit: Take only so many rows, for a preview.

    Raises:
        UnreadableFileError: There is no table in it.
    """
    store.execute(MACROS)
    store.execute(NO_REJECTS)
    store.execute("DROP VIEW IF EXISTS raw")
    store.execute("DROP VIEW IF EXISTS staged_line")
    warnings: tuple[str, ...] = ()
    if file.format == "excel":
        file, warnings = _excel_as_csv(file, scratch)
    if file.format == "parquet":
        columns = _stage_parquet(store, file, limit)
    elif file.format == "json":
        columns = _stage_json(store, file, limit)
    else:
        columns = stage_delimited(store, file, scratch, limit)
    store.execute("CREATE OR REPLACE TEMP VIEW raw AS SELECT * FROM staged_line")
    rows = int(str(store.value("SELECT count(*) FROM staged_row")))
    rejects = int(str(store.value("SELECT count(*) FROM staged_reject")))
    return Staged(RawTable(file.name, columns, rows, file.place), rejects, warnings)


def _stage_parquet(store: Store, file: SourceFile, limit: int | None) -> tuple[str, ...]:
    scan = "read_parquet($path, binary_as_string = true)"
    path = {"path": str(file.path)}
    store.read_file(f"CREATE OR REPLACE TEMP TABLE staged_shape AS FROM {scan} LIMIT 0", path)
    shape = [(str(row[0]), str(row[1])) for row in store.rows("DESCRIBE staged_shape")]
    names = unique_names([name for name, _ in shape])
    fields = []
    for (column, kind), name in zip(shape, names, strict=True):
        nested = "(" in kind.replace("DECIMAL(", "") or kind.endswith("]")
        text = (
            f"to_json({identifier(column)})::VARCHAR"
            if nested
            else f"nullif({identifier(column)}::VARCHAR, '')"
        )
        fields.append(f"{text} AS {identifier(name)}")
    store.read_file(
        f"CREATE OR REPLACE TEMP TABLE staged_row AS SELECT {', '.join(fields)} FROM {scan}"
        + limited(limit),
        path,
    )
    structs = [
        name
        for name, (_, kind) in zip(names, shape, strict=True)
        if kind.startswith("STRUCT(") and not kind.endswith("]")
    ]
    if structs:
        plain = [(identifier(name), name) for name in names if name not in structs]
        leaves = [leaf for name in structs for leaf in _leaves(store, identifier(name), (name,))]
        names = _spread(store, plain + leaves)
    store.execute(
        "CREATE OR REPLACE TEMP VIEW staged_line AS SELECT rowid + 1 AS line, * FROM staged_row"
    )
    return names


def _stage_json(store: Store, file: SourceFile, limit: int | None) -> tuple[str, ...]:
    head = head_of(file).strip()
    if not head:
        raise UnreadableFileError(f"{file.name}: the file is empty.")
    form, path = "newline_delimited", str(file.path)
    if head.startswith("["):
        form = "array"
    elif not _is_json(head.splitlines()[0]) and len(head) < LARGEST_OBJECT:
        form = "unstructured"
    store.read_file(
        "CREATE OR REPLACE TEMP TABLE staged_row AS SELECT json::VARCHAR AS told "
        "FROM read_json_objects($path, format = $form, compression = $compression, "
        f"ignore_errors = $lenient, maximum_object_size = {LARGEST_OBJECT})" + limited(limit),
        {
            "path": path,
            "form": form,
            "lenient": form == "newline_delimited",
            "compression": {".gz": "gzip", ".zst": "zstd"}.get(file.packing, "uncompressed"),
        },
    )
    _reject_broken(store, file)
    leaves = _leaves(store, "told", ())
    if not leaves:
        raise UnreadableFileError(f"{file.name}: there is no JSON object in it.")
    names = _spread(store, [("line", "line"), *leaves], where="line IS NOT NULL")[1:]
    store.execute("CREATE OR REPLACE TEMP VIEW staged_line AS SELECT * FROM staged_row")
    return names


def _reject_broken(store: Store, file: SourceFile) -> None:
    """Set the lines apart that are no JSON object, with their text from the file."""
    store.execute(
        "CREATE OR REPLACE TEMP TABLE staged_row AS SELECT "
        "CASE WHEN json_type(told) = 'OBJECT' THEN rowid + 1 END AS line, told, rowid + 1 AS position "
        "FROM staged_row"
    )
    broken = [
        int(str(row[0]))
        for row in store.rows(
            "SELECT position FROM staged_row WHERE line IS NULL ORDER BY position"
        )
    ]
    texts = lines_of(file, broken)
    reject_lines(store, [(n, texts.get(n, "")) for n in broken], "not a JSON object")


def _leaves(store: Store, column: str, prefix: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return (SQL, name) for every scalar or list below a JSON column; names are dotted."""
    # One structure over all rows at once takes memory in proportion to them.
    structures = store.rows(
        f"SELECT DISTINCT json_structure({column}::JSON)::VARCHAR FROM staged_row "
        f"WHERE json_type({column}) = 'OBJECT' ORDER BY ALL"
    )
    whole: object = {}
    for (structure,) in structures:
        whole = _joined(whole, json.loads(str(structure)))
    paths: list[tuple[str, ...]] = []
    _walk(whole, (), paths)
    listed = ", ".join(sql_text(_json_path(path)) for path in paths)
    extracted = f"json_extract_string({column}, [{listed}])"
    return [
        (f"nullif({extracted}[{n}], '')", ".".join(prefix + path))
        for n, path in enumerate(paths, 1)
    ]


def _joined(one: object, other: object) -> object:
    """Return a structure that holds all the keys of two; where they are of two kinds, no keys."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = dict.fromkeys([*one, *other])
        return {
            key: _joined(one[key], other[key])
            if key in one and key in other
            else one.get(key, other.get(key))
            for key in keys
        }
    if one in NOTHING or one == other:
        return other
    return one if other in NOTHING else "MIXED"


def _json_path(path: tuple[str, ...]) -> str:
    """Return a path to a value; a key with a quote in it has to be written as a pointer."""
    if any('"' in key for key in path):
        return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in path)
    return "$" + "".join(f'."{key}"' for key in path)


def _walk(shape: object, path: tuple[str, ...], paths: list[tuple[str, ...]]) -> None:
    if (
        isinstance(shape, dict)
        and shape
        and len(path) < DEEPEST
        and (not path or len(shape) <= WIDEST_OBJECT)
    ):
        for key, inner in shape.items():
            _walk(inner, (*path, key), paths)
    elif path:
        paths.append(path)


def _spread(store: Store, fields: list[tuple[str, str]], where: str = "true") -> tuple[str, ...]:
    names = tuple(name for _, name in fields)
    names = ("line", *unique_names(names[1:])) if names[0] == "line" else unique_names(names)
    listed = ", ".join(
        f"{sql} AS {identifier(name)}" for (sql, _), name in zip(fields, names, strict=True)
    )
    store.execute(
        f"CREATE OR REPLACE TEMP TABLE staged_row AS SELECT {listed} FROM staged_row WHERE {where}"
    )
    return names


def _excel_as_csv(file: SourceFile, scratch: Path) -> tuple[SourceFile, tuple[str, ...]]:
    try:
        book = CalamineWorkbook.from_path(str(file.path))
        sheets = [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError) as fault:
        raise UnreadableFileError(f"{file.name}: cannot be read as a workbook: {fault}") from fault
    filled = [(name, rows) for name, rows in sheets if len(rows) > 1]
    if not filled:
        raise UnreadableFileError(f"{file.name}: no sheet has a table in it.")
    target = scratch / f"{file.path.name}.sheet.csv"
    with target.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(
            [_cell(cell) for cell in row] for row in filled[0][1] if any(c != "" for c in row)
        )
    others = [name for name, _ in filled[1:]]
    warnings = (
        (f"Only the sheet '{filled[0][0]}' was read; not: {', '.join(others)}.",) if others else ()
    )
    return replace(file, path=target, format="delimited", packing=""), warnings


def _cell(cell: object) -> str:
    if isinstance(cell, datetime | date | time):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def expected_rows(file: SourceFile) -> int:
    """Guess a file's rows from its size and its first lines, before it is read."""
    if file.format not in {"delimited", "json"}:
        return 0
    head = head_of(file, SAMPLE)
    lines = head.count("\n")
    if not lines:
        return 1
    unpacked_size = file.size * (PACKED_RATIO if file.packing else 1)
    return lines if len(head) < SAMPLE else int(unpacked_size * lines / len(head))
