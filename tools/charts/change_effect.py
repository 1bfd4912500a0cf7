"""A change: conversion before and since, of those it was for and of the control group."""

from typing import Any

from tools.analyses.change_effect import ChangeEffectResult
from tools.analyses.change_effect_windows import Difference
from tools.charts.chart import PALETTE, Chart, vega_lite
from tools.statistics.intervals import wilson


def chart(result: ChangeEffectResult) -> Chart:
    """Draw conversion before and since with their intervals, beside the control group's."""
    values = [
        *_values(
            "With the change" if result.control_effect else "Everyone looked at", result.effect
        ),
        *_values("Control group", result.control_effect),
    ]
    when = {"field": "when", "type": "nominal", "sort": ["Before", "Since"], "title": None}
    rate = {"field": "rate", "type": "quantitative", "title": "Conversion", "axis": {"format": "%"}}
    group = {
        "field": "group",
        "type": "nominal",
        "title": None,
        "scale": {"range": [PALETTE[0], PALETTE[1]]},
        "legend": {"orient": "top", "labelLimit": 260},
    }
    spec = vega_lite(
        values,
        encoding={
            "x": {**when, "axis": {"labelAngle": 0}},
            "tooltip": [
                {"field": "group", "title": "Group"},
                {"field": "when", "title": "When"},
                {"field": "rate", "format": ".1%", "title": "Conversion"},
                {"field": "journeys", "format": ",", "title": "Journeys"},
            ],
        },
        layer=[
            {"mark": {"type": "line"}, "encoding": {"y": rate, "color": group}},
            {
                "mark": {"type": "rule", "opacity": 0.5, "strokeWidth": 3},
                "encoding": {
                    "y": {"field": "low", "type": "quantitative"},
                    "y2": {"field": "high"},
                    "color": group,
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90},
                "encoding": {"y": rate, "color": group},
            },
        ],
    )
    what = result.change or (f"the change on {result.on}" if result.on else "no change yet")
    return Chart(
        "vega-lite",
        f"Before and since {what}",
        f"Conversion before and since {what}, {len(values)} rates with their intervals.",
        spec,
        height=300,
    )


def _values(group: str, told: Difference | None) -> list[dict[str, Any]]:
    if told is None:
        return []
    sides = (
        ("Before", told.before_rate, told.before_converted, told.before),
        ("Since", told.after_rate, told.after_converted, told.after),
    )
    values = []
    for when, rate, converted, journeys in sides:
        low, high = wilson(converted, journeys)
        if rate is not None:
            values.append(
                {"group": group, "when": when, "rate": rate, "low": low, "high": high, "journeys": journeys}
            )  # fmt: skip
    return values
