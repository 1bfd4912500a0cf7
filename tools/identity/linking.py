"""People whom no identifier joins: links proposed from what sources say of them, with Splink.

Splink is an optional extra. It compares people of different sources by name, company or address's
domain, phone, place and time, in a database of its own in memory, and gives each pair a match weight
in bits: what each field adds is shown. How often fields differ by mistake is fixed (`AGREEING`), how
often they agree by chance is counted in the data. A proposal joins nobody until it is accepted, and
what was accepted can be undone as a set.

Source: Fellegi and Sunter, A theory for record linkage (1969); https://moj-analytical-services.github.io/splink
"""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from tools.errors import InvalidArgumentError, MissingExtraError, unknown
from tools.identity.lookup import masked
from tools.identity.region import restitch
from tools.identity.stitching import settle_persons
from tools.store.door import Store, read_sql

PEOPLE_SQL = read_sql(__file__)
THRESHOLD = 5.0
"""Bits beyond even odds: of links this sure, one in thirty is wrong by the model itself; sources that
describe people well are far beyond it."""
AMBIGUOUS = 3.0
"""Bits by which the best counterpart has to be better than the next."""
PAIRS_SAMPLED = 2e6
SEED = 1


@dataclass(frozen=True, slots=True)
class ProposedLink:
    """Two persons of different sources who may be one."""

    one: str
    """Kind and masked value of the identifier that would be linked."""
    other: str
    weight: float
    """Match weight in bits; 0: even odds."""
    probability: float
    parts: tuple[tuple[str, float], ...]
    """What each field adds to the weight, beside the odds that any two persons are one."""
    identifier_id: int
    other_id: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may be accepted."""

    threshold: float
    people: int
    """How many have a name, hence could be compared."""
    links: tuple[ProposedLink, ...]
    """The surest first."""
    ambiguous: int
    """Pairs above the threshold that are left out since someone has two counterparts as good."""


def propose(store: Store, sources: Sequence[str] = (), *, threshold: float = THRESHOLD) -> Proposal:
    """Propose links between persons of different sources.

    Args:
        store: A store; nothing is written.
        sources: Compare only persons of these; empty: all.
        threshold: The least match weight, in bits.

    Raises:
        MissingExtraError: Splink is not installed.
        InvalidArgumentError: A source is not known, or only one is named.
    """
    if importlib.util.find_spec("splink") is None:
        raise MissingExtraError(
            "Linking people by name and company needs Splink: pip install 'desirepath[linking]'"
        )
    _check(store, sources)
    people = store.frame(PEOPLE_SQL, {"sources": list(sources)})
    if people["last_name"].nunique() < 2:
        return Proposal(threshold, len(people), (), 0)
    from tools.identity.linking_model import score  # noqa: PLC0415 - it needs the extra

    pairs = score(people, threshold=threshold, pairs=PAIRS_SAMPLED, seed=SEED)
    chosen, ambiguous = _one_to_one(pairs, people)
    return Proposal(threshold, len(people), _shown(store, chosen, people), ambiguous)


def accept(store: Store, proposal: Proposal, *, accepted_at: datetime) -> int:
    """Take a proposal's links as if they had been seen; return the number that undoes them.

    Args:
        store: A writable store; persons who changed are added to `touched_person`.
        proposal: What `propose` returned, or a part of it.
        accepted_at: When (UTC).
    """
    number = int(str(store.value("SELECT nextval('load_sequence')")))
    store.adopt(
        "accepted_link",
        pd.DataFrame(
            [(link.identifier_id, link.other_id, link.weight) for link in proposal.links],
            columns=["one", "other", "weight"],
        ).astype({"one": "int64", "other": "int64", "weight": "float64"}),
    )
    store.execute(
        "INSERT INTO identity_link (identifier_id, other_id, source, load_id, tie, rank, weight) "
        "SELECT least(one, other), greatest(one, other), 'inferred', $number, 'same', 0, weight "
        "FROM accepted_link ORDER BY ALL",
        {"number": number},
    )
    store.execute(
        "INSERT INTO inference SELECT $number, $threshold, count(*), $accepted_at FROM accepted_link",
        {"number": number, "threshold": proposal.threshold, "accepted_at": accepted_at},
    )
    store.execute(
        "CREATE OR REPLACE TEMP TABLE changed_identifier AS "
        "SELECT one AS identifier_id FROM accepted_link UNION SELECT other FROM accepted_link"
    )
    restitch(store)
    settle_persons(store)
    return number


def undo(store: Store, number: int) -> int:
    """Take back a set of accepted links; return how many.

    Raises:
        InvalidArgumentError: There is no such set.
    """
    known = [
        int(str(row[0])) for row in store.rows("SELECT load_id FROM inference ORDER BY load_id")
    ]
    if number not in known:
        shown = ", ".join(map(str, known)) or "none yet"
        raise InvalidArgumentError(f"undo: no set of inferred links {number}. Known: {shown}.")
    told = {"number": number}
    store.execute(
        "CREATE OR REPLACE TEMP TABLE changed_identifier AS "
        "SELECT identifier_id FROM identity_link WHERE load_id = $number AND weight IS NOT NULL "
        "UNION SELECT other_id FROM identity_link WHERE load_id = $number AND weight IS NOT NULL",
        told,
    )
    links = int(
        str(
            store.value(
                "SELECT count(*) FROM identity_link WHERE load_id = $number AND weight IS NOT NULL",
                told,
            )
        )
    )
    store.execute("DELETE FROM identity_link WHERE load_id = $number AND weight IS NOT NULL", told)
    store.execute("DELETE FROM inference WHERE load_id = $number", told)
    restitch(store, thorough=True)
    settle_persons(store)
    return links


def _check(store: Store, sources: Sequence[str]) -> None:
    if len(sources) == 1:
        raise InvalidArgumentError("sources: name at least two sources, or none for all.")
    known = [
        str(row[0])
        for row in store.rows("SELECT DISTINCT source FROM identifier_source ORDER BY 1")
    ]
    for source in sources:
        if source not in known:
            raise InvalidArgumentError(unknown("sources", "source", source, known))


def _one_to_one(pairs: pd.DataFrame, people: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Keep pairs that are the clear best of both, and count those that cannot be told apart.

    Two persons whom one source knows by two records are two people, says that source.
    """
    sources = people["sources"].map(set)
    apart = [
        not sources[one] & sources[other]
        for one, other in zip(pairs["unique_id_l"], pairs["unique_id_r"], strict=True)
    ]
    pairs = pairs.loc[pd.Series(apart, index=pairs.index, dtype="bool")]
    pairs = pairs.sort_values(["match_weight", "unique_id_l", "unique_id_r"])[::-1]
    rivals: dict[int, list[float]] = {}
    for one, other, weight in pairs[["unique_id_l", "unique_id_r", "match_weight"]].itertuples(
        index=False
    ):
        rivals.setdefault(one, []).append(weight)
        rivals.setdefault(other, []).append(weight)
    best = [
        all(
            weight == rivals[end][0] and weight - rivals[end][1] >= AMBIGUOUS
            if len(rivals[end]) > 1
            else True
            for end in (one, other)
        )
        for one, other, weight in pairs[["unique_id_l", "unique_id_r", "match_weight"]].itertuples(
            index=False
        )
    ]
    chosen = pairs.loc[pd.Series(best, index=pairs.index, dtype="bool")]
    return chosen, len(pairs) - len(chosen)


