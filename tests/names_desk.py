"""A small desk for names that come late: rows as an import writes them, settled, and read back."""

from collections.abc import Iterable
from dataclasses import dataclass

from tools.dictionary.naming import tell_names
from tools.dictionary.settling import settle
from tools.store.door import Store
from tools.store.workspace import memory_store

BEGIN = """
CREATE OR REPLACE TEMP TABLE touched_person (person_id BIGINT);
CREATE OR REPLACE TEMP TABLE touched_spend (source VARCHAR, day DATE);
CREATE OR REPLACE TEMP TABLE new_load (load_id INTEGER);
"""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of person `number`: a name of a source, a campaign and an origin as they were told."""

    number: int
    source: str
    name: str
    campaign: str | None = None
    origin: str | None = None
    channel: str | None = None
    group: str | None = None
    kind: str = "action"


@dataclass(frozen=True, slots=True)
class Named:
    source: str
    entity: str
    key: str
    label: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    number: int
    source: str
    told: str


@dataclass(frozen=True, slots=True)
class Spent:
    number: int
    source: str
    day: str
    level: str
    campaign: str
    cost: float
    channel: str | None = "Paid search"


Row = Event | Named | Note | Spent


def desk() -> Store:
    store = memory_store()
    store.execute(BEGIN)
    return store


def load(store: Store, rows: Iterable[Row], *, told_first: bool = True) -> set[int]:
    """Write rows as an import does and settle; return the persons touched."""
    store.execute(BEGIN)
    load_id = int(str(store.value("SELECT nextval('load_sequence')")))
    store.execute("INSERT INTO new_load VALUES ($load_id)", {"load_id": load_id})
    told = list(rows)
    events = [row for row in told if isinstance(row, Event)]
    for event in events:
        _name(store, event)
    if told_first:
        tell_names(store)
    for row in told:
        _write(store, row, load_id)
    settle(store)
    return {int(str(person)) for (person,) in store.rows("SELECT person_id FROM touched_person")}


def _name(store: Store, event: Event) -> None:
    store.execute(
        "INSERT INTO touchpoint_name (name_id, source, name, touchpoint_group, kind, touchpoint_id) "
        "SELECT (SELECT coalesce(max(name_id), 0) + 1 FROM touchpoint_name), $source, $name, $group, $kind, 0 "
        "WHERE NOT EXISTS (FROM touchpoint_name WHERE source = $source AND name = $name)",
        {"source": event.source, "name": event.name, "group": event.group, "kind": event.kind},
    )


def _write(store: Store, row: Row, load_id: int) -> None:
    if isinstance(row, Event):
        store.execute(
            "INSERT INTO event (event_id, person_id, identifier_id, seq, occurred_at, touchpoint_id, kind, source, "
            "channel, campaign, load_id, name_id, told_campaign, origin) "
            "SELECT $number, $number, $number, 0, TIMESTAMP '2026-01-01', touchpoint_id, kind, source, $channel, "
            "$campaign, $load_id, name_id, CASE WHEN contains($campaign, chr(57344)) THEN $campaign END, $origin "
            "FROM touchpoint_name WHERE source = $source AND name = $name",
            {
                "number": row.number,
                "channel": row.channel,
                "campaign": row.campaign,
                "load_id": load_id,
                "origin": row.origin,
                "source": row.source,
                "name": row.name,
            },
        )
    elif isinstance(row, Named):
        store.execute(
            "DELETE FROM entity WHERE source = $source AND entity = $entity AND key = $key AND version < $version",
            {"source": row.source, "entity": row.entity, "key": row.key, "version": row.version},
        )
        store.execute(
            "INSERT INTO entity VALUES ($source, $entity, $key, $label, $version, $load_id)",
            {
                "source": row.source,
                "entity": row.entity,
                "key": row.key,
                "label": row.label,
                "version": row.version,
                "load_id": load_id,
            },
        )
    elif isinstance(row, Note):
        store.execute(
            "INSERT INTO note (note_id, person_id, identifier_id, occurred_at, source, kind, text, load_id, told) "
            "VALUES ($number, $number, $number, TIMESTAMP '2026-01-01', $source, 'note', $told, $load_id, $told)",
            {"number": row.number, "source": row.source, "told": row.told, "load_id": load_id},
        )
    else:
        store.execute(
            "INSERT INTO spend_row VALUES ($number, $source, $day, $level, $channel, $campaign, $cost, 'EUR', 1, 1, 0, "
            "$load_id)",
            {
                "number": row.number,
                "source": row.source,
                "day": row.day,
                "level": row.level,
                "channel": row.channel,
                "campaign": row.campaign,
                "cost": row.cost,
                "load_id": load_id,
            },
        )
        store.execute(
            "INSERT INTO touched_spend VALUES ($source, $day)",
            {"source": row.source, "day": row.day},
        )


def shown(store: Store) -> dict[int, tuple[object, ...]]:
    """Return what each event is shown as: touchpoint, campaign, channel."""
    rows = store.rows(
        "SELECT event.event_id, touchpoint.label, event.campaign, event.channel "
        "FROM event LEFT JOIN touchpoint ON event.touchpoint_id = touchpoint.touchpoint_id ORDER BY event.event_id"
    )
    return {int(str(row[0])): row[1:] for row in rows}


def everything(store: Store) -> dict[str, object]:
    """Return all that the dictionary decides, without numbers of touchpoints and loads."""
    return {
        "events": shown(store),
        "touchpoints": store.rows(
            "SELECT label, touchpoint_group, source, kind, hidden FROM touchpoint ORDER BY ALL"
        ),
        "names": store.rows(
            "SELECT touchpoint_name.source, touchpoint_name.name, touchpoint.label FROM touchpoint_name "
            "LEFT JOIN touchpoint ON touchpoint_name.touchpoint_id = touchpoint.touchpoint_id ORDER BY ALL"
        ),
        "notes": store.rows("SELECT note_id, text FROM note ORDER BY ALL"),
        "spend": store.rows("SELECT * EXCLUDE (load_id) FROM spend ORDER BY ALL"),
    }
