"""The people behind a number: how many stand at each last touchpoint."""

from tools.analyses.customers import CustomersResult
from tools.charts.chart import PALETTE, Chart, vega_lite

MOST = 12


def chart(result: CustomersResult) -> Chart:
    """Draw the last touchpoints, or, where one was asked for, the channels they came by."""
    by_channel = bool(result.at)
    shown = (result.channels if by_channel else result.last_touchpoints)[:MOST]
    values = [{"name": name, "journeys": journeys} for name, journeys in shown]
    name = {"field": "name", "type": "nominal", "sort": None, "title": None}
    size = {"field": "journeys", "type": "quantitative", "title": "Journeys"}
    spec = vega_lite(
        values,
        mark={"type": "bar", "color": PALETTE[2]},
        encoding={"y": name, "x": size, "tooltip": [name, {**size, "format": ","}]},
    )
    what = "first channel" if by_channel else "last touchpoint"
    question = "Where do people from {} drop off?" if by_channel else "What happens after {}?"
    return Chart(
        "vega-lite",
        f"Their {what}",
        f"Journeys by {what}: the {len(values)} most frequent.",
        spec,
        {name: question.format(name) for name, _ in shown},
        height=60 + 30 * max(1, len(values)),
    )
