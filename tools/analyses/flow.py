"""Where people go: from the start, to the end, or around a touchpoint."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from tools.analyses.flow_parts import NAMES, ORDER, REAL, FlowLink, FlowNode, Kind, View, facts_of
from tools.analyses.result import Result, young_caveat
from tools.errors import InvalidArgumentError, NoDataError
from tools.journeys.definition import spoken
from tools.journeys.scope import ResolvedScope, Scope, ScopedStore, end_touchpoints
from tools.journeys.touchpoints import touchpoint_ids, touchpoints
from tools.statistics.intervals import rate, wilson
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__)
NAMED_MOST = 3
"""Touchpoints that one anchor may match before it is called by what was asked."""
Chosen = Annotated[View, Field(description="Where to begin: the start, the end, or an anchor")]
Anchor = Annotated[
    str | None, Field(description="A touchpoint to look around, from its first visit; implies it")
]
Depth = Annotated[int, Field(ge=1, le=10, description="How many steps to show in all")]
Most = Annotated[int, Field(ge=1, le=20, description="How many touchpoints to show per step")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowResult(Result[FlowLink]):
    """The links as rows, and the nodes that they join."""

    view: View
    anchor: str | None
    """The anchor's touchpoints as found, joined by " or "."""
    first_step: int
    last_step: int
    journeys: int
    """Journeys shown: all in scope, or those that converted, or those that visited the anchor."""
    mature: int
    mature_converted: int
    conversion_rate: float | None
    """Of the mature journeys shown; None towards the end."""
    nodes: tuple[FlowNode, ...]


@dataclass(frozen=True, slots=True)
class _Counted:
    step: int
    source_kind: Kind
    source: str | None
    target_kind: Kind
    target: str | None
    journeys: int
    mature: int
    mature_converted: int
    median_seconds: float | None


@dataclass(frozen=True, slots=True)
class _Asked:
    view: View
    anchor_ids: tuple[int, ...]
    anchor: str | None
    first: int
    last: int


_Key = tuple[int, Kind, str]


def flow(
    store: Store,
    *,
    view: Chosen = "start",
    anchor: Anchor = None,
    depth: Depth = 5,
    nodes: Most = 7,
    scope: Scope,
) -> FlowResult:
    """Follow journeys step by step, from the start, to the end, or around a touchpoint.

    A journey counts once per step. From the start, step 1 is its first touchpoint; to the end,
    only converted journeys are shown, and step -1 is the last touchpoint before the conversion;
    around an anchor, step 0 is the first visit to it, with half of the steps before and the
    rest after. At each step the touchpoints beyond the `nodes` most frequent, and those below
    the scope's minimum group, are "other". Volumes count all journeys; conversion counts mature
    ones only and means conversion at any later step.

    Args:
        store: Where the journeys stand.
        view: What to align journeys on; "around" needs an `anchor`.
        anchor: Touchpoint label; `a | b` is either. An end event is shown from its end.
        depth: Number of steps shown.
        nodes: Most touchpoints per step.
        scope: Which journeys.

    Raises:
        NoDataError: No journey in scope can be shown.
        UnknownTouchpointError: The anchor names no touchpoint.
        InvalidArgumentError: "around" has no anchor, or "end" has no end event.
    """
    scoped = ScopedStore(store, scope)
    asked = _asked(store, scoped.scope, view, anchor, depth)
    counted = scoped.records(
        QUERY,
        {
            "view": asked.view,
            "anchor": asked.anchor,
            "anchor_ids": list(asked.anchor_ids),
            "first": asked.first,
            "last": asked.last,
            "nodes": nodes,
            "minimum_group": scoped.scope.minimum_group,
        },
        _Counted,
    )
    entered = [row for row in counted if row.source_kind in {"began", "earlier"}]
    journeys = sum(row.journeys for row in entered)
    if not journeys:
        raise NoDataError(_nothing(asked, scoped.scope))
    mature = sum(row.mature for row in entered)
    converted = sum(row.mature_converted for row in entered)
    rows = _links(counted, asked, scoped.scope.minimum_group)
    built = _nodes(counted, asked, scoped.scope.minimum_group)
    shown = asked.view != "end"
    window = spoken(scoped.scope.definition.window)
    return FlowResult(
        rows=rows,
        facts=facts_of(asked.view, journeys, mature, converted, rows, built),
        scope=scoped.scope,
        statements=tuple(scoped.statements),
        caveats=young_caveat(journeys - mature, window) if shown else (ONLY_CONVERTED,),
        view=asked.view,
        anchor=asked.anchor,
        first_step=asked.first,
        last_step=asked.last,
        journeys=journeys,
        mature=mature,
        mature_converted=converted,
        conversion_rate=rate(converted, mature) if shown else None,
        nodes=built,
    )


