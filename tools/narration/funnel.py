"""Funnel in sentences."""

from datetime import timedelta

from tools.analyses.funnel import FunnelResult
from tools.analyses.funnel_facts import PLURALS, FunnelStep, Instead, SegmentStep
from tools.narration.words import Narration, count, listed, percent, points, span

STEPS_SAID = 4
"""Longer funnels name their weakest step only."""
FALSE_SHARE = 0.05


def narrate(result: FunnelResult) -> Narration:
    """Say what share completes the funnel and where most are lost; then steps, time, elsewhere."""
    judged = len(result.rows) > 1 and result.mature_entered > 0
    parts = (_steps, _time, _elsewhere, _segments) if judged else ()
    return Narration(
        answer=_answer(result),
        support=tuple(sentence for part in parts if (sentence := part(result))),
        caveats=result.caveats,
        follow_ups=_follow_ups(result),
    )


def _answer(result: FunnelResult) -> str:
    first, last = result.rows[0], result.rows[-1]
    who = "who" if result.per == "person" else "that"
    if not result.entered:
        none = "Nobody" if result.per == "person" else f"No {result.per}"
        return f"{none} reached {first.name}."
    if len(result.rows) == 1:
        return f"{_units(result, result.entered)} reached {first.name}."
    if not result.mature_entered:
        if result.entered == 1:
            return (
                f"It is too early to judge: the 1 {result.per} {who} reached {first.name} "
                "did so only recently."
            )
        return (
            f"It is too early to judge: the {_units(result, result.entered)} {who} reached "
            f"{first.name} all did so only recently."
        )
    limit = f" within {_limit(result.window)}" if result.window else ""
    share = f"{result.mature_completed:,} of {result.mature_entered:,}"
    return (
        f"{percent(result.conversion_rate)} of the {PLURALS[result.per]} {who} reach {first.name} "
        f"get to {last.name}{limit} ({share}), {_leak(result)}."
    )


def _limit(window: timedelta) -> str:
    seconds = window.total_seconds()
    return span(seconds) if seconds >= 60 else count(seconds, "second")


def _leak(result: FunnelResult) -> str:
    """Say where most are lost: the end of the first sentence."""
    lost = result.mature_entered - result.mature_completed
    if not lost:
        return "and none is lost on the way"
    worst = _worst(result)
    if len(worst) > 1:
        places = listed([f"after {row.name}" for row in worst])
        return f"and the largest losses are {places} ({worst[0].ended:,} each)"
    who = "who" if result.per == "person" else "that"
    base = f"{worst[0].ended:,} of the {_units(result, worst[0].mature)} {who} got that far"
    if worst[0].ended == lost:
        return f"and the whole loss is after {worst[0].name}: {base}"
    return f"and the largest loss is after {worst[0].name}: {base}"


def _worst(result: FunnelResult) -> list[FunnelStep]:
    most = max(row.ended for row in result.rows)
    return [row for row in result.rows if row.ended == most and most]


def _steps(result: FunnelResult) -> str:
    told = [
        (_before(result, row), row)
        for row in result.rows[1:]
        if row.step_rate is not None and not row.optional
    ]
    if len(result.rows) == 2 or not told:
        return ""
    if len(told) > STEPS_SAID:
        low = min(row.step_rate or 0.0 for _, row in told)
        told = [pair for pair in told if pair[1].step_rate == low]
        if len(told) > 1:
            return ""
        return f"The weakest step: {_said(*told[0])}."
    return f"Step by step, {listed([_said(*pair) for pair in told])}."


def _said(before: FunnelStep, row: FunnelStep) -> str:
    return (
        f"{percent(row.step_rate)} go from {before.name} to {row.name} "
        f"({row.mature:,} of {before.mature:,})"
    )


def _before(result: FunnelResult, row: FunnelStep) -> FunnelStep:
    return next(other for other in result.rows[row.step - 2 :: -1] if not other.optional)


def _time(result: FunnelResult) -> str:
    if result.median_seconds is None or result.mature_completed < 2:
        return ""
    return f"Half of those that complete it take {_at_most(result.median_seconds)}."


def _at_most(seconds: float) -> str:
    return span(seconds) if seconds < 60 else f"{span(seconds)} or less"


def _elsewhere(result: FunnelResult) -> str:
    """Say where the largest loss went; nothing where several losses are equal."""
    worst = _worst(result)
    if len(worst) != 1:
        return ""
    gone = [row for row in result.instead if row.step == worst[0].step]
    ended = sum(row.units for row in gone if row.touchpoint is None)
    named = [row for row in gone if row.touchpoint not in {None, "other"}]
    lost = worst[0].ended
    if lost == 1:
        return ""
    parts = [_where(named, lost)] if named else []
    if ended:
        parts.append(f"{ended:,} of {lost:,} did nothing else")
    return (
        f"Right after {worst[0].name}, of those lost there, {' and '.join(parts)}." if parts else ""
    )


def _where(named: list[Instead], lost: int) -> str:
    most = max(row.units for row in named)
    leaders = [row.touchpoint or "" for row in named if row.units == most]
    if len(leaders) == 1:
        return f"the most went to {leaders[0]} ({most:,} of {lost:,})"
    if len(leaders) > 3:
        return f"no touchpoint drew more than {most:,} of {lost:,}"
    return f"the most went to {listed(leaders)} ({most:,} of {lost:,} each)"


def _segments(result: FunnelResult) -> str:
    last = len(result.rows)
    told = [row for row in result.segments if row.step == last and row.difference is not None]
    if len(told) < 2:
        return ""
    found = [row for row in told if row.q_value is not None and row.q_value < FALSE_SHARE]
    if not found:
        return f"By {result.by}, no difference is larger than chance explains."
    best = max(found, key=lambda row: abs(row.difference or 0.0))
    return _difference(result, best)


def _difference(result: FunnelResult, row: SegmentStep) -> str:
    difference = row.difference or 0.0
    side = "above" if difference > 0 else "below"
    base = next(first for first in result.segments if first.segment == row.segment)
    return (
        f"By {result.by}, {row.segment} stands out: {percent(row.conversion_rate)} complete it "
        f"({row.mature:,} of {base.mature:,}), {points(difference)} {side} all others."
    )


def _units(result: FunnelResult, number: int) -> str:
    return count(number, result.per, PLURALS[result.per])


def _follow_ups(result: FunnelResult) -> tuple[str, ...]:
    worst = _worst(result) or list(result.rows[:1])
    return (
        f"Where do people go after {worst[0].name}?",
        "Where do people drop off?",
        "Which paths convert best?",
    )
