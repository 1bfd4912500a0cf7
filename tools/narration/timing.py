"""Timing in sentences."""

from tools.analyses.timing import TimingResult
from tools.analyses.timing_parts import Next
from tools.analyses.timing_rows import DayPoint, GapRow, NextRow, RhythmRow, WithinRow
from tools.narration.certainty import Certainty, certainty, how_sure, is_finding
from tools.narration.words import Narration, count, of, percent, span, times

ASSOCIATION = "This is an association: those who move sooner may be keener to begin with."
UNDER_WAY = (
    "Only people who were seen again after that moment are compared, because nobody can tell when "
    "the others left."
)
HALVES = (
    "The hours were chosen on some of the people, drawn by lot, and their effect measured on the others, "
    "so that trying many does not flatter it."
)


def narrate(result: TimingResult) -> Narration:
    """Say when to follow up: overall, after one thing, or within how many hours."""
    if result.then:
        return _within(result)
    if result.first:
        return _next(result)
    return _overall(result)


def _overall(result: TimingResult) -> Narration:
    follow_ups = (
        "What should we do first?",
        "Where do people drop off?",
        "Which paths convert best?",
    )
    if not result.mature:
        answer = "It is too early to say how long people take: no journey is old enough to judge."
        return Narration(answer, (), result.caveats, follow_ups)
    if not result.converted:
        who = count(result.mature, "journey")
        if not result.scope.definition.end.touchpoints:
            answer = "This journey has no end event, so there is no time to convert."
            return Narration(answer, (), result.caveats, follow_ups)
        answer = (
            f"There is no time to convert yet: none of the {who} old enough to judge converted."
        )
        return Narration(answer, (), result.caveats, follow_ups)
    answer = (
        f"Half of the {count(result.converted, 'journey')} that converted did so within "
        f"{span(result.median_seconds)} of the start, three quarters within "
        f"{span(result.upper_seconds)}: follow up by then."
    )
    if result.converted < result.scope.minimum_group:
        answer = (
            f"There are too few to tell when to follow up: "
            f"{of(result.converted, result.mature, 'journeys old enough to judge converted')}, "
            f"half of them within {span(result.median_seconds)}."
        )
    rhythm = [row for row in result.rhythm if is_finding(_sure_rhythm(row))]
    gaps = [row for row in result.rows if isinstance(row, GapRow) and is_finding(_sure_gap(row))]
    support = (_tail(result.days), _rhythm(result.rhythm), _gaps(result, gaps))
    caveats = (*result.caveats, *((ASSOCIATION,) if rhythm or gaps else ()))
    return Narration(answer, tuple(filter(None, support)), caveats, follow_ups)


def _tail(days: tuple[DayPoint, ...]) -> str:
    """Say what is left to win after the last day but one that the curve tells of."""
    told = [day for day in days if day.later is not None and day.share > 0]
    if len(told) < 2:
        return ""
    point = told[-2]
    return (
        f"Within {span(point.day * 86400)} of the start, {percent(point.share)} of all journeys have converted, young ones "
        f"included; of those that have not, {percent(point.later)} still do."
    )


def _sure_rhythm(row: RhythmRow) -> Certainty:
    return certainty(row.ratio_low, row.ratio_high, row.q_value, none=1.0)


def _rhythm(rows: tuple[RhythmRow, ...]) -> str:
    """Say what an early second visit goes together with, of those still under way a day later."""
    row = next((row for row in rows if row.day == 1), None)
    if row is None or row.ratio is None or row.q_value is None:
        return ""
    told = _sure_rhythm(row)
    base = f"{of(row.converted, row.persons, 'people')} ({percent(row.conversion_rate)})"
    if not is_finding(told):
        return (
            "Of those still under way after a day, people who came back within it convert about as "
            f"often as those who came back later: {base}. {how_sure(told)}"
        )
    return (
        "Of those still under way after a day, people who came back within it convert "
        f"{times(row.ratio)} as often as those who came back later: {base}. {how_sure(told)}"
    )


def _sure_gap(row: GapRow) -> Certainty:
    return certainty(row.low, row.high, row.q_value, none=0.5)


def _gaps(result: TimingResult, clear: list[GapRow]) -> str:
    if not result.compared:
        return ""
    if not clear:
        return (
            f"Between steps, those who convert take no clearly different time: I compared "
            f"{count(result.compared, 'transition')}."
        )
    row = clear[0]
    sooner = "faster" if (row.sooner or 0) > 0.5 else "slower"
    return (
        f"Those who convert are {sooner} from {row.source} to {row.target}: "
        f"{span(row.converted_median_seconds)} against {span(row.others_median_seconds)} "
        f"(medians). {how_sure(_sure_gap(row))}"
    )


