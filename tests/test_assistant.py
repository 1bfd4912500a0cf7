import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import BUILT_IN, Context, Step, answer_from_json, answer_to_json
from assistant.assistant import Assistant
from assistant.plan import CallPlan, Plan
from assistant.settings import ModelSettings
from tests.openai_server import within
from tests.shop import Scripted, shop
from tools import catalog
from tools.analyses.result import Result
from tools.errors import WorkspaceBusyError
from tools.narration.words import Narration
from tools.store.door import Store
from tools.store.workspace import Workspace

BUILT_IN_ONLY = ModelSettings()
OVERALL = "**241 people made 241 journeys, and 33 % of those old enough to judge converted (80 of 240, half of them within"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture
def assistant(workspace: Workspace) -> Iterator[Assistant]:
    told = Assistant(workspace, BUILT_IN_ONLY, understanding=Scripted())
    yield told
    told.close()


def test_an_answer_has_its_sentence_exhibit_calls_and_follow_ups(assistant: Assistant) -> None:
    answer = assistant.ask("How many buy?", conversation=assistant.new_conversation())
    assert answer.text.startswith(OVERALL)
    assert (answer.kind, answer.author, answer.notice) == ("answer", BUILT_IN, None)
    assert answer.exhibits[0].analysis == answer.tool_calls[0].tool == "overview"
    assert answer.guard.verdict == "passed"
    assert answer.guard.numbers >= 8
    assert 2 <= len(answer.follow_ups) <= 3
    assert answer_from_json(answer_to_json(answer)) == answer


def test_the_steps_are_told_in_the_asking_thread(assistant: Assistant) -> None:
    steps: list[tuple[Step, str]] = []
    answer = assistant.ask(
        "How many buy?",
        conversation=assistant.new_conversation(),
        on_step=lambda step: steps.append((step, threading.current_thread().name)),
    )
    assert [step for step, _ in steps[:2]] == [
        Step("status", "Reading 441 events"),
        Step("tool", "Counting people and journeys"),
    ]
    assert "".join(step.text for step, _ in steps if step.kind == "text") == answer.text
    assert {name for _, name in steps} == {threading.current_thread().name}


def test_how_a_misspelt_question_was_read_stands_at_the_end(assistant: Assistant) -> None:
    answer = assistant.ask("from ads", conversation=assistant.new_conversation())
    assert answer.text.endswith("I read 'adz' as ads.*")
    assert answer.tool_calls[0].arguments == {"where": ["channel = ads"]}


def test_an_ambiguous_question_is_asked_back_with_choices(assistant: Assistant) -> None:
    answer = assistant.ask("ask back", conversation=assistant.new_conversation())
    assert (answer.kind, answer.text) == ("question_back", "Which one?")
    assert answer.choices == ("How many buy?", "How many leave?")
    assert answer.exhibits == ()


def test_what_cannot_be_answered_is_declined_with_the_nearest(assistant: Assistant) -> None:
    answer = assistant.ask("decline", conversation=assistant.new_conversation())
    assert (answer.kind, answer.follow_ups) == ("declined", ("How many buy?",))


def test_small_talk_is_answered(assistant: Assistant) -> None:
    answer = assistant.ask("thanks", conversation=assistant.new_conversation())
    assert (answer.kind, answer.text) == ("answer", "You are welcome.")


def test_a_call_that_does_not_fit_the_data_is_told_in_its_sentence(assistant: Assistant) -> None:
    answer = assistant.ask("unknown", conversation=assistant.new_conversation())
    assert answer.kind == "error"
    assert answer.text.startswith("where: no channel 'nowhere'.")
    assert answer.follow_ups == ("How many buy?",)


def test_an_empty_question_is_asked_for(assistant: Assistant) -> None:
    assert assistant.ask("  ", conversation="x").kind == "declined"


def test_a_follow_up_knows_the_last_analysis(workspace: Workspace) -> None:
    scripted = Scripted()
    assistant = Assistant(workspace, BUILT_IN_ONLY, understanding=scripted)
    conversation = assistant.new_conversation()
    for question in ("from ads", "ask back", "and by email?"):
        assistant.ask(question, conversation=conversation)
    assistant.close()
    assert scripted.asked[-1][1] == CallPlan("overview", {"where": ["channel = ads"]})


