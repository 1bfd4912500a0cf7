"""Which column of an event table is the person, the time, the event, and what else is there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tools.connectors.contract import ImportOptions, RawTable
from tools.connectors.names import name_score
from tools.connectors.profile import Column, profile
from tools.connectors.times import TimeReading, is_clock, joined, time_reading
from tools.errors import UnmappedColumnError, unknown
from tools.store.door import Store, identifier

AD_WORDS = {
    "impression",
    "impressions",
    "click",
    "clicks",
    "conversion",
    "conversions",
    "interaction",
}
FEW = 200
TOO_MANY = 3
SHARE_MOSTLY = 0.5
SURE_NAME = 5.0
"""A column whose name says this much needs no support from its values."""
FALLBACK_NAMES = {"person": "user_id, customer, visitor, case id", "time": "timestamp, date, created_at",
                  "event": "event, action, activity, page"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Roles:
    """The columns of an event table by what they are; None: there is none."""

    person: Column
    event: Column
    time: TimeReading
    time_columns: tuple[Column, ...]
    columns: tuple[Column, ...]
    other_person: Column | None = None
    """A second identifier, for the rows in which the first is empty."""
    session: Column | None = None
    channel: Column | None = None
    campaign: Column | None = None
    value: Column | None = None
    currency: Column | None = None
    conversion: Column | None = None
    zero_is_nobody: bool = False
    """True where 0 stands for persons that are not known, rather than for one of them."""
    index: tuple[Column, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @property
    def person_is_session(self) -> bool:
        """Tell whether nobody is named and each visit has to stand for a person."""
        return self.session is not None and self.person.name == self.session.name

    def role_of(self, column: Column) -> str | None:
        """Return a column's role; None for one that is left over."""
        if column in self.time_columns:
            return "time"
        if column in self.index:
            return "ignored"
        for role in (
            "person",
            "event",
            "session",
            "channel",
            "campaign",
            "value",
            "currency",
            "conversion",
        ):
            if getattr(self, role) == column:
                return role
        return "person" if column == self.other_person else None


def tell_roles(store: Store, raw: RawTable, options: ImportOptions) -> Roles:
    """Tell every column's role from its name and its values.

    Raises:
        UnmappedColumnError: A column that the user named does not exist, or the person, time or
            event column could not be told.
    """
    columns = profile(store, raw)
    told = _told(columns, options)
    index = tuple(c for c in columns if c not in told.values() and _is_index(c))
    free = [c for c in columns if c not in told.values() and c not in index]
    time_columns, time = _time(store, raw, free, told.get("time"), options.day_first)
    free = [c for c in free if c not in time_columns and not _is_time_like(c)] or free
    session = told.get("session") or _named(free, "session", _is_session)
    person = told.get("person") or _person([c for c in free if c != session]) or session
    if person is None:
        raise _missing("person", raw, free)
    free = [c for c in free if c not in {person, session}]
    told_event = [told["event"]] if "event" in told else []
    channel = told.get("channel") or _named([*free, *told_event], "channel", _is_category)
    campaign = told.get("campaign") or _named(
        [c for c in free if c != channel], "campaign", _is_text
    )
    conversion = _named(free, "conversion", lambda c: c.boolean and c.distinct <= 2)
    value = told.get("value") or _named(
        [c for c in free if c != conversion], "value", lambda c: c.amount
    )
    currency = told.get("currency") or _named(free, "currency", lambda c: not c.numeric)
    rest = [c for c in free if c not in {channel, campaign, conversion, value, currency}]
    event = told.get("event") or _event(rest, person, channel, campaign)
    if channel and event == channel and not conversion and not _changes(store, channel, person):
        doings = (c for c in _categories(rest, person) if _changes(store, c, person))
        event = next(doings, event)
    if event is None:
        raise _missing("event", raw, rest)
    other = None
    if "person" not in told and person.filled < person.rows and person != session:
        other = _named(
            [c for c in rest if c != event],
            "person",
            lambda c: c.distinct > 1 and c.fill > person.fill / 2,
        )
    return Roles(
        person, event, time, time_columns, columns, other, session, channel, campaign, value, currency,
        conversion, _zero_is_nobody(store, person), index, (time.note,) if time.note else (),
    )  # fmt: skip


def _told(columns: Sequence[Column], options: ImportOptions) -> dict[str, Column]:
    known = {column.name.casefold(): column for column in columns}
    for role, name in options.columns().items():
        if name.casefold() not in known:
            names = [column.name for column in columns]
            raise UnmappedColumnError(unknown(f"--{role}", "column", name, names))
    return {role: known[name.casefold()] for role, name in options.columns().items()}


def _time(
    store: Store, raw: RawTable, free: Sequence[Column], told: Column | None, day_first: bool | None
) -> tuple[tuple[Column, ...], TimeReading]:
    ranked: list[tuple[float, Column, TimeReading]] = []
    for column in [told] if told else free:
        name = name_score("time", column.name)
        reading = time_reading(store, column, day_first=day_first)
        numbers = reading is not None and column.numeric
        if reading is None or (
            told is None and name == 0 and (numbers and not _all_named_badly(free))
        ):
            continue
        if reading.guessed and told is None and name < SURE_NAME:
            continue
        score = (
            (name + 2 + 2 * reading.has_clock - 4 * reading.guessed) * column.fill * reading.share
        )
        ranked.append((score, column, reading))
    if not ranked:
        clocks = [told] if told else [c for c in free if name_score("time", c.name)]
        raise _missing("time", raw, clocks)
    _, best, reading = max(ranked, key=lambda row: (row[0], -row[1].position))
    if not reading.has_clock:
        for clock in (c for c in free if c != best and is_clock(c)):
            whole = joined(store, best, clock, day_first=day_first)
            if whole is not None:
                return (best, clock), whole
    return (best,), reading


