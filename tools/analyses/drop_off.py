"""Where journeys end without converting, and where more end than their place explains."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from tools.analyses.drop_off_parts import (
    BEGAN,
    CONVERTED,
    DropOffRow,
    ExitGroup,
    GroupCount,
    NextStep,
    exit_groups,
    group_facts,
    next_facts,
    next_steps,
    row_facts,
)
from tools.analyses.drop_off_rows import Counted, one, ranked, visits_of
from tools.analyses.parameters import Top
from tools.analyses.result import NOT_KNOWN, Fact, Result, young_caveat
from tools.errors import InvalidArgumentError, NoDataError
from tools.journeys.definition import spoken
from tools.journeys.scope import (
    ResolvedScope,
    Scope,
    ScopedStore,
    end_touchpoints,
    segment_expression,
)
from tools.journeys.touchpoints import touchpoint_ids, touchpoints
from tools.statistics.intervals import rate, wilson
from tools.store.door import Parameters, Store, read_sql

QUERY = read_sql(__file__)
AT_QUERY = read_sql(__file__, "drop_off_at.sql")
DEEPEST = 15
"""Step positions from here on are one stratum."""
NO_END = "This journey has no end event, so every journey that stopped counts as dropped off."
At = Annotated[str | None, Field(description="One touchpoint: who leaves there, in detail")]
By = Annotated[
    str | None, Field(description="Segment field to compare exit rates by: channel, device, ...")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DropOffResult(Result[DropOffRow]):
    """The touchpoints by excess exits; the rows' exits add up to the dropped journeys.

    With `at`, the one row is that touchpoint, and the groups are of the journeys that reached it.
    """

    at: str | None
    by: str | None
    journeys: int
    dropped: int
    """Of all journeys, young ones included."""
    mature: int
    mature_dropped: int
    drop_rate: float | None
    """Of the mature journeys."""
    touchpoints: int
    """Touchpoints compared: those that enough mature journeys reached."""
    largest: str | None = None
    """The touchpoint where most mature journeys ended; None where tied or not compared."""
    largest_exits: int = 0
    before: tuple[ExitGroup, ...] = ()
    """By the touchpoint just before the first visit; a journey's exit may be at a later visit."""
    went_on: int = 0
    """Mature journeys that went on after their first visit."""
    after: tuple[NextStep, ...] = ()
    segments: tuple[ExitGroup, ...] = ()
    """By the field `by`; without `at`, the share of journeys that dropped off anywhere."""


@dataclass(frozen=True, slots=True)
class _Beside:
    aspect: str
    label: str | None
    converted: bool
    segment: str | None
    journeys: int
    exits: int


def drop_off(
    store: Store, *, top: Top = 10, at: At = None, by: By = None, scope: Scope
) -> DropOffResult:
    """Rank touchpoints by how many more journeys end there than their place in the journey explains.

    A journey drops off at its last step, so it exits once, however often it visited. Expected
    exits are those that a touchpoint would have if each of its visits, at step 1, 2, ... 15 and
    later, had the exit rate of all visits at that step (indirect standardisation); a visit that
    goes on or converts is at risk as well. Rates, expectation and excess count mature journeys;
    each row also gives the counts over all journeys, whose exits add up to overview's dropped.

    Args:
        store: Where the journeys stand.
        top: Most touchpoints listed; the rest are "other".
        at: One touchpoint (`a | b` is either): its exits, where people came from and went.
        by: Segment field: exit rates per value, at `at` or, without it, anywhere.
        scope: Which journeys.

    Raises:
        NoDataError: No journey is in scope, or none reached `at`.
        UnknownTouchpointError, UnknownSegmentError: `at` or `by` is not known.
        InvalidArgumentError: `at` is the end of the journey.
    """
    scoped = ScopedStore(store, scope)
    ids = _place(store, scoped.scope, at)
    field, values = segment_expression(store, by) if by else ("NULL", {})
    counted = scoped.records(QUERY, {"deepest": DEEPEST}, Counted)
    total = next(row for row in counted if row.touchpoint_id is None)
    if not total.journeys:
        raise NoDataError(f"No journey is in scope: {scoped.scope.sentence()}.")
    minimum = scoped.scope.minimum_group
    visits = visits_of(counted)
    wholes = [row for row in counted if row.touchpoint_id is not None and row.position is None]
    tested = [row for row in wholes if row.mature >= minimum]
    result = DropOffResult(
        rows=(),
        facts=(),
        scope=scoped.scope,
        statements=(),
        caveats=_caveats(total, scoped.scope),
        at=_called(store, ids, at),
        by=by,
        journeys=total.journeys,
        dropped=total.exits,
        mature=total.mature,
        mature_dropped=total.mature_exits,
        drop_rate=rate(total.mature_exits, total.mature),
        touchpoints=len(tested),
    )
    if ids:
        row = one(scoped, result.at or "", ids, wholes, visits)
        result = replace(result, rows=(row,), caveats=_caveats(row, scoped.scope))
    else:
        name, exits = _largest(wholes, tested)
        rows = ranked(scoped, wholes, tested, visits, top)
        result = replace(result, rows=rows, largest=name, largest_exits=exits)
    if ids or by:
        result = _beside(scoped, result, ids, field, values)
    return replace(result, facts=_facts(result), statements=tuple(scoped.statements))


