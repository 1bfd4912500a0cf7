"""Reading a question: periods and counts first, then names, then what is left."""

import re
from collections.abc import Container, Sequence
from itertools import pairwise

from assistant.analyst.language import corrected, is_known, is_word, written_out
from assistant.analyst.linking import FUNCTION, PEOPLE, Mention, link
from assistant.analyst.names import Name, names_of
from assistant.analyst.moments import MONTHS
from assistant.analyst.periods import periods
from assistant.analyst.quantities import quantities
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.roles import NEGATED, chain, finished, is_chain, touch_role
from assistant.analyst.sides import segments
from assistant.analyst.vocabulary import Vocabulary
from assistant.analyst.words import ARTICLES, plain_text, spoken, words

WON = r"(?:converted|bought|purchased|paid|subscribed|signed up|succeeded|won|ordered)"


CONVERTED = re.compile(
    rf"\b(?:who|that|which|those|ones|people|journeys|customers|visitors|users|shoppers|only|just)\s+(?:(?:have|has|had|did|actually|finally|really|eventually|later|then|the)\s+)*{WON}\b"
    r"|\b(?:who|only those that|the ones that)\s+(?:\w+ly\s+)?(?:converts?|buys?|pays?|subscribes?)\b(?!\s+(?:\w+\s+)?(?:best|better|worse|worst|more|most|less|least|at))"
    r"|\b(?:converters|buyers|purchasers|winners|(?:converted|converting|successful) (?:ones|journeys|people|customers|users|visitors)|(?:paying|actual|real) (?:customers?|users?))\b"
    r"|\b(?:only|just)\s+(?:the\s+)?(?:converted|converting|successful|won)\b",
    re.IGNORECASE,
)


NOT_CONVERTED = re.compile(
    r"(?:\b(?:never|not|failed to|without|didn't|did not|don't|do not|haven't|doesn't)|n't)\s+(?:(?:actually|ever|end up|in the end)\s+)?(?:converting|convert\w*|bought|buy\w*|purchas\w+|pay|paid|paying|subscrib\w+|order\w*)\b"
    r"|\bnon-?\s?(?:converters?|buyers?|customers?)\b|\b(?:dropped|lost|failed|unsuccessful|abandoned|unconverted) (?:ones|journeys?|people|customers|users|visitors)\b|\b(?:who|that|which|only|ones) (?:have )?(?:dropped(?: off| out)?|left|abandoned|gave up|were lost|failed|quit)\b",
    re.IGNORECASE,
)


CORRECTION = re.compile(r"\b(?:i mean|i meant|make that|or rather|sorry)\b", re.IGNORECASE)


def read(question: str, vocabulary: Vocabulary) -> Reading:
    """Read a question with the names of a vocabulary."""
    text = _cohorts(written_out(plain_text(question)), vocabulary)
    reading = Reading(text=text)
    found = periods(text, vocabulary.as_of)
    meant = found[-1:] if CORRECTION.search(text) else found
    reading.period, reading.periods = (meant[0] if meant else None), meant
    blank = _blanked(text, [span for period in found for span in period.spans])
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
    _strange(blank, mentions, reading, names_of(vocabulary).by_key)
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
    else:
        values.append((mention, mention.name, bool(NEGATED.search(left))))
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


def _strange(
    text: str, mentions: tuple[Mention, ...], reading: Reading, known: Container[tuple[str, ...]]
) -> None:
    """Note what could not be read, and which of it stands where a name stands."""
    taken = [(m.start, m.end) for m in mentions] + [(t.start, t.end) for t in reading.touches]
    said = strange = 0
    for word in words(text):
        if word.text == ">" or any(a <= word.start < b for a, b in taken) or word.text in ARTICLES:
            continue
        if word.text.isdigit() or word.text in PEOPLE:
            continue
        if is_word(word.text) or (word.stem,) in known:
            continue
        said += 1
        strange += 1
        left = text[: word.start].lower()
        if re.search(
            r"\b(?:(?:which|what)(?:\s+\w+)?|after|before|at|from|via|for|saw|visited|viewed|on|in|among|see|seeing|through|to|between|with|without|than|vs|and|or|about|by|per|of|is|are)\s+(?:the\s+|a\s+|our\s+|all\s+)?$",
            left,
        ) or (
            re.search(r"(?:^|\b(?:" + "|".join(FUNCTION | ARTICLES) + r"))\s*$", left)
            and re.match(
                r"\s*(?:page|step|users|visitors|customers|people|members|companies|traffic|vs)\b",
                text[word.end :].lower(),
            )
        ):
            reading.unknown.append(text[word.start : word.end])
    taken_from = {text[start:end].casefold() for start, end in taken}
    for match in MISSING.finditer(text):
        if not any(match[1].casefold() in each for each in taken_from):
            reading.unknown.append(match[1])
            strange, said = strange + 1, said + 1
    said += len(mentions) + sum(
        1 for word in words(reading.masked) if word.text in _telling_words()
    )
    reading.covered = 1 - strange / said if said else 1.0


MISSING = re.compile(
    r"\b(?:by|per|which|what|across|each|every|between|all|compare|how do|of)\s+(?:the\s+|our\s+|all\s+)?"
    r"(channel|device|countr(?:y|ie)|industr(?:y|ie)|campaign|persona|plan|region|cohort)s?\b",
    re.IGNORECASE,
)
"""A segment that is spoken of; where the data have no such field, that must be said."""


def _telling_words() -> frozenset[str]:
    return frozenset(
        [
            "conversion",
            "convert",
            "converts",
            "converted",
            "converting",
            "path",
            "paths",
            "journey",
            "journeys",
            "funnel",
            "flow",
            "drop",
            "leave",
            "left",
            "route",
            "routes",
            "customer",
            "customers",
            "visitor",
            "visitors",
            "people",
            "users",
            "convertion",
            "leaving",
            "abandon",
            "exit",
            "compare",
            "overview",
            "steps",
            "channel",
            "channels",
            "segments",
            "segment",
            "sequence",
            "sequences",
            "next",
            "sankey",
            "navigate",
            "move",
            "lose",
            "losing",
        ]
    )
