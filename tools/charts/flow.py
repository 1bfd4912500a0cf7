"""Flow: a Sankey of journeys step by step, whose nodes and links can be clicked.

Streamlit draws it with `st.echarts_chart(spec, on_select="rerun")`, which gives back, for a node
(or, with `"data_type": "edge"`, a link) that was clicked:

    {"selection": {"selected": [{"series_index": 0, "series_id": "flow", "series_name": None,
                                 "data_type": "node", "data_indices": [3]}], "areas": []}}

`data_indices` count the series' `data` (nodes) or `links` (edges), as the keys of
`Chart.questions` do: "node:3", "edge:5". A second click on the same element clears it.
"""

from collections import defaultdict
from html import escape
from typing import Any

from tools.analyses.flow import FlowResult
from tools.analyses.flow_parts import REAL, FlowLink, FlowNode, Kind
from tools.charts.chart import ACTIVE, CONVERTED, DROPPED, Chart

TOUCHPOINTS = ("#3F6C9B", "#D98E32", "#7A6AA6", "#5B8C85", "#B7A14B")
"""The most frequent touchpoints keep one colour through all steps; the rest are QUIET."""
QUIET, PALE, ANCHOR = "#93A39B", "#D8D5CB", "#24352C"
ENDS: dict[Kind, str] = {
    "converted": CONVERTED,
    "left": DROPPED,
    "active": ACTIVE,
    "other": PALE,
    "further": PALE,
    "began": PALE,
    "earlier": PALE,
}
NARROW = 560
"""Pixels; below it labels are cut shorter."""
Key = tuple[int, str, str]


def chart(result: FlowResult) -> Chart:
    """Draw the flow in one column per step; where journeys end is told in every column."""
    nodes = [node for node in result.nodes if result.view != "start" or node.kind != "began"]
    links = [link for link in result.rows if result.view != "start" or link.source_kind != "began"]
    first = min((node.step for node in nodes), default=0)
    colours = _colours(nodes, result)
    columns = 1 + max((node.step for node in nodes), default=0) - first
    series = {
        "id": "flow",
        "type": "sankey",
        "data": [_node(node, result, first, colours) for node in nodes],
        "links": [_link(link, colours) for link in links],
        "selectedMode": "single",
        "select": {"itemStyle": {"borderColor": ANCHOR, "borderWidth": 2}},
        "emphasis": {"focus": "adjacency"},
        "nodeAlign": "left",
        "layoutIterations": 0,
        "draggable": False,
        "nodeWidth": 12,
        "nodeGap": 14,
        "left": "1%",
        "right": f"{_margin(columns)}%",
        "top": 34,
        "bottom": 8,
        "label": {"position": "right", "fontSize": 12, "width": _width(760, columns), **CUT},
        "labelLayout": {"hideOverlap": True},
        "lineStyle": {"opacity": 0.32, "curveness": 0.5},
        "tooltip": {"trigger": "item", "confine": True},
    }
    narrow = {"label": {"fontSize": 10, "width": _width(350, columns)}, "nodeWidth": 8}
    spec = {
        "tooltip": {"trigger": "item", "confine": True},
        "title": _headings(result, first, columns),
        "series": [series],
        "media": [
            {"query": {"maxWidth": NARROW}, "option": {"series": [{"id": "flow", **narrow}]}},
            {"option": {"series": [{"id": "flow", "label": series["label"], "nodeWidth": 12}]}},
        ],
    }
    questions = {f"node:{n}": _node_question(node) for n, node in enumerate(nodes)}
    questions |= {f"edge:{n}": _link_question(link) for n, link in enumerate(links)}
    tallest = max(_heights(nodes), default=1)
    return Chart("echarts", _title(result), _alt(result), spec, questions, 100 + 40 * tallest)


CUT = {
    "overflow": "truncate",
    "ellipsis": "…",
    "color": "#3A3F3B",
    "textBorderColor": "rgba(255, 255, 255, 0.8)",
    "textBorderWidth": 2,
}
SHORT: dict[Kind, str] = {"active": "Under way", "further": "More", "earlier": "Earlier"}


def _margin(columns: int) -> int:
    """Return the room right of the last column, in percent, for its labels."""
    return max(15, round(85 / (columns + 1)))


