"""A name as a source tells it -> what it is shown as: references, pages, then the user's rules."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from glob import escape

from tools.dictionary.pages import is_address, is_page, page_group, page_label, unmarked
from tools.dictionary.references import Key, resolve
from tools.store.door import Store

MARKED = re.compile("[\ue003\ue004]")
EITHER = re.compile(r"\|(?!\])")


@dataclass(frozen=True, slots=True)
class TouchpointRule:
    """What the user says of names and labels that match a pattern."""

    position: int
    pattern: str
    """A glob, whatever the case; `a | b` means either. Beginning with '/', of page addresses; else of labels."""
    label: str | None = None
    """What they are shown as; None: as before."""
    touchpoint_group: str | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What a name is shown as."""

    label: str
    touchpoint_group: str | None
    hidden: bool


def read_rules(store: Store) -> tuple[TouchpointRule, ...]:
    """Return the user's rules in their order."""
    return store.records(
        "SELECT position, pattern, label, touchpoint_group, hidden FROM touchpoint_rule "
        "ORDER BY position, pattern",
        {},
        TouchpointRule,
    )


def shown(
    name: str,
    source: str,
    told_group: str | None,
    labels: Mapping[Key, str],
    rules: Sequence[TouchpointRule],
) -> Shown:
    """Return what a name is shown as.

    Of the rules for addresses the first that matches counts. The rules for labels are
    taken one after the other, each looking at what the touchpoint is called by then.

    Args:
        name: As the source tells it; may hold references.
        source: Whose name it is.
        told_group: The group that the source told.
        labels: The names of the things that are referred to.
        rules: The user's, in order.
    """
    resolved = resolve(name, source, labels)
    page = is_page(resolved)
    path = unmarked(resolved) or "(no name)"
    label = page_label(path) if page else path
    # A group made from a page's name is no group.
    group = None if told_group and MARKED.search(told_group) else told_group
    hidden = False
    addressed = next(
        (
            r
            for r in rules
            if is_address(path) and is_address(r.pattern) and matches(r.pattern, path)
        ),
        None,
    )
    if addressed is not None:
        hidden = addressed.hidden
        # What is hidden alone must not hide others that have the same label.
        label = addressed.label or (path if hidden else label)
        group = addressed.touchpoint_group or group
    for rule in rules:
        if not is_address(rule.pattern) and matches(rule.pattern, label):
            only_hides = rule.label is None and rule.touchpoint_group is None
            hidden = rule.hidden if only_hides else hidden or rule.hidden
            label = rule.label or label
            group = rule.touchpoint_group or group
    return Shown(label, group or (page_group(label) if page else None), hidden)


def readable(name: str, source: str = "") -> str:
    """Return what a name reads before any name of a thing or rule is known, for a preview."""
    return shown(name, source, None, {}, ()).label


def matches(pattern: str, text: str) -> bool:
    """Tell whether a text is what a pattern says: a glob, in any case; `a | b` means either."""
    folded, told = pattern.casefold(), text.casefold()
    return told == folded or any(glob.match(told) for glob in _globs(folded))


def literal(label: str) -> str:
    """Return the pattern that matches one label and nothing else."""
    return escape(label).replace("|", "[|]")


@lru_cache(maxsize=4096)
def _globs(pattern: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(translate(part.strip())) for part in EITHER.split(pattern))
