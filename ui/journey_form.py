"""The form in which a journey is defined."""

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from tools.journeys.build import define
from tools.journeys.definition import JourneyDefinition, Rule, load_definition
from tools.journeys.touchpoints import touchpoints
from tools.store.door import Store
from ui import session
from ui.edge import calm

DAY = timedelta(days=1)


@st.dialog("The journey", width="medium")
def dialog(name: str) -> None:
    """Show the form over the page; saving closes it."""
    with calm():
        show(session.workspace().read(), name)


def show(store: Store, name: str) -> None:
    """Let the reader change a journey, or save it under a new name."""
    now = load_definition(store, name)
    known = [label for _, label in touchpoints(store)]
    with st.form("journey-form", border=False):
        starts = st.multiselect(
            "It starts with",
            _offered(known, now.start),
            default=list(now.start.touchpoints),
            placeholder="The first touch, whatever it is",
            accept_new_options=True,
            help="Any of these. A star matches anything: sign*",
        )
        ends = st.multiselect(
            "It has converted at",
            _offered(known, now.end),
            default=list(now.end.touchpoints),
            placeholder="Nothing: no end event",
            accept_new_options=True,
            help="Any of these.",
        )
        left, right = st.columns(2)
        window = left.number_input(
            "Within, in days",
            min_value=0.01,
            value=now.window / DAY,
            step=1.0,
            format="%g",
            help="Longest time from start to end. A conversion rate waits this long.",
        )
        inactivity = right.number_input(
            "Over after silent days",
            min_value=0.01,
            value=now.inactivity / DAY,
            step=1.0,
            format="%g",
            help="A longer gap ends the journey.",
        )
        repeats = st.toggle(
            "Count the same touchpoint twice in a row once", value=now.collapse_repeats
        )
        title = st.text_input(
            "Name", value=now.name, help="A new name keeps the old one beside it."
        )
        if not st.form_submit_button("Save the journey", type="primary"):
            return
    changed = replace(
        now,
        name=title.strip() or now.name,
        start=_rule(now.start, starts),
        end=_rule(now.end, ends),
        window=window * DAY,
        inactivity=inactivity * DAY,
        collapse_repeats=repeats,
        proposed=False,
    )
    _save(changed)
    st.rerun()


def _save(definition: JourneyDefinition) -> None:
    with st.spinner("Building the journeys ..."), session.workspace().write() as store:
        define(store, definition)
    page = session.page()
    page.generation = session.workspace().generation()
    page.wanted_journey = definition.name


def _rule(now: Rule, names: list[str]) -> Rule:
    return Rule(tuple(names), now.where)


def _offered(known: list[str], rule: Rule) -> list[str]:
    return known + [name for name in rule.touchpoints if name not in known]
