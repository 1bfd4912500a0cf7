import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import BUILT_IN, Answer, Context, Step
from assistant.assistant import Assistant
from assistant.settings import ModelSettings
from tests.openai_server import Reply, Script, model_server, silent_address, within
from tests.shop import Scripted, shop
from tools.store.workspace import Workspace

OVERVIEW = {"name": "overview", "arguments": '{"where": ["channel = email"]}', "id": "call_1"}
CALL = Reply(calls=(OVERVIEW,))
TRUE = Reply(
    text="**100 % of journeys from email convert**: 80 of 80 that are old enough to judge."
)
FALSE = Reply(text="93 % of journeys convert.")
QUICK = ModelSettings(
    model="scripted", timeout_seconds=1.5, total_seconds=6, retries=1, retry_wait_seconds=0.3
)
OVERALL = "33 % of those old enough to judge converted (80 of 240"
ASKS = pytest.mark.parametrize("streams", [True, False], ids=["streamed", "whole"])


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return shop(tmp_path_factory.mktemp("shop"))


class Asked:
    """An answer, and what the server was sent for it."""

    def __init__(self, answer: Answer, requests: list[dict[str, Any]], seconds: float) -> None:
        self.answer = answer
        self.requests = requests
        self.seconds = seconds


def ask(
    workspace: Workspace,
    script: Script,
    *,
    streams: bool = True,
    question: str = "How many buy?",
    settings: ModelSettings = QUICK,
    understanding: Scripted | None = None,
    context: Context = Context(),  # noqa: B008 - frozen
) -> Asked:
    if not streams and not callable(script):
        script = [replace(reply, refuses_stream=True) for reply in script]
    with model_server(script) as server:
        assistant = Assistant(
            workspace,
            replace(settings, base_url=server.url, api_key="secret-key"),
            understanding=understanding or Scripted(),
        )
        begun = time.monotonic()
        try:
            conversation = assistant.new_conversation()
            answer = assistant.ask(question, conversation=conversation, context=context)
        finally:
            assistant.close()
        return Asked(answer, server.requests, time.monotonic() - begun)


def is_by_built_in(answer: Answer, says: str) -> bool:
    """Whether the built-in analyst answered for the server, and the notice says why."""
    return (
        answer.kind == "answer"
        and answer.author == BUILT_IN
        and OVERALL in answer.text
        and says in (answer.notice or "")
        and "Traceback" not in answer.text + (answer.notice or "")
        and len(answer.exhibits) >= 1
    )


@ASKS
def test_a_good_server_answers_with_guarded_words(workspace: Workspace, *, streams: bool) -> None:
    asked = ask(workspace, [CALL, TRUE], streams=streams)
    assert asked.answer.text == TRUE.text
    assert (asked.answer.author, asked.answer.notice) == ("scripted", None)
    assert asked.answer.guard.verdict == "passed"
    assert asked.answer.tool_calls[0].arguments == {"where": ["channel = email"]}
    assert asked.answer.follow_ups
    assert asked.answer.exhibits[0].chart.spec


@ASKS
@pytest.mark.parametrize(
    ("calls", "arguments"),
    [
        pytest.param({"id": None}, None, id="no call id"),
        pytest.param({"arguments": {"where": ["channel = email"]}}, None, id="arguments as object"),
        pytest.param({"arguments": "{'where': ['channel = email'],}"}, None, id="python arguments"),
        pytest.param(
            {"arguments": '"{\\"where\\": [\\"channel = email\\"]}"'}, None, id="encoded twice"
        ),
        pytest.param({"arguments": ""}, {}, id="empty arguments"),
        pytest.param({"arguments": None}, {}, id="null arguments"),
        pytest.param({"name": "functions.overview"}, None, id="prefixed name"),
        pytest.param({"name": "Overview"}, None, id="name in capitals"),
        pytest.param({"name": "overviewoverview"}, None, id="doubled name"),
    ],
)
def test_calls_in_irregular_forms_are_repaired(
    workspace: Workspace,
    calls: dict[str, Any],
    arguments: dict[str, Any] | None,
    *,
    streams: bool,
) -> None:
    call = {**OVERVIEW, **calls}
    if call["id"] is None:
        del call["id"]
    script = [Reply(calls=(call,)), Reply(text="Email leads: it has 81 journeys.")]
    asked = ask(workspace, script, streams=streams)
    assert asked.answer.notice is None
    (made,) = asked.answer.tool_calls
    wanted = {"where": ["channel = email"]} if arguments is None else arguments
    assert (made.tool, made.arguments) == ("overview", wanted)
    sent = asked.requests[-1]["messages"]
    assert sent[-2]["tool_calls"][0]["id"] == sent[-1]["tool_call_id"] != ""


