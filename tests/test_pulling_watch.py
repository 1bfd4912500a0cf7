"""Watched folders, schedules, and the commands."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest
import typer
from typer.testing import CliRunner

from tests.pulled import Ring, new_base
from tools.errors import InvalidArgumentError, JourneyError, UnreadableFileError
from tools.pulling import watching
from tools.pulling.schedule import cron_line, cron_of, next_time, repeat
from tools.pulling.watching import Arrived, Watch
from tools.store.workspace import Workspace
from ui.commands import sync as commands

ROWS = [f"p{n}@x.com,2026-05-0{n % 9 + 1}T10:00:00,Page {n % 3}\n" for n in range(20)]
HEAD = "email,time,event\n"


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    (tmp_path / "in").mkdir()
    return Watch(Workspace(tmp_path / "ws"), tmp_path / "in")


def events(watch: Watch) -> object:
    return watch.workspace.read().value("SELECT count(*) FROM event")


def test_a_file_is_taken_when_it_has_stood_still_and_only_once(watch: Watch) -> None:
    file = watch.folder / "events.csv"
    file.write_text(HEAD + "".join(ROWS[:5]))
    assert watch.take(settle=2, at=0) is None
    with file.open("a") as handle:
        handle.writelines(ROWS[5:8])
    assert watch.take(settle=2, at=2) is None  # it has grown since
    assert watch.take(settle=2, at=3.9) is None
    taken = watch.take(settle=2, at=4)
    assert taken is not None
    assert [(f.name, f.rows_taken) for f in taken.files] == [("events.csv", 8)]
    assert watch.take(settle=2, at=10) is None
    with file.open("a") as handle:
        handle.writelines(ROWS[8:])
    assert watch.take(settle=2, at=11) is None
    taken = watch.take(settle=2, at=14)
    assert taken is not None
    assert (taken.files[0].rows_taken, taken.files[0].rows_duplicate) == (12, 8)
    again = Watch(watch.workspace, watch.folder)
    again.take(settle=2, at=0)
    taken = again.take(settle=2, at=3)
    assert taken is not None
    assert taken.files[0].already_loaded
    assert events(watch) == 20


def test_what_is_unfinished_hidden_or_no_table_is_left(watch: Watch) -> None:
    for name in ("a.csv.part", ".b.csv", "~c.xlsx", "d.png", "e", "f.crdownload", "g.csv.tmp"):
        (watch.folder / name).write_text(HEAD + ROWS[0])
    (watch.folder / "empty.csv").touch()
    watch.take(settle=1, at=0)
    assert watch.take(settle=1, at=5) is None


def test_a_file_that_cannot_be_read_stops_nothing_and_is_tried_once(watch: Watch) -> None:
    (watch.folder / "bad.parquet").write_text("no parquet at all")
    watch.take(settle=1, at=0)
    taken = watch.take(settle=1, at=1)
    assert taken is not None
    assert "bad.parquet" in str(taken.error or taken.files[0].error)
    assert watch.take(settle=1, at=9) is None
    (watch.folder / "good.csv").write_text(HEAD + "".join(ROWS))
    watch.take(settle=1, at=10)
    taken = watch.take(settle=1, at=12)
    assert taken is not None
    assert taken.names == ("good.csv",)
    assert events(watch) == 20


def test_a_busy_workspace_is_waited_for(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    (watch.folder / "a.csv").write_text(HEAD + "".join(ROWS))
    watch.take(settle=1, at=0)
    monkeypatch.setattr("tools.store.workspace.LOCK_WAIT_SECONDS", 0.05)
    other = Workspace(watch.workspace.path)
    with other.write():
        assert watch.take(settle=1, at=2) is None
    assert watch.take(settle=1, at=3) is not None


def test_files_are_taken_as_they_arrive(watch: Watch) -> None:
    told: list[Arrived] = []
    stop, arrived = threading.Event(), threading.Event()

    def tell(one: Arrived) -> None:
        told.append(one)
        arrived.set()

    thread = threading.Thread(target=lambda: watch.run(tell, settle=0.3, stop=stop))
    thread.start()
    try:
        time.sleep(0.2)
        with (watch.folder / "slow.csv").open("w") as handle:
            handle.write(HEAD)
            for row in ROWS:
                handle.write(row)
                handle.flush()
                time.sleep(0.03)
        assert arrived.wait(60)
    finally:
        stop.set()
        thread.join()
    assert sum(file.rows_taken for one in told for file in one.files) == 20
    assert events(watch) == 20


def test_only_a_folder_is_watched(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="is no folder"):
        Watch(Workspace(tmp_path), tmp_path / "missing")


@pytest.mark.parametrize(
    ("every", "cron"),
    [
        ("15m", "*/15 * * * *"),
        ("1m", "* * * * *"),
        ("1h", "0 * * * *"),
        ("6h", "0 */6 * * *"),
        ("1d", "0 6 * * *"),
    ],
)
def test_an_interval_reads_as_cron(every: str, cron: str) -> None:
    assert cron_of(every) == cron


@pytest.mark.parametrize("every", ["7m", "5h", "2d", "90m"])
def test_an_interval_that_cron_cannot_say_is_refused(every: str) -> None:
    with pytest.raises(InvalidArgumentError, match="--cron"):
        cron_of(every)


def test_a_cron_line_quotes_its_workspace() -> None:
    line = cron_line(Path("/data/my 50% co"), "0 6 * * 1")
    assert line.startswith("0 6 * * 1 desirepath --workspace '/data/my 50\\% co' sync >> ")
    with pytest.raises(InvalidArgumentError, match="five fields"):
        cron_line(Path("/x"), "every day")


def test_mondays_are_ones() -> None:
    wednesday = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert next_time("0 6 * * 1", wednesday) == datetime(2026, 11, 30, 6, tzinfo=UTC)
    assert next_time("30 13 * * *", wednesday) == datetime(2026, 11, 25, 13, 30, tzinfo=UTC)


def test_a_run_that_is_late_is_not_made_up_for() -> None:
    clock = [datetime(2026, 11, 25, 12, tzinfo=UTC)]
    stop, ran = threading.Event(), []

    class Sleeping(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            clock[0] += timedelta(seconds=timeout or 0)
            return False

    def run() -> None:
        ran.append(clock[0].strftime("%H:%M"))
        clock[0] += timedelta(minutes=150 if len(ran) == 2 else 5)
        if len(ran) == 4:
            stop.set()

    stop = Sleeping()
    repeat(run, every=timedelta(hours=1), stop=stop, clock=lambda: clock[0])
    assert ran == ["12:00", "13:00", "16:00", "17:00"]
    clock[0], stop = datetime(2026, 11, 25, 12, tzinfo=UTC), Sleeping()
    ran.clear()
    repeat(run, cron="0 * * * *", stop=stop, clock=lambda: clock[0])
    assert ran == ["13:00", "14:00", "17:00", "18:00"]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Call":
    keyring.set_keyring(Ring())
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN", raising=False)
    return Call(Workspace(tmp_path / "ws"))


class Call:
    """The commands as the command line has them."""

    def __init__(self, workspace: Workspace) -> None:
        self.app, listing = typer.Typer(), typer.Typer()
        commands.register(self.app)
        commands.register_sources(listing)
        self.app.add_typer(listing, name="sources")
        self.workspace = workspace

    def __call__(self, *words: str, typed: str = "") -> tuple[int, str]:
        done = CliRunner().invoke(self.app, list(words), obj=self.workspace, input=typed)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout


def test_a_source_is_added_its_keys_stored_and_removed(call: Call) -> None:
    code, told = call("sources", "add", "hubspot", "--only", "contacts", "--start", "2025-01-01")
    assert code == 0
    assert "HUBSPOT_ACCESS_TOKEN: not found" in told
    code, told = call("sources", "keys", "hubspot", "--store", typed="my-own-key\n")
    assert "HUBSPOT_ACCESS_TOKEN: found in the keyring" in told
    assert "my-own-key" not in told
    assert "my-own-key" not in call.workspace.settings.read_text()
    code, told = call("sources", "keys", "hubspot", "--json")
    assert json.loads(told) == [{"name": "HUBSPOT_ACCESS_TOKEN", "found": "keyring"}]
    assert call("sources", "remove", "hubspot")[0] == 0
    with pytest.raises(InvalidArgumentError, match="no configured source 'hubspot'"):
        call("sources", "remove", "hubspot")


def test_a_database_is_added_with_its_mapping_and_synced(call: Call, tmp_path: Path) -> None:
    base = new_base(tmp_path / "crm.db", 12)
    words = (
        "--table",
        "visits",
        "--cursor",
        "at",
        "--person",
        "who",
        "--time",
        "at",
        "--event",
        "what",
    )
    assert call("sources", "add", "crm", "--database", f"sqlite:///{base}", *words)[0] == 0
    code, told = call("sync", "--json")
    assert code == 0
    source = json.loads(told)["sources"][0]
    assert (source["source"], source["rows_new"], source["errors"]) == ("crm", 12, [])
    assert source["endpoints"][0]["next"] == "2026-05-01 03:00:00"


def test_a_sync_that_fails_says_so_and_exits_with_one(call: Call) -> None:
    with pytest.raises(JourneyError, match="No source is configured yet"):
        call("sync")
    call("sources", "add", "hubspot")
    code, told = call("sync")
    assert code == 1
    assert "no key in HUBSPOT_ACCESS_TOKEN" in told


def test_a_schedule_is_printed(call: Call) -> None:
    code, told = call("schedule", "--every", "6h", "--json")
    assert code == 0
    line = json.loads(told)["line"]
    assert line.startswith("0 */6 * * * ")
    assert f"--workspace {call.workspace.path} sync" in line


def test_the_watching_command_ends_quietly(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text(HEAD + "".join(ROWS))

    def run(self: Watch, told: object, **_: object) -> None:
        self.take(settle=0, at=0)
        assert callable(told)
        told(Arrived(("a.csv",), error="a.csv: unreadable"))
        raise KeyboardInterrupt

    monkeypatch.setattr(watching.Watch, "run", run)
    code, told = call("watch", str(tmp_path / "in"))
    assert code == 0
    assert "a.csv: unreadable" in told
