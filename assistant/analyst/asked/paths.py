"""What `paths` is asked: which end first, what is inside, how it went, how long."""

import re

from assistant.analyst.asked.scope import Told, counted
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

WORST = re.compile(
    r"\b(worst|poor\w*|least (?:success\w*|effective|converting)|fail\w*|lowest|weakest|bad|badly|don't convert|do not convert|not convert|unsuccessful|underperform\w*|drop\w*)\b"
)
VOLUME = re.compile(
    r"\b(common\w*|frequent\w*|popular|typical\w*|usual\w*|normal\w*|often|volume|most (?:people|visitors|customers|users|travelled|used|taken|visited|trodden|walked|followed|chosen|trafficked)|trodden|majority|average|biggest|busiest|main|standard|number of people)\b"
)
BEST = re.compile(
    r"\b(best|convert\w*|success\w*|effective|winning|high\w*|golden|happy|ideal|reliabl\w*|lead|leads)\b"
)
OF_PATHS = re.compile(
    r"\b(?:paths?|journeys?|routes?|sequences?|ways)\s+(?:(?:that|which|who|they)\s+)?"
    r"(?!.*\b(?:who|people|users|visitors|customers)\b)"
)
ENDING = re.compile(
    r"\b(?:end|ends|ended|ending|finish\w*|result\w*) (?:up )?(?:in|with|at|on)\s+(?:an? |the )?$"
)
WHOLE = re.compile(r"\b(whole|entire|complete|full) (?:path|journey|route)")


def asked(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `paths`, and the touchpoints that they hold."""
    told: Told = {}
    if order := path_order(reading):
        told["order"] = order
    if reading.outcome:
        told["outcome"] = reading.outcome
    told |= counted(reading, "top", "minimum_length", "maximum_length")
    if WHOLE.search(reading.masked):
        told["rule"] = "whole"
    won = [t for t in reading.touches if t.is_end and (t.role == "seen" or ENDING.search(t.before))]
    if won:
        told["outcome"] = "converted"
    inside = [touch for touch in reading.touches if _is_inside(touch)]
    if inside:
        told["containing"] = tuple(dict.fromkeys(touch.label for touch in inside))
    return told, [*inside, *won]


def _is_inside(touch: Touch) -> bool:
    """Whether a path is to contain a touchpoint; a count of visits filters people instead."""
    if touch.is_end or touch.times > 1:
        return False
    return touch.role == "plain" or (touch.role == "seen" and bool(OF_PATHS.search(touch.before)))


def path_order(reading: Reading) -> str | None:
    """Return the order of paths that a question asks for; None where it leaves it open."""
    text = reading.masked
    if WORST.search(text):
        return "worst"
    if VOLUME.search(text):
        return "volume"
    return None
