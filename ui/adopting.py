"""Adopting a recommendation: it becomes a change, whose effect can be asked for later."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import streamlit as st

from assistant.answer import Answer
from tools import catalog
from tools.analyses.recommendation_rows import adopted
from tools.analyses.recommendations import RecommendationsResult
from tools.journeys.changes import record_change
from ui import session
from ui.edge import callback, plain

ANALYSIS = "recommendations"


def show(answer: Answer, key: str) -> None:
    """Offer to adopt one of the recommendations of an answer, where it has any."""
    for shown in answer.exhibits:
        if shown.analysis != ANALYSIS or not shown.rows:
            continue
        titles = [str(row[shown.columns.index("title")]) for row in shown.rows]
        with st.popover("Adopt one", icon=":material/task_alt:"):
            title = st.selectbox("Which", titles, key=f"adopt-which-{key}")
            on = st.date_input("First day with it", datetime.now(UTC).date(), key=f"adopt-on-{key}")
            st.caption("It is kept with what is expected of it; ask later whether it worked.")
            st.button(
                "Record it as a change",
                key=f"adopt-{key}",
                type="primary",
                on_click=callback(_adopt),
                args=(shown.arguments, title, on),
            )


def _adopt(arguments: Mapping[str, Any], title: str, on: date) -> None:
    adopt(arguments, title, on)
    st.toast(plain(f"Recorded: {title}. Ask from then on: Did our last change work?"))


def adopt(arguments: Mapping[str, Any], title: str, on: date) -> None:
    """Record one recommendation of the workspace as a change.

    Args:
        arguments: Those of the call that recommended it.
        title: The recommendation's.
        on: The first day with it.

    Raises:
        InvalidArgumentError: A change of that name is recorded already.
    """
    result = catalog.call(session.workspace().read(), ANALYSIS, arguments)
    if not isinstance(result, RecommendationsResult):
        raise TypeError("only recommendations can be adopted")
    row = next(row for row in result.rows if row.title == title)
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    with session.workspace().write() as store:
        record_change(store, adopted(row, on=on, recorded_at=now))
