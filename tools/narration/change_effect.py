"""A change's effect in sentences."""

from collections.abc import Sequence

from tools.analyses.change_effect_result import ChangeEffectResult
from tools.analyses.change_effect_steps import StepChange
from tools.analyses.change_effect_verdict import headline
from tools.analyses.conversion_change_parts import Estimate
from tools.narration.certainty import certainty, how_sure, is_finding
from tools.narration.words import Narration, count, listed, of, percent, points

MOST = 2
"""Most steps named as better, and as worse."""


def narrate(result: ChangeEffectResult) -> Narration:
    """Say first whether conversion moved with the change, then how that stands up."""
    if result.open or result.difference is None:
        answer, support = _open(result)
        return Narration(answer, _kept(*support), result.caveats, _follow_ups(result))
    support = _kept(
        _base(result),
        _control(result),
        _range(result),
        _expectation(result),
        _placebo(result),
        _waiting(result),
        _steps(result),
        _stands_up(result),
        _mix(result),
    )
    return Narration(_answer(result), support, result.caveats, _follow_ups(result))


def _kept(*sentences: str) -> tuple[str, ...]:
    return tuple(filter(None, sentences))


def _what(result: ChangeEffectResult) -> str:
    return f"'{result.change}' on {result.on}" if result.change else f"{result.on}"


def _short(result: ChangeEffectResult) -> str:
    return f"'{result.change}'" if result.change else f"what happened on {result.on}"


def _open(result: ChangeEffectResult) -> tuple[str, tuple[str, ...]]:
    """Say why nothing is concluded, and when something can be."""
    if result.open == "no change":
        return (
            "No change is recorded and no day was named, so there is nothing to compare.",
            ("Record what you changed and when, or ask about a day.",),
        )
    if result.open == "nothing before":
        return (
            f"There is nothing to compare {_what(result)} with: the data begin on "
            f"{result.first_day}.",
            (),
        )
    if result.open == "no end":
        return (
            "This journey has no end event, so whether more people convert since "
            f"{_what(result)} cannot be told.",
            (_steps(result),),
        )
    if result.open == "too few before":
        began = count(result.before.people, "person who", "people who")
        return (
            f"Too few people began before {_what(result)} to compare it with: {began} can be "
            "judged.",
            (),
        )
    return _early(result)


def _early(result: ChangeEffectResult) -> tuple[str, tuple[str, ...]]:
    lead = f"It is too early to tell whether {_what(result)} made a difference"
    if result.after.people:
        judged = count(
            result.after.people, "person who began since then is", "people who began since then are"
        )
        lead += f": only {judged} old enough to judge."
    else:
        lead += ": nobody who began since then is old enough to judge."
    young = ""
    if result.young:
        young = f"{count(result.young, 'person', 'people')} who began since then may still convert."
    return lead, (young, _waiting(result))


def _answer(result: ChangeEffectResult) -> str:
    effect = headline(result) or Estimate(0.0)
    before, after = (
        percent(_rate(side.converted, side.people)) for side in (result.before, result.after)
    )
    rates = f"{after} of people converted, against {before} before"
    verdict = result.verdict
    if verdict == "not shown" and _will_show(result):
        return (
            f"It is too early to tell whether {_what(result)} made a difference: {rates}, "
            "which chance can make."
        )
    if verdict == "not shown":
        return f"No effect of {_what(result)} on conversion is shown: {rates}."
    if verdict == "not as expected":
        return f"{_capital(_short(result))} did not bring what was expected: since then {rates}."
    way = "higher" if effect.value > 0 else "lower"
    than = " than the control's would suggest" if result.beyond_control else ""
    if verdict == "seasonal":
        return (
            f"Conversion is {way} since {_what(result)}, but as large differences arose at other "
            f"dates too, so it cannot be put down to the change: {rates}."
        )
    lead = f"Conversion is {way}{than} since {_what(result)}"
    if verdict == "less than expected":
        return f"{lead}, but by less than was expected: {rates}."
    return f"{lead}: {rates}."


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _base(result: ChangeEffectResult) -> str:
    days = count(result.days, "day")
    before = of(result.before.converted, result.before.people, "converted")
    after = of(
        result.after.converted, result.after.people,
        f"people who began in the {days} from the change on converted",
    )  # fmt: skip
    return f"{after}; in the {days} before, {before}."


def _control(result: ChangeEffectResult) -> str:
    if not result.beyond_control or not result.control_difference:
        return ""
    before = percent(_rate(result.control_before.converted, result.control_before.people))
    after = percent(_rate(result.control_after.converted, result.control_after.people))
    return (
        f"In the control ({listed(result.control)}) it went from {before} to {after}, so the "
        f"difference beyond the control's is {_signed(result.beyond_control.value)}."
    )


def _signed(value: float) -> str:
    told = points(value)
    return told if told.startswith("0.0 ") else f"{told} {'up' if value > 0 else 'down'}"


