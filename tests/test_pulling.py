"""Sources, keys, landing and loading: what a sync does around the vendors."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keyring
import pytest

from tests.api_server import SECRET, ApiServer, Asked, Fault, Reply, served
from tests.api_vendors import NOW, START, environment, vendors
from tests.pulled import QUICK, Kill, Ring
from tools.errors import InvalidArgumentError, PullError, RefusedKeyError, WorkspaceBusyError
from tools.ingest import IngestReport
from tools.journeys.intake import take_in
from tools.pulling import loading
from tools.pulling.keys import Keys, KeyState, find_keys, key_states, store_key
from tools.pulling.landing import Landing
from tools.pulling.loading import cursors
from tools.pulling.position import Position, Run, position_from
from tools.pulling.report import SourceReport
from tools.pulling.sources import Database, Source, add_source, remove_source, sources
from tools.pulling.sync import sync
from tools.store.workspace import Workspace


@pytest.fixture(autouse=True)
def ring() -> Ring:
    found = Ring()
    keyring.set_keyring(found)
    return found


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "ws")


def test_sources_stand_in_the_settings_and_comments_stay(workspace: Workspace) -> None:
    workspace.path.mkdir()
    workspace.settings.write_text('# mine\n[model]\nmodel = "built-in"  # none\n')
    zendesk = Source(
        "zendesk",
        "zendesk",
        {"subdomain": "acme", "email": "me@acme.com"},
        date(2025, 1, 1),
        ("users",),
    )
    crm = Source(
        "crm", database=Database("sqlite:///crm.db", "visits", None, "at", {"person": "email"})
    )
    assert add_source(workspace, zendesk) == zendesk
    assert add_source(workspace, crm) == crm
    assert sources(workspace) == (zendesk, crm)
    text = workspace.settings.read_text()
    assert "# mine" in text
    assert "# none" in text
    assert remove_source(workspace, "crm") == crm
    assert sources(workspace) == (zendesk,)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (Source("hubspt", "hubspt"), "Did you mean 'hubspot'"),
        (Source("zendesk", "zendesk", {"subdomain": "acme"}), "needs email"),
        (Source("hubspot", "hubspot", {"subdomain": "acme"}), "no setting 'subdomain'"),
        (Source("hubspot", "hubspot", {"access_token": "x"}), "looks like a key"),
        (Source("hubspot", "hubspot", only=("contact",)), "Did you mean 'contacts'"),
        (Source("Hub Spot", "hubspot"), "small letters"),
        (Source("crm", database=Database("postgresql://me:pw@h/b", "t")), "holds a password"),
        (Source("crm", database=Database("snowflake://me@h/b?token=x", "t")), "holds a password"),
        (Source("crm", database=Database("sqlite:///x")), "a table or a query"),
        (
            Source("crm", database=Database("sqlite:///x", "t", columns={"who": "a"})),
            "no role 'who'",
        ),
    ],
)
def test_a_source_that_cannot_be_is_refused(
    workspace: Workspace, source: Source, said: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        add_source(workspace, source)
    assert not workspace.settings.exists()


def test_keys_come_from_the_environment_or_the_keyring(ring: Ring) -> None:
    store_key("shop_b", "SHOPIFY_ACCESS_TOKEN", "from the ring")
    assert list(ring.told) == ["desirepath/shop_b/SHOPIFY_ACCESS_TOKEN"]
    own = {"DESIREPATH_SHOP_B_SHOPIFY_ACCESS_TOKEN": "own", "SHOPIFY_ACCESS_TOKEN": "shared"}
    name = ("SHOPIFY_ACCESS_TOKEN",)
    assert find_keys("shop_b", name, own)[name[0]] == "own"
    assert find_keys("shopify", name, own)[name[0]] == "shared"
    assert find_keys("shop_b", name, {})[name[0]] == "from the ring"
    assert key_states("shop_b", name, {}) == (KeyState(name[0], "keyring"),)
    assert key_states("shopify", name, {}) == (KeyState(name[0], None),)
    with pytest.raises(RefusedKeyError, match="no key in SHOPIFY_ACCESS_TOKEN"):
        find_keys("shopify", name, {})


def test_where_there_is_no_keyring_the_environment_is_named() -> None:
    keyring.set_keyring(Ring(broken=True))
    with pytest.raises(PullError, match="Set the environment variable HUBSPOT_ACCESS_TOKEN"):
        store_key("hubspot", "HUBSPOT_ACCESS_TOKEN", "x")
    with pytest.raises(RefusedKeyError, match="no key in HUBSPOT_ACCESS_TOKEN"):
        find_keys("hubspot", ("HUBSPOT_ACCESS_TOKEN",), {})


def test_keys_are_masked_in_every_form() -> None:
    keys = Keys({"A": SECRET, "B": "user-name"})
    basic = "dXNlci1uYW1lOnMzY3JldC1LZXkvd2l0aCtzaWducz09"
    told = f"https://x?key={SECRET}&k2=s3cret-Key%2Fwith%2Bsigns%3D%3D Basic {basic} {keys!r}"
    masked = keys.mask(told)
    assert SECRET not in masked
    assert "%2Bsigns" not in masked
    assert basic not in masked
    assert "Keys(A, B)" in masked


def test_a_position_reads_as_it_was_written() -> None:
    told = Position("2026-01-01", "t", 7, Run("a", "b", "c", None, ("x", "y"), {"path": "p"}, 3))
    assert position_from(told.to_text()) == told
    assert position_from(Position().to_text()) == Position() == position_from(None)


def posthog(events: int) -> tuple[Callable[[Asked], Reply], list[str]]:
    """Return a PostHog whose events load as events, and their ids."""
    vendor = vendors()["posthog"]
    vendor.rows.clear()
    vendor.fill(events)
    return vendor.answer, vendor.numbers()


def configured(workspace: Workspace, base: str, only: str = "events") -> dict[str, str]:
    add_source(
        workspace,
        Source("posthog", "posthog", {"project": "1", "base_url": base}, START.date(), (only,)),
    )
    return environment(vendors()["posthog"])


def loaded(workspace: Workspace) -> list[tuple[object, ...]]:
    return workspace.read().rows(
        "SELECT event_id, person_id, occurred_at, touchpoint_id, source FROM event ORDER BY event_id"
    )


def pulled(workspace: Workspace, keys: Mapping[str, str], now: Any = NOW) -> SourceReport:
    return sync(workspace, now=now, environment=keys, patience=QUICK).sources[0]


def test_a_sync_loads_events_and_keeps_the_cursor_in_the_store(workspace: Workspace) -> None:
    answer, numbers = posthog(25)
    with served(ApiServer(answer)) as server:
        keys = configured(workspace, server.base)
        report = pulled(workspace, keys)
        assert not report.errors
        assert (report.rows_new, report.rows_rejected, report.records) == (25, 0, 25)
        assert len(loaded(workspace)) == len(numbers)
        assert cursors(workspace.read(), "posthog")["events"].since == NOW.isoformat()
        again = pulled(workspace, keys, NOW + timedelta(hours=1))
        assert again.rows_new == 0
        assert len(loaded(workspace)) == 25
    for file in workspace.path.rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes()


STEPS = (
    (Landing, "land"), (loading, "join"), (loading, "take_in"), (loading, "write_cursor"),
    (Landing, "clear"), (Workspace, "_point_to"), (Path, "replace"), (Path, "unlink"),
)  # fmt: skip


def test_a_death_before_any_step_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dies before the nth durable step, whatever it is, and syncs again; loads take no doubles out."""
    vendor = vendors()["salesforce"]
    vendor.rows = vendor.rows[:12]
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(loading, "take_in", _written_down)
    with served(ApiServer(vendor.answer)) as server:
        told = {"domain": "acme", "base_url": server.base, "token_url": f"{server.base}/token"}
        for step in range(100):
            torn = Workspace(tmp_path / f"torn{step}")
            add_source(torn, Source("salesforce", "salesforce", told, START.date(), ("Lead",)))
            keys = environment(vendor)
            died = _dies(torn, keys, monkeypatch, step)
            assert not pulled(torn, keys, NOW + timedelta(minutes=5)).errors
            found = [str(row[0]) for row in torn.read().rows("SELECT n FROM ledger ORDER BY n")]
            # A run that had ended asks for its last record again, and that is all.
            assert found in (vendor.numbers(), [*vendor.numbers(), "n011"]), step
            assert not list((torn.path / "landing").rglob("*.json*"))
            if not died:
                break
        else:
            pytest.fail("the sync has more steps than were tried")
        assert step > 12


