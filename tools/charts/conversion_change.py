"""Conversion change: each group's part, by its share and by its own conversion."""

from tools.analyses.conversion_change import ConversionChangeResult
from tools.charts.chart import PALETTE, Chart, vega_lite

MOST = 8
"""Most groups drawn."""
BY_SHARE, BY_RATE = "Its share of journeys", "Its own conversion"


def chart(result: ConversionChangeResult) -> Chart:
    """Draw the parts of the change, one pair of bars per group, with their intervals."""
    rows = result.rows[:MOST]
    values = [
        {
            "group": row.group,
            "part": part,
            "points": 100 * value,
            "low": None if low is None else 100 * low,
            "high": None if high is None else 100 * high,
            "earlier": row.earlier_rate,
            "later": row.later_rate,
        }
        for row in rows
        for part, value, low, high in (
            (BY_SHARE, row.mix, row.mix_low, row.mix_high),
            (BY_RATE, row.within, row.within_low, row.within_high),
        )
    ]
    tooltip = [
        {"field": "group", "title": result.by.replace("_", " ").capitalize()},
        {"field": "part", "title": "Through"},
        {"field": "points", "format": "+.2f", "title": "Percentage points"},
        {"field": "low", "format": "+.2f", "title": "95 % from"},
        {"field": "high", "format": "+.2f", "title": "to"},
        {"field": "earlier", "format": ".1%", "title": "Conversion earlier"},
        {"field": "later", "format": ".1%", "title": "Conversion later"},
    ]
    spec = vega_lite(
        values,
        encoding={
            "y": {"field": "group", "type": "nominal", "sort": None, "title": None},
            "yOffset": {"field": "part", "sort": [BY_SHARE, BY_RATE]},
            "tooltip": tooltip,
        },
        layer=[
            {
                "mark": {"type": "bar", "cornerRadius": 2},
                "encoding": {
                    "x": {
                        "field": "points",
                        "type": "quantitative",
                        "title": "Part of the change, percentage points",
                    },
                    "color": {
                        "field": "part",
                        "type": "nominal",
                        "sort": [BY_SHARE, BY_RATE],
                        "scale": {"range": [PALETTE[1], PALETTE[0]]},
                        "legend": {"orient": "top", "title": None, "columns": 1},
                    },
                },
            },
            {
                "mark": {"type": "rule", "color": "#4A4A44", "strokeWidth": 1.5},
                "encoding": {
                    "x": {"field": "low", "type": "quantitative"},
                    "x2": {"field": "high"},
                },
            },
        ],
    )
    return Chart(
        "vega-lite",
        f"Conversion by {result.by.replace('_', ' ')}, {result.earlier} to {result.later}",
        f"What {len(rows)} groups each add to the change of conversion.",
        spec,
        _questions(result),
        height=110 + 44 * max(1, len(rows)),
    )


def _questions(result: ConversionChangeResult) -> dict[str, str]:
    named = [row.group for row in result.rows[:MOST] if row.kind == "value"]
    if result.by == "route":
        return {name: f"Where do people go after {name}?" for name in named if name[0] != "("}
    return {name: f"Where do people drop off when {result.by} = {name}?" for name in named}