def test_a_name_repeated_in_each_piece_is_one_name(workspace: Workspace) -> None:
    asked = ask(workspace, [replace(CALL, name_in_each=True, pieces=5), TRUE])
    assert asked.answer.notice is None
    assert [call.tool for call in asked.answer.tool_calls] == ["overview"]


def test_two_calls_in_one_message_both_run(workspace: Workspace) -> None:
    second = {"name": "overview", "arguments": '{"where": "channel = ads"}', "id": "call_2"}
    text = "From email 100 % convert (80 of 80), from ads 0 %."
    asked = ask(workspace, [Reply(calls=(OVERVIEW, second)), Reply(text=text)])
    assert asked.answer.text == text
    assert len(asked.answer.exhibits) == 2


@ASKS
@pytest.mark.parametrize(
    "text",
    [
        '<tool_call>{"name": "overview", "arguments": {"where": ["channel = email"]}}</tool_call>',
        'Let me look.\n```json\n{"name": "overview", "parameters": {"where": "channel = email"}}\n```',
        '{"tool": "overview", "args": {"where": ["channel = email"]}}',
        '[TOOL_CALLS][{"name": "overview", "arguments": {"where": ["channel = email"]}}]',
        '<function=overview>{"where": ["channel = email"]}</function>',
        '<think>{"name": "overview"}</think>{"name":"overview","arguments":{"where":"channel = email"}}',
    ],
)
def test_a_call_written_as_text_is_a_call(
    workspace: Workspace, text: str, *, streams: bool
) -> None:
    asked = ask(workspace, [Reply(text=text), TRUE], streams=streams)
    assert asked.answer.text == TRUE.text
    assert len(asked.answer.tool_calls) == 1


@ASKS
@pytest.mark.parametrize(
    ("script", "says"),
    [
        pytest.param([Reply(status=429)], "too busy", id="429"),
        pytest.param(
            [Reply(status=429, headers={"Retry-After": "0.1"})], "too busy", id="429 wait"
        ),
        pytest.param(
            [Reply(status=429, headers={"Retry-After": "3600"})], "too busy", id="429 long wait"
        ),
        pytest.param([Reply(status=500)], "fault of its own (500)", id="500"),
        pytest.param([Reply(status=401)], "refused the key", id="wrong key"),
        pytest.param([Reply(status=404)], "does not know the model", id="unknown model"),
        pytest.param([Reply(status=400)], "refused the request", id="400"),
        pytest.param([Reply(wait=30)], "did not answer", id="slow"),
        pytest.param([replace(CALL, cut=True)], "broke off", id="cut off in a call"),
        pytest.param([CALL, replace(TRUE, cut=True)], "broke off", id="cut off in the text"),
        pytest.param([Reply(raw="<html><a href='x:y'>Login</a></html>")], "no chat", id="a page"),
        pytest.param([Reply()], "empty answer", id="empty"),
        pytest.param([Reply(text="<think>hm</think>")], "empty answer", id="only thought"),
        pytest.param([CALL], "kept asking", id="loop of calls"),
        pytest.param(
            [Reply(calls=({**OVERVIEW, "arguments": '{"where": ["channel = em'},))],
            "cannot be read",
            id="broken JSON",
        ),
        pytest.param(
            [Reply(text='<tool_call>{"name": "overv')], "cannot be read", id="broken text"
        ),
        pytest.param(
            [Reply(calls=({**OVERVIEW, "name": "sql"},))], "kept asking", id="unknown tool"
        ),
        pytest.param([FALSE], "no analysis gave", id="an invented number, no call"),
        pytest.param([Reply(text="Email is best.")], "without looking", id="no call, no number"),
        pytest.param([replace(TRUE, finish="length")], "cut short", id="length limit"),
    ],
)
def test_a_server_that_misbehaves_is_replaced_by_the_built_in_analyst(
    workspace: Workspace, script: list[Reply], says: str, *, streams: bool
) -> None:
    asked = ask(workspace, script, streams=streams)
    assert is_by_built_in(asked.answer, says), (asked.answer.text, asked.answer.notice)
    assert asked.seconds < 9


def test_a_server_that_is_not_there_is_replaced(workspace: Workspace) -> None:
    settings = replace(QUICK, base_url=silent_address())
    assistant = Assistant(workspace, settings, understanding=Scripted())
    answer = assistant.ask("How many buy?", conversation="refused")
    assistant.close()
    assert is_by_built_in(answer, "could not be reached")


