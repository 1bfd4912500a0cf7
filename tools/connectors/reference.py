"""Tables that hold no people: what a system calls its things, or nothing that a journey needs."""

from dataclasses import dataclass
from pathlib import PurePath

from tools.connectors.contract import ImportOptions, Meaning, RawTable, Reading, Relation
from tools.store.door import Store, identifier

KEYS = ("id", "key", "code")
LABELS = ("name", "label", "title", "display_name", "subject")


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """Any table of a known system that no connector of that system knows.

    Its ids and names are kept, so that other tables may be told by name; a table without them
    says nothing about people, and each of its rows is kept as rejected, with that reason.
    """

    source: str

    @property
    def name(self) -> str:
        """The system's name and what kind of table this is."""
        return f"{self.source} reference table"

    def fits(self, raw: RawTable) -> int:  # noqa: ARG002 - asked only when nothing else fits
        """Take what is left."""
        return 1

    def read(self, store: Store, raw: RawTable, options: ImportOptions) -> Reading:  # noqa: ARG002 - the columns say it
        """Read ids and names, where there are both."""
        key, label = _first(raw, KEYS), _first(raw, LABELS)
        relations: dict[Relation, str] = {}
        if key and label:
            entity = PurePath(raw.name).name.split(".")[0].removesuffix("_data").casefold()
            told = entity.replace("'", "''")
            relations["names"] = (
                "-- One row is one named thing.\n"
                f"SELECT line, '{told}' AS entity, {identifier(key)} AS key, {identifier(label)} AS label FROM raw"
            )
        return Reading(
            connector=self.name,
            source=options.source or self.source,
            relations=relations,
            meanings=tuple(
                Meaning(column, "used" if column in {key, label} and relations else "ignored")
                for column in raw.columns
            ),
            nothing="this table says nothing about people",
        )


def _first(raw: RawTable, names: tuple[str, ...]) -> str | None:
    told = {column.casefold(): column for column in raw.columns}
    return next((told[name] for name in names if name in told), None)
