"""Companies with one effect planted, whose size is known exactly, and the same company without it.

Each is small and made in one pass, so that a hundred seeds of it are affordable. What a person does
is drawn so that the planted number is the very quantity that the analysis estimates: how long a
journey is, and what else stands in it, does not change who converts unless that is the plant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from tests.company import DAY, HOUR, START, Traits, company
from tests.journey_oracle import Event
from tools.journeys.definition import JourneyDefinition, Rule
from tools.store.door import Store

LAST = START + 200 * DAY
"""The newest event: everyone who began in the first 150 days is old enough to judge."""
DEFINITION = JourneyDefinition("planted", end=Rule(("Buy",)), window=30 * DAY, inactivity=25 * DAY)
Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class World:
    """A company: its events, its people's traits, and a journey's definition."""

    events: tuple[Event, ...]
    traits: Traits
    definition: JourneyDefinition = DEFINITION
    changed_on: datetime | None = None
    told_later: float | None = None
    """What the company's own future would show, where that is what is estimated."""

    def store(self) -> Store:
        """Return the company loaded, with journeys built."""
        return company(self.events, self.definition, traits=self.traits)


class Diary:
    """What happened, written down person by person."""

    def __init__(self) -> None:
        """Begin with the event that says how far the data go."""
        self.events = [Event("(newest)", LAST, 0, "Home")]
        self.traits: dict[str, dict[str, str]] = {}

    def person(self, number: int, **traits: str) -> str:
        """Note a person and what is known of them."""
        name = f"p{number}"
        if traits:
            self.traits[name] = traits
        return name

    def steps(
        self,
        person: str,
        began: datetime,
        names: list[str],
        channel: str = "Search",
        gap: timedelta = HOUR,
    ) -> None:
        """Note steps that follow each other at equal gaps."""
        for place, name in enumerate(names):
            self.note(person, began + place * gap, name, channel)

    def note(
        self, person: str, at: datetime, name: str, channel: str = "Search", kind: str = "action"
    ) -> None:
        """Note one event."""
        self.events.append(Event(person, at, len(self.events), name, channel, kind=kind))

    def world(self, changed_on: datetime | None = None) -> World:
        """Return the company as noted."""
        return World(tuple(self.events), self.traits, changed_on=changed_on)


def _began(random: Random, days: int = 150) -> datetime:
    return START + timedelta(seconds=float(random.uniform(0, days * 86400)))


def _filler(random: Random, most: int = 4) -> list[str]:
    size = int(random.integers(0, most + 1))
    return [str(name) for name in random.choice(["Blog", "Features", "About"], size)]


def order(seed: int, ratio: float, people: int = 3000) -> World:
    """Plant an order effect: a case study read before pricing multiplies conversion by `ratio`.

    Everyone sees both, in a random order, among other pages; nothing else changes conversion.
    """
    random, diary = np.random.default_rng(seed), Diary()
    for number in range(people):
        first = bool(random.random() < 0.5)
        pair = ["Case study", "Pricing"] if first else ["Pricing", "Case study"]
        names = ["Home", *_filler(random, 2), pair[0], *_filler(random, 2), pair[1], "Features"]
        if random.random() < 0.15 * (ratio if first else 1):
            names.append("Buy")
        diary.steps(diary.person(number), _began(random), names)
    return diary.world()


def within(seed: int, ratio: float, people: int = 4000) -> World:
    """Plant a time effect: an email within 48 hours of a trial multiplies conversion by `ratio`.

    A third get the email 1 to 46 hours after the trial, a third 50 to 160 hours after it to no
    effect, a third none. Whoever converts does so on the tenth day, after every email.
    """
    random, diary = np.random.default_rng(seed), Diary()
    for number in range(people):
        person, began = diary.person(number), _began(random)
        diary.steps(person, began, ["Home", "Trial"])
        trial, third = began + HOUR, int(random.integers(3))
        if third < 2:
            hours = random.uniform(1, 46) if third == 0 else random.uniform(50, 160)
            diary.note(person, trial + float(hours) * HOUR, "Email received", kind="exposure")
        if random.random() < 0.2 * (ratio if third == 0 else 1):
            diary.note(person, trial + 10 * DAY, "Buy")
        elif random.random() < 0.5:
            diary.note(person, trial + 9 * DAY, "Blog")
    return diary.world()


