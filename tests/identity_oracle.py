"""Who is who, told the slow way: plain Python over the whole set of links."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

Node = tuple[str, str]
"""Kind and value."""


class Link(NamedTuple):
    one: Node
    other: Node
    tie: str = "same"
    rank: int = 0


def number(node: Node) -> int:
    """Return an identifier's id: the second half of its md5, little end first, without a bit."""
    text = ":".join(node)
    return int.from_bytes(hashlib.md5(text.encode()).digest()[8:], "little") >> 1  # noqa: S324


def joined(
    nodes: Iterable[Node], pairs: Iterable[tuple[Node, Node]]
) -> dict[Node, frozenset[Node]]:
    """Return each node's connected component."""
    groups = {node: frozenset([node]) for node in nodes}
    for one, other in pairs:
        whole = groups[one] | groups[other]
        for node in whole:
            groups[node] = whole
    return groups


def who_is_who(
    links: Iterable[Link],
    *,
    weak: Iterable[str] = (),
    limit: int = 0,
    undone: Iterable[tuple[Node, Node]] = (),
    forms: Mapping[Node, Node] | None = None,
) -> tuple[dict[Node, int], set[Node]]:
    """Return each identifier's person, and the identifiers that are shared."""
    nodes = {node for link in links for node in link[:2]}
    clear = {node: node for node in nodes}
    clear |= {f: c for f, c in (forms or {}).items() if f in nodes and c in nodes}
    gone = {frozenset(clear.get(node, node) for node in pair) for pair in undone}
    told = [Link(clear[a], clear[b], tie, rank) for a, b, tie, rank in links]
    told = [link for link in told if link.one != link.other and {*link[:2]} not in gone]
    shared = belonging_to_many(told, weak, limit)
    things = {link.one for link in told if link.tie == "part"}
    bridges = [link for link in told if link.tie == "same" and not shared & {*link[:2]}]
    alike = [link[:2] for link in bridges if len(things & {*link[:2]}) != 1]
    whole = joined(nodes, alike)
    falls_to = [
        (unit, stands_in(owner, told, whole, things))
        for unit, owner in owners(told, bridges, whole, things).items()
    ]
    final = joined(nodes, [*alike, *falls_to, *clear.items()])
    person = {node: min(map(number, final[node])) for node in nodes}
    return person, {node for node in nodes if clear[node] in shared}


def belonging_to_many(told: list[Link], weak: Iterable[str], limit: int) -> set[Node]:
    """Return the nodes that meet more than `limit` nodes of one kind that is not weak."""
    met: dict[tuple[Node, str], set[Node]] = {}
    for link in told:
        if link.tie == "same":
            for one, other in (link[:2], link[1::-1]):
                if other[0] not in weak:
                    met.setdefault((one, other[0]), set()).add(other)
    return {node for (node, _), others in met.items() if limit and len(others) > limit}


def owners(
    told: list[Link], bridges: list[Link], whole: dict[Node, frozenset[Node]], things: set[Node]
) -> dict[Node, Node]:
    """Return one node of every thing that has an owner, and that owner."""
    groups = {link.other for link in told if link.tie == "member"} - things
    offers = [(link.one, link.other, link.rank) for link in told if link.tie == "part"]
    for link in bridges:
        offers += [
            (one, other, -(2**31))
            for one, other in (link[:2], link[1::-1])
            if one in things and other not in things
        ]
    choices: dict[Node, list[tuple[bool, int, int, Node]]] = {}
    for thing, owner, rank in offers:
        if whole[thing] != whole[owner]:
            choice = (owner in groups, rank, number(owner), owner)
            choices.setdefault(min(whole[thing]), []).append(choice)
    return {unit: min(offered)[-1] for unit, offered in choices.items()}


def stands_in(
    owner: Node, told: list[Link], whole: dict[Node, frozenset[Node]], things: set[Node]
) -> Node:
    """Return the only member of a group, and anyone else as they are."""
    groups = {link.other for link in told if link.tie == "member"} - things
    members = {
        whole[link.one]
        for link in told
        if link.tie == "member"
        and link.other in whole[owner] - things
        and link.one not in things | groups
        and whole[link.one] != whole[owner]
    }
    return min(next(iter(members))) if owner not in things and len(members) == 1 else owner
