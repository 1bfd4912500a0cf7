"""A change of conversion in sentences."""

from collections.abc import Sequence

from tools.analyses.conversion_change import ConversionChangeResult
from tools.analyses.conversion_change_parts import Estimate
from tools.analyses.conversion_change_rows import ChangePart
from tools.narration.certainty import Certainty, certainty, how_sure, is_finding
from tools.narration.words import Narration, count, listed, of, percent, points

ASSOCIATION = "The split says where the change is, not what caused it: with another split it may look different."
MOST = 3
"""Most groups named as where a change is."""
Named = tuple[ChangePart, float, bool]
"""A group, its part of the change, and whether it comes from its share."""


def narrate(result: ConversionChangeResult) -> Narration:
    """Say first whether conversion moved beyond chance, then where, and never where it did not."""
    if result.total is None:
        return Narration(
            _nothing(result), _kept(_volume(result)), result.caveats, _follow_ups(result, [])
        )
    if min(result.earlier_journeys, result.later_journeys) < result.scope.minimum_group:
        return Narration(
            _too_few(result), _kept(_volume(result)), result.caveats, _follow_ups(result, [])
        )
    told = certainty(result.total.low, result.total.high, result.total.p)
    if not is_finding(told):
        support = _kept(_base(result), _range(result.total, told), _volume(result))
        return Narration(_chance(result), support, result.caveats, _follow_ups(result, []))
    named = _named(result)
    with_it = [one for one in named if (one[1] > 0) == (result.total.value > 0)]
    against = [one for one in named if (one[1] > 0) != (result.total.value > 0)]
    support = _kept(
        _base(result),
        f"{_range(result.total, told)} {how_sure(told)}",
        _split(result),
        _where(result, with_it, against),
        _volume(result),
    )
    caveats = (*result.caveats, ASSOCIATION)
    return Narration(_moved(result), support, caveats, _follow_ups(result, with_it))


def _kept(*sentences: str) -> tuple[str, ...]:
    return tuple(filter(None, sentences))


def _nothing(result: ConversionChangeResult) -> str:
    if not result.scope.definition.end.touchpoints:
        return "This journey has no end event, so there is no conversion that could change."
    missing = [
        name
        for name, journeys in (
            (result.earlier, result.earlier_journeys),
            (result.later, result.later_journeys),
        )
        if not journeys
    ]
    when = " or ".join(missing)
    return f"There is nothing to compare: no journey that began in {when} is old enough to judge."


def _too_few(result: ConversionChangeResult) -> str:
    journeys = "journeys old enough to judge converted"
    later = of(result.later_converted, result.later_journeys, journeys)
    earlier = f"{result.earlier_converted:,} of {result.earlier_journeys:,}"
    return (
        f"There are too few to tell whether conversion moved: {later} ({result.later}), against "
        f"{earlier} before ({result.earlier})."
    )


def _rates(result: ConversionChangeResult) -> tuple[str, str]:
    return percent(result.earlier_rate), percent(result.later_rate)


def _chance(result: ConversionChangeResult) -> str:
    before, after = _rates(result)
    if before == after:
        return (
            f"Conversion did not move beyond chance: it was {after} ({result.later}), "
            f"as before ({result.earlier})."
        )
    return (
        f"Conversion went from {before} ({result.earlier}) to {after} ({result.later}): "
        "no more than chance."
    )


def _moved(result: ConversionChangeResult) -> str:
    before, after = _rates(result)
    total = result.total.value if result.total else 0.0
    verb = "rose" if total > 0 else "fell"
    return (
        f"Conversion {verb} by {points(total)}, from {before} ({result.earlier}) to {after} "
        f"({result.later})."
    )


def _base(result: ConversionChangeResult) -> str:
    after = of(
        result.later_converted, result.later_journeys, "journeys old enough to judge converted"
    )
    return f"{after}, against {of(result.earlier_converted, result.earlier_journeys, 'before')}."


