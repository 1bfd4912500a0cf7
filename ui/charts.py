"""A chart on the page; a click on it asks the next question."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from tools.charts.chart import Chart
from ui import session
from ui.edge import callback, plain

PICKED = "picked"
FONT = "Source Sans, sans-serif"
Spec = dict[str, Any]


def draw(chart: Chart, key: str) -> None:
    """Draw a chart under its title; where it has questions, its elements can be clicked."""
    clicks = session.page().clicks.get(key, 0)
    widget = f"drawn-{key}-{clicks}"

    def clicked() -> None:
        _ask_about(chart.questions, key, widget)

    with st.container(key=f"chart-{key}", gap="small"):
        st.markdown(f"###### {plain(chart.title)}")
        if chart.kind == "echarts":
            _echarts(chart, widget, callback(clicked))
        else:
            _vega_lite(chart, widget, callback(clicked))


def _echarts(chart: Chart, widget: str, clicked: Callable[[], None]) -> None:
    spec = copy.deepcopy(dict(chart.spec))
    for series in _units(spec, "series"):
        series.setdefault("selectedMode", "single" if chart.questions else False)
    for title in _units(spec, "title"):
        title["textStyle"] = {"fontFamily": FONT, **title.get("textStyle", {})}
    st.echarts_chart(
        spec,
        height=chart.height,
        key=widget,
        renderer="svg",
        alt=chart.alt,
        on_select=clicked if chart.questions else "ignore",
    )
    if chart.questions:
        st.caption("Click a touchpoint or a stream to ask about it.")


def _vega_lite(chart: Chart, widget: str, clicked: Callable[[], None]) -> None:
    spec = copy.deepcopy(dict(chart.spec))
    clickable = make_clickable(spec, chart.questions)
    fit_labels(spec)
    house = spec.setdefault("config", {})
    house.setdefault("axisY", {}).setdefault("labelFlush", False)
    house.setdefault("axisX", {}).setdefault("titleAnchor", "end")
    st.vega_lite_chart(
        spec,
        height=chart.height,
        key=widget,
        alt=chart.alt,
        on_select=clicked if clickable else "ignore",
    )
    if clickable:
        st.caption("Click a mark to ask about it.")


def make_clickable(spec: Spec, questions: Mapping[str, str]) -> bool:
    """Give a Vega-Lite chart a selection over the field that its questions name; tell if it has one.

    The last layer is the one that lies on top, so it takes the clicks.
    """
    values = spec.get("data", {}).get("values", [])
    field = next(
        (
            name
            for name in (values[0] if values else {})
            if any(isinstance(row.get(name), str) and row[name] in questions for row in values)
        ),
        None,
    )
    if field is None:
        return False
    unit = (_units(spec, "layer") or [spec])[-1]
    mark = unit.get("mark")
    if mark is None:
        return False
    unit["mark"] = {**({"type": mark} if isinstance(mark, str) else mark), "cursor": "pointer"}
    unit.setdefault("params", []).append(
        {"name": PICKED, "select": {"type": "point", "fields": [field], "toggle": False}}
    )
    return True


def fit_labels(part: object) -> None:
    """Let axis labels take two fifths of the chart's width at most: phones are narrow."""
    if isinstance(part, dict):
        limit = part.get("labelLimit")
        if isinstance(limit, int | float):
            part["labelLimit"] = {"expr": f"min({limit}, 0.4 * containerSize()[0])"}
    for inner in (
        part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    ):
        fit_labels(inner)


def _ask_about(questions: Mapping[str, str], key: str, widget: str) -> None:
    asked = [questions[name] for name in picked(st.session_state.get(widget)) if name in questions]
    here = session.page()
    here.clicks[key] = here.clicks.get(key, 0) + 1
    if asked and here.conversation not in here.questions:
        session.ask(asked[0])


def picked(state: Mapping[str, Any] | None) -> list[str]:
    """Return a selection as `Chart.questions` names it: "node:3", "edge:5", or a category."""
    selection = (state or {}).get("selection", {})
    names = [
        f"{'edge' if group['data_type'] == 'edge' else 'node'}:{index}"
        for group in selection.get("selected", ())
        for index in group["data_indices"]
    ]
    return names + [str(value) for row in selection.get(PICKED, ()) for value in row.values()]


def _units(spec: Spec, name: str) -> list[Spec]:
    found = spec.get(name, [])
    return [found] if isinstance(found, dict) else list(found)