def leak(seed: int, ratio: float, people: int = 3000) -> World:
    """Plant a leak: at the form, people on mobile leave `ratio` times as often as on desktop."""
    random, diary = np.random.default_rng(seed), Diary()
    for number in range(people):
        mobile = bool(random.random() < 0.4)
        person = diary.person(number, device="mobile" if mobile else "desktop")
        names = ["Home", *_filler(random, 2), "Form"]
        channel = str(random.choice(["Search", "Social", "Email"]))
        if random.random() >= 0.2 * (ratio if mobile else 1):
            names += ["Verify", *(["Buy"] if random.random() < 0.5 else ["Blog"])]
        diary.steps(person, _began(random), names, channel)
    return diary.world()


def redesign(seed: int, ratio: float, people: int = 5000) -> World:
    """Plant a change: from day 75 on, the chance to leave at pricing is `ratio` of what it was."""
    random, diary = np.random.default_rng(seed), Diary()
    changed = START + 75 * DAY
    for number in range(people):
        began = _began(random)
        names = ["Home", *_filler(random, 2), "Pricing"]
        if random.random() >= 0.5 * (ratio if began >= changed else 1):
            names += ["Trial", *(["Buy"] if random.random() < 0.4 else ["Blog"])]
        diary.steps(diary.person(number), began, names, gap=timedelta(minutes=5))
    return diary.world(changed)


def own_route(seed: int, difference: float, people: int = 3000) -> World:
    """Plant a route: the enterprise goes by a demo `difference` more often than all others do."""
    random, diary = np.random.default_rng(seed), Diary()
    for number in range(people):
        size = str(random.choice(["enterprise", "mid-market", "small"]))
        by_demo = random.random() < 0.15 + (difference if size == "enterprise" else 0)
        middle = ["Demo request", "Sales call"] if by_demo else ["Features", "Pricing"]
        names = ["Home", *_filler(random, 1), *middle]
        names += ["Buy"] if random.random() < 0.2 else []
        diary.steps(diary.person(number, company_size=size), _began(random), names)
    return diary.world()


def channel_quality(seed: int, difference: float, people: int = 4000) -> World:
    """Plant a channel: those from social convert `difference` more (or less) often than others."""
    random, diary = np.random.default_rng(seed), Diary()
    for number in range(people):
        channel = str(random.choice(["Search", "Social", "Email", "Direct"]))
        names = ["Home", *_filler(random)]
        chance = 0.25 + (difference if channel == "Social" else 0)
        names += ["Buy"] if random.random() < chance else []
        diary.steps(diary.person(number), _began(random), names, channel)
    return diary.world()


def emerging(seed: int, share: float, people: int = 4000) -> World:
    """Plant a path: in the last month, `share` of the journeys begin Community → Pricing (2 % before)."""
    random, diary = np.random.default_rng(seed), Diary()
    new_since = LAST - 30 * DAY
    for number in range(people):
        began = _began(random, 200)
        chance = share if began >= new_since else 0.02
        names = ["Community", "Pricing"] if random.random() < chance else ["Home", "Features"]
        names += _filler(random, 2)
        names += ["Buy"] if random.random() < 0.2 else []
        diary.steps(diary.person(number), began, names, gap=timedelta(minutes=2))
    return diary.world()


def inflection(seed: int, ratio: float, people: int = 4000) -> World:
    """Plant a moment: a case study at the second step multiplies conversion by `ratio`.

    Docs stand anywhere in journeys, the more so the longer they are, and long journeys convert
    more: docs have a large plain lift and no effect.
    """
    random, diary = np.random.default_rng(seed), Diary()
    for number in range(people):
        case = bool(random.random() < 0.4)
        length = int(random.integers(0, 9))
        rest = random.choice(["Blog", "Features", "About", "Docs"], length)
        names = ["Home", "Case study" if case else "Pricing", *(str(name) for name in rest)]
        if random.random() < (0.04 + 0.03 * length) * (ratio if case else 1):
            names.append("Buy")
        diary.steps(diary.person(number), _began(random), names)
    return diary.world()


