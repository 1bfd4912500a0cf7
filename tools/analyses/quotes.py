"""What people wrote, with everything that could name someone masked."""

import re
from collections.abc import Iterable, Sequence

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

LONGEST = 220
RULES = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[email]"),
    (re.compile(r"(?:https?://|www\.)\S+"), "[link]"),
    (re.compile(r"(?<!\w)@\w+"), "[name]"),
    (re.compile(r"(?<!\w)\+?\d[\d\s()/.-]{6,}\d"), "[number]"),
    (re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z_])\w{5,}\b"), "[code]"),
    (re.compile(r"\b\d{4,}\b"), "[number]"),
)
CLOSING = re.compile(
    r"(?is)(?:^|\n)[ \t]*(?:many thanks|thanks|thank you|best regards|kind regards|regards|best|cheers|"
    r"sincerely|yours|greetings)\b[^\n]{0,30}(?:\n.*)?$"
)
SIGNED = re.compile(r"\n\s*[-\u2013]?\s*[A-Z][\w.'-]+(?:\s+[A-Z][\w.'-]+){0,2}\s*$")
WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
SHOUTED = 4
"""A word in capitals longer than this is a name, a shorter one an abbreviation."""
TITLE = re.compile(r"^[^\n.!?]*\n")
WORDS = re.compile(r"\w+")
LETTERS = re.compile(r"[^\W\d_]{3,}")


def common_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the words that anyone wrote in small letters: those are nobody's name."""
    found: set[str] = set()
    for text in texts:
        told = text
        for pattern, _ in RULES:
            told = pattern.sub(" ", told)
        found.update(word for word in WORD.findall(told) if word.islower() and len(word) > 1)
    return frozenset(found)


def masked(
    text: str,
    known: Sequence[str] = (),
    private: Sequence[str] = (),
    common: frozenset[str] = frozenset(),
) -> str:
    """Return a text as one line without addresses, numbers, codes, signatures and names.

    A word with a capital is taken for a name unless someone wrote it small, or the product knows
    it: what is masked too much is only less to read.

    Args:
        text: As it was written.
        known: Names of touchpoints and the like, whose words are no one's name.
        private: Addresses of the writer: their words are masked wherever they stand.
        common: Words that are nobody's name, in small letters.
    """
    told = CLOSING.sub("", text.replace("\r\n", "\n").strip())
    told = SIGNED.sub("", told)
    for pattern, said in RULES:
        told = pattern.sub(said, told)
    kept = (
        {word.casefold() for name in known for word in WORDS.findall(name)} | DAYS | common | PLAIN
    )

    def name(match: re.Match[str]) -> str:
        word = match[0]
        if word.islower() or word.casefold() in kept or f"[{word}]" in MASKS:
            return word
        return word if word.isupper() and len(word) <= SHOUTED else "[name]"

    told = WORD.sub(name, told)
    own = {word.casefold() for each in private for word in LETTERS.findall(each)}
    told = LETTERS.sub(lambda word: "[name]" if word[0].casefold() in own else word[0], told)
    return " ".join(told.split())


MASKS = frozenset({"[email]", "[link]", "[name]", "[number]", "[code]"})
PLAIN = frozenset(ENGLISH_STOP_WORDS)
DAYS = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "csv",
        "excel",
        "english",
        "iphone",
        "android",
    ]
)


def body(text: str) -> str:
    """Return a text without its title line, which often names who it is about."""
    rest = TITLE.sub("", text, count=1).strip()
    return rest or text


def quotes(texts: Sequence[str], terms: Sequence[str], most: int) -> list[str]:
    """Return the masked texts that hold most of `terms`, each told once, shortened to a line."""
    told = dict.fromkeys(texts)
    ranked = sorted(told, key=lambda text: (-sum(t in text.casefold() for t in terms), len(text)))
    return [_short(text) for text in ranked if any(t in text.casefold() for t in terms)][:most]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rsplit(" ", 1)[0] + " \u2026"
