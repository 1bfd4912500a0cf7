"""How good the people are that each channel brings, like compared with like."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tools.analyses.result import NOT_KNOWN, Fact
from tools.journeys.scope import (
    COLUMNS,
    ScopedStore,
    property_names,
    segment_expression,
    segment_values,
    trait_names,
)
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.intervals import rate, wilson
from tools.statistics.stratified import RiskRatio, TwoByTwo, risk_ratio
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__)
FIELDS, VALUES = 3, 12
"""Most fields held fixed at once, and most values of one."""
KNOWN, FORETOLD = 0.95, 0.95
CLEAR = 0.05
"""q-value under which a comparison is clear, where its interval says so too."""
Strata = Mapping[tuple[str, ...], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class ChannelQuality:
    """The journeys that began with one channel; the comparison is of people."""

    name: str
    journeys: int
    """Mature ones."""
    converted: int
    conversion_rate: float | None
    low: float | None
    high: float | None
    median_seconds: float | None
    """From the start to the conversion."""
    median_steps: float | None
    value: float | None
    """Of all its conversions; None where there is none in one currency."""
    persons: int
    """By their first mature journey."""
    ratio: float | None = None
    """Conversion against all other known channels, persons by their first journey."""
    ratio_low: float | None = None
    ratio_high: float | None = None
    q_value: float | None = None
    adjusted_ratio: float | None = None
    """The same with the fields of `AttributionResult.adjusted_for` held fixed."""
    adjusted_low: float | None = None
    adjusted_high: float | None = None
    adjusted_q: float | None = None
    reversed_by: str | None = None
    """The field within whose values the comparison clearly turns round."""
    within_ratio: float | None = None
    """The ratio with that field alone held fixed."""
    within_low: float | None = None
    within_high: float | None = None


@dataclass(frozen=True, slots=True)
class _Counted:
    aspect: str
    name: str | None
    first_field: str | None
    second_field: str | None
    third_field: str | None
    journeys: int
    converted: int
    median_seconds: float | None
    median_steps: float | None
    value: float | None


def channel_quality(
    scoped: ScopedStore, by: str, *, has_value: bool
) -> tuple[tuple[ChannelQuality, ...], tuple[str, ...]]:
    """Return each first channel's quality, most journeys first, and the fields held fixed.

    What is held fixed was known at the first touch: its properties with few values, and traits
    that nearly everyone has. A trait is left out when one of its values means conversion, such as
    a plan or a stage: it came after what it would explain.
    """
    store = scoped.store
    fields = known_fields(store)
    counted = scoped.records(*_query(store, fields, by), _Counted)
    strata: dict[str, dict[tuple[str, ...], tuple[int, int]]] = defaultdict(dict)
    for row in counted:
        if row.aspect == "stratum":
            told = (row.first_field, row.second_field, row.third_field)[: len(fields)]
            strata[row.name or NOT_KNOWN][tuple(value or "" for value in told)] = (
                row.journeys,
                row.converted,
            )
    kept = [n for n in range(len(fields)) if not foretells(strata, n, scoped.scope.minimum_group)]
    rows = [_whole(row, strata, has_value=has_value) for row in counted if row.aspect == "whole"]
    rows.sort(key=lambda row: (row.name == NOT_KNOWN, -row.journeys, row.name))
    names = [
        row.name
        for row in rows
        if row.name != NOT_KNOWN and row.persons >= scoped.scope.minimum_group
    ]
    known = {name: told for name, told in strata.items() if name != NOT_KNOWN}
    if len(known) < 2:
        return tuple(rows), ()
    rows = _compared(rows, known, names, [(n, fields[n]) for n in kept])
    return tuple(rows), tuple(fields[n] for n in kept)


def known_fields(store: Store) -> tuple[str, ...]:
    """Return what was known at nearly every first touch and has few values, fewest first."""
    everyone = int(str(store.value("SELECT count(*) FROM person")))
    few = [(name, segment_values(store, name, VALUES + 1)) for name in property_names(store)]
    for name in trait_names(store):
        having = store.value("SELECT count(*) FROM trait WHERE name = $name", {"name": name})
        if int(str(having)) >= KNOWN * everyone:
            few.append((name, segment_values(store, name, VALUES + 1)))
    told = [(len(values), name) for name, values in few if 2 <= len(values) <= VALUES]
    return tuple(name for _, name in sorted(told) if name not in COLUMNS)[:FIELDS]


def _query(store: Store, fields: Sequence[str], by: str) -> tuple[str, dict[str, object]]:
    sql, parameters = QUERY, {"by": by}
    told: dict[str, object] = dict(parameters)
    for place, name in zip(("first", "second", "third"), fields, strict=False):
        expression, values = segment_expression(store, name)
        for key, value in values.items():
            expression = expression.replace(f"${key}", f"${place}_{key}")
            told[f"{place}_{key}"] = value
        sql = sql.replace(f"NULL /* {place} */", expression)
    return sql, told


def foretells(strata: Mapping[str, Strata], place: int, minimum: int) -> bool:
    """Return whether a value of the field means conversion, while not everyone converts."""
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for told in strata.values():
        for values, (persons, converted) in told.items():
            totals[values[place]][0] += persons
            totals[values[place]][1] += converted
    everyone = sum(persons for persons, _ in totals.values())
    winners = sum(converted for _, converted in totals.values())
    if not everyone or winners / everyone > FORETOLD - 0.15:
        return False
    return any(n >= max(minimum, 10) and won / n > FORETOLD for n, won in totals.values())


def _whole(row: _Counted, strata: Mapping[str, Strata], *, has_value: bool) -> ChannelQuality:
    low, high = wilson(row.converted, row.journeys)
    name = row.name or NOT_KNOWN
    return ChannelQuality(
        name=name,
        journeys=row.journeys,
        converted=row.converted,
        conversion_rate=rate(row.converted, row.journeys),
        low=low,
        high=high,
        median_seconds=row.median_seconds,
        median_steps=row.median_steps,
        value=row.value if has_value else None,
        persons=sum(persons for persons, _ in strata.get(name, {}).values()),
    )


def _compared(
    rows: list[ChannelQuality],
    known: Mapping[str, Strata],
    names: Sequence[str],
    fields: Sequence[tuple[int, str]],
) -> list[ChannelQuality]:
    crude = _ratios(known, names, lambda _: ())
    places = [n for n, _ in fields]
    adjusted = _ratios(known, names, lambda v: tuple(v[n] for n in places)) if places else crude
    within = {field: _ratios(known, names, lambda v, n=n: (v[n],)) for n, field in fields}  # type: ignore[misc]  # mypy cannot type a lambda's default
    told = []
    for row in rows:
        if row.name not in crude:
            told.append(row)
            continue
        plain, plain_q = crude[row.name]
        fair, fair_q = adjusted[row.name]
        judged = replace(
            row,
            ratio=plain.ratio,
            ratio_low=plain.low,
            ratio_high=plain.high,
            q_value=plain_q,
            adjusted_ratio=fair.ratio,
            adjusted_low=fair.low,
            adjusted_high=fair.high,
            adjusted_q=fair_q,
        )
        told.append(_turned(judged, crude[row.name], {f: by[row.name] for f, by in within.items()}))
    return told


Judged = tuple[RiskRatio, float | None]


def _turned(row: ChannelQuality, plain: Judged, within: Mapping[str, Judged]) -> ChannelQuality:
    """Note the field that turns the comparison round, where both sides of it are clear."""
    for field, fair in within.items():
        if _side(plain) * _side(fair) < 0:
            found = fair[0]
            return replace(
                row,
                reversed_by=field,
                within_ratio=found.ratio,
                within_low=found.low,
                within_high=found.high,
            )
    return row


def _side(judged: Judged) -> int:
    """Return 1 where it clearly converts more than the others, -1 where less, else 0."""
    found, q_value = judged
    if found.low is None or found.high is None or q_value is None or q_value >= CLEAR:
        return 0
    return 1 if found.low > 1 else -1 if found.high < 1 else 0


def _ratios(
    known: Mapping[str, Strata],
    names: Sequence[str],
    stratum: Callable[[tuple[str, ...]], tuple[str, ...]],
) -> dict[str, Judged]:
    """Return each name's risk ratio against all others, with q over the names."""
    own: dict[str, dict[tuple[str, ...], list[int]]] = {}
    everyone: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    for name, told in known.items():
        counts: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
        for values, (persons, converted) in told.items():
            for place in (counts[stratum(values)], everyone[stratum(values)]):
                place[0] += persons
                place[1] += converted
        own[name] = counts
    found = [
        risk_ratio(
            TwoByTwo(n, won, everyone[key][0] - n, everyone[key][1] - won)
            for key, (n, won) in sorted(own[name].items())
        )
        for name in names
    ]
    corrected = iter(benjamini_hochberg([f.p_value for f in found if f.p_value is not None]))
    return {
        name: (ratio, None if ratio.p_value is None else next(corrected))
        for name, ratio in zip(names, found, strict=True)
    }


