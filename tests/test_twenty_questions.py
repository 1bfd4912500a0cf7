"""The twenty questions that the product must answer, on real tables: alone, and through a server."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.settings import ModelSettings
from prompts.questions import HeldOut, held_out
from tests.openai_server import Reply
from tests.test_assistant_server import ask, spoken
from tools.connectors.contract import ImportOptions
from tools.journeys.intake import take_in
from tools.sample.company import generate
from tools.store.workspace import Workspace

SHOWN = [held for held in held_out() if held.shown]
OF_THE_COMPANY = [held for held in SHOWN if held.data == "company" and held.tool and not held.after]
PATIENT = ModelSettings(model="scripted", timeout_seconds=5, total_seconds=20, retries=0)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("company")
    generate(folder / "exports", persons=2000)
    workspace = Workspace(folder / "workspace")
    now = datetime.now(UTC).replace(tzinfo=None)
    take_in(
        workspace, [folder / "exports"], ImportOptions(), loaded_at=now, progress=lambda _: None
    )
    return workspace


def test_there_are_twenty() -> None:
    assert len(SHOWN) == 20
    assert len(OF_THE_COMPANY) >= 12


@pytest.mark.parametrize("held", OF_THE_COMPANY, ids=lambda held: held.ask)
def test_a_question_is_answered_alone_and_the_same_through_a_server(
    company: Workspace, held: HeldOut
) -> None:
    alone = Assistant(company, ModelSettings())
    answer = alone.ask(held.ask, conversation=alone.new_conversation())
    alone.close()
    assert answer.kind == "answer", answer.text
    (call,) = answer.tool_calls
    assert call.tool == held.tool
    assert answer.guard.verdict == "passed"
    assert answer.text.startswith("**")
    assert len(answer.follow_ups) in {2, 3}

    def script(body: Mapping[str, Any]) -> Reply:
        if body["messages"][-1]["role"] == "tool":
            return Reply(text=spoken(body))
        arguments = json.dumps(dict(call.arguments))
        return Reply(calls=({"name": call.tool, "arguments": arguments, "id": "c"},))

    through = ask(company, script, question=held.ask, settings=PATIENT).answer
    assert (through.author, through.notice) == ("scripted", None)
    assert through.guard.verdict == "passed"
    assert [fact.value for fact in through.exhibits[0].facts] == [
        fact.value for fact in answer.exhibits[0].facts
    ]
