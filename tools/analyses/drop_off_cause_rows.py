"""What was known on arrival, compared: one row per thing, against everyone else of whom it is known."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from tools.analyses.result import Fact
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.intervals import newcombe, rate, wilson
from tools.statistics.stratified import RiskRatio, TwoByTwo, risk_ratio, risk_ratios
from tools.statistics.terms import Term

Kind = Literal[
    "seen", "just before", "shown", "steps", "visits", "pause", "age", "channel", "field"
]
LIKELY = 0.05
MOST_VALUES = 25
"""A field with more values than these tells single people apart, not groups."""
LEAK = 0.02
"""How much more often a field may be known of one side before it is taken as learnt later."""
ABSENCE = {"seen": "had not seen {}", "shown": "had not been sent {} in the 48 hours before"}
PRESENCE = {"seen": "had seen {}", "shown": "had been sent {} in the 48 hours before"}
FEWEST_EXITS = 5
"""Exits on either side: a ratio to hardly anyone tells nothing."""
OUTCOME = 0.8
"""A value that so many of the converted have, and so many of whose people convert, is the outcome."""
Stratum = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Counted:
    """One value in one stratum."""

    kind: str
    field: str
    value: str
    channel: str
    depth: int
    persons: int
    exits: int
    converted: int


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One thing known on arrival: those it holds for against all others of whom it is known."""

    cause: str
    """As it goes on after "people who": "had not seen Case study", "came by Email"."""
    kind: str
    field: str
    value: str
    is_absence: bool
    """It is not having seen, or not having been sent, the touchpoint in `value`."""
    persons: int
    exits: int
    exit_rate: float | None
    low: float | None
    high: float | None
    others: int
    other_exits: int
    other_rate: float | None
    crude_ratio: float | None
    """Exit rates divided; nothing held fixed."""
    ratio: float | None
    """The same with first channel and depth held fixed: the one that is told."""
    ratio_low: float | None
    ratio_high: float | None
    extra: float
    """Exits beyond those expected at the others' rates in the same strata."""
    q_value: float | None


@dataclass(frozen=True, slots=True)
class Causes:
    """All that were compared, the ones to be told first."""

    rows: tuple[CauseRow, ...]
    compared: int
    left_out: tuple[str, ...]


def causes(counted: Sequence[Counted], own: frozenset[str], minimum: int) -> Causes:
    """Compare everything that was known on arrival.

    Args:
        counted: Counts by value and stratum; the kind "everyone" holds all.
        own: The touchpoints asked about: no cause of themselves.
        minimum: Fewest people on each side.
    """
    everyone: dict[Stratum, list[int]] = defaultdict(lambda: [0, 0])
    values: dict[tuple[str, str, str], dict[Stratum, list[int]]] = {}
    fields: dict[tuple[str, str], dict[Stratum, list[int]]] = {}
    for each in counted:
        stratum = (each.channel, each.depth)
        if each.kind == "everyone":
            everyone[stratum] = [each.persons, each.exits]
        elif each.value not in own or each.kind in {"channel", "field"}:
            for table in (
                values.setdefault((each.kind, each.field, each.value), {}),
                fields.setdefault((each.kind, each.field), {}),
            ):
                held = table.setdefault(stratum, [0, 0])
                held[0], held[1] = held[0] + each.persons, held[1] + each.exits
    left_out = [*_learnt_later(fields, values, everyone), *_outcomes(counted)]
    rows: list[CauseRow] = []
    tables: list[list[TwoByTwo]] = []
    passed_over = {*left_out, *_too_many(values)}
    for (kind, field, value), table in values.items():
        if (kind, field) in passed_over:
            continue
        known = everyone if kind in {"seen", "just before", "shown"} else fields[kind, field]
        row, strata = _row(kind, field, value, table, known)
        fewest = FEWEST_EXITS if minimum > FEWEST_EXITS else 0
        if min(row.persons, row.others) >= minimum and min(row.exits, row.other_exits) >= fewest:
            rows.append(row)
            tables.append(strata)
    ranked = sorted(_with_effects(rows, tables), key=_place)
    names = tuple(dict.fromkeys(field for kind, field in left_out if kind == "field"))
    return Causes(tuple(ranked), len(ranked), names)


