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
         touchpoint, campaign or note text stands for the label, whichever comes first: two
         macros, one idea. A name may itself be written with `named(...)` of another entity.
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
`properties_of(raw, ['a', 'b'])`: see `leftover` of `VendorTable`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from tools.store.door import Store

Relation = Literal["events", "links", "traits", "notes", "spend"]
SECTION = re.compile(r"^-- (\w+)\.(events|links|traits|notes|spend):.*$", re.MULTILINE)


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

    def has(self, *columns: str) -> bool:
        """Tell whether the file has all of these columns, in any case."""
        return {name.casefold() for name in columns} <= {name.casefold() for name in self.columns}


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
    """Whether `content` is the system's own event id, so that a repeated one is the same event
    even within one file."""
    one_event_per_line: bool = False
    """True where every line stands in `events` exactly once: it spares a count of lines."""
    day_first: bool | None = None
    """How days and months were told apart, where that was a question."""


class Connector(Protocol):
    """What the registry holds."""

    @property
    def name(self) -> str:
        """The connector's name, as shown in a preview: `hubspot contact`."""

    def recognises(self, raw: RawTable) -> bool:
        """Tell whether this file is one of the connector's."""

    def read(self, store: Store, raw: RawTable, options: ImportOptions) -> Reading:
        """Say what the rows of `raw` mean.

        Raises:
            UnmappedColumnError: A column that is needed could not be told.
        """


@dataclass(frozen=True, slots=True)
class VendorTable:
    """One kind of file of one system, recognised by the columns that only it has.

    A connector module holds a few of these, and its SELECTs stand in the `.sql` beside it:

        SQL = read_sql(__file__)
        CONTACT = VendorTable("hubspot", "contact", ("vid", "property_email"), SQL,
                              optional=("property_company",))
        TABLES = (CONTACT,)

    with sections in the `.sql` named after the table and the relation, one SELECT each:

        -- contact.events: one row is one contact's creation.
        SELECT line, 'email' AS identifier_kind, property_email AS identifier, ... FROM raw;
        -- contact.traits: one row is one contact.
        SELECT ...
    """

    source: str
    table: str
    required: tuple[str, ...]
    sql: str
    optional: tuple[str, ...] = ()
    """Columns that the SELECTs use and a file may lack: `raw` then has them as NULL."""

    @property
    def name(self) -> str:
        """The system's and the table's name."""
        return f"{self.source} {self.table}"

    def recognises(self, raw: RawTable) -> bool:
        """Tell whether the file has every required column."""
        return raw.has(*self.required)

    def read(self, store: Store, raw: RawTable, options: ImportOptions) -> Reading:
        """Return this table's SELECTs; lacking optional columns are added to `raw`."""
        for column in self.optional:
            if not raw.has(column):
                add_column(store, column)
        relations = sections(self.sql, self.table)
        used = {name.casefold() for name in self.required + self.optional}
        return Reading(
            connector=self.name,
            source=options.source or self.source,
            relations=relations,
            content_is_id=" AS content" in relations.get("events", ""),
            meanings=tuple(
                Meaning(column, "used" if column.casefold() in used else "ignored")
                for column in raw.columns
            ),
        )


def sections(text: str, table: str) -> dict[Relation, str]:
    """Return the SELECTs of one table from a `.sql` text with `-- table.relation:` headings."""
    heads = list(SECTION.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return {
        _relation(head[2]): text[head.start() : end].strip().rstrip(";")
        for head, end in zip(heads, ends, strict=True)
        if head[1] == table
    }


def add_column(store: Store, column: str) -> None:
    """Give `raw` a column that the file lacks, NULL in every row."""
    quoted = '"' + column.replace('"', '""') + '"'
    store.execute(f"ALTER TABLE staged_row ADD COLUMN {quoted} VARCHAR")


def _relation(text: str) -> Relation:
    for relation in ("events", "links", "traits", "notes", "spend"):
        if relation == text:
            return relation
    raise KeyError(text)