def _range(result: ChangeEffectResult) -> str:
    effect = headline(result)
    if effect is None or effect.low is None or effect.high is None:
        return ""
    told = how_sure(certainty(effect.low, effect.high, effect.p))
    if (effect.low > 0) == (effect.high > 0):
        near, far = sorted((abs(effect.low), abs(effect.high)))
        way = "up" if effect.value > 0 else "down"
        span = f"{100 * near:.1f} and {points(far)} {way}"
    else:
        span = f"{_signed(effect.low)} and {_signed(effect.high)}"
    return f"Allowing for chance, the difference lies between {span}. {told}"


def _expectation(result: ChangeEffectResult) -> str:
    if not result.expected or not result.extra:
        return ""
    hoped = _number(result.expected.value)
    if result.expected.low is not None and result.expected.high is not None:
        hoped = f"{_number(result.expected.low)} to {_number(result.expected.high)}"
    found = result.extra
    seen = _more(found.value)
    if found.low is not None and found.high is not None:
        seen += f" (allowing for chance, {_more(found.low)} to {_more(found.high)})"
    return f"Expected were {hoped} more conversions in that time; observed are {seen}."


def _number(value: float) -> str:
    told = f"{abs(value):,.0f}"
    return f"minus {told}" if value < 0 and told != "0" else told


def _more(value: float) -> str:
    told = f"{abs(value):,.0f}"
    return f"{told} {'fewer' if value < 0 and told != '0' else 'more'}"


def _placebo(result: ChangeEffectResult) -> str:
    found = result.placebo
    if found is None or result.verdict == "not shown":
        return ""
    dates = count(found.dates, "earlier date")
    if not found.as_large:
        return (
            f"At none of {dates} did as large a difference arise, so a season hardly explains it."
        )
    return (
        f"At {found.as_large:,} of {dates} as large a difference arose without it, comparing "
        f"{found.days} days on either side."
    )


def _waiting(result: ChangeEffectResult) -> str:
    """Say when there will be enough to tell, or how large an effect would have shown."""
    if result.verdict not in {"not shown", "too early"}:
        return ""
    what = "what was expected" if result.expected else "20 % more conversions"
    seen = result.smallest_visible
    told = (
        ""
        if seen is None
        else (f"With so many people, a rise of {points(seen)} would most likely have shown. ")
    )
    when = result.measurable_on
    if when is None:
        return (
            f"{told}It would take more than a year for {what} to show."
            if result.before.converted
            else told.strip()
        )
    if result.verdict == "not shown" and not _will_show(result):
        return told.strip()
    return f"{told}To show {what}, it takes until about {when}."


def _will_show(result: ChangeEffectResult) -> bool:
    """Whether more people, who are still to come or to grow old enough, would tell."""
    return result.measurable_on is not None and result.measurable_on > result.scope.as_of.date()


def _steps(result: ChangeEffectResult) -> str:
    """Name the steps that hold people clearly better or worse than before."""
    clear = [row for row in result.rows if is_finding(certainty(row.low, row.high, row.q_value))]
    better = [row for row in clear if row.difference < 0]
    worse = [row for row in clear if row.difference > 0]
    told = []
    if better:
        told.append(f"Fewer leave right after {listed([_step(row) for row in better[:MOST]])}.")
    if worse:
        told.append(f"More leave right after {listed([_step(row) for row in worse[:MOST]])}.")
    if not told and result.compared_steps:
        return "At no touchpoint did the share that leaves change beyond chance."
    return " ".join(told)


def _step(row: StepChange) -> str:
    base = of(row.after_left, row.after_people, "people")
    return f"{row.touchpoint} ({percent(row.before_rate)} → {percent(row.after_rate)}, {base})"


def _stands_up(result: ChangeEffectResult) -> str:
    """Say what speaks against the finding: a trend before, or people who met the change halfway."""
    told = []
    trend, effect = result.trend, headline(result)
    if trend and is_finding(certainty(trend.low, trend.high, trend.p)):
        way = "rising" if trend.value > 0 else "falling"
        told.append(f"Conversion was already {way} week by week before.")
    if result.apart and effect and not result.beyond_control:
        told.append(
            f"People who began in the {count(result.apart_days, 'day')} before could already meet "
            f"it; without them the difference is {_signed(result.apart.value)}."
        )
    return " ".join(told)


def _mix(result: ChangeEffectResult) -> str:
    mix = result.mix
    if mix is None or not is_finding(certainty(mix.low, mix.high, mix.p)):
        return ""
    told = _signed(mix.value)
    return "" if told.startswith("0.0 ") else f"Another mix of channels accounts for {told}."


def _follow_ups(result: ChangeEffectResult) -> tuple[str, ...]:
    clear = _first(
        [row for row in result.rows if is_finding(certainty(row.low, row.high, row.q_value))]
    )
    first = f"Where do people go after {clear}?" if clear else "Where do people drop off?"
    return (first, "Why did conversion change?", "Which paths convert best?")


def _first(rows: Sequence[StepChange]) -> str | None:
    return rows[0].touchpoint if rows else None
