"""What a journey is: start, end, window, inactivity, and how they are written as text."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import translate

from tools.errors import InvalidArgumentError, UnknownJourneyError, unknown
from tools.store.door import Store

FIRST_TOUCH = "first touch"
NO_END = "none"
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class Rule:
    """Which events open or end a journey.

    No touchpoints means any event, as a start ("first touch"), and no event, as an end ("none").
    """

    touchpoints: tuple[str, ...] = ()
    """Labels or globs; one of them has to match, whatever the case."""
    where: tuple[tuple[str, str], ...] = ()
    """Event properties that must be equal, all of them."""


@dataclass(frozen=True, slots=True)
class JourneyDefinition:
    """One named journey."""

    name: str
    start: Rule = Rule()
    end: Rule = Rule()
    window: timedelta = timedelta(days=30)
    """Longest time from start to end; an end event at exactly this age still converts."""
    inactivity: timedelta = timedelta(days=30)
    """A longer gap closes the journey."""
    collapse_repeats: bool = True
    session_gap: timedelta = timedelta(minutes=30)
    funnel: tuple[str, ...] = ()
    as_of: datetime | None = None
    """Events after this time are not looked at; None: the newest event over all sources."""
    proposed: bool = False
    """True while no user has confirmed it."""
    definition_id: int = 0

    def sentence(self) -> str:
        """Say the definition in one plain sentence."""
        start = " or ".join(self.start.touchpoints) or "the first touch"
        end = " or ".join(self.end.touchpoints)
        goal = f"to {end}, within {spoken(self.window)}" if end else "with no end event"
        repeats = "" if self.collapse_repeats else "; repeats are kept"
        return (
            f"From {start} {goal}; over when nothing happens for more than "
            f"{spoken(self.inactivity)}{repeats}."
        )


def parse_rule(text: str) -> Rule:
    """Read a rule: `purchase`, `sign* | trial`, `Order where plan = pro and country = DE`."""
    names, _, conditions = text.strip().partition(" where ")
    if names.strip().lower() in {FIRST_TOUCH, NO_END, "any", ""}:
        names = ""
    pairs = []
    for condition in re.split(r"\s+and\s+", conditions.strip()) if conditions.strip() else ():
        field, equals, value = condition.partition("=")
        if not equals:
            raise InvalidArgumentError(f"rule: '{condition}' should read `property = value`.")
        pairs.append((field.strip(), value.strip().strip("'\"")))
    return Rule(tuple(part.strip() for part in names.split("|") if part.strip()), tuple(pairs))


def parse_duration(text: str) -> timedelta:
    """Read a duration such as 30m, 48h, 30d, 2w."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(s|m|h|d|w)[a-z]*\s*", text.lower())
    if not match or float(match[1]) <= 0:
        raise InvalidArgumentError(f"duration: '{text}' should read like 30m, 48h, 30d or 2w.")
    return timedelta(**{UNITS[match[2]]: float(match[1])})


def spoken(duration: timedelta) -> str:
    """Say a duration in its largest whole unit: '48 hours', '30 days'."""
    seconds = duration.total_seconds()
    for size, unit in ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute")):
        if seconds >= size and seconds % size == 0:
            count = int(seconds // size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds:g} seconds"


def matching(store: Store, rule: Rule) -> tuple[int, ...]:
    """Return the ids of the touchpoints that a rule names; empty for a rule without names."""
    names = store.rows("SELECT touchpoint_id, label FROM touchpoint ORDER BY touchpoint_id")
    patterns = [re.compile(translate(name.casefold())) for name in rule.touchpoints]
    exact = {name.casefold() for name in rule.touchpoints}
    return tuple(
        int(str(touchpoint_id))
        for touchpoint_id, label in names
        if str(label).casefold() in exact
        or any(pattern.match(str(label).casefold()) for pattern in patterns)
    )


def load_definition(store: Store, name: str | None = None) -> JourneyDefinition:
    """Return the journey called `name`, or the default one.

    Raises:
        UnknownJourneyError: There is none of that name, or none at all.
    """
    known = definitions(store)
    for definition, is_default in known:
        if (name is None and is_default) or (
            name is not None and definition.name.casefold() == name.casefold()
        ):
            return definition
    if name is None:
        raise UnknownJourneyError(
            "journey: none is defined yet. Import data, or set one: "
            "desirepath journey set default --start 'first touch' --end purchase."
        )
    raise UnknownJourneyError(unknown("journey", "journey", name, [d.name for d, _ in known]))


def definitions(store: Store) -> list[tuple[JourneyDefinition, bool]]:
    """Return every journey definition with whether it is the default, oldest first."""
    rows = store.rows(
        "SELECT definition_id, name, definition, is_default "
        "FROM journey_definition ORDER BY definition_id"
    )
    return [
        (_from_json(int(str(number)), str(name), str(text)), bool(default))
        for number, name, text, default in rows
    ]


def save_definition(
    store: Store, definition: JourneyDefinition, *, default: bool = False
) -> JourneyDefinition:
    """Write a definition under its name and return it with its id; does not build journeys."""
    known = definitions(store)
    default = default or not known
    if default:
        store.execute("UPDATE journey_definition SET is_default = false")
    same = [d for d, _ in known if d.name.casefold() == definition.name.casefold()]
    if same:
        number = same[0].definition_id
        was_default = any(d.definition_id == number and flag for d, flag in known)
        store.execute(
            "UPDATE journey_definition SET definition = $text, is_default = $flag "
            "WHERE definition_id = $number",
            {"text": _to_json(definition), "flag": default or was_default, "number": number},
        )
    else:
        store.execute(
            "INSERT INTO journey_definition (name, definition, is_default) "
            "VALUES ($name, $text, $flag)",
            {"name": definition.name, "text": _to_json(definition), "flag": default},
        )
    return load_definition(store, definition.name)


def _to_json(definition: JourneyDefinition) -> str:
    return json.dumps(
        {
            "start": [definition.start.touchpoints, definition.start.where],
            "end": [definition.end.touchpoints, definition.end.where],
            "window_seconds": definition.window.total_seconds(),
            "inactivity_seconds": definition.inactivity.total_seconds(),
            "collapse_repeats": definition.collapse_repeats,
            "session_gap_seconds": definition.session_gap.total_seconds(),
            "funnel": definition.funnel,
            "as_of": definition.as_of.isoformat() if definition.as_of else None,
            "proposed": definition.proposed,
        }
    )


def _from_json(number: int, name: str, text: str) -> JourneyDefinition:
    told = json.loads(text)

    def rule(pair: tuple[list[str], list[tuple[str, str]]]) -> Rule:
        names, where = pair
        return Rule(tuple(names), tuple((field, value) for field, value in where))

    return JourneyDefinition(
        name=name,
        start=rule(told["start"]),
        end=rule(told["end"]),
        window=timedelta(seconds=told["window_seconds"]),
        inactivity=timedelta(seconds=told["inactivity_seconds"]),
        collapse_repeats=told["collapse_repeats"],
        session_gap=timedelta(seconds=told["session_gap_seconds"]),
        funnel=tuple(told["funnel"]),
        as_of=datetime.fromisoformat(told["as_of"]) if told["as_of"] else None,
        proposed=told["proposed"],
        definition_id=number,
    )