def _range(total: Estimate, told: Certainty) -> str:
    if total.low is None or total.high is None:
        return ""
    if total.low <= 0 <= total.high:
        return (
            f"Allowing for chance, the change lies between {points(total.low)} down and "
            f"{points(total.high)} up."
        )
    near, far = sorted((abs(total.low), abs(total.high)))
    way = "up" if total.value > 0 else "down"
    sure = "" if is_finding(told) else f" {how_sure(told)}"
    return f"Allowing for chance, the change lies between {points(near)} and {points(far)} {way}.{sure}"


def _field(result: ConversionChangeResult) -> tuple[str, str]:
    """Return the split in the singular and in the plural."""
    if result.by == "route":
        return "first touchpoint", "first touchpoints"
    field = result.by.replace("_", " ")
    return field, f"values of {field}" if field not in {"channel", "campaign"} else f"{field}s"


def _split(result: ConversionChangeResult) -> str:
    """Say how much is mix and how much is conversion within the groups."""
    if not result.mix or not result.within or len(result.rows) < 2:
        return ""
    _, plural = _field(result)
    total = abs(result.mix.value + result.within.value)
    if points(result.mix.value).startswith("0.0 ") and abs(result.mix.value) < 0.1 * total:
        return (
            f"Another mix of {plural} has next to no part in it: it lies in the conversion "
            "within them."
        )
    return (
        f"Of this, {_part(result.within)} from conversion within the {plural}, and "
        f"{_part(result.mix)} from another mix of them."
    )


def _part(part: Estimate) -> str:
    told = points(part.value)
    verb = "comes" if told.startswith("1.0 ") else "come"
    way = "" if told.startswith("0.0 ") else " up" if part.value > 0 else " down"
    return f"{told}{way} {verb}"


def _named(result: ConversionChangeResult) -> list[Named]:
    """Return the parts beyond chance, largest first; none of a group that is not known or pooled."""
    told: list[Named] = []
    for row in result.rows:
        if row.kind != "value":
            continue
        if is_finding(certainty(row.mix_low, row.mix_high, row.mix_q)):
            told.append((row, row.mix, True))
        if is_finding(certainty(row.within_low, row.within_high, row.within_q)):
            told.append((row, row.within, False))
    return sorted(told, key=lambda one: -abs(one[1]))


def _where(
    result: ConversionChangeResult, with_it: Sequence[Named], against: Sequence[Named]
) -> str:
    singular, _ = _field(result)
    if sum(row.kind == "value" for row in result.rows) < 2:
        return ""
    if not with_it:
        return f"No single {singular} can be told as the place of the change beyond chance."
    parts = [_said(one) for one in with_it[:MOST]]
    lead = "The change shows in" if len(parts) == 1 else "The largest parts are in"
    text = f"{lead} {listed(parts)}."
    if against:
        text += f" Against it went {_said(against[0])}."
    return text


def _said(one: Named) -> str:
    row, part, by_share = one
    size = f"{points(part)} {'up' if part > 0 else 'down'}"
    if by_share:
        now, then = row.later_share, row.earlier_share
        what = f"share {percent(then)} → {percent(now)}"
    else:
        what = f"conversion {percent(row.earlier_rate)} → {percent(row.later_rate)}"
    return f"{row.group} ({what}: {size})"


def _volume(result: ConversionChangeResult) -> str:
    if not result.earlier_began or not result.later_began:
        return ""
    then = _a_day(result.earlier_began, result.earlier_days)
    now = _a_day(result.later_began, result.later_days)
    return (
        f"In all, {count(result.later_began, 'journey')} began, {now} a day; before, "
        f"{result.earlier_began:,}, {then} a day."
    )


def _a_day(journeys: int, days: int) -> str:
    daily = journeys / days
    return f"{daily:,.0f}" if daily >= 10 else f"{daily:,.1f}"


def _follow_ups(result: ConversionChangeResult, named: Sequence[Named]) -> tuple[str, ...]:
    questions = []
    if named and result.by != "route":
        questions.append(f"Where do people drop off when {result.by} = {named[0][0].group}?")
    if result.by == "channel":
        questions.append("Why did conversion change by device?")
    else:
        questions.append("Why did conversion change?")
    return (*questions, "Where do people drop off?")
