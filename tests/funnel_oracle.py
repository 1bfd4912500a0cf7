"""Naive funnels in plain Python: every way through one unit's events is tried."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from tests.journey_oracle import Event, NaiveJourney

Moment = tuple[datetime, str]
"""When, and which touchpoint; a unit's moments are in order."""


@dataclass(frozen=True, slots=True)
class Question:
    steps: tuple[frozenset[str], ...]
    order: str = "ordered"
    window: timedelta | None = None
    optional: frozenset[int] = frozenset()
    excluded: frozenset[str] = frozenset()
    repeats: bool = True
    reentry: bool = False
    strictly_later: bool = False

    def before(self, place: int) -> list[int]:
        """Return the steps that a step may follow: the one before, or past optional ones."""
        found = [place - 1]
        while found[-1] in self.optional:
            found.append(found[-1] - 1)
        return found


@dataclass(frozen=True, slots=True)
class Way:
    """One way to one step: where it entered, where it arrived, and where it was before."""

    place: int
    entered: int
    arrived: int
    left: int


def ways(moments: Sequence[Moment], ask: Question, enters: Callable[[datetime], bool]) -> list[Way]:
    """Return every way to every step, from entries for which `enters` holds."""
    if ask.order == "any":
        return list(_any_order(moments, ask, enters))
    entries = [n for n, (at, name) in enumerate(moments) if name in ask.steps[0] and enters(at)]
    found = []
    reach = [Way(0, n, n, n) for n in entries]
    while reach:
        found += reach
        reach = list({further for way in reach for further in _further(moments, ask, way)})
    return list(dict.fromkeys(found))


def first_visit(moments: Sequence[Moment], ask: Question, last: datetime) -> set[datetime]:
    """Return the times of a unit's first visit to the first step, for strict order."""
    times: set[datetime] = set()
    for at, name in moments:
        if name in ask.steps[0] and at <= last:
            times.add(at)
        elif times:
            break
    return times


def _further(moments: Sequence[Moment], ask: Question, way: Way) -> Iterator[Way]:
    for place in range(way.place + 1, len(ask.steps)):
        if way.place not in ask.before(place):
            continue
        for n in range(way.arrived + 1, len(moments)):
            at, name = moments[n]
            between = [touchpoint for _, touchpoint in moments[way.arrived + 1 : n]]
            if (
                name in ask.steps[place]
                and (ask.window is None or at - moments[way.entered][0] <= ask.window)
                and not (ask.strictly_later and at == moments[way.arrived][0])
                and all(_harmless(ask, place, touchpoint) for touchpoint in between)
            ):
                yield Way(place, way.entered, n, way.arrived)


def _harmless(ask: Question, place: int, touchpoint: str) -> bool:
    """Say whether a touchpoint may come on the way to a step."""
    if touchpoint in ask.excluded:
        return False
    if ask.order == "ordered":
        done_again = any(touchpoint in step for step in ask.steps[1 : place + 1])
        return ask.repeats or not done_again
    if not ask.repeats:
        return touchpoint in ask.steps[0] and (ask.reentry or 0 in ask.before(place))
    allowed = range(place) if ask.reentry else ask.before(place)
    return any(touchpoint in ask.steps[other] for other in allowed)


def _any_order(
    moments: Sequence[Moment], ask: Question, enters: Callable[[datetime], bool]
) -> Iterator[Way]:
    for place in range(len(ask.steps)):
        needed = [n for n in range(place) if n not in ask.optional] + [place]
        choices = [
            [n for n, (_, name) in enumerate(moments) if name in ask.steps[step]] for step in needed
        ]
        for chosen in product(*choices):
            first, last = min(chosen), max(chosen)
            inside = {name for _, name in moments[first : last + 1]}
            if (
                enters(moments[chosen[0]][0])
                and (ask.window is None or moments[last][0] - moments[first][0] <= ask.window)
                and not inside & ask.excluded
            ):
                yield Way(place, first, last, last)


@dataclass(frozen=True, slots=True)
class Expected:
    reached: list[int]
    mature: list[int]
    ended: list[int]
    waited: list[list[float]]
    """Seconds since the step before, per step, of the mature units."""
    instead: Counter[tuple[int, str | None]]


def expected(
    units: Sequence[tuple[Sequence[Moment], datetime]], ask: Question, last: datetime
) -> Expected:
    """Count funnels of units, each with the time until which its entries are mature."""
    size = len(ask.steps)
    told = Expected([0] * size, [0] * size, [0] * size, [[] for _ in range(size)], Counter())
    for moments, mature_until in units:
        entries = {at for at, _ in moments}
        if ask.order == "strict" and not ask.reentry:
            entries = first_visit(moments, ask, last)
        found = ways(moments, ask, lambda at, e=entries: at in e)  # type: ignore[misc]
        old = ways(
            moments,
            ask,
            lambda at, e=entries, m=mature_until: at in e and at <= m,  # type: ignore[misc]
        )
        for place in {way.place for way in found}:
            told.reached[place] += 1
        for place in {way.place for way in old}:
            told.mature[place] += 1
            way = _first(old, place)
            told.waited[place].append(
                (moments[way.arrived][0] - moments[way.left][0]).total_seconds()
            )
        if old:
            _end(told, moments, ask, _first(old, max(way.place for way in old)))
    return told


def _first(found: list[Way], place: int) -> Way:
    """Return the first arrival at a step, by its tightest way."""
    return min(
        (way for way in found if way.place == place),
        key=lambda way: (way.arrived, -way.left, -way.entered),
    )


def _end(told: Expected, moments: Sequence[Moment], ask: Question, way: Way) -> None:
    if way.place == len(ask.steps) - 1:
        return
    told.ended[way.place] += 1
    limit = moments[way.entered][0] + ask.window if ask.window else datetime.max  # noqa: DTZ901
    later = [
        name
        for at, name in moments[way.arrived + 1 :]
        if name not in ask.steps[way.place] and at <= limit
    ]
    told.instead[way.place + 1, later[0] if later else None] += 1


def persons(events: Sequence[Event]) -> list[list[Moment]]:
    """Return each person's moments."""
    found: dict[str, list[Moment]] = {}
    for event in sorted(events, key=lambda e: (e.person, e.at, e.seq)):
        found.setdefault(event.person, []).append((event.at, event.touchpoint))
    return list(found.values())


def sessions(events: Sequence[Event], gap: timedelta) -> list[list[Moment]]:
    """Return each session's moments: by its id, or cut where a longer gap stands."""
    found: dict[tuple[str, str], list[Moment]] = {}
    counts: Counter[str] = Counter()
    last: dict[str, datetime] = {}
    for event in sorted(events, key=lambda e: (e.person, e.at, e.seq)):
        key = event.session
        if key is None:
            if event.person not in last or event.at - last[event.person] > gap:
                counts[event.person] += 1
            last[event.person] = event.at
            key = f"without id {counts[event.person]}"
        found.setdefault((event.person, key), []).append((event.at, event.touchpoint))
    return list(found.values())


def of_journeys(journeys: Sequence[NaiveJourney]) -> list[list[Moment]]:
    """Return each journey's moments."""
    return [[(at, name) for name, at in journey.steps] for journey in journeys]