@pytest.mark.parametrize("step", ["_point_to", "clear"])
def test_a_death_ends_in_the_same_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    answer, _ = posthog(4)
    end = START + timedelta(days=2)
    with served(ApiServer(answer)) as server:
        whole, torn = Workspace(tmp_path / "whole"), Workspace(tmp_path / "torn")
        assert not pulled(whole, configured(whole, server.base), end).errors
        keys = configured(torn, server.base)
        owner = next(owner for owner, name in STEPS if name == step)
        # The first time that something is cleared there is nothing yet.
        left = [1 if step == "clear" else 0]
        with monkeypatch.context() as patch:
            patch.setattr(owner, step, _dying(getattr(owner, step), left))
            with pytest.raises(Kill):
                pulled(torn, keys, end)
        assert not pulled(torn, keys, end + timedelta(minutes=5)).errors
        assert len(loaded(torn)) == 4
        assert loaded(torn) == loaded(whole)


def _dies(
    workspace: Workspace, keys: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, step: int
) -> bool:
    left = [step]
    with monkeypatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, _dying(getattr(owner, name), left))
        try:
            pulled(workspace, keys)
        except Kill:
            return True
    return False


def _written_down(
    workspace: Workspace, paths: Sequence[Path], _: object, *, also: Any, **__: object
) -> object:
    """Write every record down as it came, with whatever else the load writes."""
    with workspace.write() as store:
        store.execute("CREATE TABLE IF NOT EXISTS ledger (n VARCHAR)")
        for file in sorted(paths[0].rglob("*.jsonl")):
            for line in file.read_text().splitlines():
                store.execute("INSERT INTO ledger VALUES ($n)", {"n": json.loads(line)["Id"]})
        also(store, IngestReport((), (), (), 0, 0, 0, 0.0))
    return SimpleNamespace(ingest=IngestReport((), (), (), 0, 0, 0, 0.0))


