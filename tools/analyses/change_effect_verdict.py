"""Whether a change worked, against what was expected, and when there will be enough to tell."""

from dataclasses import replace
from datetime import date

from tools.analyses.change_effect_result import ChangeEffectResult, Verdict
from tools.analyses.change_effect_series import DAY
from tools.analyses.change_effect_sides import days_needed
from tools.analyses.conversion_change_parts import Estimate
from tools.journeys.changes import Expected

SEASONAL = 0.2
"""If this share of earlier dates shows as large a difference, the season alone can make it."""
ALPHA = 0.05


def headline(result: ChangeEffectResult) -> Estimate | None:
    """Return the estimate that the answer rests on: beyond the control where there is one."""
    return result.beyond_control or result.difference


def judged(result: ChangeEffectResult, day: date, expected: Expected | None) -> ChangeEffectResult:
    """Add what was expected, the verdict, and when there will be enough to tell."""
    result = replace(result, expected=_scaled(expected, result.days))
    effect = headline(result)
    if effect and effect.low is not None and effect.high is not None:
        people = result.after.people
        extra = Estimate(effect.value * people, effect.low * people, effect.high * people)
        result = replace(result, extra=extra)
    result = replace(result, verdict=_verdict(result, effect))
    if result.verdict not in {"not shown", "too early"}:
        return result
    return replace(result, measurable_on=_measurable(result, day, expected))


def _scaled(expected: Expected | None, days: int) -> Estimate | None:
    if expected is None or expected.extra_conversions is None:
        return None
    part = days / expected.days
    low, high = (None if x is None else x * part for x in (expected.low, expected.high))
    return Estimate(expected.extra_conversions * part, low, high)


def _verdict(result: ChangeEffectResult, effect: Estimate | None) -> Verdict:
    if result.open == "too early":
        return "too early"
    if result.open or effect is None:
        return "cannot tell"
    least = None
    if result.expected:
        least = result.expected.value if result.expected.low is None else result.expected.low
    below = bool(least and least > 0 and result.extra and (result.extra.high or 0) < least)
    if not _beyond_chance(effect):
        return "not as expected" if below else "not shown"
    if result.placebo and result.placebo.as_large >= SEASONAL * result.placebo.dates:
        return "seasonal"
    if effect.value < 0:
        return "fell"
    return "less than expected" if below else "worked"


def _measurable(result: ChangeEffectResult, day: date, expected: Expected | None) -> date | None:
    """Return the day on which enough people will be old enough to judge, from their number a day."""
    base = result.before
    if not base.people:
        return None
    begins = day - result.days * DAY
    judged_days = min(result.days, (result.last_day - begins).days + 1)
    a_day = base.people / max(1, judged_days)
    effect = None
    if expected and expected.extra_conversions:
        effect = expected.extra_conversions / expected.days / a_day
    needed = days_needed(base, effect, a_day)
    return None if needed is None else day + (needed + result.apart_days) * DAY


def _beyond_chance(found: Estimate) -> bool:
    """Whether a sentence may state it as found: the house's scale of certainty, as one question."""
    if found.low is None or found.high is None or found.p is None:
        return False
    return found.p < ALPHA and (found.low > 0 or found.high < 0)