def _too_many(values: Iterable[tuple[str, str, str]]) -> set[tuple[str, str]]:
    sizes: dict[tuple[str, str], int] = defaultdict(int)
    for kind, field, _ in values:
        sizes[kind, field] += 1
    return {key for key, size in sizes.items() if key[0] == "field" and size > MOST_VALUES}


def _learnt_later(
    fields: dict[tuple[str, str], dict[Stratum, list[int]]],
    values: Iterable[tuple[str, str, str]],
    everyone: dict[Stratum, list[int]],
) -> list[tuple[str, str]]:
    """Return the fields whose being known goes together with leaving or going on."""
    persons = sum(held[0] for held in everyone.values())
    exits = sum(held[1] for held in everyone.values())
    found = []
    crowded = _too_many(values)
    for key, table in fields.items():
        if key[0] != "field" or key in crowded:
            continue
        known, known_exits = (sum(held[i] for held in table.values()) for i in (0, 1))
        low, high = newcombe(known - known_exits, persons - exits, known_exits, exits)
        if low is not None and high is not None and (low > LEAK or high < -LEAK):
            found.append(key)
    return found


def _outcomes(counted: Sequence[Counted]) -> list[tuple[str, str]]:
    """Return the fields of which one value is but another name for having converted."""
    totals: dict[tuple[str, str], dict[str, list[int]]] = {}
    for each in counted:
        if each.kind == "field":
            held = totals.setdefault((each.kind, each.field), {}).setdefault(each.value, [0, 0])
            held[0], held[1] = held[0] + each.persons, held[1] + each.converted
    found = []
    for key, values in totals.items():
        won = sum(converted for _, converted in values.values())
        if len(values) > 1 and any(
            converted >= OUTCOME * max(1, won) and converted >= OUTCOME * persons
            for persons, converted in values.values()
        ):
            found.append(key)
    return found


def _row(
    kind: str,
    field: str,
    value: str,
    table: dict[Stratum, list[int]],
    known: dict[Stratum, list[int]],
) -> tuple[CauseRow, list[TwoByTwo]]:
    strata: dict[Stratum, TwoByTwo] = {}
    for (channel, depth), (persons, exits) in known.items():
        here = table.get((channel, depth), [0, 0])
        key = ("" if kind == "channel" else channel, 0 if kind == "steps" else depth)
        cell = TwoByTwo(here[0], here[1], persons - here[0], exits - here[1])
        strata[key] = _added(strata[key], cell) if key in strata else cell
    told = list(strata.values())
    absent = kind in ABSENCE and _below_one(told)
    if absent:
        told = [TwoByTwo(s.others, s.other_events, s.exposed, s.exposed_events) for s in told]
    persons, exits = sum(s.exposed for s in told), sum(s.exposed_events for s in told)
    others, other_exits = sum(s.others for s in told), sum(s.other_events for s in told)
    low, high = wilson(exits, persons)
    own, other = rate(exits, persons), rate(other_exits, others)
    row = CauseRow(
        _said(kind, field, value, absent), kind, field, value, absent,
        persons, exits, own, low, high, others, other_exits, other,
        own / other if own is not None and other else None,
        None, None, None, 0.0, None,
    )  # fmt: skip
    return row, told


def _added(one: TwoByTwo, other: TwoByTwo) -> TwoByTwo:
    return TwoByTwo(
        one.exposed + other.exposed,
        one.exposed_events + other.exposed_events,
        one.others + other.others,
        one.other_events + other.other_events,
    )


def _below_one(strata: Sequence[TwoByTwo]) -> bool:
    ratio = risk_ratio(strata).ratio
    if ratio is not None:
        return ratio < 1
    own, events = sum(s.exposed for s in strata), sum(s.exposed_events for s in strata)
    others, other_events = sum(s.others for s in strata), sum(s.other_events for s in strata)
    return events * others < other_events * own


def _said(kind: str, field: str, value: str, absent: bool) -> str:
    if kind in ABSENCE:
        return (ABSENCE if absent else PRESENCE)[kind].format(value)
    if kind == "just before":
        return f"came straight from {value}"
    if kind == "channel":
        return f"first came by {value}"
    if kind == "steps":
        number = {"none": "no step", "1": "one step"}.get(value, f"{value} steps")
        return f"had taken {number} before"
    if kind == "visits":
        return f"were on their {value} visit"
    if kind == "pause":
        return "came without a pause" if value == "none" else f"came after a pause of {value}"
    if kind == "age":
        return f"had begun {value.replace('up to', 'at most')} earlier"
    return f"have {field.replace('_', ' ')} {value}"


