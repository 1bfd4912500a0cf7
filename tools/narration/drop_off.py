"""Drop-off in sentences."""

from collections.abc import Sequence

from tools.analyses.drop_off import DropOffResult
from tools.analyses.drop_off_parts import DropOffRow, ExitGroup
from tools.narration.words import Narration, count, listed, of, percent

CLEAR = 0.05
"""q-value under which a finding is told as one."""
ASSOCIATION = "This is an association: it does not show what makes people leave."


def narrate(result: DropOffResult) -> Narration:
    """Say where more journeys end than their place explains, or how it is at one touchpoint."""
    if result.at is not None:
        return _at(result, result.rows[0])
    told = _by(result.segments, result.by, "dropped off") if result.by else ""
    answer, support = _everywhere(result)
    if told:
        answer, support = told, (answer, *support)
    tops = _standing_out(result.rows)
    caveats = (ASSOCIATION,) if tops or _telling(result.segments) else ()
    named = [row.touchpoint for row in (tops or result.rows) if row.kind == "touchpoint"]
    first = (f"Why do people leave after {named[0]}?",) if named and result.mature_dropped else ()
    return Narration(
        answer,
        tuple(filter(None, support)),
        (*result.caveats, *caveats),
        (*first, "Which paths convert best?", "How do channels differ?"),
    )


def _everywhere(result: DropOffResult) -> tuple[str, tuple[str, ...]]:
    if not result.mature:
        early = f"none of the {count(result.journeys, 'journey')} is old enough to judge"
        return f"It is too early to say where people drop off: {early}.", ()
    dropped = of(result.mature_dropped, result.mature, "journeys old enough to judge dropped off")
    if not result.mature_dropped:
        return f"Nobody has dropped off: {dropped}.", ()
    overall = f"In all, {dropped} ({percent(result.drop_rate)})."
    tops = _standing_out(result.rows)
    if not tops:
        return _nothing_stands_out(result), (overall, _largest(result))
    first = tops[0]
    answer = (
        f"More journeys end at {first.touchpoint} than its place in the journey explains: "
        f"{of(first.mature_exits, first.mature, 'that reached it')} ({percent(first.exit_rate)}), "
        f"{_number(first.excess_exits)} more than expected."
    )
    return answer, (_next(tops[1:3]), overall, _largest(result))


def _standing_out(rows: Sequence[DropOffRow]) -> list[DropOffRow]:
    return [
        row
        for row in rows
        if row.kind == "touchpoint"
        and row.excess_exits > 0
        and row.q_value is not None
        and row.q_value < CLEAR
    ]


def _nothing_stands_out(result: DropOffResult) -> str:
    if not result.touchpoints:
        return "No touchpoint was reached by enough journeys to be judged alone."
    return "No touchpoint loses clearly more journeys than its place in the journey explains."


def _next(tops: Sequence[DropOffRow]) -> str:
    if not tops:
        return ""
    parts = [
        f"{row.touchpoint} ({of(row.mature_exits, row.mature, 'that reached it')}, "
        f"{_number(row.excess_exits)} more than expected)"
        for row in tops
    ]
    return f"The same holds for {listed(parts)}."


def _largest(result: DropOffResult) -> str:
    if result.largest is None:
        return ""
    share = percent(result.largest_exits / result.mature_dropped)
    base = of(result.largest_exits, result.mature_dropped, "that dropped off")
    return f"By number alone, the most frequent last step is {result.largest}: {base} ({share})."


def _at(result: DropOffResult, row: DropOffRow) -> Narration:
    name = row.touchpoint
    segments = _by(result.segments, result.by, "ended there") if result.by else ""
    support = [_expectation(row), segments, _before(result), _after(result)]
    tells = _telling(result.before) or _telling(result.segments)
    if not row.mature:
        reached = f"none of the {count(row.journeys, 'journey')} that reached {name}"
        answer, support = f"It is too early to say: {reached} is old enough to judge.", []
    elif row.exit_rate is None:
        answer = (
            f"Too few journeys for a rate reached {name}: "
            f"{of(row.mature_exits, row.mature, 'old enough to judge ended there')}."
        )
        support = [_after(result)]
    else:
        answer = (
            f"{percent(row.exit_rate)} of the journeys that reach {name} end there: "
            f"{of(row.mature_exits, row.mature, 'old enough to judge')}."
        )
    return Narration(
        answer,
        tuple(filter(None, support)),
        (*result.caveats, *((ASSOCIATION,) if tells and support else ())),
        (
            f"Where do people go after {name}?",
            f"Which paths contain {name}?",
            "Where do people drop off?",
        ),
    )


def _expectation(row: DropOffRow) -> str:
    expected = f"{_number(row.expected_exits)} expected from all visits at the same steps"
    if row.q_value is None:
        return ""
    if row.q_value >= CLEAR:
        return f"That is about what its place in the journey explains: {expected}."
    form = "more" if row.excess_exits > 0 else "fewer"
    return f"That is {_number(abs(row.excess_exits))} {form} than the {expected}."


def _before(result: DropOffResult) -> str:
    named = [group for group in result.before if group.kind != "other"]
    if len(named) < 2 or not result.rows[0].mature_exits:
        return ""
    group = _telling(result.before)
    if group is None:
        return "Where people came from makes no clear difference."
    who = "began there" if group.kind == "began" else f"came from {group.name}"
    return f"Those who {who} {_against(group, 'ended there')}."


def _by(groups: Sequence[ExitGroup], field: str | None, what: str) -> str:
    if not groups or not any(group.exits for group in groups):
        return ""
    group = _telling(groups)
    if group is None:
        return f"By {field}, there is no clear difference in how many journeys {what}."
    return f"Journeys where {field} is {group.name} {_against(group, what)}."


def _telling(groups: Sequence[ExitGroup]) -> ExitGroup | None:
    """Return the group that leaves clearly more often than the others, or else less often."""
    clear = [
        group
        for group in groups
        if group.kind != "other" and group.q_value is not None and group.q_value < CLEAR
    ]
    return max(clear, key=lambda group: group.difference or 0.0, default=None)


def _against(group: ExitGroup, what: str) -> str:
    form = "more" if (group.difference or 0) > 0 else "less"
    return (
        f"{what} {form} often: {percent(group.exit_rate)} "
        f"({of(group.exits, group.journeys, 'journeys')}), "
        f"against {percent(group.others_rate)} of the others"
    )


def _after(result: DropOffResult) -> str:
    """Say where those who stayed went, unless several places are equally frequent."""
    named = [step for step in result.after if step.kind != "other"]
    if not named or (len(named) > 1 and named[0].journeys == named[1].journeys):
        return ""
    first = named[0]
    where = "converting" if first.kind == "converted" else first.name
    base = of(first.journeys, result.went_on, "that went on after their first visit")
    return f"The most frequent next step was {where}: {base} ({percent(first.share)})."


def _number(journeys: float) -> str:
    return f"{journeys:,.0f}" if journeys >= 9.5 or journeys == 0 else f"{journeys:,.1f}"
