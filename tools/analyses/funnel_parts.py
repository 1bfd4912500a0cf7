"""A funnel as it was understood, and the SQL that a funnel of its length needs.

The statement reads the units' actions once, in order, and every window in it streams: none has a
partition or an order of its own. `history` is every action, `touch` what means something to the
funnel, and each `way_k` adds to its rows what an arrival there at step k goes back to; `reached` is
a unit at its last row. Two shares of the units keep two processors busy. What entries too young to
judge reached is a stream of its own, `young`: they come after all others of their unit.

Rows stand in order in the table, or are sorted before the first window where they do not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tools.analyses.step_order import HALVES, middle
from tools.errors import InvalidArgumentError
from tools.journeys.scope import ResolvedScope, Scope
from tools.journeys.touchpoints import flags, hidden_touchpoints, touchpoint_ids, touchpoints
from tools.store.door import Store, read_sql

Order = Literal["ordered", "strict", "any"]
Per = Literal["person", "journey", "session"]
Ids = frozenset[int]

MOST_STEPS = 62
"""Each step is a bit of a touchpoint's meaning."""
NEVER = datetime(1, 1, 1)  # noqa: DTZ001 - times in the store are UTC
OWNER = read_sql(__file__, "funnel_owner.sql")
OWNER_WHOLE = read_sql(__file__, "funnel_owner_whole.sql")
OWNER_JOURNEY = read_sql(__file__, "funnel_owner_journey.sql")
HISTORY = {
    "person": read_sql(__file__, "funnel_person.sql"),
    "session": read_sql(__file__, "funnel_session.sql"),
    "journey": read_sql(__file__, "funnel_journey.sql"),
}
TOUCH = read_sql(__file__, "funnel_touch.sql")
ENTRY = read_sql(__file__, "funnel_entry.sql")
FIRST_ENTRY = read_sql(__file__, "funnel_first_entry.sql")
FURTHER = {
    "ordered": read_sql(__file__, "funnel_ordered.sql"),
    "strict": read_sql(__file__, "funnel_ordered.sql"),
    "any": read_sql(__file__, "funnel_any.sql"),
}
STRICTLY_LATER = read_sql(__file__, "funnel_strictly_later.sql")
REACHED = read_sql(__file__, "funnel_reached.sql")
YOUNG = read_sql(__file__, "funnel_young.sql")
UNIT = read_sql(__file__, "funnel_unit.sql")
COUNTED = read_sql(__file__, "funnel_counted.sql")
STEP = read_sql(__file__, "funnel_step.sql")
FIRST = """following.entered_k IS NOT NULL
            AND (following.begun IS NOT NULL OR following.before_k = $never) AS first_k"""
EVER = """last_value(coalesce(way.entered_k, way.begun) IGNORE NULLS)
            OVER (ROWS UNBOUNDED PRECEDING) AS ever_k"""
EACH: dict[str, Callable[[int], range]] = {
    "each step": lambda size: range(1, size + 1),
    "each later step": lambda size: range(2, size + 1),
    "each step, the last first": lambda size: range(size, 0, -1),
    "last step": lambda size: range(size, size + 1),
}
"""Parts of a text that stand once for each of some steps, by the mark before them."""
SHARES = {name: f"{sign} $middle" for name, sign in HALVES.items()}
"""Two halves of the units."""
EVERYONE = """
SELECT
    (SELECT count(*) FROM person)
    = (SELECT count(*) FROM journey WHERE definition_id = $definition_id AND previous_at IS NULL)
"""
DISORDER = read_sql(__file__, "funnel_disorder.sql")
SESSIONS = "SELECT count(*) FROM event WHERE kind = 'action' AND session_id IS NOT NULL"


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

    def carries(self, position: int) -> bool:
        """Say whether a step's own touchpoints leave alone what leads to it."""
        before = _union(tuple(self.steps[place] for place in self.before(position)))
        return (
            self.order == "ordered"
            and self.repeats
            and not self.strictly_later
            and not before & self.steps[position]
        )

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
    if len(asked.steps) > MOST_STEPS:
        raise InvalidArgumentError(f"steps: name {MOST_STEPS} at most.")
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


