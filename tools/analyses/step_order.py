"""Steps read one after another, in the order in which they stand."""

import re

from tools.journeys.scope import ScopedStore

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
