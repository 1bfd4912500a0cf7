"""Drop-off: excess exits per touchpoint, or exit rates of the groups at one touchpoint."""

from typing import Any

from tools.analyses.drop_off import DropOffResult
from tools.analyses.drop_off_parts import DropOffRow, ExitGroup
from tools.charts.chart import ACTIVE, DROPPED, Chart, vega_lite


def chart(result: DropOffResult) -> Chart:
    """Draw excess exits with their interval, or exit rates by group where one place is asked for."""
    if result.at is None and result.by is None:
        return _ranking(result)
    return _groups(result)


def _ranking(result: DropOffResult) -> Chart:
    rows = [row for row in result.rows if row.kind == "touchpoint"]
    values = [
        {
            "touchpoint": row.touchpoint,
            "excess": row.excess_exits,
            "low": row.excess_low,
            "high": row.excess_high,
            "exits": row.mature_exits,
            "expected": row.expected_exits,
            "rate": row.exit_rate,
            "reached": row.mature,
            "clear": _clear(row),
        }
        for row in rows
    ]
    tooltip = [
        {"field": "touchpoint", "title": "Touchpoint"},
        {"field": "excess", "format": "+,.0f", "title": "More than expected"},
        {"field": "low", "format": "+,.0f", "title": "95 % from"},
        {"field": "high", "format": "+,.0f", "title": "to"},
        {"field": "exits", "format": ",", "title": "Ended here"},
        {"field": "expected", "format": ",.0f", "title": "Expected"},
        {"field": "reached", "format": ",", "title": "Reached it"},
        {"field": "rate", "format": ".1%", "title": "Exit rate"},
    ]
    colour = {
        "condition": {"test": "datum.clear", "value": DROPPED},
        "value": ACTIVE,
    }
    spec = vega_lite(
        values,
        encoding={"y": _named("touchpoint"), "tooltip": tooltip},
        layer=[
            {
                "mark": {"type": "bar", "cornerRadius": 2, "height": 16},
                "encoding": {
                    "x": _quantity("excess", "Journeys ending here beyond expectation", ",d"),
                    "color": colour,
                },
            },
            _interval(),
        ],
    )
    return Chart(
        "vega-lite",
        "Where more journeys end than expected",
        f"Excess exits of {len(values)} touchpoints with their intervals.",
        spec,
        {row.touchpoint: f"Why do people leave after {row.touchpoint}?" for row in rows},
        height=60 + 30 * max(1, len(values)),
    )


def _clear(row: DropOffRow) -> bool:
    return row.q_value is not None and row.q_value < 0.05 and row.excess_exits > 0


def _groups(result: DropOffResult) -> Chart:
    groups = [
        g for g in (result.segments if result.by else result.before) if g.exit_rate is not None
    ]
    place = f"at {result.at}" if result.at else "anywhere"
    cut = f"by {result.by}" if result.by else "by where people came from"
    values = [
        {
            "group": group.name,
            "rate": group.exit_rate,
            "low": group.low,
            "high": group.high,
            "exits": group.exits,
            "journeys": group.journeys,
        }
        for group in groups
    ]
    tooltip = [
        {"field": "group", "title": result.by or "Came from"},
        {"field": "rate", "format": ".1%", "title": "Exit rate"},
        {"field": "low", "format": ".1%", "title": "95 % from"},
        {"field": "high", "format": ".1%", "title": "to"},
        {"field": "exits", "format": ",", "title": "Ended"},
        {"field": "journeys", "format": ",", "title": "of journeys"},
    ]
    spec = vega_lite(
        values,
        encoding={"y": _named("group"), "tooltip": tooltip},
        layer=[
            {
                **_interval(),
                "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.5, "color": DROPPED},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "color": DROPPED},
                "encoding": {"x": _quantity("rate", "Exit rate", "%")},
            },
        ],
    )
    return Chart(
        "vega-lite",
        f"Exit rate {place}, {cut}",
        f"Exit rates of {len(values)} groups with their intervals.",
        spec,
        {group.name: question for group in groups if (question := _question(result, group))},
        height=60 + 34 * max(1, len(values)),
    )


def _question(result: DropOffResult, group: ExitGroup) -> str | None:
    if result.by:
        if group.kind == "other" or group.name.startswith("("):
            return None
        return f"Where do people drop off when {result.by} = {group.name}?"
    return f"Where do people go after {group.name}?" if group.kind == "touchpoint" else None


def _named(field: str) -> dict[str, Any]:
    return {"field": field, "type": "nominal", "sort": None, "title": None}


def _quantity(field: str, title: str, form: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": title, "axis": {"format": form}}


def _interval() -> dict[str, Any]:
    return {
        "mark": {"type": "rule", "color": "#4A4A44", "strokeWidth": 1.5},
        "encoding": {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}},
    }
