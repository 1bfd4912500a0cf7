"""Paths: conversion of the listed paths with intervals, or how common they are."""

from typing import Any

from tools.analyses.path_rows import PathRow
from tools.analyses.paths import PathsResult
from tools.charts.chart import ACTIVE, CONVERTED, Chart, vega_lite

LABEL_PIXELS = 420


def chart(result: PathsResult) -> Chart:
    """Draw each listed path's conversion beside the base rate, or its share of journeys."""
    listed = [row for row in result.rows if row.length is not None]
    rows = listed if result.order == "volume" else [r for r in listed if r.low is not None]
    layers = _share() if result.order == "volume" else _conversion(result.base_rate)
    path = {
        "field": "path",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": LABEL_PIXELS},
    }
    title, alt = _words(result, len(rows))
    return Chart(
        "vega-lite",
        title,
        alt,
        vega_lite(
            [_value(row) for row in rows], encoding={"y": path, "tooltip": _tooltip()}, layer=layers
        ),
        {row.path: _question(row) for row in rows},
        height=60 + 34 * max(1, len(rows)),
    )


def _value(row: PathRow) -> dict[str, Any]:
    return {
        "path": row.path,
        "journeys": row.journeys,
        "share": row.share,
        "rate": row.conversion_rate,
        "low": row.low,
        "high": row.high,
        "as_far": row.reached_rate,
    }


def _tooltip() -> list[dict[str, Any]]:
    return [
        {"field": "path", "title": "Path"},
        {"field": "journeys", "format": ",", "title": "Journeys"},
        {"field": "share", "format": ".1%", "title": "Share of journeys"},
        {"field": "rate", "format": ".1%", "title": "Conversion"},
        {"field": "low", "format": ".1%", "title": "95 % from"},
        {"field": "high", "format": ".1%", "title": "to"},
        {"field": "as_far", "format": ".1%", "title": "All journeys that got as far"},
    ]


def _conversion(base_rate: float | None) -> list[dict[str, Any]]:
    x = {"field": "rate", "type": "quantitative", "title": "Conversion", "axis": {"format": "%"}}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "color": CONVERTED, "opacity": 0.5, "strokeWidth": 3},
            "encoding": {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "tick", "color": ACTIVE, "thickness": 3, "size": 16},
            "encoding": {"x": {"field": "as_far", "type": "quantitative"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 90, "color": CONVERTED},
            "encoding": {"x": x},
        },
    ]
    if base_rate is not None:
        line = {"type": "rule", "strokeDash": [4, 4], "color": "#8C8C8C"}
        layers.append({"mark": line, "encoding": {"x": {"datum": base_rate}, "y": None}})
    return layers


def _share() -> list[dict[str, Any]]:
    x = {
        "field": "share",
        "type": "quantitative",
        "title": "Share of journeys",
        "axis": {"format": "%"},
    }
    return [{"mark": {"type": "bar", "color": CONVERTED}, "encoding": {"x": x}}]


def _words(result: PathsResult, shown: int) -> tuple[str, str]:
    what = "beginnings of journeys" if result.rule == "began" else "whole paths"
    if result.order == "volume":
        return f"The most common {what}", f"Share of journeys of {shown} {what}."
    word = "best" if result.order == "conversion" else "worst"
    return (
        f"The {what} that convert {word}",
        f"Conversion of {shown} {what} with their intervals, beside all journeys' rate.",
    )


def _question(row: PathRow) -> str:
    last = row.path.rsplit(" → ", 1)[-1]
    return f"What do people do after {last}?" if row.length else "Where do people drop off?"
