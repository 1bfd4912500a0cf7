"""The generic connector: any table in which each row is something that someone did.

What it decides where a table leaves it open:
- An advertising log (`interaction`: impression, click, conversion; beside a `channel`) tells the
  channel, not the interaction, as the touchpoint. Every row stays an action, so that the number
  of events is the number of rows.
- A flag such as `conversion` is an event of its own, just after its row, and the value goes to
  it; unless the event's name says the same as the flag already.
- Two rows are the same event when person, time, event and every other field are equal, whatever
  the order of columns. A column that only counts the rows is left out of that.
"""

import hashlib
from collections.abc import Sequence

from tools.connectors.contract import (
    ImportOptions,
    Meaning,
    RawTable,
    Reading,
    Relation,
    json_key,
)
from tools.connectors.names import words
from tools.connectors.profile import TRUE, Column
from tools.connectors.roles import Roles, tell_roles
from tools.store.door import Store, identifier

SAMPLES = 3
STEADY = 0.9
"""A trait is filled in at least this share of the rows of the persons who have it."""
TRAIT_NAMES = frozenset(
    words(
        "plan country age gender segment company industry city language cohort tier persona region "
        "size lifecycle land sprache pais ciudad genero pays ville sexe geschlecht branche"
    )
)
CONVERSION = "conversion"


class EventTable:
    """Reads any event table whose person, time and event can be told."""

    name = "event table"
    source = "events"

    def fits(self, raw: RawTable) -> int:  # noqa: ARG002 - whatever is left is an event table
        """Take every file that no vendor's connector takes."""
        return 1

    def read(self, store: Store, raw: RawTable, options: ImportOptions) -> Reading:
        """Tell the columns' meanings, and say them in SQL.

        Raises:
            UnmappedColumnError: The person, time or event column could not be told.
        """
        roles = tell_roles(store, raw, options)
        left = [column for column in roles.columns if roles.role_of(column) is None]
        traits = _traits(store, roles, left)
        properties = [column for column in left if column not in traits]
        converts = _conversion_adds(store, roles)
        relations: dict[Relation, str] = {
            "events": _events(roles, left, properties, converts=converts)
        }
        if traits:
            relations["traits"] = _trait_rows(roles, traits)
        if roles.other_person:
            relations["links"] = _links(roles)
        return Reading(
            connector=self.name,
            source=options.source or self.source,
            relations=relations,
            meanings=tuple(
                Meaning(
                    c.name,
                    roles.role_of(c) or ("trait" if c in traits else "property"),
                    c.values[:SAMPLES],
                )
                for c in roles.columns
            ),
            warnings=roles.warnings,
            one_event_per_line=not converts,
            day_first=roles.time.day_first,
        )


def _events(
    roles: Roles, left: Sequence[Column], properties: Sequence[Column], *, converts: bool
) -> str:
    fields = {
        "line": "line",
        "identifier_kind": f"{_kind(roles)}",
        "identifier": _person(roles),
        "occurred_at": roles.time.sql,
        "touchpoint": f"blank({identifier(roles.event.name)})",
        "channel": _quoted(roles.channel),
        "campaign": _quoted(roles.campaign),
        "session_id": _quoted(roles.session),
        "value": _number(roles.value),
        "currency": _quoted(roles.currency),
        "properties": _json(properties),
        "content": _content(roles, left),
        "after": "0",
    }
    flag = _flag(roles) if converts else ""
    if flag and roles.value:
        fields["value"] = f"CASE WHEN NOT {flag} THEN {fields['value']} END"
    fields = {name: sql for name, sql in fields.items() if sql}
    main = f"SELECT {_listed(fields)} FROM raw"
    if not flag:
        return f"-- One row is one row of the file.\n{main}"
    converted = fields | {
        "touchpoint": f"'{CONVERSION}'",
        "after": "1",
        "value": _number(roles.value) or "NULL::DOUBLE",
    }
    converted["content"] = f"{fields['content']} || '+{CONVERSION}'"
    return (
        f"-- One row is one row of the file, or the conversion that its flag tells of.\n{main} "
        f"UNION ALL BY NAME SELECT {_listed(converted)} FROM raw WHERE {flag}"
    )


def _content(roles: Roles, left: Sequence[Column]) -> str:
    """Everything that a row says, in an order that does not depend on the file's."""
    same = {roles.person, roles.event, *roles.time_columns, *roles.index}
    others = sorted(
        {c for c in roles.columns if c not in same} | set(left), key=lambda c: c.name.casefold()
    )
    parts = [_person(roles), f"epoch_us({roles.time.sql})", identifier(roles.event.name)]
    parts += [f"'{_tag(c)}' || {identifier(c.name)}" for c in others]
    return f"concat_ws(chr(31), {', '.join(parts)})"


def _trait_rows(roles: Roles, traits: Sequence[Column]) -> str:
    values = ", ".join(f"any_value({identifier(c.name)}) AS {identifier(c.name)}" for c in traits)
    return (
        "-- One row is one person.\n"
        f"SELECT min(line) AS line, {_kind(roles)} AS identifier_kind, {_person(roles)} AS identifier, "
        f"max({roles.time.sql}) AS set_at, {values} FROM raw GROUP BY ALL"
    )


