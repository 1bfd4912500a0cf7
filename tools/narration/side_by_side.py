"""Two groups side by side, in sentences."""

from tools.analyses.side_by_side import Pair, SideBySide
from tools.narration.certainty import certainty, how_sure, is_finding
from tools.narration.words import Narration, percent, points

ASSOCIATION = (
    "The groups differ in this; it does not show that what names them makes the difference."
)


def narrate(result: SideBySide, first: Narration, second: Narration) -> Narration:
    """Say how the main rate differs, then what else does, then each side's own answer."""
    rates = [row for row in result.rows if row.unit == "rate" and row.difference is not None]
    own = (
        f"For {result.first_name}: {first.answer}",
        f"For {result.second_name}: {second.answer}",
    )
    main = result.main
    if main is None:
        return Narration(own[0], own[1:], result.caveats, first.follow_ups)
    told = certainty(main.low, main.high, main.q_value)
    found = [row for row in rates if row is not main and _is_finding(row)]
    found.sort(key=lambda row: -abs(row.difference or 0.0))
    support = [how_sure(told), *(_sentence(result, row) for row in found[:2]), *own]
    caveats = result.caveats + ((ASSOCIATION,) if is_finding(told) or found else ())
    return Narration(_sentence(result, main), tuple(support), caveats, first.follow_ups)


def _is_finding(row: Pair) -> bool:
    return is_finding(certainty(row.low, row.high, row.q_value))


def _sentence(result: SideBySide, row: Pair) -> str:
    what = _capital(row.label)
    sides = f"{_rate(row.first, row.first_numerator, row.first_denominator)} against "
    sides += _rate(row.second, row.second_numerator, row.second_denominator)
    names = (result.first_name, result.second_name)
    if not _is_finding(row):
        return f"{what} does not clearly differ between {names[0]} and {names[1]}: {sides}."
    form = "higher" if (row.difference or 0.0) > 0 else "lower"
    by = points(row.difference or 0.0)
    return f"{what} is {form} for {names[0]} than for {names[1]}, by {by}: {sides}."


def _rate(value: float | None, part: int | None, whole: int | None) -> str:
    base = f" ({part:,} of {whole:,})" if part is not None and whole is not None else ""
    return f"{percent(value)}{base}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
