"""A question as it was read: its names and their roles, its period, its counts."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.analyst.language import is_known, is_word, spelling
from assistant.analyst.linking import PEOPLE, Mention, link
from assistant.analyst.names import Name, names_of
from assistant.analyst.periods import Period, periods
from assistant.analyst.quantities import quantities
from assistant.analyst.vocabulary import Vocabulary
from assistant.analyst.words import ARTICLES, plain_text, stem, words

Role = Literal["plain", "seen", "not seen"]
AUXILIARY = r"(?:have|has|had|also|first|already|once|did|do|does|ever|previously|actually|both|only|then|been|just|were|was|are)"
SAW = (
    r"(?:saw|see|sees|seen|seeing|visit\w*|view\w*|read|reads|use[ds]?|using|open\w*|watch\w*|attend\w*|look\w* at|"
    r"reach\w*|hit|click\w*(?: on)?|went (?:to|through|via)|came (?:through|past|across)|touch\w*|did|made|pass\w*(?: through)?|"
    r"encounter\w*|experienc\w*|got|received?|land\w* on|been (?:to|on)|on|enter\w*|tried|had|with|interact\w* with|engag\w* with)"
)
WHO = (
    r"(?:who|that|which|having|people|users|visitors|customers|shoppers|leads|those|ones|everyone|folks|buyers|journeys|prospects|persons|anyone|somebody|someone)"
)
SMALL = r"(?:the|a|an|any|our|their|at|to|on|some|least one)"
SEEN = re.compile(rf"\b{WHO}\s+(?:{AUXILIARY}\s+)*(?:{SAW}\s+)?(?:{SMALL}\s+)*$", re.IGNORECASE)
ACTS = re.compile(r"\b(who|that|which)\s", re.IGNORECASE)
NOT = (
    r"(?:without|excluding|exclude|except(?:ing)?(?: for| from)?|other than|but not|not|never|minus|skipped|skipping|skips|skip|nor|"
    r"\w+n't|leaving out|ignoring|outside(?: of)?|apart from|besides|missed|bypass\w*)"
)
NEGATED = re.compile(
    rf"\b{NOT}\s+(?:(?:{SAW}|{AUXILIARY}|from|via|in|through|at|to|go|gone|people|users|visitors|traffic|who|that|those|the|a|an|any|our|ever|even|come|came|coming|for|including|by)\s+)*$",
    re.IGNORECASE,
)
CONNECTED = re.compile(r"^\s*(?:,|and|or|&|nor|,\s*and|,\s*or|and/or|as well as|and also)(?:\s+(?:the|a|an|our|from|via|also|then))*\s*$", re.IGNORECASE)
COMPARED = re.compile(
    r"\b(?:compar\w+|compair|versus|vs\.?|against|differ\w*|than|contrast\w*|stack up|compared|differently)\b", re.IGNORECASE
)
CHOICE = re.compile(r"\b(?:who|which|better|worse|more|less|higher|lower|best|worst|faster)\b|\bor\b.*\?\s*$", re.IGNORECASE)
DONE = re.compile(r"complet|success|confirm|done|finish", re.IGNORECASE)
CONVERTED = re.compile(
    r"\b(?:(?:who|that|which|those|ones|people|only|just|journeys?|of|from|by|the)\s+(?:\w+\s+)?(?:convert(?:ed|ing|s)?|bought|purchased|paid|subscribed|signed up|succeeded|won)\b|converters|converted (?:ones|journeys|people|customers|users)|successful (?:ones|journeys|people|customers|users)|"
    r"(?:paying|actual|real|won) (?:customers?|users?)|winners|buyers|purchasers|ended in endslot)",
    re.IGNORECASE,
)
NOT_CONVERTED = re.compile(
    r"\b(?:never|not|n't|failed to|without|didn't|did not|don't|do not|haven't|doesn't)\s+(?:(?:actually|ever|end up|in the end)\s+)?(?:converting|convert\w*|bought|buy\w*|purchas\w+|pay|paid|paying|subscrib\w+|order\w*)\b"
    r"|\bnon-?\s?(?:converters?|buyers?|customers?)\b|\b(?:dropped|lost|failed|unsuccessful|abandoned|unconverted) (?:ones|journeys?|people|customers|users|visitors)\b|\b(?:who|that|which|only|ones) (?:have )?(?:dropped(?: off| out)?|left|abandoned|gave up|were lost|failed|quit)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Touch:
    """One touchpoint of the question: a label, or several joined by ` | `."""

    label: str
    role: Role
    start: int
    end: int
    before: str
    """The words before it, from the name before it on, in small letters."""
    is_end: bool = False
    """Whether it ends the journey."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One segment of the question."""

    field: str
    values: tuple[str, ...]
    negated: bool = False

    def text(self) -> str:
        """Return it as the scope reads it."""
        return f"{self.field} {'!=' if self.negated else '='} {' | '.join(self.values)}"


