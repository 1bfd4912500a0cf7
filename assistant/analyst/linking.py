"""Finding the names of a vocabulary in a question, misspelt or not."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.analyst.language import SURE, lexicon, plain_words, spelling
from assistant.analyst.names import (
    ALIAS,
    CORE,
    LITTLE,
    PART,
    PART_MOST,
    Name,
    Names,
    common_stems,
    key_of,
    names_of,
)
from assistant.analyst.vocabulary import Vocabulary
from assistant.analyst.words import ARTICLES, Word, stem, stems, words
from prompts.questions import synonyms

TIE = 0.04
SIMILAR = 0.78


def _grammar(name: str) -> frozenset[str]:
    return frozenset(synonyms()["grammar"][name].split())


FUNCTION = _grammar("function")
TOUCH_BEFORE = _grammar("touch_before")
TOUCH_AFTER = _grammar("touch_after")
ACTED = _grammar("acted")
CAME = _grammar("came")
SEGMENT_BEFORE = _grammar("segment_before")
SEGMENT_AFTER = _grammar("segment_after")
PEOPLE = _grammar("people")
OWN = {"our", "your", "my", "their", "this", "its"}
ADDING = {"ad", "add", "put"}
FOLK = _grammar("bearer")
WHO = {"who", "that", "they", "which"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of the question that names something."""

    start: int
    """In characters."""
    end: int
    first: int
    """Number of its first word."""
    last: int
    text: str
    names: tuple[Name, ...]
    """What it may mean, equally well; one where it is plain."""
    corrected: bool = False
    """Whether it was misspelt."""

    @property
    def name(self) -> Name:
        """What it means, or the first of what it may mean."""
        return self.names[0]


def link(text: str, vocabulary: Vocabulary, known: Callable[[str], bool]) -> tuple[Mention, ...]:
    """Return the names in a text, longest match first, none overlapping.

    Args:
        text: The question as `plain_text` gives it.
        vocabulary: The names to look for.
        known: Whether a stem is a word of the language of questions: such words are no misspelt
            names.
    """
    names, told = names_of(vocabulary), words(text)
    found = [m for m in _candidates(told, text, names, known) if _in_place(m, told, names, text)]
    found.sort(
        key=lambda m: (
            -_size(m, told),
            _turned(m, told, names),
            -m.name.weight,
            m.corrected,
            m.start,
        )
    )
    taken: set[int] = set()
    chosen = []
    for mention in found:
        span = set(range(mention.first, mention.last + 1))
        if not span & taken:
            taken |= span
            chosen.append(mention)
    return tuple(sorted(chosen, key=lambda m: m.start))


def _turned(mention: Mention, told: tuple[Word, ...], names: Names) -> bool:
    """Whether the words of a name stand in another order than its own."""
    inside = told[mention.first : mention.last + 1]
    return tuple(w.stem for w in inside if w.text not in ARTICLES) not in names.orders


def _size(mention: Mention, told: tuple[Word, ...]) -> int:
    inside = told[mention.first : mention.last + 1]
    return sum(word.text not in ARTICLES | LITTLE for word in inside)


def _candidates(
    told: tuple[Word, ...], text: str, names: Names, known: Callable[[str], bool]
) -> Iterable[Mention]:
    for first in range(len(told)):
        if told[first].text in ARTICLES or told[first].text == ">":
            continue
        for last in range(first, min(first + names.longest + 3, len(told))):
            if told[last].text == ">" or (
                last > first and _breaks(text, told[last - 1], told[last])
            ):
                break
            if told[last].text in ARTICLES:
                continue
            window = [word for word in told[first : last + 1] if word.text not in ARTICLES]
            if len(window) > names.longest + 1:
                break
            hit, corrected = _look_up(window, names, known)
            if hit := _meant(hit, told, first, last):
                yield Mention(
                    told[first].start,
                    told[last].end,
                    first,
                    last,
                    text[told[first].start : told[last].end],
                    hit,
                    corrected,
                )


def _breaks(text: str, left: Word, right: Word) -> bool:
    return bool(re.search(r"[,;?!.]|>", text[left.end : right.start]))


