"""A small shop in a workspace on disk, and a simple reader of questions about it."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from assistant.answer import Context
from assistant.plan import AskBack, CallPlan, Decline, Plan, SetJourney, Talk
from tests.company import DAY, HOUR, START, company
from tests.journey_oracle import Event
from tools.store.door import Store
from tools.store.workspace import Workspace

PERSON = "ann{number}@example.com"
CHANNELS = ("email", "ads", "search")


def shop_events(persons: int = 240) -> list[Event]:
    """Return events in which every third person buys and all names of persons are addresses."""
    told = []
    for number in range(persons):
        person = PERSON.format(number=number)
        at = START + timedelta(minutes=7 * number)
        channel = CHANNELS[number % 3]
        told.append(Event(person, at, 1, "home", channel))
        if number % 2:
            told.append(Event(person, at + HOUR, 2, "pricing", channel))
        if number % 3 == 0:
            told.append(Event(person, at + (5 + number % 4) * HOUR, 3, "buy", channel))
    told.append(Event("late@example.com", START + 60 * DAY, 4, "home", "email"))
    return told


def shop(path: Path) -> Workspace:
    """Return a workspace that holds the shop."""
    workspace = Workspace(path)
    events = shop_events()
    traits: Mapping[str, Mapping[str, str]] = {
        event.person: {
            "name": f"Name of {event.person.split('@')[0]}",
            "email": event.person,
            "plan": "pro" if event.channel == "email" else "free",
        }
        for event in events
    }
    with workspace.write() as store:
        company(events, traits=traits, store=store)
    return workspace


class Scripted:
    """Reads questions by a table; everything else is about the overview."""

    def __init__(self, plans: Mapping[str, Plan] | None = None) -> None:
        self.plans: dict[str, Plan] = {
            "ask back": AskBack("Which one?", ("How many buy?", "How many leave?")),
            "decline": Decline("I cannot send e-mails.", ("How many buy?",)),
            "thanks": Talk("You are welcome.", ("How many buy?",)),
            "goal": SetJourney(end="pricing"),
            "wrong goal": SetJourney(end="nowhere"),
            "unknown": CallPlan("overview", {"where": ["channel = nowhere"]}),
            "from ads": CallPlan("overview", {"where": ["channel = ads"]}, "I read 'adz' as ads."),
            **(plans or {}),
        }
        self.asked: list[tuple[str, CallPlan | None]] = []

    def plan(
        self, store: Store, question: str, *, previous: CallPlan | None, context: Context
    ) -> Plan:
        del store
        self.asked.append((question, previous))
        return self.plans.get(question, CallPlan("overview", context.arguments()))

    def suggestions(self, store: Store, context: Context) -> tuple[str, ...]:
        del store, context
        return ("How many buy?",)

    def refresh(self, store: Store) -> None:
        pass
