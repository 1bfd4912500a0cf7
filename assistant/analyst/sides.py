"""Segments in a question: filters, or the sides of a comparison."""

import re

from assistant.analyst.language import corrected
from assistant.analyst.linking import Mention
from assistant.analyst.names import PART, Name
from assistant.analyst.reading import Filter, Reading, Unclear
from assistant.analyst.roles import CONNECTED
from assistant.analyst.words import spelled, spoken

COMPARED = re.compile(
    r"\b(?:compar\w+|compair|versus|beats?|beating|outperform\w*|vs\.?|against|differ\w*|than|contrast\w*|stack up|compared|differently)\b",
    re.IGNORECASE,
)


CHOICE = re.compile(
    r"\b(?:who|which|better|worse|more|less|higher|lower|best|worst|faster)\b|\bor\b.*\?\s*$",
    re.IGNORECASE,
)


def segments(
    values: list[tuple[Mention, Name, bool]],
    text: str,
    reading: Reading,
    slots: list[tuple[int, int, str]],
) -> None:
    """Turn values into filters, or into the two sides of a comparison."""
    by_field: dict[tuple[str, bool], list[str]] = {}
    sides: dict[str, list[tuple[str, int]]] = {}
    negated_before = False
    last_end = -1
    for mention, name, is_negated in values:
        if mention.first != mention.last:
            reading.campaigns.append((mention.start, mention.end))
        connected = last_end >= 0 and bool(CONNECTED.match(text[last_end : mention.start]))
        negated_before = is_negated or (connected and negated_before)
        last_end = mention.end
        fields = list(dict.fromkeys(n.field or "" for n in mention.names if n.kind == "value"))
        chosen = _field_of(mention, name, fields, sides, reading)
        meant = [n.label for n in mention.names if n.kind == "value" and n.field == chosen]
        if len(meant) > 1 or name.weight <= PART:
            reading.notes.append(f"I took '{mention.text}' as {' or '.join(meant)}.")
        by_field.setdefault((chosen, negated_before), []).extend(meant)
        if not negated_before:
            sides.setdefault(chosen, []).append((" | ".join(meant), mention.start))
    wants = COMPARED.search(corrected(text)) or CHOICE.search(text)
    for side, told in sides.items():
        both = [value for value, _ in told]
        if len(dict.fromkeys(both)) > 1 and (wants or side in reading.fields):
            reading.compared = (side, tuple(dict.fromkeys(both)))
            by_field.pop((side, False))
            break
    for mention, _, _ in values:
        kept = reading.compared and any(n.field == reading.compared[0] for n in mention.names)
        slots.append((mention.start, mention.end, "valueslot" if kept else ""))
    for (name_of_field, is_negated), meant in by_field.items():
        reading.filters.append(Filter(name_of_field, tuple(dict.fromkeys(meant)), is_negated))


def _field_of(
    mention: Mention,
    name: Name,
    fields: list[str],
    sides: dict[str, list[tuple[str, int]]],
    reading: Reading,
) -> str:
    """Return the field that a value belongs to; ask where several have it."""
    for known in (*sides, *reading.fields):
        if known in fields:
            return known
    if plainest := _plainest(fields):
        return plainest
    if len(fields) > 1 and "channel" not in fields:
        labels = tuple(
            f"{spoken(n.field or '')} {n.label}" for n in mention.names if n.kind == "value"
        )
        reading.unclear.append(Unclear(mention.text, mention.start, mention.end, labels))
    return "channel" if "channel" in fields else name.field or ""


def _plainest(fields: list[str]) -> str | None:
    """Return the field whose words all the others have too: `country` beside `visit_country`."""
    for name in fields if len(fields) > 1 else ():
        if all(set(spelled(name)) <= set(spelled(other)) for other in fields):
            return name
    return None