def simpson(seed: int, ratio: float, people: int = 6000) -> World:
    """Plant a paradox: on each device social converts `ratio` times as often, and far less in all.

    Social is mostly mobile, search mostly desktop, and mobile converts far less.
    """
    random, diary = np.random.default_rng(seed), Diary()
    for number in range(people):
        social = bool(random.random() < 0.5)
        mobile = bool(random.random() < (0.85 if social else 0.15))
        person = diary.person(number, device="mobile" if mobile else "desktop")
        chance = (0.08 if mobile else 0.35) * (ratio if social else 1)
        names = ["Home", *_filler(random, 2), *(["Buy"] if random.random() < chance else [])]
        diary.steps(person, _began(random), names, "Social" if social else "Search")
    return diary.world()


def mix_shift(seed: int, shift: float, people: int = 6000) -> World:
    """Plant a mix: from day 75 on, `shift` more of the people come from social, which converts less.

    Each channel converts as before: the whole change is one of mix.
    """
    random, diary = np.random.default_rng(seed), Diary()
    for number in range(people):
        began = _began(random)
        later = began >= START + 75 * DAY
        social = bool(random.random() < 0.2 + (shift if later else 0))
        names = ["Home", *_filler(random, 2)]
        names += ["Buy"] if random.random() < (0.08 if social else 0.32) else []
        diary.steps(
            diary.person(number), began, names, "Social" if social else "Search",
            timedelta(minutes=5),
        )  # fmt: skip
    return diary.world(START + 75 * DAY)


def scored(seed: int, ratio: float, people: int = 4000) -> tuple[World, int]:
    """Plant a sign of things to come: who sees pricing converts `ratio` times as often.

    Returns:
        The company as it stands on the last day, and how many of those then under way convert
        afterwards.
    """
    random, diary = np.random.default_rng(seed), Diary()
    later = 0
    for number in range(people):
        person, began = diary.person(number), _began(random, 200)
        pricing = bool(random.random() < 0.3)
        names = ["Home", *_filler(random, 2), "Pricing" if pricing else "Blog"]
        seen = [name for place, name in enumerate(names) if began + place * HOUR <= LAST]
        diary.steps(person, began, seen)
        if random.random() < 0.1 * (ratio if pricing else 1):
            at = began + timedelta(days=float(random.uniform(1, 20)))
            if at <= LAST:
                diary.note(person, at, "Buy")
            else:
                later += 1
    return diary.world(), later


def repeat(seed: int, share: float, people: int = 3000) -> World:
    """Plant a return: `share` of those who bought buy again within 60 days, others never."""
    random, diary = np.random.default_rng(seed), Diary()
    for number in range(people):
        person, began = diary.person(number), _began(random, 120)
        diary.steps(person, began, ["Home", "Pricing", "Buy"])
        if random.random() < share:
            again = began + timedelta(days=float(random.uniform(5, 60)))
            diary.steps(person, again, ["Home", "Buy"])
    return diary.world()


def nothing(seed: int, touchpoints: int = 200, people: int = 2500) -> World:
    """Return a company in which nothing has any effect on anything, of many touchpoints."""
    random, diary = np.random.default_rng(seed), Diary()
    menu = [f"Page {number}" for number in range(touchpoints)]
    for number in range(people):
        device = str(random.choice(["mobile", "desktop"]))
        names = [str(name) for name in random.choice(menu, int(random.integers(1, 14)))]
        names += ["Buy"] if random.random() < 0.2 else []
        channel = str(random.choice(["Search", "Social", "Email"]))
        diary.steps(diary.person(number, device=device), _began(random), names, channel)
    return diary.world()


Plant = Callable[[int, float], World]
