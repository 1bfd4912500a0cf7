"""What one open page remembers, and what all pages on a workspace share."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

import streamlit as st
from platformdirs import user_data_path

from assistant.answer import Answer, Context, Step
from assistant.assistant import Assistant
from tools.errors import UnknownJourneyError
from tools.journeys.definition import JourneyDefinition, definitions, load_definition
from tools.journeys.status import Status, status
from tools.store.door import Store
from tools.store.workspace import Workspace
from ui.launch import WORKSPACE_VARIABLE
from ui.tasks import Task

WORDMARK = '<div class="wordmark">Desirepath</div>'
Question = Task[Step, Answer]
View = Literal["chat", "data"]


@dataclass(slots=True)
class Page:
    """One open page: which conversation it shows, what it looks at, and what is under way."""

    conversation: str | None = None
    """None: a new one begins with the next question."""
    answers: list[Answer] = field(default_factory=list)
    """The conversation's answers, oldest first."""
    fresh: bool = False
    """Whether the last answer has just come."""
    asked: str | None = None
    """A question that a click or the input asked for and that has not begun."""
    questions: dict[str, Question] = field(default_factory=dict)
    """Conversation -> its question under way."""
    before: dict[str, int] = field(default_factory=dict)
    """Conversation -> how many answers it had when its question under way began."""
    view: View = "chat"
    generation: int | None = None
    """The generation of the data that this page last saw."""
    wanted_journey: str | None = None
    """A journey that the sidebar shall choose in the next run."""
    where: list[str] = field(default_factory=list)
    """The segment's filters."""
    clicks: dict[str, int] = field(default_factory=dict)
    """Chart -> clicks consumed; each gives it a new key, so that no click is asked twice."""


def page() -> Page:
    """Return what this browser tab remembers."""
    if "page" not in st.session_state:
        st.session_state["page"] = Page()
    return cast("Page", st.session_state["page"])


def workspace() -> Workspace:
    """Return the workspace that the server was started on."""
    told = os.environ.get(WORKSPACE_VARIABLE)
    return _workspace(str(Path(told).expanduser() if told else user_data_path("desirepath")))


def assistant() -> Assistant:
    """Return the workspace's assistant; one for all pages."""
    return _assistant(str(workspace().path))


@st.cache_resource(show_spinner=False)
def _workspace(path: str) -> Workspace:
    return Workspace(Path(path))


@st.cache_resource(show_spinner=False)
def _assistant(path: str) -> Assistant:
    return Assistant(_workspace(path))


def holdings(store: Store) -> Status:
    """Return what a store holds; a published generation is counted once."""
    found = store.memory.get("page_status")
    if not isinstance(found, Status):
        found = status(store)
        store.memory["page_status"] = found
    return found


def known_definitions(store: Store) -> list[JourneyDefinition]:
    """Return every journey definition, the default one first."""
    found = definitions(store)
    return [d for d, default in found if default] + [d for d, default in found if not default]


def chosen_definition(store: Store) -> JourneyDefinition | None:
    """Return the journey that the sidebar has chosen, or the default one; None where none is."""
    try:
        return load_definition(store, st.session_state.get("journey"))
    except UnknownJourneyError:
        return next(iter(known_definitions(store)), None)


def context(store: Store) -> Context:
    """Return what the sidebar has chosen, for the next question."""
    since, until = st.session_state.get("since"), st.session_state.get("until")
    definition = chosen_definition(store)
    return Context(
        journey=definition.name if definition else None,
        since=since.isoformat() if since else None,
        until=until.isoformat() if until else None,
        where=tuple(page().where),
    )


def ask(question: str) -> None:
    """Have a question asked in the run that follows; a widget's callback."""
    page().asked = question


def open_conversation(name: str | None) -> None:
    """Show a conversation, or begin a new one."""
    here = page()
    here.conversation, here.view = name, "chat"
    here.answers = list(assistant().history(name)) if name else []
    if name in here.questions:
        # its answer may be kept already; it is shown when the question is followed to its end
        here.answers = here.answers[: here.before[name]]
    if name:
        st.query_params["conversation"] = name
    else:
        st.query_params.clear()
