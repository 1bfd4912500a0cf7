"""Words of a question: where they stand, and what they are without their endings."""

import re
from dataclasses import dataclass
from functools import lru_cache

WORD = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+(?:'[^\W\d_]+)*|[>→]")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
PLAIN = {"\u2019": "'", "`": "'", "\u2013": "-", "\u2014": " - ", "->": ">", "=>": ">"}
ARTICLES = frozenset({"a", "an", "the", "our", "their", "my", "your", "its", "this", "that", "any"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text."""

    raw: str
    text: str
    """Case folded."""
    stem: str
    start: int
    end: int


def plain_text(text: str) -> str:
    """Return a text with plain quotes and dashes, arrows as `>`, and single blanks."""
    for old, new in PLAIN.items():
        text = text.replace(old, new)
    return re.sub(r"\s+", " ", text).strip()


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text, numbers and `>` among them."""
    return tuple(
        Word(match[0], match[0].casefold(), stem(match[0].casefold()), match.start(), match.end())
        for match in WORD.finditer(text)
    )


def spelled(name: str) -> tuple[str, ...]:
    """Return a name's words in small letters: `addToCart` and `add_to_cart` agree."""
    return tuple(word.text for word in words(CAMEL.sub(" ", plain_text(name))))


def spoken(field: str) -> str:
    """Return a field's name as people say it: `company_size` is "company size"."""
    return " ".join(spelled(field))


def stems(name: str) -> tuple[str, ...]:
    """Return the stems of a name's words: `add_to_cart` and "Adds to carts" agree."""
    return tuple(stem(word) for word in spelled(name))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return a word without the endings of number and tense: rough, but the same for all forms."""
    word = word.removesuffix("'s").replace("'", "")
    if len(word) < 4 or not word.isalpha():
        return word
    for ending in ("ies", "ied", "ing", "ed", "es", "s", "e"):
        rest = word.removesuffix(ending)
        if rest == word or len(rest) < 3 or (ending == "s" and word.endswith(("ss", "us"))):
            continue
        word = rest + "i" if ending in {"ies", "ied"} else rest
        break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 else word
