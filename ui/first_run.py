"""The first run: an empty workspace, and two ways to fill it."""

import streamlit as st

from tools.store.door import Store
from ui import intake, session
from ui.edge import callback, calm, tell_kept


def show(store: Store) -> None:
    """Greet, and offer the sample company or the reader's own files."""
    with st.container(key="first-run"):
        st.html(session.WORDMARK)
        tell_kept()
        ended = intake.state().report is not None
        st.title(
            "Your data is in" if ended else "See the trails your customers really take",
            anchor=False,
        )
        with calm():
            if not intake.stage(store):
                _choices()


def _choices() -> None:
    st.markdown(
        "A desire path is the trail people tread across the lawn, beside the walk that was "
        "designed for them. Ask in plain words where yours lead, where they end, and what sets "
        "them apart. Your data stays on this machine."
    )
    st.html('<div class="trail" role="presentation"></div>')
    left, right = st.columns(2, gap="medium")
    with left, st.container(key="card-sample", border=True, height="stretch"):
        st.subheader("Look around first", anchor=False)
        st.markdown(
            "Tallyward, a made-up software company: a year of website, mail, product, support "
            "and payment data."
        )
        st.button(
            "Try the sample company",
            key="try-sample",
            type="primary",
            on_click=callback(intake.import_sample),
        )
    with right, st.container(key="card-own", border=True, height="stretch"):
        st.subheader("Begin with your data", anchor=False)
        st.markdown("Any list of who did what and when. You see how it is read before it is kept.")
        paths = intake.upload()
    intake.offer(paths)
