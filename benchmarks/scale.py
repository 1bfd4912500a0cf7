"""A large company: building journeys, refreshing them, every analysis cold and warm, and the peers.

Every figure stands beside a plain DuckDB statement of the same run on the same machine. Peers
(ClickHouse through chdb, retentioneering, pm4py) run in an environment of their own, given with
`--peers PYTHON`; `make scale` makes one. Run as `python benchmarks/scale.py --events 20000000`.
"""

import argparse
import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb

from tools import catalog
from tools.errors import JourneyError
from tools.journeys.build import define, refresh
from tools.journeys.definition import JourneyDefinition, Rule
from tools.store.door import Store
from tools.store.workspace import Workspace

PER_PERSON = 10
TOUCHPOINTS = 30
DEFINITION = JourneyDefinition("bench", end=Rule(("Purchase",)), window=timedelta(days=30))
STEPS = ["Page 1", "Page 3", "Purchase"]
ARGUMENTS = {
    "funnel": {"steps": STEPS},
    "drop_off_causes": {"at": "Page 3"},
    "change_effect": {"on": "2026-03-01"},
}
FINGERPRINT = """
SELECT
    (SELECT bit_xor(hash(journey_id, person_id, outcome, steps, path_id, ended_at)) FROM journey),
    (SELECT bit_xor(hash(journey_id, step, touchpoint_id, gap_seconds, next_touchpoint_id, is_end,
        first_visit)) FROM step)
"""
EVENTS = """
INSERT INTO event (
    event_id, person_id, identifier_id, seq, occurred_at, touchpoint_id, kind, source, channel, load_id
)
WITH person AS (
    SELECT
        i,
        1 + least(400, floor(-ln(1 - (hash(i, 1) % 1000003) / 1000003.0) * $spread))::BIGINT AS size,
        TIMESTAMP '2025-09-01' + to_seconds((hash(i, 2) % 31536000)::BIGINT) AS began,
        [900, 5400, 28800, 90000, 200000][1 + (hash(i, 3) % 5)::INTEGER] AS pace
    FROM range($persons) AS told(i)
),
step AS (
    SELECT i, began, pace, unnest(range(size)) AS k FROM person
)
SELECT
    (hash(i, k) >> 1)::BIGINT,
    i,
    i,
    k,
    began + to_seconds((k * pace + hash(i, k, 4) % 600)::BIGINT),
    CASE
        WHEN k > 1 AND hash(i, k, 5) % 100 < 3 THEN $touchpoints + 1
        ELSE 1 + floor($touchpoints * pow((hash(i, k, 6) % 100003) / 100003.0, 2))::INTEGER
    END,
    'action',
    'site',
    ['Search', 'Social', 'Email', 'Direct', 'Ads'][1 + (hash(i, k // 4, 7) % 5)::INTEGER],
    1
FROM step
ORDER BY i, began + to_seconds((k * pace + hash(i, k, 4) % 600)::BIGINT), k
"""


def clock(action: Callable[[], object]) -> float:
    gc.collect()
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def line(name: str, seconds: float, peer: float | None = None, what: str = "") -> None:
    beside = f"{seconds / peer:8.2f} x  {what} ({peer:.2f} s)" if peer else ""
    print(f"{name:<40}{seconds:9.2f} s{beside}", flush=True)


def generate(store: Store, events: int) -> None:
    persons = events // PER_PERSON
    labels = [f"Page {n}" for n in range(1, TOUCHPOINTS + 1)] + ["Purchase"]
    store.execute(
        "INSERT INTO touchpoint (touchpoint_id, label, touchpoint_group, source, kind) SELECT row_number() OVER (), label, NULL, 'site', 'action' "
        "FROM (SELECT unnest($labels::VARCHAR[]) AS label)",
        {"labels": labels},
    )
    store.execute(
        EVENTS, {"persons": persons, "spread": PER_PERSON - 0.5, "touchpoints": TOUCHPOINTS}
    )
    store.execute(
        "INSERT INTO person SELECT person_id, min(occurred_at), max(occurred_at), count(*) "
        "FROM event GROUP BY person_id"
    )
    store.execute(
        "INSERT INTO trait SELECT person_id, 'device', ['mobile', 'desktop', 'tablet']"
        "[1 + (hash(person_id, 8) % 3)::INTEGER] FROM person"
    )


