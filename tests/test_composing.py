from dataclasses import replace

from assistant.answer import Answer, ToolCall
from assistant.composing import carried, looked_at
from assistant.plan import AskBack, CallPlan

MOBILE = {"where": ("device = mobile",), "from": "2026-01-01"}
LAST = Answer(
    "Where do mobile users drop off?",
    "At Pricing.",
    tool_calls=(ToolCall("drop_off", MOBILE),),
    follow_ups=("Why do people leave after Pricing?", "How do devices differ?"),
)
WHY = CallPlan("drop_off", {"at": "Pricing"})


def test_a_follow_up_that_was_offered_stays_with_the_same_people() -> None:
    plan = carried(WHY, LAST.follow_ups[0], (LAST,))
    assert isinstance(plan, CallPlan)
    assert plan.arguments == {"at": "Pricing", **MOBILE}


def test_a_question_that_was_typed_stands_alone() -> None:
    assert carried(WHY, "why do people leave after pricing", (LAST,)) is WHY
    assert carried(WHY, LAST.follow_ups[0], ()) is WHY


def test_a_comparison_is_not_filtered_by_what_it_compares() -> None:
    plan = carried(CallPlan("segments", {"by": "device"}), "How do devices differ?", (LAST,))
    assert isinstance(plan, CallPlan)
    assert plan.arguments == {"by": "device", "from": "2026-01-01"}


def test_a_questions_own_filters_win() -> None:
    own = CallPlan(
        "drop_off", {"where": ("device = desktop", "channel = email"), "from": "2026-03-01"}
    )
    plan = carried(own, LAST.follow_ups[0], (LAST,))
    assert isinstance(plan, CallPlan)
    assert plan.arguments == own.arguments


def test_a_question_back_is_left_as_it_is() -> None:
    back = AskBack("Which one?", ("a", "b"))
    assert carried(back, LAST.follow_ups[0], (LAST,)) is back
    assert carried(WHY, LAST.follow_ups[0], (replace(LAST, tool_calls=()),)) is WHY


def test_an_answer_says_which_part_it_is_about() -> None:
    july = {"from": "2026-07-01", "to": "2026-07-31", "where": ["device = mobile", "saw Docs"]}
    assert looked_at(july) == (
        "Counted here: only journeys that started from 1 July 2026 to 31 July 2026, "
        "with device = mobile and that saw Docs."
    )
    assert looked_at({"from": "2026-07-01", "where": "not saw Docs"}) == (
        "Counted here: only journeys that started on 1 July 2026 or later "
        "and that did not see Docs."
    )
    assert looked_at({"top": 5}) == ""
