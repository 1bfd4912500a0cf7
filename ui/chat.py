"""The conversation: what was asked and answered, the question under way, and what to ask next."""

import time

import streamlit as st

from assistant.answer import Answer, Context, Step
from tools.store.door import Store
from ui import answers, session
from ui.edge import callback, calm, plain, sentence
from ui.tasks import Task

READING = "Thinking about it ..."
WORD_SECONDS = 0.008
"""A pause between the pieces of an answer, so that it can be seen to be written."""
SCROLL = """<script>
setTimeout(() => {
  const asked = document.querySelectorAll('[data-testid="stChatMessageAvatarUser"]');
  asked[asked.length - 1]?.parentElement.scrollIntoView({block: "start"});
}, 120); // NUMBER
</script>"""
"""Brings the question just asked to the top of the page: its answer grows below it."""


def show(store: Store) -> None:
    """Show the conversation, start what was asked, and follow what is under way."""
    _restore()
    here = session.page()
    if here.asked:
        _begin(here.asked, session.context(store))
        here.asked = None
    running = here.questions.get(here.conversation or "")
    greeting = st.empty()
    if not here.answers and running is None:
        with greeting.container(), calm():
            _welcome(store)
    for number, answer in enumerate(here.answers):
        last = number == len(here.answers) - 1 and running is None
        _turn(answer, f"{here.conversation}-{number}", last=last, first=number == 0)
    current = st.container(key=None if here.answers else "first-turn")
    with st.bottom:
        _input(store, running)
    if running is not None:
        with current, st.container(key="under-way"):
            _follow(running)
    elif here.fresh:
        here.fresh = False
        if len(here.answers) > 1:
            _scroll()


def _restore() -> None:
    """Open the conversation that the address names, once per page."""
    here = session.page()
    if here.conversation is None and not here.answers:
        named = st.query_params.get("conversation")
        if named and any(named == known[0] for known in session.assistant().conversations()):
            session.open_conversation(named)
        elif named:
            st.query_params.clear()


def _begin(question: str, context: Context) -> None:
    here = session.page()
    assistant = session.assistant()
    if here.conversation is None:
        here.conversation = assistant.new_conversation()
        st.query_params["conversation"] = here.conversation
    name = here.conversation
    if name not in here.questions:
        here.before[name] = len(here.answers)
        here.questions[name] = Task(
            question,
            lambda report: assistant.ask(
                question, conversation=name, context=context, on_step=report
            ),
        )


def _follow(running: session.Question) -> None:
    """Show a question's steps and words as they come; at its end, run the page anew."""
    here = session.page()
    with st.chat_message("user"):
        st.markdown(plain(running.label))
    _scroll()
    with st.chat_message("assistant"):
        status = st.status(READING, type="compact")
        words = st.empty()
        told = ""
        for step in running.follow():
            if step.kind == "text":
                told += step.text
                words.markdown(plain(told))
                time.sleep(WORD_SECONDS)
            else:
                _step(status, step)
    finished = here.questions.pop(here.conversation or "", None)
    if finished is not None:
        here.answers.append(_answer(finished))
        here.fresh = True
    st.rerun()


def _scroll() -> None:
    here = session.page()
    text = SCROLL.replace("NUMBER", f"{here.conversation}-{len(here.answers)}")
    st.html(text, unsafe_allow_javascript=True)


def _step(status: "st.delta_generator.DeltaGenerator", step: Step) -> None:
    status.update(label=plain(step.text), expanded=False)  # type: ignore[attr-defined]
    status.markdown(plain(step.text))


def _answer(finished: session.Question) -> Answer:
    try:
        return finished.result()
    except Exception as error:  # noqa: BLE001 - the page's edge catches everything
        return Answer(finished.label, sentence(error), kind="error")


def _turn(answer: Answer, key: str, *, last: bool, first: bool) -> None:
    with st.container(key="first-turn" if first else None):
        with st.chat_message("user"):
            st.markdown(plain(answer.question))
        with st.chat_message("assistant"), calm():
            answers.show(answer, key, last=last)


def _welcome(store: Store) -> None:
    held = session.holdings(store)
    with st.container(key="welcome"):
        st.title("What would you like to know?", anchor=False)
        st.markdown(
            f"{held.events:,} events of {held.persons:,} people are here. Ask in your own words, "
            "or begin with one of these."
        )
        suggestions = session.assistant().suggestions(session.context(store))
        with st.container(key="suggestions", gap="small"):
            for number, question in enumerate(suggestions[:6]):
                st.button(
                    plain(question),
                    key=f"suggestion-{number}",
                    on_click=callback(session.ask),
                    args=(question,),
                    width="stretch",
                )


def _input(store: Store, running: session.Question | None) -> None:
    looked_at = scope_in_words(session.context(store))
    if looked_at:
        st.caption(plain(f"Looking only at: {looked_at}"))
    if running is not None:
        st.button("Stop", key="stop", icon=":material/stop_circle:", on_click=callback(_stop))
    st.chat_input(
        "Ask about your customers' journeys",
        key="question",
        disabled=running is not None,
        on_submit=callback(_submit),
    )


def _submit() -> None:
    question = str(st.session_state["question"] or "").strip()
    if question:
        session.ask(question)


def _stop() -> None:
    here = session.page()
    if here.conversation in here.questions:
        session.assistant().stop(here.conversation)


def scope_in_words(context: Context) -> str:
    """Say what the sidebar has narrowed the questions to; nothing when it is everything."""
    parts = []
    if context.since and context.until:
        parts.append(f"{context.since} to {context.until}")
    elif context.since:
        parts.append(f"since {context.since}")
    elif context.until:
        parts.append(f"until {context.until}")
    return " · ".join([*parts, *context.where])
