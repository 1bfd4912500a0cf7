"""Sources that share nobody: a zero between them says nothing about people, and has to say so."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from tools.connectors.systems import system_name
from tools.journeys.definition import JourneyDefinition, Rule, matching
from tools.store.door import Store

KEY = "joined_sources"
JOINED_SQL = """
WITH known AS (
    SELECT DISTINCT identifier_source.source, identifier.person_id
    FROM identifier_source
    JOIN identifier ON identifier.identifier_id = identifier_source.identifier_id
)
SELECT one.source AS one, two.source AS two
FROM known AS one
JOIN known AS two ON one.person_id = two.person_id
GROUP BY one.source, two.source
ORDER BY one.source, two.source
"""
SOURCES_SQL = """
SELECT DISTINCT source FROM touchpoint_name
WHERE list_contains($ids, touchpoint_id) AND kind = 'action'
ORDER BY source
"""


def unjoined(
    store: Store, definition: JourneyDefinition, steps: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return a sentence for each zero that comes from sources which share nobody.

    Args:
        store: A store.
        definition: Whose journeys are counted: they end in some source.
        steps: The steps of a funnel, in order; `a | b` matches either.
    """
    joined = _joined(store)
    sources = {one for one, _ in joined}
    if len(sources) < 2:
        return ()
    told = []
    ends = _sources_of(store, definition.end.touchpoints) & sources
    begun = _sources_of(store, ("*",)) & sources - ends
    apart = [name for name in sorted(begun) if ends and not _meet(joined, {name}, ends)]
    if apart:
        told.append(
            f"Nobody in {_listed(apart)} is known in {_listed(sorted(ends))}, where this journey ends: "
            "those who begin there cannot be seen to convert, and count as if they had not. "
            "The sources page says what would join them."
        )
    places = [(step, _sources_of(store, step.split("|")) & sources) for step in steps]
    for (before, one), (after, two) in pairwise(places):
        if one and two and not _meet(joined, one, two):
            told.append(
                f"{before} comes from {_listed(sorted(one))} and {after} from {_listed(sorted(two))}, which share "
                "nobody: that no one goes from the one to the other says nothing about people."
            )
    return tuple(told)


def _joined(store: Store) -> set[tuple[str, str]]:
    """Return which sources know a person in common, each with itself; asked once per generation."""
    found = store.memory.get(KEY)
    if isinstance(found, set) and not store.writable:
        return found
    found = set()
    if int(str(store.value("SELECT count(DISTINCT source) FROM identifier_source"))) > 1:
        found = {(str(one), str(two)) for one, two in store.rows(JOINED_SQL)}
    store.memory[KEY] = found
    return found


def _sources_of(store: Store, names: Iterable[str]) -> set[str]:
    ids = matching(store, Rule(tuple(name.strip() for name in names)))
    return (
        {str(source) for (source,) in store.rows(SOURCES_SQL, {"ids": list(ids)})} if ids else set()
    )


def _meet(joined: set[tuple[str, str]], one: set[str], two: set[str]) -> bool:
    return any((a, b) in joined for a in one for b in two)


def _listed(sources: Sequence[str]) -> str:
    names = [system_name(source) for source in sources]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
