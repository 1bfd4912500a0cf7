"""The page of sources: what came in, who is who, what things are called, where visits come from."""

import streamlit as st

from tools.store.door import Store
from ui import dictionary_page, intake, pulling_tab, sources_table, who_is_who
from ui.edge import calm

TABS = ("What came in", "Who is who", "Touchpoints", "Channels", "Kept current")


def show(store: Store) -> None:
    """Show where data is added, then everything that is known of what is there."""
    st.title("Sources", anchor=False)
    if intake.stage(store):
        return
    st.markdown(
        "Drop files or a whole folder: exports, API answers, any table of who did what and when. "
        "Each is recognised by its columns; what was loaded before adds only what is new."
    )
    intake.offer(intake.upload())
    came, persons, touchpoints, channels, pulled = st.tabs(TABS)
    with came, calm():
        sources_table.show(store)
    with persons, calm():
        who_is_who.show(store)
    with touchpoints, calm():
        dictionary_page.touchpoints_tab(store)
    with channels, calm():
        dictionary_page.channels_tab(store)
    with pulled, calm():
        pulling_tab.show(store)
