"""Paths in sentences."""

from tools.analyses.path_rows import PathRow
from tools.analyses.paths import PathsResult
from tools.narration.words import MINUTE, Narration, count, listed, of, percent, shortened, span

ASSOCIATION = "This shows which paths go together with conversion, not that they cause it."
OF_OUTCOME = {
    "all": "",
    "converted": " of journeys that converted",
    "dropped": " of journeys that dropped off",
}


def narrate(result: PathsResult) -> Narration:
    """Say the leading path first, then how sure that is, what comes next, and the rest."""
    rows = [row for row in result.rows if row.length is not None]
    if not rows:
        return Narration(_nothing(result), (), result.caveats, _follow_ups(result))
    ranked = result.order != "volume"
    if ranked and result.base_rate in {0, 1}:
        return Narration(
            _no_difference(result), (_all_others(result),), result.caveats, _follow_ups(result)
        )
    support = _ranked_support(result, rows) if ranked else _common_support(result, rows)
    return Narration(
        answer=_ranked(result, rows[0]) if ranked else _common(result, rows[0]),
        support=tuple(filter(None, support)),
        caveats=result.caveats + ((ASSOCIATION,) if ranked else ()),
        follow_ups=_follow_ups(result),
    )


def _nothing(result: PathsResult) -> str:
    if result.order != "volume":
        least = result.scope.minimum_group
        needed = "a journey" if least == 1 else f"{least:,} journeys"
        return f"No path can be ranked: none that fits has {needed} old enough to judge."
    if not result.counted:
        done = "converted" if result.outcome == "converted" else "dropped off"
        return f"No journey in scope {done}, so there is no path to list."
    return "No path fits: no journey in scope took one of the length and touchpoints looked for."


def _no_difference(result: PathsResult) -> str:
    none = result.base_rate == 0
    if result.mature == 1:
        outcome = "did not convert" if none else "converted"
        return f"No path leads: the 1 journey that is old enough to judge {outcome}."
    who = "none" if none else "all"
    return (
        f"No path leads: {who} of the {count(result.mature, 'journey')} that are "
        "old enough to judge converted."
    )


def _ranked(result: PathsResult, row: PathRow) -> str:
    began = result.rule == "began"
    who = f"Journeys {'that began' if began else 'whose whole path was'} {_path(row)}"
    verb = "lead" if result.order == "conversion" else "trail most clearly"
    done = "went on to convert" if began else "converted"
    sizes = f"{row.converted:,} of {row.mature:,} old enough to judge"
    if result.candidates == 1:
        return (
            f"Only one path has enough journeys to judge: {_path(row)}, and "
            f"{percent(row.conversion_rate)} of them {done} ({sizes})."
        )
    if result.order == "conversion" and not any(map(_stands_out, result.rows)):
        what = "beginning" if began else "path"
        return (
            f"No {what} stands out beyond chance; {_path(row)} heads the list, with "
            f"{percent(row.conversion_rate)} ({sizes})."
        )
    return f"{who} {verb}: {percent(row.conversion_rate)} of them {done} ({sizes})."


def _path(row: PathRow) -> str:
    return shortened(row.path)


def _stands_out(row: PathRow) -> bool:
    """Whether a path's rate is above what it is compared with, beyond chance."""
    if row.shrunk_low is None:
        return False
    if row.reached_rate is not None:
        return row.shrunk_low > row.reached_rate
    return row.lift_low is not None and row.lift_low > 1


def _ranked_support(result: PathsResult, rows: list[PathRow]) -> list[str]:
    first = rows[0]
    following = [f"{_path(row)} ({percent(row.conversion_rate)})" for row in rows[1:3]]
    return [
        _against_all(result, first),
        _against_as_far(first),
        f"Next in the list: {listed(following)}." if following else "",
        _whole(result, first) or _time(first),
    ]


def _against_all(result: PathsResult, row: PathRow) -> str:
    if row.lift is None:
        return ""
    rest = (
        f"the {percent(result.base_rate)} of all journeys "
        f"({result.converted:,} of {result.mature:,})"
    )
    times = f"{row.lift:.1f}"
    compared = "about the same as" if times == "1.0" else f"{times} times"
    return (
        f"That is {compared} {rest}; allowing for chance, the rate lies between "
        f"{percent(row.low)} and {percent(row.high)}."
    )


