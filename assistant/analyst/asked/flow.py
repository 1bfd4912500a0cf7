"""What `flow` is asked: from the start, to the end, or around a touchpoint; how deep."""

import re

from assistant.analyst.asked.scope import Told, make_seen
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary

AROUND = re.compile(r"\b(?:next|following|before|after|leading)\b", re.IGNORECASE)
DEEPEST, MOST_NODES = 10, 20


def asked(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `flow`, and the touchpoints that they hold."""
    told: Told = {}
    plain = reading.plain()
    anchors = [touch for touch in plain if not touch.is_end]
    if anchors:
        near = [t for t in anchors if re.search(r"\b(after|before|from|once|to)\b", t.before)]
        anchor = (near or anchors)[0]
        told |= {"view": "around", "anchor": anchor.label}
        for touch in anchors:
            if touch is not anchor:
                make_seen(reading, touch)
    elif any(touch.is_end for touch in plain):
        told["view"] = "end"
    if "depth" in reading.told:
        depth = int(reading.told["depth"])
        both_ways = anchors and AROUND.search(reading.text)
        told["depth"] = min(DEEPEST, 2 * depth) if both_ways else depth
    if "top" in reading.told:
        told["nodes"] = max(1, min(MOST_NODES, int(reading.told["top"])))
    return told, []
