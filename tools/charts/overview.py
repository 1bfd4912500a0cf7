"""Overview: conversion of the first channels, with intervals."""

from tools.analyses.overview import OverviewResult
from tools.analyses.result import NOT_KNOWN
from tools.charts.chart import CONVERTED, Chart, vega_lite


def chart(result: OverviewResult) -> Chart:
    """Draw each first channel's mature conversion with its 95 % interval."""
    values = [
        {
            "channel": row.channel,
            "journeys": row.journeys,
            "rate": row.conversion_rate,
            "low": row.low,
            "high": row.high,
        }
        for row in result.rows
        if row.conversion_rate is not None and row.channel != NOT_KNOWN
    ]
    order = {"field": "channel", "type": "nominal", "sort": None, "title": None}
    tooltip = [
        {"field": "channel", "title": "First channel"},
        {"field": "rate", "format": ".1%", "title": "Conversion"},
        {"field": "low", "format": ".1%", "title": "95 % from"},
        {"field": "high", "format": ".1%", "title": "to"},
        {"field": "journeys", "format": ",", "title": "Journeys"},
    ]
    rate = {"field": "rate", "type": "quantitative", "title": "Conversion", "axis": {"format": "%"}}
    spec = vega_lite(
        values,
        encoding={"y": order, "tooltip": tooltip},
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
                "encoding": {"x": rate},
            },
        ],
    )
    return Chart(
        "vega-lite",
        "Conversion by first channel",
        f"Conversion of {len(values)} first channels with their intervals.",
        spec,
        {row.channel: f"Where do people from {row.channel} drop off?" for row in result.rows},
        height=60 + 34 * len(values),
    )
