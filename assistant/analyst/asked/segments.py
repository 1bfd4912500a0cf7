"""What `segments` is asked: by what, which sides, and what to say first."""

import re

from assistant.analyst.asked.scope import Told, rest_seen
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary
from assistant.analyst.words import spoken
from tools.journeys.scope import SEGMENT

MOST = re.compile(
    r"\b(?:bring\w*|get\w*|deliver\w*|generate\w*|yield\w*|drive\w*|produce\w*|account\w* for|send\w*|contribut\w*)\b.*\bmost\b"
    r"|\bmost\b(?! (?:\w+ )?(?:important|different|likely|often))[\w ]*\b(?:buyers?|customers?|conversions?|sales|subscriptions?|subscribers|sign-?ups?|orders|purchases|people|endslot)\b"
    r"|\b(?:buys?|endslot) (?:the )?most\b"
)
WORST = re.compile(
    r"\b(?:worst|weakest|poorest|poorly|lowest|least|badly|underperform\w*|hardest|worse|fewest|struggl\w+|bad)\b"
)
BEST = re.compile(
    r"\b(?:best|strongest|highest|top|most (?:valuable|success\w*|effective)|easiest|winning|winner|ideal|sweet spot|works? (?:best|well)|performs? well|good|better)\b"
)
CHOOSES = re.compile(
    r"\b(?:which|what|best|worst|top)\b|(?:^|[,:;] ?|\b(?:and|so|but|see|know|tell me) )who\b"
)
BOTH = re.compile(r"\bbest\b.*\bworst\b|\bworst\b.*\bbest\b")


def asked(reading: Reading, vocabulary: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `segments`, and the touchpoints that they hold."""
    told, used = _by(reading)
    if not told:
        told = {"by": _default_field(reading, vocabulary)}
        reading.notes.append(f"I compared by {spoken(told['by'])}.")
    rest_seen(reading, used)
    if want := wanted(reading):
        told["want"] = want
    if "top" in reading.told:
        told["top"] = reading.told["top"]
    return told, used


def _by(reading: Reading) -> tuple[Told, list[Touch]]:
    if reading.compared:
        sides = tuple(value for side in reading.compared[1] for value in side.split(" | "))
        return {"by": reading.compared[0], "compare": sides}, []
    if reading.fields:
        return {"by": reading.fields[0]}, []
    touched = [touch for touch in reading.touches if not touch.is_end and touch.times == 1]
    if touched:
        used = [touch for touch in touched if touch.label == touched[0].label]
        return {"by": f"saw {touched[0].label}"}, used
    plain = [each for each in reading.filters if each.field != SEGMENT]
    if plain:
        reading.filters.remove(plain[0])
        return {"by": plain[0].field}, []
    return {}, []


def wanted(reading: Reading) -> str | None:
    """Return what is to be said first: the best, the worst, the biggest; None: what differs."""
    text = f"{reading.masked} {reading.text.lower()}"
    saw = not reading.fields and any(not touch.is_end for touch in reading.touches)
    if saw or reading.compared or not CHOOSES.search(text) or BOTH.search(text):
        return None
    if MOST.search(text) and not WORST.search(text.replace("least likely", "")):
        return "most"
    if WORST.search(text):
        return "worst"
    return "best" if BEST.search(text) else None


def _default_field(reading: Reading, vocabulary: Vocabulary) -> str:
    fields = [name for name, values in vocabulary.segments.items() if 2 <= len(values) <= 50]
    if re.search(r"\b(?:compan\w+|business\w*|firms?|organi[sz]ations?)\b", reading.masked):
        fits = [name for name in fields if re.search(r"industr|sector|compan|employee", name, re.I)]
        if fits:
            return fits[0]
    return "channel" if "channel" in fields or not fields else fields[0]
