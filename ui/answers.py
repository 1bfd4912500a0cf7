"""One answer: its words, its chart, what is behind it, and what to ask next."""

import re

import streamlit as st

from assistant.answer import BUILT_IN, Answer
from ui import adopting, charts, computed, session
from ui.edge import callback, calm, plain

SENTENCE = re.compile(r"(?s)^(.+?[.!?])(?=\s|$)(.*)$")


def show(answer: Answer, key: str, *, last: bool) -> None:
    """Show an answer; only the conversation's last one offers what to ask next.

    Args:
        answer: As the assistant gave it.
        key: Unique on the page, the same at every run.
        last: Whether nothing was asked after it.
    """
    with st.container(key=f"answer-{answer.kind}-{key}"):
        st.markdown(plain(bold_first(answer) if answer.kind == "answer" else answer.text))
    for number, shown in enumerate(answer.exhibits[:1]):
        with calm():
            charts.draw(shown.chart, f"{key}-{number}")
    if answer.exhibits:
        with calm():
            computed.panel(answer.exhibits, key)
        with calm():
            adopting.show(answer, key)
    _small_print(answer)
    if last:
        _next(answer, key)


def bold_first(answer: Answer) -> str:
    """Return the answer's text with its first sentence in bold, as the templates write it."""
    text = answer.text.strip()
    if text.startswith(("**", "#", "-", "|")):
        return text
    first, gap, rest = text.partition("\n\n")
    found = SENTENCE.match(first)
    told = f"**{found[1]}**{found[2]}" if found else f"**{first}**"
    return told + gap + rest


def _small_print(answer: Answer) -> None:
    told = []
    if answer.notice:
        told.append(answer.notice)
    if answer.author != BUILT_IN:
        told.append(f"Answered by {answer.author}; every number was checked against the data.")
    if told:
        st.caption(plain(" ".join(told)))


def _next(answer: Answer, key: str) -> None:
    questions = answer.choices or answer.follow_ups
    if not questions:
        return
    with st.container(key=f"next-{key}", horizontal=True, gap="small"):
        for number, question in enumerate(questions):
            st.button(
                plain(question),
                key=f"next-{key}-{number}",
                on_click=callback(session.ask),
                args=(question,),
                wrap=True,
            )
