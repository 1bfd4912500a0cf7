"""Timing: conversion by hours, time to what comes next, or the share converted by day."""

from typing import Any

from tools.analyses.timing import TimingResult
from tools.analyses.timing_rows import NextRow, WithinRow
from tools.charts.chart import ACTIVE, CONVERTED, PALETTE, Chart, vega_lite


def chart(result: TimingResult) -> Chart:
    """Draw what was asked: hours within which, what came next, or days to convert."""
    if result.then:
        return _within(result)
    return _next(result) if result.first else _days(result)


def _within(result: TimingResult) -> Chart:
    rows = [row for row in result.rows if isinstance(row, WithinRow) and row.low is not None]
    values = [
        {
            "hours": f"{row.hours} h",
            "ratio": row.ratio,
            "low": row.low,
            "high": row.high,
            "people": row.persons,
            "rate": row.conversion_rate,
            "others": row.others_rate,
            "colour": CONVERTED if row.chosen else ACTIVE,
        }
        for row in rows
    ]
    x: dict[str, Any] = {
        "field": "ratio",
        "type": "quantitative",
        "title": "Conversion, times that of those without",
        "scale": {"type": "log"},
        "axis": {"format": ".2~f", "tickCount": 5},
    }
    colour = {"field": "colour", "type": "nominal", "scale": None}
    tooltip = [
        {"field": "hours", "title": "Within"},
        {"field": "ratio", "format": ".2f", "title": "Times as many convert"},
        {"field": "low", "format": ".2f", "title": "95 % from"},
        {"field": "high", "format": ".2f", "title": "to"},
        {"field": "rate", "format": ".1%", "title": "Convert, it had come"},
        {"field": "others", "format": ".1%", "title": "Convert, it had not"},
        {"field": "people", "format": ",", "title": "People it had come to"},
    ]
    spec = vega_lite(
        values,
        encoding={"y": _named("hours"), "tooltip": tooltip},
        layer=[
            {
                "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.6},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "color": colour},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90},
                "encoding": {"x": x, "color": colour},
            },
            {
                "mark": {"type": "rule", "strokeDash": [4, 4], "color": "#8C8C8C"},
                "encoding": {"x": {"datum": 1}, "y": None},
            },
        ],
    )
    told = f"{result.then} within so many hours of {result.first}"
    return Chart(
        "vega-lite",
        told,
        f"Conversion with {told}, against without: {len(values)} ratios with their intervals.",
        spec,
        height=70 + 28 * max(1, len(values)),
    )


def _next(result: TimingResult) -> Chart:
    rows = [
        row for row in result.rows if isinstance(row, NextRow) and row.median_seconds is not None
    ]
    values = [
        {
            "name": row.name,
            "hours": (row.median_seconds or 0) / 3600,
            "low": (row.lower_seconds or 0) / 3600,
            "high": (row.upper_seconds or 0) / 3600,
            "people": row.persons,
        }
        for row in rows
    ]
    x: dict[str, Any] = {
        "field": "hours",
        "type": "quantitative",
        "title": f"Hours after {result.first} (median, middle half)",
        "scale": {"type": "symlog"},
    }
    tooltip = [
        {"field": "name", "title": "Next"},
        {"field": "hours", "format": ",.2f", "title": "Hours (median)"},
        {"field": "people", "format": ",", "title": "People"},
    ]
    spec = vega_lite(
        values,
        encoding={"y": _named("name"), "tooltip": tooltip},
        layer=[
            {
                "mark": {"type": "bar", "height": 10, "opacity": 0.4, "color": PALETTE[0]},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "color": PALETTE[0]},
                "encoding": {"x": x},
            },
        ],
    )
    return Chart(
        "vega-lite",
        f"How soon something follows {result.first}",
        f"Time from {result.first} to {len(values)} next steps: medians and quartiles.",
        spec,
        {row.name: f"What happens after {row.name}?" for row in rows if row.kind == "touchpoint"},
        height=70 + 30 * max(1, len(values)),
    )


def _days(result: TimingResult) -> Chart:
    values = [{"day": p.day, "share": p.share, "low": p.low, "high": p.high} for p in result.days]
    x = {"field": "day", "type": "quantitative", "title": "Days since the start"}
    y: dict[str, Any] = {
        "field": "share",
        "type": "quantitative",
        "title": "Converted",
        "axis": {"format": ".1~%"},
    }
    tooltip = [
        {"field": "day", "title": "By day"},
        {"field": "share", "format": ".1%", "title": "Converted"},
        {"field": "low", "format": ".1%", "title": "95 % from"},
        {"field": "high", "format": ".1%", "title": "to"},
    ]
    spec = vega_lite(
        values,
        encoding={"x": x, "tooltip": tooltip},
        layer=[
            {
                "mark": {"type": "area", "opacity": 0.25, "color": CONVERTED},
                "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "line", "point": True, "color": CONVERTED},
                "encoding": {"y": y},
            },
        ],
    )
    return Chart(
        "vega-lite",
        "How many have converted, by day",
        f"Share of journeys converted by {len(values)} days, with its interval.",
        spec,
        height=260,
    )


def _named(field: str) -> dict[str, Any]:
    return {"field": field, "type": "nominal", "sort": None, "title": None}
