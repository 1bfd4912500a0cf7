"""The stitch report: which sources know the same persons, what joins them, and what is suspicious."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from tools.identity.bridges import dividing_bridge
from tools.identity.guards import names_a_person
from tools.identity.lookup import masked
from tools.store.door import Store, read_steps

STATEMENTS = read_steps(__file__)
LARGE = 10
"""More addresses, or more user ids, than this are hardly one person's."""
SHOWN = 20


@dataclass(frozen=True, slots=True)
class SourcePersons:
    """How many persons a source knows."""

    source: str
    persons: int
    kinds: tuple[str, ...]
    """The kinds of identifiers by which it knows them."""


@dataclass(frozen=True, slots=True)
class JoiningKind:
    """A kind of identifier that two sources both show."""

    kind: str
    persons: int


@dataclass(frozen=True, slots=True)
class SourcePair:
    """Two sources, and how many persons are found in both."""

    one: str
    other: str
    persons: int
    share: float
    """Of the persons of the source that knows fewer, 0 to 1."""
    joined_by: tuple[JoiningKind, ...]
    """Empty where only other sources between them join their persons."""
    advice: str | None
    """What would join them, where they share nobody."""


@dataclass(frozen=True, slots=True)
class SharedIdentifier:
    """An identifier of many persons, which joins none of them."""

    kind: str
    value: str
    """Masked."""
    meets: int
    persons: int


@dataclass(frozen=True, slots=True)
class LargePerson:
    """A person with more addresses or user ids than people have."""

    names: int
    identifiers: int
    bridge: tuple[str, str] | None
    """The two identifiers (kind and masked value) whose link divides it most evenly."""
    sides: tuple[int, int] | None
    """Addresses and user ids on either side of that link, the fewer first."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Inference:
    """A set of inferred links that was accepted; its number undoes it."""

    number: int
    threshold: float
    links: int
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class StitchReport:
    """Who was recognised across sources, and what was not trusted."""

    identifiers: int
    persons: int
    """Groups and things without a person stand as persons of their own."""
    sources: tuple[SourcePersons, ...]
    pairs: tuple[SourcePair, ...]
    shared_count: int
    shared: tuple[SharedIdentifier, ...]
    """The busiest."""
    large: tuple[LargePerson, ...]
    inferred_links: int
    inferences: tuple[Inference, ...]
    undone_links: int
    forgotten: int
    """Identifiers, hashes included, of persons who asked to be forgotten."""


def stitch_report(store: Store) -> StitchReport:
    """Return how far the sources of a store know the same persons."""
    sources = tuple(
        SourcePersons(str(source), int(str(persons)), tuple(_texts(kinds)))
        for source, persons, kinds in store.rows(STATEMENTS["sources"])
    )
    totals = [int(str(number)) for number in store.rows(STATEMENTS["totals"])[0]]
    shared = tuple(
        SharedIdentifier(
            str(kind), masked(str(kind), str(value)), int(str(meets)), int(str(persons))
        )
        for kind, value, meets, persons in store.rows(STATEMENTS["shared"], {"shown": SHOWN})
    )
    return StitchReport(
        identifiers=totals[0],
        persons=totals[1],
        sources=sources,
        pairs=_pairs(store, sources),
        shared_count=totals[2],
        shared=shared,
        large=_large(store),
        inferred_links=totals[3],
        inferences=store.records(STATEMENTS["inferences"], {}, Inference),
        undone_links=totals[5],
        forgotten=totals[4],
    )


def _pairs(store: Store, sources: tuple[SourcePersons, ...]) -> tuple[SourcePair, ...]:
    together = {
        (str(one), str(other)): int(str(persons))
        for one, other, persons in store.rows(STATEMENTS["pairs"])
    }
    joins: dict[tuple[str, str], list[JoiningKind]] = {}
    for one, other, kind, persons in store.rows(STATEMENTS["joins"]):
        joins.setdefault((str(one), str(other)), []).append(
            JoiningKind(str(kind), int(str(persons)))
        )
    pairs = []
    for first, second in combinations(sources, 2):
        key = (first.source, second.source)
        persons = together.get(key, 0)
        pairs.append(
            SourcePair(
                one=first.source,
                other=second.source,
                persons=persons,
                share=persons / min(first.persons, second.persons),
                joined_by=tuple(joins.get(key, ())),
                advice=None if persons else _advice(first, second),
            )
        )
    return tuple(pairs)


def _advice(one: SourcePersons, other: SourcePersons) -> str:
    what = f"{one.source} and {other.source} share nobody."
    common = sorted(set(one.kinds) & set(other.kinds))
    if common:
        return (
            f"{what} Both know people by {_listed(common)}, but no value is in both: they may cover other "
            "people or other times, or one writes it differently."
        )
    lacking = [source for source in (one, other) if "email" not in source.kinds]
    known = f"{one.source} knows people by {_listed(one.kinds)}, {other.source} by {_listed(other.kinds)}."
    if len(lacking) == 1:
        return f"{what} {known} An export of {lacking[0].source} with the email address would join them."
    naming = sorted(kind for kind in {*one.kinds, *other.kinds} if names_a_person(kind))
    bridge = f" such as {naming[0]}" if naming else ""
    return (
        f"{what} {known} A table that holds an identifier of each{bridge}, or the email address in both, "
        "would join them."
    )


def _large(store: Store) -> tuple[LargePerson, ...]:
    found = []
    for person_id, names in store.rows(STATEMENTS["large"], {"most": LARGE, "shown": SHOWN}):
        told = {"person_id": person_id}
        nodes = {
            int(str(number)): (str(kind), str(value))
            for number, kind, value in store.rows(STATEMENTS["nodes"], told)
        }
        edges = [(int(str(a)), int(str(b))) for a, b in store.rows(STATEMENTS["edges"], told)]
        weight = {number: 1 for number, (kind, _) in nodes.items() if kind in ("email", "user")}
        found.append(_large_person(int(str(names)), nodes, dividing_bridge(edges, weight)))
    return tuple(found)


def _large_person(
    names: int,
    nodes: dict[int, tuple[str, str]],
    bridge: tuple[tuple[int, int], int, int] | None,
) -> LargePerson:
    what = f"One person has {names} addresses or user ids"
    if bridge is None:
        sentence = f"{what}; no single link holds them together."
        return LargePerson(names, len(nodes), None, None, sentence)
    (one, other), fewer, more = bridge
    ends = tuple(f"{nodes[end][0]} {masked(*nodes[end])}" for end in (one, other))
    sentence = (
        f"{what}. The link between {ends[0]} and {ends[1]} joins {fewer} of them to {more} others: "
        "if they are different people, unlink these two."
    )
    return LargePerson(names, len(nodes), (ends[0], ends[1]), (fewer, more), sentence)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else "nothing"


def _texts(found: object) -> list[str]:
    return [str(text) for text in found] if isinstance(found, list) else []