def test_conversations_persist_across_assistants(workspace: Workspace) -> None:
    first = Assistant(workspace, BUILT_IN_ONLY, understanding=Scripted())
    conversation = first.new_conversation()
    told = [first.ask(q, conversation=conversation) for q in ("How many buy?", "from ads")]
    first.close()
    second = Assistant(workspace, BUILT_IN_ONLY, understanding=Scripted())
    assert second.history(conversation) == tuple(told)
    newest = second.conversations()[0]
    assert newest[:2] == (conversation, "How many buy?")
    second.close()


def test_two_threads_can_ask_at_once(workspace: Workspace) -> None:
    assistant = Assistant(workspace, BUILT_IN_ONLY, understanding=Scripted())
    told: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: told.append(
                assistant.ask("How many buy?", conversation=assistant.new_conversation()).text
            )
        )
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assistant.close()
    assert len(told) == 6
    assert all(text.startswith(OVERALL) for text in told)


def test_old_states_of_a_conversation_are_not_kept(workspace: Workspace) -> None:
    assistant = Assistant(workspace, BUILT_IN_ONLY, understanding=Scripted())
    conversation = assistant.new_conversation()
    for _ in range(4):
        assistant.ask("How many buy?", conversation=conversation)
    assistant.close()
    connection = sqlite3.connect(workspace.conversations)
    (kept,) = connection.execute(
        "SELECT count(*) FROM checkpoints WHERE thread_id = ?", (conversation,)
    ).fetchone()
    connection.close()
    assert kept == 1


