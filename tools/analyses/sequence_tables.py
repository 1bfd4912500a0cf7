"""How many people came to touchpoints in order, and how many of them converted or left, by stratum."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

Key = tuple[int | None, int | None, int]
"""The touchpoints that were come to, in order; the last is the one compared at."""
Table = npt.NDArray[np.int64]
Comparison = tuple[Table, Table, Table, Table]
"""Rows of strata: people of the one side and their events, people of the other and theirs."""
Stratum = tuple[int, int, str]
"""Step, stage and first channel."""
HALF, APART, STAGE, TALLY = 13, 31, 44, 8
"""The bits of what a journey has seen: two halves, `APART` from each other, then the stage."""
NUMBER = 16
"""Two of the narrow touchpoints in order are one number: the first times this, and the second."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Who came to one touchpoint in their first journey."""

    touchpoint_id: int
    persons: int
    converted: int
    began: int
    """Who of the converted began there."""


@dataclass(frozen=True, slots=True)
class Named:
    """People who first came to `third_id` in one stratum, of those with the other before it."""

    second_id: int | None
    third_id: int
    step: int
    stage: int
    channel: str
    persons: int
    converted: int
    exits: int


@dataclass(frozen=True, slots=True)
class Surveyed:
    """People who first came to a touchpoint in one stratum, with one outcome."""

    touchpoint_id: int
    step: int
    stage: int
    channel: str
    converted: bool
    is_last: bool
    persons: int
    seen: Sequence[int]
    """Who of them had been at each of the widest by then, themselves included; two to a number."""
    orders: Sequence[int]
    """Two of the narrow ones that some of them had been at before, in order, as one number."""
    times: Sequence[int]
    """How many had, for each of `orders`."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The touchpoints whose pairs and threes are counted."""

    widest: tuple[int, ...]
    """Most people first."""
    narrow: tuple[int, ...]
    required: frozenset[int]
    last: int
    """The highest touchpoint_id in scope."""

    def asked(self) -> dict[str, object]:
        """Return the numbers by which the query carries along what a journey has seen.

        Lists are read by touchpoint_id, which counts from 1.
        """
        weights, tallies, places = [0] * self.last, [0] * self.last, [NUMBER - 1] * self.last
        for place, number in enumerate(self.widest):
            weights[number - 1] = 1 << (place if place < HALF else place - HALF + APART)
        for place, number in enumerate(self.narrow):
            tallies[number - 1], places[number - 1] = 1, place
        for number in self.required:
            weights[number - 1] += 1 << STAGE
            tallies[number - 1] += 1 << TALLY
        return {
            "weights": weights,
            "tallies": tallies,
            "places": places,
            "two": 1 | 1 << APART,
            "widest": (1 << STAGE) - 1,
            "narrow": len(self.narrow),
        }


class Tables:
    """People and events by what they had done (rows) and by stratum (columns)."""

    def __init__(self, keys: Sequence[Key], persons: Table, events: Table) -> None:
        """Hold a row for each key; one more row, of zeros, is what nobody did."""
        self.place = {key: number for number, key in enumerate(keys)}
        none = np.zeros((1, persons.shape[1]), np.int64)
        self.persons, self.events = np.vstack([persons, none]), np.vstack([events, none])
        self.totals = self.persons.sum(axis=1)

    def with_against_without(self, keys: Sequence[Key]) -> Comparison:
        """Compare those who had done the others before with all else who came to the last."""
        own = [self.place[key] for key in keys]
        whole = [self.place[None, None, key[2]] for key in keys]
        persons, events = self.persons[own], self.events[own]
        return persons, events, self.persons[whole] - persons, self.events[whole] - events

    def one_way_against_other(self, keys: Sequence[Key]) -> Comparison:
        """Compare those who took a pair in order with those who took it the other way round."""
        own = [self.place[key] for key in keys]
        turned = [self.place.get((None, key[2], key[1] or 0), -1) for key in keys]
        return self.persons[own], self.events[own], self.persons[turned], self.events[turned]


def named_tables(counted: Sequence[Named], *, left: bool) -> Tables:
    """Lay out two touchpoints; `left` counts those who went no further, else those who converted."""
    keys = list(dict.fromkeys((None, row.second_id, row.third_id) for row in counted))
    places = {key: number for number, key in enumerate(keys)}
    columns = _columns((row.step, row.stage, row.channel) for row in counted)
    persons, events = (np.zeros((len(keys), len(columns)), np.int64) for _ in range(2))
    for row in counted:
        here = places[None, row.second_id, row.third_id]
        column = columns[row.step, row.stage, row.channel]
        persons[here, column] = row.persons
        events[here, column] = row.exits if left else row.converted
    return Tables(keys, persons, events)


def surveyed_tables(
    survey: Survey, counted: Sequence[Surveyed], minimum: int, *, left: bool
) -> Tables:
    """Lay out all touchpoints, pairs, and those threes that at least `minimum` people took."""
    columns = _columns((row.step, row.stage, row.channel) for row in counted)
    column = np.array([columns[row.step, row.stage, row.channel] for row in counted], np.intp)
    is_event = np.array(
        [not row.converted and row.is_last if left else row.converted for row in counted], np.int64
    )
    ids = sorted(survey.widest)
    base = len(ids) + 1  # a key is a number to this base, and none in it is 0
    code, row, amount = _cells(survey, counted, {number: n for n, number in enumerate(ids, 1)})
    codes, place = np.unique(code, return_inverse=True)
    persons, events = (np.zeros((len(codes), len(columns)), np.int64) for _ in range(2))
    np.add.at(persons, (place, column[row]), amount)
    np.add.at(events, (place, column[row]), amount * is_event[row])
    enough = (codes < base**2) | (persons.sum(axis=1) >= minimum)
    known = (None, *ids)
    keys = [
        (known[number // base**2], known[number // base % base], ids[number % base - 1])
        for number in codes[enough].tolist()
    ]
    return Tables(keys, persons[enough], events[enough])


def _columns(strata: Iterable[Stratum]) -> dict[Stratum, int]:
    return {stratum: number for number, stratum in enumerate(dict.fromkeys(strata))}


def _cells(
    survey: Survey, counted: Sequence[Surveyed], ranks: Mapping[int, int]
) -> tuple[Table, Table, Table]:
    """Return, for each thing that people of a row had done, its key as a number, the row, and how many."""
    base = len(ranks) + 1
    rank = np.array([ranks[number] for number in survey.widest], np.int64)
    third = np.array([ranks[row.touchpoint_id] for row in counted], np.int64)
    row = np.arange(len(counted))
    persons = np.array([each.persons for each in counted], np.int64)
    halves = np.array([each.seen for each in counted], np.int64).reshape(len(counted), HALF)
    seen = np.hstack([halves & ((1 << APART) - 1), halves >> APART])
    of, second = np.nonzero(seen)
    of, second = (told[rank[second] != third[of]] for told in (of, second))
    in_order = row.repeat([len(each.orders) for each in counted])
    orders, times = (
        np.fromiter(chain.from_iterable(lists), np.int64)
        for lists in ((each.orders for each in counted), (each.times for each in counted))
    )
    two = rank[orders // NUMBER] * base + rank[orders % NUMBER]
    code = [third, rank[second] * base + third[of], two * base + third[in_order]]
    return (
        np.concatenate(code),
        np.concatenate([row, of, in_order]),
        np.concatenate([persons, seen[of, second], times]),
    )
