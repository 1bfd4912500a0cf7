"""How a delimited text is written: delimiter, quotes, lines to skip, header."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|", "\x1f", "\x01", "~", "^")
RECORDS = 60
VALUE = re.compile(
    r"""\s*(?:[-+]?\d[\d.,]*(?:[eE][-+]?\d+)?          # a number
        |\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*             # a date
        |\d{1,2}:\d{2}(?::\d{2}.*)?                    # a time of day
        |[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-.*)\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the CSV reader has to be told."""

    delimiter: str
    quote: str
    escape: str
    skip: int
    header: bool
    columns: tuple[str, ...]


def dialect_of(head: str) -> Dialect | None:
    """Tell the dialect from the first characters of a text; None for an empty one."""
    lines = head.splitlines()
    skip = 0
    told = None
    if lines and (match := re.fullmatch(r"sep=(.)", lines[0].strip(), re.IGNORECASE)):
        told, skip = match[1], 1
    while skip < len(lines) and (not lines[skip].strip() or lines[skip].startswith("#")):
        skip += 1
    lines = lines[skip:]
    if not lines:
        return None
    quote = _quote(head)
    escape = (
        "\\"
        if f"\\{quote}" in head and quote * 2 not in head.replace(f",{quote * 2}", "")
        else quote
    )
    text = "\n".join(lines)
    delimiter = told or max(DELIMITERS, key=lambda mark: _score(text, mark, quote, escape))
    records = _records(text, delimiter, quote, escape)
    width = _width(records)
    # A title above the table has fewer fields than the table.
    titles = next((n for n, record in enumerate(records[:10]) if len(record) == width), 0)
    first = records[titles]
    header = not any(VALUE.fullmatch(cell) for cell in first)
    cells = first if header else [""] * len(first)
    return Dialect(delimiter, quote, escape, skip + titles, header, unique_names(cells))


def unique_names(cells: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Return column names: trimmed, none empty, none twice, none that the staging needs."""
    names: list[str] = []
    taken = {"line", "rowid"}
    for position, cell in enumerate(cells, start=1):
        wanted = name = " ".join(cell.split()) or f"column_{position}"
        number = 2
        while name.casefold() in taken:
            name, number = f"{wanted}_{number}", number + 1
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def _quote(head: str) -> str:
    """Single quotes count as quotes only where fields are wrapped in them and in no others."""
    single = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\n]|$)", head, re.MULTILINE))
    return "'" if single > 3 and '"' not in head else '"'


def _records(text: str, delimiter: str, quote: str, escape: str) -> list[list[str]]:
    reader = csv.reader(
        io.StringIO(text),
        delimiter=delimiter,
        quotechar=quote,
        doublequote=escape == quote,
        escapechar=None if escape == quote else escape,
    )
    records: list[list[str]] = []
    try:
        for record in reader:
            if record:
                records.append(record)
            if len(records) == RECORDS:
                break
    except csv.Error:
        pass  # a field beyond csv's limit: what was read so far tells enough
    return records or [[""]]


def _width(records: list[list[str]]) -> int:
    return Counter(len(record) for record in records).most_common(1)[0][0]


def _score(text: str, delimiter: str, quote: str, escape: str) -> tuple[float, int]:
    records = _records(text, delimiter, quote, escape)
    width = _width(records)
    if width == 1:
        return (0.0, 0)
    share = sum(len(record) == width for record in records) / len(records)
    return (round(share, 1), width)
