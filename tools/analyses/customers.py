"""The people behind a number: who they are by code, where they stand, and what they share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from tools.analyses.parameters import Top
from tools.analyses.pseudonym import pseudonym
from tools.analyses.result import NOT_KNOWN, Fact, Result
from tools.analyses.scope_counts import ScopeCounts, scope_counts
from tools.journeys.scope import Scope, ScopedStore
from tools.journeys.touchpoints import touchpoint_ids
from tools.statistics.intervals import rate
from tools.store.door import Store, read_sql

QUERY = read_sql(__file__)
ROWS_QUERY = read_sql(__file__, "customers_rows.sql")
EVERYONE = 2**62
"""More rows than there can be."""
PSEUDONYMOUS = "People are shown by a code; names and addresses stay in the systems they came from."
Who = Annotated[
    Literal["all", "converted", "dropped", "active"],
    Field(description="Whose journeys, by what came of them; active ones are still under way"),
]
At = Annotated[
    str | None,
    Field(description="Only those whose last touchpoint, before any conversion, is this one"),
]


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One journey of one person."""

    person: str
    """A code, the same in every answer."""
    started_at: datetime
    ended_at: datetime
    """The journey's latest event so far."""
    outcome: str
    steps: int
    last_touchpoint: str | None
    """Before the conversion, if there is one; None where nothing came before it."""
    channel: str | None
    """Of the first touch."""
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersResult(Result[CustomerRow]):
    """The newest journeys asked for as rows, and counts over all of them."""

    personal: ClassVar[bool] = True
    who: str
    at: str | None
    persons: int
    journeys: int
    scope_journeys: int
    """Everyone's in scope, whatever came of them."""
    median_steps: float | None
    last_touchpoints: tuple[tuple[str, int], ...]
    """Most journeys first; without those that have none."""
    channels: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Counted:
    kind: str
    name: str | None
    journeys: int
    persons: int | None
    """This and what follows: in the total's row only."""
    converted: int | None
    dropped: int | None
    active: int | None
    median_steps: float | None
    value: float | None


@dataclass(frozen=True, slots=True)
class _Journey:
    journey_id: int
    person_id: int
    started_at: datetime
    ended_at: datetime
    outcome: str
    steps: int
    first_channel: str | None
    value: float | None
    touchpoint: str | None


def customers(
    store: Store, *, who: Who = "all", at: At = None, top: Top = 20, scope: Scope
) -> CustomersResult:
    """List the people behind a number by code, newest first, with what most of them share.

    A person stands in as many rows as they have journeys that were asked for. Nothing here is
    compared: what most of a group share may be what most people share.

    Args:
        store: Where the journeys stand.
        who: Everyone, or those whose journey converted, was dropped, or is still under way.
        at: Those whose last touchpoint before any conversion is this one; `a | b` is either.
        top: Most rows listed; the counts are over all.
        scope: Which journeys.

    Raises:
        NoDataError: No journey is in scope.
        UnknownTouchpointError: `at` names no touchpoint.
    """
    scoped = ScopedStore(store, scope)
    ids = touchpoint_ids(store, (at,), where="at") if at else ()
    asked = {"who": who, "touchpoint_ids": list(ids), "everywhere": not ids}
    whole = scope_counts(scoped)
    counted = scoped.records(QUERY, asked, _Counted)
    listed = scoped.records(ROWS_QUERY, {**asked, "top": top}, _Journey)
    total = counted[-1]
    return CustomersResult(
        rows=tuple(_row(journey) for journey in listed),
        facts=_facts(counted, whole, scoped.scope.minimum_group),
        scope=scoped.scope,
        statements=tuple(scoped.statements),
        caveats=(PSEUDONYMOUS,) if listed else (),
        who=who,
        at=at,
        persons=total.persons or 0,
        journeys=total.journeys,
        scope_journeys=whole.journeys,
        median_steps=total.median_steps,
        last_touchpoints=_shares(counted, "touchpoint", scoped.scope.minimum_group),
        channels=_shares(counted, "channel", scoped.scope.minimum_group),
    )


def person_ids(store: Store, *, who: Who = "all", at: At = None, scope: Scope) -> tuple[int, ...]:
    """Return the internal numbers of everyone that `customers` counts, to save them as a segment.

    Raises:
        UnknownTouchpointError: `at` names no touchpoint.
    """
    ids = touchpoint_ids(store, (at,), where="at") if at else ()
    asked = {"who": who, "touchpoint_ids": list(ids), "everywhere": not ids, "top": EVERYONE}
    found = ScopedStore(store, scope).records(ROWS_QUERY, asked, _Journey)
    return tuple(dict.fromkeys(journey.person_id for journey in found))


def _row(journey: _Journey) -> CustomerRow:
    return CustomerRow(
        pseudonym(journey.person_id),
        journey.started_at,
        journey.ended_at,
        journey.outcome,
        journey.steps,
        journey.touchpoint,
        journey.first_channel,
        journey.value,
    )


def _shares(counted: Sequence[_Counted], kind: str, minimum: int) -> tuple[tuple[str, int], ...]:
    """Return what at least the minimum group share, most first."""
    return tuple(
        (row.name, row.journeys)
        for row in counted
        if row.kind == kind and row.name is not None and row.journeys >= minimum
    )


def _facts(counted: Sequence[_Counted], whole: ScopeCounts, minimum: int) -> tuple[Fact, ...]:
    total = counted[-1]
    facts = [
        Fact("customers.persons", "People", total.persons, "persons"),
        Fact("customers.journeys", "Their journeys", total.journeys, "journeys"),
        Fact(
            "customers.share", "Share of all journeys", rate(total.journeys, whole.journeys),
            "rate", total.journeys, whole.journeys,
        ),
        Fact("customers.converted", "Converted", total.converted, "journeys"),
        Fact("customers.dropped", "Dropped off", total.dropped, "journeys"),
        Fact("customers.active", "Still under way", total.active, "journeys"),
        Fact("customers.median_steps", "Median steps", total.median_steps, "steps"),
        Fact("customers.value", "Value of the conversions", total.value, "value"),
    ]  # fmt: skip
    for kind, word in (("touchpoint", "Last at"), ("channel", "Came by")):
        for number, (name, journeys) in enumerate(_shares(counted, kind, minimum), start=1):
            share = rate(journeys, total.journeys)
            facts.append(
                Fact(
                    f"customers.{kind}_{number}", f"{word} {name}", share, "rate",
                    journeys, total.journeys,
                )
            )  # fmt: skip
    unknown = sum(row.journeys for row in counted if row.kind == "channel" and row.name is None)
    facts.append(Fact("customers.no_channel", f"Channel {NOT_KNOWN}", unknown, "journeys"))
    return tuple(facts)
