"""One peer on the benchmark's questions: seconds by question, as JSON on the last line.

Run by `scale.py` in an environment of its own: `peers.py PEER FILE`. Seconds are on the clock and of
all processors together; a question is asked twice, and the better run counts.
"""

import json
import resource
import sys
import time

took = {}


def timed(name, action, times=1):
    for _ in range(times):
        started, used = time.perf_counter(), time.process_time()
        result = action()
        taken = time.perf_counter() - started, time.process_time() - used
        took[name] = tuple(map(min, taken, took.get(name, taken)))
    return result


def asked(name, action):
    return timed(name, action, times=2)


def plain_duckdb(file):
    import duckdb

    base = duckdb.connect()
    timed("load", lambda: base.execute(f"CREATE TABLE event AS FROM '{file}'"))
    timed(
        "build",
        lambda: base.execute(
            "CREATE TABLE step AS WITH told AS (SELECT *, coalesce(occurred_at - lag(occurred_at) OVER person > "
            "INTERVAL 30 DAY OR lag(touchpoint) OVER person = 'Purchase', true) AS opens FROM event "
            "WINDOW person AS (PARTITION BY person_id ORDER BY occurred_at)), numbered AS (SELECT *, "
            "count_if(opens) OVER (PARTITION BY person_id ORDER BY occurred_at ROWS UNBOUNDED PRECEDING) AS journey "
            "FROM told) SELECT person_id, journey, occurred_at, touchpoint, row_number() OVER own AS step, "
            "lead(touchpoint) OVER own AS following, occurred_at - lag(occurred_at) OVER own AS gap FROM numbered "
            "WINDOW own AS (PARTITION BY person_id, journey ORDER BY occurred_at)"
        ),
    )
    asked(
        "transitions",
        lambda: base.execute(
            "SELECT touchpoint, following, count(*) FROM (SELECT touchpoint, lead(touchpoint) OVER "
            "(PARTITION BY person_id ORDER BY occurred_at) AS following FROM event) GROUP BY ALL"
        ).fetchall(),
    )
    asked(
        "funnel of three",
        lambda: base.execute(
            "WITH a AS (SELECT person_id, min(occurred_at) AS t FROM event WHERE touchpoint = 'Page 1' GROUP BY 1), "
            "b AS (SELECT e.person_id, min(e.occurred_at) AS t FROM event e JOIN a USING (person_id) "
            "WHERE e.touchpoint = 'Page 3' AND e.occurred_at > a.t GROUP BY 1), "
            "c AS (SELECT e.person_id FROM event e JOIN b USING (person_id) "
            "WHERE e.touchpoint = 'Purchase' AND e.occurred_at > b.t GROUP BY 1) "
            "SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b), (SELECT count(*) FROM c)"
        ).fetchall(),
    )
    asked(
        "path counts",
        lambda: base.execute(
            "SELECT path, count(*) FROM (SELECT list(touchpoint ORDER BY occurred_at)[:6] AS path "
            "FROM event GROUP BY person_id) GROUP BY path ORDER BY 2 DESC LIMIT 100"
        ).fetchall(),
    )


def clickhouse(file):
    from chdb import session

    base = session.Session()
    base.query("CREATE DATABASE IF NOT EXISTS bench ENGINE = Atomic")
    timed(
        "load",
        lambda: base.query(
            "CREATE TABLE bench.event ENGINE = MergeTree ORDER BY (person_id, occurred_at) AS "
            "SELECT assumeNotNull(person_id) AS person_id, assumeNotNull(occurred_at) AS occurred_at, "
            "toLowCardinality(assumeNotNull(touchpoint)) AS touchpoint "
            f"FROM file('{file}', Parquet)"
        ),
    )
    timed(
        "build",
        lambda: base.query(
            "CREATE TABLE bench.step ENGINE = MergeTree ORDER BY (person_id, journey, step) AS "
            "SELECT person_id, journey, occurred_at, touchpoint, row_number() OVER own AS step, "
            "leadInFrame(touchpoint) OVER own AS following, occurred_at - lagInFrame(occurred_at) OVER own AS gap "
            "FROM (SELECT person_id, occurred_at, touchpoint, sum(opens) OVER (PARTITION BY person_id "
            "ORDER BY occurred_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS journey "
            "FROM (SELECT person_id, occurred_at, touchpoint, toUInt8(row_number() OVER person = 1 "
            "OR dateDiff('second', lagInFrame(occurred_at) OVER person, occurred_at) > 2592000 "
            "OR lagInFrame(touchpoint) OVER person = 'Purchase') AS opens FROM bench.event "
            "WINDOW person AS (PARTITION BY person_id ORDER BY occurred_at "
            "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))) "
            "WINDOW own AS (PARTITION BY person_id, journey ORDER BY occurred_at "
            "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"
        ),
    )
    asked(
        "transitions",
        lambda: base.query(
            "SELECT touchpoint, following, count() FROM (SELECT person_id, touchpoint, "
            "leadInFrame(touchpoint) OVER (PARTITION BY person_id ORDER BY occurred_at "
            "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS following FROM bench.event) "
            "GROUP BY touchpoint, following FORMAT Null"
        ),
    )
    asked(
        "funnel of three",
        lambda: base.query(
            "SELECT level, count() FROM (SELECT person_id, windowFunnel(31536000)(toDateTime(occurred_at), "
            "touchpoint = 'Page 1', touchpoint = 'Page 3', touchpoint = 'Purchase') AS level "
            "FROM bench.event GROUP BY person_id) GROUP BY level FORMAT Null"
        ),
    )
    asked(
        "path counts",
        lambda: base.query(
            "SELECT path, count() AS n FROM (SELECT arraySlice(arrayMap(x -> x.2, arraySort(groupArray("
            "(occurred_at, touchpoint)))), 1, 6) AS path FROM bench.event GROUP BY person_id) "
            "GROUP BY path ORDER BY n DESC LIMIT 100 FORMAT Null"
        ),
    )


def frame(file):
    import pandas as pd

    return pd.read_parquet(file)


def process_mining(file):
    import pm4py

    told = timed("load", lambda: frame(file))
    log = timed(
        "build",
        lambda: pm4py.format_dataframe(
            told.astype({"person_id": str}),
            case_id="person_id",
            activity_key="touchpoint",
            timestamp_key="occurred_at",
        ),
    )
    asked("directly-follows graph", lambda: pm4py.discover_dfg(log))
    asked("variants", lambda: pm4py.get_variants(log))


def retentioneering(file):
    import retentioneering._tracking as tracking

    tracking._ph = None  # it would report each call to its makers
    from retentioneering.eventstream import Eventstream

    told = timed("load", lambda: frame(file))
    told = told.rename(
        columns={"person_id": "user_id", "touchpoint": "event", "occurred_at": "timestamp"}
    )
    stream = timed("build", lambda: Eventstream(told))
    asked("funnel of three", lambda: stream.funnel_data(steps=["Page 1", "Page 3", "Purchase"]))
    asked("step matrix", lambda: stream.step_matrix_data(max_steps=10))
    asked("transitions", lambda: stream.transition_graph_data(edge_weight="count"))


PEERS = {
    "duckdb": plain_duckdb,
    "chdb": clickhouse,
    "pm4py": process_mining,
    "retentioneering": retentioneering,
}

if __name__ == "__main__":
    peer, file = sys.argv[1], sys.argv[2]
    PEERS[peer](file)
    import pyarrow.parquet

    events = pyarrow.parquet.read_metadata(file).num_rows
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({"events": events, "peak": held, **took}))
