"""The conversation: a question in, a grounded answer out."""

import logging
import re
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from threading import Lock
from typing import Any, TypeVar, cast

from langchain_core.messages import AnyMessage, HumanMessage
from langsmith import tracing_context

from assistant.agent import agent
from assistant.answer import Answer, Context, Step
from assistant.archive import Archive
from assistant.composing import TOOK_OVER, carried, composed, finding, previous_call
from assistant.definition import set_journey
from assistant.embedding import Embedding, hashed
from assistant.memory import Finding, Memory
from assistant.plan import CallPlan, SetJourney
from assistant.server import server_model
from assistant.settings import ModelSettings, load_embedding, load_settings
from assistant.situation import system_prompt
from assistant.toolbox import Turn
from assistant.understanding import Reader, Understanding
from assistant.watch import Watch
from tools.errors import JourneyError, NoDataError
from tools.journeys.touchpoints import touchpoints
from tools.store.door import Stopped, Store
from tools.store.workspace import Workspace

log = logging.getLogger(__name__)
Told = TypeVar("Told")
OnStep = Callable[[Step], None]
KEPT_IN_MIND = 6
"""Earlier answers of a conversation whose numbers may be said again."""
PIECE = re.compile(r"(?:\S+\s*){1,4}")
NO_DATA = (
    "There is no data here yet. Drop a file with events (who, when, what), "
    "or try the sample company; then ask me anything about it."
)
NO_QUESTION = "Ask me something about your customers' journeys."
STOPPED = "Stopped, as you asked."
BROKEN = (
    "Something went wrong inside Desirepath, and this question has no answer. "
    "The details are in the log."
)


