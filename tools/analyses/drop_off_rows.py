"""Touchpoints by the journeys that end there: counts, expectation and excess."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tools.analyses.drop_off_parts import OTHER, DropOffRow, Kind
from tools.analyses.step_order import in_order
from tools.errors import NoDataError
from tools.journeys.scope import ScopedStore
from tools.journeys.touchpoints import flags
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.excess import Stratum, excess
from tools.statistics.intervals import rate, wilson
from tools.store.door import read_sql

POOLED_QUERY = read_sql(__file__, "drop_off_pooled.sql")


@dataclass(frozen=True, slots=True)
class Counted:
    """The journeys at one touchpoint, at one step position or in all."""

    touchpoint_id: int | None
    label: str | None
    position: int | None
    journeys: int
    exits: int
    mature: int
    mature_exits: int


@dataclass(frozen=True, slots=True)
class Reached:
    """The journeys that reached any of some touchpoints."""

    journeys: int
    mature: int
    exits: int = 0
    mature_exits: int = 0


@dataclass(frozen=True, slots=True)
class Visits:
    """Mature visits and exits by step position, of every touchpoint and of all together."""

    own: Mapping[int, Mapping[int, tuple[int, int]]]
    all: Mapping[int, tuple[int, int]]

    def strata(self, numbers: Iterable[int]) -> list[Stratum]:
        """Return the strata of some touchpoints together."""
        told: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for number in numbers:
            for position, (visits, exits) in self.own[number].items():
                told[position][0] += visits
                told[position][1] += exits
        return [
            Stratum(visits, exits, *self.all[position])
            for position, (visits, exits) in sorted(told.items())
        ]


def visits_of(counted: Iterable[Counted]) -> Visits:
    """Return the mature visits by touchpoint and position."""
    own: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    every: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in counted:
        if row.touchpoint_id is not None and row.position is not None:
            own[row.touchpoint_id][row.position] = (row.mature, row.mature_exits)
            visits, exits = every[row.position]
            every[row.position] = (visits + row.mature, exits + row.mature_exits)
    return Visits(own, every)


def _row(
    name: str, kind: Kind, reached: Reached | Counted, strata: Sequence[Stratum]
) -> tuple[DropOffRow, float | None]:
    """Return a row without its q-value, and its p-value."""
    found = excess(strata)
    low, high = wilson(reached.mature_exits, reached.mature)
    row = DropOffRow(
        touchpoint=name,
        kind=kind,
        journeys=reached.journeys,
        exits=reached.exits,
        mature=reached.mature,
        mature_exits=reached.mature_exits,
        exit_rate=rate(reached.mature_exits, reached.mature),
        low=low,
        high=high,
        expected_exits=found.expected,
        excess_exits=found.excess,
        excess_low=found.low,
        excess_high=found.high,
        q_value=None,
    )
    return row, found.p_value


def ranked(
    scoped: ScopedStore,
    wholes: Sequence[Counted],
    tested: Sequence[Counted],
    visits: Visits,
    top: int,
) -> tuple[DropOffRow, ...]:
    """Return the touchpoints with most excess exits, and all others as one row."""
    told = []
    for whole in tested:
        number = whole.touchpoint_id or 0
        row, p_value = _row(whole.label or "", "touchpoint", whole, visits.strata([number]))
        told.append((number, row, p_value))
    corrected = iter(benjamini_hochberg([p for _, _, p in told if p is not None]))
    judged = [
        (number, row if p_value is None else replace(row, q_value=next(corrected)))
        for number, row, p_value in told
    ]
    judged.sort(key=lambda pair: (-pair[1].excess_exits, -pair[1].exits, pair[1].touchpoint))
    listed = {number for number, _ in judged[:top]}
    rest = [whole.touchpoint_id or 0 for whole in wholes if whole.touchpoint_id not in listed]
    rows = [row for _, row in judged[:top]]
    if rest:
        rows.append(_row(OTHER, "other", _reached(scoped, wholes, rest), visits.strata(rest))[0])
    return tuple(rows)


def one(
    scoped: ScopedStore, name: str, ids: tuple[int, ...], wholes: Sequence[Counted], visits: Visits
) -> DropOffRow:
    """Return the row of the touchpoint asked about; its q-value is its p-value, it is alone."""
    known = [number for number in ids if number in visits.own]
    if not known:
        raise NoDataError(f"No journey in scope visited {name}: {scoped.scope.sentence()}.")
    reached = _reached(scoped, wholes, known)
    row, p_value = _row(name, "touchpoint", reached, visits.strata(known))
    if reached.mature < scoped.scope.minimum_group:
        return replace(row, exit_rate=None, low=None, high=None)
    return replace(row, q_value=p_value)


def _reached(
    scoped: ScopedStore, wholes: Sequence[Counted], numbers: Sequence[int]
) -> Reached | Counted:
    """Return the journeys that reached any of `numbers`; each ends at one touchpoint only."""
    own = [whole for whole in wholes if whole.touchpoint_id in set(numbers)]
    if len(own) == 1:
        return own[0]
    pooled = {"is_pooled": flags(numbers)}
    (reached,) = scoped.records(in_order(scoped, POOLED_QUERY), pooled, Reached)
    return replace(
        reached,
        exits=sum(whole.exits for whole in own),
        mature_exits=sum(whole.mature_exits for whole in own),
    )
