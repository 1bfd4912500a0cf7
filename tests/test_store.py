import multiprocessing
import os
import threading
from collections.abc import Iterator
from multiprocessing.synchronize import Event as Signal
from pathlib import Path

import pytest

from tools.errors import DamagedWorkspaceError, NewerWorkspaceError, WorkspaceBusyError
from tools.store import schema
from tools.store.door import Stopped, Store
from tools.store.workspace import Workspace

ADD_LOAD = (
    "INSERT INTO load (source, connector, name, content_hash, mapping, rows_read, rows_taken, "
    "rows_rejected, rows_duplicate, events, loaded_at) "
    "VALUES ('s', 'c', $name, 'h', '{}', 1, 1, 0, 0, 1, TIMESTAMP '2026-01-01')"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "company")


@pytest.fixture
def held(workspace: Workspace) -> Iterator[Workspace]:
    """A workspace that another process is writing to."""
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(workspace.path, ready, done))
    process.start()
    assert ready.wait(30)
    yield workspace
    done.set()
    process.join(30)


def _hold(path: Path, ready: Signal, done: Signal) -> None:
    with Workspace(path).write() as store:
        add(store, "theirs")
        ready.set()
        done.wait(60)


def _die_while_writing(path: Path) -> None:
    with Workspace(path).write() as store:
        add(store, "lost")
        os._exit(1)


def _fail_while_writing(workspace: Workspace) -> None:
    with workspace.write() as store:
        add(store, "lost")
        raise KeyError


def add(store: Store, name: str) -> None:
    store.execute(ADD_LOAD, {"name": name})


def names(store: Store) -> list[str]:
    return [str(row[0]) for row in store.rows("SELECT name FROM load ORDER BY load_id")]


def test_a_folder_that_does_not_exist_reads_as_empty_and_stays_unwritten(
    workspace: Workspace,
) -> None:
    assert names(workspace.read()) == []
    assert not workspace.path.exists()


def test_a_write_is_seen_by_the_next_question_and_not_by_one_already_running(
    workspace: Workspace,
) -> None:
    with workspace.write() as store:
        add(store, "first")
    before = workspace.read()
    with workspace.write() as store:
        add(store, "second")
        assert names(workspace.read()) == ["first"]
    assert names(before) == ["first"]
    assert names(workspace.read()) == ["first", "second"]


def test_a_failed_write_leaves_the_store_as_it_was(workspace: Workspace) -> None:
    with workspace.write() as store:
        add(store, "kept")
    with pytest.raises(KeyError):
        _fail_while_writing(workspace)
    assert names(workspace.read()) == ["kept"]
    assert [f.name for f in (workspace.path / "generations").iterdir()] == ["00000001.duckdb"]


def test_a_killed_writer_leaves_the_last_generation_and_is_swept_up(workspace: Workspace) -> None:
    with workspace.write() as store:
        add(store, "kept")
    process = multiprocessing.get_context("spawn").Process(
        target=_die_while_writing, args=(workspace.path,)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 1
    assert names(Workspace(workspace.path).read()) == ["kept"]
    with workspace.write() as store:
        add(store, "after")
    files = {f.name for f in (workspace.path / "generations").iterdir()}
    assert files == {"00000001.duckdb", "00000002.duckdb"}


def test_questions_go_on_while_another_process_writes(held: Workspace) -> None:
    assert names(held.read()) == []


def test_a_second_writer_is_told_who_holds_the_workspace(
    held: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.store.workspace.LOCK_WAIT_SECONDS", 0.1)
    busy = pytest.raises(WorkspaceBusyError, match=r"another process \(pid \d+\) is writing")
    with busy, held.write():
        pass


def test_a_workspace_of_a_newer_version_says_so(workspace: Workspace) -> None:
    with workspace.write() as store:
        store.execute("UPDATE schema_version SET version = 999")
    with pytest.raises(NewerWorkspaceError, match="newer Desirepath"):
        Workspace(workspace.path).read()


def test_a_damaged_file_says_so(workspace: Workspace) -> None:
    with workspace.write():
        pass
    (workspace.path / "generations" / "00000001.duckdb").write_bytes(b"no store " * 1000)
    with pytest.raises(DamagedWorkspaceError, match="cannot be opened"):
        Workspace(workspace.path).read()


def test_a_damaged_pointer_says_so(workspace: Workspace) -> None:
    with workspace.write():
        pass
    (workspace.path / "CURRENT").write_text("what?")
    with pytest.raises(DamagedWorkspaceError, match="should hold the number"):
        Workspace(workspace.path).read()


def test_an_older_workspace_is_migrated_when_it_is_read(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with workspace.write() as store:
        add(store, "old")
    newer = tmp_path / "0002_later.sql"
    newer.write_text("ALTER TABLE load ADD COLUMN cursor VARCHAR;")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, newer))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    store = Workspace(workspace.path).read()
    assert store.rows("SELECT name, cursor FROM load") == [("old", None)]


def test_a_running_question_can_be_stopped(workspace: Workspace) -> None:
    with workspace.write():
        pass
    store = workspace.read()
    timer = threading.Timer(0.3, store.interrupt)
    timer.start()
    with pytest.raises(Stopped):
        store.value(
            "SELECT count(*) FROM range(100000000) a, range(1000) b WHERE a.range % 7 = b.range % 5"
        )
    timer.join()


def test_what_was_deleted_is_gone_from_the_files_once_they_are_rewritten(
    workspace: Workspace,
) -> None:
    gone = "ann@gone.example"
    with workspace.write() as store:
        add(store, gone * 50)
        add(store, "kept")
    with workspace.write() as store:
        store.execute("DELETE FROM load WHERE name <> 'kept'")
    workspace.rewrite()
    files = list((workspace.path / "generations").iterdir())
    assert len(files) == 1
    assert gone.encode() not in files[0].read_bytes()
    assert workspace.read().rows("SELECT name FROM load") == [("kept",)]
    with workspace.write() as store:
        add(store, "later")  # ids go on where they were
    assert workspace.read().value("SELECT count(DISTINCT load_id) FROM load") == 2
