"""When to sync: a cron line to install, or this program's own clock."""

import shlex
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from croniter import croniter

from tools.errors import InvalidArgumentError
from tools.journeys.definition import parse_duration

LONGEST_WAIT = timedelta(minutes=1)
"""A machine that slept finds its time soon after it wakes."""


def cron_of(every: str) -> str:
    """Return the cron expression of an interval such as `30m`, `6h` or `1d`.

    Raises:
        InvalidArgumentError: It does not divide an hour or a day.
    """
    minutes = parse_duration(every) // timedelta(minutes=1)
    if 0 < minutes < 60 and 60 % minutes == 0:
        return f"*/{minutes} * * * *" if minutes > 1 else "* * * * *"
    hours, odd = divmod(minutes, 60)
    if not odd and 0 < hours < 24 and 24 % hours == 0:
        return f"0 */{hours} * * *" if hours > 1 else "0 * * * *"
    if minutes == 24 * 60:
        return "0 6 * * *"
    raise InvalidArgumentError(
        f"every: {every} does not divide an hour or a day. Say it as --cron, such as '0 6 * * 1'."
    )


def cron_line(workspace: Path, cron: str, *, program: str = "desirepath") -> str:
    """Return the line for `crontab -e` that syncs a workspace.

    Raises:
        InvalidArgumentError: The expression is none.
    """
    check(cron)
    folder = shlex.quote(str(workspace))
    log = shlex.quote(str(workspace / "sync.log"))
    line = f"{shlex.quote(program)} --workspace {folder} sync >> {log} 2>&1"
    return f"{cron} {line}".replace("%", "\\%")


def check(cron: str) -> str:
    """Return a cron expression.

    Raises:
        InvalidArgumentError: It is none.
    """
    if len(cron.split()) != 5 or not croniter.is_valid(cron):
        raise InvalidArgumentError(
            f"cron: '{cron}' should have five fields, such as '0 6 * * *' (every day at six)."
        )
    return cron


def next_time(cron: str, after: datetime) -> datetime:
    """Return when a cron expression is due next."""
    due = croniter(check(cron), after).get_next(datetime)
    assert isinstance(due, datetime)  # noqa: S101 - what it was asked for
    return due


def repeat(
    run: Callable[[], None],
    *,
    every: timedelta | None = None,
    cron: str | None = None,
    stop: threading.Event | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now().astimezone(),
) -> None:
    """Run something again and again, until told to stop; a run that is late is not made up for.

    Args:
        run: What to do; it never overlaps itself.
        every: From one beginning to the next; the first is now.
        cron: Or when, in local time.
        stop: Ends it between two runs.
        clock: Tells the time.
    """
    stop = stop or threading.Event()
    due = clock() if every else next_time(str(cron), clock())
    while not stop.is_set():
        if (left := due - clock()) > timedelta(0):
            stop.wait(min(left, LONGEST_WAIT).total_seconds())
            continue
        run()
        if every:
            due += every * max(1, -((due - clock()) // every))
        else:
            due = next_time(str(cron), clock())
