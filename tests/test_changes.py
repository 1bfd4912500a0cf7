import json
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.company import HOUR, START, company
from tests.journey_oracle import Event
from tools.errors import InvalidArgumentError, NoDataError, UnknownSegmentError
from tools.journeys.changes import (
    Change,
    Expected,
    change_named,
    changes,
    forget_change,
    record_change,
)
from tools.store.door import Store
from tools.store.workspace import Workspace, memory_store
from ui.command_line import main

NOON = datetime(2026, 3, 2, 12)  # noqa: DTZ001 - times in the store are UTC
EVENTS = [Event("ann", START, 1, "home", "ads"), Event("ben", START + HOUR, 2, "home", "email")]


def change(name: str, day: int = 1, **told: object) -> Change:
    return Change(name, date(2026, 3, day), NOON, **told)  # type: ignore[arg-type]


@pytest.fixture
def store() -> Store:
    return company(EVENTS)


def test_changes_come_back_as_recorded_the_latest_first(store: Store) -> None:
    expected = Expected(62, 40, 90, 0.05, "More convert", "Pricing", ("drop_off.a", "drop_off.b"))
    first = record_change(store, change("Redesign", 1, expected=expected))
    second = record_change(store, change("Relaunch", 5, kind="event"))
    third = record_change(store, change("New form", 5))  # of one day: the one recorded later
    assert changes(store) == (third, second, first)
    assert change_named(store, " redesign ") == first
    assert first.expected == expected


numbers = st.none() | st.floats(-1e6, 1e6)


@settings(max_examples=40, deadline=None)
@given(numbers, numbers, st.none() | st.text(max_size=9), st.integers(1, 366))
def test_any_expectation_survives_the_store(
    extra: float | None, before: float | None, measure: str | None, days: int
) -> None:
    store = memory_store()
    told = Expected(extra, None, None, before, measure, None, ("a.b",), days)
    record_change(store, change("it", expected=told))
    assert change_named(store, "it").expected == told


def test_an_audience_is_checked_and_kept_as_it_is_written(store: Store) -> None:
    told = record_change(store, change("Ads", audience=("Channel=ADS", "not saw home")))
    assert told.audience == ("channel = ADS", "not saw home")
    assert change_named(store, "Ads").audience == told.audience
    with pytest.raises(UnknownSegmentError, match=r"no channel 'adz'\. Did you mean 'ads'"):
        record_change(store, change("B", audience=("channel = adz",)))
    with pytest.raises(NoDataError):
        record_change(memory_store(), change("C", audience=("channel = ads",)))
    assert [known.name for known in changes(store)] == ["Ads"]


def test_a_change_that_cannot_be_recorded_is_a_clear_error(store: Store) -> None:
    record_change(store, change("Redesign"))
    with pytest.raises(InvalidArgumentError, match="'Redesign' is recorded already, on 2026-03-01"):
        record_change(store, change("redesign", 9))
    with pytest.raises(InvalidArgumentError, match="needs a name"):
        record_change(store, change("  "))
    with pytest.raises(InvalidArgumentError, match="9 is more than 4"):
        record_change(store, change("B", expected=Expected(5, 9, 4)))
    with pytest.raises(InvalidArgumentError, match="0 days is no length"):
        record_change(store, change("B", expected=Expected(5, days=0)))
    assert len(changes(store)) == 1


def test_an_unknown_name_is_guessed_at_and_a_forgotten_change_is_gone(store: Store) -> None:
    with pytest.raises(InvalidArgumentError, match=r"Known: none yet\. Record one with"):
        change_named(store, "redesign")
    record_change(store, change("Redesign"))
    with pytest.raises(
        InvalidArgumentError, match=r"no change 'redesing'\. Did you mean 'Redesign'"
    ):
        change_named(store, "redesing")
    assert forget_change(store, "REDESIGN").name == "Redesign"
    assert changes(store) == ()
    with pytest.raises(InvalidArgumentError, match=r"^name: no change 'Redesign'"):
        forget_change(store, "Redesign")


def test_the_command_line_lists_adds_and_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = Workspace(tmp_path / "company")
    with workspace.write() as store:
        company(EVENTS, store=store)

    def run(*words: str) -> tuple[object, str, str]:
        program = ["desirepath", "--workspace", str(tmp_path / "company"), "changes", *words]
        monkeypatch.setattr(sys, "argv", program)
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code, *capsys.readouterr()

    assert "No change is recorded yet" in run()[1]
    added = run(
        "add", "Ads", "--on", "2026-03-01", "--where", "channel = ads", "--expects", "40 to 90"
    )
    assert added[1] == "Recorded: Ads, on 2026-03-01.\n"
    (told,) = json.loads(run("--json")[1])
    assert (told["name"], told["happened_on"], told["audience"]) == (
        "Ads", "2026-03-01", ["channel = ads"],
    )  # fmt: skip
    expected = told["expected"]
    assert [expected[key] for key in ("extra_conversions", "low", "high")] == [65, 40, 90]
    assert "+65 conversions in 30 days" in run()[1]
    code, _, said = run("add", "Bad", "--on", "2026-03-01", "--expects", "many")
    assert (code, said) == (2, "expects: 'many' should read like `60` or `40 to 90`.\n")
    code, out, _ = run("remove", "Adz", "--json")
    assert code == 2
    assert "Did you mean 'Ads'?" in json.loads(out)["error"]
    assert run("remove", "ads")[1] == "Removed: Ads, of 2026-03-01.\n"
    assert json.loads(run("--json")[1]) == []
