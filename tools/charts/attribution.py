"""Credits by every rule: how much each channel gets depends on the rule."""

from typing import Any

from tools.analyses.attribution import AttributionResult
from tools.analyses.attribution_rows import MODELS, SAID
from tools.charts.chart import PALETTE, Chart, vega_lite

SHOWN = 10
OTHERS = "other rules"


def chart(result: AttributionResult) -> Chart:
    """Draw a line of dots per name: the rule asked for in colour, from the least to the most."""
    rows = [row for row in result.rows if row.kind != "other"][:SHOWN]
    values = [
        {
            "name": row.name,
            "rule": SAID[model],
            "credit": row.by_model(model),
            "series": SAID[model] if model == result.model else OTHERS,
            "share": row.by_model(model) / result.converted if result.converted else None,
        }
        for row in rows
        for model in sorted(MODELS, key=lambda model: model == result.model)
    ]
    return Chart(
        "vega-lite",
        f"Credit for conversions by {result.by}, by {SAID[result.model]} and by other rules",
        f"Credits of {len(rows)} names by {len(MODELS)} rules of attribution.",
        vega_lite(values, encoding=_place(), layer=_layers(SAID[result.model])),
        {
            row.name: f"Which {result.by} converts best?"
            for row in rows
            if row.kind == "name" and result.by in {"channel", "campaign", "source"}
        }
        if result.by != "touchpoint"
        else {row.name: f"Which paths contain {row.name}?" for row in rows},
        height=80 + 32 * max(1, len(rows)),
    )


def _place() -> dict[str, Any]:
    return {
        "y": {"field": "name", "type": "nominal", "sort": None, "title": None},
        "tooltip": [
            {"field": "name", "title": "Credit of"},
            {"field": "rule", "title": "by"},
            {"field": "credit", "format": ",.1f", "title": "Conversions"},
            {"field": "share", "format": ".1%", "title": "of all"},
        ],
    }


def _layers(rule: str) -> list[dict[str, Any]]:
    credit = {"field": "credit", "type": "quantitative", "title": "Conversions credited"}
    colour = {
        "field": "series",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [rule, OTHERS], "range": [PALETTE[0], PALETTE[7]]},
        "legend": {"orient": "bottom", "labelLimit": 180},
    }
    return [
        {
            "mark": {"type": "rule", "color": PALETTE[7], "opacity": 0.5},
            "encoding": {
                "x": {**credit, "aggregate": "min"},
                "x2": {"field": "credit", "aggregate": "max"},
                "tooltip": {"field": "name"},
            },
        },
        {
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 0.9},
            "encoding": {"x": credit, "color": colour},
        },
    ]
