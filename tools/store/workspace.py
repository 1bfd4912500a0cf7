"""A workspace folder: published generations of one DuckDB file, and the writer's lock.

A writer works on a file of its own (a copy of the newest generation, a copy-on-write clone
where the file system has it), and publishes it with one atomic rename of `CURRENT`. Readers
open the generation that `CURRENT` names and move on at their next question. A crash leaves
the last generation; what the dead writer left behind is removed by the next one.
"""

import contextlib
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from tools.errors import DamagedWorkspaceError, StoreError, WorkspaceBusyError
from tools.store import schema
from tools.store.door import Store

KEPT_GENERATIONS = 2
LOCK_WAIT_SECONDS = 2.0
MEMORY_LIMIT = "3GB"
"""What DuckDB may hold; with it a whole process stays under 4 GB, and what does not fit is spilled."""
FICLONE = 0x40049409
"""Linux: make one file share another's blocks."""


class Workspace:
    """One company's data: a folder with the store, conversations and settings."""

    def __init__(self, path: Path, *, memory_limit: str = MEMORY_LIMIT) -> None:
        """Name a workspace folder; it is created by the first write."""
        self.path = path
        self.memory_limit = memory_limit
        self._store: Store | None = None
        self._guard = threading.Lock()

    @property
    def conversations(self) -> Path:
        """The SQLite file of conversations."""
        return self.path / "conversations.sqlite"

    @property
    def memory(self) -> Path:
        """The folder of the Chroma memory."""
        return self.path / "chroma"

    @property
    def settings(self) -> Path:
        """The settings file; keys never stand in it."""
        return self.path / "settings.toml"

    def generation(self) -> int:
        """Return the number of the published generation; 0 when there is none."""
        try:
            return int(self._current.read_text(encoding="ascii"))
        except FileNotFoundError:
            return 0
        except ValueError as fault:
            raise DamagedWorkspaceError(
                f"{self._current}: should hold the number of a generation, and does not."
            ) from fault

    def read(self) -> Store:
        """Return the newest published generation, read-only; the same `Store` until it moves on."""
        with self._guard:
            generation = self.generation()
            if self._store is None or self._store.generation != generation:
                # The old connection closes when its last running question lets go of it.
                self._store = self._open(generation)
            return self._store

    @contextlib.contextmanager
    def write(self) -> Iterator[Store]:
        """Yield a private writable copy; publish it whole at the end, or not at all.

        Raises:
            WorkspaceBusyError: Another process is writing.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        self._generations.mkdir(exist_ok=True)
        with self._lock():
            self._sweep()
            base = self.generation()
            draft = self._generations / f"draft-{os.getpid()}.duckdb"
            try:
                yield from self._change(draft, base)
            finally:
                draft.unlink(missing_ok=True)
                draft.with_name(draft.name + ".wal").unlink(missing_ok=True)
            self._sweep()

    def rewrite(self) -> None:
        """Write the published generation anew and remove the others: what was deleted is gone.

        A database keeps deleted rows in its file until their place is used again, and the
        generation before still has them.

        Raises:
            WorkspaceBusyError: Another process is writing.
        """
        with self._lock():
            base = self.generation()
            if not base:
                return
            draft = self._generations / f"draft-{os.getpid()}.duckdb"
            try:
                _copy_database(self._file(base), draft)
                _flush(draft)
                draft.rename(self._file(base + 1))
                self._point_to(base + 1)
            finally:
                draft.unlink(missing_ok=True)
            self._sweep(kept=1)

    def _change(self, draft: Path, base: int) -> Iterator[Store]:
        if base:
            _clone(self._file(base), draft)
        store = _connect(draft, base, self.memory_limit, writable=True)
        try:
            schema.migrate(store)
            yield store
            store.execute("CHECKPOINT")
        finally:
            store.close()
        _flush(draft)
        draft.rename(self._file(base + 1))
        self._point_to(base + 1)

    def _open(self, generation: int) -> Store:
        if generation == 0:
            return memory_store()
        store = _connect(self._file(generation), generation, self.memory_limit, writable=False)
        if schema.check(store) == schema.VERSION:
            return store
        store.close()
        with self.write():
            pass
        generation = self.generation()
        return _connect(self._file(generation), generation, self.memory_limit, writable=False)

    @property
    def _current(self) -> Path:
        return self.path / "CURRENT"

    @property
    def _generations(self) -> Path:
        return self.path / "generations"

    def _file(self, generation: int) -> Path:
        return self._generations / f"{generation:08d}.duckdb"

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        holder = self.path / "writer.pid"
        lock = FileLock(self.path / "writer.lock", timeout=LOCK_WAIT_SECONDS)
        try:
            lock.acquire()
        except Timeout as fault:
            who = holder.read_text(encoding="ascii").strip() if holder.exists() else "unknown"
            raise WorkspaceBusyError(
                f"{self.path}: another process (pid {who}) is writing to this workspace. "
                "Questions still work; load again when it is done."
            ) from fault
        except OSError as fault:
            raise StoreError(f"{self.path}: cannot be written: {fault}") from fault
        try:
            holder.write_text(str(os.getpid()), encoding="ascii")
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()

    def _point_to(self, generation: int) -> None:
        draft = self.path / "CURRENT.draft"
        draft.write_text(str(generation), encoding="ascii")
        _flush(draft)
        draft.replace(self._current)

    def _sweep(self, kept: int = KEPT_GENERATIONS) -> None:
        """Remove old generations and what dead writers left behind."""
        current = self.generation()
        for file in self._generations.iterdir():
            number = int(file.stem) if file.stem.isdigit() else None
            if number is None or not current - kept < number <= current:
                # A system that cannot remove an open file keeps it until the next sweep.
                with contextlib.suppress(PermissionError):
                    file.unlink()


def memory_store() -> Store:
    """Return an empty, migrated, writable store in memory (tests, previews)."""
    store = Store(_settle(duckdb.connect(":memory:"), MEMORY_LIMIT), path=None, generation=0)
    store.writable = True
    schema.migrate(store)
    return store


def _connect(file: Path, generation: int, memory_limit: str, *, writable: bool) -> Store:
    try:
        connection = duckdb.connect(str(file), read_only=not writable)
    except duckdb.Error as fault:
        raise DamagedWorkspaceError(
            f"{file}: cannot be opened as a store ({_first_line(fault)}). "
            "Restore the folder from a backup, or import the files into a new workspace."
        ) from fault
    store = Store(_settle(connection, memory_limit), path=file, generation=generation)
    store.writable = writable
    return store


def _settle(connection: duckdb.DuckDBPyConnection, memory_limit: str) -> duckdb.DuckDBPyConnection:
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET memory_limit = '{memory_limit}'")
    connection.execute("SET enable_progress_bar = false")
    return connection


def _copy_database(source: Path, target: Path) -> None:
    """Copy tables row by row into a new file, which has nothing else in it."""
    connection = _settle(duckdb.connect(str(target)), MEMORY_LIMIT)
    try:
        quoted = str(source).replace("'", "''")
        connection.execute(f"ATTACH '{quoted}' AS before (READ_ONLY)")
        connection.execute(f'COPY FROM DATABASE before TO "{target.stem}"')
        connection.execute("DETACH before")
        connection.execute("CHECKPOINT")
    except duckdb.Error as fault:
        raise StoreError(f"{target}: cannot be written: {_first_line(fault)}") from fault
    finally:
        connection.close()


def _clone(source: Path, target: Path) -> None:
    """Copy a file; where the file system can share its blocks, that is no copy at all."""
    try:
        if not _reflink(source, target):
            shutil.copyfile(source, target)
    except OSError as fault:
        raise StoreError(f"{target}: cannot be written: {fault}") from fault


def _reflink(source: Path, target: Path) -> bool:
    if sys.platform != "linux":
        return False
    import fcntl  # noqa: PLC0415 - only some systems have it

    with source.open("rb") as read, target.open("wb") as write:
        try:
            fcntl.ioctl(write.fileno(), FICLONE, read.fileno())
        except OSError:
            return False  # this file system has no clones
    return True


def _flush(file: Path) -> None:
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())


def _first_line(fault: Exception) -> str:
    return str(fault).splitlines()[0]
