"""Random companies whose people do several things, so that journeys get long enough to matter."""

from datetime import timedelta

from hypothesis import strategies as st

from tests.company import DAY, HOUR, START
from tests.journey_oracle import Event

TOUCHPOINTS = ["home", "pricing", "docs", "blog", "buy"]
GAPS = [timedelta(0), HOUR, 6 * HOUR, DAY, DAY, 3 * DAY, 5 * DAY]

deeds = st.tuples(st.sampled_from(TOUCHPOINTS), st.sampled_from(GAPS))
histories = st.tuples(
    st.integers(0, 45),
    st.sampled_from(["ads", "email", None]),
    st.lists(deeds, min_size=1, max_size=12),
)


def events_of(people: list[tuple[int, str | None, list[tuple[str, timedelta]]]]) -> list[Event]:
    """Return the events of people who each begin on a day and do one thing after another."""
    told: list[Event] = []
    for person, (day, channel, done) in enumerate(people):
        at = START + day * DAY
        for touchpoint, gap in done:
            at += gap
            told.append(Event(f"p{person}", at, len(told), touchpoint, channel))
    return told


companies = st.lists(histories, min_size=1, max_size=9).map(events_of)
