"""`spend` from the rows of ad reports: one level a day, campaigns and channels as they are shown."""

from tools.dictionary.texts import adopt_texts, tell_texts
from tools.store.door import Store, read_sql

DAYS, *STATEMENTS = [part for part in read_sql(__file__).split(";\n") if part.strip()]
CAMPAIGNS = (
    "SELECT DISTINCT spend_row.source, spend_row.told_campaign FROM spend_row "
    "JOIN spend_day ON spend_row.source = spend_day.source AND spend_row.day = spend_day.day ORDER BY ALL"
)


def settle_spend(store: Store, *, everything: bool = False) -> None:
    """Bring `spend` up to date; only what differs is written.

    Args:
        store: A writable store; `touched_spend(source, day)` holds the days whose rows changed.
        everything: Whether to look at all days, as after a change of rules.
    """
    store.execute("CREATE TEMP TABLE IF NOT EXISTS touched_spend (source VARCHAR, day DATE)")
    store.execute(DAYS, {"everything": everything})
    if not store.value("SELECT count(*) FROM spend_day"):
        return
    rows = store.rows(CAMPAIGNS)
    adopt_texts(store, tell_texts(store, [(str(source), str(told)) for source, told in rows]))
    for statement in STATEMENTS:
        store.execute(statement)
