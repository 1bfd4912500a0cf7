"""Groups of people who converted, compared by whether and when they did so again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tools.analyses.result import NOT_KNOWN
from tools.analyses.retention_rows import OTHER, Counted, GroupRow, within
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.excess import Stratum, excess
from tools.statistics.intervals import newcombe, rate, wilson
from tools.statistics.kaplan_meier import share_by
from tools.statistics.survival import LifeTable

MOST = 12
"""Groups shown by name, the largest; the others are pooled."""


def life_table(counted: Sequence[Counted], days: int) -> LifeTable:
    """Return second conversions and leavings by day since the first."""
    events, leaving = np.zeros(days), np.zeros(days)
    for one in counted:
        leaving[one.followed] += one.persons
        events[one.followed] += one.persons if one.repeated else 0
    return LifeTable(events, leaving)


def estimated(table: LifeTable, days: int) -> tuple[float | None, float | None, float | None]:
    """Return the share that converts again within so many days, with its interval.

    None where nobody has been watched for so long; no interval where nobody, or everybody, has
    converted again: the variance says nothing then.
    """
    if not days or days > len(table.leaving) or not table.leaving[days - 1 :].sum():
        return None, None, None
    curve = share_by(table.events, table.leaving - table.events)
    share = float(curve.share[days - 1])
    if share in {0.0, 1.0}:
        return share, None, None
    return share, float(curve.low[days - 1]), float(curve.high[days - 1])


def median_day(table: LifeTable) -> int | None:
    """Return the day on which half have converted again; None where half have not."""
    curve = share_by(table.events, table.leaving - table.events)
    reached = np.flatnonzero(curve.share >= 0.5 - 1e-12)
    return int(reached[0]) if len(reached) else None


def named(counted: Sequence[Counted], least: int) -> dict[str, str]:
    """Return each segment's group: itself, "other" where it is small, or not known."""
    sizes: dict[str, int] = defaultdict(int)
    for one in counted:
        if one.kind == "cell" and one.segment is not None:
            sizes[one.segment] += one.persons
    order = sorted(sizes, key=lambda name: (-sizes[name], name))
    kept = [name for name in order if sizes[name] >= least][:MOST]
    return {name: name if name in kept else OTHER for name in order}


def groups(counted: Sequence[Counted], horizon: int, least: int) -> tuple[GroupRow, ...]:
    """Return the groups, largest first, each against all others whose value is known."""
    names = named(counted, least)
    cells: dict[str, list[Counted]] = defaultdict(list)
    times: dict[str, list[Counted]] = defaultdict(list)
    for one in counted:
        name = NOT_KNOWN if one.segment is None else names[one.segment]
        (cells if one.kind == "cell" else times)[name].append(one)
    order = [*dict.fromkeys(names.values()), NOT_KNOWN]
    order.sort(key=lambda name: (name == NOT_KNOWN, name == OTHER))
    rows = [_row(name, cells[name], horizon, least) for name in order if cells[name]]
    known = [row for row in rows if row.name != NOT_KNOWN]
    days = 1 + max((one.followed for told in times.values() for one in told), default=0)
    tables = {row.name: life_table(times[row.name], days) for row in known}
    compared = [_compared(row, known, tables) for row in rows]
    tested = [i for i, row in enumerate(compared) if row.p_value is not None]
    q_values = benjamini_hochberg([compared[i].p_value or 0.0 for i in tested])
    for i, q in zip(tested, q_values, strict=True):
        compared[i] = replace(compared[i], q_value=q)
    return tuple(compared)


def _row(name: str, counted: Sequence[Counted], horizon: int, least: int) -> GroupRow:
    old = [one for one in counted if horizon and one.followed >= horizon]
    observed, repeated = sum(one.persons for one in old), within(old, "repeated", horizon)
    returned = within(old, "returned", horizon)
    told = observed >= max(1, least)
    low, high = wilson(repeated, observed) if told else (None, None)
    return GroupRow(
        name=name,
        kind="other" if name in {OTHER, NOT_KNOWN} else "group",
        persons=sum(one.persons for one in counted),
        observed=observed,
        repeated=repeated,
        rate=rate(repeated, observed) if told else None,
        low=low,
        high=high,
        returned=returned,
        return_rate=rate(returned, observed) if told else None,
    )


def _compared(row: GroupRow, known: Sequence[GroupRow], tables: dict[str, LifeTable]) -> GroupRow:
    """Add how a group differs from all others together, where both are large enough."""
    others = [one for one in known if one.name != row.name]
    observed, repeated = sum(o.observed for o in others), sum(o.repeated for o in others)
    if row.kind != "group" or row.rate is None or not others or not observed:
        return row
    low, high = newcombe(row.repeated, row.observed, repeated, observed)
    own, rest = tables[row.name], [tables[one.name] for one in others]
    against = LifeTable(
        np.sum([one.events for one in rest], axis=0), np.sum([one.leaving for one in rest], axis=0)
    )
    return replace(
        row,
        others_observed=observed,
        others_repeated=repeated,
        others_rate=repeated / observed,
        difference=row.rate - repeated / observed,
        difference_low=low,
        difference_high=high,
        p_value=_log_rank(own, against),
    )


def _log_rank(own: LifeTable, others: LifeTable) -> float | None:
    """Return the log-rank test's p-value; exact where there are few conversions."""
    at_risk = np.cumsum(own.leaving[::-1])[::-1]
    everyone = at_risk + np.cumsum(others.leaving[::-1])[::-1]
    events = own.events + others.events
    days = np.flatnonzero(events)
    counts = [(int(at_risk[d]), int(own.events[d]), int(everyone[d]), int(events[d])) for d in days]
    return excess([Stratum(*one) for one in counts]).p_value
