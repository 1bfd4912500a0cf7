"""A small company in memory: hand-written events to a store with journeys built."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import pandas as pd

from tests.journey_oracle import Event
from tools.journeys.build import define
from tools.journeys.definition import JourneyDefinition, Rule
from tools.store.door import Store
from tools.store.workspace import memory_store

START = datetime(2026, 1, 1)  # noqa: DTZ001 - times in the store are UTC
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
Traits = Mapping[str, Mapping[str, str]]


def number(text: str) -> int:
    """Return a 63-bit id made from content, as the product's are."""
    return int.from_bytes(hashlib.md5(text.encode()).digest()[:8], "little") >> 1  # noqa: S324


def company(
    events: Iterable[Event],
    definition: JourneyDefinition | None = None,
    *,
    traits: Traits | None = None,
    store: Store | None = None,
) -> Store:
    """Return a writable store that holds `events`, with journeys built.

    Args:
        events: Hand-written or generated events.
        definition: Its journeys are built as the default; None: first touch to "buy".
        traits: person -> trait -> value.
        store: An empty one to fill; None: one in memory.
    """
    store = store or memory_store()
    told = list(events)
    definition = definition or JourneyDefinition("test", end=Rule(("buy",)))
    ruled = {*definition.start.touchpoints, *definition.end.touchpoints}
    labels = sorted({event.touchpoint for event in told} | ruled)
    ids = {label: position for position, label in enumerate(labels, start=1)}
    touchpoints = pd.DataFrame(
        {"touchpoint_id": list(ids.values()), "label": labels, "source": "test", "kind": "action"}
    )
    store.adopt("new_touchpoint", touchpoints)
    store.execute(
        "INSERT INTO touchpoint (touchpoint_id, label, touchpoint_group, source, kind) "
        "SELECT touchpoint_id, label, NULL, source, kind FROM new_touchpoint"
    )
    _insert_events(store, told, ids)
    rows = [
        {"person_id": number(person), "name": name, "value": value}
        for person, values in (traits or {}).items()
        for name, value in values.items()
    ]
    if rows:
        store.adopt("new_trait", pd.DataFrame(rows))
        store.execute("INSERT INTO trait SELECT person_id, name, value FROM new_trait")
    define(store, definition, default=True)
    return store


def _insert_events(store: Store, told: list[Event], ids: dict[str, int]) -> None:
    if not told:
        return
    frame = pd.DataFrame(
        {
            "event_id": [number(f"{e.person}|{e.at}|{e.seq}|{e.touchpoint}") for e in told],
            "person_id": [number(e.person) for e in told],
            "seq": [e.seq for e in told],
            "occurred_at": [e.at for e in told],
            "touchpoint_id": [ids[e.touchpoint] for e in told],
            "kind": [e.kind for e in told],
            "channel": pd.Series([e.channel for e in told], dtype="object"),
            "value": pd.Series([e.value for e in told], dtype="float64"),
            "session_id": pd.Series([e.session for e in told], dtype="object"),
            "properties": [json.dumps(dict(e.properties)) if e.properties else None for e in told],
        }
    )
    store.adopt("new_event", frame)
    store.execute(
        "INSERT INTO event (event_id, person_id, identifier_id, seq, occurred_at, touchpoint_id, kind, source, channel, campaign, session_id, value, currency, properties, load_id) "
        "SELECT event_id, person_id, person_id, seq, occurred_at, touchpoint_id, "
        "kind, 'test', channel, NULL, session_id, value, NULL, properties, 1 FROM new_event "
        "ORDER BY person_id, occurred_at, seq"
    )
    store.execute(
        "INSERT INTO person SELECT person_id, min(occurred_at), max(occurred_at), count(*) "
        "FROM event GROUP BY person_id"
    )
