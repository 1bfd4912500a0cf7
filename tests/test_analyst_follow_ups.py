from typing import Any

import pytest

from assistant import evaluation
from assistant.analyst import practice
from assistant.analyst.planner import plan
from assistant.plan import AskBack, CallPlan, Decline
from tools import catalog

COMPANY = practice.vocabulary("company")
MOBILE = ("device = mobile",)


def after(previous: CallPlan, question: str) -> CallPlan:
    made = plan(question, vocabulary=COMPANY, previous=previous)
    assert isinstance(made, CallPlan), made
    catalog.arguments_model(made.tool)(**dict(made.arguments))
    return made


@pytest.mark.parametrize(
    ("previous", "question", "tool", "arguments"),
    [
        # a filter is added, or takes the place of one on the same field
        (("overview", {"where": ("channel = Email",)}), "and on mobile?", "overview", {"where": ("channel = Email", "device = mobile")}),
        (("drop_off", {"at": "Pricing", "where": MOBILE}), "what about desktop?", "drop_off", {"at": "Pricing", "where": ("device = desktop",)}),
        (("paths", {"where": ("channel = Email",)}), "show me the same for paid social", "paths", {"where": ("channel = Paid Social",)}),
        # a period takes the place of the one before
        (("overview", {"from": "2026-01-01"}), "what about last month?", "overview", {"from": "2026-07-01", "to": "2026-07-31"}),
        (("paths", {"from": "2026-01-01", "top": 5}), "for all time", "paths", {"top": 5}),
        # outcome, order, count
        (("paths", {}), "only the converted ones", "paths", {"outcome": "converted"}),
        (("paths", {"top": 5}), "the worst ones", "paths", {"top": 5, "order": "worst"}),
        (("paths", {}), "top 20", "paths", {"top": 20}),
        (("drop_off", {"top": 5}), "show me more", "drop_off", {"top": 10}),
        # another analysis over the same journeys
        (("paths", {"containing": ("Pricing",), "where": MOBILE}), "as a funnel", "funnel", {"steps": ("Pricing", "Subscription started"), "where": MOBILE}),
        (("drop_off", {"at": "Pricing", "where": MOBILE}), "what do they do next?", "flow", {"view": "around", "anchor": "Pricing", "where": MOBILE}),
        (("flow", {"view": "around", "anchor": "Docs", "where": MOBILE}), "why do they leave?", "drop_off_causes", {"at": "Docs", "where": MOBILE}),
        (("drop_off", {"at": "Pricing", "where": MOBILE}), "why?", "drop_off_causes", {"at": "Pricing", "where": MOBILE}),
        (("drop_off_causes", {"at": "Pricing"}), "what should we do about it?", "recommendations", {}),
        (("drop_off", {"at": "Pricing", "where": MOBILE}), "show me those people", "customers", {"who": "dropped", "at": "Pricing", "where": MOBILE}),
        (("overview", {"where": MOBILE, "from": "2026-07-01", "to": "2026-07-31"}), "why?", "conversion_change", {"where": MOBILE, "from": "2026-07-01", "to": "2026-07-31"}),
        (("paths", {}), "why?", "inflection_points", {}),
        (("drop_off", {"at": "Pricing"}), "since when?", "anomalies", {}),
        (("recommendations", {}), "did it work?", "change_effect", {}),
        (("overview", {"where": MOBILE}), "by country", "segments", {"by": "country", "where": MOBILE}),
        (("funnel", {"steps": ("Home", "Pricing")}), "by country", "funnel", {"steps": ("Home", "Pricing"), "by": "country"}),
        (("segments", {"by": "country"}), "which one drops off most", "drop_off", {"by": "country"}),
        # what the later analyses are asked
        (("attribution", {"model": "first"}), "and by campaign?", "attribution", {"model": "first", "by": "campaign"}),
        (("attribution", {}), "and last touch?", "attribution", {"model": "last"}),
        (("sequences", {"first": "Pricing", "then": "Docs"}), "the other way round?", "sequences", {"first": "Docs", "then": "Pricing"}),
        (("timing", {"first": "Demo request"}), "and after the webinar?", "timing", {"first": "Webinar"}),
        (("anomalies", {"recent": 14}), "and in July?", "anomalies", {"from": "2026-07-01", "to": "2026-07-31"}),
        (("conversion_change", {"from": "2026-05-01", "to": "2026-05-31"}), "by device", "conversion_change", {"from": "2026-05-01", "to": "2026-05-31", "by": "device"}),
        (("customers", {"who": "dropped", "at": "Pricing"}), "and on mobile?", "customers", {"who": "dropped", "at": "Pricing", "where": MOBILE}),
        (("scores", {"top": 10}), "top 50", "scores", {"top": 50}),
        (("recommendations", {}), "and on mobile?", "recommendations", {"where": MOBILE}),
        (("drop_off_causes", {"at": "Pricing"}), "and for docs?", "drop_off_causes", {"at": "Docs"}),
        (("retention", {}), "by channel", "retention", {"by": "channel"}),
        (("overview", {"from": "2026-07-01", "to": "2026-07-31"}), "and the month before?", "overview", {"from": "2026-06-01", "to": "2026-06-30"}),
        (("overview", {"from": "2026-07-01", "to": "2026-07-31"}), "vs may", "conversion_change", {"from": "2026-07-01", "to": "2026-07-31", "against_from": "2026-05-01", "against_to": "2026-05-31"}),
        (("drop_off", {"at": "Pricing", "from": "2026-07-01", "to": "2026-07-31"}), "compared with may", "drop_off", {"at": "Pricing", "from": "2026-07-01", "to": "2026-07-31", "versus_from": "2026-05-01", "versus_to": "2026-05-31"}),
        # sides of a comparison
        (("drop_off", {"at": "Pricing", "where": MOBILE}), "vs desktop", "drop_off", {"at": "Pricing", "where": MOBILE, "versus": ("device = desktop",)}),
        (("overview", {"where": MOBILE}), "vs desktop", "segments", {"by": "device", "compare": ("mobile", "desktop")}),
        (("segments", {"by": "device", "compare": ("mobile", "desktop")}), "and tablet?", "segments", {"by": "device", "compare": ("mobile", "desktop", "tablet")}),
        # another subject
        (("flow", {"view": "around", "anchor": "Pricing", "where": MOBILE}), "and after docs?", "flow", {"view": "around", "anchor": "Docs", "where": MOBILE}),
        (("drop_off", {"where": MOBILE}), "on the pricing page?", "drop_off", {"at": "Pricing", "where": MOBILE}),
        # a funnel's own parts
        (("funnel", {"steps": ("Home", "Pricing")}), "within 7 days", "funnel", {"steps": ("Home", "Pricing"), "window": "7d"}),
        (("funnel", {"steps": ("Home", "Pricing")}), "per session", "funnel", {"steps": ("Home", "Pricing"), "per": "session"}),
        (("funnel", {"steps": ("Home", "Pricing")}), "add docs", "funnel", {"steps": ("Home", "Docs", "Pricing")}),
        (("funnel", {"steps": ("Home", "Docs", "Pricing")}), "without docs", "funnel", {"steps": ("Home", "Pricing")}),
        # turning and taking back
        (("overview", {"where": ("saw Case study",)}), "and without that?", "overview", {"where": ("not saw Case study",)}),
        (("overview", {"where": ("country = DE", "device = mobile")}), "remove the country filter", "overview", {"where": MOBILE}),
        (("drop_off", {"at": "Docs", "where": MOBILE, "from": "2026-07-01"}), "go back to everything", "drop_off", {"at": "Docs"}),
    ],
)  # fmt: skip
def test_a_follow_up_carries_over_what_was_asked(
    previous: tuple[str, dict[str, Any]], question: str, tool: str, arguments: dict[str, Any]
) -> None:
    made = after(CallPlan(*previous), question)
    assert evaluation.canonical(made.tool, made.arguments) == evaluation.canonical(tool, arguments)
    assert made.tool == tool


