"""Follow-ups: what was asked before, with what the new words change."""

import re
from typing import Any

from assistant.analyst.arguments import takes
from assistant.analyst.asked.scope import merged, period_arguments
from assistant.analyst.changes import (
    ALL_OF,
    MORE,
    POINTS,
    REVERSED,
    changed,
    is_split,
)
from assistant.analyst.reading import Reading
from assistant.analyst.routing import ONLY_NAMES, OUTRIGHT, Route
from assistant.analyst.switches import anchor_of, switched
from assistant.analyst.vocabulary import Vocabulary
from assistant.analyst.whys import scope_of, split_field, why
from assistant.analyst.words import spoken
from assistant.plan import AskBack, CallPlan

Told = dict[str, Any]


WHY = re.compile(
    r"^(?:but |and |so |ok |hm+ )*(?:why|how come|what(?:'s| is) the reason|for what reason)(?: is that| so| not| though| that| is this)?[?!. ]*$"
)


OPENS = re.compile(
    r"^(?:and|but|or|also|plus|what about|how about|what if|same|the same|only|just|instead|rather|then|without|excluding|except|by|per|"
    r"for|in|on|since|from|via|until|before|as an?|as|split|top|go back|back to|back|remove|drop the|make it|change|more|less|fewer|again|all|"
    r"everyone|everybody|everything|now|ok|okay|with|not|no|show (?:me )?(?:it|that|this|the same|them|those|more)|do (?:it|that|the same)|"
    r"repeat|break (?:it|that|this|them) down|group|use|switch|turn|reset|clear|limit|restrict|filter|compare (?:it|that|this|them|with|to)|and what|worst|best|most|longer|deeper)\b"
)


CARRIES = re.compile(r"^(?:and|but|also|or|then|what about|how about|same|the same)\b")


FULL = re.compile(
    r"^(?:now |ok |okay |so |then |please |can you |could you )*(?:what|which|who|where|when|why|how|do|does|did|is|are|show|compare|give|list|draw|tell|funnel|overview|paths|compare)\b"
)


EVERYTHING = re.compile(
    r"\b(?:back to (?:every\w*|all\b.*|the (?:start|beginning|whole|full|total)\b.*|overall|normal)|(?:for |of |on )?(?:everyone|everybody|everything)(?: again)?$|all (?:people|visitors|users|customers|data|journeys|traffic)|"
    r"no filters?|(?:remove|clear|drop|reset|without|forget)(?: all| the| any| my)* ?(?:filters?|segments?|restrictions?|everything)|reset|start over|overall|in total|whole data|unfiltered)\b"
)


WHO_ARE = re.compile(r"^(?:and |so |but )*who (?:are|were|is) (?:they|those|these|that|it)\b")


ALL_TIME = re.compile(
    r"\b(?:all time|any time|(?:all|any) (?:dates|periods|months)|whole (?:time|period|year)|entire (?:time|period)|since the beginning)\b"
)


RANKED = re.compile(
    r"^(?:and |so |ok )*which (?:one|ones|of (?:them|these|those))\b.*\b(?:best|worst|most|least|highest|lowest|better|worse)\b"
)
AGAIN = re.compile(
    r"(?:(?:and|the|show|do|me|it|that|this|please|thing|once|more|now|question)\s+)*(?:same|again|repeat)"
    r"(?:\s+(?:thing|again|question|please|it|that|more))*\W*"
)


SIDES = re.compile(
    r"^(?:and |but |ok |okay |so )*(?:what )?(?:comes |happens |happened |came |do they do |did they do )?(?:right |just )?"
    r"(?:before|after|next|then|afterwards)(?: that| it| this| there)?[?!. ]*$"
)


AGAINST = r"\b(?:vs|versus|against|than|compar\w*|with)\b"


SINCE_WHEN = re.compile(
    r"^(?:and |but |so |ok )*since when\b(?: is that| is this| already| exactly)?[?!. ]*$"
)


def is_follow_up(reading: Reading, chosen: Route) -> bool:
    """Whether a text leans on the question before it."""
    text = reading.text.lower().strip()
    size = len(re.findall(r"[\w'-]+", text))
    if REVERSED.search(text) and size <= 8:
        return True
    if (
        WHY.match(text)
        or SINCE_WHEN.match(text)
        or MORE.match(text)
        or (EVERYTHING.search(text) and size <= 6)
    ):
        return True
    if (
        CARRIES.match(text)
        or ALL_OF.search(reading.masked)
        or WHO_ARE.match(text)
        or _adds_a_side(reading)
    ):
        return True
    if FULL.match(text) and chosen.score >= 0.35 and not (POINTS.search(text) and size <= 9):
        return False
    if OPENS.match(text) and size <= 12:
        return True
    return size <= 5 or (bool(POINTS.search(text)) and size <= 10)


