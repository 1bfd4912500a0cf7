"""The built-in analyst's mind: a question in, one plan out."""

import re

from assistant.analyst.arguments import arguments
from assistant.analyst.asking import (
    Nearest,
    alternatives,
    one_period_each,
    two_ways,
    unknown,
    what,
    which,
)
from assistant.analyst.changes import POINTS
from assistant.analyst.follow_up import WHY, follow_up, is_follow_up
from assistant.analyst.journey_sentence import journey_sentence
from assistant.analyst.reader import read
from assistant.analyst.reading import Reading
from assistant.analyst.rivals import CORRECTION
from assistant.analyst.routing import COVERED, ENOUGH, ONLY_NAMES, OUTRIGHT, Route, route
from assistant.analyst.suggestions import about, suggestions
from assistant.analyst.talk import outside, small_talk
from assistant.analyst.vocabulary import Vocabulary
from assistant.analyst.words import plain_text
from assistant.answer import Context
from assistant.plan import AskBack, CallPlan, Decline, Plan, Talk
from tools.journeys.scope import SEGMENT

LONGEST = 1000
SURE = 0.4
"""A score that needs no cue beside it."""
GUESS = 0.1
"""From here on the likeliest analyses are worth offering."""
TWO = 2
GREETING = re.compile(
    r"^(?:(?:hi|hiya|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|yo)(?: there| all| everyone| team| desirepath| again)?|"
    r"(?:many )?thanks?(?: you)?(?: so much| a lot)?|quick (?:one|question)|sorry|excuse me|great|perfect|cool|ok(?:ay)?|so|well|hmm+|right|please)\s*[,!.:;-]+\s*(?=\w)",
    re.I,
)
SENTENCE = re.compile(r"(?<=[?!;])\s+|(?<=[a-z)\]\d]{2}\.)\s+(?=[A-Za-z])")
SECOND = re.compile(r",?\s+and (?:also )?(?=(?:what|which|where|how|why|who)\b)", re.I)


def plan(
    question: str,
    *,
    vocabulary: Vocabulary,
    previous: CallPlan | None = None,
    context: Context = Context(),  # noqa: B008 - frozen
    nearest: Nearest | None = None,
) -> Plan:
    """Decide what a question asks for.

    Args:
        question: In the user's own words.
        vocabulary: The names in the data.
        previous: The call that answered the question before, for follow-ups.
        context: What the page's sidebar has chosen; the question wins.
        nearest: Finds names for words that are in no vocabulary.
    """
    text = plain_text(question)
    if not re.search(r"\w", text):
        return small_talk("help", vocabulary) or Talk("Ask me a question.")
    if len(text) > LONGEST:
        return Decline(
            "That is too long for me to read as one question; please ask it in a sentence or two.",
            suggestions(vocabulary)[:3],
        )
    if said := small_talk(text, vocabulary):
        return said
    asked, dropped = _first_question(_without_greeting(text), vocabulary)
    if said := small_talk(asked, vocabulary):
        return said
    reading = read(asked, vocabulary)
    if defined := journey_sentence(reading, vocabulary):
        return defined
    if no := outside(_without_names(reading), vocabulary):
        return no
    if dropped:
        reading.notes.append("I took your first question; please ask the other one again.")
    return _decide(reading, vocabulary, previous, context, nearest)


def _without_greeting(text: str) -> str:
    for _ in range(3):
        text = GREETING.sub("", text)
    return text


def _first_question(text: str, vocabulary: Vocabulary) -> tuple[str, bool]:
    """Return the first question of a text, and whether there are others."""
    parts = [part for part in SENTENCE.split(text) if re.search(r"\w", part)]
    parts = [part for part in parts if not small_talk(part, vocabulary)] or parts
    asking = [part for part in parts if part.rstrip().endswith("?")]
    first = asking[0] if asking else parts[0]
    leans = POINTS.search(first.lower()) or CORRECTION.search(text)
    if len(asking) == 1 and len(parts) > 1 and leans:
        return " ".join(parts), False
    halves = SECOND.split(first, maxsplit=1)
    if len(halves) == 2:
        both = [route(read(half, vocabulary)) for half in halves]
        if all(each.score >= OUTRIGHT and each.cued for each in both):
            return halves[0], True
    return first, len(asking) > 1


def _without_names(reading: Reading) -> str:
    """Return the question with its touchpoints masked: a page called "Revenue" is no revenue."""
    text = reading.text
    spans = [(t.start, t.end) for t in reading.touches if not t.is_end and t.start >= 0]
    for start, end in (*spans, *reading.campaigns):
        text = text[:start] + "_" * (end - start) + text[end:]
    return text.lower()


