"""A million events: import, journeys, each analysis and a question, beside plain DuckDB.

Every figure of the product stands beside a peer that ran in the same process on the same data,
and is printed as seconds and as a ratio. Run with `make bench`; `--persons` sets the size.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import duckdb

from assistant.assistant import Assistant
from tools import catalog
from tools.connectors.contract import ImportOptions
from tools.ingest import ingest
from tools.journeys.build import define, refresh
from tools.journeys.definition import JourneyDefinition, Rule
from tools.sample.year import canonical, simulate
from tools.store.workspace import Workspace

LOADED_AT = datetime(2026, 9, 1)
REPEATS = 3
QUESTIONS = (
    "What is our conversion rate?",
    "Which paths convert best?",
    "Where do people drop off?",
    "How do channels differ?",
)


def timed(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the median of the wall-clock seconds of `repeats` runs."""
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        action()
        taken.append(time.perf_counter() - started)
    return sorted(taken)[len(taken) // 2]


def line(name: str, seconds: float, peer: float, peer_name: str) -> None:
    print(f"{name:<38}{seconds:8.3f} s{seconds / peer:8.2f} x  {peer_name} ({peer:.3f} s)")


def write_events(folder: Path, persons: int) -> Path:
    """Write the sample company's events as one CSV in no particular order."""
    events = canonical(simulate(persons, 7))  # noqa: F841 - DuckDB reads it by its name
    file = folder / "events.csv"
    duckdb.sql(
        "SELECT person, occurred_at, touchpoint, channel, device, source FROM events ORDER BY hash(occurred_at)"
    ).write_csv(str(file))
    return file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=60_000)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = write_events(folder, told.persons)
        peer = duckdb.connect(str(folder / "peer.duckdb"))
        read = timed(
            lambda: peer.execute(f"CREATE OR REPLACE TABLE event AS FROM read_csv('{file}')")
        )
        events = peer.execute("SELECT count(*) FROM event").fetchone()[0]
        print(
            f"{events:,} events of {told.persons:,} persons, {file.stat().st_size / 1e6:.0f} MB of CSV\n"
        )
        bench_import(folder, file, read)
        workspace = Workspace(folder / "company")
        with workspace.write() as store:
            ingest(store, [file], ImportOptions(), loaded_at=LOADED_AT, progress=lambda _: None)
            bench_journeys(store)
        bench_analyses(workspace)
        bench_questions(workspace)


def bench_import(folder: Path, file: Path, read: float) -> None:
    def load() -> None:
        with Workspace(folder / f"load-{time.monotonic_ns()}").write() as store:
            ingest(store, [file], ImportOptions(), loaded_at=LOADED_AT, progress=lambda _: None)

    line("import a CSV", timed(load), read, "DuckDB read_csv into a table")


def bench_journeys(store) -> None:
    store.execute("CREATE TEMP TABLE shuffled AS FROM event ORDER BY hash(event_id)")
    sort = timed(
        lambda: store.execute(
            "CREATE OR REPLACE TEMP TABLE sorted AS "
            "FROM shuffled ORDER BY person_id, occurred_at, seq"
        )
    )
    store.execute("DROP TABLE sorted")
    store.execute("DROP TABLE shuffled")
    definition = JourneyDefinition("bench", end=Rule(("Subscription started",)))
    line(
        "build journeys and steps",
        timed(lambda: define(store, definition, default=True)),
        sort,
        "DuckDB sort of the event table",
    )
    one = [
        row[0]
        for row in store.rows(
            "SELECT person_id FROM person ORDER BY hash(person_id) LIMIT (SELECT count(*) // 100 FROM person)"
        )
    ]
    line("refresh 1 % of the persons", timed(lambda: refresh(store, one)), sort, "the same sort")


def bench_analyses(workspace: Workspace) -> None:
    store = workspace.read()
    scan = timed(
        lambda: store.rows(
            "SELECT touchpoint_id, count(*), count(DISTINCT person_id) FROM event GROUP BY touchpoint_id"
        )
    )
    print()
    labels = ["Pricing", "Sign-up started", "Subscription started"]
    told = {
        "overview": {},
        "paths": {},
        "flow": {},
        "funnel": {"steps": labels},
        "drop_off": {},
        "segments": {"by": "channel"},
    }
    for analysis, arguments in told.items():

        def cold(analysis=analysis, arguments=arguments) -> None:
            store.memory.clear()
            catalog.call(store, analysis, arguments)

        line(analysis, timed(cold), scan, "DuckDB group-by of the events")


def bench_questions(workspace: Workspace) -> None:
    print()
    with closing(Assistant(workspace)) as assistant:
        ask_all(workspace, assistant)


def ask_all(workspace: Workspace, assistant: Assistant) -> None:
    started = time.perf_counter()
    assistant.ask(QUESTIONS[0], conversation=assistant.new_conversation())
    print(f"{'first question, cold':<38}{time.perf_counter() - started:8.3f} s")
    for question in QUESTIONS:
        workspace.read().memory.clear()
        seconds = timed(
            lambda q=question: assistant.ask(q, conversation=assistant.new_conversation()), 1
        )
        print(f"{question:<38}{seconds:8.3f} s")


if __name__ == "__main__":
    main()