def test_a_damaged_conversations_file_is_set_aside(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    workspace.conversations.write_bytes(b"no database at all" * 100)
    assistant = Assistant(workspace, BUILT_IN_ONLY, understanding=Scripted())
    assert assistant.conversations() == ()
    assert assistant.ask("How many buy?", conversation="a").kind == "answer"
    assistant.close()
    assert list(tmp_path.glob("conversations.damaged-*"))


def test_an_empty_workspace_gets_a_friendly_answer(tmp_path: Path) -> None:
    assistant = Assistant(Workspace(tmp_path / "new"), BUILT_IN_ONLY)
    answer = assistant.ask("How many buy?", conversation="a")
    assert answer.kind == "declined"
    assert "no data here yet" in answer.text
    assert assistant.suggestions() == ()
    assistant.close()


def test_a_damaged_workspace_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text("what?")
    assistant = Assistant(Workspace(tmp_path), BUILT_IN_ONLY)
    answer = assistant.ask("How many buy?", conversation="a")
    assistant.close()
    assert answer.kind == "error"
    assert "number of a generation" in answer.text


def test_a_journey_is_set_by_a_sentence(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    assistant = Assistant(workspace, BUILT_IN_ONLY, understanding=Scripted())
    answer = assistant.ask("goal", conversation="a")
    assert answer.text == (
        "Done. From the first touch to pricing, within 30 days; over when nothing happens for "
        "more than 30 days. That makes 281 journeys."
    )
    assert "120 of 280" in assistant.ask("How many?", conversation="a").text
    wrong = assistant.ask("wrong goal", conversation="a")
    assert (wrong.kind, wrong.text[:27]) == ("error", "end: no touchpoint 'nowhere")
    assistant.close()


def test_a_journey_cannot_be_set_while_another_process_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = shop(tmp_path)

    def busy() -> None:
        raise WorkspaceBusyError("another process (pid 1) is writing")

    monkeypatch.setattr(workspace, "write", busy)
    assistant = Assistant(workspace, BUILT_IN_ONLY, understanding=Scripted())
    answer = assistant.ask("goal", conversation="a")
    assistant.close()
    assert (answer.kind, answer.text) == ("error", "another process (pid 1) is writing")


class Broken(Scripted):
    def plan(
        self, store: Store, question: str, *, previous: CallPlan | None, context: Context
    ) -> Plan:
        del store, question, previous, context
        raise RuntimeError("a fault of our own")


def test_a_fault_of_our_own_is_logged_and_said_plainly(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    assistant = Assistant(workspace, BUILT_IN_ONLY, understanding=Broken())
    answer = assistant.ask("How many buy?", conversation="a")
    assistant.close()
    assert answer.kind == "error"
    assert "RuntimeError" not in answer.text
    assert "a fault of our own" in caplog.text


class Slow(Scripted):
    """Starts a query that takes for ever."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()

    def plan(
        self, store: Store, question: str, *, previous: CallPlan | None, context: Context
    ) -> Plan:
        self.begun.set()
        store.rows(
            "SELECT count(*) FROM range(10000000) a, range(1000000) b WHERE a.range < b.range"
        )
        return super().plan(store, question, previous=previous, context=context)


def test_stop_ends_a_running_query(workspace: Workspace) -> None:
    slow = Slow()
    assistant = Assistant(workspace, BUILT_IN_ONLY, understanding=slow)
    told: list[str] = []
    asking = threading.Thread(
        target=lambda: told.append(assistant.ask("How many?", conversation="long").kind)
    )
    asking.start()
    assert slow.begun.wait(10)
    stops = iter(lambda: assistant.stop("long"), 1)
    assert within(5, lambda: next(stops) is None and not asking.is_alive())
    asking.join()
    assistant.close()
    assert told == ["stopped"]


def test_stopping_what_does_not_run_does_nothing(assistant: Assistant) -> None:
    assistant.stop("nothing")


def test_the_planner_answers_the_shops_questions(workspace: Workspace) -> None:
    assistant = Assistant(workspace, BUILT_IN_ONLY)
    conversation = assistant.new_conversation()
    asked = {
        "What is our conversion rate?": "overview",
        "Where do people drop off?": "drop_off",
        "How do channels compare?": "segments",
        "which paths convret best": "paths",
    }
    for question, tool in asked.items():
        answer = assistant.ask(question, conversation=conversation)
        assert [call.tool for call in answer.tool_calls] == [tool], answer.text
        assert answer.guard.verdict == "passed", answer.text
    assert assistant.suggestions()
    assistant.close()


def test_what_was_asked_before_is_told_in_another_conversation(tmp_path: Path) -> None:
    assistant = Assistant(shop(tmp_path), BUILT_IN_ONLY, understanding=Scripted())
    assistant.ask("How many people buy in our shop?", conversation="a")
    assistant._memory.settle()
    again = assistant.ask("How many people buy in our shop?", conversation="b")
    assistant.close()
    assert "You asked this before, on " in again.text


def test_a_template_that_says_what_no_fact_holds_loses_that_sentence(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    overview = catalog.CATALOG["overview"]

    def narrate(result: Result[Any]) -> Narration:
        told = overview.narrate(result)
        return replace(told, support=(*told.support, "Tomorrow 77 % will."))

    monkeypatch.setitem(catalog.CATALOG, "overview", replace(overview, narrate=narrate))
    assistant = Assistant(workspace, BUILT_IN_ONLY, understanding=Scripted())
    answer = assistant.ask("How many buy?", conversation="t")
    assistant.close()
    assert answer.text.startswith(OVERALL)
    assert "77" not in answer.text
    assert (answer.guard.verdict, answer.guard.unmatched) == ("replaced", ("77 %",))
    assert "a narration says what no fact holds" in caplog.text


def test_an_answer_is_given_where_it_cannot_be_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    workspace = shop(tmp_path)
    connection = sqlite3.connect(workspace.conversations)
    connection.execute("CREATE TABLE answer (something_else TEXT)")
    connection.close()
    assistant = Assistant(workspace, BUILT_IN_ONLY, understanding=Scripted())
    assert assistant.ask("How many buy?", conversation="a").text.startswith(OVERALL)
    assistant.close()
    assert "could not be kept" in caplog.text


def test_a_process_that_ends_at_once_does_not_wait_for_the_memory(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    first = Assistant(workspace, BUILT_IN_ONLY, understanding=Scripted())
    first.ask("How many buy?", conversation="a")
    first.close()
    assert not workspace.memory.exists()
    later = Assistant(workspace, BUILT_IN_ONLY, understanding=Scripted())
    later._memory.vocabulary_matches("anything")
    (found,) = later._memory.recall("How many buy?", outside="b")
    later.close()
    assert found.conversation == "a"