class Assistant:
    """The assistant of one workspace; safe to use from several threads."""

    def __init__(
        self,
        workspace: Workspace,
        settings: ModelSettings | None = None,
        *,
        understanding: Understanding | None = None,
    ) -> None:
        """Stand on a workspace.

        Args:
            workspace: Its data, conversations, memory and settings.
            settings: The model; None: what environment and workspace settings say.
            understanding: How the built-in analyst reads questions.
        """
        self._workspace = workspace
        self._settings_fault: str | None = None
        self._settings = settings or self._load_settings()
        self._archive = Archive(workspace.conversations)
        self._memory = Memory(
            workspace.memory, embedding=self._load_embedding(), findings=self._past_findings
        )
        self._understanding = understanding or Reader(self._memory)
        self._running: dict[str, tuple[Watch, Store]] = {}
        self._guard = Lock()

    def ask(
        self,
        question: str,
        *,
        conversation: str,
        context: Context = Context(),  # noqa: B008 - frozen
        on_step: OnStep | None = None,
    ) -> Answer:
        """Answer a question; a fault becomes a clear sentence, never an exception.

        Args:
            question: In the user's words.
            conversation: Its id, from `new_conversation` or `conversations`.
            context: What the page's sidebar has chosen.
            on_step: Called in this thread with each step, and with the guarded text in pieces.
        """
        step = on_step or (lambda _: None)
        try:
            answer = self._answer(question.strip(), conversation, context, step)
            if answer.kind != "stopped":
                for piece in PIECE.findall(answer.text):
                    step(Step("text", piece))
        except Exception:
            log.exception("the question %r has no answer", question)
            answer = Answer(question, BROKEN, kind="error")
        return answer

    def stop(self, conversation: str) -> None:
        """Stop the question that a conversation is working on; nothing happens when there is none."""
        with self._guard:
            running = self._running.get(conversation)
        if running:
            watch, store = running
            watch.stop()
            store.interrupt()

    def new_conversation(self) -> str:
        """Return the id of a conversation to begin; it is kept once it has an answer."""
        return uuid.uuid4().hex

    def conversations(self) -> tuple[tuple[str, str, datetime], ...]:
        """Return every conversation's id, title and last time (UTC), newest first."""
        return self._archive.conversations()

    def history(self, conversation: str) -> tuple[Answer, ...]:
        """Return a conversation's answers, oldest first."""
        return self._archive.history(conversation)

    def suggestions(
        self,
        context: Context = Context(),  # noqa: B008 - frozen
    ) -> tuple[str, ...]:
        """Return first questions that the data can answer; none without data."""
        try:
            return self._understanding.suggestions(self._workspace.read(), context)
        except JourneyError:
            return ()

    def close(self) -> None:
        """Finish what runs in the background; a process that ends calls this first."""
        self._memory.close()

    def _answer(self, question: str, conversation: str, context: Context, step: OnStep) -> Answer:
        if not question:
            return Answer("", NO_QUESTION, kind="declined", follow_ups=self.suggestions(context))
        try:
            store = self._workspace.read()
            with self._under_way(conversation, store) as watch:
                answer = self._worked_out(question, conversation, context, step, store, watch)
        except Stopped:
            answer = Answer(question, STOPPED, kind="stopped")
        except NoDataError as fault:
            answer = Answer(question, str(fault), kind="declined")
        except JourneyError as fault:
            answer = Answer(question, str(fault), kind="error")
        if answer.kind == "error" and not answer.follow_ups:
            answer = replace(answer, follow_ups=self.suggestions(context)[:3])
        answer = self._with_notice(answer)
        self._keep(conversation, answer)
        return answer

    def _worked_out(
        self,
        question: str,
        conversation: str,
        context: Context,
        step: OnStep,
        store: Store,
        watch: Watch,
    ) -> Answer:
        events = int(str(store.value("SELECT count(*) FROM event")))
        if not events:
            raise NoDataError(NO_DATA)
        step(Step("status", f"Reading {events:,} events"))
        history = self._read(partial(self._archive.history, conversation, last=KEPT_IN_MIND)) or ()
        previous = previous_call(history)
        plan = self._understanding.plan(store, question, previous=previous, context=context)
        plan = carried(plan, question, history)
        if isinstance(plan, SetJourney):
            step(Step("status", "Building the journeys"))
            text = set_journey(self._workspace, plan)
            return Answer(question, text, follow_ups=self.suggestions(context)[:3])
        turn = Turn(
            question,
            store,
            watch,
            plan,
            settings=self._settings,
            context=context,
            past=tuple(shown for answer in history for shown in answer.exhibits),
            names=tuple(label for _, label in touchpoints(store)),
            by_server=not self._settings.is_built_in,
        )
        recalled = self._memory.recall(question, outside=conversation)
        text = self._run(turn, conversation, previous, recalled, step)
        self._understanding.refresh(store)
        repeated = next((found for found in recalled if found.is_repeat), None)
        return composed(turn, text, repeated)

    def _run(
        self,
        turn: Turn,
        conversation: str,
        previous: CallPlan | None,
        recalled: tuple[Finding, ...],
        step: OnStep,
    ) -> str:
        """Run the agent; return its last message's text, which the guard has let pass."""
        server, prompt = None, ""
        messages: list[AnyMessage] = []
        if turn.by_server:
            server = server_model(turn.settings, turn.watch)
            asked_before = [f"{found.on}: {found.question} {found.sentence}" for found in recalled]
            prompt = system_prompt(turn.store, turn.context, previous, asked_before)
            messages = self._read(partial(self._archive.messages, conversation)) or []
        graph = agent(turn, server, system_prompt=prompt)
        text = ""
        limit = 2 * (turn.settings.model_calls + 8)
        with tracing_context(enabled=False):
            happened = graph.stream(
                {"messages": [*messages, HumanMessage(turn.question)]},
                {"recursion_limit": limit},
                stream_mode=["custom", "updates"],
            )
            for kind, told in cast("Iterator[tuple[str, Any]]", happened):
                if kind == "custom":
                    step(told)
                elif "model" in told:
                    text = str(told["model"]["messages"][-1].text)
        turn.watch.check()
        return text

    @contextmanager
    def _under_way(self, conversation: str, store: Store) -> Iterator[Watch]:
        watch = Watch(self._settings.total_seconds)
        with self._guard:
            self._running[conversation] = (watch, store)
        try:
            yield watch
        finally:
            with self._guard:
                self._running.pop(conversation, None)

    def _with_notice(self, answer: Answer) -> Answer:
        if self._settings_fault and not answer.notice:
            return replace(answer, notice=f"{self._settings_fault} {TOOK_OVER}")
        return answer

    def _read(self, read: Callable[[], Told]) -> Told | None:
        """Read of the conversation; where the file cannot be read, the question stands alone."""
        try:
            return read()
        except (sqlite3.Error, OSError, ValueError, KeyError):
            log.exception("%s cannot be read", self._workspace.conversations)
            return None

    def _keep(self, conversation: str, answer: Answer) -> None:
        """Keep an answer; where the file cannot be written, the answer is given all the same."""
        try:
            self._archive.keep(conversation, answer)
            self._archive.add_messages(conversation, answer.question, answer.text)
        except (sqlite3.Error, OSError):
            log.exception("the conversation could not be kept in %s", self._workspace.conversations)
        if answer.tool_calls and answer.kind == "answer":
            now = datetime.now(UTC)
            self._memory.remember(finding(conversation, answer.question, answer.text, now))

    def _past_findings(self) -> Iterator[Finding]:
        for conversation, question, text, when in self._archive.findings():
            yield finding(conversation, question, text, when)

    def _load_embedding(self) -> Embedding:
        try:
            return load_embedding(self._workspace)
        except JourneyError as fault:
            log.warning("the memory falls back on the hashing function: %s", fault)
            return hashed()

    def _load_settings(self) -> ModelSettings:
        try:
            return load_settings(self._workspace)
        except JourneyError as fault:
            self._settings_fault = str(fault)
            return ModelSettings()
