"""Who is who within a region of the identifier graph, as a function of its links alone.

Three kinds of nodes follow from the links: a *thing* is the first end of a `part` link, a *group*
the second end of a `member` link, all others are *plain*. Plain nodes, groups included, that `same`
links join are one person; things that `same` links join are one thing. A thing goes to one owner, the
first by (no group, lowest rank, smallest id); a `same` link to a plain node counts as an owner ahead
of all ranks. So no thing joins two persons. What falls to a group of one member is that member's.

An identifier is *shared* where its `same` links meet more than `limit` nodes of one identifying
kind; none of its `same` links joins then. Forms of one address (clear, hashed) are one node.

Nodes outside of the region stand for their person as it is known. Where they would change, or have a
say, `Solution.wanted` names their persons: the region is then to be asked again with them in it.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ids: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

SAME, PART, MEMBER = 0, 1, 2
BEFORE_ALL_RANKS = -(2**31)
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Region:
    """Identifiers in ascending order of `ids`, and links between their positions."""

    ids: Ids
    kind: Ids
    """Numbers of kinds; kinds that name no single person are negative."""
    person: Ids
    shared: Flags
    inside: Flags
    thing: Flags
    """For nodes outside; those inside follow from their links."""
    grouping: Flags
    """As `thing`: whether a node is the second end of a `member` link."""
    form_of: Ids
    """The position of a hashed address's clear form; its own for all others."""
    seed: Flags
    """Nodes whose links changed."""
    one: Ids
    other: Ids
    tie: Ids
    rank: Ids


@dataclass(frozen=True, slots=True)
class Solution:
    """What the links say of a region's nodes."""

    person: Ids
    shared: Flags
    wanted: Ids
    """Persons outside who have to be asked as well."""


@dataclass(frozen=True, slots=True)
class _Links:
    one: Ids
    other: Ids
    rank: Ids

    def where(self, chosen: Flags) -> "_Links":
        return _Links(self.one[chosen], self.other[chosen], self.rank[chosen])

    def both_ways(self) -> tuple[Ids, Ids]:
        return np.concatenate((self.one, self.other)), np.concatenate((self.other, self.one))


@dataclass(frozen=True, slots=True)
class _Graph:
    """A region with each address's forms as one node, and what kind of node each is."""

    region: Region
    same: _Links
    part: _Links
    member: _Links
    thing: Flags
    grouping: Flags
    seed: Flags
    shared: Flags

    @property
    def group(self) -> Flags:
        return self.grouping & ~self.thing


def solve(region: Region, limit: int, *, thorough: bool) -> Solution:
    """Return every inside node's person and whether it is shared.

    Args:
        region: The nodes and all links of the inside ones.
        limit: How many nodes of one identifying kind a node may meet; 0: any number.
        thorough: Whether links went away: then whatever an inside node could own is asked too.
    """
    graph = _graph(region, limit)
    active = graph.same.where(~graph.shared[graph.same.one] & ~graph.shared[graph.same.other])
    alike = graph.thing[active.one] == graph.thing[active.other]
    joining, owning = active.where(alike), active.where(~alike)
    within = region.inside[joining.one] & region.inside[joining.other]
    component = _components(len(region.ids), joining.one[within], joining.other[within])
    component = component[region.form_of]
    _, owned_by = np.unique(region.person, return_inverse=True)
    # A person outside is one place, whatever of it is seen from here.
    place = np.where(region.inside, component, len(region.ids) + owned_by)
    unit, owner = _owners(graph, place, owning)
    stands_in, waits_for = _only_members(graph, place, len(region.ids) + len(region.ids))
    wanted = (
        _outside(region, joining.where(~within)),
        region.person[owner[~region.inside[owner]]],
        waits_for[place[owner]],
        _stirred(graph, component, owned_by, thorough=thorough),
    )
    final = _components(2 * len(region.ids), unit, stands_in[place[owner]])[place]
    first = np.zeros(2 * len(region.ids), dtype=np.int64)
    # `ids` ascend: of those written to one place, the last, hence the smallest, stays.
    first[final[::-1]] = np.arange(len(final))[::-1]
    known = np.append(region.person[region.inside], NOBODY)
    return Solution(
        region.ids[first[final]], graph.shared, np.setdiff1d(np.concatenate(wanted), known)
    )


def _graph(region: Region, limit: int) -> _Graph:
    one, other = region.form_of[region.one], region.form_of[region.other]
    apart = one != other
    links, tie = _Links(one, other, region.rank).where(apart), region.tie[apart]
    same, part, member = (links.where(tie == which) for which in (SAME, PART, MEMBER))
    thing, group, seed = (
        _of_any_form(region, flags)
        for flags in (region.thing & ~region.inside, region.grouping & ~region.inside, region.seed)
    )
    thing[part.one] = True
    group[member.other] = True
    shared = _shared(region, same, limit)
    return _Graph(region, same, part, member, thing, group, seed, shared)


def _of_any_form(region: Region, flags: Flags) -> Flags:
    flags = flags.copy()
    flags[region.form_of[flags]] = True
    return flags