def _look_up(
    window: list[Word], names: Names, known: Callable[[str], bool]
) -> tuple[tuple[Name, ...], bool]:
    """Return all that a window of words may mean, and whether it was misspelt."""
    found = _exactly(window, names)
    joined = "".join(word.text for word in window)
    found = found or names.joined.get(joined)
    if found:
        return tuple(found), False
    right = [_right(word) for word in window]
    if right != window and (found := _exactly(right, names)):
        return tuple(found), True
    strange = [word for word in window if not known(word.stem) and word.text not in FUNCTION]
    if not strange or len(joined) < 4 or any(word.text.isdigit() for word in strange):
        return (), False
    if window[0].text in FUNCTION or window[-1].text in FUNCTION:
        return (), False
    cutoff = 0.75 if len(joined) < 5 else SIMILAR if len(joined) < 9 else SIMILAR + 0.05
    near = process.extract(
        joined, names.joined.keys(), scorer=OSA.normalized_similarity, score_cutoff=cutoff, limit=4
    )
    kept = {word.stem for word in window if word not in strange}
    for form, _, _ in near:
        told = [name for name in names.joined[form] if name.weight > PART]
        turned = len(joined) > 4 or sorted(form) == sorted(joined)
        if told and turned and form[0] == joined[0] and all(part in form for part in kept):
            return tuple(told), True
    return (), False


def _right(word: Word) -> Word:
    """Return a word spelt right, where it is a plain misspelling of a word of the language."""
    text, near = spelling(word.text)
    return replace(word, text=text, stem=stem(text)) if near >= SURE and text != word.text else word


def _exactly(window: list[Word], names: Names) -> list[Name] | None:
    """Return the names whose words these are, with or without little words in between."""
    kept = [w for n, w in enumerate(window) if not _is_little(window, n)]
    shorter = len(kept) < len(window) and window[0].text not in FUNCTION
    for told in (window, kept) if shorter else (window,):
        stems = [word.stem for word in told]
        keys = dict.fromkeys(key_of(stems, ordered=ordered) for ordered in (False, True))
        if found := [name for key in keys for name in names.by_key.get(key, ())]:
            return found
    return None


def _is_little(window: list[Word], number: int) -> bool:
    """Whether a word inside a name may be left out: "adding to the wishlist", "part of the team"."""
    word, inside = window[number].text, 0 < number < len(window) - 1
    return inside and (
        word in LITTLE - {"to"} or (word == "to" and window[number - 1].stem in ADDING)
    )


def _meant(
    found: tuple[Name, ...], told: tuple[Word, ...], first: int, last: int
) -> tuple[Name, ...]:
    """Choose between touchpoint and segment by the words around, then by how well each fits."""
    before, after = _around(told, first, last)
    if before in ACTED:
        return _best([n for n in found if n.kind == "touchpoint"]) or _best(found)
    values = [n for n in found if n.kind == "value"]
    channels = [n for n in values if n.field == "channel"]
    if not channels and any(n.kind == "touchpoint" and n.weight >= ALIAS - 0.02 for n in found):
        found = tuple(n for n in found if n not in values)
        values = []
    plainly = any(n.kind == "touchpoint" and n.weight >= CORE for n in found)
    beside = not plainly and (after in SEGMENT_AFTER or before in SEGMENT_BEFORE)
    if any(n.kind == "touchpoint" and n.weight >= CORE for n in found):
        values = [n for n in values if n.weight > PART]
        channels = [n for n in channels if n.weight > PART]
    if before in CAME or after in PEOPLE or (beside and before not in WHO):
        return _best(channels or values) or _best(found)
    several = [n for n in found if n.kind == "touchpoint"]
    if before in {"which", "what"} and channels and len(several) > 1:
        return _best(several)
    best = _best(found)
    # A campaign or source often repeats its channel's name: the channel is what is meant.
    return _best(channels) if channels and best[0].field in {"campaign", "source"} else best


def _around(told: tuple[Word, ...], first: int, last: int) -> tuple[str, str]:
    """Return the words before and after a stretch, articles skipped; "" at the edges."""
    left = [w.text for w in told[max(0, first - 3) : first] if w.text not in ARTICLES]
    right = [w.text for w in told[last + 1 : last + 2]]
    return (left[-1] if left else ""), (right[0] if right else "")


def _best(found: Iterable[Name]) -> tuple[Name, ...]:
    told = sorted(found, key=lambda n: -n.weight)
    return tuple(n for n in told if n.weight >= told[0].weight - TIE) if told else ()


