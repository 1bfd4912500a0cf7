"""One staged file's rows, as its connector reads them, into the event table and its neighbours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from tools.connectors.contract import RawTable, Reading, json_key
from tools.dictionary.channels import tell_channels
from tools.dictionary.naming import tell_names
from tools.errors import NoUsableRowError
from tools.identity.stitching import identify
from tools.ingest_told import SHAPES, tell, used
from tools.store.door import NOTHING, Store, identifier, read_steps

ACCOUNTS = (
    "events", "exposures", "notes", "spend", "traits", "identifiers", "details", "names", "rejected",
)  # fmt: skip
NO_CHANNELS = "CREATE OR REPLACE TEMP TABLE origin_channel (origin VARCHAR, channel VARCHAR)"
MANY = 20_000
"""Rows from which it is dearer to give events their channel afterwards than as they are written."""
SHOWN_REASONS = 3
STATEMENTS = read_steps(__file__)


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a file's rows: read = taken + duplicate + rejected."""

    rows_read: int
    rows_taken: int
    rows_duplicate: int
    rows_rejected: int
    events: int
    persons: int
    accounts: Mapping[str, int]
    """Each row under the one kind that it is of; they add up to the rows read."""


def take(store: Store, raw: RawTable, reading: Reading, *, load_id: int, rejects: int) -> Counts:
    """Write the rows of `raw` that the store does not have yet.

    Args:
        store: A writable store in which the file is staged.
        raw: The staged file.
        reading: What its rows mean.
        load_id: The number under which they are kept.
        rejects: How many rows the file's reader could not even split into columns.

    Raises:
        NoUsableRowError: Not one row can be used; nothing but identifiers was written.
    """
    run = partial(
        _run, store, {"source": reading.source, "load_id": load_id, "nothing": reading.nothing}
    )
    for relation in SHAPES:
        tell(store, reading, relation)
    refused = _sort_out(store, raw, reading, load_id, run)
    _write_events(store, raw, reading, run)
    for other in ("details", "links", "traits", "notes", "names", "spend"):
        if other in reading.relations:
            run(other)
    if _number(store, "SELECT count(*) FROM event_detail"):
        run("detailed")
    _reject(store, raw, load_id)
    run("touched")
    events = _number(
        store, "SELECT count(*) FROM event WHERE load_id = $load_id", {"load_id": load_id}
    )
    taken = events
    accounts = {"events": raw.rows - refused}
    if not reading.one_event_per_line:
        taken = _number(store, STATEMENTS["lines_taken"], {"load_id": load_id})
        accounts = {str(kind): int(str(n)) for kind, n in store.rows(STATEMENTS["accounts"])}
    accounts["rejected"] = refused + rejects
    return Counts(
        rows_read=raw.rows + rejects,
        rows_taken=taken,
        rows_duplicate=raw.rows - refused - taken,
        rows_rejected=refused + rejects,
        events=events,
        persons=_number(store, "SELECT count(*) FROM loaded_person"),
        accounts={kind: accounts.get(kind, 0) for kind in ACCOUNTS},
    )


def _sort_out(
    store: Store, raw: RawTable, reading: Reading, load_id: int, run: Callable[[str], None]
) -> int:
    """Find the persons, and set apart the rows that cannot be used; return how many."""
    store.execute("CREATE OR REPLACE TEMP TABLE kept_line (line BIGINT)")
    run("seen")
    identify(store, reading.source, load_id)
    store.execute("CREATE OR REPLACE TEMP TABLE forgotten_line (line BIGINT)")
    if _number(store, "SELECT count(*) FROM forgotten"):
        run("forgotten")
    run("refused")
    if not reading.one_event_per_line:
        run("useless")
        run("counted")
    refused = _number(store, "SELECT count(*) FROM refused")
    if refused == raw.rows and reading.one_event_per_line:
        raise NoUsableRowError(_nothing_usable(store, raw))
    return refused


def _write_events(
    store: Store, raw: RawTable, reading: Reading, run: Callable[[str], None]
) -> None:
    """Write the events that the store does not have, or has in an older state."""
    if reading.content_is_id:
        run("same_id")
        run("newer")
    run("repeated")
    run("touchpoint_names")
    tell_names(store)
    if " AS origin" in reading.relations.get("events", "") and raw.rows >= MANY:
        tell_channels(store)
    else:
        store.execute(NO_CHANNELS)
    if _number(store, "SELECT count(*) FROM event"):
        run("known")
    else:
        store.execute("CREATE OR REPLACE TEMP TABLE known (event_id BIGINT, seq BIGINT)")
    run("events")
    if _number(store, "SELECT count(*) FROM known"):
        run("earlier_line")


def _reject(store: Store, raw: RawTable, load_id: int) -> None:
    """Keep the rows that could not be used: as text, and column by column to try them again."""
    columns = ", ".join(f"coalesce({identifier(name)}, '')" for name in raw.columns)
    pairs = ", ".join(
        f"CASE WHEN {identifier(name)} IS NOT NULL "
        f"THEN '{json_key(name)}:' || to_json({identifier(name)}) END"
        for name in raw.columns
    )
    fields = f"'{{' || concat_ws(',', {pairs}) || '}}'"
    text = STATEMENTS["rejected"].replace("/* columns */", columns)
    store.execute(text.replace("/* fields */", fields), {"load_id": load_id})


def _run(store: Store, parameters: Mapping[str, object], step: str) -> None:
    for statement in STATEMENTS[step].split(";\n"):
        if statement.strip():
            store.execute(statement, used(parameters, statement))


def _number(store: Store, sql: str, parameters: Mapping[str, object] = NOTHING) -> int:
    return int(str(store.value(sql, parameters)))


def _nothing_usable(store: Store, raw: RawTable) -> str:
    if not raw.rows:
        return f"{raw.name}: no row could be read."
    reasons = store.rows(
        "SELECT reason, count(*), min(line) FROM refused GROUP BY reason ORDER BY 2 DESC, 1"
    )
    shown = "; ".join(
        f"{reason} ({count} rows, first in line {line})"
        for reason, count, line in reasons[:SHOWN_REASONS]
    )
    return f"{raw.name}: not one of its {raw.rows} rows can be used: {shown}."