def test_a_server_that_drips_ends_with_its_time(workspace: Workspace) -> None:
    slow = Reply(text="word " * 40, pieces=100, drip=0.1)
    asked = ask(workspace, [slow])
    assert is_by_built_in(asked.answer, "did not answer within 1.5 seconds")
    assert asked.seconds < 7


def test_all_calls_together_end_with_the_time_for_the_question(workspace: Workspace) -> None:
    settings = replace(QUICK, total_seconds=0.8, timeout_seconds=5)
    asked = ask(workspace, [replace(CALL, wait=0.3)], settings=settings)
    assert is_by_built_in(asked.answer, "")
    assert asked.seconds < 3


def test_a_busy_server_is_asked_again_after_the_time_it_names(workspace: Workspace) -> None:
    busy = Reply(status=429, headers={"Retry-After": "0.2"})
    asked = ask(workspace, [busy, CALL, TRUE])
    assert asked.answer.text == TRUE.text
    assert asked.seconds > 0.2


def test_a_server_that_refuses_temperature_is_asked_without(workspace: Workspace) -> None:
    script = [replace(reply, refuses_temperature=True) for reply in (CALL, TRUE)]
    asked = ask(workspace, script)
    assert asked.answer.text == TRUE.text
    assert sum("temperature" in request for request in asked.requests) == 1


@ASKS
def test_an_invented_number_is_repaired_once(workspace: Workspace, *, streams: bool) -> None:
    asked = ask(workspace, [CALL, FALSE, TRUE], streams=streams)
    assert asked.answer.text == TRUE.text
    assert asked.answer.guard.verdict == "repaired"
    assert asked.answer.guard.unmatched == ("93 %",)
    assert "93 %" in asked.requests[-1]["messages"][-1]["content"]


def test_a_number_invented_twice_is_replaced_by_the_templates_words(workspace: Workspace) -> None:
    asked = ask(workspace, [CALL, FALSE])
    assert "93" not in asked.answer.text
    assert asked.answer.text.startswith("**81 people made 81 journeys, and 100 % of")
    assert asked.answer.guard.verdict == "replaced"
    assert asked.answer.author == BUILT_IN
    assert "no analysis gave" in (asked.answer.notice or "")


def test_an_unknown_name_is_told_to_the_model_which_may_correct_itself(
    workspace: Workspace,
) -> None:
    wrong = {"name": "overview", "arguments": '{"where": "channel = emial"}', "id": "c"}
    asked = ask(workspace, [Reply(calls=(wrong,)), CALL, TRUE])
    assert asked.answer.text == TRUE.text
    assert "no channel 'emial'" in asked.requests[1]["messages"][-1]["content"]


def test_nothing_about_a_person_is_sent(workspace: Workspace) -> None:
    persons = {str(row[0]) for row in workspace.read().rows("SELECT person_id FROM person")}
    asking = {"name": "overview", "id": "a", "arguments": '{"where": "name = x"}'}
    narrow = {"name": "overview", "id": "b", "arguments": '{"minimum_group": 1}'}
    by_email = {"name": "overview", "id": "c", "arguments": '{"where": "email = ann"}'}
    asked = ask(
        workspace,
        [Reply(calls=(asking, narrow, by_email)), TRUE],
        question="What did ann3@example.com do?",
    )
    sent = json.dumps(asked.requests)
    assert "@" not in sent
    assert "Name of" not in sent
    assert "ann3" not in sent
    assert not any(person in sent for person in persons)
    assert not any("minimum_group" in call.arguments for call in asked.answer.tool_calls)


def test_the_key_is_sent_but_never_shown(workspace: Workspace) -> None:
    assert "secret-key" not in repr(replace(QUICK, api_key="secret-key"))
    asked = ask(workspace, [Reply(status=401)])
    assert "secret-key" not in asked.answer.text + (asked.answer.notice or "")


def test_text_of_the_data_cannot_close_its_fence(workspace: Workspace) -> None:
    asked = ask(workspace, [CALL, TRUE])
    for message in asked.requests[-1]["messages"]:
        if message["role"] == "tool":
            assert re.fullmatch(r"<data>[^<]*</data>", message["content"])


def test_the_sidebars_choice_holds_unless_the_model_names_the_same_field(
    workspace: Workspace,
) -> None:
    other = {"name": "overview", "id": "a", "arguments": '{"where": "plan = pro"}'}
    same = {"name": "overview", "id": "b", "arguments": '{"where": "channel = ads"}'}
    none = {"name": "overview", "id": "c", "arguments": '{"where": []}'}
    asked = ask(
        workspace,
        [Reply(calls=(other,)), Reply(calls=(same,)), Reply(calls=(none,)), Reply(text="Done.")],
        context=Context(where=("channel = email",)),
    )
    assert [call.arguments.get("where") for call in asked.answer.tool_calls] == [
        ["plan = pro", "channel = email"],
        ["channel = ads"],
        [],
    ]


