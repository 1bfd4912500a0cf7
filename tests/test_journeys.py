from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.company import DAY, START, company, number
from tests.journey_oracle import Event, NaiveJourney, naive_journeys
from tools.journeys.build import refresh
from tools.journeys.definition import JourneyDefinition, Rule
from tools.journeys.scope import Scope, ScopedStore
from tools.store.door import Store

Told = tuple[int, datetime, datetime, str, tuple[str, ...]]

event_lists = st.lists(
    st.builds(
        Event,
        person=st.sampled_from(["ann", "ben", "cat"]),
        at=st.integers(0, 40).map(lambda n: START + n * DAY / 2),
        seq=st.integers(0, 10**6),
        touchpoint=st.sampled_from(["home", "pricing", "trial", "buy"]),
        kind=st.sampled_from(["action", "action", "action", "exposure"]),
    ),
    max_size=30,
    unique_by=lambda e: (e.person, e.at, e.seq),
)
rules = st.sampled_from([frozenset(), frozenset({"home"}), frozenset({"trial", "buy"})])
spans = st.sampled_from([DAY / 2, 2 * DAY, 5 * DAY, 30 * DAY])


def told(store: Store) -> list[Told]:
    """Return the journeys of a store: person, start, end, outcome, step labels."""
    text, parameters = ScopedStore(store, Scope()).compose(
        "-- One row is one journey.\n"
        "WITH labelled AS (SELECT scoped_step.*, touchpoint.label FROM scoped_step "
        "JOIN touchpoint ON touchpoint.touchpoint_id = scoped_step.touchpoint_id)\n"
        "SELECT person_id, started_at, ended_at, outcome, list(label ORDER BY step) AS labels "
        "FROM scoped_journey JOIN labelled USING (journey_id) GROUP BY journey_id, person_id, started_at, ended_at, outcome ORDER BY ALL",
        {},
    )
    rows = store.rows(text, parameters)
    return sorted((r[0], r[1], r[2], r[3], tuple(r[4])) for r in rows)  # type: ignore[misc,arg-type]


def expected(journeys: list[NaiveJourney]) -> list[Told]:
    return sorted(
        (number(j.person), j.started_at, j.last_at, j.outcome, tuple(n for n, _ in j.steps))
        for j in journeys
    )


@settings(max_examples=150, deadline=None)
@given(event_lists, rules, rules, spans, spans, st.booleans())
def test_journeys_equal_a_naive_reading_of_the_definition(
    events: list[Event],
    start: frozenset[str],
    end: frozenset[str],
    window: timedelta,
    inactivity: timedelta,
    collapse: bool,
) -> None:
    if not events:
        return
    definition = JourneyDefinition(
        "test", Rule(tuple(start)), Rule(tuple(end)), window, inactivity, collapse_repeats=collapse
    )
    journeys = naive_journeys(
        events, start=start, end=end, window=window, inactivity=inactivity, collapse=collapse
    )
    assert told(company(events, definition)) == expected(journeys)


@settings(max_examples=40, deadline=None)
@given(event_lists, st.integers(0, 30))
def test_refreshing_the_persons_touched_equals_building_everything(
    events: list[Event], held_back: int
) -> None:
    if not events:
        return
    definition = JourneyDefinition("test", end=Rule(("buy",)), window=5 * DAY, inactivity=3 * DAY)
    whole = company(events, definition)
    later = {number(f"{e.person}|{e.at}|{e.seq}|{e.touchpoint}") for e in events[:held_back]}
    part = company(events, definition)
    part.execute(
        "CREATE TEMP TABLE held AS SELECT * FROM event WHERE list_contains($ids, event_id)",
        {"ids": sorted(later)},
    )
    part.execute("DELETE FROM event WHERE list_contains($ids, event_id)", {"ids": sorted(later)})
    refresh(part, [number(name) for name in ("ann", "ben", "cat")])
    part.execute("INSERT INTO event FROM held")
    refresh(part, [number(e.person) for e in events[:held_back]])
    assert told(part) == told(whole)
