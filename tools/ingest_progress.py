"""Tells how far an import is, while DuckDB is busy with one long statement."""

import threading
import time
from collections.abc import Callable
from types import TracebackType

from tools.ingest_report import Progress
from tools.store.door import Store

EVERY_SECONDS = 0.2
STEPS = {
    "reading": (0.0, 0.4),
    "understanding": (0.4, 0.1),
    "writing": (0.5, 0.5),
    "done": (1.0, 0.0),
}
"""Where each step begins and how much of a file's time it takes, about."""
NEVER_YET = 0.99


class Ticker:
    """Calls back at every step, and in between from a thread of its own."""

    def __init__(self, store: Store, report: Callable[[Progress], None], files: int) -> None:
        """Watch `store`; a callback that is not asked for costs nothing."""
        self._store = store
        self._report = report
        self._files = files
        self._began = time.monotonic()
        self._file = ""
        self._done = 0
        self._step = "reading"
        self._expected = 0
        self._share = 0.0
        self._guard = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> "Ticker":
        self._store.execute("SET enable_progress_bar = true")
        self._store.execute("SET enable_progress_bar_print = false")
        self._store.execute("SET progress_bar_time = 0")
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._store.execute("SET enable_progress_bar = false")

    @property
    def seconds(self) -> float:
        """Since the import began."""
        return time.monotonic() - self._began

    def file(self, name: str, number: int, expected: int) -> None:
        """Begin a file."""
        with self._guard:
            self._file, self._done, self._expected = name, number, expected
            self._step, self._share = "reading", 0.0
        self._tell(0.0)

    def step(self, step: str, rows: int) -> None:
        """Begin a step of the file; how many rows it has is known by now."""
        with self._guard:
            self._step, self._expected = step, rows
        self._tell(0.0)

    def _tick(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            if self._file:
                self._tell(max(self._store.progress(), 0.0) / 100)

    def _tell(self, part: float) -> None:
        with self._guard:
            begin, length = STEPS[self._step]
            limit = 1.0 if self._step == "done" else NEVER_YET
            # A step has several statements: what is told never goes back.
            self._share = min(max(self._share, begin + length * part), limit)
            rows = round(self._share * self._expected)
            told = Progress(
                self._file, self._step, rows, self._expected, self._done, self._files, self.seconds
            )
        self._report(told)
