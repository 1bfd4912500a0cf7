"""What a connector is: it recognises a file by its columns, and says in SQL what its rows mean.

A file is staged first. Its rows then stand in the table `raw`: one row per input row, every
column of the file as VARCHAR under its own name (any case matches), empty fields as NULL, and
`line BIGINT`, the row's number in the file. Nested JSON has dotted columns ("user.id"; lists
stay JSON text). A connector answers with SELECT texts over `raw`, at most one per relation:

events   one row per thing that happened. Columns, by name, in any order:
         line, identifier_kind, identifier, occurred_at (TIMESTAMP, UTC), touchpoint: required;
         touchpoint_group, kind ('action' unless told, or 'exposure': seen, not done), channel,
         campaign, session_id, value (DOUBLE), currency, properties (JSON object as text): may
         be left out;
         origin: what a visit came from, as `origin_of(...)` makes it; gives the channel where
         `channel` is NULL, by GA4's default grouping and the user's rules;
         after (INTEGER): 1 for an event that follows from its row's main event, such as a
         conversion: it stands just behind it;
         content (VARCHAR): the system's own id of the event: rows with one id are one event,
         in whichever tables and files they stand; left out, all the columns above say it;
         version (TIMESTAMP): when this state of the event was written (updated_at, synced_at);
         of several states the newest stands; deleted (BOOLEAN): the source took the event back;
         field, reason (VARCHAR): set where a row cannot be used. A missing identifier, time or
         touchpoint needs none: ingest says so itself.
details  one row per row that says more about an event of the same system, and has no time or
         person of its own: line, content (that event's), properties (JSON object as text). They
         join the event's properties whichever comes first; several values of one field list up.
links    one row per pair of identifiers seen together: line, identifier_kind, identifier,
         other_kind, other; tie and rank may be left out. Tie: 'same' (both are one person; the
         default), 'part' (the first is a thing, such as a deal or an order, that belongs to the
         second, a person; of several the lowest rank wins; events and notes of the thing are the
         person's), 'member' (the first is a person, the second an account or company, whose
         traits it inherits). Rows in which one of them is NULL say nothing and may stand.
traits   one row per person or group seen: line, identifier_kind, identifier, set_at (TIMESTAMP),
         and one column per trait, named as the trait; or two columns `name` and `value`. NULL
         says nothing. The latest set_at wins.
notes    one row per text: line, identifier_kind, identifier, occurred_at, kind, text; content and
         version as for events.
names    one row per named thing that is no person (campaign, list, stage, form, question): line,
         entity ('campaign'), key, label; version may be left out. `named('campaign', key)` in a
         touchpoint, campaign or note text stands for the label, whichever is
         loaded first. A name may itself be written with `named(...)` of another entity.
spend    one row per day and campaign: line, day (DATE), channel, campaign, cost (DOUBLE),
         currency, impressions, clicks; level ('campaign' unless told; 'ad_group', 'ad',
         'keyword', 'account'): of one source and day only the first of these levels counts;
         content: what tells the row from others of its day, where that is more than level,
         channel, campaign and currency; version as for events.

Every line has to appear in at least one relation, usable or with a reason; ingest rejects the
others with the table's `nothing` sentence, so that every row is accounted for: under events,
exposures, notes, spend, traits, identifiers (links alone), details, names or rejected.

Identifiers meet within one kind only: use 'email' for an address (clear or hashed), 'phone',
'user' for the company's own user id, and a kind of your own ('ga_client', 'hubspot_contact') for a
system's own ids. Placeholders (null, unknown, 0, ...) are dropped and values normalised by
tools.identity.

These macros stand ready in every SELECT (`macros.sql`): `as_time(text)` reads ISO times with or
without offset, and epochs in s, ms, us or ns, as UTC; `as_number(text)` reads a number; both
give NULL for anything else. `blank(text)` is NULL for empty text; `is_yes(text)` reads a flag.
`titled('project_created')` reads 'Project created'. `page_of(address)` names a page.
`named(entity, key)` refers to a named thing; `named_or(entity, key, told)` has a text to fall
back on. `origin_of(source, medium, campaign, referrer, address)` says what a visit came from.
`properties_of({'device': device}, leftover)` makes an event's properties: what is told, NULLs
left out, and the columns that the table does not know.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

from tools.store.door import Store, identifier

Relation = Literal["events", "details", "links", "traits", "notes", "names", "spend"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)
SECTION = re.compile(rf"^-- (\w+)\.({'|'.join(RELATIONS)}):.*$", re.MULTILINE)
LOADERS = re.compile(
    r"^_(fivetran|airbyte|sdc|dlt|estuary|stitch|hevo|portable)_|^_(line|file|modified)$", re.I
)
"""Columns that a warehouse loader adds: they say nothing about what happened."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user said about the files; None: tell it from the data."""

    source: str | None = None
    """The system's name; None: the connector's."""
    person: str | None = None
    time: str | None = None
    event: str | None = None
    session: str | None = None
    channel: str | None = None
    campaign: str | None = None
    value: str | None = None
    currency: str | None = None
    day_first: bool | None = None
    """Whether 03/04 is the third of April."""

    def columns(self) -> dict[str, str]:
        """Return role -> column for the columns that were told."""
        roles = ("person", "time", "event", "session", "channel", "campaign", "value", "currency")
        return {role: name for role in roles if (name := getattr(self, role)) is not None}


