"""The sidebar: what there is, what is looked at, and the conversations."""

from datetime import date, timedelta

import streamlit as st

from assistant.settings import load_settings
from tools.store.door import Store
from ui import intake, journey_form, segment, session
from ui.edge import callback, plain

ALL_TIME, CUSTOM = "All time", "Between two days"
PERIODS = {ALL_TIME: None, "Last 30 days": 30, "Last 90 days": 90, CUSTOM: None}
CONVERSATIONS_SHOWN = 12


def show(store: Store) -> None:
    """Show every section, the most used first."""
    st.html(session.WORDMARK)
    _conversations()
    st.markdown("##### Looking at")
    _journey(store)
    _period(store)
    segment.show(store)
    st.markdown("##### Data")
    _data(store)
    _model()


def _conversations() -> None:
    here = session.page()
    st.button(
        "New conversation",
        key="new-conversation",
        icon=":material/edit_square:",
        on_click=callback(session.open_conversation),
        args=(None,),
        width="stretch",
    )
    known = session.assistant().conversations()
    if not known:
        return
    with st.expander(f"Earlier ({len(known)})", type="compact", key="earlier"):
        for name, title, _ in known[:CONVERSATIONS_SHOWN]:
            st.button(
                plain(title) or "Untitled",
                key=f"open-{name}",
                type="tertiary",
                icon=":material/chevron_right:" if name == here.conversation else None,
                on_click=callback(session.open_conversation),
                args=(name,),
                width="stretch",
                wrap=False,
            )


def _journey(store: Store) -> None:
    names = [definition.name for definition in session.known_definitions(store)]
    if not names:
        return
    wanted = session.page().wanted_journey or st.session_state.get("journey")
    session.page().wanted_journey = None
    st.session_state["journey"] = wanted if wanted in names else names[0]
    st.selectbox("Journey", names, key="journey")
    chosen = session.chosen_definition(store)
    if chosen is None:
        return
    guess = " Proposed from the data." if chosen.proposed else ""
    st.caption(plain(chosen.sentence() + guess))
    if st.button("Change the journey", key="change-journey", type="tertiary"):
        journey_form.dialog(chosen.name)


def _period(store: Store) -> None:
    held = session.holdings(store)
    first, last = held.first_at, held.last_at
    if first is None or last is None:
        return
    choice = st.selectbox("Period", list(PERIODS), key="period")
    days = PERIODS.get(choice or ALL_TIME)
    since: date | None = None
    until: date | None = None
    if choice == CUSTOM:
        chosen = st.date_input(
            "Journeys begun between",
            value=(first.date(), last.date()),
            min_value=first.date(),
            max_value=last.date(),
            key="between",
            format="YYYY-MM-DD",
        )
        ends = chosen if isinstance(chosen, tuple) else (chosen,)
        since = ends[0] if ends else None
        until = ends[1] if len(ends) > 1 else None
    elif days:
        since = last.date() - timedelta(days=days)
        st.caption(f"Journeys begun since {since}; the data ends on {last.date()}.")
    st.session_state["since"], st.session_state["until"] = since, until


def _data(store: Store) -> None:
    held = session.holdings(store)
    lines = [f"**{session.workspace().path.name}**", f"{held.events:,} events"]
    lines += [f"{held.persons:,} people, {held.touchpoints:,} touchpoints"]
    if held.first_at and held.last_at:
        lines.append(f"{held.first_at:%-d %b %Y} to {held.last_at:%-d %b %Y}")
    st.markdown(plain("  \n".join(lines)))
    intake.show_under_way()
    if session.page().view == "data":
        st.button(
            "Back to the conversation",
            key="back",
            icon=":material/arrow_back:",
            on_click=callback(_view_chat),
            width="stretch",
        )
    else:
        st.button(
            "See what came in" if intake.state().report else "Add data",
            key="add-data",
            icon=":material/done:" if intake.state().report else ":material/add:",
            on_click=callback(_view_data),
            width="stretch",
        )


def _model() -> None:
    settings = load_settings(session.workspace())
    if settings.is_built_in:
        st.caption(
            "Answers by the built-in analyst, on this machine.",
            help="Set DESIREPATH_MODEL and a server, or OPENAI_API_KEY, for a freer conversation.",
        )
    else:
        st.caption(
            plain(f"Answers by {settings.model}."),
            help="The model sees totals and names only, nothing about a single person.",
        )


def _view_data() -> None:
    session.page().view = "data"


def _view_chat() -> None:
    session.page().view = "chat"
