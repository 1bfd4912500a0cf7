import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ui.command_line import main

EVENTS = """user,when,what,channel,plan
ann,2026-01-01 10:00:00,home,ads,free
ann,2026-01-01 10:05:00,pricing,ads,free
ann,2026-01-01 11:00:00,purchase,ads,free
ben,2026-01-02 10:00:00,home,email,pro
ben,2026-01-02 10:10:00,pricing,email,pro
cat,2026-01-03 10:00:00,home,ads,free
cat,2026-01-03 11:00:00,purchase,ads,free
dan,2026-03-15 10:00:00,home,email,pro
"""


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*words: str) -> Ran:
        workspace = str(tmp_path / "company")
        monkeypatch.setattr(sys, "argv", ["desirepath", "--workspace", workspace, *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        return Ran(code, *capsys.readouterr())

    return ran


@pytest.fixture
def events(tmp_path: Path) -> Path:
    file = tmp_path / "events.csv"
    file.write_text(EVENTS)
    return file


@pytest.fixture
def loaded(run: Run, events: Path) -> Run:
    assert run("import", str(events), "--yes").code == 0
    return run


def test_an_import_proposes_a_journey_and_says_it(run: Run, events: Path) -> None:
    ran = run("import", str(events), "--yes")
    assert ran.code == 0, ran.err
    assert "From the first touch to purchase, within 30 days" in ran.out


def test_a_journey_too_short_for_the_data_is_said(run: Run, tmp_path: Path) -> None:
    rows = [
        f"p{n},2026-{month:02}-01 10:00:00,step {month}" for n in range(9) for month in range(1, 7)
    ]
    file = tmp_path / "slow.csv"
    file.write_text("\n".join(["user_id,time,event", *rows]))
    ran = run("import", str(file), "--yes")
    assert "9 of 9 people go on after their journey has closed" in ran.out
    assert "people go on" not in run("import", str(file), "--yes").out


def test_importing_twice_adds_nothing(loaded: Run, events: Path) -> None:
    told = loaded("import", str(events), "--json").document
    assert told["ingest"]["files"][0]["rows_taken"] == 0
    assert loaded("status", "--json").document["events"] == 8


def test_status_counts_what_is_there(loaded: Run) -> None:
    told = loaded("status", "--json").document
    assert (told["events"], told["persons"], told["touchpoints"]) == (8, 4, 3)
    assert told["loads"][0]["rows_read"] == 8


def test_every_analysis_is_listed_with_a_schema(run: Run) -> None:
    told = run("analyses", "--json").document
    assert {"overview", "paths", "flow", "funnel", "drop_off", "segments"} <= {
        analysis["name"] for analysis in told
    }
    assert all(analysis["parameters"]["properties"]["from"] for analysis in told)
    assert run("analyses").code == 0


def test_a_run_gives_facts_rows_scope_and_sql(loaded: Run) -> None:
    told = loaded("run", "overview", "--where", "channel = ads", "--json").document
    facts = {fact["id"]: fact["value"] for fact in told["facts"]}
    assert facts["overview.journeys"] == 2
    assert told["numbers"]["conversion_rate"] == 1.0
    assert told["scope"]["where"] == ["channel = ads"]
    assert told["statements"][0].startswith("-- One row is")


def test_lists_repeat_their_option_or_use_commas(loaded: Run) -> None:
    once = loaded("run", "funnel", "--steps", "home,pricing,purchase", "--json").document
    told = ("--steps", "home", "--steps", "pricing", "--steps", "purchase")
    assert loaded("run", "funnel", *told, "--json").document["rows"] == once["rows"]


def test_a_person_reads_a_sentence_and_a_table(loaded: Run) -> None:
    ran = loaded("run", "overview")
    assert ran.code == 0
    assert "old enough to judge converted" in ran.out


def test_dates_and_durations_read_as_people_write_them(loaded: Run) -> None:
    told = loaded(
        "run", "overview", "--from", "2026-01-02", "--to", "2026-01-31", "--json"
    ).document
    assert told["numbers"]["journeys"] == 2
    ran = loaded(
        "journey", "set", "quick", "--start", "home", "--end", "purchase", "--window", "30m"
    )
    assert "within 30 minutes" in ran.out
    assert (
        loaded("run", "overview", "--journey", "quick", "--json").document["numbers"]["converted"]
        == 0
    )


def test_a_journey_set_by_the_user_takes_over_from_the_proposal(loaded: Run) -> None:
    loaded("journey", "set", "to pricing", "--end", "pricing", "--no-collapse")
    told = {row["name"]: row for row in loaded("journey", "list", "--json").document}
    assert told["to pricing"]["is_default"]
    assert not told["to pricing"]["collapse_repeats"]
    assert told["to pricing"]["converted"] == 2
    assert not told["default"]["is_default"]


def test_a_journey_can_have_no_end(loaded: Run) -> None:
    loaded("journey", "set", "all", "--end", "none")
    told = {row["name"]: row for row in loaded("journey", "list", "--json").document}
    assert told["all"]["end"] == "none"
    assert told["all"]["converted"] == 0


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("run", "overvew"), 2, "Did you mean 'overview'?"),
        (("run", "overview", "--colour", "red"), 2, "no option '--colour'"),
        (("run", "overview", "--from", "soon"), 2, "from:"),
        (("run", "overview", "--from"), 2, "--from needs a value"),
        (("run", "funnel", "--steps", "home,pricng"), 1, "Did you mean 'pricing'?"),
        (("run", "overview", "--where", "colour = red"), 1, "no segment 'colour'"),
        (("run", "overview", "--where", "channel = emial"), 1, "Did you mean 'email'?"),
        (("run", "overview", "--journey", "nope"), 1, "no journey 'nope'"),
        (("journey", "set", "x", "--end", "purchse"), 1, "Did you mean 'purchase'?"),
        (("journey", "set", "x", "--end", "purchase", "--window", "soon"), 2, "30d"),
    ],
)
def test_an_error_is_a_sentence_and_an_exit_code(
    loaded: Run, words: tuple[str, ...], code: int, sentence: str
) -> None:
    ran = loaded(*words)
    assert ran.code == code
    assert sentence in ran.err
    assert "Traceback" not in ran.err


def test_an_error_of_a_script_is_json_too(loaded: Run) -> None:
    ran = loaded("run", "funnel", "--steps", "home,pricng", "--json")
    assert ran.document["kind"] == "UnknownTouchpointError"


def test_an_unknown_command_is_wrong_usage(run: Run) -> None:
    assert run("dance").code == 2


def test_nothing_loaded_is_said_plainly(run: Run) -> None:
    ran = run("run", "overview")
    assert ran.code == 1
    assert "There is no data yet" in ran.err


def test_a_question_is_answered_with_its_facts(loaded: Run) -> None:
    told = loaded("ask", "What is our conversion rate?", "--json").document
    assert told["tool_calls"][0]["tool"] == "overview"
    assert told["facts"]
    assert told["guard"]["verdict"] == "passed"
    assert "%" in told["text"]
    assert loaded("ask", "What is our conversion rate?").code == 0


def test_a_follow_up_carries_on_a_conversation(loaded: Run) -> None:
    first = loaded("ask", "What is our conversion rate?", "--json").document
    told = loaded(
        "ask", "and from email?", "--conversation", first["conversation"], "--json"
    ).document
    assert told["tool_calls"][0]["arguments"]["where"] == ["channel = email"]
