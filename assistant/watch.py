"""A question's clock and its stop button."""

import threading
import time

from tools.store.door import Stopped


class Watch:
    """How long a model server may still take for one question, and whether the user stopped it."""

    def __init__(self, seconds: float) -> None:
        """Start the clock: `seconds` are the server's for the whole question."""
        self._until = time.monotonic() + seconds
        self._stopped = threading.Event()

    @property
    def stopped(self) -> bool:
        """Whether the user stopped the question."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Stop the question; whoever waits wakes up."""
        self._stopped.set()

    def left(self) -> float:
        """Return the seconds that the server still has, never below zero."""
        return max(0.0, self._until - time.monotonic())

    def check(self) -> None:
        """Raise `Stopped` once the user stopped the question."""
        if self.stopped:
            raise Stopped

    def wait(self, seconds: float) -> None:
        """Sleep, unless the user stops the question.

        Raises:
            Stopped: The user did.
        """
        if self._stopped.wait(seconds):
            raise Stopped
