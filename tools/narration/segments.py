"""Segments in sentences."""

from tools.analyses.result import NOT_KNOWN
from tools.analyses.segment_contrasts import SIGNIFICANT, Divergence
from tools.analyses.segment_counts import OTHER
from tools.analyses.segment_rows import SegmentRow
from tools.analyses.segments import SegmentsResult
from tools.narration.words import Narration, count, listed, of, percent, points, times

ASSOCIATION = "These differences go together with the segment; they do not show what causes them."


def narrate(result: SegmentsResult) -> Narration:
    """Say which segment stands out first, then by how much, what else does, and how paths differ."""
    rows = [row for row in result.rows if row.against is not None]
    if not rows or not any(row.difference is not None for row in rows):
        return Narration(
            _nothing(result, rows),
            tuple(filter(None, (_largest(result), _touchpoint(result), _mix(result, rows)))),
            result.caveats,
            _follow_ups(result),
        )
    wanted = _wanted(result, rows)
    first = wanted or _first(result, rows)
    support = _support(result, rows, first)
    return Narration(
        answer=_standing(result, wanted) if wanted else _answer(result, first),
        support=tuple(filter(None, support)),
        caveats=result.caveats + ((ASSOCIATION,) if _sure(first.q) else ()),
        follow_ups=_follow_ups(result),
    )


def _nothing(result: SegmentsResult, rows: list[SegmentRow]) -> str:
    if not rows:
        return _no_segments(result)
    if not result.scope.definition.end.touchpoints:
        return (
            "This journey has no end event, so segments cannot be compared by conversion, "
            "only by size and paths."
        )
    return (
        f"It is too early to compare segments of {_field(result)}: too few of the "
        f"{count(result.journeys, 'journey')} are old enough to judge."
    )


def _no_segments(result: SegmentsResult) -> str:
    only = result.rows[0]
    total = count(result.journeys, "journey")
    if only.segment == NOT_KNOWN:
        return f"{_capital(_field(result))} is not known for any journey in scope."
    if result.single:
        return f"There is nothing to compare: {_of_one(result, only)} ({total} in all)."
    known = [row for row in result.rows if row.segment not in {NOT_KNOWN, OTHER}]
    if len(known) == 1 and not result.asked and len(result.rows) == 2:
        field = _field(result)
        return (
            f"There is nothing to compare: every journey whose {field} is known has the same, "
            f"{known[0].segment} ({count(known[0].journeys, 'journey')})."
        )
    least = result.scope.minimum_group
    if result.asked:
        return (
            f"None of the segments that you named has {count(least, 'journey')} or more, "
            "so they cannot be compared."
        )
    return (
        f"No segment by {_field(result)} has {count(least, 'journey')} or more, "
        "so none can be compared."
    )


def _of_one(result: SegmentsResult, row: SegmentRow) -> str:
    if result.by.startswith("saw "):
        return f"every journey {row.segment}"
    return f"every journey has the same {_spoken(result.by)}, {row.segment}"


def _first(result: SegmentsResult, rows: list[SegmentRow]) -> SegmentRow:
    """Return the row that the answer is about: the largest difference beyond chance."""
    told = [row for row in rows if row.difference is not None]
    if result.by.startswith("saw ") and (seen := [r for r in told if r.segment == result.by]):
        return seen[0]
    if _is_two(result):
        return max(told, key=lambda row: row.difference or 0.0)
    sure = [row for row in told if _sure(row.q)]
    return max(sure or told, key=lambda row: abs(row.difference or 0.0))


def _wanted(result: SegmentsResult, rows: list[SegmentRow]) -> SegmentRow | None:
    """Return the best, worst or largest row that was asked for; None where there is no one such."""
    if result.want == "difference" or result.converted in {0, result.mature}:
        return None
    told = [row for row in rows if row.difference is not None and row.segment != OTHER]

    def standing(row: SegmentRow) -> float:
        if result.want == "most":
            return row.converted
        return (row.conversion_rate or 0.0) * (-1 if result.want == "worst" else 1)

    top = sorted(told, key=standing, reverse=True)[:2]
    if not top or (len(top) == 2 and standing(top[0]) == standing(top[1])):
        return None
    return top[0]


