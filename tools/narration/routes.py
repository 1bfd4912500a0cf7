"""Routes in sentences."""

from tools.analyses.routes import RoutesResult
from tools.analyses.routes_paths import OTHER
from tools.analyses.routes_rows import RouteRow, RouteShare
from tools.narration.certainty import certainty, how_sure, is_finding
from tools.narration.words import Narration, count, of, percent, points

FOLLOW_UPS = (
    "Which paths convert best?",
    "What sets apart people who convert?",
    "Where do people drop off?",
)
ASSOCIATION = "What goes together with a segment or a route need not come from it."


def narrate(result: RoutesResult) -> Narration:
    """Say how many routes there are and which convert best, or who takes which."""
    answer, support = _everywhere(result)
    told = _segments(result) if result.by else ()
    if told:
        answer, support = told[0], (*told[1:], answer, *support)
    found = any(_clear(row) for row in result.rows) or any(_telling(s) for s in result.shares)
    caveats = (*result.caveats, *((ASSOCIATION,) if found else ()))
    return Narration(answer, tuple(filter(None, support)), caveats, FOLLOW_UPS)


def _everywhere(result: RoutesResult) -> tuple[str, tuple[str, ...]]:
    rows = [row for row in result.rows if row.kind == "route"]
    if not rows:
        few = count(result.journeys, "journey")
        return f"There is no route that enough of the {few} took to be told apart.", ()
    paths = count(result.distinct_paths, "distinct path")
    first = rows[0]
    if len(rows) == 1:
        alone = f"{of(first.journeys, result.journeys, 'journeys')} ({percent(first.share)})"
        answer = f"There is one route that stands out, {first.route}: {alone}."
    else:
        most = "the most frequent is"
        if first.journeys == rows[1].journeys:
            most = "one of the most frequent is"
        answer = (
            f"People take {count(len(rows), 'distinct route')}, behind {paths}; {most} "
            f"{first.route}, with {of(first.journeys, result.journeys, 'journeys')} "
            f"({percent(first.share)})."
        )
    return answer, (_what(first), *_conversion(result, rows), _channel(rows))


def _what(row: RouteRow) -> str:
    if not row.apart:
        return ""
    return f"What its journeys have more often than others: {row.apart}."


def _conversion(result: RoutesResult, rows: list[RouteRow]) -> tuple[str, ...]:
    if not result.mature:
        return (
            "It is too early to say how the routes convert: no journey is old enough to judge.",
        )
    if not result.converted:
        base = of(0, result.mature, "journeys old enough to judge")
        return (f"No route has converted yet: {base} converted.",)
    clear = sorted((row for row in rows if _clear(row)), key=lambda row: -(row.difference or 0))
    if not clear:
        return ("No route converts clearly better or worse than the others together.",)
    better = [row for row in clear if (row.difference or 0) > 0]
    worse = [row for row in clear if (row.difference or 0) < 0]
    told = []
    if better:
        tied = len(better) > 1 and better[0].difference == better[1].difference
        lead = "Clearly ahead of the others is" if tied else "Clearly ahead, and by most, is"
        told.append(f"{lead} {better[0].route}: {_base(better[0])}. {_sure(better[0])}")
    if worse:
        low = max(worse, key=lambda row: row.journeys)
        told.append(
            f"Of large routes, one that clearly converts less is {low.route}: {_base(low)}."
        )
    return tuple(told)


def _base(row: RouteRow) -> str:
    """Say a route's conversion, and its people's distance from all others'."""
    form = "above" if (row.difference or 0) > 0 else "below"
    return (
        f"{percent(row.conversion_rate)} of its journeys convert "
        f"({of(row.converted, row.mature, 'old enough to judge')}), and its people "
        f"{points(row.difference or 0)} {form} those on all other routes"
    )


def _sure(row: RouteRow) -> str:
    return how_sure(certainty(row.difference_low, row.difference_high, row.q_value))


def _clear(row: RouteRow) -> bool:
    return is_finding(certainty(row.difference_low, row.difference_high, row.q_value))


def _channel(rows: list[RouteRow]) -> str:
    first = rows[0]
    if first.channel is None:
        return ""
    base = of(first.channel_journeys, first.journeys, "journeys")
    return f"Most often, {first.route} begins with {first.channel} ({base})."


def _segments(result: RoutesResult) -> tuple[str, ...]:
    """Say which segment takes a route of its own."""
    field = (result.by or "").replace("_", " ")
    if not result.shares:
        return (f"By {field}, no groups are large enough to compare.",)
    told = [row for row in result.shares if _telling(row) and row.segment != OTHER]
    if not told:
        return (f"By {field}, there is no clear difference in the routes that people take.",)
    most = max(told, key=lambda row: (row.difference > 0, abs(row.difference)))
    rest = [row for row in told if row.route != most.route][:1]
    sure = how_sure(certainty(most.low, most.high, most.q_value))
    return (
        f"{_share(most, field)}.",
        sure,
        *(f"Another difference: {_share(row, field)}." for row in rest),
    )


def _telling(row: RouteShare) -> bool:
    return is_finding(certainty(row.low, row.high, row.q_value))


def _share(row: RouteShare, field: str) -> str:
    form = "more" if row.difference > 0 else "less"
    return (
        f"People where {field} is {row.segment} take {row.route} {form} often: "
        f"{of(row.persons, row.of, 'people')} ({percent(row.share)}), against "
        f"{of(row.others, row.others_of, 'others')} ({percent(row.others_share)})"
    )
