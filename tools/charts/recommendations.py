"""What to do first: the extra conversions of each recommendation, with their interval."""

from tools.analyses.recommendations import RecommendationsResult
from tools.charts.chart import CONVERTED, Chart, vega_lite


def chart(result: RecommendationsResult) -> Chart:
    """Draw each recommendation's gain in 30 days."""
    values = [
        {"name": row.title, "gain": row.extra_conversions, "low": row.low, "high": row.high, "reach": row.reach}
        for row in result.rows
    ]  # fmt: skip
    name = {"field": "name", "type": "nominal", "sort": None, "title": None}
    gain = {"field": "gain", "type": "quantitative", "title": "Extra conversions in 30 days"}
    tooltip = [
        {"field": "name", "title": "What"},
        {"field": "gain", "format": ",.0f", "title": "Extra conversions"},
        {"field": "low", "format": ",.0f", "title": "95 % from"},
        {"field": "high", "format": ",.0f", "title": "to"},
        {"field": "reach", "format": ",.0f", "title": "Concerned"},
    ]
    spec = vega_lite(
        values,
        encoding={"y": name, "tooltip": tooltip},
        layer=[
            {
                "mark": {"type": "rule", "color": CONVERTED, "opacity": 0.5, "strokeWidth": 3},
                "encoding": {
                    "x": {"field": "low", "type": "quantitative"},
                    "x2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "color": CONVERTED},
                "encoding": {"x": gain},
            },
        ],
    )
    questions = {
        row.title: f"What happens after {row.touchpoint}?" for row in result.rows if row.touchpoint
    }
    return Chart(
        "vega-lite",
        "What may bring most",
        f"Extra conversions in 30 days of {len(values)} recommendations, with their intervals.",
        spec,
        questions,
        height=70 + 40 * max(1, len(values)),
    )
