"""The segment: filters that narrow every question, each of which can be taken away."""

from datetime import UTC, datetime

import streamlit as st

from tools.errors import InvalidArgumentError
from tools.journeys.scope import parse_condition, saved_segments, segment_fields, segment_values
from tools.journeys.segments import save_segment
from tools.journeys.touchpoints import touchpoints
from tools.store.door import Store
from ui import session
from ui.edge import callback, plain

VISITED, SAVED = "Touchpoint", "Saved segment"
OPERATORS = {"is": "=", "is not": "!="}
SEEN = {"was visited": "saw", "was not visited": "not saw"}
MOST = 200


def show(store: Store) -> None:
    """Show the filters and the way to add one."""
    here = session.page()
    for number, condition in enumerate(here.where):
        st.button(
            plain(condition),
            key=f"filter-{number}",
            icon=":material/close:",
            icon_position="right",
            help="Remove this filter",
            on_click=callback(_remove),
            args=(condition,),
            width="stretch",
        )
    with st.popover("Add a filter", icon=":material/filter_list:", width="stretch"):
        _form(store)
    if here.where:
        with st.popover("Save as a segment", icon=":material/bookmark:", width="stretch"):
            name = st.text_input("Its name", key="segment-name")
            st.button(
                "Save",
                key="segment-save",
                type="primary",
                disabled=not name.strip(),
                on_click=callback(_save),
                args=(name,),
            )


def _form(store: Store) -> None:
    saved = saved_segments(store)
    fields = [VISITED, *([SAVED] if saved else []), *segment_fields(store)]
    field = st.selectbox("Only journeys where", fields, key="filter-field")
    seen = field == VISITED
    operators = SEEN if seen else OPERATORS
    operator = st.segmented_control(
        "How",
        list(operators),
        default=next(iter(operators)),
        required=True,
        key=f"filter-operator-{seen}",
        label_visibility="collapsed",
    )
    if seen:
        known = tuple(label for _, label in touchpoints(store))
    else:
        known = saved if field == SAVED else segment_values(store, field, MOST)
    values = st.multiselect("Any of", known, key=f"filter-values-{field}", placeholder="Choose")
    times = int(st.number_input("At least how often", 1, 100, key="filter-times")) if seen else 1
    st.button(
        "Add",
        key="filter-add",
        type="primary",
        disabled=not values,
        on_click=callback(_add),
        args=(field, operators[operator], tuple(values), times),
    )


def _add(field: str, operator: str, values: tuple[str, ...], times: int) -> None:
    text = written(field, operator, values, times)
    here = session.page()
    if text not in here.where:
        here.where.append(text)


def _save(name: str) -> None:
    here = session.page()
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    with session.workspace().write() as store:
        saved = save_segment(store, name, here.where, saved_at=now)
    here.where = [f"saved segment = {saved.name}"]


def _remove(condition: str) -> None:
    here = session.page()
    here.where = [kept for kept in here.where if kept != condition]


def written(field: str, operator: str, values: tuple[str, ...], times: int = 1) -> str:
    """Write a filter as questions take it: `channel = Email | Direct`, `saw Pricing >= 2`.

    Raises:
        InvalidArgumentError: A value holds a sign that filters are written with.
    """
    choices = " | ".join(values)
    often = f" >= {times}" if times > 1 else ""
    text = f"{operator} {choices}{often}" if field == VISITED else f"{field} {operator} {choices}"
    if parse_condition(text).values != values:
        raise InvalidArgumentError(
            f"filter: '{choices}' holds a comma or a bar, which filters are written with; "
            "it cannot be used in one yet."
        )
    return text
