"""Choosing the analysis: cues that settle it, and nearness to the catalogue's phrasings."""

import re
from dataclasses import dataclass
from functools import cache

from assistant.analyst.reading import Reading
from assistant.analyst.similarity import Phrasings
from prompts.questions import cues, questions

MARGIN = 0.08
ENOUGH = 0.42
"""Below this no analysis is meant."""
COVERED = 0.5
STRONG = 0.7
"""A cue that names the analysis: what is compared is then its split."""
CHAIN = re.compile(
    r"(?:touchpointslot|seenslot) ?(?:page |step )?(?:>|to|then|and then|into|until|through) ?(?:the |a )?"
    r"(?:touchpointslot|endslot)"
)
WORTH = re.compile(
    r"^(?:is|are|was|were|do|does|did)\b[\w ,]*\b(?:worth|work|works|working|help|helps|helping|pay|good|useful|any good|effective|perform well)\b"
)
"""Whether a thing pays: a segment is then set against the others."""
OUTRIGHT = 0.9
"""A cue that is the analysis's own name."""
SLOT = {"touchpoint": "touchpointslot", "other": "touchpointslot", "end": "endslot",
        "field": "fieldslot", "value": "valueslot", "rival": "valueslot", "seen": "seenslot"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Route:
    """The analyses that a question may mean, best first."""

    scores: tuple[tuple[str, float], ...]
    cued: frozenset[str]
    """Analyses that a cue speaks for."""

    @property
    def tool(self) -> str:
        """The best one."""
        return self.scores[0][0]

    @property
    def score(self) -> float:
        """How much speaks for it."""
        return self.scores[0][1]

    @property
    def is_close(self) -> bool:
        """Whether the second speaks nearly as loudly, and neither is far ahead of a guess."""
        second = self.scores[1][1]
        return self.score - second < MARGIN and self.score < 0.85


@cache
def _index() -> tuple[Phrasings, tuple[str, ...]]:
    told = [
        (question.tool, _slotted(phrasing))
        for question in questions()
        for phrasing in (question.question, *question.phrasings)
    ]
    return Phrasings([text for _, text in told]), tuple(tool for tool, _ in told)


def _slotted(phrasing: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: SLOT[match[1]], phrasing).lower()


@cache
def _cues() -> tuple[tuple[str, float, re.Pattern[str]], ...]:
    return tuple(
        (tool, weight, re.compile(pattern))
        for tool, told in cues().items()
        for weight, pattern in told
    )


def route(reading: Reading) -> Route:
    """Score every analysis for a question as it was read."""
    index, tools = _index()
    scores: dict[str, float] = {}
    for tool, similarity in zip(tools, index.similar(reading.masked), strict=True):
        scores[tool] = max(scores.get(tool, 0.0), 0.6 * similarity)
    cued: dict[str, list[float]] = {}
    for tool, weight, pattern in _cues():
        if pattern.search(reading.masked):
            cued.setdefault(tool, []).append(weight)
    for tool, weights in cued.items():
        weights.sort(reverse=True)
        scores[tool] += weights[0] + 0.25 * sum(weights[1:])
    _lean(scores, reading)
    if max(cued.get("paths", [0.0])) >= OUTRIGHT and "funnel" not in reading.masked:
        scores["funnel"] -= 0.4
    if max(cued.get("drop_off", [0.0])) >= STRONG or max(cued.get("funnel", [0.0])) >= STRONG:
        scores["segments"] -= 0.7 if reading.compared else 0.4
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    return Route(tuple(ranked), frozenset(cued))


def _lean(scores: dict[str, float], reading: Reading) -> None:
    """Let what was named speak too: two sides, a field, a chain of touchpoints."""
    if reading.compared:
        scores["segments"] += 0.3
    if WORTH.search(reading.masked) and reading.filters and not reading.plain():
        scores["segments"] += 0.7
    if reading.compared or reading.fields:
        for tool in ("overview", "paths", "flow"):
            scores[tool] -= 0.3
    if "window" in reading.told or "per" in reading.told:
        scores["funnel"] += 0.3
    if "depth" in reading.told:
        scores["flow"] += 0.4
    if CHAIN.search(reading.masked):
        scores["drop_off"] -= 0.3
    chain = [touch for touch in reading.touches if touch.role != "not seen"]
    if len(chain) < 2 and not re.search(r"\bfunnel", reading.masked):
        scores["funnel"] -= 0.35
