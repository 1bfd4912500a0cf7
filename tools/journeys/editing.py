"""Changes of what is shown: names, channels, persons. Journeys follow in the same write."""

from collections.abc import Callable
from typing import TypeVar

from tools.identity.stitching import settle_persons
from tools.journeys.build import refresh
from tools.store.door import Store
from tools.store.workspace import Workspace

Done = TypeVar("Done")


def edit(workspace: Workspace, change: Callable[[Store], Done]) -> Done:
    """Make one change and refresh the journeys of the persons it touches; all of it, or nothing.

    Args:
        workspace: Whose.
        change: Gets a writable store; adds persons to the temporary table `touched_person`.

    Raises:
        WorkspaceBusyError: Another process is writing.
    """
    with workspace.write() as store:
        store.execute("CREATE OR REPLACE TEMP TABLE touched_person (person_id BIGINT)")
        done = change(store)
        settle_persons(store)
        refresh(store)
        return done
