"""Follow-ups: what was asked before, with what the new words change."""

import re
from typing import Any

from assistant.analyst.arguments import (
    BEST,
    VOLUME,
    WORST,
    merged,
    own_filters,
    path_order,
    period_arguments,
    subject,
)
from assistant.analyst.arguments import arguments as fresh_arguments
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.routing import Route
from assistant.analyst.vocabulary import Vocabulary
from assistant.answer import Context
from assistant.plan import AskBack, CallPlan

Told = dict[str, Any]
WHY = re.compile(r"^(?:but |and |so |ok |hm+ )*(?:why|how come|what(?:'s| is) the reason|for what reason)(?: is that| so| not| though| that| is this)?[?!. ]*$")
OPENS = re.compile(
    r"^(?:and|but|or|also|plus|what about|how about|what if|same|the same|only|just|instead|rather|then|without|excluding|except|by|per|"
    r"for|in|on|since|from|via|until|before|as an?|as|split|top|go back|back to|back|remove|drop the|make it|change|more|less|fewer|again|all|"
    r"everyone|everybody|everything|now|ok|okay|with|not|no|show (?:me )?(?:it|that|this|the same|them|those|more)|do (?:it|that|the same)|"
    r"repeat|break (?:it|that|this|them) down|group|use|switch|turn|reset|clear|limit|restrict|filter|compare (?:it|that|this|them|with|to)|and what|worst|best|most|longer|deeper)\b"
)
POINTS = re.compile(r"\b(?:that|those|them|they|these|this|it|its|their|there|same|again|instead|as well|too|previous|above)\b")
CARRIES = re.compile(r"^(?:and|but|also|or|then|what about|how about|same|the same)\b")
FULL = re.compile(r"^(?:now |ok |okay |so |then |please |can you |could you )*(?:what|which|who|where|when|why|how|do|does|did|is|are|show|compare|give|list|draw|tell|funnel|overview|paths|compare)\b")
EVERYTHING = re.compile(
    r"\b(?:back to (?:every\w*|all\b.*|the (?:start|beginning|whole|full|total)\b.*|overall|normal)|(?:for |of |on )?(?:everyone|everybody|everything)(?: again)?$|all (?:people|visitors|users|customers|data|journeys|traffic|time)|"
    r"no filters?|(?:remove|clear|drop|reset|without|forget)(?: all| the| any| my)* ?(?:filters?|segments?|restrictions?|everything)|reset|start over|overall|in total|whole data|unfiltered)\b"
)
ALL_OF = re.compile(r"\ball (?:the )?fieldslot|\b(?:every|any) fieldslot")
WITHOUT_THAT = re.compile(r"\b(?:without|excluding|except(?: for)?|not|minus|leave out|leaving out|other than) (?:that|those|them|this|it|these)\b|^(?:and |but )?the (?:others|rest|opposite)\b|\bthe others\b|\bthe rest\b")
MORE = re.compile(r"^(?:show |give |list |and |me )*(?:more|longer list|some more|others|further)\b[?!. ]*$")
SPLITS = {"funnel", "drop_off"}


def is_follow_up(reading: Reading, chosen: Route) -> bool:
    """Whether a text leans on the question before it."""
    text = reading.text.lower().strip()
    size = len(re.findall(r"[\w'-]+", text))
    if WHY.match(text) or MORE.match(text) or EVERYTHING.search(text) and size <= 6:
        return True
    if CARRIES.match(text):
        return True
    if FULL.match(text) and chosen.score >= 0.6 and not (POINTS.search(text) and size <= 9):
        return False
    if OPENS.match(text) and size <= 12:
        return True
    return size <= 5 or (bool(POINTS.search(text)) and size <= 10)


