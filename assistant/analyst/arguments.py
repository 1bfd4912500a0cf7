"""From a question as read to the whole arguments of the analysis that was chosen."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from assistant.analyst.asked.scope import Told, scope_arguments
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary
from assistant.answer import Context
from tools.catalog import arguments_model

Asked = Callable[[Reading, Vocabulary], tuple[Told, list[Touch]]]


def arguments(tool: str, reading: Reading, vocabulary: Vocabulary, context: Context) -> Told:
    """Return the whole arguments of one analysis."""
    own, used = asked(tool)(reading, vocabulary)
    told = scope_arguments(reading, context, used, sides=tool != "segments" and "by" not in own)
    return {**own, **told}


@cache
def asked(tool: str) -> Asked:
    """Return what reads the arguments of one analysis."""
    found: Asked = import_module(f"assistant.analyst.asked.{tool}").asked
    return found


@cache
def takes(tool: str, name: str) -> bool:
    """Whether an analysis has an argument of that name."""
    return name in arguments_model(tool).model_fields


@cache
def usual(tool: str, name: str) -> Any:  # noqa: ANN401 - whatever the argument is
    """Return what an argument is where it is left out."""
    return arguments_model(tool).model_fields[name].default
