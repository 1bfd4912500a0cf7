"""Overview in sentences."""

from tools.analyses.overview import OverviewResult
from tools.analyses.result import NOT_KNOWN
from tools.narration.words import Narration, count, percent, span


def narrate(result: OverviewResult) -> Narration:
    """Say how many there are, how many convert and how fast first; then the outcomes, and from where."""
    return Narration(
        answer=_answer(result),
        support=tuple(filter(None, (_outcomes(result), _time(result), _channels(result)))),
        caveats=result.caveats,
        follow_ups=_follow_ups(result),
    )


def _answer(result: OverviewResult) -> str:
    if not result.scope.definition.end.touchpoints:
        return (
            f"{count(result.persons, 'person', 'people')} made "
            f"{count(result.journeys, 'journey')}; this journey has no end event, "
            "so nothing counts as converted."
        )
    if result.conversion_rate is None:
        return (
            f"It is too early for a conversion rate: none of the "
            f"{count(result.journeys, 'journey')} is old enough to judge."
        )
    fast = f", half of them within {span(result.median_seconds)}" if result.median_seconds else ""
    return (
        f"{count(result.persons, 'person', 'people')} made {count(result.journeys, 'journey')}, and "
        f"{percent(result.conversion_rate)} of those old enough to judge converted "
        f"({result.mature_converted:,} of {result.mature:,}{fast})."
    )


def _outcomes(result: OverviewResult) -> str:
    return (
        f"Of all journeys, {result.converted:,} converted, {result.dropped:,} dropped off and "
        f"{result.active:,} {'is' if result.active == 1 else 'are'} still under way."
    )


def _time(result: OverviewResult) -> str:
    quarter, most = (
        result.fact(f"overview.{name}_time").value for name in ("quartile", "upper_quartile")
    )
    if not isinstance(quarter, float) or not isinstance(most, float):
        return ""
    return (
        f"A quarter of those who convert do so within {span(quarter)}, "
        f"three quarters within {span(most)}."
    )


def _channels(result: OverviewResult) -> str:
    named = [row for row in result.rows if row.channel not in {"other", NOT_KNOWN}]
    if len(named) < 2:
        return ""
    largest = named[0]
    if largest.journeys == named[1].journeys:
        return ""
    convert = (
        f", {percent(largest.conversion_rate)} convert"
        if largest.conversion_rate is not None
        else ""
    )
    return (
        f"More journeys begin in {largest.channel} than in any other channel "
        f"({largest.journeys:,}{convert})."
    )


def _follow_ups(result: OverviewResult) -> tuple[str, ...]:
    questions = ["Which paths convert best?", "Where do people drop off?"]
    if len(result.rows) > 1:
        questions.append("How do channels differ?")
    return tuple(questions)