@dataclass(frozen=True, slots=True)
class RawTable:
    """A staged file: what is known of it before its meaning is."""

    name: str
    """The file's name as the user knows it."""
    columns: tuple[str, ...]
    """In the file's order, without `line`."""
    rows: int
    place: str = ""
    """The folder it lies in, where that is known: it may name the system."""

    def has(self, *columns: str) -> bool:
        """Tell whether the file has all of these columns, in any case."""
        return {name.casefold() for name in columns} <= {name.casefold() for name in self.columns}

    def says(self, words: str) -> bool:
        """Tell whether the file's name or folder says these words (`deal_stage`) next to each other."""
        told = "_".join(re.findall(r"[a-z]+|[0-9]+", f"{self.place}/{self.name}".lower()))
        return f"_{words}_" in f"_{told}_" or f"_{words}s_" in f"_{told}_"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one column was taken for."""

    column: str
    role: str
    """person, time, event, session, channel, campaign, value, currency, conversion, trait,
    property, ignored, or a vendor's own words."""
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How one file is read: SQL per relation, and its explanation for the user."""

    connector: str
    source: str
    relations: Mapping[Relation, str]
    parameters: Mapping[str, object] = field(default_factory=dict)
    """`$named` values of the SELECTs; each is given only to those that name it."""
    meanings: tuple[Meaning, ...] = ()
    warnings: tuple[str, ...] = ()
    content_is_id: bool = False
    """Whether `content` is the system's own event id: a repeated one is the same event, in
    whichever of the system's tables and files it stands."""
    one_event_per_line: bool = False
    """True where every line stands in `events` exactly once: it spares a count of lines."""
    day_first: bool | None = None
    """How days and months were told apart, where that was a question."""
    nothing: str = "nothing in this row could be used"
    """Why a row that stands in no relation is rejected."""


class Connector(Protocol):
    """What the registry holds."""

    @property
    def name(self) -> str:
        """The connector's name, as shown in a preview: `hubspot contact`."""

    def fits(self, raw: RawTable) -> int:
        """Tell how well this file fits: 0 where it is none of the connector's."""

    def read(self, store: Store, raw: RawTable, options: ImportOptions) -> Reading:
        """Say what the rows of `raw` mean.

        Raises:
            UnmappedColumnError: A column that is needed could not be told.
        """


