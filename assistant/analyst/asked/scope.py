"""What every analysis is asked: the journey, the periods, the filters, and a second group."""

import re
from collections.abc import Iterable
from typing import Any

from assistant.analyst.periods import Period
from assistant.analyst.reading import Filter, Reading, Touch
from assistant.answer import Context

Told = dict[str, Any]
TWO = 2


def scope_arguments(
    reading: Reading, context: Context, used: Iterable[Touch] = (), *, sides: bool = False
) -> Told:
    """Return the scope's arguments: the page's choices, and what the question says otherwise.

    Args:
        reading: The question.
        context: What the sidebar has chosen.
        used: Touchpoints that the analysis's own arguments hold already.
        sides: Whether two groups that are compared are put side by side.
    """
    told: Told = context.arguments()
    if reading.journey:
        told["journey"] = reading.journey
    if reading.period or reading.rival:
        told.pop("from", None)
        told.pop("to", None)
        told |= period_arguments(reading)
    own = own_filters(reading, used)
    if sides and (pair := two_groups(reading)):
        own, told["versus"] = (*own, pair[0]), (pair[1],)
    where = merged(told.pop("where", ()), own)
    if where:
        told["where"] = where
    return told


def period_arguments(reading: Reading) -> Told:
    """Return the question's periods as arguments; the rival is put beside the one asked about."""
    return {**_days(reading.period), **_days(reading.rival, "versus_")}


def _days(period: Period | None, prefix: str = "") -> Told:
    ends = {"from": period.since, "to": period.until} if period else {}
    return {f"{prefix}{name}": day.isoformat() for name, day in ends.items() if day}


def two_groups(reading: Reading) -> tuple[str, str] | None:
    """Return the two sides of a comparison as filters."""
    if not reading.compared or len(reading.compared[1]) != TWO:
        return None
    field, (one, other) = reading.compared
    return f"{field} = {one}", f"{field} = {other}"


def own_filters(reading: Reading, used: Iterable[Touch] = ()) -> tuple[str, ...]:
    """Return the question's own filters as texts."""
    told = [each.text() for each in reading.filters]
    taken = {touch.start for touch in used}
    for touch in reading.touches:
        lost = touch.is_end and touch.role == "not seen"
        if touch.start not in taken and touch.role != "plain" and not lost:
            told.append(seen(touch))
    return tuple(dict.fromkeys(told))


def seen(touch: Touch) -> str:
    """Return a touchpoint as a filter: `saw Pricing`, `not saw Docs`, `saw Ticket opened >= 2`."""
    often = f" >= {touch.times}" if touch.times > 1 else ""
    return f"{'not saw' if touch.role == 'not seen' else 'saw'} {touch.label}{often}"


def merged(old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
    """Return filters where the new ones replace the old ones on the same field or touchpoint."""
    fresh = {subject(text) for text in new}
    return (*(text for text in old if subject(text) not in fresh), *new)


def subject(text: str) -> str:
    """Return what a filter is about: its field, or its touchpoint."""
    told = re.match(r"(?:not )?(saw .+?)(?:\s*>=\s*\d+)?$", text)
    return told[1] if told else re.split(r"\s*[!<>=]", text)[0].casefold()


def make_seen(reading: Reading, touch: Touch) -> None:
    """Turn a touchpoint that was named into a filter on those who saw it."""
    number = reading.touches.index(touch)
    reading.touches[number] = Touch(
        touch.label, "seen", touch.start, touch.end, touch.before, touch.is_end, touch.times
    )


def rest_seen(reading: Reading, used: Iterable[Touch] = ()) -> None:
    """Turn every other touchpoint into a filter, and say so."""
    taken = list(used)
    for touch in reading.plain():
        if not touch.is_end and touch not in taken:
            make_seen(reading, touch)
            reading.notes.append(f"I counted the journeys that contain {touch.label}.")


def split_by(reading: Reading, *, sides: int = TWO) -> Told:
    """Return the split that a question asks for, by a field or by more sides than two."""
    if reading.compared:
        return {"by": reading.compared[0]} if len(reading.compared[1]) > sides else {}
    return {"by": reading.fields[0]} if reading.fields else {}


def counted(reading: Reading, *names: str) -> Told:
    """Return the counts among `names` that the question tells."""
    return {name: reading.told[name] for name in names if name in reading.told}


def kept(reading: Reading, barred: Iterable[str]) -> list[Filter]:
    """Return the filters on other fields than those barred."""
    names = set(barred)
    return [each for each in reading.filters if each.field not in names]


def in_order(used: list[Touch], reading: Reading) -> tuple[str, ...]:
    """Return the labels as they are taken: "buy after seeing pricing" begins with pricing."""
    told: list[str] = []
    last: Touch | None = None
    for touch in used:
        between = reading.text[last.end : touch.start].lower() if last and touch.start >= 0 else ""
        turned = r"\b(?:after|following|once|having)\b(?!\s+(?:or|\?))|\brates? (?:from|of|on|among|for)\b"
        if last and re.search(turned, between) and "before or after" not in between:
            told.insert(len(told) - 1, touch.label)
        else:
            told.append(touch.label)
        last = touch
    return tuple(dict.fromkeys(told))