def _adds_a_side(reading: Reading) -> bool:
    """Whether one value is to be compared with what was asked: "compare with desktop"."""
    return (
        is_split(reading) and len(reading.filters) == 1 and not (reading.fields or reading.touches)
    )


def follow_up(
    reading: Reading, chosen: Route, previous: CallPlan, vocabulary: Vocabulary
) -> CallPlan | AskBack | None:
    """Return the plan that a follow-up asks for; None where it changes nothing."""
    text = reading.text.lower().strip()
    before: Told = dict(previous.arguments)
    if WHY.match(text):
        return why(previous, vocabulary)
    if SINCE_WHEN.match(text):
        return CallPlan("anomalies", scope_of(before), "This shows when numbers moved out of line.")
    if WHO_ARE.match(text):
        return _who(previous, vocabulary)
    if SIDES.match(text) and anchor_of(before):
        told = {"view": "around", "anchor": anchor_of(before), **scope_of(before)}
        return CallPlan("flow", told, "This shows what comes before and after.")
    tool = _tool(reading, chosen, previous.tool)
    if tool != previous.tool:
        told = switched(tool, reading, previous, vocabulary)
    else:
        told = changed(tool, reading, before, vocabulary)
    if ALL_TIME.search(text):
        told = {k: v for k, v in told.items() if k not in {"from", "to"}}
    elif EVERYTHING.search(text):
        told = {k: v for k, v in told.items() if k not in {"where", "from", "to", "outcome"}}
        told |= period_arguments(reading)
    elif told == before and tool == previous.tool and not AGAIN.fullmatch(text):
        return previous if RANKED.search(text) and "by" in before else None
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
    if (
        ALL_OF.search(text)
        or REVERSED.search(reading.text.lower())
        or EVERYTHING.search(reading.text.lower())
    ):
        return before
    if reading.rival or (reading.one_before and re.search(AGAINST, text)):
        return "conversion_change" if before in {"overview", "segments"} else before
    if reading.compared or reading.fields or is_split(reading):
        return _splitting(reading, chosen, before)
    if ONLY_NAMES.fullmatch(text):
        return before
    plain = chosen.tool in chosen.cued or chosen.score >= 0.45
    if plain and chosen.score >= 0.35 and not chosen.is_close:
        names_converted = reading.outcome and before == "paths"
        return before if names_converted or _only_changes_order(reading, before) else chosen.tool
    if POINTS.search(reading.text.lower()) and chosen.tool in chosen.cued and chosen.score >= 0.3:
        return chosen.tool
    return before


def _only_changes_order(reading: Reading, before: str) -> bool:
    return before == "paths" and bool(
        re.fullmatch(
            r"(?:and |the |now |what about |show |me |only )*(?:best|worst|most common|most frequent|common)(?: ones| paths)?\??",
            reading.masked,
        )
    )


def _splitting(reading: Reading, chosen: Route, before: str) -> str:
    """Return the analysis that splits or compares: the one before, where it can."""
    strong = takes(chosen.tool, "by") and chosen.tool in chosen.cued and chosen.score >= OUTRIGHT
    if strong and chosen.tool != "segments":
        return chosen.tool
    if before == "drop_off_causes":
        return "drop_off"
    sided = reading.compared and before not in {"overview", "paths", "flow"}
    return before if takes(before, "by") or sided else "segments"


def _who(previous: CallPlan, vocabulary: Vocabulary) -> CallPlan | None:
    """Split what was asked by a segment: who they are is what groups they are in."""
    before = dict(previous.arguments)
    name = split_field(vocabulary, before)
    if not name:
        return None
    note = f"This splits them by {spoken(name)}; I can list them too."
    if previous.tool in {"funnel", "drop_off"}:
        return CallPlan(previous.tool, {**before, "by": name}, note)
    anchor = anchor_of(before)
    scope = scope_of(before)
    where = merged(scope.pop("where", ()), (f"saw {anchor}",) if anchor else ())
    told = {"by": name, **scope, "where": where}
    return CallPlan("segments", {k: v for k, v in told.items() if v}, note)
