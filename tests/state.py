"""What a store holds, told without the numbers that depend on the order of loading."""

from tools.store.door import Store

TABLES = {
    "event": "SELECT event.event_id, event.person_id, event.identifier_id, event.occurred_at, touchpoint.label, "
    "event.kind, event.source, event.channel, event.campaign, event.session_id, event.value, event.currency, "
    "event.properties, event.origin, row_number() OVER (PARTITION BY event.person_id "
    "ORDER BY event.occurred_at, event.seq) AS place FROM event JOIN touchpoint USING (touchpoint_id)",
    "identifier": "SELECT identifier_id, kind, value, person_id, shared FROM identifier",
    "identifier_source": "SELECT DISTINCT identifier_id, source FROM identifier_source",
    "link": "SELECT DISTINCT identifier_id, other_id, tie, rank, weight FROM identity_link",
    "person": "SELECT person_id, first_at, last_at, events FROM person",
    "trait": "SELECT person_id, name, value FROM trait",
    "note": "SELECT note_id, person_id, occurred_at, source, kind, text FROM note",
    "spend": "SELECT day, source, channel, campaign, cost, currency, impressions, clicks FROM spend",
    "entity": "SELECT source, entity, key, label, version FROM entity",
    "detail": "SELECT DISTINCT event_id, field, value FROM event_detail",
    "touchpoint": "SELECT label, touchpoint_group, source, kind, hidden FROM touchpoint",
    "rejected": "SELECT DISTINCT field, reason, raw FROM rejected_row",
    "journey": "SELECT journey_id, person_id, started_at, ended_at, outcome, steps, first_channel, first_campaign, "
    "first_source, value, currency FROM journey",
    "step": "SELECT step.journey_id, step.step, touchpoint.label, step.occurred_at, step.is_end "
    "FROM step JOIN touchpoint USING (touchpoint_id)",
}


def state(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Return every table as sorted rows."""
    return {name: store.rows(f"{sql} ORDER BY ALL") for name, sql in TABLES.items()}
