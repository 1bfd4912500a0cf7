"""What the page's tests stand on: a loaded workspace, the page in AppTest, a scripted assistant."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.answer import Answer, Context, Step
from tests.company import START
from tools.connectors.contract import ImportOptions
from tools.journeys.intake import take_in
from tools.store.workspace import Workspace
from ui.launch import WORKSPACE_VARIABLE

APP = Path(__file__).parents[1] / "ui" / "app.py"
PATHS = (
    ("Home", "Pricing", "Signup"),
    ("Home", "Pricing"),
    ("Home", "Docs", "Pricing", "Signup"),
    ("Blog", "Home"),
)
CHANNELS = ("Email", "Organic", "Paid")


def events_csv(persons: int = 160) -> str:
    """Return a small event log: every fourth person walks the same path; half of them sign up."""
    lines = ["user_id,timestamp,event,channel"]
    for person in range(persons):
        at = START + timedelta(days=person % 90)
        for touchpoint in PATHS[person % len(PATHS)]:
            lines.append(f"u{person},{at:%Y-%m-%d %H:%M:%S},{touchpoint},{CHANNELS[person % 3]}")
            at += timedelta(hours=3)
    return "\n".join(lines) + "\n"


def loaded(folder: Path, text: str | None = None) -> Workspace:
    """Return a workspace that holds the small event log."""
    file = folder / "events.csv"
    file.write_text(text or events_csv(), encoding="utf-8")
    workspace = Workspace(folder / "workspace")
    take_in(workspace, [file], ImportOptions(), loaded_at=START, progress=lambda _: None)
    return workspace


def open_page(monkeypatch: pytest.MonkeyPatch, workspace: Path) -> AppTest:
    """Return the page on a workspace, as it is when it has just been opened."""
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(workspace))
    page = AppTest.from_file(str(APP), default_timeout=60)
    return page.run()


def ask(page: AppTest, question: str) -> AppTest:
    """Type a question and wait for its answer."""
    page.chat_input(key="question").set_value(question)
    return page.run()


def words(page: AppTest) -> str:
    """Return everything that the page says."""
    return "\n".join(str(part.value) for part in (*page.title, *page.markdown, *page.caption))


def labels(page: AppTest) -> list[str]:
    """Return the labels of all buttons."""
    return [button.label for button in page.button]


class ScriptedAssistant:
    """Answers as its script says; keeps what it was asked."""

    def __init__(self, script: Callable[[str], Answer]) -> None:
        self.script = script
        self.asked: list[tuple[str, Context]] = []
        self.stopped = threading.Event()

    def ask(
        self,
        question: str,
        *,
        conversation: str,
        context: Context,
        on_step: Callable[[Step], None],
    ) -> Answer:
        self.asked.append((question, context))
        self.conversation = conversation
        on_step(Step("status", "Reading 4 events"))
        answer = self.script(question)
        on_step(Step("text", answer.text))
        return answer

    def stop(self, _: str) -> None:
        self.stopped.set()

    def new_conversation(self) -> str:
        return "a-conversation"

    def conversations(self) -> tuple[tuple[str, str, datetime], ...]:
        return ()

    def history(self, _: str) -> tuple[Answer, ...]:
        return ()

    def suggestions(self, _: Context) -> tuple[str, ...]:
        return ("How many people convert?",)


def scripted(monkeypatch: pytest.MonkeyPatch, script: Callable[[str], Answer]) -> ScriptedAssistant:
    """Put a scripted assistant in the page's place for its own."""
    assistant = ScriptedAssistant(script)
    monkeypatch.setattr("ui.session.assistant", lambda: assistant)
    return assistant
