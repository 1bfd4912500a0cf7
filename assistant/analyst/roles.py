"""What part a touchpoint plays in a question: its subject, or a filter on people."""

import re
from itertools import pairwise

from assistant.analyst.linking import Mention
from assistant.analyst.moments import NUMBERS
from assistant.analyst.names import telling_stems
from assistant.analyst.reading import Reading, Role, Touch, Unclear
from assistant.analyst.vocabulary import Vocabulary
from assistant.analyst.words import stem, stems

AUXILIARY = r"(?:have|has|had|also|first|already|once|did|do|does|ever|previously|actually|both|only|then|been|just|were|was|are)"


SAW = (
    r"(?:saw|see|sees|seen|seeing|visit\w*|view\w*|read|reads|use[ds]?|using|open\w*|watch\w*|attend\w*|look\w* at|"
    r"reach\w*|hit|click\w*(?: on)?|went (?:to|through|via)|came (?:through|past|across)|touch\w*|did|made|pass\w*(?: through)?|"
    r"encounter\w*|experienc\w*|got|received?|land\w* on|been (?:to|on)|on|enter\w*|tried|had|with|interact\w* with|engag\w* with)"
)


WHO = r"(?:who|that|which|having|people|users|visitors|customers|shoppers|leads|those|ones|everyone|folks|buyers|journeys|prospects|persons|individuals|accounts|anyone|somebody|someone)"


SMALL = r"(?:the|a|an|any|our|their|at|to|on|some|both|either|least one)"


SEEN = re.compile(rf"\b{WHO}\s+(?:{AUXILIARY}\s+)*(?:{SAW}\s+)?(?:{SMALL}\s+)*$", re.IGNORECASE)


NOT = (
    r"(?:without|(?:everyone|everybody|everything|all) but|non|not counting|leaving aside|excluding|exclude|except(?:ing)?(?: for| from)?|other than|but not|not|never|minus|skipped|skipping|skips|skip|nor|"
    r"\w+n't|leaving out|ignoring|outside(?: of)?|apart from|besides|missed|bypass\w*|(?:^|(?<=and )|(?<=now )|(?<=please )|(?<=then ))(?:remove|removing|drop))"
)


NEGATED = re.compile(
    rf"\b{NOT}\s+(?:(?:{SAW}|{AUXILIARY}|from|via|in|through|at|to|go|gone|people|users|visitors|traffic|who|that|those|the|a|an|any|our|ever|even|come|came|coming|for|including|by)\s+)*$",
    re.IGNORECASE,
)


INVERTED = re.compile(
    r"(?:^|\b(?:why|how come|what|where|when|and|so)\s+)(?:do|does|did|is|are|was|were|can|could|will|would|have|has)(?:n't| not)\s+(?:the |our |more |so many |many )*$",
    re.IGNORECASE,
)


def is_denied(left: str, right: str) -> bool:
    """Whether a segment is left out: "not from email", and not "why don't email visitors buy"."""
    people = re.match(
        r"\s*(?:\w+\s+)?(?:people|users|visitors|customers|shoppers|leads|ones|traffic)\b",
        right,
        re.I,
    )
    return bool(NEGATED.search(left)) and not (people and INVERTED.search(left))


CONNECTED = re.compile(
    r"^\s*(?:,|and|or|&|nor|,\s*and|,\s*or|and/or|as well as|and also)(?:\s+(?:the|a|an|our|from|via|also|then))*\s*$",
    re.IGNORECASE,
)


GOT = re.compile(
    r"\b(?:get|gets|got|getting|receive\w*)\s+(?:the |our |an? |any )?$", re.IGNORECASE
)


DONE = re.compile(r"complet|success|confirm|done|finish", re.IGNORECASE)


