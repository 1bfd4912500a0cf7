"""One peer on the benchmark's questions: seconds by question, as JSON on the last line.

Run by `scale.py` in an environment of its own: `peers.py PEER FILE EVENTS`.
"""

import json
import sys
import time

MOST = {"pm4py": 2_000_000, "retentioneering": 2_000_000}
"""Events that a peer's data frames can hold beside the rest on a laptop; more are cut off."""
took = {}


def timed(name, action):
    started = time.perf_counter()
    result = action()
    took[name] = time.perf_counter() - started
    return result


def plain_duckdb(file, _):
    import duckdb

    base = duckdb.connect()
    timed("load", lambda: base.execute(f"CREATE TABLE event AS FROM '{file}'"))
    timed(
        "transitions",
        lambda: base.execute(
            "SELECT touchpoint, following, count(*) FROM (SELECT touchpoint, lead(touchpoint) OVER "
            "(PARTITION BY person_id ORDER BY occurred_at) AS following FROM event) GROUP BY ALL"
        ).fetchall(),
    )
    timed(
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
    timed(
        "path counts",
        lambda: base.execute(
            "SELECT path, count(*) FROM (SELECT list(touchpoint ORDER BY occurred_at)[:6] AS path "
            "FROM event GROUP BY person_id) GROUP BY path ORDER BY 2 DESC LIMIT 100"
        ).fetchall(),
    )


def clickhouse(file, _):
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
        "transitions",
        lambda: base.query(
            "SELECT touchpoint, following, count() FROM (SELECT person_id, touchpoint, "
            "leadInFrame(touchpoint) OVER (PARTITION BY person_id ORDER BY occurred_at "
            "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS following FROM bench.event) "
            "GROUP BY touchpoint, following FORMAT Null"
        ),
    )
    timed(
        "funnel of three",
        lambda: base.query(
            "SELECT level, count() FROM (SELECT person_id, windowFunnel(31536000)(toDateTime(occurred_at), "
            "touchpoint = 'Page 1', touchpoint = 'Page 3', touchpoint = 'Purchase') AS level "
            "FROM bench.event GROUP BY person_id) GROUP BY level FORMAT Null"
        ),
    )
    timed(
        "path counts",
        lambda: base.query(
            "SELECT path, count() AS n FROM (SELECT arraySlice(arrayMap(x -> x.2, arraySort(groupArray("
            "(occurred_at, touchpoint)))), 1, 6) AS path FROM bench.event GROUP BY person_id) "
            "GROUP BY path ORDER BY n DESC LIMIT 100 FORMAT Null"
        ),
    )


def frame(file, most):
    import pandas as pd

    told = pd.read_parquet(file)
    people = told["person_id"].drop_duplicates().head(most // 10)
    return told[told["person_id"].isin(set(people))]


def process_mining(file, most):
    import pm4py

    told = timed("load", lambda: frame(file, most))
    log = timed(
        "build",
        lambda: pm4py.format_dataframe(
            told.astype({"person_id": str}),
            case_id="person_id",
            activity_key="touchpoint",
            timestamp_key="occurred_at",
        ),
    )
    timed("directly-follows graph", lambda: pm4py.discover_dfg(log))
    timed("variants", lambda: pm4py.get_variants(log))


def retentioneering(file, most):
    import retentioneering._tracking as tracking

    tracking._ph = None  # it would report each call to its makers
    from retentioneering.eventstream import Eventstream

    told = timed("load", lambda: frame(file, most))
    told = told.rename(
        columns={"person_id": "user_id", "touchpoint": "event", "occurred_at": "timestamp"}
    )
    stream = timed("build", lambda: Eventstream(told))
    timed("funnel of three", lambda: stream.funnel_data(steps=["Page 1", "Page 3", "Purchase"]))
    timed("step matrix", lambda: stream.step_matrix_data(max_steps=10))
    timed("transitions", lambda: stream.transition_graph_data(edge_weight="count"))


PEERS = {
    "duckdb": plain_duckdb,
    "chdb": clickhouse,
    "pm4py": process_mining,
    "retentioneering": retentioneering,
}

if __name__ == "__main__":
    peer, file, events = sys.argv[1], sys.argv[2], int(sys.argv[3])
    PEERS[peer](file, min(events, MOST.get(peer, events)))
    if events > MOST.get(peer, events):
        took = {f"{name} ({MOST[peer]:,} events)": seconds for name, seconds in took.items()}
    print(json.dumps(took))
