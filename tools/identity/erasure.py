"""A person who asks to be forgotten: what is kept of them is that they asked, as hashes.

The store ends as if the person's rows had never come; when they come again, `identify` gives their
identifiers no id. What names the person in other people's notes and events stays theirs.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from tools.errors import InvalidArgumentError
from tools.identity.lookup import masked, named
from tools.identity.region import restitch
from tools.identity.stitching import settle_persons
from tools.store.door import Store, read_steps

STATEMENTS = read_steps(__file__)
COUNTED = {
    "events": "event",
    "notes": "note",
    "traits": "identifier_trait",
    "segments": "segment_person",
}
ENOUGH_DIGITS = 7
LONG_ENOUGH = 3
"""Shorter values stand in too many rejected rows that are not the person's."""


@dataclass(frozen=True, slots=True)
class ForgetReport:
    """What was removed of one person."""

    known: bool
    """False where the store had nothing of the person; rows that come later are refused all the same."""
    identifiers: int
    events: int
    notes: int
    traits: int
    links: int
    segments: int
    """Places in saved lists of people."""
    rejected_rows: int


def forget(store: Store, kind: str, value: str, *, forgotten_at: datetime) -> ForgetReport:
    """Remove a person, named by one of their identifiers, and refuse what comes of them later.

    `touched_person` then holds them and everyone whose data changed with it: their journeys are to
    be refreshed.

    Args:
        store: A writable store.
        kind: The identifier's kind, such as 'email'.
        value: The identifier, as any source writes it; an address finds its hashes too.
        forgotten_at: When the person asked (UTC).

    Raises:
        InvalidArgumentError: The identifier is a placeholder, or is shared by many persons.
    """
    person = named(store, kind, value)
    if store.value(
        "SELECT count(*) FROM identifier WHERE shared AND identifier_id IN (SELECT unnest($ids))",
        {"ids": list(person.ids)},
    ):
        raise InvalidArgumentError(
            f"forget: the {kind} {masked(kind, person.value)} is shared by many people and stands for none "
            "of them. Name the person by an identifier of their own."
        )
    store.execute("CREATE TEMP TABLE IF NOT EXISTS touched_person (person_id BIGINT)")
    store.execute(STATEMENTS["who"], {"ids": list(person.ids)})
    store.execute(STATEMENTS["what"])
    rejected = _forget_rejected(store, [person.value])
    counts = {
        name: _count(store, table, "person_id", "gone_person")
        if name in {"segments"}
        else _count(store, table, "identifier_id", "gone_identifier")
        for name, table in COUNTED.items()
    }
    links = _number(store, STATEMENTS["links"])
    identifiers = _number(store, "SELECT count(*) FROM gone_identifier")
    store.execute(STATEMENTS["remember"], {"ids": list(person.ids), "forgotten_at": forgotten_at})
    store.execute(STATEMENTS["remove"])
    restitch(store, thorough=True)
    settle_persons(store)
    return ForgetReport(
        known=identifiers > 0,
        identifiers=identifiers,
        links=links,
        rejected_rows=rejected,
        **counts,
    )


def _forget_rejected(store: Store, told: list[str]) -> int:
    """Remove rejected rows in which an identifier of the person stands as a word of its own."""
    values = told + [str(row[0]) for row in store.rows(STATEMENTS["values"])]
    words = sorted({value.lower() for value in values if len(value) >= LONG_ENOUGH})
    numbers = sorted({v for v in values if v.isdigit() and len(v) >= ENOUGH_DIGITS})
    if not words:
        return 0
    told_as = {
        "words": f"(?:^|[^a-z0-9])(?:{'|'.join(map(re.escape, words))})(?:$|[^a-z0-9])",
        "numbers": "|".join(numbers) or "^$",
    }
    store.execute(STATEMENTS["rejected"], told_as)
    found = _number(store, "SELECT count(*) FROM gone_rejected")
    if found:
        store.execute(STATEMENTS["remove_rejected"])
    return found


def _count(store: Store, table: str, column: str, of: str) -> int:
    return _number(
        store, f"SELECT count(*) FROM {table} WHERE {column} IN (SELECT {of}.{column} FROM {of})"
    )


def _number(store: Store, sql: str) -> int:
    return int(str(store.value(sql)))