def _shared(region: Region, same: _Links, limit: int) -> Flags:
    shared = region.shared & ~region.inside
    if limit:
        near, far = same.both_ways()
        asked = (region.kind[far] >= 0) & region.inside[near]
        busy = np.bincount(near[asked], minlength=len(region.ids)) > limit
        asked &= busy[near]
        pairs = np.unique(np.stack((near[asked], region.kind[far[asked]], far[asked])), axis=1)
        meetings, count = np.unique(pairs[:2], axis=1, return_counts=True)
        shared[meetings[0, count > limit]] = True
    return shared[region.form_of]


def _owners(graph: _Graph, place: Ids, owning: _Links) -> tuple[Ids, Ids]:
    """Return the place of each thing inside that has an owner, and the owning node."""
    first = graph.thing[owning.one]
    thing = np.concatenate((graph.part.one, np.where(first, owning.one, owning.other)))
    owner = np.concatenate((graph.part.other, np.where(first, owning.other, owning.one)))
    rank = np.concatenate((graph.part.rank, np.full(len(first), BEFORE_ALL_RANKS)))
    asked = graph.region.inside[thing] & (place[thing] != place[owner])
    thing, owner, rank = thing[asked], owner[asked], rank[asked]
    order = np.lexsort((graph.region.ids[owner], rank, graph.group[owner], place[thing]))
    unit, first_of = np.unique(place[thing][order], return_index=True)
    return unit, owner[order][first_of]


def _only_members(graph: _Graph, place: Ids, places: int) -> tuple[Ids, Ids]:
    """Return for each place who stands in for it, and which person outside has to be asked first.

    A group of one member is stood in for by that member; every other place stands for itself.
    """
    stands_in, waits_for = np.arange(places), np.full(places, NOBODY)
    one, group = graph.member.one, graph.member.other
    counts = graph.region.inside[group] & ~graph.thing[group] & (place[one] != place[group])
    counts &= ~graph.thing[one] & ~graph.group[one]
    one, group = one[counts], group[counts]
    pairs, at = np.unique(np.stack((place[group], place[one])), axis=1, return_index=True)
    groups, first, members = np.unique(pairs[0], return_index=True, return_counts=True)
    only = one[at[first[members == 1]]]
    stands_in[groups[members == 1]] = place[only]
    outside = ~graph.region.inside[only]
    waits_for[groups[members == 1][outside]] = graph.region.person[only[outside]]
    return stands_in, waits_for


def _stirred(graph: _Graph, component: Ids, owned_by: Ids, *, thorough: bool) -> Ids:
    """Return the persons outside whose things may get another owner by what changed inside."""
    region = graph.region
    inside = region.inside
    plain = inside & ~graph.thing
    changed = _repartitioned(component, owned_by, plain)
    member, group = graph.member.one, graph.member.other
    # Things and groups are no members: who became one, or may have been one, counts otherwise now.
    recounted = graph.seed & (graph.thing | graph.grouping | thorough)
    # Whoever gains a cookie is the same member: only members who became one, or two, count otherwise.
    belonging = np.zeros(len(region.ids), dtype=np.bool_)
    belonging[member] = True
    regrouped = _repartitioned(component, owned_by, plain & belonging)
    moved = inside[member] & (regrouped[component[member]] | recounted[member])
    stirred = np.full(len(region.ids), thorough)
    # What was a group as well: what fell to its only member comes back.
    of_group = np.zeros(len(region.ids), dtype=np.bool_)
    of_group[owned_by[inside & graph.grouping]] = True
    lost = np.zeros(len(region.ids), dtype=np.bool_)
    lost[owned_by[inside & graph.seed & graph.thing]] = True
    stirred[component[inside & of_group[owned_by] & (changed[component] | lost[owned_by])]] = True
    stirred[component[inside & graph.grouping & (graph.seed | changed[component])]] = True
    stirred[component[group[moved & inside[group]]]] = True
    flag_changed = inside & (graph.shared != region.shared)
    near, far = graph.same.both_ways()
    near, far = np.concatenate((near, graph.part.other)), np.concatenate((far, graph.part.one))
    asked = inside[near] & (stirred[component[near]] | flag_changed[near])
    asked &= graph.thing[far] & ~inside[far]
    return np.concatenate((region.person[far[asked]], region.person[group[moved & ~inside[group]]]))


def _repartitioned(component: Ids, owned_by: Ids, asked: Flags) -> Flags:
    """Tell for each component whether these nodes of it were not one whole person's before."""
    changed = np.zeros(len(component), dtype=np.bool_)
    nodes = np.flatnonzero(asked)
    for place, label in ((component, owned_by), (owned_by, component)):
        example = np.zeros(len(component), dtype=np.int64)
        example[place[nodes]] = nodes
        differs = label[nodes] != label[example[place[nodes]]]
        changed[component[nodes[differs]]] = True
        changed[component[example[place[nodes[differs]]]]] = True
    return changed


def _outside(region: Region, links: _Links) -> Ids:
    ends = np.concatenate((links.one, links.other))
    return region.person[ends[~region.inside[ends]]]


def _components(nodes: int, one: Ids, other: Ids) -> Ids:
    """Return each node's component, as a number below `nodes`."""
    graph = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(nodes, nodes))
    return connected_components(graph, directed=False)[1].astype(np.int64)