@dataclass(frozen=True, slots=True)
class VendorTable:
    """One kind of file of one system, recognised by its columns.

    A connector module holds a few of these, and its SELECTs stand in the `.sql` beside it:

        SQL = read_sql(__file__)
        CONTACT = VendorTable(
            "hubspot",
            "contact",
            ("id|vid|contact_id", "email|property_email|properties.email"),
            SQL,
            optional=("company|property_company|properties.company",),
        )
        TABLES = (CONTACT,)

    A column is written with the names it goes by in the system's exports, API and warehouse
    tables: the SELECTs use the first. Of several that a file has, the first that is filled counts
    row by row. Columns that no entry names stand together, as JSON, in `leftover`, without those
    that are the loader's own (`_fivetran_synced`).

    Sections in the `.sql` are named after the table and the relation, one SELECT each:

        -- contact.events: one row is one contact's creation.
        SELECT line, 'email' AS identifier_kind, email AS identifier, ... FROM raw;
        -- contact.traits: one row is one contact.
        SELECT ...

    A table with no section is one that is known and says nothing about people: `nothing` says so.
    """

    source: str
    table: str
    required: tuple[str, ...]
    sql: str
    optional: tuple[str, ...] = ()
    """Columns that the SELECTs use and a file may lack: `raw` then has them as NULL."""
    named: tuple[str, ...] = ()
    """Where the columns are too plain to tell: words of which the file's name must hold one."""
    lacks: tuple[str, ...] = ()
    """Columns that a file of this kind never has: another table has them."""
    nothing: str = ""
    """Why a row that stands in no relation is rejected."""
    shares: str = ""
    """Another table of the `.sql` whose sections this one takes: the same rows in another shape."""

    @property
    def name(self) -> str:
        """The system's and the table's name."""
        return f"{self.source} {self.table}"

    def fits(self, raw: RawTable) -> int:
        """Count the known columns that the file has; 0 where a required one is lacking."""
        has = {name.casefold() for name in raw.columns}
        if not all(_present(entry, has) for entry in self.required):
            return 0
        if any(_present(entry, has) for entry in self.lacks):
            return 0
        if self.named and not any(raw.says(words) for words in self.named):
            return 0
        known = sum(_present(entry, has) for entry in self.required + self.optional)
        told = raw.says(self.source) + raw.says(self.table)
        return 10 * known + 8 * told + len(self.required)

    def read(self, store: Store, raw: RawTable, options: ImportOptions) -> Reading:
        """Return this table's SELECTs, over a `raw` that has all of its columns."""
        used = _give_columns(store, raw, self.required + self.optional)
        relations = sections(self.sql, self.shares or self.table)
        return Reading(
            connector=self.name,
            source=options.source or self.source,
            relations=relations,
            content_is_id=" AS content" in relations.get("events", ""),
            nothing=self.nothing
            or (
                "nothing in this row could be used"
                if relations
                else f"a row of {self.name} says nothing about people"
            ),
            meanings=tuple(Meaning(column, _role(column, used)) for column in raw.columns),
        )


def sections(text: str, table: str) -> dict[Relation, str]:
    """Return the SELECTs of one table from a `.sql` text with `-- table.relation:` headings."""
    heads = list(SECTION.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    told = {
        head[2]: text[head.start() : end].strip().rstrip(";")
        for head, end in zip(heads, ends, strict=True)
        if head[1] == table
    }
    return {relation: told[relation] for relation in RELATIONS if relation in told}


def _present(entry: str, has: set[str]) -> bool:
    return any(name.casefold() in has for name in entry.split("|"))


def _role(column: str, used: set[str]) -> str:
    if column.casefold() in used:
        return "used"
    return "ignored" if LOADERS.match(column) else "property"


def _give_columns(store: Store, raw: RawTable, entries: Sequence[str]) -> set[str]:
    """Make `raw` show each entry under its first name, and the rest in `leftover`.

    Returns:
        The file's columns that an entry names, in small letters.
    """
    has = {name.casefold(): name for name in raw.columns}
    shown, replaced, used = [], [], set[str]()
    for names in _merged(entries):
        found = [has[name.casefold()] for name in names if name.casefold() in has]
        used |= {name.casefold() for name in found}
        told = ", ".join(identifier(name) for name in found) or "NULL::VARCHAR"
        told = f"coalesce({told})" if len(found) > 1 else told
        if names[0].casefold() not in has:
            shown.append(f"{told} AS {identifier(names[0])}")
        elif len(found) > 1:
            replaced.append(f"{told} AS {identifier(has[names[0].casefold()])}")
    left = [
        f"'{json_key(name)}:' || to_json({identifier(name)})"
        for name in raw.columns
        if name.casefold() not in used and not LOADERS.match(name)
    ]
    joined = f"nullif('{{' || concat_ws(',', {', '.join(left)}) || '}}', '{{}}')"
    shown.append(f"{joined if left else 'NULL::VARCHAR'} AS leftover")
    kept = f"* REPLACE ({', '.join(replaced)})" if replaced else "*"
    store.execute(
        f"CREATE OR REPLACE TEMP VIEW raw AS SELECT {kept}, {', '.join(shown)} FROM staged_line"
    )
    return used


def _merged(entries: Sequence[str]) -> list[list[str]]:
    """Return the names of each column; entries of one first name are one column's."""
    told: dict[str, dict[str, None]] = {}
    for entry in entries:
        first, *_ = names = entry.split("|")
        told.setdefault(first.casefold(), {}).update(dict.fromkeys(names))
    return [list(names) for names in told.values()]


def json_key(name: str) -> str:
    """Return a JSON object's key, for the inside of an SQL text."""
    return json.dumps(name, ensure_ascii=False).replace("'", "''")
