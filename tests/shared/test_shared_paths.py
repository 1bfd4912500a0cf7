import os
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from tests.company import company
from tests.journey_oracle import Event
from tools.analyses.paths import PathsResult, paths
from tools.journeys.definition import JourneyDefinition
from tools.journeys.scope import Scope

pytestmark = pytest.mark.shared
NEVER = timedelta(days=10_000)
WHOLE = JourneyDefinition("cases", window=NEVER, inactivity=NEVER, collapse_repeats=False)


def variants(name: str) -> PathsResult:
    """Return the whole paths of a process log; ties in time keep the file's order."""
    path = Path(os.environ["DESIREPATH_SHARED"]) / "data" / "process_logs" / name
    log = pd.read_csv(path)
    times = pd.to_datetime(log["time:timestamp"], utc=True).dt.tz_localize(None)
    events = [
        Event(str(person), at.to_pydatetime(), line, str(touchpoint))
        for line, (person, at, touchpoint) in enumerate(
            zip(log["case:concept:name"], times, log["concept:name"], strict=True)
        )
    ]
    return paths(company(events, WHOLE), rule="whole", top=1000, scope=Scope())


def test_running_example_has_six_cases_and_six_variants() -> None:
    result = variants("running-example.csv")
    assert (result.journeys, result.distinct_paths) == (6, 6)
    assert [row.journeys for row in result.rows] == [1] * 6


def test_road_traffic_has_ten_variants_of_36_22_16() -> None:
    result = variants("roadtraffic100traces.csv")
    assert (result.journeys, result.distinct_paths) == (100, 10)
    assert [row.journeys for row in result.rows][:3] == [36, 22, 16]
    assert sum(row.journeys for row in result.rows) == 100
