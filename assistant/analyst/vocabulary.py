"""What can be spoken of: the names in one generation of the data, and its clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tools.journeys.changes import changes
from tools.journeys.definition import JourneyDefinition, definitions, load_definition, matching
from tools.journeys.scope import (
    Scope,
    ScopedStore,
    saved_segments,
    segment_fields,
    segment_values,
)
from tools.journeys.touchpoints import touchpoints
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__)
FIELDS = read_sql(__file__, "vocabulary_field.sql")
ORDER = read_sql(__file__, "vocabulary_order.sql")
MOST_VALUES = 100
"""A field with more values is known by its name only."""
ID_VALUES = 20
RARE = 0.01
"""A field that fewer carry, as a share, is none that people are told apart by."""
ENOUGH_JOURNEYS = 10_000
"""Journeys that tell the usual order of touchpoints."""
BEFORE = 0.58
"""Share of the journeys with both in which one touchpoint comes first, to say that it does."""
USUAL_SHARE = 0.4
USUAL_STEPS = 4


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that a question may hold; hashable by identity, built once per generation."""

    touchpoints: tuple[str, ...]
    """Most events first."""
    segments: Mapping[str, tuple[str, ...]]
    """Field -> values, most journeys first; no values where there are too many to be spoken of."""
    journeys: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    """Touchpoints that open the journey; none: first touch."""
    ends: tuple[str, ...] = ()
    as_of: date = date(2000, 1, 1)
    """The data's own last day."""
    first: date = date(2000, 1, 1)
    window: timedelta = timedelta(days=30)
    funnel: tuple[str, ...] = ()
    """The planned funnel, where the journey has one."""
    usual: tuple[str, ...] = ()
    """Steps that many converted journeys share, in order, the end last."""
    precedes: frozenset[tuple[str, str]] = frozenset()
    """Pairs of touchpoints of which the first usually comes before the second."""
    sessions: bool = False
    saved: tuple[str, ...] = ()
    """Names of saved segments."""
    changes: tuple[str, ...] = ()
    """Names of recorded changes, the latest first."""
    memory: dict[str, object] = field(default_factory=dict, compare=False, repr=False)
    """What was prepared from the names, so that it is prepared once."""


@dataclass(frozen=True, slots=True)
class _Reached:
    label: str
    journeys: int
    converted: int
    step: float


def vocabulary_of(store: Store, journey: str | None = None) -> Vocabulary:
    """Return the vocabulary of a store's data under one journey definition.

    Args:
        store: One generation of the data.
        journey: The definition's name; None: the default one.

    Raises:
        NoDataError: Nothing is loaded yet.
        UnknownJourneyError: There is no journey definition of that name.
    """
    scoped = ScopedStore(store, Scope(journey=journey))
    definition = load_definition(store, journey)
    first, sessions = store.rows("SELECT min(occurred_at), count(session_id) FROM event")[0]
    ends = _labels(store, definition, end=True)
    return Vocabulary(
        touchpoints=tuple(label for _, label in touchpoints(store)),
        segments=_segments(store),
        journeys=tuple(known.name for known, _ in definitions(store)),
        starts=_labels(store, definition, end=False),
        ends=ends,
        as_of=scoped.scope.as_of.date(),
        first=first.date() if isinstance(first, datetime) else scoped.scope.as_of.date(),
        window=definition.window,
        funnel=definition.funnel,
        usual=_usual(scoped, ends),
        precedes=_precedes(scoped),
        sessions=bool(sessions),
        saved=saved_segments(store),
        changes=tuple(change.name for change in changes(store)),
    )


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    most: int
    carried: int
    distinct_values: int
    addresses: int

    @property
    def tells_apart(self) -> bool:
        """Whether people can be told apart by it: no id, no address, neither rare nor constant."""
        is_id = self.distinct_values > max(ID_VALUES, self.carried // 2)
        is_address = 2 * self.addresses > self.carried
        return (
            self.distinct_values > 1
            and not (is_id or is_address)
            and self.carried >= RARE * self.most
        )


def _segments(store: Store) -> dict[str, tuple[str, ...]]:
    useless = {row.name for row in store.records(FIELDS, {}, _Field) if not row.tells_apart}
    told = {}
    for name in segment_fields(store):
        values = segment_values(store, name, MOST_VALUES + 1)
        if values and name not in useless and (len(values) > 1 or name == "channel"):
            told[name] = values if len(values) <= MOST_VALUES else ()
    return told


@dataclass(frozen=True, slots=True)
class _Pair:
    earlier: str
    later: str
    first_come: int
    together: int


def _precedes(scoped: ScopedStore) -> frozenset[tuple[str, str]]:
    journeys = scoped.store.value("SELECT count(*) FROM journey")
    every = max(1, journeys // ENOUGH_JOURNEYS) if isinstance(journeys, int) else 1
    pairs = scoped.records(ORDER, {"every": every}, _Pair)
    return frozenset((p.earlier, p.later) for p in pairs if p.first_come >= BEFORE * p.together)


def _labels(store: Store, definition: JourneyDefinition, *, end: bool) -> tuple[str, ...]:
    ids = set(matching(store, definition.end if end else definition.start))
    return tuple(label for number, label in touchpoints(store) if number in ids)


def _usual(scoped: ScopedStore, ends: tuple[str, ...]) -> tuple[str, ...]:
    if not ends:
        return ()
    reached = scoped.records(QUERY, {}, _Reached)
    often = sorted(reached, key=lambda row: -row.journeys)[:USUAL_STEPS]
    steps = [row.label for row in reached if row in often and _common(row)]
    return (*(label for label in steps if label not in ends), ends[0])


def _common(row: _Reached) -> bool:
    return row.journeys >= USUAL_SHARE * row.converted