def _width(pixels: int, columns: int) -> int:
    """Return how many pixels a label may take beside its node."""
    return max(28, pixels // (columns + 1) - 18)


def _heights(nodes: list[FlowNode]) -> list[int]:
    columns: dict[int, int] = defaultdict(int)
    for node in nodes:
        columns[node.step] += 1
    return list(columns.values())


def _key(step: int, kind: str, name: str) -> str:
    return f"{step} {kind} {name}"


def _colours(nodes: list[FlowNode], result: FlowResult) -> dict[tuple[str, str], str]:
    """Return each (kind, touchpoint)'s colour."""
    volumes: dict[str, int] = defaultdict(int)
    for node in nodes:
        if node.kind == "touchpoint" and node.touchpoint != result.anchor:
            volumes[node.touchpoint] += node.journeys
    ranked = sorted(volumes, key=lambda name: (-volumes[name], name))
    colours = {("touchpoint", name): QUIET for name in ranked}
    colours |= {
        ("touchpoint", name): colour for name, colour in zip(ranked, TOUCHPOINTS, strict=False)
    }
    if result.anchor:
        colours["touchpoint", result.anchor] = ANCHOR
    return colours


def _colour(kind: Kind, name: str, colours: dict[tuple[str, str], str]) -> str:
    return ENDS.get(kind) or colours.get((kind, name), QUIET)


def _node(
    node: FlowNode, result: FlowResult, first: int, colours: dict[tuple[str, str], str]
) -> dict[str, Any]:
    lines = [f"{_journeys(node.journeys)} ({_share(node.journeys / result.journeys)} of all shown)"]
    if node.kind in REAL:
        lines += [
            f"Went on: {node.went_on:,}",
            f"Converted next: {node.converted:,}",
            f"Left: {node.exits:,}",
            f"Still under way: {node.active:,}",
        ]
        if node.conversion_rate is not None:
            lines.append(f"Convert later: {_share(node.conversion_rate)} of {node.mature:,} mature")
    return {
        "name": _key(node.step, node.kind, node.touchpoint),
        "value": node.journeys,
        "depth": node.step - first,
        "itemStyle": {"color": _colour(node.kind, node.touchpoint, colours), "borderWidth": 0},
        "label": _label(node),
        "tooltip": {"formatter": _told(node.touchpoint, lines)},
    }


def _label(node: FlowNode) -> dict[str, Any]:
    """Return a node's label; where journeys begin or end it is short and never cut."""
    text = SHORT.get(node.kind, node.touchpoint)
    return {"formatter": _plain(text)} | ({} if node.kind in REAL else {"width": 64})


def _journeys(number: int) -> str:
    return f"{number:,} journey{'' if number == 1 else 's'}"


def _share(part: float) -> str:
    return f"{part:.0%}" if part >= 0.095 or part == 0 else f"{part:.1%}"


def _time(seconds: float) -> str:
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return "a minute"


def _link(link: FlowLink, colours: dict[tuple[str, str], str]) -> dict[str, Any]:
    lines = [
        f"{_journeys(link.journeys)}: {_share(link.share)} of {link.source}, "
        f"{_share(link.share_of_target)} of {link.target}"
    ]
    if link.median_seconds is not None:
        lines.append(f"Half within {_time(link.median_seconds)}")
    if link.conversion_rate is not None and link.target_kind in REAL | {"further"}:
        lines.append(f"Convert later: {_share(link.conversion_rate)} of {link.mature:,} mature")
    ended = link.target_kind in {"converted", "left", "active"}
    kind, name = (
        (link.target_kind, link.target)
        if ended or link.source_kind not in REAL
        else (link.source_kind, link.source)
    )
    return {
        "source": _key(link.step, link.source_kind, link.source),
        "target": _key(link.step + 1, link.target_kind, link.target),
        "value": link.journeys,
        "lineStyle": {"color": _colour(kind, name, colours)},
        "tooltip": {"formatter": _told(f"{link.source} → {link.target}", lines)},
    }


def _plain(text: str) -> str:
    """Return a label that ECharts takes as it is: braces would be read as a template."""
    return text.replace("{", "(").replace("}", ")")


def _told(heading: str, lines: list[str]) -> str:
    """Return a tooltip; its words come from data, so they are escaped."""
    return "<br/>".join([f"<b>{escape(_plain(heading))}</b>", *(escape(_plain(t)) for t in lines)])


def _headings(result: FlowResult, first: int, columns: int) -> list[dict[str, Any]]:
    style = {"fontSize": 11, "fontWeight": "normal", "color": "#7C7A72"}
    spread = (100 - 1 - _margin(columns)) / max(1, columns - 1)
    return [
        {"text": _heading(result, first + n), "left": f"{1 + n * spread:.1f}%", "top": 6}
        | {"textStyle": style, "padding": 0}
        for n in range(columns)
        if result.first_step <= first + n <= result.last_step
    ]


def _heading(result: FlowResult, step: int) -> str:
    if result.view == "start":
        return f"Step {step}"
    if result.view == "around" and step == 0:
        return "Here"
    return f"{step:+d}".replace("-", "\N{MINUS SIGN}")


def _title(result: FlowResult) -> str:
    titles = {
        "start": "Where journeys go from the start",
        "end": "The last steps before converting",
        "around": f"What happens around {result.anchor}",
    }
    return titles[result.view]


def _alt(result: FlowResult) -> str:
    steps = 1 + result.last_step - result.first_step
    return (
        f"Sankey diagram of {_journeys(result.journeys)} over {steps} step{'' if steps == 1 else 's'}: "
        f"{_title(result).lower()}."
        if result.anchor is None
        else f"Sankey diagram of {_journeys(result.journeys)} that visited {result.anchor}."
    )


def _node_question(node: FlowNode) -> str:
    questions: dict[Kind, str] = {
        "touchpoint": f"Where do people go after {node.touchpoint}?",
        "other": "Which paths do people take?",
        "converted": "What do people do right before they convert?",
        "left": "Where do people drop off?",
        "active": "How many journeys are still under way?",
        "further": "Which paths do people take?",
        "began": "Where do journeys begin?",
        "earlier": "Where do journeys begin?",
    }
    return questions[node.kind]


def _link_question(link: FlowLink) -> str:
    if link.source_kind == "touchpoint":
        if link.target_kind == "left":
            return f"Why do people leave after {link.source}?"
        if link.target_kind == "converted":
            return f"Which paths with {link.source} convert best?"
        if link.target_kind == "touchpoint":
            return f"Which paths contain {link.source} > {link.target}?"
        return f"Where do people go after {link.source}?"
    if link.target_kind == "touchpoint":
        return f"Where do people go after {link.target}?"
    return (
        "Where do people drop off?" if link.target_kind == "left" else "Which paths convert best?"
    )
