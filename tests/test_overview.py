from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.company import DAY, HOUR, START, company
from tests.journey_oracle import Event, naive_journeys
from tools.analyses.overview import overview
from tools.journeys.scope import Scope

HAND = [
    Event("ann", START, 1, "home", "ads"),  # opens; mature: 30 days pass before as_of
    Event("ann", START + 4 * HOUR, 2, "buy", "ads"),  # converts after 4 hours
    Event("ben", START, 3, "home", "email"),  # silent for more than 30 days: dropped
    Event("cat", START + 35 * DAY, 4, "home", "ads"),  # 5 days old at as_of: active, not mature
    Event("dan", START + 40 * DAY, 5, "home", "email"),  # the newest event: as_of
]


def test_young_journeys_are_active_and_left_out_of_the_rate() -> None:
    result = overview(company(HAND), scope=Scope(minimum_group=1))
    assert (result.persons, result.journeys) == (4, 4)
    assert (result.converted, result.dropped, result.active) == (1, 1, 2)
    assert (result.mature, result.conversion_rate) == (2, 0.5)
    assert result.median_seconds == 4 * 3600
    assert "2 journeys are younger" in result.caveats[0]


def test_small_channels_are_pooled_and_reconcile() -> None:
    result = overview(company(HAND), scope=Scope(minimum_group=3))
    assert [row.channel for row in result.rows] == ["other"]
    assert sum(row.journeys for row in result.rows) == result.journeys


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Event,
            person=st.sampled_from("abcdef"),
            at=st.integers(0, 90).map(lambda n: START + n * DAY),
            seq=st.integers(0, 10**6),
            touchpoint=st.sampled_from(["home", "pricing", "buy"]),
            channel=st.sampled_from(["ads", "email", None]),
        ),
        min_size=1,
        max_size=40,
        unique_by=lambda e: (e.person, e.at, e.seq),
    )
)
def test_counts_equal_a_naive_reading(events: list[Event]) -> None:
    result = overview(company(events), scope=Scope(minimum_group=1))
    journeys = naive_journeys(events, end=frozenset({"buy"}))
    as_of: datetime = max(e.at for e in events)
    mature = [j for j in journeys if j.started_at + 30 * DAY <= as_of]
    won = [j for j in mature if j.outcome == "converted"]
    assert result.journeys == len(journeys)
    assert result.persons == len({j.person for j in journeys})
    assert result.active == sum(j.outcome == "active" for j in journeys)
    assert (result.mature, result.mature_converted) == (len(mature), len(won))
    assert result.conversion_rate == (len(won) / len(mature) if mature else None)