def touch_role(
    mention: Mention,
    left: str,
    text: str,
    vocabulary: Vocabulary,
    reading: Reading,
    slots: list[tuple[int, int, str]],
) -> None:
    """Give a touchpoint that was named its role, and its slot in the masked question."""
    label = _settled(mention, left, text, vocabulary, reading)
    times, left, said = how_often(left, text[mention.end :])
    if said:
        slots.append((mention.end, mention.end + said, ""))
    is_end = bool(vocabulary.ends) and set(label.split(" | ")) <= set(vocabulary.ends)
    role: Role = "plain"
    last = reading.touches[-1] if reading.touches else None
    if NEGATED.search(left):
        role = "not seen"
    elif SEEN.search(left) and not _asks_back(left):
        role = "seen"
    elif last and last.role != "plain" and CONNECTED.match(text[last.end : mention.start]):
        role = last.role
    if times > 1 and role == "plain":
        role = "seen"
    touch = Touch(label, role, mention.start, mention.end, left.lower(), is_end, times)
    reading.touches.append(touch)
    slot = "endslot" if is_end else "touchpointslot" if role == "plain" else "seenslot"
    slots.append((mention.start, mention.end, slot))


MANY = r"(?P<many>several|multiple|many|\d+|" + "|".join(NUMBERS) + r")"
OFTEN = re.compile(
    rf"^\s*(?:page\s+|step\s+)?(?P<more>at least|more than|over|no less than|not just)?\s*(?:(?P<word>once|twice|thrice|repeatedly)|{MANY}\s*(?:or more\s+)?times)\b",
    re.IGNORECASE,
)
SO_MANY = re.compile(
    rf"(?:^|\s)(?P<more>at least|more than|over)?\s*{MANY}\s*(?:\+|or more)?\s+$", re.IGNORECASE
)
TIMES = {
    "once": 1,
    "twice": 2,
    "thrice": 3,
    "repeatedly": 2,
    "several": 2,
    "multiple": 2,
    "many": 3,
}


def how_often(left: str, right: str) -> tuple[int, str, int]:
    """Return how often a touchpoint was seen, the words before the count, and how many follow.

    "saw pricing at least three times", "more than once", "opened two tickets".
    """
    if after := OFTEN.match(right):
        word = (after["word"] or after["many"]).lower()
        return _times(word, after["more"]), left, after.end()
    before = SO_MANY.search(left)
    if before and before["many"].lower() not in {"a", "an"}:
        rest = left[: before.start()] + " "
        if SEEN.search(rest) or NEGATED.search(rest):
            return _times(before["many"].lower(), before["more"]), rest, 0
    return 1, left, 0


def _times(word: str, more: str | None) -> int:
    told = TIMES.get(word) or NUMBERS.get(word) or int(word)
    return max(1, told + (more is not None and more.lower() in {"more than", "over", "not just"}))


LOSING = re.compile(
    r"\b(?:funnels?|steps?|stages?|drop\w*|loo?s(?:e|es|ing|t)|leak\w*|abandon\w*|leav(?:e|es|ing)|quit\w*|bail\w*|stuck|"
    r"bleed\w*|kill\w*|give up|fall (?:out|off)|get through|finish\w*|complet\w*|how far)\b",
    re.IGNORECASE,
)


def is_chain(
    mention: Mention, left: str, text: str, vocabulary: Vocabulary, *, alone: bool
) -> bool:
    """Whether a name of several touchpoints stands for the way through them: "sign-up funnel".

    It does beside "funnel", and where a question of losing people names nothing else.
    """
    if len(sequence(mention, vocabulary)) < 2:
        return False
    beside = re.match(r"\s*funnel\b", text[mention.end :].lower()) or re.search(
        r"\bfunnel (?:of|for|through)\s+(?:the |our )?$", text[: mention.start].lower()
    )
    done = re.match(r"\w+ed\b", mention.text.lower())
    filters = done or SEEN.search(left) or NEGATED.search(left)
    return bool(beside or (alone and not filters and LOSING.search(text)))