def _next(result: TimingResult) -> Narration:
    first, moved = result.first, result.moved
    follow_ups = (
        f"Where do people go after {first}?",
        f"How many leave at {first}?",
        "When should we follow up?",
    )
    if moved is None:
        who = count(result.persons, "person", "people")
        answer = (
            f"Nothing has followed {first} yet: none of the {who} who came to it did anything more."
        )
        return Narration(answer, (), result.caveats, follow_ups)
    base = of(moved.persons, result.persons, f"people who came to {first}")
    if moved.persons < result.scope.minimum_group:
        answer = (
            f"There are too few to tell when to follow up on {first}: {base} did anything more, "
            f"half of these within {span(moved.median_seconds)}."
        )
    else:
        answer = (
            f"Half of those who move on from {first} do so within {span(moved.median_seconds)}, three "
            f"quarters within {span(moved.upper_seconds)}: follow up on whoever has not by then."
        )
    did = "" if moved.persons < result.scope.minimum_group else f"{base} did anything more."
    support = (f"{did[:1].upper()}{did[1:]}", _most(result), _finished(result.finished, result))
    return Narration(answer, tuple(filter(None, support)), result.caveats, follow_ups)


def _most(result: TimingResult) -> str:
    rows = [row for row in result.rows if isinstance(row, NextRow) and row.kind == "touchpoint"]
    if not rows or (len(rows) > 1 and rows[0].persons == rows[1].persons):
        return ""
    row = rows[0]
    base = of(row.persons, result.persons, "people")
    return (
        f"The most frequent next step is {row.name}: {base} ({percent(row.share)}), "
        f"half within {span(row.median_seconds)}."
    )


def _finished(finished: Next | None, result: TimingResult) -> str:
    if finished is None:
        return f"Nobody converted after {result.first}."
    base = of(finished.persons, result.persons, "people")
    return (
        f"In all, {base} went on to convert, half within {span(finished.median_seconds)} of "
        f"{result.first} and three quarters within {span(finished.upper_seconds)}."
    )


def _within(result: TimingResult) -> Narration:
    first, then = result.first, result.then
    follow_ups = (
        "When should we follow up?",
        f"Where do people go after {first}?",
        "What should we do first?",
    )
    came = of(result.followed, result.persons, f"people who came to {first}")
    base = f"{then} followed for {came}."
    rows = [row for row in result.rows if isinstance(row, WithinRow)]
    chosen = next((row for row in rows if row.chosen), None)
    told = (
        certainty(chosen.low, chosen.high, chosen.q_value, none=1.0)
        if chosen
        else "too few to tell"
    )
    if chosen is None:
        answer = f"There are too few to tell how soon {then} should follow {first}."
        if result.followed == result.persons >= result.scope.minimum_group:
            answer = (
                f"How soon {then} should follow {first} cannot be told: it followed for everybody, so "
                "there is nobody to compare with."
            )
        return Narration(answer, (base,), result.caveats, follow_ups)
    rates = _rates(chosen)
    if not is_finding(told):
        answer = (
            f"No time within which {then} should follow {first} stands out: even of the one that "
            f"looked best, {_spoken(chosen.hours)}, too little is left when it is measured on other people."
        )
        there = f"There, {rates}. {how_sure(told)}"
        return Narration(answer, (there, base), (*result.caveats, HALVES), follow_ups)
    if (chosen.ratio or 0) > 1:
        answer = (
            f"{then} should follow {first} within {_spoken(chosen.hours)}: those to whom it had come "
            f"by then convert {times(chosen.ratio)} as often as others who had not converted yet."
        )
    else:
        answer = (
            f"{then} within {_spoken(chosen.hours)} of {first} goes with fewer conversions: "
            f"{times(chosen.ratio)} as many as among others who had not converted yet."
        )
    size = f"{rates[0].upper()}{rates[1:]}; of all others who had not converted, {percent(chosen.base_rate)} did."
    low, high = (times(bound).removesuffix(" times") for bound in (chosen.low, chosen.high))
    support = (f"{how_sure(told)} Allowing for chance, it is {low} to {high} times.", size, base)
    caveats = (*result.caveats, UNDER_WAY, HALVES, ASSOCIATION)
    return Narration(answer, support, caveats, follow_ups)


def _spoken(hours: int) -> str:
    return span(hours * 3600) if hours > 48 else count(hours, "hour")


def _rates(row: WithinRow) -> str:
    return (
        f"of those seen again after that, {of(row.converted, row.persons, 'people')} to whom it had "
        f"come converted ({percent(row.conversion_rate)}), against "
        f"{of(row.others_converted, row.others, 'others')} ({percent(row.others_rate)})"
    )