@dataclass(frozen=True, slots=True)
class Unclear:
    """A name that may mean several things."""

    text: str
    start: int
    end: int
    labels: tuple[str, ...]
    """What it may mean, each as a text that reads as just that."""


@dataclass(slots=True)
class Reading:
    """Everything that was understood of a question."""

    text: str
    """The question, plain."""
    masked: str = ""
    """Its names as slots, its other words spelt right, for routing."""
    touches: list[Touch] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    compared: tuple[str, tuple[str, ...]] | None = None
    fields: list[str] = field(default_factory=list)
    journey: str | None = None
    period: Period | None = None
    periods: int = 0
    told: dict[str, int | str] = field(default_factory=dict)
    outcome: Literal["converted", "dropped"] | None = None
    unclear: list[Unclear] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Words that name something which the data do not hold."""
    covered: float = 1.0
    """Share of the words that say something which could be read, 0 to 1."""
    notes: list[str] = field(default_factory=list)

    def plain(self) -> list[Touch]:
        """Return the touchpoints that the question is about, not those that filter people."""
        return [touch for touch in self.touches if touch.role == "plain"]


def read(question: str, vocabulary: Vocabulary) -> Reading:
    """Read a question with the names of a vocabulary."""
    text = plain_text(question)
    reading = Reading(text=text)
    found = periods(text, vocabulary.as_of)
    reading.period, reading.periods = (found[0] if found else None), len(found)
    blank = _blanked(text, [span for period in found for span in period.spans])
    counted = quantities(blank)
    reading.told = dict(counted.told)
    blank = _blanked(blank, counted.spans)
    mentions = _qualified(link(blank, vocabulary, is_known), blank, reading)
    slots: list[tuple[int, int, str]] = []
    values: list[tuple[Mention, Name, bool]] = []
    for number, mention in enumerate(mentions):
        left = blank[mentions[number - 1].end if number else 0 : mention.start]
        _place(mention, left, blank, vocabulary, reading, slots, values)
    _finished(reading, blank, vocabulary)
    slots += [(t.start, t.end, "touchpointslot") for t in reading.touches if (t.start, t.end) not in {s[:2] for s in slots}]
    _segments(values, blank, reading, slots)
    _outcome(_blanked(blank, [(m.start, m.end) for m, _, _ in values]), reading)
    reading.masked = _masked(blank, slots)
    _strange(blank, mentions, reading, names_of(vocabulary).by_key)
    return reading


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _qualified(
    mentions: tuple[Mention, ...], text: str, reading: Reading
) -> tuple[Mention, ...]:
    """Let a field beside a value choose the value's field: "plan Team", "country = DE"."""
    told: list[Mention] = list(mentions)
    for left, right in zip(mentions, mentions[1:], strict=False):
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
        mention.start, mention.end, mention.first, mention.last, mention.text, names, mention.corrected
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
        _touch(mention, left, text, vocabulary, reading, slots)
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
        reading.notes.append(f"I read '{mention.text}' as {mention.name.label}.")


def _touch(
    mention: Mention,
    left: str,
    text: str,
    vocabulary: Vocabulary,
    reading: Reading,
    slots: list[tuple[int, int, str]],
) -> None:
    label = _settled(mention, left, text, vocabulary, reading)
    is_end = bool(vocabulary.ends) and set(label.split(" | ")) <= set(vocabulary.ends)
    role: Role = "plain"
    last = reading.touches[-1] if reading.touches else None
    if NEGATED.search(left):
        role = "not seen"
    elif SEEN.search(left) and not _asks_back(left):
        role = "seen"
    elif last and last.role != "plain" and CONNECTED.match(text[last.end : mention.start]):
        role = last.role
    reading.touches.append(Touch(label, role, mention.start, mention.end, left.lower(), is_end))
    slot = "seenslot" if role != "plain" else "endslot" if is_end else "touchpointslot"
    slots.append((mention.start, mention.end, slot))


def _asks_back(left: str) -> bool:
    """Whether "people" is the subject of the question itself: "what do people see after"."""
    found = SEEN.search(left)
    if not found:
        return False
    tail = found.group(0).lower()
    if re.match(r"(?:who|that|which)\s", tail):
        return bool(re.search(r"^\s*(?:who|which)\s+(?:\w+\s+)?$", left.lower()))
    return not re.search(rf"\b{SAW}\s+(?:{SMALL}\s+)*$", tail) or bool(
        re.search(r"\b(?:do|did|does|how|where|what)\s+(?:the\s+|our\s+|most\s+|many\s+)*$", left[: found.start()].lower())
    ) and not re.search(r"\bhow many\s*$", left[: found.start()].lower())