SAID_OF_THINGS = re.compile(
    r"\b(?:anything|something|nothing|everything|what(?:'s| is| was))\s+(?:\w+ly\s+)?$",
    re.IGNORECASE,
)
"""After these a word says what a thing is like: "anything new" is about no new customers."""


def _in_place(mention: Mention, told: tuple[Word, ...], names: Names, text: str) -> bool:
    """Whether the sentence uses a common word as a name, or the word is not a common one."""
    folded, name = mention.text.casefold(), mention.name
    if name.kind == "value" and folded in PEOPLE:
        return _named_by_its_field(mention, told)
    if name.kind == "value" and re.match(r"\s*calls?\b", text[mention.end :]):
        return False  # a phone call is no device
    if name.kind in {"value", "field"} and SAID_OF_THINGS.search(text[: mention.start]):
        return False
    if folded in names.short and mention.first == mention.last:
        left, right = _around(told, mention.first, mention.last)
        the = mention.first > 0 and told[mention.first - 1].text == "the"
        return mention.text.isupper() or the or bool({left, right} & {"vs", "versus", "or"})
    if mention.first != mention.last:
        return True
    if name.kind == "touchpoint":
        return _touchpoint_in_place(mention, told, text)
    return _segment_in_place(mention, told)


def _touchpoint_in_place(mention: Mention, told: tuple[Word, ...], text: str) -> bool:
    folded, name = mention.text.casefold(), mention.name
    before, after = _around(told, mention.first, mention.last)
    listed = text[mention.end : mention.end + 2].strip().startswith((",", ">"))
    spoken = before in TOUCH_BEFORE | {"to", "from", "on", "and", "funnel"} or listed
    alone = not before and bool(re.match(r"\s*[-:,]", text[mention.end :]))
    spoken = spoken or alone or (before in {"for", "of", "about"} and name.weight >= CORE)
    if re.search(r"\b(?:after|before|once|when) \w+ $", text[: mention.start].lower()) and (
        before in PEOPLE | {"someone", "somebody", "they", "you", "i", "we"}
    ):
        return True
    if mention.first > 1 and told[mention.first - 1].text in {"who", "that", "which"}:
        return True
    if told[mention.first].stem in common_stems() or (
        name.weight <= PART_MOST and folded in PEOPLE
    ):
        return spoken or after in TOUCH_AFTER or (not before and after == "to")
    return True


def _segment_in_place(mention: Mention, told: tuple[Word, ...]) -> bool:
    folded, name = mention.text.casefold(), mention.name
    before, after = _around(told, mention.first, mention.last)
    if _is_own(mention, told, after):
        return False
    spoken = name.kind == "value" and folded in plain_words() and name.weight > PART
    if told[mention.first].stem not in common_stems() and not spoken:
        return True
    if name.kind == "value" and name.weight <= PART and name.field != "channel":
        beside = before in {"than", "vs", "versus", "against", "or"}
        return beside or after in PEOPLE | SEGMENT_AFTER | {"ones"}
    plural = folded.endswith("s") and not name.label.casefold().endswith("s")
    if name.kind == "value" and plural and name.label.casefold() not in lexicon():
        return True
    if name.kind in {"value", "field"}:
        if told[mention.first - 1].text in OWN and mention.first and name.kind == "value":
            return after in PEOPLE
        asked = name.kind == "field" and before in {"which", "what"}
        return asked or before in SEGMENT_BEFORE or after in PEOPLE | SEGMENT_AFTER
    return name.weight >= ALIAS - 0.05


def _is_own(mention: Mention, told: tuple[Word, ...], after: str) -> bool:
    """Whether a common word speaks of the asker's own: "the business", not "the Business plan"."""
    the = mention.first > 0 and told[mention.first - 1].text in OWN | {"the"}
    common = told[mention.first].stem in common_stems()
    return (
        mention.name.kind == "value"
        and the
        and common
        and after not in PEOPLE | SEGMENT_AFTER | FOLK
    )


def _named_by_its_field(mention: Mention, told: tuple[Word, ...]) -> bool:
    """Whether the field stands beside its value: "lifecycle stage customer"."""
    near = {w.stem for w in told[max(0, mention.first - 3) : mention.last + 3]}
    return any(set(stems(n.field or "")) <= near for n in mention.names)
