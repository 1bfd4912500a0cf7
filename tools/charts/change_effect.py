"""Change effect: weekly conversion before and after, with the day of the change."""

from typing import Any

from tools.analyses.change_effect import CONTROL, THESE
from tools.analyses.change_effect_result import ChangeEffectResult
from tools.charts.chart import ACTIVE, CONVERTED, Chart, vega_lite

NAMES = {THESE: "With the change", CONTROL: "Control"}


def chart(result: ChangeEffectResult) -> Chart:
    """Draw each week's conversion with its interval, and a rule where the change is."""
    values = [
        {
            "week": week.begins.isoformat(),
            "who": NAMES[week.group],
            "rate": week.conversion_rate,
            "low": week.low,
            "high": week.high,
            "converted": week.converted,
            "people": week.people,
        }
        for week in result.weeks
        if week.conversion_rate is not None
    ]
    tooltip = [
        {"field": "week", "type": "temporal", "title": "Week from"},
        {"field": "who", "title": "Who"},
        {"field": "rate", "format": ".1%", "title": "Conversion"},
        {"field": "low", "format": ".1%", "title": "95 % from"},
        {"field": "high", "format": ".1%", "title": "to"},
        {"field": "converted", "format": ",", "title": "Converted"},
        {"field": "people", "format": ",", "title": "of people"},
    ]
    x = {"field": "week", "type": "temporal", "title": None, "axis": {"labelOverlap": True}}
    y = {"field": "rate", "type": "quantitative", "title": "Conversion", "axis": {"format": "%"}}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.35},
            "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {"mark": {"type": "line", "strokeWidth": 1.5}, "encoding": {"y": y}},
        {"mark": {"type": "point", "filled": True, "size": 40}, "encoding": {"y": y}},
    ]
    if result.on:
        layers.append(_rule(result.on.isoformat()))
    spec = vega_lite(
        values,
        encoding={"x": x, "color": _colour(result), "tooltip": tooltip},
        layer=layers,
    )
    what = f"'{result.change}'" if result.change else f"{result.on}"
    title = f"Conversion before and after {what}" if result.on else "Conversion by week"
    shown = len({value["week"] for value in values})
    return Chart(
        "vega-lite", title, f"Conversion week by week, {shown} in all.", spec, {}, height=300
    )


def _colour(result: ChangeEffectResult) -> dict[str, Any]:
    told = {
        "field": "who",
        "type": "nominal",
        "scale": {"domain": list(NAMES.values()), "range": [CONVERTED, ACTIVE]},
    }
    legend = {"orient": "top", "title": None}
    return {**told, "legend": legend if result.control else None}


def _rule(day: str) -> dict[str, Any]:
    """Return the change's day as a dashed line, with data of its own."""
    return {
        "data": {"values": [{"week": day}]},
        "mark": {"type": "rule", "strokeDash": [4, 3], "strokeWidth": 1.5},
        "encoding": {
            "x": {"field": "week", "type": "temporal"},
            "color": {"value": "#4A4A44"},
            "tooltip": {"value": f"The change: {day}"},
        },
    }
