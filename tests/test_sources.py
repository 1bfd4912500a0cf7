"""Sources as a person looks at them: accounts, gaps, doubled days, rejected rows tried again."""

import json
import time
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.company import START
from tests.intake import LOADED_AT, load, write
from tests.page import events_csv, labels, loaded, open_page, words
from tools.connectors.contract import ImportOptions
from tools.errors import NoDataError
from tools.journeys.intake import take_in
from tools.journeys.rejected import rejected, try_again
from tools.journeys.sources import sources
from tools.pulling.sources import Source as PulledSource
from tools.pulling.sources import add_source
from tools.store.workspace import Workspace, memory_store
from ui.command_line import app

RUN = CliRunner()


def days_csv(counts: list[int]) -> str:
    """Return a log with so many events of different people on each day."""
    lines = ["user_id,time,event"]
    for day, count in enumerate(counts):
        for number in range(count):
            at = START + timedelta(days=day, minutes=number)
            lines.append(f"u{number},{at:%Y-%m-%d %H:%M:%S},visit")
    return "\n".join(lines) + "\n"


def test_days_without_events_are_a_gap_where_events_are_usual(tmp_path: Path) -> None:
    counts = [50] * 60
    counts[30] = counts[31] = 0
    store = memory_store()
    load(store, write(tmp_path, "days.csv", days_csv(counts)))
    (source,) = sources(store)
    (gap,) = source.gaps
    assert (gap.first_day, gap.last_day, gap.days) == (
        (START + timedelta(30)).date(),
        (START + timedelta(31)).date(),
        2,
    )
    assert source.doubled_days == ()


def test_a_quiet_source_has_no_gaps(tmp_path: Path) -> None:
    # Five events a day, weekends off: nothing on Sunday is no news.
    counts = [0 if (START + timedelta(day)).weekday() > 4 else 5 for day in range(60)]
    store = memory_store()
    load(store, write(tmp_path, "days.csv", days_csv(counts)))
    assert sources(store)[0].gaps == ()


def test_a_day_that_came_twice_is_told_with_how_many_say_the_same(tmp_path: Path) -> None:
    text = days_csv([80] * 60)
    twice = [line for line in text.splitlines() if f"{START + timedelta(20):%Y-%m-%d}" in line]
    store = memory_store()
    load(store, write(tmp_path, "days.csv", text + "\n".join(twice) + "\n"))
    (day,) = sources(store)[0].doubled_days
    assert (day.events, day.usual, day.repeats) == (160, 80, 80)


BAD = "user_id,time,event,nickname\nann,2026-01-01,visit,a\n,2026-01-02,visit,ben\n,2026-01-03,visit,cat\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = Workspace(tmp_path / "workspace")
    take_in(
        found,
        [write(tmp_path, "bad.csv", BAD)],
        ImportOptions(),
        loaded_at=LOADED_AT,
        progress=lambda _: None,
    )
    return found


def test_rejected_rows_are_taken_in_under_another_reading(workspace: Workspace) -> None:
    assert [row.line for row in rejected(workspace.read())] == [3, 4]
    again = try_again(workspace, ImportOptions(person="nickname"), loaded_at=LOADED_AT)
    assert again.ingest.files[0].rows_taken == 2
    store = workspace.read()
    assert rejected(store) == ()
    assert store.value("SELECT count(*) FROM event") == 3
    (source,) = sources(store)
    assert (source.rows_read, source.rows_rejected, source.unaccounted) == (3, 0, 0)
    with pytest.raises(NoDataError):
        try_again(workspace, ImportOptions(), loaded_at=LOADED_AT)


def test_rows_that_still_cannot_be_used_stay(workspace: Workspace) -> None:
    for _ in range(2):
        with pytest.raises(Exception, match="person"):
            try_again(workspace, ImportOptions(person="user_id"), loaded_at=LOADED_AT)
        assert [row.line for row in rejected(workspace.read())] == [3, 4]


