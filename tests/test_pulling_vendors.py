"""Every vendor's API against a server on loopback that pages as the vendor does."""

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.api_server import SECRET, ApiServer, Asked, Fault, Reply, served
from tests.api_vendors import NOW, PAGE, Record, vendors
from tests.pulled import Account, Kill, account
from tools.pulling.api import Token
from tools.pulling.registry import APIS
from tools.store.door import Store
from tools.store.workspace import memory_store

NAMES = sorted(APIS)
BUSY = Reply({"message": "slow down"}, 429, {"Retry-After": "7"})
ASKED_AGAIN_FOR_LATE_ROWS = {"qualtrics", "linkedin_ads"}
BROKEN = Reply({"message": "oops"}, 500)


@pytest.fixture(scope="module")
def desk() -> Iterator[Store]:
    store = memory_store()
    yield store
    store.close()


@pytest.fixture
def made(
    request: pytest.FixtureRequest, tmp_path: Path, desk: Store, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Account]:
    vendor = vendors()[request.param]
    with served(ApiServer(vendor.answer, vendor.is_data)) as server:
        yield account(vendor, server, tmp_path, desk, monkeypatch)


every_vendor = pytest.mark.parametrize("made", NAMES, indirect=True)


def test_every_api_has_a_server_to_be_tested_against() -> None:
    assert sorted(vendors()) == NAMES


@every_vendor
def test_all_pages_come_once_and_records_land_as_they_are(made: Account) -> None:
    report = made.sync()
    assert not report.errors
    assert sorted(made.numbers()) == made.vendor.numbers()
    landed = {made.vendor.number(r): r for r in made.loads[0][made.vendor.endpoint]}
    for at, number in made.vendor.rows:
        told = made.vendor.make(number, at)
        assert {key: landed[number][key] for key in told} == told
    added = set(landed["n000"]) - set(made.vendor.make("n000", NOW))
    assert added <= {"form_id", "surveyId"}  # the parent's id, where the vendor leaves it out
    assert report.rows_new >= 25
    assert not list((made.workspace.path / "landing").rglob("*.json*"))


@every_vendor
def test_a_rate_limit_is_waited_out(made: Account) -> None:
    waits: list[float] = []
    made.monkeypatch.setattr(time, "sleep", waits.append)
    made.server.faults = [Fault(1, BUSY), Fault(2, BUSY)]
    assert not made.sync().errors
    assert sorted(made.numbers()) == made.vendor.numbers()
    assert waits.count(7) == 2


@every_vendor
def test_a_page_that_fails_twice_is_asked_again(made: Account) -> None:
    made.server.faults = [Fault(2, BROKEN, times=2)]
    assert not made.sync().errors
    assert sorted(made.numbers()) == made.vendor.numbers()


@every_vendor
def test_a_page_that_keeps_failing_keeps_what_came_before_and_goes_on_there(made: Account) -> None:
    made.server.faults = [Fault(2, BROKEN, times=4)]
    report = made.sync()
    assert len(report.errors) == 1
    assert "HTTP 500" in report.errors[0]
    assert len(made.numbers()) < 25
    assert not made.sync(NOW + timedelta(seconds=1)).errors
    assert made.vendor.numbers() == sorted(set(made.numbers()))
    ended = [
        made.vendor.number(r) for load in made.loads[:2] for r in load.get(made.vendor.endpoint, ())
    ]
    assert len(ended) == len(set(ended))


