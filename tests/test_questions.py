import re

import pytest

from assistant import evaluation
from assistant.analyst import practice
from assistant.analyst.arguments import asked
from assistant.analyst.planner import plan
from assistant.analyst.suggestions import suggestions
from assistant.analyst.vocabulary import Vocabulary
from assistant.analyst.words import plain_text, stems
from assistant.plan import AskBack, CallPlan, Decline, Plan, SetJourney
from prompts.questions import Question, cues, held_out, learnt, questions, vocabularies, wording
from tools import catalog

COMPANY = practice.vocabulary("company")
SHOP = practice.vocabulary("shop")
PRODUCT = [
    "paths", "drop_off", "inflection_points", "sequences", "timing", "segments", "anomalies",
    "scores", "conversion_change", "recommendations",
]  # fmt: skip
"""What the product is for, in the order in which a newcomer is told of it."""
SLOTS = {
    "touchpoint": "Pricing",
    "other": "Docs",
    "end": "Subscription started",
    "field": "device",
    "value": "mobile",
    "rival": "desktop",
    "seen": "Pricing",
    "change": "Homepage redesign",
}


def test_every_analysis_has_questions_with_ten_phrasings_or_more() -> None:
    told: dict[str, int] = {}
    for question in questions():
        told[question.tool] = told.get(question.tool, 0) + len(question.phrasings)
    assert set(told) == set(catalog.CATALOG)
    assert min(told.values()) >= 10


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.question)
def test_every_question_of_the_catalogue_becomes_its_own_call(question: Question) -> None:
    made = plan(question.question.format(**SLOTS), vocabulary=COMPANY)
    assert isinstance(made, CallPlan)
    assert made.tool == question.tool
    wanted = {name: _filled(value) for name, value in question.arguments.items()}
    given = {name: list(v) if isinstance(v, tuple) else v for name, v in made.arguments.items()}
    assert wanted.items() <= given.items()


def _filled(value: object) -> object:
    if isinstance(value, list):
        return [_filled(each) for each in value]
    return value.format(**SLOTS) if isinstance(value, str) else value


def test_most_phrasings_of_the_catalogue_reach_their_analysis() -> None:
    missed = []
    told = [(question.tool, text) for question in questions() for text in question.phrasings]
    for tool, text in told:
        made = plan(text.format(**SLOTS), vocabulary=COMPANY)
        if not isinstance(made, CallPlan) or made.tool != tool:
            missed.append((tool, text, made))
    assert len(missed) <= 0.06 * len(told), missed


def test_one_name_passes_through_the_analyst_too() -> None:
    for name in catalog.CATALOG:
        assert asked(name).__module__ == f"assistant.analyst.asked.{name}"


def test_no_blind_question_is_a_phrasing() -> None:
    def bare(text: str) -> str:
        return " ".join(stems(re.sub(r"\{\w+\}", " ", plain_text(text))))

    phrased = {bare(text) for q in questions() for text in (q.question, *q.phrasings)}
    assert not [q.ask for q in held_out() if q.blind and bare(q.ask) in phrased]


def test_the_held_out_set_is_large_and_has_its_twenty() -> None:
    asked = held_out()
    assert len(asked) >= 300
    assert len({question.ask + str(question.after) for question in asked}) == len(asked)
    assert sum(question.shown for question in asked) == 20
    assert {question.tool for question in asked} >= set(catalog.CATALOG)
    assert set(vocabularies()) == {"audited", "company", "sample", "shop"}


def test_every_analysis_is_asked_about_in_ten_ways_half_of_them_set_aside() -> None:
    for tool in catalog.CATALOG:
        asked = [question for question in held_out() if question.tool == tool]
        assert len({question.ask for question in asked}) >= 10, tool
        assert sum(question.blind for question in asked) >= 5, tool


def test_nothing_is_built_from_the_blind_questions() -> None:
    blind = {question.ask for question in held_out() if question.blind}
    assert blind
    assert not blind & {question.ask for question in learnt()}


def test_questions_learnt_from_get_the_right_tool_and_arguments() -> None:
    made = [mark for mark in evaluation.marks() if not mark.question.blind]
    assert sum(mark.right_tool for mark in made) >= 0.95 * len(made), evaluation.report()
    assert sum(mark.right_arguments for mark in made) >= 0.93 * len(made), evaluation.report()
    assert all(mark.right_arguments for mark in made if mark.question.shown), evaluation.report()


def test_most_questions_that_were_set_aside_get_the_right_tool_and_arguments() -> None:
    made = [mark for mark in evaluation.marks() if mark.question.blind]
    assert sum(mark.right_tool for mark in made) >= 0.8 * len(made)
    assert sum(mark.right_arguments for mark in made) >= 0.78 * len(made)


def test_every_expected_call_is_one_that_the_catalogue_takes() -> None:
    for question in held_out():
        if question.tool:
            catalog.arguments_model(question.tool)(**dict(question.arguments))


def test_every_planned_call_is_one_that_the_catalogue_takes() -> None:
    for mark in evaluation.marks():
        if isinstance(mark.made, CallPlan):
            catalog.arguments_model(mark.made.tool)(**dict(mark.made.arguments))


@pytest.mark.parametrize("vocabulary", [COMPANY, SHOP], ids=["company", "shop"])
def test_every_suggestion_is_understood(vocabulary: Vocabulary) -> None:
    told = suggestions(vocabulary)
    assert len(told) >= 6
    plans = [plan(text, vocabulary=vocabulary) for text in told]
    assert all(isinstance(made, CallPlan) for made in plans)
    tools = [made.tool for made in plans if isinstance(made, CallPlan)]
    assert set(tools[: len(catalog.CATALOG)]) == set(catalog.CATALOG)
    assert tools[: len(PRODUCT)] == PRODUCT


def test_patterns_of_the_catalogue_are_sound() -> None:
    for entry in (*wording("declined"), *wording("talk")):
        for pattern in entry["patterns"]:
            re.compile(pattern)
    for told in cues().values():
        for weight, pattern in told:
            assert 0 < weight <= 1
            re.compile(pattern)


EXTRA = ("compare", "which email works best", "checkout", "sign-up", "blog", "what about search",
         "how did may do vs june for email", "drop offs in May versus June", "emails",
         "home then search vs search then home", "did things get better since March")  # fmt: skip


def _offered(made: Plan) -> tuple[str, ...]:
    if isinstance(made, AskBack):
        return made.choices
    return made.nearest if isinstance(made, Decline) else getattr(made, "follow_ups", ())


@pytest.mark.parametrize("name", ["company", "sample", "shop"])
def test_every_question_that_is_offered_is_understood_as_a_call(name: str) -> None:
    known = practice.vocabulary(name)
    asked = [(q.ask, q.after) for q in held_out() if q.data == name]
    for text, after in (*asked, *((text, None) for text in EXTRA)):
        previous = CallPlan(*after) if after else None
        for offered in _offered(plan(text, vocabulary=known, previous=previous)):
            for before in (None, previous):
                made = plan(offered, vocabulary=known, previous=before)
                assert isinstance(made, CallPlan | SetJourney), (text, offered, made)