def _standing(result: SegmentsResult, row: SegmentRow) -> str:
    who = _capital(_journeys_of(result, row.segment))
    if result.want == "most":
        base = of(row.converted, result.converted, "conversions")
        share = percent(row.converted / result.converted)
        return f"{who} bring the most conversions: {base} ({share})."
    form = "least" if result.want == "worst" else "best"
    base = (
        f"{percent(row.conversion_rate)} ({of(row.converted, row.mature, 'old enough to judge')})"
    )
    if _sure(row.q):
        against = f"against {percent(row.other_rate)} of {row.against}"
        return f"{who} convert {form}: {base}, {against}{_but(row)}."
    return f"{who} convert {form}, {base}, but by no more than chance can make."


def _is_two(result: SegmentsResult) -> bool:
    """Whether the comparison is between two groups, so that one mirrors the other."""
    return result.pair or sum(row.segment != NOT_KNOWN for row in result.rows) == 2


def _sure(q: float | None) -> bool:
    return q is not None and q <= SIGNIFICANT


def _answer(result: SegmentsResult, first: SegmentRow) -> str:
    if not result.converted:
        return (
            f"No segment stands out: none of the {count(result.mature, 'journey')} that "
            f"{'is' if result.mature == 1 else 'are'} old enough to judge converted."
        )
    if result.converted == result.mature:
        return (
            f"No segment stands out: all of the {count(result.mature, 'journey')} that "
            f"{'is' if result.mature == 1 else 'are'} old enough to judge converted."
        )
    other, rates = first.against, f"{percent(first.conversion_rate)} against "
    rates += f"{percent(first.other_rate)}"
    if not _sure(first.q):
        if _is_two(result):
            return (
                f"The difference between {first.segment} and {other} can be chance: "
                f"{rates} of journeys convert."
            )
        return (
            f"No segment by {_field(result)} differs from the rest by more than chance can: "
            f"the largest difference, that of {first.segment}, is {points(first.difference or 0)}."
        )
    who = _journeys_of(result, first.segment)
    if not _is_two(result):
        return f"Beyond chance, {who} differ most from the rest: {rates} convert{_but(first)}."
    verb = "more" if (first.difference or 0.0) > 0 else "less"
    return f"{_capital(who)} convert {verb} often than {other}: {rates}{_but(first)}."


def _but(row: SegmentRow) -> str:
    """Say in the finding itself that it does not stay where like is compared with like."""
    if row.within is None:
        return ""
    field = _spoken(row.within)
    if row.is_turned:
        return f" - but among people of the same {field} it is the other way round"
    return f" - but among people of the same {field} no clear difference is left"


def _within(row: SegmentRow) -> str:
    if row.within is None or row.within_low is None or row.within_high is None:
        return ""
    low, high = (times(bound).removesuffix(" times") for bound in (row.within_low, row.within_high))
    return (
        f"Within each {_spoken(row.within)}, {row.segment} converts {times(row.within_ratio)} as "
        f"often as {row.against}; allowing for chance, {low} to {high} times. The plain rates differ "
        f"because the mix of {_spoken(row.within)} does."
    )


def _support(result: SegmentsResult, rows: list[SegmentRow], first: SegmentRow) -> list[str]:
    if result.converted in {0, result.mature}:
        return [_largest(result), _touchpoint(result), _mix(result, rows)]
    against = first.against or ""
    others = _journeys_of(result, against) if result.pair else against
    sizes = (
        f"Of {_journeys_of(result, first.segment)}, {first.converted:,} of {first.mature:,} old "
        f"enough to judge converted; of {others}, {first.other_converted:,} of "
        f"{first.other_mature:,}."
    )
    return [
        sizes + _difference(result, first),
        _within(first),
        _others_that_differ(result, rows, first),
        _touchpoint(result),
        _mix(result, rows) or _pace(first),
    ]