def run(workspace: Workspace, *arguments: str) -> str:
    done = RUN.invoke(app, ["--workspace", str(workspace.path), *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_line_tells_sources_people_touchpoints_and_rejected_rows(
    workspace: Workspace,
) -> None:
    (source,) = json.loads(run(workspace, "sources", "--json"))
    assert source["accounts"] == {"events": 1, "rejected": 2}
    assert source["rows_read"] == sum(source["accounts"].values())
    assert json.loads(run(workspace, "identity", "--json"))["persons"] == 1
    assert [row["line"] for row in json.loads(run(workspace, "rejected", "--json"))] == [3, 4]
    assert json.loads(run(workspace, "touchpoints", "--json"))[0]["label"] == "visit"


def test_a_touchpoint_is_renamed_and_journeys_follow(workspace: Workspace) -> None:
    run(workspace, "touchpoints", "rename", "visit", "Came by")
    told = json.loads(run(workspace, "touchpoints", "--json"))
    assert [row["label"] for row in told] == ["Came by"]
    run(workspace, "touchpoints", "hide", "Came by")
    assert workspace.read().value("SELECT count(*) FROM journey") == 0


def test_a_person_who_asks_is_forgotten_and_does_not_come_back(
    tmp_path: Path, workspace: Workspace
) -> None:
    told = json.loads(run(workspace, "forget", "ann", "--kind", "user", "--yes", "--json"))
    assert (told["known"], told["events"]) == (True, 1)
    again = "user_id,time,event,nickname\nann,2026-01-05,visit,a\ndan,2026-01-05,visit,d\n"
    take_in(
        workspace,
        [write(tmp_path, "later.csv", again)],
        ImportOptions(),
        loaded_at=LOADED_AT,
        progress=lambda _: None,
    )
    store = workspace.read()
    assert store.rows("SELECT value FROM identifier ORDER BY value") == [("dan",)]
    rows = store.rows(
        "SELECT reason, raw, fields FROM rejected_row WHERE reason LIKE '%forgotten%'"
    )
    assert rows == [("this person asked to be forgotten", "", None)]
    held = b"".join(path.read_bytes() for path in (workspace.path / "generations").iterdir())
    assert b"2026-01-05,visit,a" not in held


def test_the_page_of_sources_accounts_for_rows_and_changes_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = ",2026-01-09 00:00:00,Home,Email\n"
    workspace = loaded(tmp_path, events_csv() + bad)
    page = open_page(monkeypatch, workspace.path)
    page.button(key="add-data").click().run()
    assert page.title[0].value == "Sources"
    assert "441 rows came in and 441 are accounted for." in words(page)
    assert "Try again" in labels(page)
    assert "160 people" in words(page)
    page.multiselect(key="merge-labels").set_value(["Home", "Docs"]).run()
    page.text_input(key="merge-into").set_value("Website").run()
    page.button(key="merge").click().run()
    assert not page.exception
    told = workspace.read().rows("SELECT label FROM touchpoint ORDER BY label")
    assert [label for (label,) in told] == ["Blog", "Pricing", "Signup", "Website"]


def test_many_files_are_told_in_one_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page(monkeypatch, tmp_path / "workspace")
    rows = events_csv().splitlines()
    files = [(f"part{n}.csv", "\n".join([rows[0], *rows[1 + n :: 4]]).encode()) for n in range(4)]
    for name, data in files:
        page.file_uploader[0].upload(name, data)
    page.run()
    assert "4 tables of 1 sources" in words(page)
    page.button(key="import").click().run()
    assert "440 rows are in." in words(page)
    assert not page.exception


def test_what_others_did_on_a_forgotten_persons_row_stays(tmp_path: Path) -> None:
    header = "anonymousId,userId,event,timestamp,type,messageId\n"
    kiosk = "k1,{},Opened,2026-01-0{} 10:00:00,track,m{}\n"
    rows = "".join(kiosk.format(f"u{n}", n, n) for n in range(1, 8))  # a shop's device, seven users
    workspace = Workspace(tmp_path / "workspace")

    def take(name: str, text: str) -> None:
        take_in(
            workspace,
            [write(tmp_path, name, text)],
            ImportOptions(),
            loaded_at=LOADED_AT,
            progress=lambda _: None,
        )

    take("segment_tracks.csv", header + rows)
    run(workspace, "forget", "u3", "--kind", "user", "--yes")
    after = workspace.read().rows(
        "SELECT identifier.value FROM event JOIN identifier USING (identifier_id) ORDER BY ALL"
    )
    take("segment_tracks_again.csv", header + rows + kiosk.format("u9", 9, 9))
    again = workspace.read().rows(
        "SELECT identifier.value FROM event JOIN identifier USING (identifier_id) ORDER BY ALL"
    )
    assert [*after, ("u9",)] == again
    assert ("u3",) not in again


def test_sources_that_are_pulled_are_shown_with_the_keys_they_lack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN", raising=False)
    workspace = loaded(tmp_path)
    add_source(workspace, PulledSource("hubspot", "hubspot"))
    page = open_page(monkeypatch, workspace.path)
    page.button(key="add-data").click().run()
    shown = [table.value for table in page.dataframe if "Keys" in table.value]
    assert list(shown[0]["Keys"]) == ["missing: HUBSPOT_ACCESS_TOKEN"]
    page.button(key="pull-now").click().run()
    for _ in range(50):
        if "HUBSPOT_ACCESS_TOKEN" in words(page):
            break
        time.sleep(0.2)
        page.run()
    assert "HUBSPOT_ACCESS_TOKEN" in words(page)  # the report says which key to give
    assert not page.exception