def statement(
    tail: str,
    asked: Asked,
    scope: Scope,
    segment: str | None,
    *,
    ordered: bool,
    everyone: bool,
) -> str:
    """Return a whole query: the chain of this funnel before the `WITH` of `tail`.

    Args:
        tail: A comment, then `WITH`; it reads `counted` and `step_count`.
        asked: The funnel.
        scope: Whose dates are those of the entries.
        segment: An expression over `scoped_journey`, from `segment_expression`; None: no segments.
        ordered: Whether the table of events stands in the order that `asked.per` needs.
        everyone: Whether whoever did anything is in scope.
    """
    parts = {"owner": _owner(asked, scope, segment)}
    for name, share in SHARES.items():
        parts |= _stream(asked, scope, name, share, young=False, ordered=ordered)
    parts |= _stream(asked, scope, "young", None, young=True, ordered=ordered)
    size = len(asked.steps)
    parts["reached"] = "\nUNION ALL\n".join(f"SELECT * FROM reached_{name}" for name in SHARES)
    unit = _each(UNIT, size)
    if everyone:
        unit = re.sub(r"\nJOIN owner ON .+", "", unit).replace("owner.segment", "'' AS segment")
        del parts["owner"]
    parts["unit"] = unit
    counted = _each(COUNTED, size)
    if segment is not None:
        counted = counted.replace("CAST(NULL AS VARCHAR) AS segment", "unit.segment")
        counted = counted.replace("false AS is_segment", "grouping(unit.segment) = 0 AS is_segment")
        counted += "GROUP BY GROUPING SETS ((unit.segment), ())"
    parts["counted"] = counted
    parts["step_count"] = "\nUNION ALL\n".join(
        _body(_numbered(STEP, number)) for number in range(1, size + 1)
    )
    chain = ",\n".join(f"{name} AS (\n{_body(text)}\n)" for name, text in parts.items())
    return re.sub(r"^WITH\s", lambda _: f"WITH {chain},\n", tail, count=1, flags=re.MULTILINE)


def _owner(asked: Asked, scope: Scope, segment: str | None) -> str:
    if asked.per == "journey":
        return OWNER_JOURNEY.replace("/* segment */ ''", segment or "''")
    if segment is None and not scope.where:
        return OWNER_WHOLE
    return OWNER.replace("/* segment */ ''", segment or "''")


def _stream(
    asked: Asked, scope: Scope, name: str, share: str | None, *, young: bool, ordered: bool
) -> dict[str, str]:
    """Return the way of one share of the units through the funnel, by entries of one age."""
    strict, size = asked.order == "strict", len(asked.steps)
    first_visit = strict and not asked.reentry
    # Young entries come after all others, so that what went before matters to few questions.
    alone = young and not strict and asked.order != "any"
    of_age = f" AND {'' if young else 'NOT '}placed.is_young"
    cuts = " OR placed.cuts" if strict or asked.excluded else ""
    enters = _dated(asked, scope) + ("" if first_visit else of_age)
    parts = {
        "history": _history(HISTORY[asked.per], share, young=alone, ordered=ordered),
        "touch": _marked(
            TOUCH,
            {
                "or cut": " OR coalesce(near.meaning_before, 0) = 0" if strict else "",
                "young": " AND near.is_young" if alone else "",
            },
        ),
        "way_1": _numbered(_marked(ENTRY, {"enters": enters, "or cut": cuts}), 1),
    }
    if first_visit:
        parts["entry"] = parts.pop("way_1").replace("AS entered_1", "AS visits_at")
        parts["way_1"] = _marked(FIRST_ENTRY, {"of this age": of_age.replace("placed", "visit")})
    for position in range(1, size):
        parts[f"way_{position + 1}"] = _further(asked, position)
    if young:
        parts[name] = re.sub(r"\bway\b", f"way_{size}", _each(YOUNG, size))
    else:
        parts["reached"] = _reached(asked)
    names = "|".join(key for key in parts if key != name)
    return {
        key if key == name else f"{key}_{name}": re.sub(rf"\b({names})\b", rf"\1_{name}", text)
        for key, text in parts.items()
    }


def _reached(asked: Asked) -> str:
    """Return the text of a unit's first arrivals, and of where it went."""
    size = len(asked.steps)
    skipped = [f" OR following.entered_{place + 1} IS NOT NULL" for place in sorted(asked.optional)]
    late = " AND told.left_at <= told.deepest_entered + $window" if asked.window else ""
    text = _each(_marked(REACHED, {"or optional": "".join(skipped), "in time": late}), size)
    for place in range(size):
        # What is known already in another way does not have to be looked for again.
        if asked.order != "any" and place not in asked.optional:
            simple = "following.deepens AND following.deepest = $step_k AS first_k"
            text = text.replace(_numbered(FIRST, place + 1), _numbered(simple, place + 1))
        if asked.order != "any" and asked.before(place) == (0,):
            text = text.replace(f".since_{place + 1}", f".entered_{place + 1}")
        if (
            place + 1 < size
            and not asked.excluded
            and asked.carries(place + 1)
            and asked.before(place + 1) == (place,)
        ):
            told = f"way.entry_{place + 2} AS ever_{place + 1}"
            text = text.replace(_numbered(EVER, place + 1), told)
    return re.sub(r"\bway\b", f"way_{size}", text)


def _history(text: str, share: str | None, *, young: bool, ordered: bool) -> str:
    """Return the rows of one share of the units in order: as they stand, or sorted."""
    text = re.sub(r"/\* share of (\S+) \*/", rf" AND \1 {share}" if share else "", text)
    text = re.sub(r"/\* young (.+?) \*/", r" AND \1" if young else "", text)
    return re.sub(r"\n *(?:/\* (order by .+) \*/)", "" if ordered else r"\n\1", text)


