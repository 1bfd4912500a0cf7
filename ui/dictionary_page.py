"""What touchpoints are called and which of them journeys leave out; where visits come from."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from tools.connectors.systems import system_name
from tools.dictionary import channels, rules
from tools.dictionary.labelling import literal
from tools.dictionary.proposals import Proposal, accept, propose_rules
from tools.dictionary.touchpoints import Touchpoint, touchpoints
from tools.journeys.editing import edit
from tools.store.door import Store
from ui import session
from ui.edge import callback, plain

T = TypeVar("T")
PROPOSALS_SHOWN = 6
EDITABLE = ("Shown as", "Group", "In journeys")
NAMES_SHOWN = 3


def touchpoints_tab(store: Store) -> None:
    """Show proposals, then every touchpoint, to rename, group, merge and leave out."""
    told = _remembered(store, "page_touchpoints", touchpoints)
    proposed = _remembered(store, "page_proposals", propose_rules)
    if proposed:
        st.markdown("**The data suggests**")
        for number, proposal in enumerate(proposed[:PROPOSALS_SHOWN]):
            words, act = st.columns([5, 1], vertical_alignment="center")
            words.markdown(plain(proposal.sentence))
            act.button(
                "Do it",
                key=f"proposal-{number}-{store.generation}",
                on_click=callback(_change),
                args=(_accepting(proposal), "Done."),
                width="stretch",
            )
    st.markdown(
        "**Every touchpoint.** Change a name or a group, or take the tick away to leave it out of journeys."
    )
    _table(store, told)
    _merging(told)
    _rules(store)


def channels_tab(store: Store) -> None:
    """Show the rules for channels, and the way to add one."""
    st.markdown(
        "Visits follow Google Analytics' default channel grouping, told from UTM parameters, "
        "referrers and click ids. Your own rules come first."
    )
    rows = store.rows(
        "SELECT coalesce(channel, '(not known)'), count(*), count(DISTINCT person_id) FROM event "
        "WHERE kind = 'action' GROUP BY channel ORDER BY 2 DESC, 1"
    )
    st.dataframe(
        [{"Channel": name, "Events": events, "People": persons} for name, events, persons in rows],
        hide_index=True,
    )
    for rule in channels.list_rules(store):
        words, act = st.columns([5, 1], vertical_alignment="center")
        words.markdown(plain(f"{rule.field} is *{rule.pattern}*: **{rule.channel}**"))
        act.button(
            "Remove",
            key=f"channel-rule-{rule.position}-{store.generation}",
            on_click=callback(_change),
            args=(_unchannel(rule.position), "The rule is removed."),
        )
    with st.popover("Add a rule", icon=":material/add:"):
        field = st.selectbox(
            "Where its",
            ["source", "medium", "campaign", "referrer", "channel"],
            key="channel-field",
        )
        pattern = st.text_input("is (a * stands for anything)", key="channel-pattern")
        channel = st.text_input("the channel is", key="channel-name")
        st.button(
            "Add",
            key="channel-add",
            type="primary",
            disabled=not (pattern.strip() and channel.strip()),
            on_click=callback(_change),
            args=(_channel(str(field), pattern, channel), "The rule holds from now on."),
        )


def _table(store: Store, told: tuple[Touchpoint, ...]) -> None:
    rows = [
        {
            "Shown as": one.label,
            "Group": one.touchpoint_group or "",
            "In journeys": not one.hidden,
            "Events": one.events,
            "People": one.persons,
            "Sources": ", ".join(system_name(source) for source in one.sources),
            "Stands for": ", ".join(one.names[:NAMES_SHOWN])
            + (
                f" and {one.names_total - NAMES_SHOWN} more"
                if one.names_total > NAMES_SHOWN
                else ""
            ),
        }
        for one in told
    ]
    key = f"touchpoints-{store.generation}"
    st.data_editor(
        rows,
        key=key,
        hide_index=True,
        disabled=[name for name in (rows[0] if rows else {}) if name not in EDITABLE],
    )
    edited = st.session_state.get(key, {}).get("edited_rows", {})
    if edited:
        st.button(
            "Save the changes",
            key="touchpoints-save",
            type="primary",
            on_click=callback(_save),
            args=(told, edited),
        )


def _save(told: tuple[Touchpoint, ...], edited: dict[str | int, dict[str, object]]) -> None:
    def change(store: Store) -> None:
        for place, cells in edited.items():
            before = told[int(place)]
            if "In journeys" in cells:
                (rules.show if cells["In journeys"] else rules.hide)(store, before.label)
            if group := str(cells.get("Group") or "").strip():
                rules.set_rule(store, literal(before.label), touchpoint_group=group)
            new = str(cells.get("Shown as") or before.label).strip()
            if new != before.label:
                known = {one.label for one in told}
                if new in known:
                    rules.merge(store, [before.label], new)
                else:
                    rules.rename(store, before.label, new)

    _change(change, "Saved; the journeys are up to date.")


def _merging(told: tuple[Touchpoint, ...]) -> None:
    with st.popover("Merge several", icon=":material/merge:"):
        chosen = st.multiselect("Show these", [one.label for one in told], key="merge-labels")
        into = st.text_input("as", value=chosen[0] if chosen else "", key="merge-into")
        st.button(
            "Merge",
            key="merge",
            type="primary",
            disabled=len(chosen) < 2 or not into.strip(),
            on_click=callback(_change),
            args=(lambda store: rules.merge(store, chosen, into), f"They read {into} now."),
        )


def _rules(store: Store) -> None:
    known = rules.list_rules(store)
    with st.expander(f"Rules ({len(known)})", type="compact"):
        st.caption(
            "Tried from the first on: a pattern that begins with / is one of page addresses "
            "(/blog/*), any other of names (Email*)."
        )
        for rule in known:
            words, act = st.columns([5, 1], vertical_alignment="center")
            shown = "left out" if rule.hidden else f"**{rule.label or 'as it is'}**"
            group = f", in {rule.touchpoint_group}" if rule.touchpoint_group else ""
            words.markdown(plain(f"*{rule.pattern}*: {shown}{group}"))
            act.button(
                "Remove",
                key=f"rule-{rule.position}-{store.generation}",
                on_click=callback(_change),
                args=(_unrule(rule.position), "The rule is removed."),
            )
        pattern = st.text_input("Pattern", key="rule-pattern", placeholder="/blog/*")
        label = st.text_input("Shown as", key="rule-label", placeholder="Blog")
        st.button(
            "Add the rule",
            key="rule-add",
            disabled=not (pattern.strip() and label.strip()),
            on_click=callback(_change),
            args=(
                lambda store: rules.set_rule(store, pattern, label=label),
                "The rule holds from now on.",
            ),
        )


def _change(change: Callable[[Store], object], said: str) -> None:
    edit(session.workspace(), change)
    session.page().generation = session.workspace().generation()
    st.toast(plain(said))


def _accepting(proposal: Proposal) -> Callable[[Store], None]:
    return lambda store: accept(store, proposal)


def _unrule(position: int) -> Callable[[Store], None]:
    return lambda store: rules.remove_rule(store, position)


def _unchannel(position: int) -> Callable[[Store], None]:
    return lambda store: channels.remove_rule(store, position)


def _channel(field: str, pattern: str, channel: str) -> Callable[[Store], object]:
    return lambda store: channels.set_rule(store, field, pattern, channel)


def _remembered(store: Store, key: str, ask: Callable[[Store], tuple[T, ...]]) -> tuple[T, ...]:
    """Return what one generation says, asked once."""
    found = store.memory.get(key)
    if not isinstance(found, tuple):
        found = ask(store)
        store.memory[key] = found
    return found
