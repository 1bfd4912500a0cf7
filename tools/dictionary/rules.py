"""The user's rules for touchpoints: group pages, rename, merge, hide and show.

A rule is a glob over page addresses ('/blog/*') or over labels ('Email*'). Rules are kept in a
list and taken in its order, so a rename after a rename works on what the first one made. Every
change tells all names anew and adds the persons of events that moved to `touched_person`: the
caller brings their journeys up to date (`tools.journeys.build.refresh`).
"""

from collections.abc import Sequence
from dataclasses import replace

from tools.dictionary.labelling import TouchpointRule, literal, read_rules
from tools.dictionary.pages import is_address
from tools.dictionary.settling import settle_names
from tools.errors import InvalidArgumentError, UnknownTouchpointError, unknown
from tools.store.door import Store


def list_rules(store: Store) -> tuple[TouchpointRule, ...]:
    """Return the rules in their order."""
    return read_rules(store)


def set_rule(
    store: Store,
    pattern: str,
    *,
    label: str | None = None,
    touchpoint_group: str | None = None,
    hidden: bool = False,
    position: int | None = None,
) -> TouchpointRule:
    """Add a rule, or replace the one with this pattern.

    Args:
        store: A writable store.
        pattern: A glob, whatever the case, `a | b` for either: of addresses where it begins with
            '/', else of labels.
        label: What is shown instead; None: as before.
        touchpoint_group: The group; None: as before.
        hidden: Whether journeys leave it out.
        position: Where it stands, from 1; None: last, or where it stood.

    Raises:
        InvalidArgumentError: The pattern or the label is empty.
    """
    if not pattern.strip():
        raise InvalidArgumentError(
            "pattern: it is empty; write a glob such as `/blog/*` or `Email*`."
        )
    rules = list(list_rules(store))
    before = [rule for rule in rules if rule.pattern == pattern.strip()]
    place = position or (before[0].position if before else len(rules) + 1)
    rule = TouchpointRule(
        place, pattern.strip(), _told("label", label), _told("group", touchpoint_group), hidden
    )
    kept = [one for one in rules if one not in before]
    kept.insert(place - 1, rule)
    write_rules(store, kept)
    return next(one for one in list_rules(store) if one.pattern == rule.pattern)


def remove_rule(store: Store, position: int) -> None:
    """Remove the rule at a position; the names show again what they did without it.

    Raises:
        InvalidArgumentError: There is none.
    """
    rules = list_rules(store)
    if position not in {rule.position for rule in rules}:
        known = [str(rule.position) for rule in rules]
        raise InvalidArgumentError(unknown("position", "rule", str(position), known))
    write_rules(store, [rule for rule in rules if rule.position != position])


def rename(store: Store, label: str, new_label: str) -> None:
    """Show a touchpoint under another label.

    Raises:
        UnknownTouchpointError: There is no such label.
        InvalidArgumentError: The new label is empty or another touchpoint's already.
    """
    old, new = _known(store, label), _told("label", new_label)
    if new is not None and new != old and new in _labels(store):
        raise InvalidArgumentError(
            f"label: there is a touchpoint '{new}' already; merge '{old}' into it."
        )
    _append(store, [TouchpointRule(0, literal(old), new)] if new != old else [])


def merge(store: Store, labels: Sequence[str], into: str) -> None:
    """Show several touchpoints as one.

    Args:
        store: A writable store.
        labels: Those to merge.
        into: What they are shown as: one of them, another touchpoint, or a new label.

    Raises:
        UnknownTouchpointError: One of `labels` is none.
        InvalidArgumentError: `into` is empty.
    """
    target = _told("label", into)
    others = [
        old for old in dict.fromkeys(_known(store, label) for label in labels) if old != target
    ]
    pages = [old for old in others if is_address(old)]
    for group in (pages, [old for old in others if old not in pages]):
        if group:
            _append(store, [TouchpointRule(0, " | ".join(map(literal, group)), target)])


def hide(store: Store, label: str) -> None:
    """Leave a touchpoint out of journeys; its events stay in the store.

    Raises:
        UnknownTouchpointError: There is no such label.
    """
    _append(store, [TouchpointRule(0, literal(_known(store, label)), hidden=True)])


def show(store: Store, label: str) -> None:
    """Undo `hide`, whichever rule it was that hid the touchpoint.

    Raises:
        UnknownTouchpointError: There is no such label.
    """
    old = _known(store, label)
    rules = list_rules(store)
    hiding = TouchpointRule(0, literal(old), hidden=True)
    kept = [rule for rule in rules if replace(rule, position=0) != hiding]
    if len(kept) < len(rules):
        write_rules(store, kept)
    still = store.value("SELECT hidden FROM touchpoint WHERE label = $label", {"label": old})
    if still:
        _append(store, [TouchpointRule(0, literal(old))])


def write_rules(store: Store, rules: Sequence[TouchpointRule]) -> None:
    """Replace the list of rules and tell every name anew."""
    store.execute("DELETE FROM touchpoint_rule")
    for position, rule in enumerate(rules, 1):
        store.execute(
            "INSERT INTO touchpoint_rule (position, pattern, label, touchpoint_group, hidden) "
            "VALUES ($position, $pattern, $label, $group, $hidden)",
            {
                "position": position,
                "pattern": rule.pattern,
                "label": rule.label,
                "group": rule.touchpoint_group,
                "hidden": rule.hidden,
            },
        )
    settle_names(store, rules_changed=True)
    store.memory.clear()


def _append(store: Store, new: Sequence[TouchpointRule]) -> None:
    """Add rules last; those for a single address stand first, where the first one counts."""
    if new:
        addresses = [rule for rule in new if is_address(rule.pattern)]
        labels = [rule for rule in new if not is_address(rule.pattern)]
        write_rules(store, [*addresses, *list_rules(store), *labels])


def _labels(store: Store) -> list[str]:
    rows = store.rows("SELECT label FROM touchpoint ORDER BY label")
    return [str(label) for (label,) in rows]


def _known(store: Store, label: str) -> str:
    labels = _labels(store)
    if label in labels:
        return label
    found = [known for known in labels if known.casefold() == label.strip().casefold()]
    if len(found) == 1:
        return found[0]
    raise UnknownTouchpointError(unknown("label", "touchpoint", label, labels))


def _told(what: str, text: str | None) -> str | None:
    if text is None:
        return None
    if not text.strip():
        raise InvalidArgumentError(f"{what}: it is empty.")
    return text.strip()
