"""The names of a vocabulary in all the forms in which people write them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations
from typing import Literal

from assistant.analyst.language import lexicon
from assistant.analyst.vocabulary import Vocabulary
from assistant.analyst.words import spelled, stem, stems
from prompts.questions import synonyms
from tools.journeys.scope import SEGMENT

Kind = Literal["touchpoint", "value", "field", "journey", "change", "end"]
EXACT, CORE, ALIAS, PART, HINT = 1.0, 0.95, 0.9, 0.65, 0.55
PART_MOST = PART + 0.1
LITTLE = frozenset(synonyms()["grammar"]["little"].split())
SYSTEM = "source"
"""The field that tells which system sent the events; a marketer's "source" is the channel."""
Form = tuple[str, ...]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """One thing that a form of words may mean, and how well it fits."""

    kind: Kind
    label: str
    """A touchpoint, a segment's value, a field, a journey or a change, as the data write it."""
    field: str | None
    """The field that a value belongs to."""
    weight: float


@dataclass(slots=True)
class Names:
    """All forms: by their stems in any order, and as one joined word for misspellings."""

    by_key: dict[Key, list[Name]] = field(default_factory=lambda: defaultdict(list))
    joined: dict[str, list[Name]] = field(default_factory=lambda: defaultdict(list))
    short: set[str] = field(default_factory=set)
    """Short forms that are also plain words: understood in capitals only ("US", not "us")."""
    orders: set[Key] = field(default_factory=set)
    """Every form's stems in their own order."""
    longest: int = 1

    def add(self, form: Form, name: Name) -> None:
        """Enter one form of a name; the best weight counts."""
        if not form or not any(len(word) > 1 or word.isdigit() for word in form):
            return
        own = tuple(stem(word) for word in form)
        self.orders.add(own)
        key = key_of(own, ordered=name.weight <= PART_MOST or name.weight == CORE)
        for known in (self.by_key[key], self.joined["".join(form)]):
            same = [
                n
                for n in known
                if (n.kind, n.label, n.field) == (name.kind, name.label, name.field)
            ]
            if same and same[0].weight >= name.weight:
                continue
            known[:] = [n for n in known if n not in same] + [name]
        most = 3 if name.weight < EXACT else 2
        whole = name.kind == "value" and name.weight > PART
        if whole and len("".join(form)) <= most and form[0] in lexicon():
            self.short.add(form[0])
        self.longest = max(self.longest, len(form))


def names_of(vocabulary: Vocabulary) -> Names:
    """Return the forms of a vocabulary's names; prepared once per vocabulary."""
    known = vocabulary.memory.get("names")
    if not isinstance(known, Names):
        known = _build(vocabulary)
        vocabulary.memory["names"] = known
    return known


def key_of(stems_of_form: Sequence[str], *, ordered: bool) -> Key:
    """Return what a form is found by: a whole name in any order, a part of one only in its own."""
    if len(stems_of_form) == 1 or not ordered:
        return tuple(sorted(stems_of_form))
    return ("in order", *stems_of_form)


@cache
def common_stems() -> frozenset[str]:
    """Return the stems that are a name only where the sentence uses them as one."""
    return frozenset(part for word in synonyms()["common"] for part in stems(str(word)))


@cache
def generic_stems() -> frozenset[str]:
    """Return the stems that say how a thing was touched, not what it is."""
    return frozenset(part for word in synonyms()["generic"] for part in stems(word))


def _build(vocabulary: Vocabulary) -> Names:
    names = Names()
    for label in vocabulary.touchpoints:
        for form, weight in _touchpoint_forms(label):
            names.add(form, Name("touchpoint", label, None, weight))
    for hint in synonyms()["touchpoint_hints"]:
        _add_hints(names, vocabulary, hint)
    _add_segments(names, vocabulary)
    for journey in vocabulary.journeys:
        if journey.casefold() != "default":
            names.add((*spelled(journey), "journey"), Name("journey", journey, None, EXACT))
    _add_recorded(names, vocabulary)
    for word in synonyms()["end"]:
        names.add(spelled(word), Name("end", word, None, ALIAS - 0.05))
    _level(names)
    return names


def _add_segments(names: Names, vocabulary: Vocabulary) -> None:
    for name, values in vocabulary.segments.items():
        if len(spelled(name)) == 2:
            names.add(spelled(name)[1:], Name("field", name, None, PART))
        for form, weight in _alias_forms(spelled(name), "fields"):
            is_system = name == SYSTEM and form == (SYSTEM,)
            for each in (form, _plural(form)):
                names.add(each, Name("field", name, None, PART if is_system else weight))
        for value in values:
            for form, weight in _alias_forms(spelled(value), "values"):
                names.add(form, Name("value", value, name, weight))
        _add_groups(names, name, values)
        _add_bands(names, name, values)


