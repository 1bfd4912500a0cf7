"""Reading a question: periods and counts first, then names, then what is left."""

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.analyst.language import corrected, is_known, written_out
from assistant.analyst.linking import Mention, link
from assistant.analyst.moments import MONTHS
from assistant.analyst.names import Name, names_of
from assistant.analyst.periods import periods
from assistant.analyst.quantities import quantities
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.rivals import set_periods
from assistant.analyst.roles import chain, finished, is_chain, is_denied, touch_role
from assistant.analyst.sides import segments
from assistant.analyst.unread import note_unread
from assistant.analyst.vocabulary import Vocabulary
from assistant.analyst.words import plain_text, spoken

WON = r"(?:converted|bought|purchased|paid|subscribed|signed up|succeeded|won|ordered)"


CONVERTED = re.compile(
    rf"\b(?:who|that|which|those|ones|people|journeys|customers|visitors|users|shoppers|only|just)\s+(?:(?:have|has|had|did|actually|finally|really|eventually|later|then|the)\s+)*{WON}\b"
    r"|\b(?:who|only those that|the ones that)\s+(?:\w+ly\s+)?(?:converts?|buys?|pays?|subscribes?)\b(?!\s+(?:\w+\s+)?(?:best|better|worse|worst|more|most|less|least|at))"
    r"|\b(?:converters|buyers|purchasers|winners|(?<!best )(?<!worst )(?<!better )(?<!highest )(?<!least )(?<!most )(?:converted|converting|successful) (?:ones|journeys|people|customers|users|visitors)|(?:paying|actual|real) (?:customers?|users?))\b"
    r"|\b(?:only|just)\s+(?:the\s+)?(?:converted|converting|successful|won)\b",
    re.IGNORECASE,
)


NOT_CONVERTED = re.compile(
    r"(?:\b(?:never|not|failed to|without|didn't|did not|don't|do not|haven't|doesn't)|n't)\s+(?:(?:actually|ever|end up|in the end)\s+)?(?:converting|convert\w*|bought|buy\w*|purchas\w+|pay|paid|paying|subscrib\w+|order\w*)\b"
    r"|\b(?:end(?:s|ed|ing)? (?:up )?(?:in|with|at)|lead(?:s|ing)? (?:to|us to)?|led to|go(?:es)?|went|amount(?:s|ed)? to|come(?:s)? to) ?(?:nothing|nowhere|no (?:conversion|sale|purchase|result)s?)\b|\bdead ends?\b"
    r"|\bnon-?\s?(?:converters?|buyers?|customers?)\b|\b(?:dropped|lost|failed|unsuccessful|abandoned|unconverted) (?:ones|journeys?|people|customers|users|visitors)\b|\b(?:who|that|which|only|ones) (?:have )?(?:dropped(?: off| out)?|left|abandoned|gave up|were lost|failed|quit)\b",
    re.IGNORECASE,
)


def read(question: str, vocabulary: Vocabulary) -> Reading:
    """Read a question with the names of a vocabulary."""
    text = _cohorts(written_out(plain_text(question)), vocabulary)
    reading = Reading(text=text)
    blank = _blanked(text, set_periods(reading, periods(text, vocabulary.as_of)))
    counted = quantities(blank)
    reading.told = dict(counted.told)
    blank = _blanked(blank, counted.spans)
    linked = link(blank, vocabulary, is_known)
    mentions = _qualified(linked, blank)
    kept = {mention.start for mention in mentions}
    slots = [(m.start, m.end, "") for m in linked if m.start not in kept]
    values: list[tuple[Mention, Name, bool]] = []
    alone = sum(mention.name.kind == "touchpoint" for mention in mentions) == 1
    for number, mention in enumerate(mentions):
        left = blank[mentions[number - 1].end if number else 0 : mention.start]
        if mention.name.kind == "touchpoint" and is_chain(
            mention, left, blank, vocabulary, alone=alone
        ):
            chain(mention, vocabulary, reading, slots)
        else:
            _place(mention, left, blank, vocabulary, reading, slots, values)
    finished(reading, blank, vocabulary)
    slots += [
        (t.start, t.end, "touchpointslot")
        for t in reading.touches
        if (t.start, t.end) not in {s[:2] for s in slots}
    ]
    segments(values, blank, reading, slots)
    _outcome(_blanked(blank, [(m.start, m.end) for m, _, _ in values]), reading)
    reading.masked = _masked(blank, slots)
    note_unread(blank, mentions, reading, names_of(vocabulary).by_key)
    return reading


