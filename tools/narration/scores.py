"""Scores in sentences."""

from tools.analyses.scores import ScoresResult
from tools.analyses.scores_learning import NEEDED, NEEDED_TESTED
from tools.analyses.scores_rows import NextStep, ScoreTest, SignRow
from tools.journeys.definition import spoken
from tools.narration.certainty import certainty, how_sure, is_finding
from tools.narration.words import Narration, count, listed, of, percent

ASSOCIATION = (
    "Scores say who tends to convert, not what makes them convert, and they say little about any "
    "one person."
)
FOLLOW_UPS = ("Who are the people still under way?", "Where do people drop off?")


def narrate(result: ScoresResult) -> Narration:
    """Say how many of those under way will convert and who, or why that cannot be told."""
    if result.missing or result.test is None or result.expected is None:
        return _refused(result)
    test = result.test
    support = (_hot(result), _test(test), _sign(result), _next(result))
    return Narration(
        _answer(result),
        tuple(filter(None, support)),
        (*result.caveats, ASSOCIATION),
        (*FOLLOW_UPS, "Which paths convert best?"),
    )


def _answer(result: ScoresResult) -> str:
    low, high = result.expected_low or 0.0, result.expected_high or 0.0
    window = spoken(result.scope.definition.window)
    within = f"within {window} of their start"
    if result.active == 1:
        chance = percent(result.expected)
        return f"The one person under way converts {within} with a chance of about {chance}."
    return (
        f"About {_number(result.expected or 0.0)} of the {count(result.active, 'person', 'people')} under "
        f"way can be expected to convert {within}: between {low:,.0f} and {high:,.0f} of them."
    )


def _number(people: float) -> str:
    return f"{people:,.0f}" if people >= 9.5 else f"{people:,.1f}"


def _hot(result: ScoresResult) -> str:
    """Say where most of them are to be found."""
    hot = result.bands[0]
    if not hot.people or hot.rate is None:
        return "None of them has a score as high as the highest tenth of the test."
    came = of(hot.tested_converted, hot.tested, "people with such scores converted")
    have = "person is" if hot.people == 1 else "people are"
    return (
        f"{hot.people:,} {have} hot, with scores like the highest tenth of the test: about "
        f"{_number(hot.expected)} of the conversions can be expected there; in the test {came} "
        f"({percent(hot.rate)})."
    )


def _test(test: ScoreTest) -> str:
    base = f"{of(test.converted, test.people, 'people')} ({percent(test.base_rate)})"
    lift = f"{test.lift.value:.1f} times as often as everyone"
    if test.lift.low <= 1:
        lift = "not clearly more often than everyone"
    return (
        "The test was on later journeys of people whom the scores had not seen, of whom "
        f"{base} converted. The tenth with the highest scores converted {lift} "
        f"({of(test.top_converted, test.top, 'people')}). Someone who converts was scored above "
        f"someone who does not {percent(test.auc.value)} of the time (AUC {test.auc.value:.3g}); "
        f"the Brier score was {test.brier:.3g}, against {test.base_brier:.3g} of giving everyone "
        "the base rate."
    )


def _sign(result: ScoresResult) -> str:
    """Say what people with high scores have in common, where the test shows it."""
    for row in result.signs:
        told = certainty(row.low, row.high, row.q_value)
        if is_finding(told) and row.difference > 0 and row.group != "channel":
            return f"{_rates(row)} {how_sure(told)}"
    return ""


def _rates(row: SignRow) -> str:
    return (
        f"Those who {row.sentence} converted more often: {of(row.converted, row.people, 'people')} "
        f"({percent(row.converted / row.people)}), against "
        f"{of(row.others_converted, row.others, 'others')} "
        f"({percent(row.others_converted / row.others)})."
    )


def _next(result: ScoresResult) -> str:
    told = [step for step in result.next_steps if step.following is not None]
    if not told:
        return ""
    return f"Most often next, of those who went on: {listed([_step(s) for s in told[:3]])}."


def _step(step: NextStep) -> str:
    return f"{step.following} after {step.touchpoint} ({percent(step.share)})"


def _refused(result: ScoresResult) -> Narration:
    answer, support = _reason(result)
    return Narration(
        answer, support, (*result.caveats,), (*FOLLOW_UPS, "How are we doing overall?")
    )


def _reason(result: ScoresResult) -> tuple[str, tuple[str, ...]]:
    """Say what is missing, in numbers."""
    active = count(result.active, "person is", "people are")
    cannot = "Who is likely to convert cannot be told"
    waiting = f"In scope, {active} under way."
    if result.missing == "end":
        return f"{cannot}: this journey has no end event, so nobody converts in it.", ()
    if result.missing == "active":
        return "Nobody is under way in this scope, so there is nobody to score.", ()
    if result.missing == "mature":
        return f"{cannot} yet: no journey is old enough to learn from.", (waiting,)
    if result.missing == "learned":
        have = count(result.learned_converted, "moment")
        return (
            f"{cannot}: there {'is' if result.learned_converted == 1 else 'are'} {have} before a "
            f"conversion to learn from, and {NEEDED} are needed.",
            (f"{of(result.learned_converted, result.learned, 'moments')} were followed by one.", waiting),
        )  # fmt: skip
    if result.test is None:
        have = of(result.tested_converted, result.tested, "people in the test converted")
        return f"{cannot}: {have}, and at least {NEEDED_TESTED} have to, and not all.", (waiting,)
    return _failed(result, result.test, waiting)


def _failed(result: ScoresResult, test: ScoreTest, waiting: str) -> tuple[str, tuple[str, ...]]:
    base = f"{of(test.converted, test.people, 'people in the test converted')} ({percent(test.base_rate)})."
    if result.missing == "order":
        answer = (
            "Nothing that is known of people tells who converts: on later journeys the scores "
            f"ranked no better than chance can (AUC {test.auc.value:.3g}, between "
            f"{test.auc.low:.3g} and {test.auc.high:.3g}; 0.5 is chance)."
        )
    else:
        answer = (
            "Scores would be no better than saying the base rate of everyone: on later journeys "
            f"their Brier score was {test.brier:.3g}, against {test.base_brier:.3g}."
        )
    return answer, (base, waiting)