def _dying(real: Callable[..., Any], left: list[int]) -> Callable[..., Any]:
    def dying(*told: Any, **named: Any) -> Any:
        left[0] -= 1
        if left[0] == -1:
            raise Kill
        return real(*told, **named)

    return dying


DRIVER = """
import os
import sys

odd = []
folder, scratch = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[3])

def watch(event, told):
    if event == "open" and isinstance(told[0], str):
        written = isinstance(told[1], str) and set(told[1]) & set("wax+") or told[2] & (os.O_WRONLY | os.O_RDWR)
        path = os.path.realpath(told[0])
        if written and not path.startswith((folder, scratch, "/dev/")) or ".dlt" in path:
            odd.append(path)
    if event == "socket.connect" and told[1][0] not in ("127.0.0.1", "::1"):
        odd.append(told[1])

sys.addaudithook(watch)
sys.dont_write_bytecode = True
from datetime import datetime
from pathlib import Path
from tools.pulling.sync import sync
from tools.store.workspace import Workspace
report = sync(Workspace(Path(sys.argv[1])), now=datetime.fromisoformat(sys.argv[2]))
print(report.sources[0].errors, report.sources[0].rows_new, odd)
"""


def test_a_killed_process_is_resumed_and_writes_and_calls_nowhere_else(
    workspace: Workspace, tmp_path: Path
) -> None:
    answer, _ = posthog(25)
    stuck = [True]

    def quickly(asked: Asked) -> Reply:
        if stuck[0] and len(server.asked) > 5:
            return Reply(None, 503, {"Retry-After": "60"})
        return answer(asked)

    with served(ApiServer(quickly)) as server:
        keys = configured(workspace, server.base)
        (tmp_path / "scratch").mkdir()
        scratch = str(tmp_path / "scratch")
        told = [sys.executable, "-c", DRIVER, str(workspace.path), NOW.isoformat(), scratch]
        room = {**os.environ, **keys, "HOME": str(tmp_path / "home"), "TMPDIR": scratch}
        child = subprocess.Popen(told, env=room, stdout=subprocess.PIPE)
        landed = workspace.path / "landing" / "posthog" / "events"
        for _ in range(600):
            if len(server.asked) > 5:
                break
            time.sleep(0.05)
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
        assert len(list(landed.glob("*.json"))) == 5
        before = len(server.asked)
        stuck[0] = False
        done = subprocess.run(
            told, env=room, capture_output=True, text=True, timeout=120, check=True
        )
    assert done.stdout.strip() == "() 25 []"
    assert not (tmp_path / "home").exists()
    assert len(loaded(workspace)) == 25
    first = server.asked[0]
    assert first not in server.asked[before:]


