"""Funnel: how many are left at each step, and the drop between."""

from typing import Any

from tools.analyses.funnel import FunnelResult
from tools.analyses.funnel_facts import PLURALS, FunnelStep
from tools.charts.chart import CONVERTED, Chart, vega_lite

LOST = "#E4DFD3"


def chart(result: FunnelResult) -> Chart:
    """Draw a bar per step, in front of the step before it; with segments, a bar per segment."""
    labels = {row.step: f"{row.step}. {row.name}" for row in result.rows}
    spec = _by_segment(result, labels) if result.segments else _whole(result, labels)
    bars = len(result.segments) or len(result.rows)
    return Chart(
        "vega-lite",
        " → ".join(row.name for row in result.rows),
        _alt(result),
        spec,
        {labels[row.step]: _question(row) for row in result.rows},
        height=60 + max(44 * len(result.rows), 18 * bars),
    )


def _question(row: FunnelStep) -> str:
    return f"Where do people go after {row.name} instead?"


def _alt(result: FunnelResult) -> str:
    steps = ", ".join(f"{row.name} {row.mature:,}" for row in result.rows)
    return f"Funnel of {PLURALS[result.per]} that are old enough to judge: {steps}."


def _whole(result: FunnelResult, labels: dict[int, str]) -> dict[str, Any]:
    values = []
    for row in result.rows:
        before = next((r for r in result.rows[: row.step - 1][::-1] if not r.optional), row)
        share = f" · {100 * row.conversion_rate:.1f} %" if row.conversion_rate is not None else ""
        values.append(
            {
                "step": labels[row.step],
                "units": row.mature,
                "before": before.mature,
                "lost": before.mature - row.mature,
                "reached": row.reached,
                "rate": row.conversion_rate,
                "low": row.low,
                "high": row.high,
                "step_rate": row.step_rate,
                "said": f"{row.mature:,}{share}",
                "drop": f"{before.mature - row.mature:,} lost"
                if before.mature > row.mature
                else "",
            }
        )
    tooltip = [
        {"field": "step", "title": "Step"},
        {"field": "units", "format": ",", "title": "Old enough to judge"},
        {"field": "reached", "format": ",", "title": f"All {PLURALS[result.per]}"},
        {"field": "rate", "format": ".1%", "title": "Of the first step"},
        {"field": "low", "format": ".1%", "title": "95 % from"},
        {"field": "high", "format": ".1%", "title": "to"},
        {"field": "step_rate", "format": ".1%", "title": "Of the step before"},
        {"field": "lost", "format": ",", "title": "Lost since the step before"},
    ]
    x = {"field": "units", "type": "quantitative", "title": PLURALS[result.per].capitalize()}
    before_x = {"field": "before", "type": "quantitative"}
    said = {"type": "text", "align": "left", "dx": 6, "dy": -7, "fontWeight": "bold"}
    drop = {"type": "text", "align": "left", "dx": 6, "dy": 8, "color": "#8C5A4F"}
    return vega_lite(
        values,
        encoding={
            "y": {"field": "step", "type": "nominal", "sort": None, "title": None},
            "tooltip": tooltip,
        },
        layer=[
            {"mark": {"type": "bar", "color": LOST}, "encoding": {"x": before_x}},
            {"mark": {"type": "bar", "color": CONVERTED}, "encoding": {"x": x}},
            {"mark": said, "encoding": {"x": before_x, "text": {"field": "said"}}},
            {"mark": drop, "encoding": {"x": before_x, "text": {"field": "drop"}}},
        ],
    )


def _by_segment(result: FunnelResult, labels: dict[int, str]) -> dict[str, Any]:
    values = [
        {
            "step": labels[row.step],
            "segment": row.segment,
            "rate": row.conversion_rate,
            "low": row.low,
            "high": row.high,
            "units": row.mature,
        }
        for row in result.segments
        if row.conversion_rate is not None
    ]
    tooltip = [
        {"field": "segment", "title": result.by},
        {"field": "step", "title": "Step"},
        {"field": "rate", "format": ".1%", "title": "Of the first step"},
        {"field": "low", "format": ".1%", "title": "95 % from"},
        {"field": "high", "format": ".1%", "title": "to"},
        {"field": "units", "format": ",", "title": PLURALS[result.per].capitalize()},
    ]
    x = {
        "field": "rate",
        "type": "quantitative",
        "title": "Of the first step",
        "axis": {"format": "%"},
    }
    interval = {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}}
    color = {"field": "segment", "type": "nominal", "sort": None, "title": result.by}
    return vega_lite(
        values,
        encoding={
            "y": {"field": "step", "type": "nominal", "sort": None, "title": None},
            "yOffset": {"field": "segment", "sort": None},
            "tooltip": tooltip,
        },
        layer=[
            {"mark": {"type": "bar"}, "encoding": {"x": x, "color": color}},
            {"mark": {"type": "rule", "color": "#333333", "opacity": 0.6}, "encoding": interval},
        ],
    )
