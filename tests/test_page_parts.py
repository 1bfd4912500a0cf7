"""The page's parts that need no page: tasks, texts, charts, settings."""

import threading

import pytest

from assistant.answer import Answer
from tools.analyses.result import Fact
from tools.errors import InvalidArgumentError
from tools.ingest import Progress
from ui.answers import bold_first
from ui.charts import PICKED, fit_labels, make_clickable, picked
from ui.computed import facts_frame
from ui.edge import plain
from ui.intake import pace
from ui.launch import settings
from ui.segment import VISITED, written
from ui.tasks import Task


def test_a_task_can_be_followed_from_the_start_by_everyone_who_comes_later() -> None:
    go = threading.Event()

    def work(report: object) -> str:
        assert callable(report)
        report(1)
        go.wait(10)
        report(2)
        return "done"

    task: Task[int, str] = Task("a question", work)
    assert next(task.follow()) == 1
    go.set()
    assert list(task.follow()) == [1, 2]
    assert list(task.follow()) == [1, 2]
    assert task.finished
    assert task.result() == "done"


def test_what_a_task_raises_is_raised_to_whoever_asks_for_its_result() -> None:
    def work(_: object) -> str:
        raise KeyError("x")

    task: Task[int, str] = Task("a question", work)
    assert list(task.follow()) == []
    with pytest.raises(KeyError):
        task.result()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "It is 2.5 times as much. The rest follows.",
            "**It is 2.5 times as much.** The rest follows.",
        ),
        ("**Bold already.** More.", "**Bold already.** More."),
        ("Counted:\n\n- one\n- two", "**Counted:**\n\n- one\n- two"),
        ("No end", "**No end**"),
    ],
)
def test_only_the_first_sentence_is_bold(text: str, shown: str) -> None:
    assert bold_first(Answer("?", text)) == shown


def test_text_from_data_makes_no_formula_link_picture_or_colour() -> None:
    assert plain("$5 ~x~ ![a](http://b) :red[c]") == "\\$5 \\~x\\~ !\\[a]\\(http://b) \\:red[c]"
    assert plain("47 % of all") == "47\N{NO-BREAK SPACE}% of all"


def test_a_click_is_named_as_the_charts_questions_name_it() -> None:
    group = {"series_index": 0, "data_type": "node", "data_indices": [3]}
    assert picked({"selection": {"selected": [group], "areas": []}}) == ["node:3"]
    assert picked({"selection": {"selected": [{**group, "data_type": "edge"}]}}) == ["edge:3"]
    assert picked({"selection": {PICKED: [{"channel": "Email"}]}}) == ["Email"]
    assert picked(None) == []


def test_a_chart_is_clickable_over_the_field_that_its_questions_name() -> None:
    spec = {
        "data": {"values": [{"n": 1, "channel": "Email"}]},
        "layer": [{"mark": "rule"}, {"mark": "point"}],
    }
    assert make_clickable(spec, {"Email": "Who?"})
    top = spec["layer"][1]  # type: ignore[index]
    assert top["params"][0]["select"]["fields"] == ["channel"]
    assert not make_clickable({"data": {"values": [{"n": 1}]}, "mark": "bar"}, {"Email": "Who?"})


def test_long_axis_labels_leave_room_on_a_phone() -> None:
    spec = {"encoding": {"y": {"axis": {"labelLimit": 420}}}}
    fit_labels(spec)
    assert spec["encoding"]["y"]["axis"]["labelLimit"] == {
        "expr": "min(420, 0.4 * containerSize()[0])"
    }  # type: ignore[comparison-overlap]


def test_facts_read_with_their_base_and_interval() -> None:
    frame = facts_frame(
        (
            Fact("a", "Conversion", 0.25, "rate", 10, 40, 0.14, 0.40),
            Fact("b", "Lift", None, "ratio"),
            Fact("c", "Difference", -0.031, "difference"),
        )
    )
    assert list(frame["Value"]) == ["25 %", "undefined", "\N{MINUS SIGN}3.1 percentage points"]
    assert list(frame["Of"]) == ["10 of 40", "", ""]
    assert list(frame["95 % interval"]) == ["14 % to 40 %", "", ""]


def test_an_import_says_how_far_it_is_and_how_long_it_takes() -> None:
    half_of_the_second_of_two = Progress("b.csv", "writing", 500, 1000, 1, 2, 30.0)
    assert pace(half_of_the_second_of_two) == (
        0.75,
        "b.csv: writing, 1,000 rows, about 10 seconds left",
    )
    assert pace(Progress("b.csv", "done", 1000, 1000, 1, 2, 40.0))[0] == 1.0
    assert pace("Making it ...") == (0.0, "Making it ...")


def test_a_filter_reads_as_questions_take_it() -> None:
    assert written(VISITED, "saw", ("Pricing",)) == "saw Pricing"
    assert written("channel", "!=", ("Email", "Direct")) == "channel != Email | Direct"
    with pytest.raises(InvalidArgumentError):
        written("city", "=", ("Zurich, CH",))


def test_the_page_sends_no_statistics_and_shows_no_traces() -> None:
    flags = settings()
    assert flags["browser_gatherUsageStats"] is False
    assert flags["client_showErrorDetails"] == "none"
    assert flags["logger_hideWelcomeMessage"] is True  # nor offers to install tools for coding
    assert flags["theme_primaryColor"] == "#2F6B4F"
