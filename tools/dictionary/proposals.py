"""Rules that the data proposes: families of names with few visits each, doubles, very rare names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from rapidfuzz.distance import Levenshtein

from tools.dictionary import definitions
from tools.dictionary.labelling import TouchpointRule, literal
from tools.dictionary.pages import HOME, is_page, unmarked
from tools.dictionary.references import labels_for, resolve
from tools.dictionary.rules import list_rules, write_rules
from tools.store.door import Store

FAMILY = 12
"""Members from which a family is worth a group."""
FEW_SHARE = 0.005
"""Share of all visits up to which a name has few."""
RARE_VISITS = 5
RARE_NAMES = 10
LONG_WORD = 5
"""Letters from which a word with one other letter is a misspelling and not another word."""
LONGEST_LIST = 300
COUNTS_SQL = """
WITH counted AS (
    SELECT event.name_id, count(*) AS visits FROM event GROUP BY event.name_id
)
SELECT
    touchpoint.label,
    touchpoint.kind,
    touchpoint_name.source,
    touchpoint_name.name,
    coalesce(counted.visits, 0) AS visits
FROM touchpoint_name
JOIN touchpoint ON touchpoint_name.touchpoint_id = touchpoint.touchpoint_id
LEFT JOIN counted ON touchpoint_name.name_id = counted.name_id
WHERE NOT coalesce(touchpoint.hidden, false)
ORDER BY touchpoint.label, touchpoint_name.source, touchpoint_name.name
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Rules that would make the dictionary shorter, and what they would do."""

    what: Literal["group", "merge", "rare"]
    label: str
    """What the names would be shown as."""
    rules: tuple[TouchpointRule, ...]
    touchpoints: int
    """How many touchpoints become one."""
    names: int
    """How many names they show now."""
    visits: int
    sentence: str


@dataclass(slots=True)
class _Seen:
    """One touchpoint with what is counted of it."""

    label: str
    kind: str
    names: list[str]
    visits: int = 0

    def is_page(self) -> bool:
        return all(is_page(name) for name in self.names)


def propose_rules(store: Store) -> tuple[Proposal, ...]:
    """Propose rules from the data, those that fold most touchpoints first.

    A family is what one path level or one prefix ('Email clicked: ...') has below it; it is worth
    a group where its members are many and have few visits each. Only true doubles are proposed
    for merging: the same letters, or one letter of a long word apart.

    Args:
        store: Where the names and their events stand.
    """
    seen = _seen(store)
    named = definitions.named(store)
    few = max(RARE_VISITS, FEW_SHARE * sum(one.visits for one in seen))
    found = [*_families(seen, few, named), *_loose_pages(seen, few, named)]
    grouped = {one for proposal in found for one in _folded(proposal, seen)}
    left = [one for one in seen if one.label not in grouped]
    found += _doubles(left, named)
    found += _rare(left, named)
    return tuple(sorted(found, key=lambda p: (-p.touchpoints, -p.visits, p.label)))


def accept(store: Store, proposal: Proposal) -> None:
    """Add a proposal's rules behind the user's own.

    Args:
        store: A writable store; `touched_person` gets the persons whose journeys may change.
        proposal: As `propose_rules` returned it.
    """
    write_rules(store, [*list_rules(store), *proposal.rules])


def _seen(store: Store) -> list[_Seen]:
    rows = store.rows(COUNTS_SQL)
    labels = labels_for(store, [(str(row[2]), str(row[3])) for row in rows])
    found: dict[str, _Seen] = {}
    for label, kind, source, name, visits in rows:
        one = found.setdefault(str(label), _Seen(str(label), str(kind), []))
        one.names.append(resolve(str(name), str(source), labels))
        one.visits += int(str(visits))
    return list(found.values())


def _families(seen: Sequence[_Seen], few: float, named: set[str]) -> list[Proposal]:
    families: dict[tuple[str, str], list[_Seen]] = defaultdict(list)
    for one in seen:
        head, colon, _ = one.label.partition(": ")
        if colon:
            families[head, one.kind].append(one)
    found = []
    for (head, _), members in sorted(families.items()):
        if _many_with_few(members, few) and not any(
            one.label.casefold() in named for one in members
        ):
            rule = TouchpointRule(0, f"{literal(head)}: *", head)
            parts = {
                unmarked(name).split("/")[1]
                for one in members
                if one.is_page()
                for name in one.names
            }
            if all(one.is_page() for one in members) and len(parts) == 1:
                rule = TouchpointRule(0, f"/{literal(parts.pop())}/*", head)
            found.append(_proposal("group", head, (rule,), members))
    return found


def _loose_pages(seen: Sequence[_Seen], few: float, named: set[str]) -> list[Proposal]:
    """Propose one group for the many pages at the top level that hardly anyone visits."""
    pages = [one for one in seen if one.is_page() and ": " not in one.label]
    loose = [
        one
        for one in pages
        if one.visits <= few and one.label != HOME and one.label.casefold() not in named
    ]
    if not _many_with_few(loose, few):
        return []
    kept = sorted(
        {
            pattern
            for one in seen
            if one not in loose
            for name in one.names
            if is_page(name)
            for pattern in _top_level(name)
        }
    )
    keep = (TouchpointRule(0, " | ".join(kept)),) if kept else ()
    return [
        _proposal("group", "Other pages", (*keep, TouchpointRule(0, "/*", "Other pages")), loose)
    ]


def _doubles(seen: Sequence[_Seen], named: set[str]) -> list[Proposal]:
    parent = {one.label: one for one in seen}
    pairs: dict[str, set[str]] = defaultdict(set)
    for first, second in _near(seen):
        pairs[first.label].add(second.label)
        pairs[second.label].add(first.label)
    found, done = [], set[str]()
    for label in sorted(pairs, key=lambda label: (-parent[label].visits, label)):
        group = [
            other
            for other in sorted(pairs[label])
            if other not in done and parent[other].kind == parent[label].kind
        ]
        if label in done or not group:
            continue
        done |= {label, *group}
        members = [parent[other] for other in group]
        if not any(one.label.casefold() in named for one in members):
            rule = TouchpointRule(0, " | ".join(literal(one.label) for one in members), label)
            found.append(_proposal("merge", label, (rule,), [parent[label], *members]))
    return found


def _near(seen: Sequence[_Seen]) -> Iterable[tuple[_Seen, _Seen]]:
    """Yield pairs of labels that are the same word by word, or but for a letter of a long word."""
    blocks: dict[object, list[tuple[_Seen, str]]] = defaultdict(list)
    for one in seen:
        words = re.findall(r"[^\W_]+", one.label.casefold())
        blocks["".join(words)].append((one, ""))
        for place, word in enumerate(words):
            if len(word) >= LONG_WORD and word.isalpha():
                blocks[(*words[:place], None, *words[place + 1 :])].append((one, word))
    for members in blocks.values():
        for place, (first, word) in enumerate(members):
            for second, other in members[place + 1 :]:
                if (
                    first is not second
                    and word[:1] == other[:1]
                    and Levenshtein.distance(word, other) <= 1
                ):
                    yield first, second


def _rare(seen: Sequence[_Seen], named: set[str]) -> list[Proposal]:
    rare = [
        one
        for one in seen
        if one.visits < RARE_VISITS and one.kind == "action" and one.label.casefold() not in named
    ][:LONGEST_LIST]
    if len(rare) < RARE_NAMES:
        return []
    patterns = [literal(one.label) for one in rare]
    return [_proposal("rare", "Other", (TouchpointRule(0, " | ".join(patterns), "Other"),), rare)]


def _top_level(name: str) -> tuple[str, ...]:
    head = literal("/" + unmarked(name).split("/")[1])
    return (head,) if head == "/" else (head, f"{head}/*")


def _many_with_few(members: Sequence[_Seen], few: float) -> bool:
    return len(members) >= FAMILY and median(one.visits for one in members) <= few


def _folded(proposal: Proposal, seen: Sequence[_Seen]) -> set[str]:
    if proposal.label == "Other pages":
        return {one.label for one in seen if one.is_page() and ": " not in one.label}
    return {one.label for one in seen if one.label.startswith(f"{proposal.label}: ")}


def _proposal(
    what: Literal["group", "merge", "rare"],
    label: str,
    rules: tuple[TouchpointRule, ...],
    members: Sequence[_Seen],
) -> Proposal:
    names = sum(len(one.names) for one in members)
    visits = sum(one.visits for one in members)
    if what == "merge":
        told = " and ".join(f"'{one.label}' ({one.visits:,})" for one in members)
        sentence = f"{told} are written almost alike: show both as '{label}'."
        if len(members) > 2:
            sentence = sentence.replace("show both", "show all")
    elif what == "rare":
        sentence = (
            f"{len(members)} touchpoints were met fewer than {RARE_VISITS} times each: "
            f"show them as '{label}' ({visits:,} visits)."
        )
    else:
        middle = median(one.visits for one in members)
        sentence = (
            f"`{rules[-1].pattern}` as '{label}' folds {len(members)} touchpoints ({names} names) into "
            f"one: half of them have {middle:g} visits or fewer, {visits:,} together."
        )
    return Proposal(what, label, rules, len(members), names, visits, sentence)