def test_a_second_question_sends_the_first_answer_but_no_old_results(workspace: Workspace) -> None:
    with model_server([CALL, TRUE, Reply(text="As said, 80 of 80.")]) as server:
        settings = replace(QUICK, base_url=server.url)
        assistant = Assistant(workspace, settings, understanding=Scripted())
        conversation = assistant.new_conversation()
        assistant.ask("How many buy?", conversation=conversation)
        again = assistant.ask("Say it again", conversation=conversation)
        assistant.close()
        roles = [message["role"] for message in server.requests[-1]["messages"]]
    assert again.text == "As said, 80 of 80."
    assert again.guard.verdict == "passed"
    assert roles == ["system", "user", "assistant", "user"]


@ASKS
def test_stop_ends_the_question_at_once(workspace: Workspace, *, streams: bool) -> None:
    script = [Reply(wait=20, refuses_stream=not streams)]
    with model_server(script) as server:
        settings = replace(QUICK, base_url=server.url, timeout_seconds=20, total_seconds=20)
        assistant = Assistant(workspace, settings, understanding=Scripted())
        given: list[Answer] = []
        asking = threading.Thread(
            target=lambda: given.append(assistant.ask("How many?", conversation="stopped"))
        )
        asking.start()
        assert within(5, lambda: bool(server.requests))
        begun = time.monotonic()
        assistant.stop("stopped")
        asking.join(5)
        assert time.monotonic() - begun < 1
        assistant.close()
    assert given[0].kind == "stopped"
    assert given[0].guard.verdict == "nothing to check"


def test_no_text_is_shown_before_the_guard_has_read_it(workspace: Workspace) -> None:
    steps: list[Step] = []
    with model_server([CALL, FALSE, FALSE]) as server:
        settings = replace(QUICK, base_url=server.url)
        assistant = Assistant(workspace, settings, understanding=Scripted())
        answer = assistant.ask("How many?", conversation="shown", on_step=steps.append)
        assistant.close()
    assert [step.kind for step in steps[:2]] == ["status", "tool"]
    assert "".join(step.text for step in steps if step.kind == "text") == answer.text


def test_setting_a_journey_needs_no_server(tmp_path: Path) -> None:
    asked = ask(shop(tmp_path), [FALSE], question="goal")
    assert asked.requests == []
    assert "to pricing, within 30 days" in asked.answer.text


def spoken(body: Mapping[str, Any]) -> str:
    """Return the words of a model that reads the results it was sent, and adds nothing."""
    results = [json.loads(m["content"][6:-7]) for m in body["messages"] if m["role"] == "tool"]
    return " ".join([results[-1]["answer"], *results[-1]["support"]])


@ASKS
@pytest.mark.parametrize(
    ("question", "tool"),
    [
        ("What is our conversion rate?", "overview"),
        ("which paths convret best?", "paths"),
        ("Where do people go after pricing?", "flow"),
        ("How many get from home to pricing to buy?", "funnel"),
        ("where do we loose people", "drop_off"),
        ("Do channels convert differently?", "segments"),
    ],
)
def test_each_analysis_runs_through_the_agent(
    workspace: Workspace, question: str, tool: str, *, streams: bool
) -> None:
    alone = Assistant(workspace, ModelSettings())
    planned = alone.ask(question, conversation=alone.new_conversation())
    alone.close()
    (call,) = planned.tool_calls
    arguments = json.dumps(dict(call.arguments))

    def script(body: Mapping[str, Any]) -> Reply:
        if body["messages"][-1]["role"] == "tool":
            return Reply(text=spoken(body), refuses_stream=not streams)
        called = {"name": call.tool, "arguments": arguments, "id": "c"}
        return Reply(calls=(called,), refuses_stream=not streams)

    asked = ask(workspace, script, question=question)
    assert call.tool == tool
    assert [(c.tool, c.arguments) for c in asked.answer.tool_calls] == [(tool, call.arguments)]
    assert (asked.answer.author, asked.answer.notice) == ("scripted", None), asked.answer
    assert asked.answer.guard.verdict == "passed"


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    waiting = [t for t in threading.enumerate() if t.name == "model-server"]
    assert within(3, lambda: not any(thread.is_alive() for thread in waiting))