def _shown(store: Store, pairs: pd.DataFrame, people: pd.DataFrame) -> tuple[ProposedLink, ...]:
    ids = people["identifier_id"]
    names = {
        int(str(number)): f"{kind} {masked(str(kind), str(value))}"
        for number, kind, value in store.rows(
            "SELECT identifier_id, kind, value FROM identifier WHERE identifier_id IN (SELECT unnest($ids)) "
            "ORDER BY identifier_id",
            {"ids": [int(i) for i in ids]},
        )
    }
    fields = [name for name in pairs.columns if name.startswith("mw_")]
    links = []
    for pair in pairs.to_dict("records"):
        one, other = int(ids[pair["unique_id_l"]]), int(ids[pair["unique_id_r"]])
        parts: dict[str, float] = {}
        for name in fields:
            field = name.removeprefix("mw_").removeprefix("tf_adj_")
            parts[field] = parts.get(field, 0.0) + float(pair[name])
        weight = float(pair["match_weight"])
        links.append(
            ProposedLink(
                one=names[one],
                other=names[other],
                weight=weight,
                probability=1 / (1 + 2**-weight),
                parts=tuple(sorted(parts.items(), key=lambda part: -part[1])),
                identifier_id=one,
                other_id=other,
            )
        )
    return tuple(links)