def _all_named_badly(columns: Sequence[Column]) -> bool:
    """Tell whether no column has a time-like name, so that numbers have to be looked at."""
    return not any(name_score("time", column.name) for column in columns)


def _person(columns: Sequence[Column]) -> Column | None:
    scores: dict[Column, float] = {}
    for column in columns:
        name = name_score("person", column.name)
        if name < SURE_NAME or not column.filled or (column.numeric and not column.whole):
            continue
        repeats = 2 if column.distinct * 1.2 < column.filled else -2
        scores[column] = name + repeats + (column.distinct > 1) - 4 * (1 - column.fill)
    if scores:
        return max(scores, key=lambda c: (scores[c], -c.position))
    return _nameless_person(columns)


def _nameless_person(columns: Sequence[Column]) -> Column | None:
    """Persons repeat, but are many: the leftmost such column, or else the one with most values."""
    repeating = [
        c for c in columns
        if c.fill > SHARE_MOSTLY and 1 < c.distinct < 0.9 * c.rows and not c.boolean and (c.whole or not c.numeric)
        and name_score("event", c.name) < SURE_NAME
    ]  # fmt: skip
    many = [c for c in repeating if c.distinct * 20 > c.rows or c.distinct > FEW]
    if many:
        return min(many, key=lambda c: c.position)
    return max(repeating, key=lambda c: (c.distinct, -c.position), default=None)


def _zero_is_nobody(store: Store, person: Column) -> bool:
    """Tell whether 0 has more rows than any other person: then it is a placeholder."""
    name = identifier(person.name)
    if not store.value(f"SELECT count(*) FROM staged_row WHERE {name} = '0'"):
        return False
    counts = store.rows(
        f"SELECT count(*) FROM staged_row WHERE {name} IS NOT NULL GROUP BY {name} ORDER BY {name} = '0' DESC, 1 DESC LIMIT 2"
    )
    return len(counts) > 1 and int(str(counts[0][0])) > TOO_MANY * int(str(counts[1][0]))


def _event(
    columns: Sequence[Column], person: Column, channel: Column | None, campaign: Column | None
) -> Column | None:
    scores: dict[Column, float] = {}
    for column in columns:
        name = name_score("event", column.name)
        if column.filled and name:
            scores[column] = name + _event_content(column)
    best = max(scores, key=lambda c: (scores[c], -c.position), default=None)
    advertising = best is not None and {value.casefold() for value in best.values} <= AD_WORDS
    if channel and (advertising or best is None):
        return channel
    if best is not None and scores[best] > 0:
        return best
    if channel or campaign:
        return channel or campaign
    return next(iter(_categories(columns, person)), best)


def _categories(columns: Sequence[Column], person: Column) -> list[Column]:
    """Return the columns of few values that repeat: words, or else whole numbers."""
    categories = [
        c
        for c in columns
        if c != person
        and c.fill > SHARE_MOSTLY
        and 1 < c.distinct <= FEW
        and c.distinct * 2 <= c.rows
    ]
    words = [c for c in categories if not c.numeric and not c.boolean]
    return sorted(words or [c for c in categories if c.whole], key=lambda c: c.position)


def _changes(store: Store, column: Column, person: Column) -> bool:
    """Tell whether a column has several values for one person: a doing, not an attribute."""
    told, who = identifier(column.name), identifier(person.name)
    return bool(
        store.rows(
            f"SELECT {who} FROM staged_row GROUP BY {who} HAVING count(DISTINCT {told}) > 1 "
            f"ORDER BY {who} LIMIT 1"
        )
    )


def _event_content(column: Column) -> float:
    score = 1.0 if column.distinct <= FEW else -1.0
    if column.distinct == 1 and column.rows > 1:
        score -= 4
    if column.distinct > SHARE_MOSTLY * column.filled and column.rows > 20:
        score -= 5
    if column.numeric:
        score -= 2 if column.whole else 6
    return score - 6 * (1 - column.fill) - 3 * column.boolean


def _named(columns: Sequence[Column], role: str, fits: Callable[[Column], bool]) -> Column | None:
    scores = {c: name_score(role, c.name) for c in columns if c.filled and fits(c)}
    good = {column: score for column, score in scores.items() if score >= SURE_NAME}
    return max(good, key=lambda c: (good[c], c.fill, -c.position), default=None)


def _is_session(column: Column) -> bool:
    return not column.boolean or column.distinct > 2


def _is_category(column: Column) -> bool:
    return (
        not column.boolean and not (column.numeric and not column.whole) and column.distinct <= FEW
    )


def _is_text(column: Column) -> bool:
    return not column.boolean


def _is_index(column: Column) -> bool:
    unnamed = column.name.startswith("column_") and column.position == 0
    return column.counting and (unnamed or name_score("index", column.name) > 0)


def _is_time_like(column: Column) -> bool:
    return False if not column.values else is_clock(column)


def _missing(role: str, raw: RawTable, candidates: Sequence[Column]) -> UnmappedColumnError:
    shown = (
        ", ".join(f"{c.name} ({', '.join(c.values[:2]) or 'empty'})" for c in candidates[:6])
        or "none"
    )
    what = {"person": "who did it", "time": "when it happened", "event": "what happened"}[role]
    return UnmappedColumnError(
        f"{raw.name}: no column could be told to say {what}. Looked for names such as "
        f"{FALLBACK_NAMES[role]}, and for fitting values. Candidates: {shown}. "
        f"Name it: --{role} COLUMN."
    )