def test_why_leads_to_what_goes_with_leaving_and_claims_no_cause() -> None:
    made = after(CallPlan("flow", {"view": "around", "anchor": "Pricing"}), "why?")
    assert (made.tool, made.arguments["at"]) == ("drop_off_causes", "Pricing")
    deeper = plan("but why?", vocabulary=COMPANY, previous=made)
    assert isinstance(deeper, AskBack)
    assert "can't tell causes" in deeper.text
    assert [after(made, choice).tool for choice in deeper.choices] == [
        "customers",
        "recommendations",
    ]


def test_why_after_a_funnel_asks_at_which_step() -> None:
    previous = CallPlan("funnel", {"steps": ("Home", "Pricing", "Docs"), "where": MOBILE})
    made = plan("why?", vocabulary=COMPANY, previous=previous)
    assert isinstance(made, AskBack)
    assert made.choices == (
        "Why do people leave after Home?",
        "Why do people leave after Pricing?",
    )


def test_a_whole_new_question_carries_nothing_over() -> None:
    previous = CallPlan("drop_off", {"at": "Pricing", "where": MOBILE, "from": "2026-07-01"})
    made = after(previous, "Which channel converts best?")
    assert (made.tool, dict(made.arguments)) == ("segments", {"by": "channel", "want": "best"})
    assert dict(after(previous, "Which paths convert best?").arguments) == {}


def test_a_pronoun_carries_the_people_over() -> None:
    previous = CallPlan("drop_off", {"at": "Pricing", "where": MOBILE})
    made = after(previous, "how many of them convert?")
    assert made.tool == "overview"
    assert made.arguments["where"] == ("device = mobile", "saw Pricing")


def test_who_they_are_is_told_by_segment() -> None:
    made = after(CallPlan("drop_off", {"at": "Pricing"}), "who are they?")
    assert made.arguments["by"] in COMPANY.segments
    assert "I can list them" in made.understood


def test_what_it_cannot_do_is_declined_after_a_question_too() -> None:
    previous = CallPlan("overview", {})
    for text in ("and next month?", "email it to my boss", "per week?"):
        made = plan(text, vocabulary=COMPANY, previous=previous)
        assert isinstance(made, Decline), (text, made)


def test_a_follow_up_without_a_question_before_it_is_read_by_itself() -> None:
    made = plan("and on mobile?", vocabulary=COMPANY)
    assert isinstance(made, CallPlan)
    assert made.arguments == {"where": MOBILE}
    assert isinstance(plan("why?", vocabulary=COMPANY), Decline)
