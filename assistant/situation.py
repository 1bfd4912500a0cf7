"""What a model is told about the data before it is asked: names and dates, never a person."""

import json
from collections.abc import Sequence

from assistant.answer import Context
from assistant.known import DEFAULT_GROUP
from assistant.plan import CallPlan
from prompts.text import prompt
from tools.errors import JourneyError
from tools.journeys.definition import definitions, load_definition
from tools.journeys.scope import Scope, property_names, resolve, trait_names
from tools.journeys.touchpoints import touchpoints
from tools.store.door import Store, read_sql

TOUCHPOINTS_SHOWN = 80
VALUES_SHOWN = 25
SEGMENTS_SQL = read_sql(__file__)
KEY = "assistant.segments"


def system_prompt(
    store: Store, context: Context, previous: CallPlan | None, recalled: Sequence[str] = ()
) -> str:
    """Return everything that a model is told before the conversation.

    Args:
        store: The data.
        context: What the page's sidebar has chosen.
        previous: The analysis that answered the question before.
        recalled: Earlier questions of this workspace with their answers' first sentences.
    """
    told = {
        "journeys": _journeys(store),
        "last_day_of_the_data": _last_day(store, context.journey),
        "touchpoints_most_seen_first": [
            label for _, label in touchpoints(store)[:TOUCHPOINTS_SHOWN]
        ],
        "segments": _segments(store),
        "chosen_on_the_page": context.arguments(),
        "last_analysis": (
            {"analysis": previous.tool, "arguments": dict(previous.arguments)} if previous else None
        ),
        "asked_before": list(recalled),
    }
    text = json.dumps(told, ensure_ascii=False, default=str).replace("<", "\\u003c")
    return f"{prompt('system')}\n\nThe data of this company:\n<data>{text}</data>"


def _journeys(store: Store) -> list[dict[str, object]]:
    return [
        {"name": known.name, "definition": known.sentence(), "default": is_default}
        for known, is_default in definitions(store)
    ]


def _last_day(store: Store, journey: str | None) -> str | None:
    try:
        load_definition(store, journey)
        return resolve(store, Scope(journey=journey)).as_of.date().isoformat()
    except JourneyError:
        return None


def _segments(store: Store) -> dict[str, list[str]]:
    """Return the segment fields, with the values that enough people share to be told."""
    found = store.memory.get(KEY)
    if isinstance(found, dict):
        return found
    told: dict[str, list[str]] = {name: [] for name in property_names(store)}
    asked = {"fewest": DEFAULT_GROUP, "traits": list(trait_names(store))}
    for field, value in store.rows(SEGMENTS_SQL, asked):
        values = told.setdefault(str(field), [])
        if value is not None and len(values) < VALUES_SHOWN:
            values.append(str(value))
    if not store.writable:
        store.memory[KEY] = told
    return told