def bench_build(store: Store, memory: str) -> float:
    store.execute(f"SET memory_limit = '{memory}'")
    copy = "CREATE OR REPLACE TEMP TABLE sorted AS FROM event ORDER BY person_id, occurred_at, seq"
    sort = clock(lambda: store.execute(copy))
    store.execute("DROP TABLE sorted")
    build = clock(lambda: define(store, DEFINITION, default=True))
    line("build journeys and steps", build, sort, "DuckDB sort of the event table")
    one = (
        "INSERT INTO touched_person SELECT person_id FROM person WHERE hash(person_id, 9) % 100 = 0"
    )
    store.execute("CREATE OR REPLACE TEMP TABLE touched_person (person_id BIGINT)")
    store.execute(one)
    told = clock(lambda: refresh(store))
    line("refresh 1 % of the persons", told, build, "the whole build")
    return build


def bench_same(store: Store) -> None:
    """Say whether journeys and steps are the same with one thread, and with little memory."""
    before = store.rows(FINGERPRINT)
    for setting in ("SET threads = 1", "SET memory_limit = '1500MB'"):
        store.execute(setting)
        define(store, DEFINITION, default=True)
        same = store.rows(FINGERPRINT) == before
        print(f"{setting:<40}{'the same journeys and steps' if same else 'DIFFERENT'}", flush=True)
    store.execute("SET threads = 2")


def bench_analyses(workspace: Workspace, memory: str) -> None:
    store = workspace.read()
    store.execute(f"SET memory_limit = '{memory}'")
    scan = clock(
        lambda: store.rows(
            "SELECT touchpoint_id, next_touchpoint_id, count(*) FROM step GROUP BY ALL"
        )
    )
    line("\nDuckDB group-by of the transitions", scan)
    print(f"{'analysis':<40}{'first':>9}  {'again':>9}  against that group-by")
    for name in catalog.CATALOG:
        taken = []
        for _ in range(3):
            store.memory.clear()
            try:
                taken.append(clock(lambda n=name: catalog.call(store, n, ARGUMENTS.get(n, {}))))
            except JourneyError as fault:
                print(f"{name:<40}{fault}")
                break
        if taken:
            again = min(taken[1:])
            print(f"{name:<40}{taken[0]:9.2f}  {again:9.2f}  {again / scan:8.1f} x", flush=True)


def peers(workspace: Workspace, python: str, events: int) -> Iterator[str]:
    """Yield what each peer took for the same questions on the same events, written to Parquet."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "event.parquet"
        current = sorted((workspace.path / "generations").glob("*.duckdb"))[-1]
        with duckdb.connect(str(current), read_only=True) as connection:
            connection.execute(
                "COPY (SELECT person_id, occurred_at, label AS touchpoint FROM event "
                f"JOIN touchpoint USING (touchpoint_id)) TO '{file}'"
            )
        script = Path(__file__).with_name("peers.py")
        for peer in ("duckdb", "chdb", "pm4py", "retentioneering"):
            asked = [python, str(script), peer, str(file), str(events)]
            told = subprocess.run(asked, capture_output=True, text=True, timeout=1200, check=False)  # noqa: S603
            if told.returncode:
                yield f"{peer}: failed: {(told.stderr.strip().splitlines() or ['no message'])[-1]}"
                continue
            for what, seconds in json.loads(told.stdout.splitlines()[-1]).items():
                yield f"{peer + ': ' + what:<40}{seconds:9.2f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--memory", default="4GB")
    parser.add_argument("--peers", help="A Python that has the peers installed")
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[], help="Build at these sizes only"
    )
    parser.add_argument("--same", action="store_true", help="Compare threads and memory limits")
    asked = parser.parse_args()
    print(f"{date.today()}, DuckDB {duckdb.__version__}, memory limit {asked.memory}")  # noqa: DTZ011
    for events in asked.sizes or [asked.events]:
        with tempfile.TemporaryDirectory() as folder:
            workspace = Workspace(Path(folder) / "company")
            with workspace.write() as store:
                made = clock(lambda s=store, n=events: generate(s, n))
                count = store.value("SELECT count(*) FROM event")
                print(
                    f"\n{count:,} events of {events // PER_PERSON:,} people ({made:.0f} s to make)"
                )
                bench_build(store, asked.memory)
                if asked.same:
                    bench_same(store)
            size = sum(f.stat().st_size for f in (workspace.path / "generations").iterdir()) / 1e9
            print(f"{'one generation of the store':<40}{size:9.2f} GB")
            if not asked.sizes:
                bench_analyses(workspace, asked.memory)
                if asked.peers:
                    print("\npeers, each loading the same events from Parquet")
                    for told in peers(workspace, asked.peers, events):
                        print(told, flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main()
