"""A company of any size, and what its store costs: one size per process, figures as JSON.

Run by `scale.py`, so that each size's peak memory is its own: `large.py EVENTS MEMORY WHAT`, where
WHAT is `all` or `some` of the analyses; a fourth word names a Parquet file to write the events to. Each figure is seconds on the clock and seconds of processor.
"""

import gc
import json
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tools import catalog
from tools.errors import JourneyError, StoreError
from tools.journeys.build import define, refresh
from tools.journeys.definition import JourneyDefinition, Rule
from tools.store.door import Store
from tools.store.workspace import Workspace

SOME = ("overview", "flow", "funnel", "paths", "drop_off", "timing")
"""Analyses of the curve against size."""
SORTED = "CREATE OR REPLACE TEMP TABLE sorted AS FROM {table} ORDER BY person_id, occurred_at, seq"
TRANSITIONS = "SELECT touchpoint_id, next_touchpoint_id, count(*) FROM step GROUP BY ALL"
MOST_SHUFFLED, MOST_THRICE = 25_000_000, 6_000_000
"""Events up to which the table is also sorted from disorder, and built with other settings."""
WORTH_AGAIN = 8.0
"""Seconds of processor from which a question is asked once only: nothing but names is remembered."""
PER_PERSON = 10
TOUCHPOINTS = 30
DEFINITION = JourneyDefinition("bench", end=Rule(("Purchase",)), window=timedelta(days=30))
STEPS = ["Page 1", "Page 3", "Purchase"]
ARGUMENTS = {
    "funnel": {"steps": STEPS},
    "drop_off_causes": {"at": "Page 3"},
    "change_effect": {"on": "2026-03-01"},
    "conversion_change": {"from": "2026-03-01", "to": "2026-05-31"},
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


def clock(action: Callable[[], object]) -> tuple[float, float]:
    """Return how long an action took: on the clock, and of all processors together."""
    gc.collect()
    started, used = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - started, time.process_time() - used


def best(*taken: tuple[float, float]) -> tuple[float, float]:
    return min(t[0] for t in taken), min(t[1] for t in taken)


def peak(*, anew: bool = False) -> float:
    """Return the most memory that this process has held, in GB: at all, or (on Linux) since it was asked `anew`."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    held = re.search(r"VmHWM:\s*(\d+)", status.read_text(encoding="ascii"))
    if anew:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return int(held[1]) / 1e6 if held else 0.0


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


def build(store: Store, told: dict[str, object]) -> None:
    """Time the sorts, the build of journeys and steps, and their refresh."""
    told["sort"] = clock(lambda: store.execute(SORTED.format(table="event")))
    store.execute("DROP TABLE sorted")
    if int(str(told["events"])) <= MOST_SHUFFLED:
        store.execute("CREATE OR REPLACE TEMP TABLE shuffled AS FROM event ORDER BY hash(event_id)")
        told["sort_shuffled"] = clock(lambda: store.execute(SORTED.format(table="shuffled")))
        store.execute("DROP TABLE sorted; DROP TABLE shuffled")
    told["peak_sort"] = peak(anew=True)
    told["build"] = clock(lambda: define(store, DEFINITION, default=True))
    store.execute("CREATE OR REPLACE TEMP TABLE touched_person (person_id BIGINT)")
    store.execute(
        "INSERT INTO touched_person SELECT person_id FROM person WHERE hash(person_id, 9) % 100 = 0"
    )
    told["refresh"] = clock(lambda: refresh(store))


def same(store: Store) -> dict[str, str]:
    """Say whether journeys and steps are the same with one thread, and with little memory."""
    before = store.rows(FINGERPRINT)
    found = {}
    for setting in ("SET threads = 1", "SET memory_limit = '1GB'"):
        store.execute(setting)
        try:
            define(store, DEFINITION, default=True)
            found[setting] = "the same" if store.rows(FINGERPRINT) == before else "DIFFERENT"
        except StoreError as fault:
            found[setting] = str(fault)
    return found


def analyses(store: Store, names: tuple[str, ...]) -> dict[str, object]:
    """Time each analysis the first time, and again with nothing remembered but names."""
    told: dict[str, object] = {}
    for name in names:
        try:
            first = again = answer(store, name)
            if first[1] < WORTH_AGAIN:
                again = best(first, answer(store, name))
            told[name] = [first, again]
        except JourneyError as fault:
            told[name] = str(fault)
    return told


def answer(store: Store, name: str) -> tuple[float, float]:
    for key in [key for key in store.memory if isinstance(key, tuple)]:
        del store.memory[key]
    return clock(lambda: catalog.call(store, name, ARGUMENTS.get(name, {})))


def main() -> None:
    events, memory, what = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    told: dict[str, object] = {"events": events}
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "company", memory_limit=memory)
        with workspace.write() as store:
            told["make"] = clock(lambda: generate(store, events))
            told["events"] = events = int(str(store.value("SELECT count(*) FROM event")))
            build(store, told)
            told["peak_build"] = peak()
        peak(anew=True)
        told["stored"] = next((workspace.path / "generations").iterdir()).stat().st_size / 1e9
        store = workspace.read()
        told["scan"] = best(*(clock(lambda: store.rows(TRANSITIONS)) for _ in range(3)))
        told["analyses"] = analyses(store, catalog.NAMES if what == "all" else SOME)
        told["peak"] = peak()
        if len(sys.argv) > 4:
            file = Path(sys.argv[4])
            store.execute(
                "COPY (SELECT person_id, occurred_at, label AS touchpoint FROM event "
                f"JOIN touchpoint USING (touchpoint_id)) TO '{file}'"
            )
        if events <= MOST_THRICE:
            store.close()
            with workspace.write() as store:
                told["same"] = same(store)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
