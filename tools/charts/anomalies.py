"""What is new or odd: each finding's size against what was expected."""

from typing import Any

from tools.analyses.anomalies import AnomaliesResult
from tools.analyses.anomalies_rows import AnomalyRow
from tools.charts.chart import CONVERTED, PALETTE, Chart, vega_lite

MOST = 14
FALL = PALETTE[1]


def chart(result: AnomaliesResult) -> Chart:
    """Draw how many times what was expected each finding is, with its interval."""
    rows = [row for row in result.rows if row.size][:MOST]
    values = [_value(row) for row in rows]
    ratio: dict[str, Any] = {
        "field": "size",
        "type": "quantitative",
        "title": "Times what was expected",
        "scale": {"type": "log"},
        "axis": {"format": ".2~f", "tickCount": 5},
    }
    colour = {"field": "colour", "type": "nominal", "scale": None}
    tooltip = [
        {"field": "name", "title": "What"},
        {"field": "kind", "title": "Kind"},
        {"field": "since", "title": "Since"},
        {"field": "observed", "format": ",.3~f", "title": "Observed"},
        {"field": "expected", "format": ",.3~f", "title": "Expected"},
        {"field": "size", "format": ".2f", "title": "Times"},
    ]
    spec = vega_lite(
        values,
        encoding={
            "y": {"field": "name", "type": "nominal", "sort": None, "title": None},
            "tooltip": tooltip,
        },
        layer=[
            {
                "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.5},
                "encoding": {
                    "x": {**ratio, "field": "low"},
                    "x2": {"field": "high"},
                    "color": colour,
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90},
                "encoding": {"x": ratio, "color": colour},
            },
            {
                "mark": {"type": "rule", "strokeDash": [4, 4], "color": "#8C8C8C"},
                "encoding": {"x": {"datum": 1}, "y": None},
            },
        ],
    )
    return Chart(
        "vega-lite",
        "What is new or odd",
        f"{len(values)} findings, each as a multiple of what was expected.",
        spec,
        {
            _name(row): f"Where do people go after {row.what}?"
            for row in rows
            if row.field == "touchpoint"
        },
        height=70 + 32 * max(1, len(values)),
    )


def _name(row: AnomalyRow) -> str:
    return f"{row.what} ({row.kind})"


def _value(row: AnomalyRow) -> dict[str, Any]:
    return {
        "name": _name(row),
        "kind": row.kind,
        "since": row.since,
        "observed": row.observed,
        "expected": row.expected,
        "size": row.size,
        "low": row.low or row.size,
        "high": row.high or row.size,
        "colour": CONVERTED if (row.size or 0) > 1 else FALL,
    }