def follow_up(
    reading: Reading, chosen: Route, previous: CallPlan, vocabulary: Vocabulary
) -> CallPlan | AskBack | None:
    """Return the plan that a follow-up asks for; None where it changes nothing."""
    text = reading.text.lower().strip()
    before: Told = dict(previous.arguments)
    if WHY.match(text):
        return _why(previous, vocabulary)
    tool = _tool(reading, chosen, previous.tool)
    if tool != previous.tool:
        told = _switched(tool, reading, previous, vocabulary)
    else:
        told = _changed(tool, reading, before, vocabulary)
    if EVERYTHING.search(text):
        told = {k: v for k, v in told.items() if k not in {"where", "from", "to", "outcome"}}
        told |= period_arguments(reading)
    elif told == before and tool == previous.tool and not re.search(r"\b(?:same|again|repeat)\b", text):
        return None
    return CallPlan(tool, told, " ".join(reading.notes))


def _tool(reading: Reading, chosen: Route, before: str) -> str:
    """Return the analysis that the follow-up names, or the one before."""
    text = reading.masked
    if re.search(r"\bfunnel\b", text):
        return "funnel"
    if re.search(r"\b(?:sankey|flow)\b", text):
        return "flow"
    if re.search(r"\b(?:paths?|routes?)\b", text) and "paths" in chosen.cued:
        return "paths"
    if reading.compared or reading.fields or _is_split(reading):
        strong = chosen.tool in SPLITS and chosen.tool in chosen.cued and chosen.score >= 0.8
        return chosen.tool if strong else before if before in {*SPLITS, "segments"} else "segments"
    if chosen.tool in chosen.cued and chosen.score >= 0.6 and not chosen.is_close:
        names_converted = reading.outcome and before == "paths"
        return before if names_converted or _only_changes_order(reading, before) else chosen.tool
    return before


def _is_split(reading: Reading) -> bool:
    return bool(re.search(r"\b(?:compare|compared|vs|versus|against)\b", reading.masked)) and bool(
        reading.filters
    )


def _only_changes_order(reading: Reading, before: str) -> bool:
    return before == "paths" and bool(re.fullmatch(r"(?:and |the |now |what about |show |me |only )*(?:best|worst|most common|most frequent|common)(?: ones| paths)?\??", reading.masked))


def _changed(tool: str, reading: Reading, before: Told, vocabulary: Vocabulary) -> Told:
    told = _scoped(reading, before, vocabulary)
    for name in {"paths": ("top",), "drop_off": ("top",), "segments": ("top",), "flow": ("depth",), "funnel": ("window", "per", "order")}.get(tool, ()):
        if name in reading.told:
            told[name] = reading.told[name]
    if tool == "flow" and "top" in reading.told:
        told["nodes"] = min(20, int(reading.told["top"]))
    if MORE.match(reading.text.lower()) and tool in {"paths", "drop_off", "segments"}:
        told["top"] = 2 * int(before.get("top", 10))
    if tool == "paths":
        _change_paths(reading, told)
    elif reading.outcome and not _touch_changes(reading):
        _outcome(tool, reading, told, vocabulary)
    _split(tool, reading, told, before)
    return _subject(tool, reading, told)


def _scoped(reading: Reading, before: Told, vocabulary: Vocabulary) -> Told:
    """Return the arguments before with the new period and filters."""
    told = dict(before)
    if reading.journey:
        told["journey"] = reading.journey
    if reading.period:
        told.pop("from", None)
        told.pop("to", None)
        told |= period_arguments(reading)
    where = tuple(told.get("where", ()))
    if WITHOUT_THAT.search(reading.text.lower()) and where:
        where = (*where[:-1], _flipped(where[-1]))
    elif ALL_OF.search(reading.masked) and reading.fields:
        where = tuple(text for text in where if subject(text) != reading.fields[0].casefold())
    where = merged(where, own_filters(reading))
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
    elif BEST.search(text) and not (WORST.search(text) or VOLUME.search(text)) and not reading.outcome:
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
        name, sides = reading.compared
        told["by"] = name
        told["where"] = tuple(t for t in told.get("where", ()) if subject(t) != name.casefold())
        if tool == "segments":
            told["compare"] = tuple(v for side in sides for v in side.split(" | "))
    elif reading.fields and not ALL_OF.search(reading.masked) and tool in {*SPLITS, "segments"}:
        told["by"] = reading.fields[0]
        told.pop("compare", None)
    elif _is_split(reading) and tool in {*SPLITS, "segments"}:
        _against(tool, reading, told, before)
    if not told.get("where"):
        told.pop("where", None)


