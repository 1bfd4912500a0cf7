"""What is new in the last full month, what the plan lacks, and sources that fall silent."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import log

import numpy as np

from tools.analyses.anomalies_rows import AnomalyRow, Looked
from tools.analyses.anomalies_series import Calendar, Series
from tools.statistics.intervals import rate
from tools.statistics.proportions import two_shares_p
from tools.statistics.stratified import TwoByTwo, risk_ratio

FREQUENT = 0.2
"""Share of the people who convert from which on a touchpoint is frequent among them."""
MOST_ENDS = 0.05
"""Share of all ends from which on a place is one where many journeys end."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """People who came to one touchpoint at one depth, and where they went; without, everyone."""

    recent: bool
    source: str | None
    target: str | None
    persons: int


@dataclass(frozen=True, slots=True)
class Planned:
    """One touchpoint's people, or everyone's."""

    touchpoint_id: int | None
    label: str | None
    converted: int
    others: int
    ended: int
    visits: int


def emerging(counted: Sequence[Arrival], month: date, minimum: int) -> list[Looked]:
    """Return each step from one touchpoint to the next, and each touchpoint, against before.

    Shares are of all people. Young journeys have not gone on yet and count as not having come
    there, so that a rise is real; a fall need not be, and is not told.
    """
    everyone = {True: 0, False: 0}
    came: dict[tuple[str, ...], dict[bool, int]] = defaultdict(lambda: {True: 0, False: 0})
    for row in counted:
        if row.source is None:
            everyone[row.recent] += row.persons
            continue
        came[row.source,][row.recent] += row.persons
        if row.target is not None:
            came[row.source, row.target][row.recent] += row.persons
    if not everyone[True] or not everyone[False]:
        return []
    names = sorted(name for name, told in came.items() if told[True] >= minimum)
    return [
        looked
        for name in names
        if (looked := _risen(name, came[name], everyone, month)) is not None
    ]


def _risen(
    name: tuple[str, ...], told: dict[bool, int], everyone: dict[bool, int], month: date
) -> Looked | None:
    effect = risk_ratio([TwoByTwo(everyone[True], told[True], everyone[False], told[False])])
    if effect.p_value is None:
        return None
    rises = effect.exposed_events > effect.expected
    row = AnomalyRow(
        kind="emerging" if told[False] or len(name) > 1 else "new touchpoint",
        what=" → ".join(name),
        field="path" if len(name) > 1 else "touchpoint",
        since=month.isoformat(),
        until=None,
        observed=told[True] / everyone[True],
        expected=told[False] / everyone[False],
        unit="rate",
        size=effect.ratio,
        low=effect.low,
        high=effect.high,
        q_value=None,
        persons=told[True],
        of=everyone[True],
    )
    return Looked(row, effect.p_value / 2 if rises else 1 - effect.p_value / 2)


def chained(rows: Sequence[AnomalyRow]) -> list[AnomalyRow]:
    """Join emerging steps that follow each other into the one path, and leave its touchpoints out.

    The path is told with the numbers of its step that rose most.
    """
    steps = {row.what: row for row in rows if row.kind == "emerging" and row.field == "path"}
    follows: dict[str, list[str]] = defaultdict(list)
    for what in steps:
        follows[what.split(" → ")[0]].append(what)
    targets = {what.split(" → ")[1] for what in steps}
    passed = {name for what in steps for name in what.split(" → ")}
    kept = [
        row
        for row in rows
        if row.what not in steps and not (row.kind == "emerging" and row.what in passed)
    ]
    left = dict(steps)
    heads = sorted(
        steps, key=lambda what: (what.split(" → ")[0] in targets, -(steps[what].size or 0))
    )
    for head in heads:
        if head not in left:
            continue
        best, names = left.pop(head), head.split(" → ")
        while ways := [way for way in follows[names[-1]] if way in left]:
            way = max(ways, key=lambda told: left[told].size or 0)
            if way.split(" → ")[1] in names:
                break
            step = left.pop(way)
            names.append(way.split(" → ")[1])
            best = step if (step.size or 0) > (best.size or 0) else best
        kept.append(replace(best, what=" → ".join(names)))
    return kept


def unplanned(counted: Sequence[Planned], funnel: set[int]) -> list[Looked]:
    """Return what the planned funnel lacks: frequent in success, or the end of many journeys."""
    whole = next((row for row in counted if row.touchpoint_id is None), None)
    if whole is None or not whole.converted or not whole.others:
        return []
    found = []
    visits = sum(row.visits for row in counted)
    for row in counted:
        if row.touchpoint_id is None or row.touchpoint_id in funnel or not row.label:
            continue
        own, other = row.converted / whole.converted, row.others / whole.others
        effect = risk_ratio([TwoByTwo(whole.converted, row.converted, whole.others, row.others)])
        p_value = effect.p_value if own >= FREQUENT and own > other else 1.0
        told = AnomalyRow(
            "unplanned", row.label, "touchpoint", None, None, own, other, "rate",
            effect.ratio, effect.low, effect.high, None, row.converted, whole.converted,
        )  # fmt: skip
        found.append(Looked(told, 1.0 if p_value is None else p_value))
        found.append(_ends(row, whole, visits))
    return found


def _ends(row: Planned, whole: Planned, visits: int) -> Looked:
    """Return a place's share of all ends against its share of all visits."""
    share, expected = rate(row.ended, whole.ended) or 0.0, row.visits / visits
    p_value = float(two_shares_p([row.ended], [whole.ended], [row.visits], [visits])[0])
    effect = risk_ratio([TwoByTwo(whole.ended, row.ended, visits, row.visits)])
    told = AnomalyRow(
        "unforeseen exit", row.label or "", "touchpoint", None, None, share, expected, "rate",
        effect.ratio, effect.low, effect.high, None, row.ended, whole.ended,
    )  # fmt: skip
    return Looked(told, p_value if share >= MOST_ENDS and share > expected else 1.0)


def silences(series: Sequence[Series], calendar: Calendar) -> Iterator[Looked]:
    """Yield how long each source has sent nothing, against the quiet days of its own history.

    Were its days without an event spread by chance, so many in a row would be as likely as their
    share to that power; a silence no longer than one before is never told.
    """
    for one in series:
        counts = one.values[:, 0]
        sent = np.flatnonzero(counts)
        if len(sent) < 14:
            continue
        quiet, alive = len(counts) - int(sent[-1]) - 1, int(sent[-1]) + 1
        if calendar.recent is not None and quiet > calendar.recent:
            continue
        zeros = alive - len(sent)
        longest = int(np.diff(sent).max()) - 1
        share = (zeros + 1) / (alive + 2)
        p_value = float(np.exp(quiet * log(share))) if quiet > longest else 1.0
        since = one.first + timedelta(days=alive)
        typical = float(counts[max(0, alive - 28) : alive].mean())
        row = AnomalyRow(
            "silent", one.label, "source", since.isoformat(), None, 0.0, typical, "events",
            0.0, None, None, None,
        )  # fmt: skip
        yield Looked(row, p_value)
