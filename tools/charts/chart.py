"""What a chart is: a specification that the page draws and a report renders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

PALETTE = ("#2F6B4F", "#D98E32", "#3F6C9B", "#A8574B", "#7A6AA6", "#5B8C85", "#B7A14B", "#8C8C8C")
"""Meadow green first: the house colour. Colours carry no meaning of their own."""
CONVERTED, DROPPED, ACTIVE = "#2F6B4F", "#A8574B", "#B9B4A6"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of one result; its numbers are the result's."""

    kind: Literal["echarts", "vega-lite"]
    """ECharts for flows (clickable); Vega-Lite for everything else."""
    title: str
    """The finding's subject, as a heading."""
    alt: str
    """One sentence for those who cannot see it."""
    spec: Mapping[str, Any]
    questions: Mapping[str, str] = field(default_factory=dict)
    """Clicked element -> next question: "node:3", "edge:5", or a category's name."""
    height: int = 320
    """Pixels."""


def vega_lite(values: list[dict[str, Any]], **parts: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a Vega-Lite specification over inline values, in the house style."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values},
        "config": {
            "view": {"stroke": None},
            "axis": {"grid": False, "labelLimit": 220, "titleFontWeight": "normal"},
            "range": {"category": list(PALETTE)},
        },
        **parts,
    }
