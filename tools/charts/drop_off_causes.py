"""What goes together with leaving: each thing's ratio with its interval, beside no difference."""

from typing import Any

from tools.analyses.drop_off_cause_rows import CauseRow, is_clear
from tools.analyses.drop_off_causes import DropOffCausesResult
from tools.charts.chart import ACTIVE, DROPPED, Chart, vega_lite

MOST = 12


def chart(result: DropOffCausesResult) -> Chart:
    """Draw how many times as likely people are to leave, by what was known of them."""
    values = [_value(row) for row in result.rows if row.ratio_low is not None][:MOST]
    name = {"field": "name", "type": "nominal", "sort": None, "title": None}
    log = {"type": "log"}
    ratio = {
        "field": "ratio",
        "type": "quantitative",
        "title": "Times as likely to leave",
        "scale": log,
        "axis": {"format": ".2~f", "tickCount": 5},
    }
    colour = {"field": "colour", "type": "nominal", "scale": None}
    low = {"field": "low", "type": "quantitative", "scale": log}
    spec = vega_lite(
        values,
        encoding={"y": name, "tooltip": _tooltip()},
        layer=[
            {
                "mark": {"type": "rule", "opacity": 0.5, "strokeWidth": 3},
                "encoding": {"x": low, "x2": {"field": "high"}, "color": colour},
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
        f"What goes with leaving at {result.at}",
        f"How many times as likely people are to leave at {result.at}: {len(values)} ratios with intervals.",
        spec,
        {value["name"]: f"How many leave at {result.at}?" for value in values},
        height=70 + 32 * max(1, len(values)),
    )


def _value(row: CauseRow) -> dict[str, Any]:
    return {
        "name": row.cause,
        "ratio": row.ratio,
        "low": row.ratio_low,
        "high": row.ratio_high,
        "rate": row.exit_rate,
        "people": row.persons,
        "colour": DROPPED if is_clear(row) else ACTIVE,
    }


def _tooltip() -> list[dict[str, Any]]:
    return [
        {"field": "name", "title": "People who"},
        {"field": "ratio", "format": ".2f", "title": "Times as likely to leave"},
        {"field": "low", "format": ".2f", "title": "95 % from"},
        {"field": "high", "format": ".2f", "title": "to"},
        {"field": "rate", "format": ".1%", "title": "Left"},
        {"field": "people", "format": ",", "title": "People"},
    ]
