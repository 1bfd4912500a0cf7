import re

import pytest

from assistant import evaluation
from assistant.analyst.planner import plan
from assistant.analyst.suggestions import suggestions
from assistant.analyst.vocabulary import Vocabulary
from assistant.analyst.words import plain_text, stems
from assistant.plan import AskBack, CallPlan, Decline, Plan, SetJourney
from prompts.questions import Question, cues, held_out, questions, vocabularies, wording
from tools import catalog

COMPANY = evaluation.vocabulary("company")
SHOP = evaluation.vocabulary("shop")
SLOTS = {
    "touchpoint": "Pricing",
    "other": "Docs",
    "end": "Subscription started",
    "field": "device",
    "value": "mobile",
    "rival": "desktop",
    "seen": "Pricing",
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
    wanted = {
        name: value.format(**SLOTS)
        if isinstance(value, str)
        else [each.format(**SLOTS) for each in value]
        for name, value in question.arguments.items()
    }
    given = {name: list(v) if isinstance(v, tuple) else v for name, v in made.arguments.items()}
    assert wanted.items() <= given.items()


def test_most_phrasings_of_the_catalogue_reach_their_analysis() -> None:
    missed = []
    told = [(question.tool, text) for question in questions() for text in question.phrasings]
    for tool, text in told:
        made = plan(text.format(**SLOTS), vocabulary=COMPANY)
        if not isinstance(made, CallPlan) or made.tool != tool:
            missed.append((tool, text, made))
    assert len(missed) <= 0.06 * len(told), missed


def test_no_held_out_question_is_a_phrasing() -> None:
    def bare(text: str) -> str:
        return " ".join(stems(re.sub(r"\{\w+\}", " ", plain_text(text))))

    phrased = {bare(text) for q in questions() for text in (q.question, *q.phrasings)}
    assert not [q.ask for q in held_out() if bare(q.ask) in phrased]


def test_the_held_out_set_is_large_and_has_its_twenty() -> None:
    asked = held_out()
    assert len(asked) >= 300
    assert len({question.ask + str(question.after) for question in asked}) == len(asked)
    assert sum(question.shown for question in asked) == 20
    assert {question.tool for question in asked} >= set(catalog.CATALOG)
    assert set(vocabularies()) == {"company", "sample", "shop"}


def test_held_out_questions_get_the_right_tool_and_arguments() -> None:
    made = evaluation.marks()
    assert sum(mark.right_tool for mark in made) >= 0.9 * len(made), evaluation.report()
    assert sum(mark.right_arguments for mark in made) >= 0.85 * len(made), evaluation.report()
    assert all(mark.right_arguments for mark in made if mark.question.shown), evaluation.report()


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
    assert set(tools[:6]) == set(catalog.CATALOG)


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
    known = evaluation.vocabulary(name)
    asked = [(q.ask, q.after) for q in held_out() if q.data == name]
    for text, after in (*asked, *((text, None) for text in EXTRA)):
        previous = CallPlan(*after) if after else None
        for offered in _offered(plan(text, vocabulary=known, previous=previous)):
            for before in (None, previous):
                made = plan(offered, vocabulary=known, previous=before)
                assert isinstance(made, CallPlan | SetJourney), (text, offered, made)