def _against_as_far(row: PathRow) -> str:
    if row.reached_rate is None or row.shrunk_low is None or row.shrunk_high is None:
        return ""
    if row.shrunk_low > row.reached_rate:
        verdict = "so this beginning stands out"
    elif row.shrunk_high < row.reached_rate:
        verdict = "so this beginning falls behind"
    else:
        verdict = "so this beginning's rate can be chance"
    return f"Of all journeys that got as many steps far, {percent(row.reached_rate)} converted, {verdict}."


def _whole(result: PathsResult, row: PathRow) -> str:
    if result.rule != "began" or row.whole_rate is None:
        return ""
    return (
        f"Where it was the whole path, with nothing after it but the end, "
        f"{percent(row.whole_rate)} converted "
        f"({of(row.whole_converted or 0, row.whole_mature or 0, 'journeys')})."
    )


def _time(row: PathRow) -> str:
    if row.median_seconds is None or row.converted < 2 or not row.length:
        return ""
    within = "in" if row.median_seconds < MINUTE else "within"
    return f"Half of those who converted did so {within} {span(row.median_seconds)}."


def _common(result: PathsResult, row: PathRow) -> str:
    noun = "beginning" if result.rule == "began" else "path"
    what = row.path if row.length else "no step at all before the end"
    nouns = f"{noun}s" if result.ties else noun
    lead = "One of the most common" if result.ties else "The most common"
    before = _why_not_ranked(result)
    lead = f"{before} {lead[0].lower() + lead[1:]}" if before else lead
    return (
        f"{lead} {nouns}{OF_OUTCOME[result.outcome]} is {what}: "
        f"{of(row.journeys, result.counted, 'journeys')} ({percent(row.share)})."
    )


def _why_not_ranked(result: PathsResult) -> str:
    if result.asked_order == "volume":
        return ""
    if not result.scope.definition.end.touchpoints:
        return "This journey has no end event, so no path can convert;"
    return "It is too early for conversion rates, as no journey is old enough to judge;"


def _common_support(result: PathsResult, rows: list[PathRow]) -> list[str]:
    first = rows[0]
    following = [
        f"{row.path if row.length else 'no step at all before the end'} "
        f"({count(row.journeys, 'journey')})"
        for row in rows[1:3]
    ]
    return [
        _its_rate(result, first),
        f"Next in the list: {listed(following)}." if following else "",
        _all_others(result),
        _time(first),
    ]


def _its_rate(result: PathsResult, row: PathRow) -> str:
    if row.conversion_rate is None:
        return ""
    who = "that began with it" if result.rule == "began" else "whose whole path it was"
    return (
        f"Of the journeys {who}, {percent(row.conversion_rate)} converted ({row.converted:,} of "
        f"{row.mature:,} old enough to judge), against {percent(result.base_rate)} of all journeys."
    )


def _all_others(result: PathsResult) -> str:
    who = f"Journeys{' with this outcome' if result.outcome != 'all' else ''}"
    different = f"{who} took {count(result.distinct_paths, 'different path')} in all"
    if result.distinct_paths == 1:
        different = f"{who} all took the same path"
    rest = [row for row in result.rows if row.length is None and row.journeys]
    if not rest:
        return f"{different}."
    verb = "is" if rest[0].journeys == 1 else "are"
    return (
        f"{different}; {rest[0].journeys:,} of {count(result.counted, 'journey')} {verb} "
        f"on none of the listed ones."
    )


def _follow_ups(result: PathsResult) -> tuple[str, ...]:
    if not result.scope.definition.end.touchpoints:
        return ("Where do people drop off?", "How do people move from step to step?")
    questions = {
        "conversion": "Which paths convert best?",
        "worst": "Which paths convert worst?",
        "volume": "What are the most common paths?",
    }
    others = [question for order, question in questions.items() if order != result.order]
    return (*others, "Where do people drop off?")
