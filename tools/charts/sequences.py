"""Whether order matters: each pair's ratio with its interval, beside no difference."""

from typing import Any

from tools.analyses.sequence_rows import OrderRow, is_clear
from tools.analyses.sequences import SequencesResult
from tools.charts.chart import ACTIVE, CONVERTED, DROPPED, PALETTE, Chart, vega_lite


def chart(result: SequencesResult) -> Chart:
    """Draw the rates of one pair's ways, or how each pair's order compares with its reverse."""
    if result.named and result.rows:
        return _rates(result, result.rows[0])
    rows = [row for row in result.rows if row.order_low is not None]
    values = [_value(row) for row in rows]
    log = {"type": "log"}
    what = "leave" if result.outcome == "left" else "convert"
    name = {"field": "name", "type": "nominal", "sort": None, "title": None}
    colour = {"field": "colour", "type": "nominal", "scale": None}
    ratio = {
        "field": "ratio",
        "type": "quantitative",
        "title": f"Times as many {what} as the other way round",
        "scale": log,
        "axis": {"format": ".2~f", "tickCount": 5},
    }
    spec = vega_lite(
        values,
        encoding={"y": name, "tooltip": _tooltip()},
        layer=[
            {
                "mark": {"type": "rule", "opacity": 0.5, "strokeWidth": 3},
                "encoding": {
                    "x": {"field": "low", "type": "quantitative", "scale": log},
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
        "One touchpoint before another",
        f"How much more often people {what} one way round than the other: {len(values)} pairs.",
        spec,
        {
            _name(row): f"Does it matter whether {row.first} comes before {row.then}?"
            for row in rows
        },
        height=70 + 32 * max(1, len(values)),
    )


def _name(row: OrderRow) -> str:
    return f"{row.first} \u2192 {row.then}"


def _value(row: OrderRow) -> dict[str, Any]:
    clear = is_clear(row.order_low, row.order_high, row.order_q)
    return {
        "name": _name(row),
        "ratio": row.order_ratio,
        "low": row.order_low,
        "high": row.order_high,
        "people": row.persons,
        "reversed": row.reversed_persons,
        "colour": (CONVERTED if (row.order_ratio or 0) > 1 else DROPPED) if clear else ACTIVE,
    }


def _tooltip() -> list[dict[str, Any]]:
    return [
        {"field": "name", "title": "Order"},
        {"field": "ratio", "format": ".2f", "title": "Times the other way round"},
        {"field": "low", "format": ".2f", "title": "95 % from"},
        {"field": "high", "format": ".2f", "title": "to"},
        {"field": "people", "format": ",", "title": "People this way"},
        {"field": "reversed", "format": ",", "title": "The other way"},
    ]


def _rates(result: SequencesResult, row: OrderRow) -> Chart:
    ways = (
        (f"{row.first}, then {row.then}", row.event_rate, row.persons),
        (f"{row.then} without {row.first} before", row.without_rate, row.without_persons),
        (f"{row.then}, then {row.first}", row.reversed_rate, row.reversed_persons),
    )
    values = [
        {"name": name, "rate": rate, "people": people}
        for name, rate, people in ways
        if rate is not None
    ]
    what = "Left right there" if result.outcome == "left" else "Converted later"
    name = {"field": "name", "type": "nominal", "sort": None, "title": None}
    x = {"field": "rate", "type": "quantitative", "title": what, "axis": {"format": "%"}}
    people = {"field": "people", "format": ",", "title": "People"}
    spec = vega_lite(
        values,
        mark={"type": "bar", "color": PALETTE[0]},
        encoding={"y": name, "x": x, "tooltip": [name, {**x, "format": ".1%"}, people]},
    )
    return Chart(
        "vega-lite",
        f"{row.first} and {row.then}",
        f"{what}: {len(values)} ways to take {row.first} and {row.then}.",
        spec,
        {str(value["name"]): f"Why do people leave at {row.then}?" for value in values},
        height=150,
    )
