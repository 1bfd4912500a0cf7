"""Whether the SELECTs of a system's tables stand on the columns that their files have."""

from collections.abc import Iterable

from tools.connectors.contract import ImportOptions, RawTable, VendorTable
from tools.connectors.macros import MACROS
from tools.store.door import identifier
from tools.store.workspace import memory_store


def describe_selects(tables: Iterable[VendorTable]) -> int:
    """Describe each SELECT over a file that has only what its table is recognised by; count them."""
    store, described = memory_store(), 0
    store.execute(MACROS)
    for table in tables:
        columns = tuple(entry.split("|")[-1] for entry in table.required)
        fields = ", ".join(f"NULL::VARCHAR AS {identifier(name)}" for name in columns)
        store.execute("DROP VIEW IF EXISTS raw")
        store.execute(
            f"CREATE OR REPLACE TEMP TABLE staged_line AS SELECT 1::BIGINT AS line, {fields}"
        )
        reading = table.read(store, RawTable("file", columns, 1), ImportOptions())
        for sql in reading.relations.values():
            store.rows(f"DESCRIBE {sql}")
            described += 1
    return described
