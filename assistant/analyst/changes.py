"""What a follow-up changes in the call before it."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from assistant.analyst.arguments import asked, takes, usual
from assistant.analyst.asked.paths import BEST, VOLUME, WORST, path_order
from assistant.analyst.asked.recommendations import MOST
from assistant.analyst.asked.scope import (
    merged,
    own_filters,
    period_arguments,
    subject,
    two_groups,
)
from assistant.analyst.periods import Period, preceding
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

Told = dict[str, Any]


POINTS = re.compile(
    r"\b(?:that|those|them|they|these|this|it|its|their|there|same|again|instead|as well|too|previous|above|which one|which ones)\b"
)


ALL_OF = re.compile(
    r"\ball (?:the )?fieldslot|\b(?:every|any) fieldslot"
    r"|\b(?:drop|remove|clear|without|delete|forget|undo|lift|no|cancel|ignore) (?:the |that |any )?fieldslot"
)


WITHOUT_THAT = re.compile(
    r"\b(?:without|excluding|except(?: for)?|not|minus|leave out|leaving out|other than) (?:that|those|them|this|it|these)\b|^(?:and |but )?the (?:others|rest|opposite)\b|\bthe others\b|\bthe rest\b"
)


REVERSED = re.compile(
    r"\b(?:the )?other way (?:a)?round\b|\breverse[d]?\b|\bvice versa\b|\bopposite (?:order|direction)\b"
)


MORE = re.compile(
    r"^(?:show |give |list |and |me )*(?:more|longer list|some more|others|further)\b[?!. ]*$"
)


SCOPE = ("journey", "from", "to", "where", "minimum_group")
PERIODS = ("from", "to", "versus_from", "versus_to", "against_from", "against_to")


FIRST = frozenset({"overview", "paths", "flow", "funnel", "drop_off", "segments"})
"""Analyses with ways of their own of being changed; of the others, what is named is replaced."""


def is_split(reading: Reading) -> bool:
    """Whether a value is to be compared with something."""
    return bool(
        re.search(r"\b(?:compare|compared|vs|versus|against|differ\w*)\b", reading.masked)
    ) and bool(reading.filters)


def changed(tool: str, reading: Reading, before: Told, vocabulary: Vocabulary) -> Told:
    """Return the arguments of the same analysis with what the follow-up says otherwise."""
    one_before(reading, before)
    if tool not in FIRST:
        return _replaced(tool, reading, before, vocabulary)
    told = scoped(reading, before)
    if REVERSED.search(reading.text.lower()):
        told |= _reversed(told)
    told |= _counts(tool, reading, before)
    if tool == "paths":
        _change_paths(reading, told)
    elif reading.outcome and not _touch_changes(reading):
        _outcome(tool, reading, told, vocabulary)
    _split(tool, reading, told, before)
    return _subject(tool, reading, told)


def _replaced(tool: str, reading: Reading, before: Told, vocabulary: Vocabulary) -> Told:
    """Return the arguments before with those that the follow-up names in their place."""
    own, used = asked(tool)(reading, vocabulary)
    told = {**scoped(reading, before, used), **own, **_counts(tool, reading, before)}
    if REVERSED.search(reading.text.lower()):
        told |= _reversed(told)
    if reading.period and "recent" not in own:
        told.pop("recent", None)
    if "by" not in own and "compare" not in told and (pair := two_groups(reading)):
        told["where"] = merged(told.get("where", ()), (pair[0],))
        told["versus"] = (pair[1],)
    return told


def _counts(tool: str, reading: Reading, before: Told) -> Told:
    """Return the counts that a follow-up tells and the analysis takes; "more" is twice as many."""
    told = {name: value for name, value in reading.told.items() if takes(tool, name)}
    if "top" in reading.told and tool in {"flow", "routes"}:
        told |= {"nodes": min(20, int(reading.told["top"]))} if tool == "flow" else {}
        told |= {"routes": reading.told["top"]} if tool == "routes" else {}
    if MORE.match(reading.text.lower()) and takes(tool, "top"):
        told["top"] = 2 * int(before.get("top", usual(tool, "top")))
    if tool == "recommendations" and "top" in told:
        told["top"] = min(MOST, int(told["top"]))
    return told


def one_before(reading: Reading, before: Told) -> None:
    """Read "the month before" as the period before the one that was asked about."""
    if not reading.one_before or reading.period or not ("from" in before and "to" in before):
        return
    since, until = (date.fromisoformat(str(before[name])) for name in ("from", "to"))
    told = Period(since, until, ())
    reading.period = preceding(told)


def _reversed(told: Told) -> Told:
    """Return what turns a call round: a funnel's steps, the best paths, the sides of a comparison."""
    lists: Told = {name: told[name][::-1] for name in ("steps", "compare") if name in told}
    if "first" in told and "then" in told:
        return {"first": told["then"], "then": told["first"]}
    if "where" in told and "versus" in told:
        return {"where": merged(told["where"], told["versus"]), "versus": told["where"][-1:]}
    if lists or "order" not in told:
        return lists
    return {"order": "conversion" if told["order"] == "worst" else "worst"}


def scoped(reading: Reading, before: Told, used: Iterable[Touch] = ()) -> Told:
    """Return the arguments before with the new periods and filters."""
    told = dict(before)
    if reading.journey:
        told["journey"] = reading.journey
    if reading.period:
        told = {name: value for name, value in told.items() if name not in PERIODS}
    told |= period_arguments(reading)
    where = tuple(told.get("where", ()))
    if WITHOUT_THAT.search(reading.text.lower()) and where:
        where = (*where[:-1], _flipped(where[-1]))
    elif ALL_OF.search(reading.masked) and reading.fields:
        where = tuple(text for text in where if subject(text) != reading.fields[0].casefold())
    gone = [
        t for t in reading.touches if t.role == "not seen" and t.label in before.get("steps", ())
    ]
    if gone and len(before["steps"]) - len(gone) >= 2:
        told["steps"] = tuple(s for s in before["steps"] if s not in {t.label for t in gone})
    where = merged(where, own_filters(reading, (*gone, *used)))
    if where:
        told["where"] = where
    else:
        told.pop("where", None)
    return told