def quality_facts(number: int, row: ChannelQuality) -> list[Fact]:
    """Return the facts of one first channel."""
    start = f"attribution.quality_{number}"
    began = f"of journeys that began with {row.name}"
    return [
        Fact(
            f"{start}.conversion_rate",
            f"Conversion {began}",
            row.conversion_rate,
            "rate",
            row.converted,
            row.journeys,
            row.low,
            row.high,
        ),
        Fact(f"{start}.median_seconds", f"Time to convert {began}", row.median_seconds, "seconds"),
        Fact(f"{start}.median_steps", f"Length {began}", row.median_steps, "steps"),
        Fact(f"{start}.value", f"Value {began}", row.value, "value"),
        Fact(
            f"{start}.value_per_conversion",
            f"Value of a conversion {began}",
            row.value / row.converted if row.value is not None and row.converted else None,
            "value",
        ),
        Fact(
            f"{start}.persons",
            f"People whose first journey began with {row.name}",
            row.persons,
            "persons",
        ),
        Fact(
            f"{start}.ratio",
            f"Conversion with {row.name} first, against the other channels",
            row.ratio,
            "ratio",
            low=row.ratio_low,
            high=row.ratio_high,
        ),
        Fact(
            f"{start}.adjusted_ratio",
            f"The same, like compared with like ({row.name})",
            row.adjusted_ratio,
            "ratio",
            low=row.adjusted_low,
            high=row.adjusted_high,
        ),
        Fact(f"{start}.adjusted_q", f"q of that ({row.name})", row.adjusted_q, "score"),
        Fact(
            f"{start}.within_ratio",
            f"The same within each {row.reversed_by} ({row.name})",
            row.within_ratio,
            "ratio",
            low=row.within_low,
            high=row.within_high,
        ),
    ]