COHORT = re.compile(r"\b([a-z]{3,9})(?:\s+(\d{4}))?\s+cohort\b", re.IGNORECASE)


def _cohorts(text: str, vocabulary: Vocabulary) -> str:
    """Return a text with "January cohort" as the value that the data have for it: 2024-01."""
    match = COHORT.search(text)
    month = next((n for n, name in enumerate(MONTHS, 1) if match and name == match[1].lower()), 0)
    ending = f"{match[2] or ''}-{month:02}" if match and month else None
    for values in vocabulary.segments.values() if match and ending else ():
        for value in sorted(values, reverse=True):
            if re.fullmatch(r"\d{4}-\d{2}", value) and value.endswith(ending or ""):
                return f"{text[: match.start()]}{value} cohort{text[match.end() :]}"  # type: ignore[union-attr]
    return text


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _qualified(mentions: tuple[Mention, ...], text: str) -> tuple[Mention, ...]:
    """Let a field beside a value choose the value's field: "plan Team", "country = DE"."""
    told: list[Mention] = list(mentions)
    for left, right in pairwise(mentions):
        between = text[left.end : right.start].strip().lower()
        if between not in {"", "=", "is", "=="}:
            continue
        for one, other in ((left, right), (right, left)):
            fits = [n for n in other.names if n.kind == "value" and n.field == one.name.label]
            if one.name.kind == "field" and fits and one in told and other in told:
                told[told.index(other)] = _renamed(other, tuple(fits))
                told.remove(one)
    return tuple(told)


def _renamed(mention: Mention, names: tuple[Name, ...]) -> Mention:
    return Mention(
        mention.start,
        mention.end,
        mention.first,
        mention.last,
        mention.text,
        names,
        mention.corrected,
    )


def _place(
    mention: Mention,
    left: str,
    text: str,
    vocabulary: Vocabulary,
    reading: Reading,
    slots: list[tuple[int, int, str]],
    values: list[tuple[Mention, Name, bool]],
) -> None:
    """Give one mention its role."""
    kind = mention.name.kind
    if kind == "touchpoint":
        touch_role(mention, left, text, vocabulary, reading, slots)
    elif kind == "end":
        slots.append((mention.start, mention.end, "endslot"))
        if vocabulary.ends:
            label = " | ".join(vocabulary.ends)
            touch = Touch(label, "plain", mention.start, mention.end, left.lower(), is_end=True)
            reading.touches.append(touch)
    elif kind == "field":
        reading.fields.append(mention.name.label)
        slots.append((mention.start, mention.end, "fieldslot"))
    elif kind == "journey":
        reading.journey = mention.name.label
        slots.append((mention.start, mention.end, ""))
    elif kind == "change":
        reading.change = mention.name.label
        slots.append((mention.start, mention.end, "changeslot"))
    else:
        values.append((mention, mention.name, is_denied(left, text[mention.end :])))
    if mention.corrected and kind != "end":
        label = spoken(mention.name.label) if kind == "field" else mention.name.label
        reading.notes.append(f"I read '{mention.text}' as {label}.")


def _outcome(text: str, reading: Reading) -> None:
    if NOT_CONVERTED.search(text):
        reading.outcome = "dropped"
    elif CONVERTED.search(text):
        reading.outcome = "converted"


def _masked(text: str, slots: list[tuple[int, int, str]]) -> str:
    """Return the text with slots for names, and its other words spelt right."""
    parts, at = [], 0
    for start, end, slot in sorted(slots):
        parts += [text[at:start], f" {slot} "]
        at = end
    joined = "".join((*parts, text[at:]))
    return re.sub(r"\s+", " ", corrected(joined)).strip()