def _dated(asked: Asked, scope: Scope) -> str:
    """Return when an entry has to be, where the scope's dates are those of entries."""
    if asked.per == "journey":
        return ""
    since = " AND placed.occurred_at >= $entered_since" if scope.since else ""
    return since + (" AND placed.occurred_at < $entered_before" if scope.until else "")


def _further(asked: Asked, position: int) -> str:
    """Return the text of one step after the first."""
    text = STRICTLY_LATER if asked.strictly_later else FURTHER[asked.order]
    before = [f"way.entered_{place + 1}" for place in asked.before(position)]
    # Of two arrivals with one event, the one that entered later has more time left.
    entry = before[0] if len(before) == 1 else f"greatest({', '.join(before)})"
    start = "least(held.others_k, held.taken_k)" if asked.order == "any" else "held.entry_k"
    breaks = "list_extract(CAST($breaks_k AS INTEGER[]), way.touchpoint_id) = 1"
    text = _marked(
        text.replace("way.entered_before", entry),
        {
            "break": f"CASE WHEN {breaks} THEN $never END," if asked.breaks(position) else "",
            "in time": f" AND held.occurred_at <= {start} + $window" if asked.window else "",
        },
    )
    if asked.carries(position):  # then it makes no difference whether the row itself counts
        text = re.sub(r"lag\((.+)\) OVER \(\) AS carry", r"\1 AS carry", text)
    return re.sub(r"\bway\b", f"way_{position}", _numbered(text, position + 1))


def parameters(
    store: Store, asked: Asked, scope: Scope, resolved: ResolvedScope
) -> dict[str, object]:
    """Return the values of every `$name` that `statement` may use."""
    known = max(number for number, _ in touchpoints(store))
    told: dict[str, object] = {
        "as_of": resolved.as_of,
        "never": NEVER,
        "mature_until": resolved.as_of - (asked.window or resolved.definition.window),
        "session_gap": resolved.definition.session_gap,
        "window": asked.window,
        "middle": middle(store, "journey" if asked.per == "journey" else "person"),
        "minimum_group": resolved.minimum_group,
        "steps": len(asked.steps),
        "touchpoints": known,
        "taken": [place for ids in asked.steps for place in flags(ids, known)],
    }
    if scope.since:
        told["entered_since"] = datetime.combine(scope.since, datetime.min.time())
    if scope.until:
        after = scope.until + timedelta(days=1)
        told["entered_before"] = datetime.combine(after, datetime.min.time())
    stepping = _union(asked.steps)
    told["meanings"] = [
        sum(1 << place for place, ids in enumerate(asked.steps) if number in ids)
        if number in stepping or number in asked.excluded
        else None
        for number in range(1, known + 1)
    ]
    hidden = frozenset(hidden_touchpoints(store)) - stepping - asked.excluded
    told["hidden"] = flags(hidden, known)
    for position in range(len(asked.steps)):
        told[f"step_{position + 1}"] = position + 1
        told[f"bit_{position + 1}"] = 1 << position
        told[f"breaks_{position + 1}"] = flags(asked.breaks(position), known)
    return told


def in_order(store: Store, per: Per) -> bool:
    """Say whether the rows that a funnel reads stand in its order; a read-only store is asked once.

    Steps always do. Events do after one load; a later one is added at the end.
    """
    if per == "journey":
        return True
    asked = (DISORDER, SESSIONS) if per == "session" else (DISORDER,)
    return not any(_remembered(store, sql) for sql in asked)


def everyone(store: Store, per: Per, scope: ResolvedScope) -> bool:
    """Say whether no unit has to be looked up: all persons have a journey, and no filter is set."""
    if scope.where:
        return False
    if per == "journey":
        return not scope.since and not scope.until
    return bool(store.value(EVERYONE, {"definition_id": scope.definition.definition_id}))


def _remembered(store: Store, sql: str) -> object:
    found = store.memory.get(sql)
    if found is None:
        found = store.value(sql)
        if not store.writable:
            store.memory[sql] = found
    return found


def _each(text: str, size: int) -> str:
    """Return a text with what it says of each step said of every one of `size` steps."""

    def said(match: re.Match[str]) -> str:
        numbers = EACH[match[1]](size)
        return "".join(_numbered(match[2], number) for number in numbers).lstrip()

    return re.sub(
        r"/\* (each step|each later step|each step, the last first|last step) \*/(.*?)/\* end \*/\s*",
        said,
        text,
        flags=re.DOTALL,
    )


def _numbered(text: str, number: int) -> str:
    """Return a step's text with the names of that step's own values."""
    return re.sub(r"_k\b", f"_{number}", text)


def _marked(text: str, marks: dict[str, str]) -> str:
    """Return a text with its marks, comments like /* in time */, replaced."""
    for mark, told in marks.items():
        text = text.replace(f"/* {mark} */", told)
    return text


def _body(text: str) -> str:
    """Return a query without the comment that begins its file."""
    return re.sub(r"\A(--[^\n]*\n)+", "", text).strip()