def _with_effects(rows: list[CauseRow], tables: list[list[TwoByTwo]]) -> list[CauseRow]:
    if not rows:
        return []
    width = max(len(table) for table in tables)
    cells = np.zeros((4, len(rows), width), np.int64)
    for place, table in enumerate(tables):
        for stratum, cell in enumerate(table):
            cells[:, place, stratum] = (
                cell.exposed, cell.exposed_events, cell.others, cell.other_events,
            )  # fmt: skip
    effects = risk_ratios(*cells)
    tested = [place for place, effect in enumerate(effects) if effect.p_value is not None]
    q_values = benjamini_hochberg([effects[place].p_value or 0.0 for place in tested])
    q_by_place = dict(zip(tested, q_values, strict=True))
    return [
        _told(row, effect, q_by_place.get(place))
        for place, (row, effect) in enumerate(zip(rows, effects, strict=True))
    ]


def _told(row: CauseRow, effect: RiskRatio, q_value: float | None) -> CauseRow:
    return replace(
        row,
        ratio=effect.ratio,
        ratio_low=effect.low,
        ratio_high=effect.high,
        extra=effect.exposed_events - effect.expected,
        q_value=q_value,
    )


def is_clear(row: CauseRow) -> bool:
    """Return whether it goes with more leaving, beyond chance."""
    return (
        row.q_value is not None
        and row.q_value < LIKELY
        and row.ratio_low is not None
        and row.ratio_low > 1
    )


def _place(row: CauseRow) -> tuple[bool, float, str]:
    """Rank what is clear by how many it affects, the rest by q."""
    if is_clear(row):
        return False, -row.extra, row.cause
    return True, row.q_value if row.q_value is not None else 2.0, row.cause


def facts_of(
    rows: Sequence[CauseRow],
    persons: int,
    exits: int,
    compared: int,
    terms: Sequence[Term],
    notes: int,
    other_notes: int,
) -> tuple[Fact, ...]:
    """Return the facts of the rows listed and of the words."""
    low, high = wilson(exits, persons)
    facts = [
        Fact(
            "drop_off_causes.exit_rate", "Left on first arriving", rate(exits, persons), "rate",
            exits, persons, low, high,
        ),
        Fact("drop_off_causes.compared", "Things compared", compared, "count"),
        Fact("drop_off_causes.notes", "Texts of those who left", notes, "count"),
        Fact("drop_off_causes.other_notes", "Texts of those who went on", other_notes, "count"),
    ]  # fmt: skip
    for number, row in enumerate(rows, start=1):
        name = f"drop_off_causes.{number}"
        facts += [
            Fact(
                f"{name}.exit_rate", f"Left: people who {row.cause}", row.exit_rate, "rate",
                row.exits, row.persons, row.low, row.high,
            ),
            Fact(
                f"{name}.other_rate", f"Left: the others, beside people who {row.cause}",
                row.other_rate, "rate", row.other_exits, row.others,
            ),
            Fact(
                f"{name}.ratio", f"Times as likely to leave: people who {row.cause}", row.ratio,
                "ratio", low=row.ratio_low, high=row.ratio_high,
            ),
            Fact(
                f"{name}.crude_ratio", f"Rates divided: people who {row.cause}", row.crude_ratio,
                "ratio",
            ),
            Fact(f"{name}.extra", f"Left beyond expectation: people who {row.cause}", row.extra, "persons"),
            Fact(f"{name}.q", f"Chance of a false find (q): people who {row.cause}", row.q_value, "score"),
        ]  # fmt: skip
    for number, term in enumerate(terms, start=1):
        name = f"drop_off_causes.term_{number}"
        facts += [
            Fact(
                f"{name}.share", f"Texts of those who left with '{term.text}'",
                rate(term.texts, notes), "rate", term.texts, notes,
            ),
            Fact(
                f"{name}.other_share", f"Texts of those who went on with '{term.text}'",
                rate(term.other_texts, other_notes), "rate", term.other_texts, other_notes,
            ),
        ]  # fmt: skip
    return tuple(facts)