def _decide(
    reading: Reading,
    vocabulary: Vocabulary,
    previous: CallPlan | None,
    context: Context,
    nearest: Nearest | None,
) -> Plan:
    chosen = route(reading)
    if back := _ask_back(reading, chosen, vocabulary, nearest):
        return back
    if not previous and WHY.match(reading.text.lower()):
        return Decline("Why what?", about(["drop_off_causes", "conversion_change"], vocabulary))
    if previous and is_follow_up(reading, chosen):
        carried = follow_up(reading, chosen, previous, vocabulary)
        if carried:
            return carried
    scoped = bool(reading.filters or reading.fields or reading.compared)
    named = scoped or bool(reading.touches) or bool(reading.period)
    near = reading.covered == 1 and chosen.score >= ENOUGH
    plain = bool(chosen.cued) and chosen.score >= OUTRIGHT
    if (reading.covered < COVERED and not plain) or not (named or chosen.cued or near):
        return _outside(reading, chosen, vocabulary)
    if _only_names(reading) or (not chosen.cued and chosen.score < SURE):
        return _bare(reading, chosen, vocabulary, context)
    if chosen.score < ENOUGH and not (named and len(chosen.cued) == 1):
        return what(chosen, vocabulary)
    tool = _fitting(chosen, reading)
    if no := _impossible(tool, reading, vocabulary):
        return no
    told = arguments(tool, reading, vocabulary, context)
    return CallPlan(tool, told, " ".join(dict.fromkeys(reading.notes)))


def _ask_back(
    reading: Reading, chosen: Route, vocabulary: Vocabulary, nearest: Nearest | None
) -> AskBack | Decline | None:
    """Ask where a name is unclear or unknown, or where more is compared than can be."""
    if reading.unclear:
        return which(reading)
    if reading.unknown and reading.covered < 1:
        return unknown(reading, vocabulary, nearest)
    if len(reading.periods) > 2:
        return one_period_each(reading, chosen.tool)
    return two_ways(reading) or alternatives(reading, chosen.tool)


def _only_names(reading: Reading) -> bool:
    """Whether a question names one thing and asks nothing of it: "what about the blog"."""
    return len(reading.touches) < TWO and bool(ONLY_NAMES.fullmatch(reading.masked))


def _bare(reading: Reading, chosen: Route, vocabulary: Vocabulary, context: Context) -> Plan:
    """Answer a question that names something and asks nothing about it in particular."""
    if chosen.score >= ENOUGH and not chosen.is_close and not _only_names(reading):
        tool = _fitting(chosen, reading)
    elif reading.compared or reading.fields:
        tool = "segments"
    elif reading.plain() and not any(touch.is_end for touch in reading.plain()):
        touch = reading.plain()[0]
        several = " | " in touch.label and touch.start >= 0
        label = reading.text[touch.start : touch.end] if several else touch.label
        return AskBack(
            f"What would you like to know about {label}?",
            (
                f"What happens after {label}?",
                f"How many leave at {label}?",
                f"Do people who saw {label} convert more?",
            ),
        )
    else:
        tool = "overview"
    told = arguments(tool, reading, vocabulary, context)
    return CallPlan(tool, told, " ".join(dict.fromkeys(reading.notes)))


def _fitting(chosen: Route, reading: Reading) -> str:
    """Return the analysis that can carry what was named."""
    tool = chosen.tool
    somewhere = any(not touch.is_end for touch in reading.touches)
    if tool == "drop_off_causes" and (reading.fields or not somewhere):
        tool = "drop_off"
    others = [touch for touch in reading.touches if touch.role != "not seen" and not touch.is_end]
    if tool == "overview" and len(others) > 1 and any(t.role == "plain" for t in others):
        return "funnel"
    if reading.rival and tool in {"overview", "segments", "change_effect"}:
        return "conversion_change"
    if reading.compared and (sided := _sided(tool, chosen, reading)):
        return sided
    if tool in {"overview", "paths", "flow"} and (reading.compared or reading.fields):
        return "segments"
    return tool


def _sided(tool: str, chosen: Route, reading: Reading) -> str | None:
    """Return the analysis for two groups side by side; None where segments compare them."""
    field, sides = reading.compared or ("", ())
    if field == SEGMENT:
        return "overview" if tool == "segments" else tool
    named = tool in {"paths", "flow"} and tool in chosen.cued and chosen.score >= OUTRIGHT
    return tool if named and len(sides) == TWO else None


def _impossible(tool: str, reading: Reading, vocabulary: Vocabulary) -> Decline | None:
    if tool == "flow" and any(
        touch.is_end and re.search(r"\b(?:after|following|once)\b", touch.before)
        for touch in reading.plain()
    ):
        return Decline(
            "A journey ends where it converts, so what follows is not part of it.",
            about(["flow", "paths", "overview"], vocabulary),
        )
    if tool == "funnel" and len(arguments(tool, reading, vocabulary, Context())["steps"]) < 2:
        return Decline(
            "A funnel needs at least two steps; please name them.",
            about(["flow", "drop_off", "overview"], vocabulary),
        )
    if tool == "segments" and not any(vocabulary.segments.values()) and not reading.touches:
        return Decline(
            "The data name no segments to compare.", about(["overview", "drop_off"], vocabulary)
        )
    return None


def _outside(reading: Reading, chosen: Route, vocabulary: Vocabulary) -> AskBack | Decline:
    """Say no to what was not understood, or ask what of the likeliest was meant."""
    if reading.covered == 1 and chosen.score >= GUESS:
        return what(chosen, vocabulary)
    return Decline(
        "I can't answer that: I answer questions about the journeys in your data.",
        suggestions(vocabulary)[:3],
    )