def _add_recorded(names: Names, vocabulary: Vocabulary) -> None:
    """Enter the saved segments and the recorded changes."""
    for saved in vocabulary.saved:
        for form in (spelled(saved), (*spelled(saved), "segment")):
            names.add(form, Name("value", saved, SEGMENT, EXACT))
    for change in vocabulary.changes:
        for form in _change_forms(change):
            names.add(form, Name("change", change, None, EXACT))


def _change_forms(name: str) -> Iterator[Form]:
    """Yield a change's name, and its name turned round: "redesign of pricing"."""
    full = spelled(name)
    yield full
    if len(full) > 1:
        yield tuple(word for word in full if word not in LITTLE)


def _plural(form: Form) -> Form:
    last = form[-1]
    return (*form[:-1], last[:-1] + "ies" if last.endswith("y") else f"{last}s")


def _level(names: Names) -> None:
    """Make touchpoints that share a shortened form equal, so that none of them wins by chance."""
    for known in (*names.by_key.values(), *names.joined.values()):
        short = [n for n in known if n.kind == "touchpoint" and ALIAS < n.weight < EXACT]
        if len(short) > 1:
            known[:] = [n for n in known if n not in short]
            known += [replace(n, weight=PART + 0.05) for n in short]


def _touchpoint_forms(label: str) -> Iterator[tuple[Form, float]]:
    full = spelled(label)
    generic, common = generic_stems(), common_stems()
    core = tuple(word for word in full if stem(word) not in generic) or full
    yield full, EXACT
    yield core, CORE
    _, colon, last = label.rpartition(":")
    if colon:
        yield spelled(last), CORE
    for form in (full, core):
        for alias, weight in _alias_forms(form, "touchpoints"):
            yield alias, min(weight, ALIAS if form == full else ALIAS - 0.02)
    if telling_stems() & {stem(word) for word in full}:
        return
    for size in range(1, len(core)):
        for part in combinations(core, size):
            alone = size == 1 and (stem(part[0]) in common or len(part[0]) < 3)
            if not alone and not LITTLE & set(part):
                yield part, PART + 0.1 * size / len(core)
                for alias, _ in _alias_forms(part, "touchpoints"):
                    yield alias, PART


@cache
def telling_stems() -> frozenset[str]:
    """Return the stems that turn a name round."""
    return frozenset(part for word in synonyms()["telling"] for part in stems(word))


def _alias_forms(form: Form, kind: str) -> Iterator[tuple[Form, float]]:
    """Return a form and its synonyms of one kind; the group is found by any of its members."""
    yield form, EXACT
    for member in _aliases(kind).get(_joined(form), ()):
        if member != form:
            yield member, ALIAS


def _joined(form: Form) -> str:
    return "".join(sorted(stem(word) for word in form))


@cache
def _aliases(kind: str) -> dict[str, tuple[Form, ...]]:
    told: dict[str, tuple[Form, ...]] = {}
    for group in synonyms()[kind]:
        members = tuple(dict.fromkeys(spelled(str(member)) for member in group))
        for member in members:
            joined = _joined(member)
            told[joined] = tuple(dict.fromkeys((*told.get(joined, ()), *members)))
    return told


def _add_groups(names: Names, name: str, values: Iterable[str]) -> None:
    for group in synonyms()["value_groups"]:
        wanted = {part for word in group["words"] for part in stems(word)}
        # A group is a word of marketing: "search" in a field of job titles means nothing.
        if not ({"channel", "medium", "source"} & set(stems(name))) and name != "channel":
            continue
        barred = {part for word in group.get("but", ()) for part in stems(word)}
        for value in values:
            if wanted & set(stems(value)) and not barred & set(stems(value)):
                for word in group["called"]:
                    names.add(spelled(word), Name("value", value, name, PART))


def _add_bands(names: Names, name: str, values: Sequence[str]) -> None:
    """Name the lowest, middle and highest of values that are bands of numbers: "1-10", "over 1000"."""
    first = {value: re.search(r"\d+", value.replace(",", "")) for value in values}
    bands = [value for value, number in first.items() if number]
    if len(bands) < 3 or len(bands) < len(values) or not re.search(r"size|employ|head", name, re.I):
        return
    edge = {value: int(number[0]) for value, number in first.items() if number}
    bands.sort(key=lambda value: (edge[value], not re.match(r"\D*(?:under|less|<)", value, re.I)))
    third = max(1, round(len(bands) / 3))
    parts = {"small": bands[:third], "middle": bands[third:-third], "large": bands[-third:]}
    for part, words_of in synonyms()["bands"].items():
        for word in words_of:
            for value in parts[part]:
                names.add(spelled(word), Name("value", value, name, PART))


def _add_hints(names: Names, vocabulary: Vocabulary, hint: dict[str, list[str]]) -> None:
    wanted = {part for word in hint["words"] for part in stems(word)}
    for label in vocabulary.touchpoints:
        if wanted & set(stems(label)):
            for word in hint["called"]:
                names.add(spelled(word), Name("touchpoint", label, None, HINT))
