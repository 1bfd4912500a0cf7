"""Two groups side by side: the rates that both have, one dot each."""

from typing import Any

from tools.analyses.side_by_side import Pair, SideBySide
from tools.charts.chart import PALETTE, Chart, vega_lite

MOST = 12


def chart(result: SideBySide) -> Chart:
    """Draw both groups' rates on one line each, those that differ most first after the main one."""
    rates = [row for row in result.rows if row.unit == "rate" and row.difference is not None]
    shown = rates[:1] + sorted(rates[1:], key=lambda row: -abs(row.difference or 0.0))[: MOST - 1]
    values = [value for row in shown for value in _values(result, row)]
    label = {"field": "label", "type": "nominal", "sort": None, "title": None}
    x = {"field": "rate", "type": "quantitative", "title": None, "axis": {"format": "%"}}
    names = [result.first_name, result.second_name]
    colour = {
        "field": "group",
        "type": "nominal",
        "title": None,
        "scale": {"domain": names, "range": list(PALETTE[:2])},
        "legend": {"orient": "top", "labelLimit": 260},
    }
    spec = vega_lite(
        values,
        encoding={"y": label, "tooltip": _tooltip()},
        layer=[
            {"mark": {"type": "line", "color": "#B9B4A6"}, "encoding": {"x": x, "detail": label}},
            {
                "mark": {"type": "point", "filled": True, "size": 90},
                "encoding": {"x": x, "color": colour},
            },
        ],
    )
    return Chart(
        "vega-lite",
        f"{result.first_name} beside {result.second_name}",
        f"{len(shown)} rates of {result.first_name} beside those of {result.second_name}.",
        spec,
        height=90 + 34 * max(1, len(shown)),
    )


def _values(result: SideBySide, row: Pair) -> list[dict[str, Any]]:
    sides = (
        (result.first_name, row.first, row.first_numerator, row.first_denominator),
        (result.second_name, row.second, row.second_numerator, row.second_denominator),
    )
    return [
        {"label": row.label, "group": name, "rate": rate, "of": whole, "part": part}
        for name, rate, part, whole in sides
    ]


def _tooltip() -> list[dict[str, Any]]:
    return [
        {"field": "label", "title": "What"},
        {"field": "group", "title": "Group"},
        {"field": "rate", "format": ".1%", "title": "Rate"},
        {"field": "part", "format": ",", "title": "Of these"},
        {"field": "of", "format": ",", "title": "Base"},
    ]
