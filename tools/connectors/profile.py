"""What the values of each staged column look like."""

import itertools
import re
from dataclasses import dataclass

from tools.connectors.contract import RawTable
from tools.store.door import Store, identifier

LOOKED_AT = 2000
KEPT = 300
NEARLY = 0.9
INTEGER = re.compile(r"[-+]?\d+")
DECIMAL = re.compile(r"[-+]?(\d+([.,]\d+)*|[.,]\d+)([eE][-+]?\d+)?")
AROUND = re.compile(r"[^0-9.,eE+-]")
COMMA_DECIMAL = re.compile(r"[-+]?(\d+|\d{1,3}(\.\d{3})+),\d{1,2}")
BOOLEAN = {"0", "1", "true", "false", "yes", "no", "t", "f", "y", "n", "ja", "nein", "si", "sí",
           "oui", "non", "1.0", "0.0", "j", "s", "o", "verdadero", "falso", "vrai", "faux", "wahr", "falsch"}  # fmt: skip
TRUE = (
    "1",
    "true",
    "yes",
    "t",
    "y",
    "ja",
    "si",
    "sí",
    "oui",
    "1.0",
    "j",
    "s",
    "o",
    "verdadero",
    "vrai",
    "wahr",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of `raw`: its counts over all rows, and its first values."""

    name: str
    position: int
    rows: int
    filled: int
    distinct: int
    """About how many different values."""
    values: tuple[str, ...]
    """The first different values."""

    @property
    def fill(self) -> float:
        """Share of rows with a value."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def numeric(self) -> bool:
        """Tell whether the values are numbers."""
        return bool(self.values) and all(DECIMAL.fullmatch(value.strip()) for value in self.values)

    @property
    def whole(self) -> bool:
        """Tell whether the values are whole numbers."""
        return bool(self.values) and all(INTEGER.fullmatch(value.strip()) for value in self.values)

    @property
    def amount(self) -> bool:
        """Tell whether the values are numbers, a currency's sign beside them allowed."""
        plain = [AROUND.sub("", value) for value in self.values]
        return bool(plain) and all(DECIMAL.fullmatch(value) for value in plain)

    @property
    def number_sql(self) -> str:
        """An expression that reads the values as DOUBLE, in the way they are written."""
        text = identifier(self.name)
        if any(AROUND.search(value) for value in self.values):
            text = f"regexp_replace({text}, '{AROUND.pattern}', '', 'g')"
        commas = sum(
            COMMA_DECIMAL.fullmatch(AROUND.sub("", value)) is not None for value in self.values
        )
        points = sum("." in value and "," not in value for value in self.values)
        if commas > points:
            text = f"replace(replace({text}, '.', ''), ',', '.')"
        return f"as_number({text})"

    @property
    def boolean(self) -> bool:
        """Tell whether the values are yes and no."""
        return bool(self.values) and {value.strip().casefold() for value in self.values} <= BOOLEAN

    @property
    def counting(self) -> bool:
        """Tell whether the values count the rows: 0, 1, 2, ..."""
        unique = len(self.values) == min(self.rows, KEPT) and self.distinct > NEARLY * self.rows
        if not self.whole or not unique:
            return False
        numbers = [int(value) for value in self.values]
        return len(numbers) > 1 and all(b - a == 1 for a, b in itertools.pairwise(numbers))


def profile(store: Store, raw: RawTable) -> tuple[Column, ...]:
    """Look at every column of `raw` once."""
    counts = ", ".join(
        f"count({identifier(name)}), approx_count_distinct({identifier(name)})"
        for name in raw.columns
    )
    told = [int(str(n)) for n in store.rows(f"SELECT {counts} FROM staged_row")[0]]
    listed = ", ".join(identifier(name) for name in raw.columns)
    first = store.rows(f"SELECT {listed} FROM raw ORDER BY line LIMIT {LOOKED_AT}")
    columns = []
    for position, name in enumerate(raw.columns):
        seen = dict.fromkeys(str(row[position]) for row in first if row[position] is not None)
        if not seen and told[2 * position]:
            seen = dict.fromkeys(_later(store, name))
        columns.append(
            Column(
                name,
                position,
                raw.rows,
                told[2 * position],
                told[2 * position + 1],
                tuple(seen)[:KEPT],
            )
        )
    return tuple(columns)


def _later(store: Store, name: str) -> list[str]:
    """The first values of a column that the file's first rows leave empty."""
    quoted = identifier(name)
    rows = store.rows(
        f"SELECT {quoted} FROM raw WHERE {quoted} IS NOT NULL ORDER BY line LIMIT {KEPT}"
    )
    return [str(row[0]) for row in rows]
