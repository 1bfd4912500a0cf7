"""Conversations on disk: LangGraph's messages for the model, whole answers for the page."""

import contextlib
import json
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, MessagesState, StateGraph

from assistant.answer import Answer, answer_from_json, answer_to_json

log = logging.getLogger(__name__)
BUSY_SECONDS = 30.0
TITLE_LENGTH = 80
SCHEMA = """
CREATE TABLE IF NOT EXISTS answer (
    answer_id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL,
    answered_at TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS answer_conversation ON answer (conversation, answer_id);
"""


class Archive:
    """The conversations of a workspace; safe across threads and processes."""

    def __init__(self, path: Path) -> None:
        """Name the SQLite file; it is created by the first answer."""
        self._path = path

    def messages(self, conversation: str) -> list[AnyMessage]:
        """Return what was asked and answered, as a model reads it; whole pairs only."""
        with self._thread(conversation) as (graph, config):
            told: list[AnyMessage] = graph.get_state(config).values.get("messages", [])
            return told

    def add_messages(self, conversation: str, question: str, text: str) -> None:
        """Add a question and its answer to what a model reads, and drop older states."""
        pair = [HumanMessage(question), AIMessage(text)]
        with self._thread(conversation) as (graph, config):
            graph.update_state(config, {"messages": pair}, as_node="answer")
        self._prune(conversation)

    @contextlib.contextmanager
    def _thread(self, conversation: str) -> Iterator[tuple[Any, RunnableConfig]]:
        """Yield a graph whose state is the conversation: the agent itself saves nothing half done."""
        with contextlib.closing(self._connect()) as connection:
            graph = StateGraph(MessagesState)
            graph.add_node("answer", lambda _: {"messages": []})
            graph.add_edge(START, "answer")
            graph.add_edge("answer", END)
            saver = SqliteSaver(connection)
            yield graph.compile(checkpointer=saver), {"configurable": {"thread_id": conversation}}

    def keep(self, conversation: str, answer: Answer) -> None:
        """Add an answer to its conversation."""
        row = (
            conversation,
            datetime.now(UTC).isoformat(),
            answer.question,
            json.dumps(answer_to_json(answer), default=str),
        )
        with contextlib.closing(self._connect()) as connection, connection:
            connection.execute(
                "INSERT INTO answer (conversation, answered_at, question, answer) VALUES (?, ?, ?, ?)",
                row,
            )

    def history(self, conversation: str, last: int | None = None) -> tuple[Answer, ...]:
        """Return the answers of a conversation, oldest first; at most the `last` ones."""
        rows = self._rows(
            "SELECT answer FROM answer WHERE conversation = ? ORDER BY answer_id DESC LIMIT ?",
            (conversation, -1 if last is None else last),
        )
        return tuple(answer_from_json(json.loads(text)) for (text,) in reversed(rows))

    def conversations(self) -> tuple[tuple[str, str, datetime], ...]:
        """Return every conversation's id, first question and last time (UTC), newest first."""
        rows = self._rows(
            "SELECT conversation, question, last_at FROM (SELECT conversation, question, "
            "max(answered_at) OVER (PARTITION BY conversation) AS last_at, row_number() OVER "
            "(PARTITION BY conversation ORDER BY answer_id) AS number FROM answer) "
            "WHERE number = 1 ORDER BY last_at DESC, conversation",
            (),
        )
        return tuple(
            (conversation, _title(question), datetime.fromisoformat(when))
            for conversation, question, when in rows
        )

    def findings(self, most: int = 2000) -> Iterator[tuple[str, str, str, datetime]]:
        """Yield conversation, question, text and time (UTC) of answers that rest on analyses."""
        rows = self._rows(
            "SELECT conversation, question, json_extract(answer, '$.text'), answered_at FROM answer "
            "WHERE json_extract(answer, '$.kind') = 'answer' "
            "AND json_array_length(answer, '$.tool_calls') > 0 ORDER BY answer_id DESC LIMIT ?",
            (most,),
        )
        for conversation, question, text, when in rows:
            yield conversation, question, text, datetime.fromisoformat(when)

    def _prune(self, conversation: str) -> None:
        """Keep only the newest state of a conversation's messages: a state holds them all."""
        newest = "SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = :thread"
        with contextlib.closing(self._connect()) as connection, connection:
            for table in ("writes", "checkpoints"):
                connection.execute(
                    f"DELETE FROM {table} WHERE thread_id = :thread AND checkpoint_id < ({newest})",
                    {"thread": conversation},
                )

    def _rows(self, sql: str, values: Sequence[object]) -> list[tuple[str, ...]]:
        if not self._path.exists():
            return []
        with contextlib.closing(self._connect()) as connection:
            return connection.execute(sql, values).fetchall()

    def _connect(self) -> sqlite3.Connection:
        """Open the file; one that is damaged is set aside, and a new one begun."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return self._opened()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            aside = self._path.with_suffix(f".damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}")
            log.exception("%s is damaged; it is kept as %s", self._path, aside)
            for suffix in ("-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            self._path.rename(aside)
            return self._opened()

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        return connection


def _title(question: str) -> str:
    flat = " ".join(question.split())
    return flat if len(flat) <= TITLE_LENGTH else flat[: TITLE_LENGTH - 1].rstrip() + "…"
