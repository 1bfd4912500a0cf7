"""Scores: conversions to expect by band, or how the test came out."""

from typing import Any

from tools.analyses.scores import ScoresResult
from tools.charts.chart import ACTIVE, CONVERTED, Chart, vega_lite

ASKED = "Who are the people still under way?"


def chart(result: ScoresResult) -> Chart:
    """Draw the conversions to expect in each band; without scores, what was expected and came."""
    return _bands(result) if result.bands else _calibration(result)


def _bands(result: ScoresResult) -> Chart:
    values = [
        {
            "band": f"{band.name} ({band.people:,} people)",
            "expected": band.expected,
            "people": band.people,
            "lowest": band.lowest,
            "rate": band.rate,
            "low": band.low,
            "high": band.high,
        }
        for band in result.bands
    ]
    tooltip = [
        {"field": "band", "title": "Scores"},
        {"field": "expected", "format": ",.1f", "title": "Conversions to expect"},
        {"field": "people", "format": ",", "title": "People under way"},
        {"field": "lowest", "format": ".2%", "title": "Scores from"},
        {"field": "rate", "format": ".2%", "title": "Converted in the test"},
        {"field": "low", "format": ".2%", "title": "95 % from"},
        {"field": "high", "format": ".2%", "title": "to"},
    ]
    spec = vega_lite(
        values,
        mark={"type": "bar", "cornerRadius": 2, "height": 20, "color": CONVERTED},
        encoding={
            "y": {"field": "band", "type": "nominal", "sort": None, "title": None},
            "x": {
                "field": "expected",
                "type": "quantitative",
                "title": "Conversions to expect of those under way",
            },
            "tooltip": tooltip,
        },
    )
    return Chart(
        "vega-lite",
        "Where the next conversions are",
        f"Conversions to expect of {result.active:,} people under way, by score: "
        + ", ".join(f"{band.name} {band.expected:,.1f}" for band in result.bands)
        + ".",
        spec,
        {str(value["band"]): ASKED for value in values},
        height=60 + 38 * len(values),
    )


def _calibration(result: ScoresResult) -> Chart:
    values: list[dict[str, Any]] = [
        {
            "expected": told.expected_rate,
            "rate": told.rate,
            "low": told.low,
            "high": told.high,
            "people": told.people,
        }
        for told in result.deciles
    ]
    most = max([value["high"] or 0 for value in values], default=1)
    share = {"type": "quantitative", "axis": {"format": "%"}}
    line = [{"expected": 0, "rate": 0}, {"expected": most, "rate": most}]
    spec = vega_lite(
        values,
        encoding={
            "x": {**share, "field": "expected", "title": "Expected"},
            "y": {**share, "field": "rate", "title": "Converted"},
            "tooltip": [
                {"field": "expected", "format": ".2%", "title": "Expected"},
                {"field": "rate", "format": ".2%", "title": "Converted"},
                {"field": "people", "format": ",", "title": "People"},
            ],
        },
        layer=[
            {"data": {"values": line}, "mark": {"type": "line", "color": ACTIVE}},
            {
                "mark": {"type": "rule", "color": CONVERTED},
                "encoding": {
                    "y": {**share, "field": "low", "title": "Converted"},
                    "y2": {"field": "high"},
                },
            },
            {"mark": {"type": "point", "filled": True, "size": 70, "color": CONVERTED}},
        ],
    )
    said = f"What scores expected and what came, in {len(values)} groups of the test."
    return Chart(
        "vega-lite",
        "What scores would have expected, and what came",
        said if values else "There are no scores to draw.",
        spec,
    )