@every_vendor
def test_a_refused_key_is_named_and_not_shown(
    made: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    bad = "wrong-" + SECRET[::-1]
    made.keys = dict.fromkeys(made.keys, bad)
    report = made.sync()
    variables = APIS[made.vendor.name].keys()
    assert any(name in report.errors[0] for name in variables)
    assert "Renew it" in report.errors[0]
    for text in (report.errors[0], caplog.text):
        assert bad not in text
        assert SECRET not in text


@every_vendor
def test_a_key_that_expires_on_the_way_loses_nothing(made: Account) -> None:
    expired = Reply({"message": "expired"}, 401)
    if made.vendor.name == "marketo":
        expired = Reply(
            {"success": False, "errors": [{"code": "602", "message": "Access token expired"}]}
        )
    made.server.faults = [Fault(2, expired)]
    report = made.sync()
    if isinstance(APIS[made.vendor.name].auth, Token):
        assert made.vendor.tokens == 2
    else:
        assert "HTTP 401" in report.errors[0]
        report = made.sync(NOW + timedelta(seconds=1))
    assert not report.errors
    assert made.vendor.numbers() == sorted(set(made.numbers()))


@every_vendor
def test_changed_and_added_fields_land(made: Account) -> None:
    def twist(record: Record) -> Record:
        return {**record, "brand_new": {"deep": [1, None, "ü"]}, "now_a_list": []}

    made.vendor.twist = twist
    assert not made.sync().errors
    rows = made.loads[0][made.vendor.endpoint]
    assert len(rows) == 25
    assert all(row["brand_new"] == {"deep": [1, None, "ü"]} for row in rows)


@every_vendor
def test_records_that_moved_elsewhere_are_an_error_and_no_silence(made: Account) -> None:
    endpoint = next(e for e in APIS[made.vendor.name].endpoints if e.name == made.vendor.endpoint)
    if endpoint.form != "json" or endpoint.empty_without:
        made.server.faults = [Fault(1, Reply("<html>Service moved</html>"))]
    else:
        made.server.faults = [Fault(1, Reply({"items_v2": []}))]
    report = made.sync()
    assert report.errors
    assert not made.numbers()
    assert not made.sync().errors
    assert sorted(made.numbers()) == made.vendor.numbers()


@every_vendor
@pytest.mark.parametrize("pages", [1, 2])
def test_a_stop_in_the_middle_is_resumed(made: Account, pages: int) -> None:
    made.die_after(pages)
    with contextlib.suppress(Kill):  # a vendor with fewer pages has ended
        made.sync()
    made.live()
    first, before = made.server.data[:pages], len(made.server.data)
    made.vendor.fill(1, NOW, "z")
    assert not made.sync(NOW + timedelta(hours=3)).errors
    ended = [made.vendor.number(record) for record in made.loads[0][made.vendor.endpoint]]
    assert sorted(set(ended) - {"z000"}) == made.vendor.numbers()[:25]
    assert len(ended) == len(set(ended))
    assert set(made.numbers()) == set(made.vendor.numbers())
    if made.vendor.name not in ASKED_AGAIN_FOR_LATE_ROWS:
        assert not [asked for asked in first if asked in made.server.data[before:]]


@every_vendor
def test_the_next_pull_begins_at_the_cursor(made: Account) -> None:
    made.sync()
    before = len(made.server.data)
    made.vendor.fill(3, NOW + timedelta(minutes=1), "z")
    made.vendor.rows = [(at, n) for at, n in made.vendor.rows if n != "n003"]
    made.vendor.rows.append((NOW + timedelta(minutes=30), "n003"))
    report = made.sync(NOW + timedelta(days=2))
    assert not report.errors
    new = [made.vendor.number(r) for r in made.loads[-1][made.vendor.endpoint]]
    assert {"z000", "z001", "z002", "n003"} <= set(new)
    assert len(new) == len(set(new))
    endpoint = next(e for e in APIS[made.vendor.name].endpoints if e.name == made.vendor.endpoint)
    assert endpoint.since is not None
    if endpoint.since.lookback < timedelta(days=7):
        assert len(new) < 15
        assert len(made.server.data) - before < max(before, 3)


def test_the_time_asked_for_is_waited(
    tmp_path: Path, desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = vendors()["stripe"]
    with served(ApiServer(vendor.answer, vendor.is_data)) as server:
        made = account(vendor, server, tmp_path, desk, monkeypatch)
        server.faults = [Fault(2, replace(BUSY, headers={"Retry-After": "1"}))]
        started = time.monotonic()
        assert not made.sync().errors
        assert 1.0 <= time.monotonic() - started < 3.0


def test_a_page_number_that_has_run_out_begins_its_run_anew(
    tmp_path: Path, desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = vendors()["salesforce"]
    with served(ApiServer(vendor.answer, vendor.is_data)) as server:
        made = account(vendor, server, tmp_path, desk, monkeypatch)
        made.die_after(2)
        with pytest.raises(Kill):
            made.sync()
        made.live()
        server.faults = [Fault(4, Reply([{"errorCode": "INVALID_QUERY_LOCATOR"}], 400))]
        assert not made.sync(NOW + timedelta(days=3)).errors
        assert sorted(record["Id"] for record in made.loads[0]["Lead"]) == vendor.numbers()


def test_another_host_gets_no_key(
    tmp_path: Path, desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = vendors()["klaviyo"]
    with (
        served(ApiServer(lambda _: Reply({"data": []}))) as thief,
        served(ApiServer(vendor.answer, vendor.is_data)) as server,
    ):
        made = account(vendor, server, tmp_path, desk, monkeypatch)
        link = f"{thief.base}/api/events?page=2"
        server.faults = [Fault(1, Reply({"data": [], "links": {"next": link}}))]
        assert "key is not sent there" in made.sync().errors[0]
        server.faults = [Fault(1, Reply(None, 302, {"Location": link}))]
        assert "another address" in made.sync().errors[0]
        assert not thief.asked


def test_a_vendor_that_names_the_same_page_forever_is_left(
    tmp_path: Path, desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = vendors()["zendesk"]
    stuck = Reply({"tickets": [], "after_cursor": "5", "end_of_stream": False})
    with served(ApiServer(vendor.answer, vendor.is_data)) as server:
        made = account(vendor, server, tmp_path, desk, monkeypatch)
        server.faults = [Fault(1, stuck, times=50)]
        assert "over and over" in made.sync().errors[0]
        assert len(server.data) < 5


def test_what_is_asked_beside_lands_with_its_page(
    tmp_path: Path, desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, beside in (("freshdesk", "ticket_conversations"), ("marketo", "leads")):
        vendor = vendors()[name]
        with served(ApiServer(vendor.answer, vendor.is_data)) as server:
            made = account(vendor, server, tmp_path / name, desk, monkeypatch)
            assert not made.sync().errors
            assert made.loads[0][beside]


def test_hubspot_says_which_contacts_a_deal_has_and_how_its_stage_changed(
    tmp_path: Path, desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = vendors()["hubspot"]
    vendor.path = "deals/search$"

    def answer(asked: object) -> Reply:
        path, body = asked.path, asked.body  # type: ignore[attr-defined]
        if path.endswith("deals/search"):
            return vendor.answer(asked)  # type: ignore[arg-type]
        ids = [told["id"] for told in body["inputs"]]
        assert len(ids) <= 50
        if "associations" in path:
            return Reply({"results": [{"from": {"id": n}, "to": [{"toObjectId": 7}]} for n in ids]})
        return Reply(
            {"results": [{"id": n, "propertiesWithHistory": {"dealstage": []}} for n in ids]}
        )

    with served(ApiServer(answer, vendor.is_data)) as server:
        made = account(vendor, server, tmp_path, desk, monkeypatch, ["deals"])
        assert not made.sync().errors
    names = {name: len(rows) for name, rows in made.loads[0].items()}
    assert names == {"deals": 25, "deal_contacts": 25, "deal_companies": 25, "deal_history": 25}


def test_where_a_search_ends_early_it_begins_anew_at_the_highest_time(
    tmp_path: Path, desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = vendors()["hubspot"]
    with served(ApiServer(vendor.answer, vendor.is_data)) as server:
        made = account(vendor, server, tmp_path, desk, monkeypatch)
        api = APIS["hubspot"]
        cut = tuple(
            replace(e, since=replace(e.since, most=2 * PAGE))
            if e.name == "contacts" and e.since
            else e
            for e in api.endpoints
        )
        monkeypatch.setitem(APIS, "hubspot", replace(api, endpoints=cut))
        assert not made.sync().errors
        assert sorted(made.numbers()) == vendor.numbers()
        assert [json.dumps(a.body).count('"after"') for a in server.data] == [0, 1, 0]


def test_an_export_that_is_too_large_is_asked_for_in_halves(
    tmp_path: Path, desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = vendors()["amplitude"]
    with served(ApiServer(vendor.answer, vendor.is_data)) as server:
        made = account(vendor, server, tmp_path, desk, monkeypatch)
        server.faults = [Fault(1, Reply("Exceeded size limit", 400), times=2)]
        assert not made.sync().errors
        assert sorted(made.numbers()) == vendor.numbers()
        assert [a.query["end"][-2:] for a in server.data[:3]] == ["23", "11", "05"]


def test_a_record_that_was_deleted_meanwhile_stops_nothing(
    tmp_path: Path, desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = vendors()["freshdesk"]

    def answer(asked: Asked) -> Reply:
        gone = asked.path.endswith("/n003/conversations")
        return Reply({"message": "gone"}, 404) if gone else vendor.answer(asked)

    with served(ApiServer(answer, vendor.is_data)) as server:
        made = account(vendor, server, tmp_path, desk, monkeypatch)
        assert not made.sync().errors
        assert len(made.numbers()) == 25
