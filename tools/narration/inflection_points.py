"""Inflection points in sentences."""

from collections.abc import Sequence

from tools.analyses.inflection_point_rows import DepthRow, MomentRow, is_clear
from tools.analyses.inflection_points import InflectionPointsResult
from tools.narration.certainty import certainty, how_sure
from tools.narration.words import Narration, count, listed, of, percent, times

ASSOCIATION = (
    "This is an association among people as far along: those who choose to go there may have been "
    "keener to begin with. A test would tell."
)
FLATTERY = 1.2
"""From this plain lift on, a touchpoint without an effect of its own is worth a word."""


def narrate(result: InflectionPointsResult) -> Narration:
    """Say after which touchpoint people convert more than others as far along, and by how much."""
    if result.base_rate is None or result.converted in {0, result.persons}:
        return Narration(_nothing(result), (), result.caveats, _follow_ups(result))
    if result.touchpoint is not None and result.rows:
        return _one(result, result.rows[0])
    moments = [row for row in result.rows if is_clear(row)]
    helping = [row for row in moments if (row.ratio or 0) > 1]
    hurting = [row for row in moments if (row.ratio or 0) < 1]
    if not moments:
        answer = "No touchpoint stands out: none sets those who come to it clearly apart from others as far along."
    elif helping:
        answer = _sentence(helping[0])
    else:
        answer = _sentence(hurting[0])
    support = (
        _sure(moments[0]) if moments else _compared(result),
        _others(helping[1:3], "more"),
        _others(hurting[:2] if helping else hurting[1:3], "less"),
        _required(result.required),
        _flattered(result.rows),
    )
    caveats = (*result.caveats, *((ASSOCIATION,) if moments else ()))
    return Narration(answer, tuple(filter(None, support)), caveats, _follow_ups(result))


def _nothing(result: InflectionPointsResult) -> str:
    if not result.scope.definition.end.touchpoints:
        return "This journey has no end event, so no touchpoint can be said to lead to it."
    if not result.persons:
        return (
            "Which moments matter cannot be said: nobody's first journey is old enough to judge and "
            "has a step before its end."
        )
    if not result.converted:
        who = count(result.persons, "person", "people")
        return f"No moment stands out: none of the {who} old enough to judge converted."
    who = count(result.persons, "person", "people")
    return f"No moment stands out: all of the {who} old enough to judge converted."


def _sentence(row: MomentRow) -> str:
    form = "more" if (row.ratio or 0) > 1 else "less"
    return (
        f"After {row.touchpoint} people convert {form} often than others as far along: "
        f"{_base(row)}, {times(row.ratio)} what would be expected of them."
    )


def _base(row: MomentRow) -> str:
    share = percent(row.compared_converted / row.compared)
    return f"{of(row.compared_converted, row.compared, 'people')} ({share})"


def _sure(row: MomentRow) -> str:
    if row.ratio_low is None or row.ratio_high is None:
        return ""
    told = how_sure(certainty(row.ratio_low, row.ratio_high, row.q_value, none=1.0))
    low, high = (times(bound).removesuffix(" times") for bound in (row.ratio_low, row.ratio_high))
    return f"{told} Allowing for chance, it is {low} to {high} times."


def _compared(result: InflectionPointsResult) -> str:
    if not result.compared:
        return "There are too few to tell: no touchpoint was visited by enough people to compare."
    return f"I compared {count(result.compared, 'touchpoint')}."


def _others(rows: Sequence[MomentRow], form: str) -> str:
    if not rows:
        return ""
    parts = [f"{row.touchpoint} ({times(row.ratio)} what is expected)" for row in rows]
    return f"People also convert {form} often after {listed(parts)}."


def _required(named: Sequence[str]) -> str:
    if not named:
        return ""
    verb = "are" if len(named[:4]) > 1 else "is"
    return f"{listed(named[:4])} {verb} the way itself: nearly everyone who converts passes there."


def _flattered(rows: Sequence[MomentRow]) -> str:
    """Name what looks good only because long journeys contain it."""
    for row in rows:
        if row.plain_lift is None or row.plain_lift < FLATTERY or is_clear(row):
            continue
        if row.ratio_low is not None and row.conversion_rate is not None:
            return (
                f"{row.touchpoint} only looks like one: those who came to it convert "
                f"{times(row.plain_lift)} as often as those who never did, but no more than others "
                "as far along."
            )
    return ""


def _one(result: InflectionPointsResult, row: MomentRow) -> Narration:
    if row.is_required:
        answer = (
            f"{row.touchpoint} is the way itself: {of(row.converted, result.converted, 'people')} who "
            f"converted ({percent(row.share_of_converted)}) passed it, so nobody who did not can be "
            "compared with them."
        )
        support: tuple[str, ...] = ()
    elif row.q_value is None or row.ratio is None:
        answer = (
            f"There are too few to tell what {row.touchpoint} does: "
            f"{count(row.compared, 'person', 'people')} came there while others as far along had not."
        )
        support = (_came(row),)
    elif is_clear(row):
        answer, support = _sentence(row), (_sure(row), _deepest(result.depths), _came(row))
    else:
        answer = (
            f"After {row.touchpoint} people convert no more and no less often, as far as can be told, "
            f"than others as far along: {_base(row)}, {times(row.ratio)} what would be expected."
        )
        support = (_sure(row), _came(row))
    caveats = (*result.caveats, *((ASSOCIATION,) if is_clear(row) else ()))
    return Narration(answer, tuple(filter(None, support)), caveats, _follow_ups(result))


def _deepest(depths: Sequence[DepthRow]) -> str:
    """Say at which depth it is largest, where one depth is clearly beyond what chance can make."""
    clear = [
        d
        for d in depths
        if d.q_value is not None and d.low is not None and d.q_value < 0.05 and d.low > 1
    ]
    best = sorted(clear, key=lambda d: -(d.ratio or 0))[:2]
    if not best or (len(best) == 2 and best[0].ratio == best[1].ratio):
        return ""
    first, last = best[0].first_step, best[0].last_step
    where = f"step {first}" if first == last else f"steps {first} to {last}"
    return f"It is largest at {where} of the journey ({times(best[0].ratio)})."


def _came(row: MomentRow) -> str:
    return (
        f"In all, {row.converted:,} of the {count(row.persons, 'person', 'people')} who came to "
        f"{row.touchpoint} converted ({percent(row.conversion_rate)}); that figure alone says little, "
        "because long journeys contain more of everything."
    )


def _follow_ups(result: InflectionPointsResult) -> tuple[str, ...]:
    named = [row.touchpoint for row in result.rows if is_clear(row)]
    if named:
        return (f"What happens after {named[0]}?", "What should we do first?", "Does order matter?")
    return ("Which paths convert best?", "Where do people drop off?")
