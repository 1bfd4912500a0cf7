"""Retention: a heat map of cohorts (or groups) by periods since the first conversion."""

from typing import Any

from tools.analyses.retention import RetentionResult
from tools.analyses.retention_rows import RetentionRow
from tools.charts.chart import CONVERTED, Chart, vega_lite

SHOWN = 24
"""Cohorts drawn, the newest."""


def chart(result: RetentionResult) -> Chart:
    """Draw the share that converted again within each period; too young cells stay empty."""
    names = list(dict.fromkeys(row.name for row in result.rows))[-SHOWN:]
    rows = [row for row in result.rows if row.name in names]
    values = [_value(row, result.grain) for row in rows if row.repeat_rate is not None]
    what = "group" if result.by else "cohort"
    drawn = len({value["name"] for value in values})
    most = max([value["rate"] for value in values], default=0.0)
    spec = vega_lite(
        values,
        encoding={
            "y": {"field": "name", "type": "nominal", "sort": names, "title": None},
            "x": {
                "field": "period",
                "type": "ordinal",
                "title": f"Within so many {_spans(result.grain)} of the first conversion",
                "axis": {"labelAngle": 0},
            },
            "tooltip": _tooltip(what),
        },
        layer=[
            {
                "mark": {"type": "rect", "stroke": "white"},
                "encoding": {
                    "color": {
                        "field": "rate",
                        "type": "quantitative",
                        "scale": {"range": ["#F1F4F0", CONVERTED], "domain": [0, most or 1]},
                        "legend": None,
                    }
                },
            },
            {
                "mark": {"type": "text", "fontSize": 10},
                "encoding": {
                    "text": {"field": "short", "type": "nominal"},
                    "color": {
                        "condition": {"test": f"datum.rate > {0.6 * most}", "value": "white"},
                        "value": "#2B2B28",
                    },
                },
            },
        ],
    )
    return Chart(
        "vega-lite",
        f"Who converts again, by {result.by or 'when they first converted'}",
        f"Shares of people who converted again, of {drawn} {what}{'' if drawn == 1 else 's'} by "
        f"{_spans(result.grain)} since the first conversion.",
        spec,
        dict.fromkeys(names, "Do people convert again?"),
        height=80 + 26 * max(1, drawn),
    )


def _spans(grain: str) -> str:
    return {"week": "weeks", "month": "spans of 30 days", "quarter": "spans of 90 days"}[grain]


def _value(row: RetentionRow, grain: str) -> dict[str, Any]:
    rate = 100 * (row.repeat_rate or 0)
    return {
        "name": row.name,
        "period": row.period,
        "days": row.days,
        "rate": row.repeat_rate,
        "short": f"{rate:.0f}" if rate >= 10 or rate == 0 else f"{rate:.1f}",
        "low": row.low,
        "high": row.high,
        "repeated": row.repeated,
        "observed": row.observed,
        "back": row.return_rate,
        "grain": grain,
    }


def _tooltip(what: str) -> list[dict[str, Any]]:
    return [
        {"field": "name", "title": what.capitalize()},
        {"field": "days", "title": "Within days"},
        {"field": "rate", "format": ".1%", "title": "Converted again"},
        {"field": "low", "format": ".1%", "title": "95 % from"},
        {"field": "high", "format": ".1%", "title": "to"},
        {"field": "repeated", "format": ",", "title": "People"},
        {"field": "observed", "format": ",", "title": "of"},
        {"field": "back", "format": ".1%", "title": "Came back"},
    ]
