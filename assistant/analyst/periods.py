"""Periods in words: "last month", "since March", "between 3 May and 10 June"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.analyst.moments import MONTHS, SHORT, Moment, moments_of, moved


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, either side open where it is None, and where it stands in the text."""

    since: date | None
    until: date | None
    spans: tuple[tuple[int, int], ...]


def periods(text: str, as_of: date) -> tuple[Period, ...]:
    """Return the periods that a text speaks of, in order; "March" is the latest one in the data.

    Args:
        text: The question.
        as_of: The data's last day: what "yesterday" and "last month" count from.
    """
    lowered = _spelled(text.lower())
    moments = sorted(_distinct(moments_of(lowered, text, as_of)), key=lambda m: m.start)
    told: list[Period] = []
    used = -1
    for number, moment in enumerate(moments):
        if number <= used:
            continue
        left = lowered[: moment.start]
        second = moments[number + 1] if number + 1 < len(moments) else None
        if second and _moved(left, lowered[moment.end : second.start], moment):
            start = re.search(r"from\s*(the\s*)?$", left).start()  # type: ignore[union-attr]
            told.append(_period(moment.since, moment.until, (start, moment.end), as_of))
            continue
        if second and _joined(left, lowered[moment.end : second.start], moment, second):
            opening = re.search(r"(between|from|of|in|for|during)?\s*(the\s*)?$", left)
            start = opening.start() if opening else moment.start
            told.append(_period(_earlier(moment, second), second.until, (start, second.end), as_of))
            used = number + 1
            continue
        told.append(_one(moment, left, lowered[moment.end :], as_of))
    return tuple(replace(period, spans=_to_word_ends(text, period.spans)) for period in told)


def _to_word_ends(text: str, spans: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    return tuple((start, re.compile(r"\w*").match(text, end).end()) for start, end in spans)  # type: ignore[union-attr]


def _one(moment: Moment, left: str, right: str, as_of: date) -> Period:
    lead = re.search(
        r"\b(since|starting|from|after|before|until|till|up to|by the end of|by|through|in|on|during|for|over|within|of|as of)\s*(?:in|the|the (?:start|beginning|end) of|end of|start of|beginning of)?\s*$",
        left,
    )
    word = lead[1] if lead else ""
    span = (lead.start() if lead else moment.start, moment.end)
    onwards = re.match(r"\s*(onwards?|on\b(?!\s+(?:\w+))|till now|until now|to date|to now)", right)
    if onwards:
        return _period(moment.since, None, (span[0], moment.end + onwards.end()), as_of)
    if word in {"since", "starting", "from", "as of"}:
        return _period(moment.since, None, span, as_of)
    if word == "after":
        return _period(moment.until + timedelta(days=1), None, span, as_of)
    if word == "before":
        return _period(None, moment.since - timedelta(days=1), span, as_of)
    if word in {"until", "till", "up to", "through", "by", "by the end of"}:
        return _period(None, moment.until, span, as_of)
    return _period(moment.since, moment.until, span, as_of)


def _period(since: date | None, until: date | None, span: tuple[int, int], as_of: date) -> Period:
    if until and since and since <= as_of < until:
        until = as_of
    return Period(since, until, (span,))


def preceding(period: Period) -> Period:
    """Return the period just before: as many whole months before whole months, else as many days."""
    since, until = period.since, period.until
    if since is None or until is None:
        return Period(None, since - timedelta(1) if since else None, ())
    if since.day == 1 and (until + timedelta(1)).day == 1:
        months = (until.year - since.year) * 12 + until.month - since.month + 1
        return Period(moved(since, -months), since - timedelta(1), ())
    return Period(since - (until - since) - timedelta(1), since - timedelta(1), ())


CHANGING = re.compile(
    r"\b(?:chang\w*|differ\w*|compar\w*|fell|fall\w*|r[io]se\w*|went|declin\w*|increas\w*|decreas\w*|improv\w*"
    r"|worse\w*|better|grew|growth|shift\w*|development)\b[\w\s'-]*\bbetween\s*(the\s*)?$"
)
"""Two periods after such words are set against each other: "change between May and June"."""


MOVED = re.compile(
    r"\b(?:why|explain\w*|chang\w*|differ\w*|compar\w*|fell|fall\w*|r[io]s[ei]\w*|went|go|gone|declin\w*|increas\w*|decreas\w*"
    r"|improv\w*|worse\w*|better|gr[eo]w\w*|shift\w*|mov\w*|jump\w*|dip\w*|up|down)\b(?:(?!\bhow many\b).)*\bfrom\s*(the\s*)?$"
)
"""So are they here: "why did conversion rise from February to March"."""


def _moved(left: str, between: str, first: Moment) -> bool:
    """Whether two periods are where something moved from and to, not one stretch of days."""
    return between.strip() == "to" and first.since != first.until and bool(MOVED.search(left))


def _joined(left: str, between: str, first: Moment, second: Moment) -> bool:
    between = between.strip()
    if between == "and" and CHANGING.search(left) and first.since != first.until:
        return False
    listed = between in {"and", "&", "plus"} and not re.search(r"\b(?:compar|differ)", left)
    if listed and second.since == first.until + timedelta(days=1):
        return True
    if re.fullmatch(r"-|to|through|until|till|up to|thru", between):
        return True
    return between == "and" and bool(re.search(r"\bbetween\s*(the\s*)?$", left))


def _earlier(first: Moment, second: Moment) -> date:
    """Return the first moment's start, a year back where it would come after the second."""
    if first.since <= second.until:
        return first.since
    return moved(first.since, -12)


def _spelled(text: str) -> str:
    """Put misspelt months right in their short form, padded so that no character moves."""

    def right(match: re.Match[str]) -> str:
        word = match[0]
        if word in MONTHS or word in SHORT or word in {"match", "marco", "decimal", "augment"}:
            return word
        near = process.extractOne(
            word,
            MONTHS,
            scorer=OSA.normalized_similarity,
            score_cutoff=0.75 if len(word) > 6 else 0.79,
        )
        return near[0][:3].ljust(len(word)) if near and near[0][0] == word[0] else word

    return re.sub(r"[a-z]{5,}", right, text)


def _distinct(moments: Iterator[Moment]) -> list[Moment]:
    told: list[Moment] = []
    for moment in moments:
        if all(moment.end <= known.start or moment.start >= known.end for known in told):
            told.append(moment)
    return told
