"""Inflection points: each touchpoint's landmark effect with its interval, beside no effect."""

from typing import Any

from tools.analyses.inflection_point_rows import DepthRow, MomentRow, is_clear
from tools.analyses.inflection_points import InflectionPointsResult
from tools.charts.chart import ACTIVE, CONVERTED, DROPPED, Chart, vega_lite

MOST = 14


def chart(result: InflectionPointsResult) -> Chart:
    """Draw how conversion after each touchpoint compares with others as far along."""
    values = [_depth(depth) for depth in result.depths if depth.ratio is not None]
    if not values:
        rows = [row for row in result.rows if row.ratio_low is not None][:MOST]
        values = [_value(row) for row in rows]
    name = {"field": "name", "type": "nominal", "sort": None, "title": None}
    ratio = {
        "field": "ratio",
        "type": "quantitative",
        "title": "Conversion, times that of others as far along",
        "scale": {"type": "log"},
        "axis": {"format": ".2~f", "tickCount": 5},
    }
    colour = {"field": "colour", "type": "nominal", "scale": None}
    spec = vega_lite(
        values,
        encoding={"y": name, "tooltip": _tooltip()},
        layer=[
            {
                "mark": {"type": "rule", "opacity": 0.5, "strokeWidth": 3},
                "encoding": {
                    "x": {"field": "low", "type": "quantitative", "scale": {"type": "log"}},
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
    of = f" after {result.touchpoint}, by depth" if result.depths else " after each touchpoint"
    return Chart(
        "vega-lite",
        f"Conversion{of}",
        f"Conversion{of} against others as far along: {len(values)} ratios with their intervals.",
        spec,
        {row.touchpoint: f"What happens after {row.touchpoint}?" for row in result.rows},
        height=70 + 32 * max(1, len(values)),
    )


def _value(row: MomentRow) -> dict[str, Any]:
    colour = ACTIVE
    if is_clear(row):
        colour = CONVERTED if (row.ratio or 0) > 1 else DROPPED
    return {
        "name": row.touchpoint,
        "ratio": row.ratio,
        "low": row.ratio_low,
        "high": row.ratio_high,
        "plain": row.plain_lift,
        "people": row.compared,
        "colour": colour,
    }


def _depth(depth: DepthRow) -> dict[str, Any]:
    first, last = depth.first_step, depth.last_step
    return {
        "name": f"Step {first}" if first == last else f"Steps {first} to {last}",
        "ratio": depth.ratio,
        "low": depth.low,
        "high": depth.high,
        "plain": None,
        "people": depth.persons,
        "colour": CONVERTED,
    }


def _tooltip() -> list[dict[str, Any]]:
    return [
        {"field": "name", "title": "After"},
        {"field": "ratio", "format": ".2f", "title": "Times as many convert"},
        {"field": "low", "format": ".2f", "title": "95 % from"},
        {"field": "high", "format": ".2f", "title": "to"},
        {"field": "people", "format": ",", "title": "People compared"},
        {"field": "plain", "format": ".2f", "title": "Plain lift (flatters)"},
    ]
