"""A company whose people are known: several systems, cookies, shared devices, office addresses, typos.

`links` and `traits` are what the systems would say; `truth` says whose each identifier is.
"""

import hashlib
from dataclasses import dataclass, field
from random import Random

from tests.identity_oracle import Link, Node

FIRST = [
    "Anna",
    "Ben",
    "Clara",
    "David",
    "Elena",
    "Felix",
    "Greta",
    "Hugo",
    "Ida",
    "Jonas",
    "Klara",
    "Leon",
    "Mara",
    "Nils",
    "Olga",
    "Paul",
    "Rosa",
    "Simon",
    "Tara",
    "Uwe",
    "Vera",
    "Willi",
    "Yara",
    "Zeno",
    "Marta",
    "Oskar",
    "Lena",
    "Emil",
    "Nora",
    "Anton",
]
LAST = [
    "Abel",
    "Brandt",
    "Conrad",
    "Dietz",
    "Ebert",
    "Fuchs",
    "Graf",
    "Hahn",
    "Iversen",
    "Jung",
    "Kaiser",
    "Lang",
    "Maurer",
    "Neumann",
    "Otto",
    "Pohl",
    "Quandt",
    "Reuter",
    "Sauer",
    "Thiel",
    "Ulrich",
    "Vogel",
    "Weber",
    "Ziegler",
    "Arnold",
    "Busch",
    "Decker",
    "Engel",
    "Frank",
    "Gross",
    "Hartmann",
    "Jansen",
    "Keller",
    "Lorenz",
    "Meier",
    "Nagel",
    "Peters",
    "Richter",
    "Schulz",
    "Winter",
]
CITIES = [
    "Berlin",
    "Hamburg",
    "Köln",
    "Wien",
    "Zürich",
    "Paris",
    "Lyon",
    "London",
    "Leeds",
    "Oslo",
    "Riga",
    "Turin",
]


@dataclass
class Company:
    links: list[Link] = field(default_factory=list)
    traits: list[tuple[Node, str, str]] = field(default_factory=list)
    truth: dict[Node, int] = field(default_factory=dict)
    told_by: list[str] = field(default_factory=list)
    """Which system said each link."""


@dataclass(frozen=True)
class Person:
    number: int
    first: str
    last: str
    company: str
    city: str

    @property
    def email(self) -> Node:
        name = f"{self.first}.{self.last}{self.number}".lower()
        return ("email", f"{name}@{self.company.lower().replace(' ', '')}.com")


def company(people: int, seed: int) -> Company:
    """Return what the systems of a company say about its people."""
    chance = Random(seed)  # noqa: S311 - no secret
    made = Company()
    firms = [f"{a} {b}" for a in LAST for b in ("Works", "Labs", "Foods", "Systems")]
    everyone = [
        Person(
            n,
            chance.choice(FIRST),
            chance.choice(LAST),
            chance.choice(firms),
            chance.choice(CITIES),
        )
        for n in range(people)
    ]
    for person in everyone:
        digital(made, person, chance)
        selling(made, person, chance)
        at_events(made, person, chance)
    disturb(made, everyone, chance)
    return made


def say(made: Company, one: Node, other: Node, source: str, person: int | None) -> None:
    made.links.append(Link(one, other))
    made.told_by.append(source)
    if person is not None:
        made.truth |= dict.fromkeys((one, other), person)


def digital(made: Company, person: Person, chance: Random) -> None:
    """The product: a user id, cookies, an address written in any way, and its hash on an ad platform."""
    user = ("user", f"U{person.number}")
    kind, address = person.email
    for written in (address, address.upper(), address.replace("@", "+news@"), f" {address} "):
        if chance.random() < 0.5:
            say(made, user, (kind, written), "product", None)
    say(made, user, person.email, "product", person.number)
    for n in range(chance.randint(0, 12)):
        say(made, ("ga_client", f"c{person.number}.{n}"), user, "web", person.number)
    if chance.random() < 0.5:
        digest = hashlib.sha256(address.encode()).hexdigest()
        say(made, (kind, digest), ("fbp", f"fb.{person.number}"), "ads", person.number)


def selling(made: Company, person: Person, chance: Random) -> None:
    """The CRM knows two thirds, by address and by phone."""
    if chance.random() < 0.66:
        contact = ("hubspot_contact", str(1000 + person.number))
        say(made, contact, person.email, "crm", person.number)
        phone = f"+49 151 {7000000 + person.number}"
        if chance.random() < 0.5:
            say(made, contact, ("phone", phone.replace("+", "00")), "crm", None)
            made.truth["phone", f"49151{7000000 + person.number}"] = person.number
        describe(made, contact, person, chance, wrong=0.0)


def at_events(made: Company, person: Person, chance: Random) -> None:
    """A trade fair's scanner: no identifier that another system has, and names typed by hand."""
    if chance.random() < 0.4:
        badge, visit = ("badge", f"b{person.number}"), ("scanner_visit", f"v{person.number}")
        say(made, badge, visit, "fair", person.number)
        describe(made, badge, person, chance, wrong=0.15)


def describe(made: Company, node: Node, person: Person, chance: Random, wrong: float) -> None:
    told = {
        "first_name": person.first,
        "last_name": person.last,
        "company": person.company + chance.choice(["", " GmbH", ""]),
        "city": person.city,
    }
    for name, value in told.items():
        if chance.random() < wrong:
            at = chance.randrange(1, len(value))
            value = chance.choice([value[:at] + value[at + 1 :], value[: at + 1] + value[at:]])  # noqa: PLW2901
        made.traits.append((node, name, value))


def disturb(made: Company, everyone: list[Person], chance: Random) -> None:
    """Kiosks, office addresses, placeholders, and a few real mistakes."""
    for n in range(len(everyone) // 50):
        for person in chance.sample(everyone, 9):
            say(made, ("ga_client", f"kiosk{n}"), ("user", f"U{person.number}"), "web", None)
            say(
                made,
                ("email", f"office@firm{n}.com"),
                ("user", f"U{person.number}"),
                "product",
                None,
            )
    for person in everyone:
        if chance.random() < 0.2:
            junk = chance.choice(
                ["null", "undefined", "anonymous", "n/a", "00000000-0000-0000-0000-000000000000"]
            )
            say(made, ("ga_client", junk), ("user", f"U{person.number}"), "web", None)
        if chance.random() < 0.1:
            say(made, ("phone", "0000000"), person.email, "crm", None)
    # A colleague's login on one's own device: nothing tells that from a person with two accounts.
    for _ in range(len(everyone) // 500):
        one, other = chance.sample(everyone, 2)
        say(made, ("ga_client", f"c{one.number}.0"), ("user", f"U{other.number}"), "web", None)
