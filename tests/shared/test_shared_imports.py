"""Real logs that no one on this project wrote, taken in with no options."""

import os
from pathlib import Path

import pandas as pd
import pytest

from tests.intake import load
from tools.store.workspace import memory_store

pytestmark = pytest.mark.shared


def shared(name: str) -> Path:
    return Path(os.environ["DESIREPATH_SHARED"]) / "data" / name


@pytest.mark.parametrize(
    ("name", "person", "event", "counts"),
    [
        ("ecom/ecom.csv.gz", "user_id", "event", (31106, 600, 19)),
        ("process_logs/running-example.csv", "case:concept:name", "concept:name", (42, 6, 8)),
        (
            "process_logs/roadtraffic100traces.csv",
            "case:concept:name",
            "concept:name",
            (390, 100, 10),
        ),
    ],
)
def test_a_real_log_reads_with_no_options(
    name: str, person: str, event: str, counts: tuple[int, int, int]
) -> None:
    report = load(memory_store(), shared(name))
    frame = pd.read_csv(shared(name))
    assert (report.events, report.persons, report.touchpoints) == counts
    assert counts == (len(frame), frame[person].nunique(), frame[event].nunique())


def test_sessions_and_channels_of_the_shop_are_kept() -> None:
    store = memory_store()
    load(store, shared("ecom/ecom.csv.gz"))
    frame = pd.read_csv(shared("ecom/ecom.csv.gz"))
    told = store.rows("SELECT count(DISTINCT session_id), count(DISTINCT channel) FROM event")
    assert told == [(3605, frame["acquisition_channel"].nunique())]


def test_ties_in_time_keep_the_order_of_the_file() -> None:
    store = memory_store()
    load(store, shared("process_logs/roadtraffic100traces.csv"))
    told = store.rows(
        "SELECT string_agg(label, ' > ' ORDER BY occurred_at, seq) FROM event "
        "JOIN touchpoint USING (touchpoint_id) GROUP BY person_id ORDER BY person_id"
    )
    counts = pd.Series([str(row[0]) for row in told]).value_counts()
    assert (len(counts), list(counts.head(3))) == (10, [36, 22, 16])
