"""Overview in sentences."""

from tools.analyses.overview import OverviewResult
from tools.analyses.result import NOT_KNOWN
from tools.narration.words import Narration, count, of, percent, span


def narrate(result: OverviewResult) -> Narration:
    """Say how many convert first, then how many there are, how long it takes, and from where."""
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
    return (
        f"{percent(result.conversion_rate)} of journeys convert: "
        f"{of(result.mature_converted, result.mature, 'journeys')} that are old enough to judge."
    )


def _outcomes(result: OverviewResult) -> str:
    return (
        f"In all, {count(result.persons, 'person', 'people')} made "
        f"{count(result.journeys, 'journey')}: {result.converted:,} converted, "
        f"{result.dropped:,} dropped off and {result.active:,} "
        f"{'is' if result.active == 1 else 'are'} still under way."
    )


def _time(result: OverviewResult) -> str:
    if result.median_seconds is None:
        return ""
    return f"Half of those who convert do so within {span(result.median_seconds)}."


def _channels(result: OverviewResult) -> str:
    named = [row for row in result.rows if row.channel not in {"other", NOT_KNOWN}]
    if len(named) < 2:
        return ""
    largest = named[0]
    return (
        f"Most journeys begin in {largest.channel} ({largest.journeys:,}, "
        f"{percent(largest.conversion_rate)} convert)."
    )


def _follow_ups(result: OverviewResult) -> tuple[str, ...]:
    questions = ["Which paths convert best?", "Where do people drop off?"]
    if len(result.rows) > 1:
        questions.append("How do channels differ?")
    return tuple(questions)