def _difference(result: SegmentsResult, row: SegmentRow) -> str:
    low, high = row.difference_low, row.difference_high
    if row.difference is None or low is None or high is None:
        return ""
    if low <= 0 <= high:
        return (
            f" Allowing for chance, the difference lies between {points(low)} fewer and "
            f"{points(high)} more."
        )
    near, far = sorted((abs(low), abs(high)))
    between = f"lies between {points(near)} and {points(far)}"
    if _sure(row.q):
        return f" The difference is {points(row.difference)}; allowing for chance, it {between}."
    reason = (
        "which is at the edge of chance"
        if _is_two(result)
        else "but among as many segments as were compared one like it comes up by chance"
    )
    return f" Taken alone, the difference {between}, {reason}."


def _others_that_differ(result: SegmentsResult, rows: list[SegmentRow], first: SegmentRow) -> str:
    if _is_two(result):
        return ""
    sure = [row for row in rows if row is not first and _sure(row.q) and _sure(first.q)]
    above = [_with_rate(row) for row in sure if (row.difference or 0.0) > 0]
    below = [_with_rate(row) for row in sure if (row.difference or 0.0) < 0]
    parts = []
    if above:
        parts.append(f"{listed(above[:3])} {'is' if len(above[:3]) == 1 else 'are'} above the rest")
    if below:
        parts.append(f"{listed(below[:3])} {'is' if len(below[:3]) == 1 else 'are'} below the rest")
    return f"Beyond chance, {' and '.join(parts)} too." if parts else ""


def _with_rate(row: SegmentRow) -> str:
    return f"{row.segment} ({percent(row.conversion_rate)})"


def _touchpoint(result: SegmentsResult) -> str:
    found = next((one for one in result.touchpoints if _sure(one.q)), None)
    return _diverges(result, found) if found else ""


def _diverges(result: SegmentsResult, one: Divergence) -> str:
    word = "more" if one.difference > 0 else "less"
    return (
        f"The largest difference in what people see is {one.name}: "
        f"{_journeys_of(result, one.segment)} have it {word} often, {percent(one.share)} against "
        f"{percent(one.other_share)} of {one.against}."
    )


def _mix(result: SegmentsResult, rows: list[SegmentRow]) -> str:
    sure = [row for row in rows if _sure(row.mix_q) and row.mix_distance is not None]
    if not sure:
        return ""
    if _is_two(result):
        return "They also take different paths, by more than chance would make them."
    furthest = max(sure, key=lambda row: row.mix_distance or 0.0)
    return (
        f"The paths of {furthest.segment} are furthest from everyone else's, "
        "by more than chance would make them."
    )


def _pace(row: SegmentRow) -> str:
    if row.time_q is None:
        return ""
    if not _sure(row.time_q):
        return "Counting those still under way, the pace of conversion cannot be told from chance."
    too = " too" if _sure(row.q) else ""
    return f"Counting those still under way, the pace of conversion differs beyond chance{too}."


def _largest(result: SegmentsResult) -> str:
    named = [row for row in result.rows if row.against is not None]
    if len(named) < 2:
        return ""
    largest = max(named, key=lambda row: row.journeys)
    if sum(row.journeys == largest.journeys for row in named) > 1:
        return ""
    return (
        f"The largest segment is {largest.segment}, with "
        f"{of(largest.journeys, result.journeys, 'journeys')}."
    )


def _field(result: SegmentsResult) -> str:
    return f"whether people {result.by}" if result.by.startswith("saw ") else _spoken(result.by)


def _spoken(field: str) -> str:
    return field.replace("_", " ")


def _journeys_of(result: SegmentsResult, segment: str) -> str:
    if result.by.startswith("saw "):
        return f"journeys that {segment}"
    if segment == NOT_KNOWN:
        return f"journeys whose {_spoken(result.by)} is not known"
    if result.by in {"channel", "campaign", "source"}:
        return f"journeys that began in {segment}"
    return f"journeys with {_spoken(result.by)} {segment}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _follow_ups(result: SegmentsResult) -> tuple[str, ...]:
    named = [row for row in result.rows if row.against is not None and row.segment != NOT_KNOWN]
    questions = ["Which paths convert best?", "Where do people drop off?"]
    if result.by == "channel" and named:
        lowest = min(named, key=lambda row: (row.conversion_rate is None, row.conversion_rate or 0))
        questions[1] = f"Where do people from {lowest.segment} drop off?"
    elif result.by != "channel":
        questions.append("How do channels differ?")
    return tuple(questions)