def _flipped(text: str) -> str:
    if text.startswith("not saw "):
        return text.removeprefix("not ")
    if text.startswith("saw "):
        return f"not {text}"
    return text.replace(" != ", " = ") if " != " in text else text.replace(" = ", " != ")


def _change_paths(reading: Reading, told: Told) -> None:
    if reading.outcome:
        told["outcome"] = reading.outcome
    text = reading.masked
    if order := path_order(reading):
        told["order"] = order
    elif (
        BEST.search(text)
        and not (WORST.search(text) or VOLUME.search(text))
        and not reading.outcome
    ):
        told["order"] = "conversion"


def _outcome(tool: str, reading: Reading, told: Told, vocabulary: Vocabulary) -> None:
    if not vocabulary.ends:
        return
    end = " | ".join(vocabulary.ends)
    if tool == "flow" and reading.outcome == "converted":
        told.pop("anchor", None)
        told["view"] = "end"
        return
    text = f"saw {end}" if reading.outcome == "converted" else f"not saw {end}"
    told["where"] = merged(told.get("where", ()), (text,))
    reading.notes.append(
        "I kept the journeys that converted."
        if reading.outcome == "converted"
        else "I kept the journeys that did not convert."
    )


def _split(tool: str, reading: Reading, told: Told, before: Told) -> None:
    """Take over a split by a field, or a comparison with what was filtered before."""
    if reading.compared:
        _sides(tool, reading, told)
    elif reading.fields and not ALL_OF.search(reading.masked) and takes(tool, "by"):
        told["by"] = reading.fields[0]
        told.pop("compare", None)
    elif is_split(reading) and takes(tool, "by"):
        against(tool, reading, told, before)
    else:
        _side_or_filter(tool, reading, told)
    if not told.get("where"):
        told.pop("where", None)


def _sides(tool: str, reading: Reading, told: Told) -> None:
    name, sides = reading.compared or ("", ())
    told["where"] = tuple(t for t in told.get("where", ()) if subject(t) != name.casefold())
    if tool == "segments":
        told |= {"by": name, "compare": tuple(v for side in sides for v in side.split(" | "))}
    elif pair := two_groups(reading):
        told |= {"where": (*told["where"], pair[0]), "versus": (pair[1],)}
        told.pop("by", None)
    else:
        told["by"] = name


def _side_or_filter(tool: str, reading: Reading, told: Told) -> None:
    """Add a value to the sides compared, or give up a split by the field that it settles."""
    mine = [f for f in reading.filters if f.field == told.get("by") and not f.negated]
    if not mine:
        return
    if tool == "segments":
        only = re.search(r"\b(?:only|just)\b", reading.text.lower())
        sides = () if only else tuple(told.get("compare", ()))
        told["compare"] = tuple(dict.fromkeys((*sides, *mine[0].values)))
        told["where"] = tuple(
            t for t in told.get("where", ()) if subject(t) != mine[0].field.casefold()
        )
    else:
        told.pop("by")


def against(tool: str, reading: Reading, told: Told, before: Told) -> None:
    """Set what was filtered before against a new value of the same field."""
    new = reading.filters[0]
    old = [t for t in before.get("where", ()) if subject(t) == new.field.casefold() and " = " in t]
    rest = tuple(t for t in told.get("where", ()) if subject(t) != new.field.casefold())
    if tool != "segments" and old:
        told |= {"where": (*rest, old[0]), "versus": (new.text(),)}
        return
    told |= {"by": new.field, "where": rest}
    if tool == "segments":
        sides = [*(old[0].split(" = ")[1].split(" | ") if old else ()), *new.values]
        told["compare"] = tuple(dict.fromkeys(sides))


def _touch_changes(reading: Reading) -> list[Touch]:
    return [touch for touch in reading.plain() if not touch.is_end]


def _subject(tool: str, reading: Reading, told: Told) -> Told:
    """Put a touchpoint that is named into the place that the analysis has for it."""
    touches = _touch_changes(reading)
    if not touches:
        if tool == "flow" and any(t.is_end for t in reading.plain()):
            told.pop("anchor", None)
            told["view"] = "end"
        return told
    label = touches[0].label
    if tool == "flow":
        told |= {"view": "around", "anchor": label}
    elif tool == "drop_off":
        told["at"] = label
    elif tool == "paths":
        told["containing"] = tuple(dict.fromkeys(touch.label for touch in touches))
    elif tool == "funnel":
        told["steps"] = _steps(reading, told)
    elif tool == "segments":
        told["by"] = f"saw {label}"
        told.pop("compare", None)
    else:
        told["where"] = merged(told.get("where", ()), tuple(f"saw {t.label}" for t in touches))
    return told


def _steps(reading: Reading, told: Told) -> tuple[str, ...]:
    """Return a funnel's steps anew, or with one more before the last."""
    named = tuple(touch.label for touch in reading.plain())
    steps = tuple(told.get("steps", ()))
    if len(named) > 1 or not steps:
        return named
    if re.search(r"\b(?:from|start\w*)\b", reading.masked) or named[0] in steps:
        return (named[0], *steps[-1:]) if named[0] != steps[-1] else steps
    return (*steps[:-1], named[0], steps[-1])
