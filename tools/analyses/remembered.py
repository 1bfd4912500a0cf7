"""An analysis's result, be it an answer or a part of another one: worked out once a generation."""

from collections.abc import Callable
from inspect import signature
from typing import Any, TypeVar

from tools.analyses.result import Result
from tools.journeys.scope import Scope
from tools.store.door import Store

Told = TypeVar("Told", bound=Result[Any])


def remembered(run: Callable[..., Told], store: Store, *, scope: Scope, **own: object) -> Told:
    """Run an analysis; a read-only store is asked once for the same arguments and scope.

    Args:
        run: The analysis's function.
        store: Where the journeys stand; one that is written to remembers nothing.
        scope: Which journeys.
        own: The analysis's own arguments; defaults may be left out.
    """
    if store.writable:
        return run(store, scope=scope, **own)
    asked = signature(run).bind(store, scope=scope, **own)
    asked.apply_defaults()
    told = {name: value for name, value in sorted(asked.arguments.items()) if name != "store"}
    key = ("part", run.__name__, repr(told))
    found = store.memory.get(key)
    if not isinstance(found, Result):
        found = store.memory[key] = run(store, scope=scope, **own)
    return found  # type: ignore[return-value]  # the key names the analysis
