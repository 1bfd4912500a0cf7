"""Work that outlives one run of the page's script: a question, an import.

Streamlit runs the script anew at every click. A task runs in a thread of its own and keeps
what it reported, so that each new run finds it again, shows all of it, and follows it on.
"""

import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Report = TypeVar("Report")
Done = TypeVar("Done")


class Task(Generic[Report, Done]):
    """One piece of work under way, with everything that it has reported so far."""

    def __init__(self, label: str, work: Callable[[Callable[[Report], None]], Done]) -> None:
        """Start `work(report)` in a thread.

        Args:
            label: What it is, for the reader: the question, the file's name.
            work: Calls `report` as it goes on and returns its result.
        """
        self.label = label
        self._reports: list[Report] = []
        self._changed = threading.Condition()
        self._result: Done | None = None
        self._error: BaseException | None = None
        self._finished = False
        threading.Thread(target=self._run, args=(work,), daemon=True, name=label[:40]).start()

    @property
    def finished(self) -> bool:
        """Whether the work is over, well or badly."""
        with self._changed:
            return self._finished

    def follow(self) -> Iterator[Report]:
        """Yield every report from the first on, until the work is over."""
        seen = 0
        while True:
            with self._changed:
                while not self._finished and len(self._reports) == seen:
                    self._changed.wait()
                fresh, over = self._reports[seen:], self._finished
            yield from fresh
            seen += len(fresh)
            if over:
                return

    def latest(self) -> Report | None:
        """Return the newest report."""
        with self._changed:
            return self._reports[-1] if self._reports else None

    def result(self) -> Done:
        """Wait for the work's result; what it raised is raised here."""
        with self._changed:
            self._changed.wait_for(lambda: self._finished)
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]

    def _run(self, work: Callable[[Callable[[Report], None]], Done]) -> None:
        try:
            self._result = work(self._report)
        except BaseException as error:  # noqa: BLE001 - told to whoever asks for the result
            self._error = error
        with self._changed:
            self._finished = True
            self._changed.notify_all()

    def _report(self, report: Report) -> None:
        with self._changed:
            self._reports.append(report)
            self._changed.notify_all()