def test_a_file_that_no_connector_knows_keeps_its_pages(workspace: Workspace) -> None:
    nothing = Reply({"results": [{"nonsense": n} for n in range(3)], "next": None})
    with served(ApiServer(lambda _: nothing)) as server:
        keys = configured(workspace, server.base, "persons")
        report = pulled(workspace, keys)
        assert report.errors
        assert "kept" in report.errors[0]
        assert not cursors(workspace.read(), "posthog")
        assert Landing(workspace.path, "posthog", "persons").pages() == 1


def test_one_failing_source_stops_no_other(workspace: Workspace) -> None:
    answer, _ = posthog(5)
    with served(ApiServer(answer)) as server:
        keys = configured(workspace, server.base)
        add_source(workspace, Source("stripe", "stripe", {"base_url": server.base}))
        add_source(workspace, Source("klaviyo", "klaviyo", {"base_url": "http://127.0.0.1:9"}))
        keys["KLAVIYO_API_KEY"] = SECRET
        report = sync(workspace, now=NOW, environment=keys, patience=QUICK)
    by_name = {told.source: told for told in report.sources}
    assert by_name["posthog"].rows_new == 5
    assert "no key in STRIPE_API_KEY" in by_name["stripe"].errors[0]
    assert "cannot be reached" in by_name["klaviyo"].errors[0]
    assert len(by_name["klaviyo"].errors) == 1  # its other endpoints would fare no better


def test_an_endpoint_that_the_key_may_not_read_stops_no_other(workspace: Workspace) -> None:
    def answer(asked: Asked) -> Reply:
        if "charges" in asked.path:
            return Reply({"error": "no"}, 403)
        return Reply({"data": [], "has_more": False})

    with served(ApiServer(answer)) as server:
        add_source(workspace, Source("stripe", "stripe", {"base_url": server.base}))
        report = sync(workspace, now=NOW, environment={"STRIPE_API_KEY": SECRET}, patience=QUICK)
    told = {endpoint.endpoint: endpoint.error for endpoint in report.sources[0].endpoints}
    assert len(told) == 7
    assert [name for name, error in told.items() if error] == ["charges"]
    assert "may not read this" in str(told["charges"])
    assert "charges" not in cursors(workspace.read(), "stripe")
    assert "customers" in cursors(workspace.read(), "stripe")


def test_two_syncs_do_not_overlap(workspace: Workspace) -> None:
    def answer(_: Asked) -> Reply:
        with pytest.raises(WorkspaceBusyError, match="another sync"):
            sync(workspace, now=NOW, environment={}, patience=QUICK)
        return Reply({"results": [], "next": None})

    with served(ApiServer(answer)) as server:
        keys = configured(workspace, server.base)
        server.faults = [Fault(1, Reply(None, 500), times=0)]
        assert not pulled(workspace, keys).errors


def test_a_busy_workspace_is_waited_for(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, _ = posthog(3)
    real, tries = take_in, [0]

    def busy(*told: Any, **named: Any) -> Any:
        tries[0] += 1
        if tries[0] < 3:
            raise WorkspaceBusyError("busy")
        return real(*told, **named)

    monkeypatch.setattr(loading, "take_in", busy)
    monkeypatch.setattr(loading, "LOAD_PAUSE_SECONDS", 0.0)
    with served(ApiServer(answer)) as server:
        assert pulled(workspace, configured(workspace, server.base)).rows_new == 3
    assert tries == [3]


def test_pulling_costs_nothing_until_something_is_pulled() -> None:
    code = (
        "import sys, ui.commands.sync\n"
        "print([m for m in ('dlt', 'sqlalchemy', 'keyring', 'requests') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.replace("'", '"')) == []
