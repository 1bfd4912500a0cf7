"""Choosing the analysis: cues speak first, and the catalogue's phrasings correct them.

A cue is a pattern that one analysis's owner wrote; with many analyses, cues of two of them fit
the same words. What the cues get wrong on the catalogue's own phrasings is learnt from these:
ridge regression over their words, pairs of words and groups of letters.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from assistant.analyst.practice import practice
from assistant.analyst.reading import Reading
from assistant.analyst.similarity import Phrasings
from prompts.questions import cues

MARGIN = 0.08
ENOUGH = 0.3
"""Below this no analysis is meant."""
COVERED = 0.5
OUTRIGHT = 0.6
"""From here on an analysis is as good as named."""
CUE, MOST_CUES, MORE_CUES = 0.4, 1.2, 0.25
"""What cues count: the strongest whole, the others in part, all of them not without end."""
TARGET, RIDGE = 1.2, 1.2
"""The score that a phrasing is to have, and how much words must agree to say so."""
STRONG = 0.7
"""A cue that names its analysis: sides and fields that are named then belong to it."""
PLAINEST = frozenset({"overview", "segments", "paths", "flow"})
CHAIN = re.compile(
    r"(?:touchpointslot|seenslot) ?(?:page |step )?(?:>|to|then|and then|into|until|through) ?(?:the |a )?"
    r"(?:touchpointslot|endslot)"
)
WORTH = re.compile(
    r"^(?:is|are|was|were|do|does|did)\b[\w ,]*\b(?:worth|work|works|working|help|helps|helping|pay|pays|good|useful|effective|perform well|any (?:good|use)|better)\b"
)
"""Whether a thing pays: a segment is then set against the others."""


ONLY_NAMES = re.compile(
    r"(?:(?:and|or|but|so|ok|what|how|about|in|on|for|the|of|only|just|with|from|same|at|to|now|then|those|that|during|\w*slot)\b|\W)*"
)
"""A text that names something and asks nothing: no analysis in particular is meant."""


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
        return self.score - second < MARGIN and self.score < OUTRIGHT

    def of(self, tool: str) -> float:
        """How much speaks for one analysis."""
        return dict(self.scores)[tool]


@dataclass(frozen=True, slots=True)
class _Learnt:
    tools: tuple[str, ...]
    phrasings: Phrasings
    weights: np.ndarray
    """One row per phrasing, one column per analysis: what nearness to it adds."""


@cache
def _learnt() -> _Learnt:
    """Fit what the cues get wrong on the practice questions; about half a second, once.

    Analyses with few of them count as much as those with many.
    """
    tools = tuple(cues())
    told = list(practice())
    texts = [said(reading) for _, reading in told]
    phrasings = Phrasings(texts)
    own = np.array([[tool == right for tool in tools] for right, _ in told])
    cued = np.array([list(_before(reading, tools).values()) for _, reading in told])
    wanted = np.where(own, TARGET, np.minimum(cued, 0.0))
    many = Counter(tool for tool, _ in told)
    shrunk = np.diag([RIDGE * many[tool] * len(tools) / len(told) for tool, _ in told])
    return _Learnt(
        tools, phrasings, np.linalg.solve(phrasings.each_other() + shrunk, wanted - cued)
    )


def said(reading: Reading) -> str:
    """Return a question's words with what was read apart from them: its periods, its outcome."""
    marks = ["periodslot"] * len(reading.periods)
    marks += ["rivalslot"] * (reading.rival is not None or reading.one_before)
    marks += ["windowslot"] * ("window" in reading.told)
    marks += ["sidesslot"] * (reading.compared is not None)
    marks += [f"{reading.outcome}slot"] * (reading.outcome is not None)
    return " ".join((reading.masked, *marks))


@cache
def _cues() -> tuple[tuple[str, float, re.Pattern[str]], ...]:
    return tuple(
        (tool, weight, re.compile(pattern))
        for tool, told in cues().items()
        for weight, pattern in told
    )


def _cued(reading: Reading) -> Mapping[str, list[float]]:
    found: dict[str, list[float]] = {}
    for tool, weight, pattern in _cues():
        if pattern.search(reading.masked):
            found.setdefault(tool, []).append(weight)
    return found


def _before(reading: Reading, tools: Sequence[str]) -> dict[str, float]:
    """Return what cues and names say by themselves, before anything learnt."""
    scores = dict.fromkeys(tools, 0.0)
    cued = _cued(reading)
    for tool, weights in cued.items():
        weights.sort(reverse=True)
        scores[tool] = CUE * min(MOST_CUES, weights[0] + MORE_CUES * sum(weights[1:]))
    _lean(scores, reading)
    strongest = max((w[0] for tool, w in cued.items() if tool not in PLAINEST), default=0.0)
    if strongest >= STRONG:
        scores["segments"] -= 0.5 if reading.compared else 0.2
    return scores


def route(reading: Reading) -> Route:
    """Score every analysis for a question as it was read."""
    learnt = _learnt()
    near = learnt.phrasings.similar(said(reading)) @ learnt.weights
    scores = _before(reading, learnt.tools)
    for tool, value in zip(learnt.tools, near, strict=True):
        scores[tool] += float(value)
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    return Route(tuple(ranked), frozenset(_cued(reading)))


def _lean(scores: dict[str, float], reading: Reading) -> None:
    """Let what was named speak too: two sides, a field, a chain of touchpoints."""
    if reading.compared:
        scores["segments"] += 0.3
    if WORTH.search(reading.masked) and reading.filters and not reading.plain():
        scores["segments"] += 0.7
    if reading.compared or reading.fields:
        for tool in ("overview", "paths", "flow"):
            scores[tool] -= 0.3
    _lean_on_counts(scores, reading)
    if CHAIN.search(reading.masked):
        scores["drop_off"] -= 0.3
    if "conversion_change" in scores and any(not touch.is_end for touch in reading.plain()):
        scores["conversion_change"] -= 0.4
    chain = [touch for touch in reading.touches if touch.role != "not seen"]
    if len(chain) < 2 and not re.search(r"\bfunnel", reading.masked):
        scores["funnel"] -= 0.35


def _lean_on_counts(scores: dict[str, float], reading: Reading) -> None:
    """Let windows and depths speak: "is a mail within two days any good" is about its timing."""
    if "window" in reading.told or "per" in reading.told:
        scores["funnel"] += 0.3
    if "window" in reading.told and WORTH.search(reading.masked):
        scores["timing"] += 0.5
    if "depth" in reading.told:
        scores["flow"] += 0.4
