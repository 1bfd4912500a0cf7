"""Whether a change worked, in sentences."""

from tools.analyses.change_effect import ChangeEffectResult
from tools.analyses.change_effect_rows import StepRow, is_clear
from tools.analyses.change_effect_windows import Difference
from tools.narration.certainty import certainty, how_sure, is_finding
from tools.narration.words import Narration, count, of, percent, points, times


def narrate(result: ChangeEffectResult) -> Narration:
    """Say whether conversion moved with the change, then what else could explain it, then where."""
    follow_ups = ("What changed since last month?", "Where do people drop off?", "What should we do first?")  # fmt: skip
    if result.on is None:
        answer = (
            "No change is recorded yet: name the day of one, or record it with "
            "`desirepath changes add NAME --on DATE`."
        )
        return Narration(answer, (), result.caveats, follow_ups)
    effect = result.effect
    if effect is None or effect.difference is None or result.measurable_on is not None:
        return Narration(_too_early(result), _steps(result), result.caveats, follow_ups)
    support = (
        _base(effect, result),
        _expected(result),
        _beyond(result),
        _anyway(result),
        *_steps(result),
    )
    return Narration(
        _answer(result, effect), tuple(filter(None, support)), result.caveats, follow_ups
    )


def _what(result: ChangeEffectResult) -> str:
    day = f"{result.on:%-d %B %Y}" if result.on else ""
    return f"{result.change} ({day})" if result.change else f"the change on {day}"


def _too_early(result: ChangeEffectResult) -> str:
    effect = result.effect
    after = effect.after if effect else 0
    before = effect.before if effect else 0
    if not before:
        return f"{_capital(_what(result))} cannot be judged: no journey old enough to judge began before it."
    when = (
        f"; from {result.measurable_on:%-d %B %Y} on it can be told" if result.measurable_on else ""
    )
    return (
        f"It is too early to judge {_what(result)}: {count(after, 'journey')} old enough to judge began "
        f"since, against {before:,} in as many days before{when}."
    )


def _answer(result: ChangeEffectResult, effect: Difference) -> str:
    told = certainty(effect.low, effect.high, effect.p_value)
    rates = f"from {percent(effect.before_rate)} to {percent(effect.after_rate)}"
    if not is_finding(told):
        return f"Since {_what(result)} conversion moved {rates}: no more than chance can make."
    form = "rose" if (effect.difference or 0.0) > 0 else "fell"
    return (
        f"Since {_what(result)} conversion {form} {rates}, by {points(effect.difference or 0.0)}."
    )


def _base(effect: Difference, result: ChangeEffectResult) -> str:
    told = certainty(effect.low, effect.high, effect.p_value)
    return (
        f"{of(effect.after_converted, effect.after, 'journeys')} of the {count(result.days, 'day')} since, "
        f"against {of(effect.before_converted, effect.before, 'journeys')} of as many days before. "
        f"{how_sure(told)}"
    )


def _expected(result: ChangeEffectResult) -> str:
    if result.expected is None or result.verdict is None:
        return ""
    aim = f"{_number(result.expected[0])} ({_number(result.expected[1])} to {_number(result.expected[2])})"
    said = f"Expected were {aim} more conversions in {count(result.expected_days, 'day')}"
    if result.observed is None:
        return f"{said}; it cannot be told yet."
    came = f"{_number(result.observed[0])} ({_number(result.observed[1])} to {_number(result.observed[2])})"
    verdict = {
        "as expected": "it did what was expected",
        "more than expected": "it did more than was expected",
        "less than expected": "it did less than was expected",
        "not told yet": "whether it did cannot be told yet",
    }[result.verdict]
    return f"{said}, observed are {came}: {verdict}."


def _beyond(result: ChangeEffectResult) -> str:
    if result.beyond_control is None or result.control_effect is None:
        return ""
    value, low, high, p_value = result.beyond_control
    other = result.control_effect
    moved = f"from {percent(other.before_rate)} to {percent(other.after_rate)}"
    told = certainty(low, high, p_value)
    if not is_finding(told):
        return (
            f"The control group moved {moved} meanwhile: beyond it, there is no clear difference."
        )
    form = "more" if value > 0 else "less"
    return (
        f"The control group moved {moved} meanwhile, so {points(value)} {form} than without the change, "
        f"if both would have moved alike. {how_sure(told)}"
    )


def _anyway(result: ChangeEffectResult) -> str:
    """Say whether such differences happen without the change."""
    parts = []
    if result.placebo_dates:
        parts.append(
            f"At {count(result.placebo_dates, 'earlier date')} the same comparison showed a difference as "
            f"large {count(result.placebo_as_large, 'time')}."
        )
    slope = result.pre_trend
    if slope and slope.p_value < 0.05 and (slope.low > 0 or slope.high < 0):
        form = "rising" if slope.slope > 0 else "falling"
        parts.append(
            f"Conversion was {form} already in the {count(slope.weeks, 'week')} before, by "
            f"{points(slope.slope)} a week."
        )
    return " ".join(parts)


def _steps(result: ChangeEffectResult) -> tuple[str, ...]:
    clear = [row for row in result.rows if is_clear(row)]
    better = [row for row in clear if (row.difference or 0.0) < 0]
    worse = [row for row in clear if (row.difference or 0.0) > 0]
    return tuple(
        _step(rows[0], form) for rows, form in ((better, "fewer"), (worse, "more")) if rows
    )


def _step(row: StepRow, form: str) -> str:
    ratio = f", {times(row.ratio)} the share" if row.ratio is not None else ""
    return (
        f"At {row.touchpoint} {form} leave on first coming there: {percent(row.after_rate)} "
        f"({of(row.after_exits, row.after, 'journeys')}) since, {percent(row.before_rate)} "
        f"({row.before_exits:,} of {row.before:,}) before{ratio}."
    )


def _number(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 9.5 else f"{number:,.1f}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
