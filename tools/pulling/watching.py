"""`watch`: a folder's files as they arrive, each when it is complete.

The file system's events only wake us; what counts is how the folder looks. A file is complete when its
size and time have stood still for a while; one that changes later is taken again, and what is known
adds nothing.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from watchfiles import watch as events

from tools.connectors.contract import ImportOptions
from tools.connectors.files import FORMATS, PACKED
from tools.errors import JourneyError, UnreadableFileError, WorkspaceBusyError
from tools.ingest import FileReport
from tools.journeys.intake import take_in
from tools.store.workspace import Workspace

SETTLE_SECONDS = 2.0
UNFINISHED = {".part", ".tmp", ".temp", ".crdownload", ".download", ".partial", ".swp", ".filepart"}
Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Arrived:
    """Files that were taken, or why they were not."""

    names: tuple[str, ...]
    files: tuple[FileReport, ...] = ()
    error: str | None = None


class Watch:
    """What is known of a watched folder's files."""

    def __init__(
        self, workspace: Workspace, folder: Path, options: ImportOptions | None = None
    ) -> None:
        """Watch `folder` for `workspace`.

        Raises:
            UnreadableFileError: It is no folder.
        """
        if not folder.is_dir():
            raise UnreadableFileError(f"folder: '{folder}' is no folder.")
        self.workspace, self.folder = workspace, folder
        self.options = options or ImportOptions()
        self._seen: dict[Path, tuple[Stamp, float]] = {}
        self._taken: dict[Path, Stamp] = {}

    def take(self, *, settle: float = SETTLE_SECONDS, at: float | None = None) -> Arrived | None:
        """Take the files that have stood still for `settle` seconds; None when there are none.

        Args:
            settle: Seconds without a change.
            at: The time, on a clock that never goes back; None: now.
        """
        ready = self._ready(settle, time.monotonic() if at is None else at)
        if not ready:
            return None
        names = tuple(path.relative_to(self.folder).as_posix() for path in ready)
        try:
            report = take_in(
                self.workspace,
                ready,
                self.options,
                loaded_at=datetime.now(UTC).replace(tzinfo=None),
                progress=lambda _: None,
            ).ingest
        except WorkspaceBusyError:
            return None  # they are still there when it is our turn
        except JourneyError as fault:
            self._note(ready)
            return Arrived(names, error=str(fault))
        self._note(ready)
        return Arrived(names, report.files)

    def run(
        self,
        told: Callable[[Arrived], None],
        *,
        settle: float = SETTLE_SECONDS,
        stop: threading.Event | None = None,
    ) -> None:
        """Take files as they arrive, until told to stop; one that cannot be read stops nothing."""
        stop = stop or threading.Event()
        pause = max(50, int(settle * 500))
        while not stop.is_set():
            if (arrived := self.take(settle=settle)) is not None:
                told(arrived)
                continue
            for _ in events(
                self.folder, stop_event=stop, rust_timeout=pause, yield_on_timeout=True,
                raise_interrupt=True,
            ):  # fmt: skip
                break

    def _ready(self, settle: float, at: float) -> list[Path]:
        found = dict(self._stamps())
        self._seen = {
            path: self._seen[path]
            if path in self._seen and self._seen[path][0] == stamp
            else (stamp, at)
            for path, stamp in found.items()
        }
        return [
            path
            for path, (stamp, since) in sorted(self._seen.items())
            if stamp[0] and at - since >= settle and self._taken.get(path) != stamp
        ]

    def _stamps(self) -> Iterable[tuple[Path, Stamp]]:
        for path in self.folder.rglob("*"):
            inner = path.relative_to(self.folder)
            if any(part.startswith((".", "~")) for part in inner.parts) or not _is_table(path):
                continue
            try:
                told = path.stat()
            except FileNotFoundError:
                continue  # it went while we looked
            if path.is_file():
                yield path, (told.st_size, told.st_mtime_ns)

    def _note(self, paths: Iterable[Path]) -> None:
        self._taken |= {path: self._seen[path][0] for path in paths}


def _is_table(path: Path) -> bool:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if not suffixes or suffixes[-1] in UNFINISHED:
        return False
    return suffixes[-1] in FORMATS or suffixes[-1] in PACKED or suffixes[-1] == ".zip"
