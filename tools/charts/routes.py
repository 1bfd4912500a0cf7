"""Routes: how many take each and how they convert, or who takes which."""

from typing import Any

from tools.analyses.routes import RoutesResult
from tools.analyses.routes_rows import RouteRow
from tools.charts.chart import ACTIVE, CONVERTED, DROPPED, PALETTE, Chart, vega_lite

SHOWN, SHARES, LABEL = 15, 10, 44


def chart(result: RoutesResult) -> Chart:
    """Draw the largest routes' conversion with its interval, or the most telling differences."""
    return _segments(result) if result.shares else _routes(result)


def _routes(result: RoutesResult) -> Chart:
    rows = [row for row in result.rows if row.kind == "route"][:SHOWN]
    values = [
        {
            "route": _label(number, row),
            "path": row.path,
            "rate": row.conversion_rate,
            "low": row.low,
            "high": row.high,
            "journeys": row.journeys,
            "share": row.share,
            "apart": row.apart,
        }
        for number, row in enumerate(rows, start=1)
    ]
    tooltip = [
        {"field": "path", "title": "Typical path"},
        {"field": "apart", "title": "More than others"},
        {"field": "journeys", "format": ",", "title": "Journeys"},
        {"field": "share", "format": ".1%", "title": "of all"},
        {"field": "rate", "format": ".1%", "title": "Conversion"},
        {"field": "low", "format": ".1%", "title": "95 % from"},
        {"field": "high", "format": ".1%", "title": "to"},
    ]
    return Chart(
        "vega-lite",
        "The routes people take, most journeys first, and how they convert",
        f"Conversion of the {len(rows)} largest routes with their intervals.",
        vega_lite(
            values,
            encoding={"y": _named("route"), "tooltip": tooltip},
            layer=[_interval("low", "high"), _dots("rate", "Conversion")],
        ),
        {
            _label(number, row): "Which paths convert best?"
            for number, row in enumerate(rows, start=1)
        },
        height=60 + 30 * max(1, len(rows)),
    )


def _label(number: int, row: RouteRow) -> str:
    """Return a route's name, short enough for a phone, with its rank so that no two are one."""
    name = row.route if len(row.route) <= LABEL else f"{row.route[: LABEL - 1]}…"
    return f"{number}. {name}"


def _segments(result: RoutesResult) -> Chart:
    told = result.shares[:SHARES]
    values = [
        {
            "pair": f"{row.segment}: {row.route}"[:LABEL] + f" ({number})",
            "route": row.route,
            "segment": row.segment,
            "difference": row.difference,
            "low": row.low,
            "high": row.high,
            "share": row.share,
            "others": row.others_share,
        }
        for number, row in enumerate(told, start=1)
    ]
    tooltip = [
        {"field": "segment", "title": result.by},
        {"field": "route", "title": "Route"},
        {"field": "share", "format": ".1%", "title": "Took it"},
        {"field": "others", "format": ".1%", "title": "of the others"},
        {"field": "difference", "format": "+.1%", "title": "Difference"},
        {"field": "low", "format": "+.1%", "title": "95 % from"},
        {"field": "high", "format": "+.1%", "title": "to"},
    ]
    dots = _dots("difference", "More, or less, than the others")
    dots["encoding"]["color"] = {
        "condition": {"test": "datum.difference < 0", "value": DROPPED},
        "value": CONVERTED,
    }
    return Chart(
        "vega-lite",
        f"Routes that one {result.by} takes more, or less, than the others",
        f"The {len(told)} largest differences between segments in how many take a route.",
        vega_lite(
            values,
            encoding={"y": _named("pair"), "tooltip": tooltip},
            layer=[
                {"mark": {"type": "rule", "color": ACTIVE}, "encoding": {"x": {"datum": 0}}},
                _interval("low", "high"),
                dots,
            ],
        ),
        {},
        height=60 + 34 * max(1, len(told)),
    )


def _named(field: str) -> dict[str, Any]:
    axis = {"labelLimit": 240}
    return {"field": field, "type": "nominal", "sort": None, "title": None, "axis": axis}


def _interval(low: str, high: str) -> dict[str, Any]:
    return {
        "mark": {"type": "rule", "color": "#4A4A44", "strokeWidth": 1.5},
        "encoding": {"x": {"field": low, "type": "quantitative"}, "x2": {"field": high}},
    }


def _dots(field: str, title: str) -> dict[str, Any]:
    x = {"field": field, "type": "quantitative", "title": title, "axis": {"format": "%"}}
    return {
        "mark": {"type": "point", "filled": True, "size": 90, "color": PALETTE[0]},
        "encoding": {"x": x},
    }
