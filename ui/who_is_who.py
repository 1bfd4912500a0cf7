"""Who was recognised across sources: what joins them, what was not trusted."""

from collections.abc import Sequence

import streamlit as st

from tools.connectors.systems import system_name
from tools.identity.report import (
    LargePerson,
    SharedIdentifier,
    SourcePair,
    StitchReport,
    stitch_report,
)
from tools.store.door import Store
from ui.edge import plain

KINDS = {"user": "user id", "email": "e-mail address", "phone": "phone number"}


def show(store: Store) -> None:
    """Show pairs of sources, identifiers that many share, and persons who are too large."""
    told = _report(store)
    st.markdown(plain(_first(told)))
    if len(told.sources) > 1:
        _pairs(told.pairs)
    if told.shared:
        _shared(told.shared, told.shared_count)
    if told.large:
        _large(told.large)


def _report(store: Store) -> StitchReport:
    found = store.memory.get("page_stitching")
    if not isinstance(found, StitchReport):
        found = stitch_report(store)
        store.memory["page_stitching"] = found
    return found


def _first(told: StitchReport) -> str:
    sources = "1 source" if len(told.sources) == 1 else f"{len(told.sources)} sources"
    first = (
        f"**{told.identifiers:,} identifiers of {sources} are {told.persons:,} people.** "
        "They are joined only where a row shows two of them together."
    )
    if told.inferred_links:
        first += f" {told.inferred_links:,} links were inferred, and can be undone."
    if told.undone_links:
        first += f" {told.undone_links:,} links were undone by you."
    if told.forgotten:
        first += f" {told.forgotten:,} identifiers belong to people who asked to be forgotten."
    return first


def _pairs(pairs: Sequence[SourcePair]) -> None:
    st.markdown("**People found in two sources**")
    st.dataframe(
        [
            {
                "Sources": f"{system_name(pair.one)} and {system_name(pair.other)}",
                "People in both": pair.persons,
                "Of the smaller one's": pair.share,
                "Joined by": ", ".join(_kind(joined.kind) for joined in pair.joined_by)
                or ("others between them" if pair.persons else "nothing"),
            }
            for pair in pairs
        ],
        hide_index=True,
        column_config={
            "Of the smaller one's": st.column_config.ProgressColumn(
                format="percent", min_value=0.0, max_value=1.0
            )
        },
    )
    for pair in pairs:
        if pair.advice:
            st.markdown(plain(f"- {pair.advice}"))


def _shared(shared: Sequence[SharedIdentifier], count: int) -> None:
    st.markdown("**Identifiers that many people share**")
    st.caption(
        f"{count:,} of them: a shop's device, an office's address, a test account. They join nobody."
    )
    st.dataframe(
        [
            {"Kind": _kind(one.kind), "Value": one.value, "Meets": one.meets, "People": one.persons}
            for one in shared
        ],
        hide_index=True,
    )


def _large(large: Sequence[LargePerson]) -> None:
    st.markdown("**People who may be several**")
    for one in large:
        st.markdown(plain(f"- {one.sentence}"))


def _kind(kind: str) -> str:
    return KINDS.get(kind, kind.replace("_", " "))