def sequence(mention: Mention, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the touchpoints of a name in their usual order; none where they have no order."""
    labels = {n.label for n in mention.names if n.kind == "touchpoint"}
    labels = {label for label in labels if not telling_stems() & set(stems(label))}
    after = {one: sum((one, other) in vocabulary.precedes for other in labels) for one in labels}
    told = sorted(labels, key=lambda label: (-after[label], label))
    return tuple(told) if all(pair in vocabulary.precedes for pair in pairwise(told)) else ()


def chain(
    mention: Mention,
    vocabulary: Vocabulary,
    reading: Reading,
    slots: list[tuple[int, int, str]],
) -> None:
    """Take the touchpoints of one name as steps in their usual order."""
    labels = sequence(mention, vocabulary)
    for label in labels:
        is_end = label in vocabulary.ends
        reading.touches.append(Touch(label, "plain", mention.start, mention.end, "", is_end))
    slots.append((mention.start, mention.end, "touchpointslot > touchpointslot"))
    reading.notes.append(f"I took '{mention.text}' as {' > '.join(labels)}.")


def _asks_back(left: str) -> bool:
    """Whether "people" is the subject of the question itself: "what do people see after"."""
    found = SEEN.search(left)
    if not found:
        return False
    tail = found.group(0).lower()
    if re.match(r"(?:who|that|which)\s", tail):
        return bool(re.search(r"^\s*(?:who|which)\s+(?:\w+\s+)?$", left.lower()))
    return not re.search(rf"\b{SAW}\s+(?:{SMALL}\s+)*$", tail) or (
        bool(
            re.search(
                r"\b(?:do|did|does|how|where|what)\s+(?:the\s+|our\s+|most\s+|many\s+)*$",
                left[: found.start()].lower(),
            )
        )
        and not re.search(r"\bhow many\s*$", left[: found.start()].lower())
    )


def _settled(
    mention: Mention, left: str, text: str, vocabulary: Vocabulary, reading: Reading
) -> str:
    """Return the touchpoint that a mention means; note it where there are several."""
    labels = list(dict.fromkeys(name.label for name in mention.names if name.kind == "touchpoint"))
    if len(labels) == 1:
        return labels[0]
    groups = {label.partition(":")[0] for label in labels if ":" in label}
    same = len(groups) == 1 and all(":" in label for label in labels)
    if same and stem(next(iter(groups)).casefold()) == stem(mention.text.casefold().split()[-1]):
        if re.search(r"\b(?:which|what)\s+$", left.lower()):
            reading.unclear.append(Unclear(mention.text, mention.start, mention.end, tuple(labels)))
        return " | ".join(labels)
    got = [label for label in labels if "receive" in label.lower()]
    if len(got) == 1 and GOT.search(left):
        return got[0]
    done = [label for label in labels if DONE.search(label)]
    if len(done) == 1 and _is_verb(mention, left, text):
        reading.notes.append(f"I took '{mention.text}' as {done[0]}.")
        return done[0]
    ranked = sorted(labels, key=vocabulary.touchpoints.index)
    reading.unclear.append(Unclear(mention.text, mention.start, mention.end, tuple(ranked)))
    return ranked[0]


def _is_verb(mention: Mention, left: str, text: str) -> bool:
    """Whether "sign up" is done ("who signed up") and not named ("at the sign-up")."""
    if re.match(r"\w+(?:ing|ed|s)\b", mention.text.lower()) and "-" not in mention.text:
        return True
    if re.match(r"\s*(?:step|process|flow|form|page|stage)", text[mention.end :].lower()):
        return False
    return bool(
        re.search(
            r"\b(?:to|who|that|they|people|users|visitors|customers|we|not|never|\w+n't|actually|then|and|how many|eventually|finally|later|do|does|did)\s*$",
            left.lower(),
        )
    ) or not re.search(r"\b(?:the|a|at|in|during|after|before|on|of|our)\s*$", left.lower())


def finished(reading: Reading, text: str, vocabulary: Vocabulary) -> None:
    """Read "start sign-up and finish it" as the name that ends what the first name starts."""
    match = re.search(
        r"\b(?:finish\w*|complet\w*)(?:\s+(?:it|that|this|them)\b|\s*(?=$|[?.,;!]))",
        text,
        re.IGNORECASE,
    )
    if not match or len(reading.touches) != 1:
        return
    begun = re.fullmatch(
        r"(.*?)[\s_:-]*(?:started|start|begun|began|begin|initiated)",
        reading.touches[0].label,
        re.I,
    )
    for label in vocabulary.touchpoints:
        if begun and DONE.search(label) and label.casefold().startswith(begun[1].casefold()):
            is_end = label in vocabulary.ends
            reading.touches.append(Touch(label, "plain", *match.span(), "", is_end))
            return
