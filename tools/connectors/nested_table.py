"""A vendor's table with many columns below common prefixes: properties, traits, context."""

from dataclasses import dataclass, replace

from tools.connectors.contract import (
    LOADERS,
    ImportOptions,
    RawTable,
    Reading,
    VendorTable,
    json_key,
)
from tools.store.door import Store, identifier


@dataclass(frozen=True, slots=True)
class NestedTable(VendorTable):
    """A table whose columns below a prefix stand together, as JSON, in a column of their own.

    `gathered=(("own_traits", ("user_properties.",)),)` gives `raw` a column `own_traits`, with
    `user_properties.plan` as `{"plan": ...}`. Columns that `required` or `optional` names are left
    out; those that no prefix takes stand in `leftover`. Of entries with one first name the first
    counts, so that a list of names that are known and not used may repeat some.
    """

    gathered: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """A column's name, and the prefixes in small letters; '' takes all that is left."""
    constants: tuple[tuple[str, str], ...] = ()
    """Columns that are the same in every row, where the table alone says them: type = track."""

    def read(self, store: Store, raw: RawTable, options: ImportOptions) -> Reading:
        """Return this table's SELECTs, over a `raw` that has the gathered columns too."""
        entries = {entry.split("|")[0]: entry for entry in reversed(self.required + self.optional)}
        named = {
            name.casefold() for entry in self.required + self.optional for name in entry.split("|")
        }
        free = [
            column
            for column in raw.columns
            if column.casefold() not in named and not LOADERS.match(column)
        ]
        shown = [f"{_text(value)} AS {identifier(name)}" for name, value in self.constants]
        taken: list[str] = []
        for name, prefixes in self.gathered:
            pairs: list[tuple[str, str]] = []
            for prefix in prefixes:
                found = [column for column in free if column.casefold().startswith(prefix)]
                pairs += [(column, column[len(prefix) :]) for column in found]
                free = [column for column in free if column not in found]
            shown.append(f"{_json(pairs)} AS {identifier(name)}")
            taken += [column for column, _ in pairs]
        known = replace(
            self,
            required=tuple(entries.values()),
            optional=tuple(column for column in taken if "|" not in column),
        )
        reading = VendorTable.read(known, store, raw, options)
        store.execute("DROP VIEW IF EXISTS raw_column")
        store.execute("ALTER VIEW raw RENAME TO raw_column")
        store.execute(
            f"CREATE OR REPLACE TEMP VIEW raw AS SELECT *, {', '.join(shown)} FROM raw_column"
        )
        return reading


def _json(pairs: list[tuple[str, str]]) -> str:
    """Return SQL for a JSON object of columns, without those that are empty."""
    if not pairs:
        return "NULL::VARCHAR"
    parts = ", ".join(f"'{json_key(key)}:' || to_json({identifier(name)})" for name, key in pairs)
    return f"nullif('{{' || concat_ws(',', {parts}) || '}}', '{{}}')"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
