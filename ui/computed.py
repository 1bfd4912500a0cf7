"""How an answer was computed: numbers with their bases, rows, SQL, definition."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from tools.analyses.result import Fact
from tools.exhibit import Exhibit
from tools.narration.words import percent, points, span
from ui.edge import plain

MINUS = "\N{MINUS SIGN}"
COUNTED = {"journeys", "persons", "sessions", "events", "steps", "count"}


def panel(exhibits: Sequence[Exhibit], key: str) -> None:
    """Show what is behind an answer, one analysis after the other."""
    with st.expander("How this was computed", type="compact", key=f"computed-{key}"):
        for number, shown in enumerate(exhibits):
            if len(exhibits) > 1:
                st.markdown(f"###### {plain(shown.chart.title)}")
            _one(shown, f"{key}-{number}")


def _one(shown: Exhibit, key: str) -> None:
    told = shown.definition.rstrip(".")
    st.markdown(plain(f"**Journey.** {told}.  \n**Looked at.** {shown.scope}."))
    for caveat in shown.caveats:
        st.markdown(plain(f"**Mind.** {caveat}"))
    numbers, rows, sql = st.tabs(["Numbers", "Rows", "SQL"])
    with numbers:
        st.dataframe(facts_frame(shown.facts), hide_index=True, width="stretch")
    with rows:
        _rows(shown, key)
    with sql:
        for statement in shown.statements:
            st.code(statement, language="sql", height=320)


def _rows(shown: Exhibit, key: str) -> None:
    if not shown.rows:
        st.caption("This result has no rows.")
        return
    frame = rows_frame(shown)
    st.dataframe(frame, hide_index=True, width="stretch")
    st.download_button(
        f"Download {len(frame):,} rows as CSV",
        frame.to_csv(index=False).encode("utf-8"),
        file_name=f"desirepath-{shown.analysis}.csv",
        mime="text/csv",
        key=f"csv-{key}",
        on_click="ignore",
        icon=":material/download:",
    )


def rows_frame(shown: Exhibit) -> pd.DataFrame:
    """Return an exhibit's rows; lists read as trails."""
    return pd.DataFrame(
        [[_cell(value) for value in row] for row in shown.rows], columns=list(shown.columns)
    )


def facts_frame(facts: Sequence[Fact]) -> pd.DataFrame:
    """Return facts as a reader's table: what, value, of how many, 95 % interval."""
    return pd.DataFrame(
        [
            {
                "What": fact.label,
                "Value": rendered(fact.value, fact.unit),
                "Of": _base(fact),
                "95 % interval": _interval(fact),
            }
            for fact in facts
        ]
    )


def rendered(value: float | str | None, unit: str) -> str:
    """Return a fact's value as sentences say it."""
    if value is None:
        return "undefined"
    if isinstance(value, str):
        return value
    if unit == "rate":
        return percent(value)
    if unit == "difference":
        return f"{MINUS if value < 0 else '+'}{points(value)}"
    if unit == "seconds":
        return span(value)
    if unit in COUNTED:
        return f"{value:,.0f}"
    return f"{value:,.2f}" if unit in {"ratio", "value"} else f"{value:.3g}"


def _base(fact: Fact) -> str:
    if fact.numerator is None or fact.denominator is None:
        return ""
    return f"{fact.numerator:,.0f} of {fact.denominator:,.0f}"


def _interval(fact: Fact) -> str:
    if fact.low is None or fact.high is None:
        return ""
    return f"{rendered(fact.low, fact.unit)} to {rendered(fact.high, fact.unit)}"


def _cell(value: object) -> object:
    return " → ".join(str(part) for part in value) if isinstance(value, list | tuple) else value
