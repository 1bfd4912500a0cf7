"""Segments: conversion of each with its interval, beside all journeys' rate."""

from typing import Any

from tools.analyses.result import NOT_KNOWN
from tools.analyses.segment_rows import SegmentRow
from tools.analyses.segments import SegmentsResult
from tools.charts.chart import CONVERTED, Chart, vega_lite


def chart(result: SegmentsResult) -> Chart:
    """Draw each segment's mature conversion with its 95 % interval, or its size without one."""
    rated = result.base_rate is not None
    rows = [row for row in result.rows if row.low is not None or not rated]
    rows = [row for row in rows if row.segment != NOT_KNOWN or row.against] or rows
    segment = {"field": "segment", "type": "nominal", "sort": None, "title": None}
    spec = vega_lite(
        [_value(row) for row in rows],
        encoding={"y": segment, "tooltip": _tooltip(result.by)},
        layer=_conversion(result.base_rate) if result.base_rate is not None else _size(),
    )
    what = "Conversion" if rated else "Journeys"
    return Chart(
        "vega-lite",
        f"{what} by {_field(result)}",
        f"{what} of {len(rows)} segments by {_field(result)}"
        + (", with their intervals." if rated else "."),
        spec,
        {row.segment: _question(result, row) for row in rows},
        height=60 + 34 * max(1, len(rows)),
    )


def _value(row: SegmentRow) -> dict[str, Any]:
    return {
        "segment": row.segment,
        "journeys": row.journeys,
        "rate": row.conversion_rate,
        "low": row.low,
        "high": row.high,
        "q": row.q,
    }


def _tooltip(by: str) -> list[dict[str, Any]]:
    return [
        {"field": "segment", "title": by.replace("_", " ")},
        {"field": "rate", "format": ".1%", "title": "Conversion"},
        {"field": "low", "format": ".1%", "title": "95 % from"},
        {"field": "high", "format": ".1%", "title": "to"},
        {"field": "journeys", "format": ",", "title": "Journeys"},
        {"field": "q", "format": ".3f", "title": "q of the difference"},
    ]


def _conversion(base_rate: float) -> list[dict[str, Any]]:
    x = {"field": "rate", "type": "quantitative", "title": "Conversion", "axis": {"format": "%"}}
    return [
        {
            "mark": {"type": "rule", "color": CONVERTED, "opacity": 0.5, "strokeWidth": 3},
            "encoding": {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 90, "color": CONVERTED},
            "encoding": {"x": x},
        },
        {
            "mark": {"type": "rule", "strokeDash": [4, 4], "color": "#8C8C8C"},
            "encoding": {"x": {"datum": base_rate}, "y": None},
        },
    ]


def _size() -> list[dict[str, Any]]:
    x = {"field": "journeys", "type": "quantitative", "title": "Journeys"}
    return [{"mark": {"type": "bar", "color": CONVERTED}, "encoding": {"x": x}}]


def _field(result: SegmentsResult) -> str:
    return (
        f"whether they {result.by}" if result.by.startswith("saw ") else result.by.replace("_", " ")
    )


def _question(result: SegmentsResult, row: SegmentRow) -> str:
    if result.by == "channel" and row.against is not None and row.segment != NOT_KNOWN:
        return f"Where do people from {row.segment} drop off?"
    return "Where do people drop off?"
