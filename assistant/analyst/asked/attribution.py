"""What `attribution` is asked: by which model, among channels, campaigns or touchpoints."""

import re

from assistant.analyst.asked.scope import Told, counted, kept, rest_seen
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

MODELS = {
    "last_non_direct": r"\b(?:last )?non[- ]?direct\b|\bignoring direct\b",
    "shapley": r"\bshapley\b|\bgame[- ]theor\w+",
    "markov": r"\bmarkov\b|\bremoval\b",
    "time_decay": r"\btime[- ]?decay\b|\bdecay\w*",
    "position": r"\bposition\w*(?:[- ]based)?\b|\b(?:u|you)[- ]?shap\w*|\b40/20/40\b|\bbathtub\b",
    "linear": r"\blinear\w*\b|\bevenly\b|\bequal(?:ly)? (?:credit|weight|share|split)\w*",
    "first": r"\bfirst[- ]?(?:touch|click|contact|interaction)\w*",
    "last": r"\blast[- ]?(?:touch|click|contact|interaction)\w*",
}
NO_MODEL = re.compile(r"\b(?:not|n't|no|isn't|than|instead of)\b[\w ]*$")
AMONG = {
    "campaign": r"\b(?:campaigns?|ads?|ad sets?|mailings?)\b",
    "touchpoint": r"\b(?:touch ?points?|pages?|steps?|content|touches)\b",
    "source": r"\bsource systems?\b",
}
OWN = ("channel", "campaign", "source")


def asked(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `attribution`, and the touchpoints that they hold.

    A channel that is named is what the credit is asked for: no filter on who came by it.
    """
    told = counted(reading, "top")
    if model := _model(reading.text.lower()):
        told["model"] = model
    among = _among(reading)
    if among != "channel":
        told["by"] = among
    reading.filters = kept(reading, OWN)
    if reading.compared and reading.compared[0] in OWN:
        reading.compared = None
    rest_seen(reading)
    return told, []


def _model(text: str) -> str | None:
    for name, pattern in MODELS.items():
        found = re.search(pattern, text)
        if found and not NO_MODEL.search(text[: found.start()]):
            return name
    return None


def _among(reading: Reading) -> str:
    named = [name for name in reading.fields if name in OWN]
    named += [each.field for each in reading.filters if each.field in OWN]
    if named:
        return named[0]
    return next(
        (name for name, pattern in AMONG.items() if re.search(pattern, reading.text.lower())),
        "channel",
    )
