"""A funnel as it was understood, and the SQL that a funnel of its length needs.

The statement is a chain: `touch` (what may be a step), `arrival_1` (entries), one `arrival_k`
for each further step, all of one text, and `reached`: each unit's first arrival at each step.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tools.errors import InvalidArgumentError
from tools.journeys.scope import ResolvedScope, Scope
from tools.journeys.touchpoints import touchpoint_ids, touchpoints
from tools.store.door import Store, read_sql

Order = Literal["ordered", "strict", "any"]
Per = Literal["person", "journey", "session"]
Ids = frozenset[int]

NO_LIMIT = timedelta(days=365_000)
NEVER = datetime(1, 1, 1)  # noqa: DTZ001 - times in the store are UTC
ALWAYS = datetime(5000, 1, 1)  # noqa: DTZ001
OWNER = {
    "person": read_sql(__file__, "funnel_owner.sql"),
    "session": read_sql(__file__, "funnel_owner.sql"),
    "journey": read_sql(__file__, "funnel_owner_journey.sql"),
}
ACTION = {
    "person": read_sql(__file__, "funnel_person.sql"),
    "session": read_sql(__file__, "funnel_session.sql"),
    "journey": read_sql(__file__, "funnel_journey.sql"),
}
ROLE = read_sql(__file__, "funnel_role.sql")
MEANING = read_sql(__file__, "funnel_meaning.sql")
TOUCH = read_sql(__file__, "funnel_touch.sql")
CUT_TOUCH = read_sql(__file__, "funnel_touch_cut.sql")
ENTRY = read_sql(__file__, "funnel_entry.sql")
FIRST_ENTRY = read_sql(__file__, "funnel_first_entry.sql")
ORDERED = read_sql(__file__, "funnel_ordered.sql")
ANY_ORDER = read_sql(__file__, "funnel_any.sql")
REACHED = read_sql(__file__, "funnel_reached.sql")


@dataclass(frozen=True, slots=True)
class Asked:
    """A funnel with its names found and checked; step k stands at position k - 1."""

    names: tuple[str, ...]
    steps: tuple[Ids, ...]
    optional: frozenset[int]
    """Positions of the steps that may be skipped; never the first or the last."""
    excluded: Ids
    order: Order
    per: Per
    window: timedelta | None
    repeats: bool
    reentry: bool
    strictly_later: bool

    def before(self, position: int) -> tuple[int, ...]:
        """Return the positions from which a step can be reached, the nearest first."""
        first = position - 1
        while first in self.optional:
            first -= 1
        return tuple(range(position - 1, first - 1, -1))

    def breaks(self, position: int) -> Ids:
        """Return the steps' touchpoints that break a run on its way to a step.

        What stands outside of the steps never gets here: in strict order it ends the piece.
        """
        if self.order == "any" or not position:
            return frozenset()
        if self.order == "ordered":
            return frozenset() if self.repeats else _union(self.steps[1 : position + 1])
        return _union(self.steps) - self._ignored(position)

    def _ignored(self, position: int) -> Ids:
        """Return the touchpoints that may come between, in strict order."""
        before = self.before(position)
        if not self.repeats:
            return self.steps[0] if self.reentry or 0 in before else frozenset()
        if self.reentry:
            return _union(self.steps[:position])
        return _union(tuple(self.steps[place] for place in before))


def ask(
    store: Store,
    steps: tuple[str, ...],
    optional: tuple[str, ...],
    excluded: tuple[str, ...],
    *,
    order: Order,
    per: Per,
    window: timedelta | None,
    repeats: bool,
    reentry: bool,
    strictly_later: bool,
) -> Asked:
    """Find the names of a funnel and check that its parts fit together.

    Raises:
        UnknownTouchpointError: A name matches no touchpoint.
        InvalidArgumentError: The parts contradict each other.
    """
    if not steps:
        raise InvalidArgumentError(
            "steps: name at least one touchpoint, e.g. Home, Pricing, Trial."
        )
    found = tuple(frozenset(touchpoint_ids(store, (step,), where="steps")) for step in steps)
    asked = Asked(
        names=tuple(_name(store, step) for step in steps),
        steps=found,
        optional=_positions(store, steps, found, optional),
        excluded=frozenset(touchpoint_ids(store, excluded, where="excluded")),
        order=order,
        per=per,
        window=window,
        repeats=repeats,
        reentry=reentry,
        strictly_later=strictly_later,
    )
    _check(store, asked)
    return asked


def _check(store: Store, asked: Asked) -> None:
    if asked.window is not None and asked.window <= timedelta(0):
        raise InvalidArgumentError("window: it should be longer than nothing, e.g. 48h or 30d.")
    if both := asked.excluded & _union(asked.steps):
        name = next(label for number, label in touchpoints(store) if number in both)
        raise InvalidArgumentError(f"excluded: '{name}' is a step, and cannot be excluded as well.")
    if asked.strictly_later and (asked.order != "ordered" or not asked.repeats):
        raise InvalidArgumentError(
            "strictly_later: it goes with order 'ordered' and with repeats allowed only."
        )
    if asked.order == "any" and not asked.repeats:
        raise InvalidArgumentError(
            "repeats: order 'any' does not look at them; ask for order 'ordered' or 'strict'."
        )
    if asked.order == "any" and sum(map(len, asked.steps)) > len(_union(asked.steps)):
        raise InvalidArgumentError("steps: in any order, a touchpoint can stand in one step only.")


def _positions(
    store: Store, steps: tuple[str, ...], found: tuple[Ids, ...], optional: tuple[str, ...]
) -> frozenset[int]:
    places: set[int] = set()
    for name in optional:
        ids = frozenset(touchpoint_ids(store, (name,), where="optional"))
        same = {place for place, step in enumerate(found) if step == ids}
        inner = same & set(range(1, len(found) - 1))
        if not inner:
            known = ", ".join(steps[1:-1]) or "none"
            reason = "the first and the last step cannot be skipped" if same else "it is no step"
            raise InvalidArgumentError(
                f"optional: '{name}': {reason}. Steps that can be optional: {known}."
            )
        places |= inner
    return frozenset(places)


def _name(store: Store, step: str) -> str:
    labels = {label.casefold(): label for _, label in touchpoints(store)}
    parts = [part.strip() for part in step.split("|")]
    return " or ".join(labels.get(part.casefold(), part) for part in parts)


def _union(sets: tuple[Ids, ...]) -> Ids:
    return frozenset().union(*sets)


def statement(tail: str, asked: Asked, segment: str) -> str:
    """Return a whole query: the chain of this funnel before the `WITH` of `tail`.

    Args:
        tail: A comment, then `WITH`; it reads `owner`, `action`, `role` and `reached`.
        asked: The funnel.
        segment: An expression over `scoped_journey`, from `segment_expression`.
    """
    parts = {
        "owner": OWNER[asked.per].replace("/* segment */ ''", segment),
        "action": ACTION[asked.per],
        "role": _each(ROLE, range(1, len(asked.steps) + 1)),
        "meaning": MEANING,
        "touch": CUT_TOUCH if asked.order == "strict" or asked.excluded else TOUCH,
        "arrival_1": FIRST_ENTRY if asked.order == "strict" and not asked.reentry else ENTRY,
    }
    further = ANY_ORDER if asked.order == "any" else ORDERED
    if asked.strictly_later:
        # At one moment the arrivals come last, so that nothing of that moment follows them.
        further = further.replace("candidate.seq, candidate.rank", "candidate.rank, candidate.seq")
    for position in range(1, len(asked.steps)):
        sources = [f"SELECT * FROM arrival_{place + 1}" for place in asked.before(position)]
        parts[f"arrived_{position + 1}"] = "\nUNION ALL\n".join(sources)
        # Of two arrivals with one event, the one that entered later has more time left.
        ties = "candidate.rank, candidate.entered_at" if len(sources) > 1 else "candidate.rank"
        text = further.replace("candidate.rank\n", f"{ties}\n")
        parts[f"arrival_{position + 1}"] = _numbered(text, position + 1)
    parts["arrival"] = "\nUNION ALL\n".join(
        f"SELECT {number} AS step, arrival_{number}.* FROM arrival_{number}"
        for number in range(1, len(asked.steps) + 1)
    )
    parts["reached"] = REACHED
    chain = ",\n".join(f"{name} AS (\n{_body(text)}\n)" for name, text in parts.items())
    return re.sub(r"^WITH\s", lambda _: f"WITH {chain},\n", tail, count=1, flags=re.MULTILINE)


def parameters(asked: Asked, scope: Scope, resolved: ResolvedScope) -> dict[str, object]:
    """Return the values of every `$name` that `statement` may use."""
    told: dict[str, object] = {
        "as_of": resolved.as_of,
        "never": NEVER,
        "mature_until": resolved.as_of - (asked.window or resolved.definition.window),
        "session_gap": resolved.definition.session_gap,
        "window": asked.window or NO_LIMIT,
        "strict": asked.order == "strict",
        "excluded": sorted(asked.excluded),
        "entered_since": NEVER,
        "entered_before": ALWAYS,
        "minimum_group": resolved.minimum_group,
        "steps": len(asked.steps),
    }
    if asked.per != "journey" and scope.since:
        told["entered_since"] = datetime.combine(scope.since, datetime.min.time())
    if asked.per != "journey" and scope.until:
        after = scope.until + timedelta(days=1)
        told["entered_before"] = datetime.combine(after, datetime.min.time())
    for position, ids in enumerate(asked.steps):
        told[f"step_{position + 1}"] = position + 1
        told[f"targets_{position + 1}"] = sorted(ids)
        told[f"breaks_{position + 1}"] = sorted(asked.breaks(position))
    return told


def _each(text: str, numbers: range) -> str:
    return "\nUNION ALL\n".join(_body(_numbered(text, number)) for number in numbers)


def _numbered(text: str, number: int) -> str:
    """Return a step's text with the names of that step's own values and arrivals."""
    text = re.sub(r"\$(step|targets|breaks)\b", rf"$\1_{number}", text)
    return re.sub(r"\barrived\b", f"arrived_{number}", text)


def _body(text: str) -> str:
    """Return a query without the comment that begins its file."""
    return re.sub(r"\A(--[^\n]*\n)+", "", text).strip()
