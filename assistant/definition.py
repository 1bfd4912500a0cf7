"""A journey set by a sentence in the chat."""

from dataclasses import replace

from assistant.plan import SetJourney
from tools.errors import QuestionError
from tools.journeys.build import define
from tools.journeys.definition import (
    JourneyDefinition,
    definitions,
    parse_duration,
    parse_rule,
)
from tools.journeys.touchpoints import touchpoint_ids
from tools.narration.words import count
from tools.store.door import Store
from tools.store.workspace import Workspace

NEW_NAME = "default"


def set_journey(workspace: Workspace, told: SetJourney) -> str:
    """Write a definition, build its journeys, and say what it is and what it makes.

    Without a name it is the default journey that changes; a new name makes a further one.

    Raises:
        UnknownTouchpointError: A rule names no touchpoint.
        InvalidArgumentError: A duration cannot be read.
        WorkspaceBusyError: Another process is writing.
    """
    with workspace.write() as store:
        wanted = _definition(store, told)
        for where, rule in (("start", wanted.start), ("end", wanted.end)):
            if rule.touchpoints:
                touchpoint_ids(store, rule.touchpoints, where=where)
        saved = define(store, wanted, default=told.name is None)
        made = int(
            str(
                store.value(
                    "SELECT count(*) FROM journey WHERE definition_id = $number",
                    {"number": saved.definition_id},
                )
            )
        )
    scope = "" if told.name is None else f" Choose '{saved.name}' in the sidebar to ask about it."
    return f"Done. {saved.sentence()} That makes {count(made, 'journey')}.{scope}"


def _definition(store: Store, told: SetJourney) -> JourneyDefinition:
    known = definitions(store)
    base = JourneyDefinition(told.name or NEW_NAME)
    for definition, is_default in known:
        named = told.name is not None and definition.name.casefold() == told.name.casefold()
        if named or (told.name is None and is_default):
            base = definition
    changed = replace(
        base,
        start=parse_rule(told.start) if told.start else base.start,
        end=parse_rule(told.end) if told.end else base.end,
        window=parse_duration(told.window) if told.window else base.window,
        inactivity=parse_duration(told.inactivity) if told.inactivity else base.inactivity,
        proposed=False,
    )
    if changed.start.touchpoints and changed.start == changed.end:
        raise QuestionError(
            f"journey: it would start and end with {' or '.join(changed.start.touchpoints)}. "
            "Name two different touchpoints."
        )
    return changed
