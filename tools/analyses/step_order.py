"""Steps read one after another, in the order in which they stand."""

import re
from collections.abc import Sequence

from tools.journeys.scope import ScopedStore
from tools.store.door import Store

HALVES = {"low": "<", "high": ">="}
"""A stream over rows in order keeps one processor busy; two halves keep two."""
MIDDLE = "SELECT min({table}_id) // 2 + max({table}_id) // 2 FROM {table}"
TABLE = re.compile(
    r"(?:^--[^\n]*\n)*^(\w+) AS (?:NOT MATERIALIZED )?\(\n.*?^\)", re.MULTILINE | re.DOTALL
)
SHARE = re.compile(r"/\* share of (\S+) \*/")
APART = re.compile(r"/\* unless in order: (.+?) \*/")


def in_order(scoped: ScopedStore, sql: str) -> str:
    """Return a query whose windows stream over the steps, or sort them where a scope's filters need it.

    The steps of a journey stand together and in order, so that `OVER ()` streams over a scan of
    `scoped_step`: over columns and conditions of single steps only, and before any join. Filters
    (`where`) join, and a long list in `list_contains` does too, which would lose the order.

    Args:
        scoped: The scope that the query is for.
        sql: `OVER (/* unless in order: PARTITION BY ... */)` says how to sort.
    """
    return APART.sub(r"\1", sql) if scoped.scope.where else sql


def in_halves(scoped: ScopedStore, sql: str, tables: Sequence[str], ends: Sequence[str]) -> str:
    """Return a query that takes the steps in two streams, by journey, so that two processors work.

    Args:
        scoped: The scope that the query is for; where its windows are sorted, nothing is halved.
        sql: `/* share of journey_id */` stands where the stream begins.
        tables: Its common tables that are taken in two halves, in their order.
        ends: Those of them that others read; these hold both halves again.
    """
    if scoped.scope.where:
        return SHARE.sub("", sql)
    found = {
        match[1]: match[0] for match in TABLE.finditer(re.sub(r"\A(--[^\n]*\n)+WITH ", "", sql))
    }
    told = "|".join(tables)
    names = re.compile(rf"(?<![.\w])({told})(?=\.)|(?<=FROM )({told})\b|\A({told})(?= AS )")
    for name in tables:
        body = re.sub(r"^--[^\n]*\n", "", found[name], flags=re.MULTILINE)
        parts = [
            names.sub(rf"\g<0>_{half}", SHARE.sub(rf" AND \1 {sign} $middle", body))
            for half, sign in HALVES.items()
        ]
        if name in ends:
            both = "\n    UNION ALL\n".join(f"    SELECT * FROM {name}_{half}" for half in HALVES)
            parts.append(f"{name} AS NOT MATERIALIZED (\n{both}\n)")
        sql = sql.replace(body, ",\n".join(parts))
    return sql


def halves(sql: str) -> str:
    """Return a query's rows from two streams, by journey, where `/* share of journey_id */` stands."""
    if not SHARE.search(sql):
        return sql
    return "UNION ALL\n".join(
        SHARE.sub(rf" AND \1 {sign} $middle", sql) for sign in HALVES.values()
    )


def middle(store: Store, table: str = "journey") -> int:
    """Return a number below which about half of all ids of a table are."""
    return int(str(store.value(MIDDLE.format(table=table)) or 0))