ONLY_CONVERTED = (
    "Only journeys that converted are shown, so this does not say what makes people convert: "
    "those who left may have taken the same steps."
)


def _asked(
    store: Store, scope: ResolvedScope, view: View, anchor: str | None, depth: int
) -> _Asked:
    if not anchor and view == "around":
        raise InvalidArgumentError("anchor: a flow around a touchpoint needs to be told which one.")
    end = set(end_touchpoints(store, scope))
    ids = touchpoint_ids(store, (anchor,), where="anchor") if anchor else ()
    if view == "end" and not ids and not end:
        raise InvalidArgumentError("view: this journey has no end event, so nothing leads to it.")
    is_end = bool(ids) and set(ids) <= end and not scope.definition.end.where
    if is_end or (view == "end" and not ids):
        return _Asked("end", (), None, -depth, -1)
    if not ids:
        return _Asked("start", (), None, 1, depth)
    names = [name for number, name in touchpoints(store) if number in ids]
    label = " or ".join(names) if len(names) <= NAMED_MOST else anchor
    before = (depth - 1) // 2
    return _Asked("around", ids, label, -before, depth - 1 - before)


def _nothing(asked: _Asked, scope: ResolvedScope) -> str:
    what = {
        "start": "No journey is in scope",
        "end": "No journey in scope has converted",
        "around": f"No journey in scope visited {asked.anchor}",
    }[asked.view]
    return f"{what}: {scope.sentence()}."


def _ends(row: _Counted) -> tuple[_Key, _Key]:
    return (
        (row.step, row.source_kind, row.source or NAMES[row.source_kind]),
        (row.step + 1, row.target_kind, row.target or NAMES[row.target_kind]),
    )


def _judged(
    asked: _Asked, minimum: int, mature: int, converted: int
) -> tuple[float | None, float | None, float | None]:
    """Return a conversion rate with its interval, or Nones where it must not be told."""
    if asked.view == "end" or mature < minimum:
        return None, None, None
    return rate(converted, mature), *wilson(converted, mature)


def _links(counted: Iterable[_Counted], asked: _Asked, minimum: int) -> tuple[FlowLink, ...]:
    sources: dict[_Key, int] = defaultdict(int)
    targets: dict[_Key, int] = defaultdict(int)
    told = list(counted)
    for row in told:
        source, target = _ends(row)
        sources[source] += row.journeys
        targets[target] += row.journeys
    links = []
    for row in told:
        source, target = _ends(row)
        share, low, high = _judged(asked, minimum, row.mature, row.mature_converted)
        links.append(
            FlowLink(
                step=row.step,
                source=source[2],
                target=target[2],
                source_kind=row.source_kind,
                target_kind=row.target_kind,
                journeys=row.journeys,
                share=row.journeys / sources[source],
                share_of_target=row.journeys / targets[target],
                mature=row.mature,
                mature_converted=row.mature_converted,
                conversion_rate=share,
                low=low,
                high=high,
                median_seconds=row.median_seconds,
            )
        )
    return tuple(links)


def _nodes(counted: Iterable[_Counted], asked: _Asked, minimum: int) -> tuple[FlowNode, ...]:
    """Return the nodes in order of step; a touchpoint's journeys are those that leave it."""
    parts: dict[_Key, list[_Counted]] = defaultdict(list)
    for row in counted:
        source, target = _ends(row)
        parts[source].append(row)
        if row.target_kind not in REAL:
            parts[target].append(row)
    nodes = [_node(key, rows, asked, minimum) for key, rows in parts.items()]
    return tuple(
        sorted(nodes, key=lambda n: (n.step, ORDER.index(n.kind), -n.journeys, n.touchpoint))
    )


def _node(key: _Key, rows: list[_Counted], asked: _Asked, minimum: int) -> FlowNode:
    def of(*kinds: Kind) -> int:
        return sum(row.journeys for row in rows if row.target_kind in kinds)

    mature = sum(row.mature for row in rows)
    converted = sum(row.mature_converted for row in rows)
    share, low, high = _judged(asked, minimum, mature, converted)
    passes = key[1] in REAL
    return FlowNode(
        step=key[0],
        touchpoint=key[2],
        kind=key[1],
        journeys=sum(row.journeys for row in rows),
        went_on=of("touchpoint", "other", "further") if passes else 0,
        exits=of("left") if passes else 0,
        converted=of("converted") if passes else 0,
        active=of("active") if passes else 0,
        mature=mature,
        mature_converted=converted,
        conversion_rate=share,
        low=low,
        high=high,
    )
