"""What to do first, in sentences."""

from tools.analyses.recommendation_rows import RecommendationRow
from tools.analyses.recommendations import RecommendationsResult
from tools.narration.certainty import certainty, how_sure
from tools.narration.words import Narration, count, percent

PLACES = ("Second", "Third", "Fourth", "Fifth")
LONGEST_TEST = 365
"""Days beyond which a test is not worth advising."""
ASSUMES = {
    "content": "if {} of them follow",
    "outreach": "if it reaches {} of them in time",
    "friction": "if {} of the leaving beyond expectation can be mended",
    "channel": "with {} of its spend",
}


def narrate(result: RecommendationsResult) -> Narration:
    """Say what may bring most first, with its gain and how to test it; then the others, briefly."""
    follow_ups = ("Where do people drop off?", "What sets people who convert apart?", "How do channels differ?")  # fmt: skip
    if not result.scope.definition.end.touchpoints:
        answer = "This journey has no end event, so nothing can be recommended to raise conversion."
        return Narration(answer, (), result.caveats, follow_ups)
    if not result.rows:
        answer = "Nothing stands out to be done: no finding is sure enough to expect more conversions of it."
        weighed = (
            f"I weighed {count(result.looked_at, 'possibility', 'possibilities')}."
            if result.looked_at
            else ""
        )
        return Narration(answer, tuple(filter(None, (weighed,))), result.caveats, follow_ups)
    first = result.rows[0]
    support = (
        _why(first),
        _test(first),
        *(f"{place}, {_brief(row)}" for place, row in zip(PLACES, result.rows[1:], strict=False)),
    )
    return Narration(_answer(first), tuple(filter(None, support)), result.caveats, follow_ups)


def _answer(row: RecommendationRow) -> str:
    return f"First, {row.what}: {_gain(row)}."


def _gain(row: RecommendationRow) -> str:
    share = ASSUMES[row.kind].format(percent(row.assumed))
    return (
        f"about {_number(row.extra_conversions)} more conversions in 30 days ({_number(row.low)} to "
        f"{_number(row.high)}), {share}"
    )


def _why(row: RecommendationRow) -> str:
    sure = how_sure(certainty(row.low, row.high, row.q_value))
    who = "journeys" if row.kind == "channel" else "people"
    return f"It concerns {_number(row.reach)} {who} in 30 days. What it rests on: {row.why}. {sure}"


def _test(row: RecommendationRow) -> str:
    if row.people_per_group is None or row.test_days is None:
        return ""
    if row.test_days > LONGEST_TEST:
        return (
            "Too few people come by for a test of it in halves to end within a year: change it for "
            "everyone, record the change, and ask later whether it worked."
        )
    size = count(row.people_per_group, "person", "people")
    return (
        f"To test it, give it to half of them at random: {size} in each half show it with a power of "
        f"80 %, which takes {count(row.test_days, 'day')} with the wait for the journey's window."
    )


def _brief(row: RecommendationRow) -> str:
    return f"{row.what}: {_gain(row)}."


def _number(number: float) -> str:
    return f"{number:,.0f}" if number >= 9.5 else f"{number:,.1f}"
