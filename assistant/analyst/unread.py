"""What of a question could not be read, and which of it stands where a name stands."""

import re
from collections.abc import Container

from assistant.analyst.language import is_word
from assistant.analyst.linking import FUNCTION, PEOPLE, Mention
from assistant.analyst.reading import Reading
from assistant.analyst.words import ARTICLES, words
from prompts.questions import synonyms

MISSING = re.compile(
    r"\b(?:by|per|which|what|across|each|every|between|all|compare|how do|of)\s+(?:the\s+|our\s+|all\s+)?"
    r"(channels?|devices?|countr(?:y|ies)|industr(?:y|ies)|campaigns?|personas?|plans?|regions?|cohorts?|sources?)\b",
    re.IGNORECASE,
)
"""A segment that is spoken of; where the data have no such field, that must be said."""
NAMING = re.compile(
    r"\b(?:which|what|after|before|at|from|via|for|saw|visited|viewed|on|in|among|see|seeing|through|to|between|with|without"
    r"|than|vs|and|or|about|by|per|of|is|are)\s+(?:the\s+|a\s+|our\s+|all\s+)?$"
)
WHICH = re.compile(r"\b(?:which|what)\s+\w+\s+$")
JOINED = re.compile(r"(?:^|\b(?:" + "|".join(sorted(FUNCTION | ARTICLES)) + r"))\s*$")
HOLDER = re.compile(
    r"\s*(?:page|step|users|visitors|customers|people|members|companies|traffic|vs)\b"
)
DONE = re.compile(
    r"\b(?:is|are|was|were|be|been|am|i'm|we're|they're|i|we|they|you|he|she|it|who|people|customers|users|visitors)"
    r"(?: (?:i|we|they|you|people|customers|users|visitors|just|now|still|really))?\s+$"
)
"""After these a word that ends as a verb does is one: "where are we haemorrhaging users"."""
ASKING = frozenset(synonyms()["grammar"]["asking"].split())


def note_unread(
    text: str, mentions: tuple[Mention, ...], reading: Reading, known: Container[tuple[str, ...]]
) -> None:
    """Note what could not be read, and which of it stands where a name stands."""
    taken = [(m.start, m.end) for m in mentions] + [(t.start, t.end) for t in reading.touches]
    fields = {m.end for m in mentions if m.name.kind == "field"}
    said = strange = 0
    for word in words(text):
        if word.text == ">" or any(a <= word.start < b for a, b in taken) or word.text in ARTICLES:
            continue
        if word.text.isdigit() or word.text in PEOPLE:
            continue
        if is_word(word.text) or (word.stem,) in known:
            continue
        said, strange = said + 1, strange + 1
        left, right = text[: word.start].lower(), text[word.end :].lower()
        after_field = word.start - 1 in fields
        if DONE.search(left) and word.text.endswith(("ing", "ed")):
            continue
        if (
            NAMING.search(left)
            or (WHICH.search(left) and not after_field)
            or (JOINED.search(left) and HOLDER.match(right))
        ):
            reading.unknown.append(text[word.start : word.end])
    taken_from = {text[start:end].casefold() for start, end in taken}
    for match in MISSING.finditer(text):
        if not any(match[1].casefold() in each for each in taken_from):
            reading.unknown.append(match[1])
            strange, said = strange + 1, said + 1
    said += len(mentions) + sum(word.text in ASKING for word in words(reading.masked))
    reading.covered = 1 - strange / said if said else 1.0
