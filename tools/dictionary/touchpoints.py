"""The dictionary as it is read: what each touchpoint is called, where it comes from, what it shows."""

from dataclasses import dataclass

from tools.dictionary.pages import unmarked
from tools.dictionary.references import labels_for, resolve
from tools.store.door import Store, read_sql

TOUCHPOINTS_SQL = read_sql(__file__)
NAMES_SHOWN = 50
NAMES_SQL = """
WITH counted AS (
    SELECT event.name_id, count(*) AS events FROM event GROUP BY event.name_id
),
ranked AS (
    SELECT
        touchpoint_name.touchpoint_id,
        touchpoint_name.source,
        touchpoint_name.name,
        row_number() OVER (
            PARTITION BY touchpoint_name.touchpoint_id
            ORDER BY coalesce(counted.events, 0) DESC, touchpoint_name.name, touchpoint_name.source
        ) AS place
    FROM touchpoint_name
    LEFT JOIN counted ON touchpoint_name.name_id = counted.name_id
)
SELECT touchpoint_id, source, name FROM ranked WHERE place <= $shown ORDER BY touchpoint_id, place
"""


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """One touchpoint as the user sees it."""

    label: str
    touchpoint_group: str | None
    sources: tuple[str, ...]
    kind: str
    """action, or exposure where all that happened was seen, not done."""
    hidden: bool
    """Whether journeys leave it out."""
    events: int
    persons: int
    names: tuple[str, ...]
    """What the sources call it, most events first, at most `NAMES_SHOWN`."""
    names_total: int


def touchpoints(store: Store) -> tuple[Touchpoint, ...]:
    """Return every touchpoint, most events first."""
    rows = store.rows(NAMES_SQL, {"shown": NAMES_SHOWN})
    labels = labels_for(store, [(str(source), str(name)) for _, source, name in rows])
    names: dict[int, list[str]] = {}
    for touchpoint_id, source, name in rows:
        told = unmarked(resolve(str(name), str(source), labels))
        known = names.setdefault(int(str(touchpoint_id)), [])
        if told not in known:
            known.append(told)
    return tuple(
        Touchpoint(
            label=str(label),
            touchpoint_group=None if group is None else str(group),
            sources=tuple(str(source) for source in sources),
            kind=str(kind),
            hidden=bool(hidden),
            events=int(str(events)),
            persons=int(str(persons)),
            names=tuple(names.get(int(str(touchpoint_id)), ())),
            names_total=int(str(total)),
        )
        for touchpoint_id, label, group, kind, hidden, sources, total, events, persons in _told(
            store
        )
    )


def _told(
    store: Store,
) -> list[tuple[object, str, object, object, object, list[object], object, object, object]]:
    return store.rows(TOUCHPOINTS_SQL)  # type: ignore[return-value]  # the columns of the query
