"""What each source holds, how its rows were accounted for, and the rows that could not be used."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from tools.connectors.contract import ImportOptions
from tools.connectors.systems import system_name, table_name
from tools.journeys.rejected import rejected, try_again
from tools.journeys.sources import Source, sources
from tools.store.door import Store
from ui import session
from ui.edge import callback, plain

KINDS = (
    "events",
    "exposures",
    "notes",
    "spend",
    "traits",
    "identifiers",
    "details",
    "names",
    "rejected",
)
KINDS_SAY = (
    "Every row stands under one kind: *events* people did, *exposures* they were shown, *notes* they "
    "wrote, *spend*, *traits* of people and companies, *identifiers* seen together, *details* of "
    "events, *names* of campaigns and the like, or *rejected*, with the reason."
)
ODD_SHOWN = 5
ROWS_SHOWN = 200
AS_BEFORE = "as before"


def show(store: Store) -> None:
    """Show a row per source, then each of them."""
    told = _sources(store)
    st.dataframe(
        [
            {
                "Source": system_name(source.source),
                "People": source.persons,
                "Events": source.events,
                "From": source.first_at.date() if source.first_at else None,
                "To": source.last_at.date() if source.last_at else None,
                "Last loaded": source.loaded_at,
                "Rejected": source.rows_rejected,
            }
            for source in told
        ],
        hide_index=True,
        column_config={
            "Last loaded": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
            **dict.fromkeys(
                ("People", "Events", "Rejected"), st.column_config.NumberColumn(format="localized")
            ),
        },
        placeholder="",
    )
    for source in told:
        with st.expander(plain(_line(source)), key=f"source-{source.source}"):
            _one(store, source)


def _sources(store: Store) -> tuple[Source, ...]:
    found = store.memory.get("page_sources")
    if not isinstance(found, tuple):
        found = sources(store)
        store.memory["page_sources"] = found
    return found


def _line(source: Source) -> str:
    files = "1 file" if source.files == 1 else f"{source.files} files"
    held = [f"{source.accounts[kind]:,} {kind}" for kind in KINDS if source.accounts.get(kind)]
    return f"**{system_name(source.source)}** · {files} · {', '.join(held)}"


def _one(store: Store, source: Source) -> None:
    for sentence in odd_days(source):
        st.markdown(plain(sentence))
    kinds = [kind for kind in KINDS if source.accounts.get(kind)]
    st.dataframe(
        [
            {
                "File": table.name,
                "Read as": table_name(table.connector),
                "Rows": table.rows_read,
                **{kind.capitalize(): table.accounts.get(kind, 0) for kind in kinds},
                "Known already": table.rows_duplicate,
            }
            for table in source.tables
        ],
        hide_index=True,
    )
    st.caption(f"{KINDS_SAY} {_sum(source)}")
    if source.rows_rejected:
        _rejected(store, source)


def _sum(source: Source) -> str:
    if source.unaccounted:
        return f"**{source.unaccounted:,} rows stand under none: please tell us.**"
    return f"{source.rows_read:,} rows came in and {source.rows_read:,} are accounted for."


def odd_days(source: Source) -> list[str]:
    """Say where the source fell silent, and on which days it sent far more than it does."""
    told = []
    for gap in source.gaps[:ODD_SHOWN]:
        span = f"on {gap.first_day}" if gap.days == 1 else f"from {gap.first_day} to {gap.last_day}"
        told.append(f"Nothing came {span}, where about {gap.usual:,.0f} events a day are usual.")
    for day in source.doubled_days[:ODD_SHOWN]:
        same = f"; {day.repeats:,} of them say the same as another" if day.repeats else ""
        told.append(
            f"{day.events:,} events on {day.day}, where about {day.usual:,.0f} are usual{same}."
        )
    more = len(source.gaps) + len(source.doubled_days) - len(told)
    return [*told, f"And {more} more odd days."] if more > 0 else told


def _rejected(store: Store, source: Source) -> None:
    st.markdown("**Rows that could not be used**")
    st.dataframe(
        [
            {"Rows": reason.rows, "Reason": reason.reason, "Field": reason.field}
            for reason in source.reasons
        ],
        hide_index=True,
    )
    rows = rejected(store, source=source.source, shown=ROWS_SHOWN)
    with st.popover("See them", icon=":material/table_rows:"):
        st.dataframe(
            [{"File": r.file, "Line": r.line, "Reason": r.reason, "Row": r.raw} for r in rows],
            hide_index=True,
        )
    if any(row.can_be_tried for row in rows):
        with st.popover("Try again", icon=":material/refresh:"):
            _try_again(source, _columns(store, source))


def _columns(store: Store, source: Source) -> list[str]:
    """Return the columns of the rejected rows of a source."""
    found = store.rows(
        "SELECT DISTINCT unnest(json_keys(fields)) FROM (SELECT fields FROM rejected_row "
        "WHERE fields IS NOT NULL AND load_id IN (SELECT load_id FROM load WHERE source = $source) "
        "ORDER BY load_id, line LIMIT 1000) ORDER BY ALL",
        {"source": source.source},
    )
    return [str(name) for (name,) in found]


def _try_again(source: Source, columns: Sequence[str]) -> None:
    st.markdown("Read them with other columns, or once more as they were.")
    chosen = [
        st.selectbox(question, [AS_BEFORE, *columns], key=f"again-{question}-{source.source}")
        for question in ("Who did it?", "When?", "What happened?")
    ]
    person, time, event = (None if told == AS_BEFORE else told for told in chosen)
    st.button(
        "Try again",
        key=f"again-{source.source}",
        type="primary",
        on_click=callback(_again),
        args=(source.source, ImportOptions(source.source, person, time, event)),
    )


def _again(source: str, options: ImportOptions) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    done = try_again(session.workspace(), options, loaded_at=now, source=source)
    taken = sum(file.rows_taken for file in done.ingest.files)
    still = sum(file.rows_rejected for file in done.ingest.files)
    session.page().generation = session.workspace().generation()
    st.toast(f"{taken:,} rows were taken in; {still:,} still cannot be used.")
