"""Sources that are pulled: whether their keys are there, when they came last, and pulling them now."""

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from tools.connectors.systems import system_name
from tools.pulling.keys import key_states
from tools.pulling.report import SourceReport, SyncReport
from tools.pulling.sources import Source, sources
from tools.pulling.sync import sync
from tools.store.door import Store
from ui import session
from ui.edge import callback, keep, plain
from ui.tasks import Task

Pulling = Task[str, SyncReport]
UNDER_WAY = "pulling"
HOW = (
    "Nothing is pulled yet. On the command line, `desirepath sources add hubspot` says what to pull "
    "(22 systems, or a database), and `desirepath sync --every 1h` keeps it current. Keys stand in the "
    "environment or the system's keyring, never in the workspace."
)


def show(store: Store) -> None:
    """Show every configured source, and let them be pulled."""
    known = sources(session.workspace())
    if not known:
        st.markdown(HOW)
        return
    last = {
        str(name): at
        for name, at in store.rows(
            "SELECT source, max(pulled_at) FROM source_cursor GROUP BY source ORDER BY source"
        )
    }
    st.dataframe(
        [
            {
                "Source": system_name(source.name),
                "Keys": _keys(source),
                "Last pulled": last.get(source.name),
            }
            for source in known
        ],
        hide_index=True,
        column_config={"Last pulled": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")},
        placeholder="never",
    )
    if UNDER_WAY in st.session_state:
        _how_far()
    else:
        st.button("Pull now", key="pull-now", type="primary", on_click=callback(_pull))
    for report in st.session_state.get("pulled", ()):
        st.markdown(plain(_sentence(report)))


def _keys(source: Source) -> str:
    missing = [key.name for key in key_states(source.name, source.key_names) if not key.found]
    return f"missing: {', '.join(missing)}" if missing else "found"


def _pull() -> None:
    workspace = session.workspace()

    def work(tell: Callable[[str], None]) -> SyncReport:
        return sync(
            workspace,
            now=datetime.now(UTC),
            progress=lambda done: tell(
                f"{system_name(done.source)}: {done.records:,} records of {done.endpoint}"
            ),
        )

    st.session_state.pop("pulled", None)
    st.session_state[UNDER_WAY] = Task[str, SyncReport]("a pull", work)


@st.fragment(run_every=2)
def _how_far() -> None:
    running: object = st.session_state.get(UNDER_WAY)
    if not isinstance(running, Task):
        st.rerun()
    if not running.finished:
        st.caption(plain(str(running.latest() or "Pulling ...")))
        return
    del st.session_state[UNDER_WAY]
    try:
        st.session_state["pulled"] = running.result().sources
    except Exception as error:  # noqa: BLE001 - the page's edge catches everything
        keep(error)
    st.rerun()


def _sentence(report: SourceReport) -> str:
    told = f"**{system_name(report.source)}**: {report.rows_new:,} new rows"
    told += f", {report.rows_known:,} known already" if report.rows_known else ""
    told += f", {report.rows_rejected:,} rejected" if report.rows_rejected else ""
    return told + ". " + " ".join(report.errors)