def _settled(
    mention: Mention, left: str, text: str, vocabulary: Vocabulary, reading: Reading
) -> str:
    """Return the touchpoint that a mention means; note it where there are several."""
    labels = list(dict.fromkeys(name.label for name in mention.names if name.kind == "touchpoint"))
    if len(labels) == 1:
        return labels[0]
    groups = {label.partition(":")[0] for label in labels if ":" in label}
    same = len(groups) == 1 and all(":" in label for label in labels)
    if same and stem(next(iter(groups)).casefold()) == stem(mention.text.casefold().split()[-1]):
        return " | ".join(labels)
    done = [label for label in labels if DONE.search(label)]
    if len(done) == 1 and _is_verb(mention, left, text):
        reading.notes.append(f"I took '{mention.text}' as {done[0]}.")
        return done[0]
    ranked = sorted(labels, key=vocabulary.touchpoints.index)
    reading.unclear.append(Unclear(mention.text, mention.start, mention.end, tuple(ranked)))
    return ranked[0]


def _is_verb(mention: Mention, left: str, text: str) -> bool:
    """Whether "sign up" is done ("who signed up") and not named ("at the sign-up")."""
    if re.match(r"\w+(?:ing|ed|s)\b", mention.text.lower()) and "-" not in mention.text:
        return True
    if re.match(r"\s*(?:step|process|flow|form|page|stage)", text[mention.end :].lower()):
        return False
    return bool(
        re.search(
            r"\b(?:to|who|that|they|people|users|visitors|customers|we|not|never|\w+n't|actually|then|and|how many|eventually|finally|later|do|does|did)\s*$",
            left.lower(),
        )
    ) or not re.search(r"\b(?:the|a|at|in|during|after|before|on|of|our)\s*$", left.lower())


def _finished(reading: Reading, text: str, vocabulary: Vocabulary) -> None:
    """Read "start sign-up and finish it" as the name that ends what the first name starts."""
    match = re.search(r"\b(?:finish\w*|complet\w*)\s+(?:it|that|this|them)\b", text, re.IGNORECASE)
    if not match or len(reading.touches) != 1:
        return
    begun = re.fullmatch(r"(.*?)[\s_:-]*(?:started|start|begun|began|begin|initiated)", reading.touches[0].label, re.I)
    for label in vocabulary.touchpoints:
        if begun and DONE.search(label) and label.casefold().startswith(begun[1].casefold()):
            is_end = label in vocabulary.ends
            reading.touches.append(Touch(label, "plain", *match.span(), "", is_end))
            return


def _segments(
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
        connected = last_end >= 0 and bool(CONNECTED.match(text[last_end : mention.start]))
        negated_before = is_negated or (connected and negated_before)
        last_end = mention.end
        fields = list(dict.fromkeys(n.field or "" for n in mention.names if n.kind == "value"))
        chosen = _field_of(mention, name, fields, sides, reading)
        meant = [n.label for n in mention.names if n.kind == "value" and n.field == chosen]
        if len(meant) > 1:
            reading.notes.append(f"I took '{mention.text}' as {' or '.join(meant)}.")
        by_field.setdefault((chosen, negated_before), []).extend(meant)
        if not negated_before:
            sides.setdefault(chosen, []).append((" | ".join(meant), mention.start))
    wants = COMPARED.search(text) or CHOICE.search(text)
    for name, told in sides.items():
        both = [value for value, _ in told]
        if len(dict.fromkeys(both)) > 1 and (wants or name in reading.fields):
            reading.compared = (name, tuple(dict.fromkeys(both)))
            by_field.pop((name, False))
            break
    for mention, name, _ in values:
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
    if len(fields) > 1 and "channel" not in fields:
        labels = tuple(f"{n.field} = {n.label}" for n in mention.names if n.kind == "value")
        reading.unclear.append(Unclear(mention.text, mention.start, mention.end, labels))
    return "channel" if "channel" in fields else name.field or ""


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
    joined = re.sub(
        r"[A-Za-z']+",
        lambda match: match[0] if match[0].endswith("slot") else spelling(match[0].lower())[0],
        joined,
    )
    return re.sub(r"\s+", " ", joined).strip().lower()


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
        if re.search(
            r"\b(?:after|before|at|from|via|for|saw|visited|viewed|on|in|among|see|seeing|through|to|between|with|without|than|vs|and|or|about|by|per|of|is|are)\s+(?:the\s+|a\s+|our\s+|all\s+)?$",
            text[: word.start].lower(),
        ) or re.match(r"\s*(?:page|step|users|visitors|customers|people|members|companies|traffic|vs)\b", text[word.end :].lower()):
            reading.unknown.append(text[word.start : word.end])
    said += len(mentions) + sum(
        1 for word in words(reading.masked) if word.text in _telling_words()
    )
    reading.covered = 1 - strange / said if said else 1.0


def _telling_words() -> frozenset[str]:
    return frozenset(
        "conversion convert converts converted converting path paths journey journeys funnel flow drop leave left route "
        "routes customer customers visitor visitors people users convertion leaving abandon exit compare overview steps "
        "channel channels segments segment sequence sequences next sankey navigate move lose losing".split()
    )
