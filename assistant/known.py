"""What may be said: the numbers, dates and names of a conversation's results."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from assistant.days import days_in
from assistant.numerals import SECONDS, said
from tools.analyses.result import Fact
from tools.exhibit import Exhibit

ROWS_SHOWN = 15
"""Rows of a table that a model is shown, and so may cite."""
DEFAULT_GROUP = 30
"""The catalogue's minimum group where a call names none."""
POOLED = frozenset({"", "other", "(not known)"})
"""Rows without a name of their own: a sentence says them in its own words."""
_NO_WORD = re.compile(r"[^\w]+")
Kind = Literal["rate", "difference", "ratio", "count", "seconds", "value", "score"]
KINDS: dict[str, Kind] = {
    "rate": "rate", "difference": "difference", "ratio": "ratio", "seconds": "seconds",
    "value": "value", "score": "score",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number that may be said."""

    value: float
    kind: Kind
    about: frozenset[str] = frozenset()
    """Names, casefolded, one of which the text has to mention: a row's number needs its row."""


@dataclass
class Known:
    """Everything that an answer may say numbers about."""

    quantities: set[Quantity] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    """Names that hold digits."""
    rows: int = 0
    """Rows of the longest table."""
    asked: set[float] = field(default_factory=set)
    """Numbers among the calls' arguments."""
    groups: set[float] = field(default_factory=set)
    """Minimum group sizes; sayable where a sentence is about small groups."""


def known_from(exhibits: Iterable[Exhibit], names: Iterable[str] = ()) -> Known:
    """Return what the results of a conversation allow to be said.

    Args:
        exhibits: The results, as shown.
        names: The store's own names, whose digits are no numbers.
    """
    known = Known(names={name for name in names if _has_digit_and_letter(name)})
    known.groups.add(DEFAULT_GROUP)
    for shown in exhibits:
        subjects = {name.casefold() for name in _subjects(shown)} - POOLED
        for fact in shown.facts:
            _add_fact(fact, subjects, known)
        _add_rows(shown, known)
        _add_scope(shown, known)
    return known


def names_with_digits(exhibits: Iterable[Exhibit]) -> set[str]:
    """Return the names of results that hold digits, "12" and "100 %" among them.

    A template puts a name where a name belongs; in a model's words such a name would be a number.
    """
    return {
        text
        for shown in exhibits
        for row in shown.rows
        for cell in _texts(row)
        for text in (cell, *cell.split(" \u2192 "))
        if any(c.isdigit() for c in text)
    }


def _subjects(shown: Exhibit) -> Iterator[str]:
    """Yield what rows are about; a label says what a number is, not what it is about."""
    for row in shown.rows:
        for column, cell in zip(shown.columns, row, strict=True):
            if column not in {"label", "unit"}:
                yield from _texts(cell)


def _add_fact(fact: Fact, subjects: Iterable[str], known: Known) -> None:
    """Add a fact's numbers; a fact about one row of the table needs that row to be named."""
    if fact.unit == "date":
        _add_days(str(fact.value or ""), known)
        return
    kind = KINDS.get(fact.unit, "count")
    label = f" {re.sub(_NO_WORD, ' ', fact.label.casefold())} "
    about = frozenset(
        name for name in subjects if f" {re.sub(_NO_WORD, ' ', name)} " in label and name.strip()
    )
    for number in (fact.value, fact.low, fact.high):
        _add(number, kind, known, about)
    for number in (fact.numerator, fact.denominator):
        _add(number, "count", known, about)


def _add_rows(shown: Exhibit, known: Known) -> None:
    known.rows = max(known.rows, len(shown.rows))
    is_rate = any("rate" in column for column in shown.columns)
    for row in shown.rows[:ROWS_SHOWN]:
        about = frozenset(name.casefold() for name in _texts(row)) - POOLED
        for column, cell in zip(shown.columns, row, strict=True):
            if isinstance(cell, bool):
                continue
            for kind in _column_kinds(column, cell, is_rate=is_rate):
                _add(cell, kind, known, about)
    for row in shown.rows:
        for cell in _texts(row):
            _add_days(cell, known)
            if _has_digit_and_letter(cell):
                known.names.add(cell)


def _column_kinds(column: str, cell: object, *, is_rate: bool) -> tuple[Kind, ...]:
    """Return what a table's cell is, by the name of its column."""
    if column.endswith(("_rate", "_share")) or column in {"rate", "share", "q", "p"}:
        return ("rate", "score")
    if column.endswith("seconds"):
        return ("seconds",)
    if "difference" in column:
        return ("difference",)
    if "ratio" in column or "lift" in column:
        return ("ratio",)
    if column.startswith(("low", "high")) or column.endswith(("_low", "_high")):
        return ("rate", "score") if is_rate else ("score",)
    if "value" in column:
        return ("value",)
    return ("count",) if isinstance(cell, int) else ("score",)


def _add_scope(shown: Exhibit, known: Known) -> None:
    for sentence in (shown.definition, shown.scope, *shown.caveats):
        _add_days(sentence, known)
        for number in said(sentence):
            if number.kind == "duration":
                _add(number.readings[0].value, "seconds", known)
    for caveat in shown.caveats:
        _add_caveat(caveat, known)
    for name, told in shown.arguments.items():
        if name == "minimum_group":
            known.groups.add(float(told))
        known.asked.update(_numbers(told))
        for text in _texts(told):
            _add_argument(text, known)


def _add_argument(text: str, known: Known) -> None:
    """What was asked for may be repeated: dates, durations, thresholds and names."""
    _add_days(text, known)
    if _has_digit_and_letter(text):
        known.names.add(text)
    known.asked.update(number.readings[0].value for number in said(text))
    for amount, unit in re.findall(r"\b(\d+(?:\.\d+)?)([smhdw])\b", text):
        _add(float(amount) * SECONDS[unit], "seconds", known)


def _add_caveat(caveat: str, known: Known) -> None:
    """A caveat is a result's own sentence: what it counts may be repeated."""
    kinds: dict[str, Kind] = {
        "percent": "rate", "points": "difference", "ratio": "ratio", "number": "count",
    }  # fmt: skip
    for number in said(caveat):
        if number.kind in kinds and not number.is_word:
            for reading in number.readings:
                _add(reading.value, kinds[number.kind], known)


def _add(number: object, kind: Kind, known: Known, about: frozenset[str] = frozenset()) -> None:
    if isinstance(number, int | float) and not isinstance(number, bool):
        known.quantities.add(Quantity(float(number), kind, about))


def _add_days(text: str, known: Known) -> None:
    for day in days_in(text):
        if day.month and day.day:
            known.days.add(date(day.year or 1, day.month, day.day))


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _numbers(value: Any) -> Iterator[float]:  # noqa: ANN401 - any JSON value
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _numbers(item)


def _has_digit_and_letter(name: str) -> bool:
    return any(c.isdigit() for c in name) and any(c.isalpha() for c in name)
