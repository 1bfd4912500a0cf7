"""The page's script: Streamlit runs it from the top at every click."""

from pathlib import Path

import streamlit as st

from tools.store.door import Store
from ui import chat, first_run, intake, session, sidebar, sources_page
from ui.edge import calm, tell_kept

HERE = Path(__file__).parent


def main() -> None:
    """Show the first run, the chat, or the page where data is added."""
    st.set_page_config(
        page_title="Desirepath",
        page_icon=str(HERE / "mark.svg"),
        layout="centered",
        initial_sidebar_state="auto",
    )
    st.html(HERE / "style.css")
    with calm():
        store = session.workspace().read()
        if not session.holdings(store).events or intake.is_first():
            first_run.show(store)
        else:
            _loaded(store)


def _loaded(store: Store) -> None:
    notice_new_data(store)
    with st.sidebar, calm():
        sidebar.show(store)
    tell_kept()
    if session.page().view == "data":
        sources_page.show(store)
    else:
        chat.show(store)


def notice_new_data(store: Store) -> None:
    """Say so when another process, or this page's own import, has published new data."""
    here = session.page()
    if here.generation not in {None, store.generation}:
        held = session.holdings(store)
        st.toast(f"New data: now {held.events:,} events of {held.persons:,} people.")
    here.generation = store.generation


if __name__ == "__main__":
    main()