def _links(roles: Roles) -> str:
    return (
        "-- One row is two identifiers seen together.\n"
        f"SELECT min(line) AS line, 'user' AS identifier_kind, {_quoted(roles.person)} AS identifier, "
        f"'visitor' AS other_kind, {_quoted(roles.other_person)} AS other FROM raw GROUP BY ALL"
    )


def _traits(store: Store, roles: Roles, left: Sequence[Column]) -> list[Column]:
    """Return the left-over columns that never change within a person."""
    left = [
        c for c in left if c.filled and not (c.distinct > STEADY * c.filled and c.filled == c.rows)
    ]
    if not left:
        return []
    person = _person(roles)
    looked = ", ".join(
        f"min({identifier(c.name)}) AS low_{n}, max({identifier(c.name)}) AS high_{n}, count({identifier(c.name)}) AS filled_{n}"
        for n, c in enumerate(left)
    )
    judged = ", ".join(
        f"coalesce(bool_and(low_{n} IS NOT DISTINCT FROM high_{n}), false) "
        f"AND coalesce(sum(filled_{n}) >= {STEADY} * sum(events) FILTER (filled_{n} > 0), false)"
        for n in range(len(left))
    )
    row = store.rows(
        f"SELECT count(*), {judged} FROM (SELECT {person} AS person, count(*) AS events, {looked} "
        "FROM staged_row WHERE person IS NOT NULL GROUP BY person HAVING count(*) >= 2)"
    )[0]
    if not row[0]:
        return [c for c in left if not TRAIT_NAMES.isdisjoint(words(c.name))]
    return [column for column, steady in zip(left, row[1:], strict=True) if steady]


def _conversion_adds(store: Store, roles: Roles) -> bool:
    """Tell whether a conversion flag says more than the person or the event's name does."""
    if roles.conversion is None:
        return False
    flag, person, event = _flag(roles), _person(roles), identifier(roles.event.name)
    row = store.rows(
        "SELECT count(*) FILTER (flags > 0), count(*) FILTER (flags > 0 AND flags < events), count(*) FILTER (flags = 1 AND events = 1) FROM ("
        f"SELECT count(*) FILTER ({flag}) AS flags, count(*) AS events FROM staged_row GROUP BY {event})"
    )[0]
    says_event = bool(row[0]) and not row[1]
    row = store.rows(
        "SELECT count(*) FILTER (flags > 0), count(*) FILTER (flags > 0 AND flags < events) FROM ("
        f"SELECT count(*) FILTER ({flag}) AS flags, count(*) AS events FROM staged_row GROUP BY {person} HAVING count(*) >= 2)"
    )[0]
    describes_person = bool(row[0]) and not row[1]
    return not says_event and not describes_person


def _flag(roles: Roles) -> str:
    assert roles.conversion is not None  # noqa: S101 - asked only where there is one
    words = ", ".join(f"'{word}'" for word in TRUE)
    return f"coalesce(lower(trim({identifier(roles.conversion.name)})) IN ({words}), false)"


def _person(roles: Roles) -> str:
    person = identifier(roles.person.name)
    if roles.zero_is_nobody:
        person = f"nullif({person}, '0')"
    return (
        f"coalesce({person}, {identifier(roles.other_person.name)})"
        if roles.other_person
        else person
    )


def _kind(roles: Roles) -> str:
    if roles.person_is_session:
        return "'session'"
    addresses = sum("@" in value for value in roles.person.values)
    main = "'email'" if addresses > len(roles.person.values) / 2 else "'user'"
    if roles.other_person is None:
        return main
    return f"CASE WHEN {identifier(roles.person.name)} IS NOT NULL THEN {main} ELSE 'visitor' END"


def _json(columns: Sequence[Column]) -> str:
    filled = [c for c in columns if c.filled]
    if not filled:
        return ""
    if all(c.filled == c.rows for c in filled):
        pairs = ", ".join(f"{_text(c.name)}: {identifier(c.name)}" for c in filled)
        return f"to_json({{{pairs}}})::VARCHAR"
    parts = ", ".join(f"'{json_key(c.name)}:' || to_json({identifier(c.name)})" for c in filled)
    return f"nullif('{{' || concat_ws(',', {parts}) || '}}', '{{}}')"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _tag(column: Column) -> str:
    """A column's name, shortened: every row's hash has to read it."""
    return hashlib.md5(column.name.casefold().encode(), usedforsecurity=False).hexdigest()[:6]


def _quoted(column: Column | None) -> str:
    if column is None:
        return ""
    # Trimming a million fields takes its time: only where there is something to trim.
    trimmed = all(value == value.strip() and value for value in column.values)
    return identifier(column.name) if trimmed else f"blank({identifier(column.name)})"


def _number(column: Column | None) -> str:
    return column.number_sql if column else ""


def _listed(fields: dict[str, str]) -> str:
    return ", ".join(f"{sql} AS {name}" for name, sql in fields.items())