def _place(store: Store, scope: ResolvedScope, at: str | None) -> tuple[int, ...]:
    if not at:
        return ()
    ids = touchpoint_ids(store, (at,), where="at")
    if set(ids) <= set(end_touchpoints(store, scope)) and not scope.definition.end.where:
        raise InvalidArgumentError(f"at: '{at}' is where this journey ends, so nobody drops there.")
    return ids


def _called(store: Store, ids: tuple[int, ...], at: str | None) -> str | None:
    names = [name for number, name in touchpoints(store) if number in ids]
    return " or ".join(names) if 0 < len(names) <= 3 else at


def _largest(wholes: Sequence[Counted], tested: Sequence[Counted]) -> tuple[str | None, int]:
    """Return where most mature journeys ended, and how many; no name where that is not clear."""
    most = max((whole.mature_exits for whole in wholes), default=0)
    found = [whole for whole in wholes if whole.mature_exits == most]
    clear = bool(most) and len(found) == 1 and found[0] in tested
    return (found[0].label, most) if clear else (None, 0)


def _caveats(counts: Counted | DropOffRow, scope: ResolvedScope) -> tuple[str, ...]:
    """Say which journeys are too young to judge: of the scope, or of those that reached `at`."""
    young = counts.journeys - counts.mature
    caveats = young_caveat(young, spoken(scope.definition.window))
    if ended := counts.exits - counts.mature_exits:
        of = f"{ended:,} of the {counts.exits:,} journeys that dropped off"
        if counts.exits == 1:
            of = "The one journey that dropped off"
        caveats += (f"{of} {'is' if ended == 1 else 'are'} among these young ones.",)
    return caveats if scope.definition.end.touchpoints else (*caveats, NO_END)


def _beside(
    scoped: ScopedStore,
    result: DropOffResult,
    ids: tuple[int, ...],
    field: str,
    values: Parameters,
) -> DropOffResult:
    """Add what came before and after `at`, and the segments."""
    asked = {"touchpoint_ids": list(ids), "everywhere": not ids, "by_segment": bool(result.by)}
    sql = AT_QUERY.replace("NULL /* field */", field)
    told = scoped.records(sql, {**values, **asked}, _Beside)
    minimum = scoped.scope.minimum_group
    before = [
        GroupCount(row.label or BEGAN, "touchpoint" if row.label else "began", *_numbers(row))
        for row in told
        if row.aspect == "before"
    ]
    after = [
        GroupCount(
            CONVERTED if row.converted else row.label or "",
            "converted" if row.converted else "touchpoint",
            *_numbers(row),
        )
        for row in told
        if row.aspect == "after" and (row.converted or row.label)
    ]
    segments = [
        GroupCount(row.segment or NOT_KNOWN, "segment", *_numbers(row))
        for row in told
        if row.aspect == "segment"
    ]
    return replace(
        result,
        before=exit_groups(before, minimum),
        went_on=sum(group.journeys for group in after),
        after=next_steps(after, minimum),
        segments=exit_groups(segments, minimum),
    )


def _numbers(row: _Beside) -> tuple[int, int]:
    return row.journeys, row.exits


def _facts(result: DropOffResult) -> tuple[Fact, ...]:
    low, high = wilson(result.mature_dropped, result.mature)
    facts = [
        Fact("drop_off.journeys", "Journeys", result.journeys, "journeys"),
        Fact("drop_off.dropped", "Dropped off", result.dropped, "journeys"),
        Fact("drop_off.mature", "Old enough to judge", result.mature, "journeys"),
        Fact("drop_off.young", "Too young to judge", result.journeys - result.mature, "journeys"),
        Fact(
            "drop_off.young_dropped",
            "Too young to judge, and ended already",
            result.dropped - result.mature_dropped,
            "journeys",
        ),
        Fact(
            "drop_off.drop_rate",
            "Share that dropped off",
            result.drop_rate,
            "rate",
            result.mature_dropped,
            result.mature,
            low,
            high,
        ),
        Fact(
            "drop_off.largest",
            f"Ended at {result.largest}",
            rate(result.largest_exits, result.mature_dropped),
            "rate",
            result.largest_exits,
            result.mature_dropped,
        ),
        Fact("drop_off.touchpoints", "Touchpoints compared", result.touchpoints, "count"),
        Fact("drop_off.went_on", "Went on after the first visit", result.went_on, "journeys"),
    ]
    for number, row in enumerate(result.rows):
        facts += row_facts(number, row, result.mature_dropped)
    for number, group in enumerate(result.before):
        facts += group_facts("before", number, group, f"from {group.name}")
    for number, group in enumerate(result.segments):
        facts += group_facts("segment", number, group, f"where {result.by} is {group.name}")
    for number, step in enumerate(result.after):
        facts += next_facts(number, step, result.went_on)
    return tuple(facts)
