"""What a flow is made of, and the facts that it states."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tools.analyses.result import Fact
from tools.statistics.intervals import rate, wilson

FACTS_MOST = 25
"""Largest links that become facts; those at the node that the flow is told from always do."""
NARRATED = {"start": 0, "end": -2}
"""Step whose links become facts too, as far as a view has one."""
View = Literal["start", "end", "around"]
Kind = Literal["touchpoint", "other", "converted", "left", "active", "further", "began", "earlier"]
NAMES: dict[Kind, str] = {
    "other": "other",
    "converted": "Converted",
    "left": "Left",
    "active": "Still under way",
    "further": "Further steps",
    "began": "Began",
    "earlier": "Earlier steps",
}
ORDER: tuple[Kind, ...] = (
    "began",
    "earlier",
    "touchpoint",
    "other",
    "further",
    "converted",
    "left",
    "active",
)
REAL: frozenset[Kind] = frozenset({"touchpoint", "other"})


@dataclass(frozen=True, slots=True)
class FlowLink:
    """The journeys that go from one node to a node of the next step."""

    step: int
    """The source's step: counted from 1 at the start, backwards from the conversion (0) at the
    end, and from the first visit (0) around an anchor."""
    source: str
    target: str
    source_kind: Kind
    target_kind: Kind
    journeys: int
    share: float
    """Of the source's journeys."""
    share_of_target: float
    mature: int
    mature_converted: int
    """Of the mature ones, how many convert at any later step."""
    conversion_rate: float | None
    """Of the mature ones; None where they are fewer than the scope's minimum group, and towards
    the end, where every journey converted by construction."""
    low: float | None
    high: float | None
    median_seconds: float | None
    """Median time from source to target."""


@dataclass(frozen=True, slots=True)
class FlowNode:
    """One touchpoint at one step, or where journeys begin, end, or run out of the picture.

    journeys = went_on + exits + converted + active, at every touchpoint and "other".
    """

    step: int
    touchpoint: str
    kind: Kind
    journeys: int
    went_on: int
    exits: int
    """Journeys that ended here without converting."""
    converted: int
    """Journeys that converted with their next step."""
    active: int
    """Journeys whose latest step this is and that may still go on."""
    mature: int
    mature_converted: int
    conversion_rate: float | None
    """As in `FlowLink`."""
    low: float | None
    high: float | None


def facts_of(
    view: View,
    journeys: int,
    mature: int,
    converted: int,
    links: tuple[FlowLink, ...],
    nodes: tuple[FlowNode, ...],
) -> tuple[Fact, ...]:
    """Return the facts of a flow: its totals, its nodes, and its largest and nearest links."""
    focus = focal(nodes, view)
    facts = [
        Fact("flow.journeys", "Journeys shown", journeys, "journeys"),
        Fact("flow.mature", "Old enough to judge", mature, "journeys"),
        Fact("flow.young", "Too young to judge", journeys - mature, "journeys"),
    ]
    if view != "end":
        low, high = wilson(converted, mature)
        facts += [
            Fact("flow.mature_converted", "Of these, converted", converted, "journeys"),
            Fact(
                "flow.conversion_rate",
                "Conversion of the journeys shown",
                rate(converted, mature),
                "rate",
                converted,
                mature,
                low,
                high,
            ),
        ]
    if focus is not None:
        facts += _focus_facts(focus)
    largest = sorted(range(len(links)), key=lambda number: -links[number].journeys)[:FACTS_MOST]
    near = [
        number
        for number, link in enumerate(links)
        if (focus is not None and touches(link, focus)) or link.step == NARRATED.get(view)
    ]
    for number in dict.fromkeys([*near, *largest]):
        facts += _link_facts(number, links[number])
    for number, node in enumerate(nodes):
        facts += _node_facts(number, node, journeys)
    return tuple(facts)


def focal(nodes: Iterable[FlowNode], view: View) -> FlowNode | None:
    """Return the node that a flow is told from.

    The most frequent first step, the conversion, or the anchor; None where every journey
    converted at once.
    """
    kinds: frozenset[Kind] = frozenset({"converted"}) if view == "end" else REAL
    step = 1 if view == "start" else 0
    found = [node for node in nodes if node.step == step and node.kind in kinds]
    return max(found, key=lambda node: (node.kind != "other", node.journeys), default=None)


def touches(link: FlowLink, node: FlowNode) -> bool:
    """Return whether a link leaves or reaches a node."""
    leaves = (link.step, link.source_kind, link.source) == (node.step, node.kind, node.touchpoint)
    ends = (link.step + 1, link.target_kind, link.target)
    return leaves or ends == (node.step, node.kind, node.touchpoint)


def _node_facts(number: int, node: FlowNode, journeys: int) -> list[Fact]:
    name, label = f"flow.node_{number}", f"{node.touchpoint} at step {node.step}"
    share = node.journeys / journeys
    facts = [
        Fact(f"{name}.journeys", label, node.journeys, "journeys"),
        Fact(f"{name}.share", f"{label}, of all shown", share, "rate", node.journeys, journeys),
    ]
    if node.kind in REAL:
        facts.append(
            Fact(
                f"{name}.exits", f"Left after {label}", node.exits, "journeys", None, node.journeys
            )
        )
    if node.conversion_rate is not None and node.kind in REAL:
        facts.append(
            Fact(
                f"{name}.conversion_rate",
                f"Conversion after {label}",
                node.conversion_rate,
                "rate",
                node.mature_converted,
                node.mature,
                node.low,
                node.high,
            )
        )
    return facts


def _focus_facts(node: FlowNode) -> list[Fact]:
    """Return what became of the journeys at the node that the flow is told from."""
    parts = (
        ("went_on", "Went on", node.went_on),
        ("exits", "Left", node.exits),
        ("converted", "Converted with the next step", node.converted),
        ("active", "Still under way", node.active),
    )
    return [
        Fact(f"flow.focus.{name}", f"{what} after {node.touchpoint}", number, "journeys")
        for name, what, number in parts
    ]


def _link_facts(number: int, link: FlowLink) -> list[Fact]:
    name = f"flow.link_{number}"
    label = f"{link.source} → {link.target} at step {link.step}"
    whole = round(link.journeys / link.share)
    target = round(link.journeys / link.share_of_target)
    facts = [
        Fact(f"{name}.journeys", label, link.journeys, "journeys"),
        Fact(
            f"{name}.share",
            f"{label}, of {link.source}",
            link.share,
            "rate",
            link.journeys,
            whole,
        ),
        Fact(
            f"{name}.share_of_target",
            f"{label}, of {link.target}",
            link.share_of_target,
            "rate",
            link.journeys,
            target,
        ),
    ]
    if link.median_seconds is not None:
        facts.append(
            Fact(f"{name}.median_time", f"Median time of {label}", link.median_seconds, "seconds")
        )
    if link.conversion_rate is not None:
        facts.append(
            Fact(
                f"{name}.conversion_rate",
                f"Conversion after {label}",
                link.conversion_rate,
                "rate",
                link.mature_converted,
                link.mature,
                link.low,
                link.high,
            )
        )
    return facts
