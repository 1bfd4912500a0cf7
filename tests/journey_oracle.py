"""Naive journeys in plain Python: the definition of the design, one event at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby


@dataclass(frozen=True, slots=True, order=True)
class Event:
    person: str
    at: datetime
    seq: int
    touchpoint: str
    channel: str | None = None
    value: float | None = None
    kind: str = "action"
    session: str | None = None
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class NaiveJourney:
    person: str
    started_at: datetime
    channel: str | None
    steps: list[tuple[str, datetime]] = field(default_factory=list)
    last_at: datetime = datetime.min  # noqa: DTZ901
    outcome: str = "open"
    value: float | None = None

    def path(self) -> tuple[str, ...]:
        names = tuple(name for name, _ in self.steps)
        return names[:-1] if self.outcome == "converted" else names

    def add(self, event: Event, *, is_end: bool, collapse: bool) -> None:
        repeats = bool(self.steps) and self.steps[-1][0] == event.touchpoint
        if is_end or not (collapse and repeats):
            self.steps.append((event.touchpoint, event.at))
        self.last_at = event.at


def naive_journeys(
    events: Iterable[Event],
    *,
    start: frozenset[str] = frozenset(),
    end: frozenset[str] = frozenset(),
    window: timedelta = timedelta(days=30),
    inactivity: timedelta = timedelta(days=30),
    collapse: bool = True,
    as_of: datetime | None = None,
) -> list[NaiveJourney]:
    """Outcomes are 'converted', 'dropped' or 'active'; no start names mean first touch."""
    told = sorted(events, key=lambda e: (e.person, e.at, e.seq))
    newest = as_of or max((e.at for e in told), default=datetime.min)  # noqa: DTZ901
    journeys: list[NaiveJourney] = []
    actions = [e for e in told if e.kind == "action" and e.at <= newest]
    for _, group in groupby(actions, key=lambda e: e.person):
        open_journey: NaiveJourney | None = None
        for event in group:
            if open_journey is not None and (
                event.at - open_journey.last_at > inactivity
                or event.at - open_journey.started_at > window
            ):
                open_journey.outcome = "dropped"
                open_journey = None
            if open_journey is None and (not start or event.touchpoint in start):
                open_journey = NaiveJourney(event.person, event.at, event.channel)
                journeys.append(open_journey)
            if open_journey is None:
                continue
            is_end = event.touchpoint in end
            open_journey.add(event, is_end=is_end, collapse=collapse)
            if is_end:
                open_journey.outcome, open_journey.value = "converted", event.value
                open_journey = None
    for journey in journeys:
        if journey.outcome == "open":
            alive = newest - journey.last_at <= inactivity
            young = newest - journey.started_at <= window
            journey.outcome = "active" if alive and young else "dropped"
    return journeys