def _against(tool: str, reading: Reading, told: Told, before: Told) -> None:
    new = reading.filters[0]
    old = [t for t in before.get("where", ()) if subject(t) == new.field.casefold() and " = " in t]
    told["by"] = new.field
    told["where"] = tuple(t for t in told.get("where", ()) if subject(t) != new.field.casefold())
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


def _switched(
    tool: str, reading: Reading, previous: CallPlan, vocabulary: Vocabulary
) -> Told:
    """Return another analysis's arguments: the scope goes along, and so does the touchpoint."""
    before = dict(previous.arguments)
    scope = {name: before[name] for name in ("journey", "from", "to", "where", "minimum_group") if name in before}
    kept = _scoped(reading, scope, vocabulary)
    anchor = _anchor(before)
    if not reading.touches and anchor and tool in {"drop_off", "flow", "paths", "funnel"}:
        reading.touches.append(Touch(anchor, "plain", -1, -1, ""))
        if tool == "funnel" and len(before.get("containing", ())) > 1:
            reading.touches[-1:] = [Touch(label, "plain", -9 + n, -1, "") for n, label in enumerate(before["containing"])]
    elif not reading.touches and tool == "paths" and before.get("steps"):
        reading.touches += [Touch(label, "plain", -9 + n, -1, "") for n, label in enumerate(before["steps"]) if label not in vocabulary.ends]
    own = fresh_arguments(tool, reading, vocabulary, Context())
    if tool == "segments" and _is_split(reading):
        _against(tool, reading, own, before)
        kept["where"] = own.pop("where", ())
    where = merged(kept.get("where", ()), own.pop("where", ()))
    if "by" in own:
        where = tuple(t for t in where if subject(t) != str(own["by"]).casefold())
    told = {**kept, **own, "where": where}
    return {name: value for name, value in told.items() if not (name == "where" and not value)}


def _anchor(before: Told) -> str | None:
    """Return the touchpoint that the question before was about."""
    inside = before.get("containing", ())
    found = before.get("anchor") or before.get("at") or (inside[0] if inside else None)
    return str(found) if found else None


def _why(previous: CallPlan, vocabulary: Vocabulary) -> CallPlan | AskBack:
    """Lead from a number to where people leave, or ask at which point."""
    before = dict(previous.arguments)
    scope = {name: before[name] for name in ("journey", "from", "to", "where", "minimum_group") if name in before}
    told = "I can't tell causes; "
    anchor = _anchor(before)
    if previous.tool == "drop_off" and anchor:
        name = _split_field(vocabulary, before)
        if name:
            return CallPlan("drop_off", {**before, "by": name}, f"{told}this shows who leaves there, by {name}.")
    if anchor:
        return CallPlan("drop_off", {"at": anchor, **scope}, f"{told}this shows who leaves at {anchor}.")
    if previous.tool in {"overview", "segments", "paths", "flow"}:
        return CallPlan("drop_off", scope, f"{told}this shows where people leave.")
    steps = tuple(before.get("steps", ())) or (vocabulary.usual or vocabulary.touchpoints)
    open_steps = [label for label in steps if label not in vocabulary.ends]
    open_steps = open_steps[:-1] if before.get("steps") and open_steps == list(steps) else open_steps
    choices = tuple(f"Why do people leave after {label}?" for label in open_steps[:4])
    return AskBack("At which point?", choices)


def _split_field(vocabulary: Vocabulary, before: Told) -> str | None:
    used = {before.get("by"), *(subject(text) for text in before.get("where", ()))}
    for name, values in vocabulary.segments.items():
        if 2 <= len(values) <= 20 and name not in used and name.casefold() not in used:
            return name
    return None
