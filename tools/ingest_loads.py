"""What the table `load` remembers: which files are taken in, and how their columns were read."""

import json
from dataclasses import asdict, replace
from datetime import datetime

from tools.connectors.contract import ImportOptions, RawTable, Reading
from tools.connectors.event_table import EventTable
from tools.connectors.files import SourceFile
from tools.ingest_rows import Counts
from tools.store.door import Store

REMEMBERED = ("person", "time", "event", "session", "channel", "campaign", "value", "currency")


def remembered(store: Store, raw: RawTable, options: ImportOptions) -> ImportOptions:
    """Read a file as the last one with the same columns was read, but for what the user says.

    What a column is would else depend on how many rows a file has.
    """
    rows = store.rows(
        "SELECT mapping FROM load WHERE connector = $connector ORDER BY load_id DESC",
        {"connector": EventTable.name},
    )
    names = sorted(name.casefold() for name in raw.columns)
    for (text,) in rows:
        mapping = json.loads(str(text))
        if sorted(column.casefold() for column, _ in mapping["columns"]) == names:
            known = {role: column for column, role in reversed(mapping["columns"])}
            told = {role: known[role] for role in REMEMBERED if role in known}
            earlier = replace(ImportOptions(day_first=mapping["day_first"]), **told)
            asked = {name: value for name, value in asdict(options).items() if value is not None}
            return replace(earlier, **asked)
    return options


def earlier_load(store: Store, content_hash: str, told: str) -> tuple[object, ...] | None:
    """Return the load that took in the same bytes with the same options."""
    rows = store.rows(
        "SELECT connector, source, rows_read, rows_rejected, accounts FROM load "
        "WHERE content_hash = $content_hash AND json_extract_string(mapping, '$.options') = $told "
        "ORDER BY load_id LIMIT 1",
        {"content_hash": content_hash, "told": told},
    )
    return rows[0] if rows else None


def record(
    store: Store,
    file: SourceFile,
    reading: Reading,
    counts: Counts,
    load_id: int,
    what: tuple[str, str],
    loaded_at: datetime,
) -> None:
    """Write down that a file was taken in; `what` is its hash and the options as text."""
    mapping = {
        "options": what[1],
        "columns": [[m.column, m.role] for m in reading.meanings],
        "day_first": reading.day_first,
    }
    store.execute(
        "INSERT INTO load (load_id, source, connector, name, content_hash, mapping, rows_read, rows_taken, "
        "rows_rejected, rows_duplicate, events, accounts, first_at, last_at, loaded_at) SELECT $load_id, $source, $connector, $name, $content_hash, $mapping, "
        "$rows_read, $rows_taken, $rows_rejected, $rows_duplicate, $events, $accounts, "
        "min(occurred_at), max(occurred_at), $loaded_at FROM event WHERE load_id = $load_id",
        {
            "load_id": load_id,
            "source": reading.source,
            "connector": reading.connector,
            "name": file.name,
            "content_hash": what[0],
            "mapping": json.dumps(mapping),
            "rows_read": counts.rows_read,
            "rows_taken": counts.rows_taken,
            "rows_rejected": counts.rows_rejected,
            "rows_duplicate": counts.rows_duplicate,
            "events": counts.events,
            "accounts": json.dumps(dict(counts.accounts)),
            "loaded_at": loaded_at,
        },
    )
