"""Campaigns and notes that refer to named things, told where their names are known."""

from collections.abc import Mapping, Sequence

import pandas as pd

from tools.dictionary.references import labels_for, resolve
from tools.store.door import Store, read_sql

STATEMENTS = [part for part in read_sql(__file__).split(";\n") if part.strip()]
PLACES = (("event", "campaign", "told_campaign"), ("note", "text", "told"))
"""Table, the text as it is shown, the text as it was told."""


def settle_texts(store: Store) -> None:
    """Tell campaigns and notes anew, where their text changed; `touched_person` gets whose."""
    for table, column, told in PLACES:
        rows = store.rows(
            f"SELECT DISTINCT source, {told} FROM {table} WHERE {told} IS NOT NULL ORDER BY ALL"
        )
        if not rows:
            continue
        adopt_texts(store, tell_texts(store, [(str(source), str(text)) for source, text in rows]))
        for statement in STATEMENTS:
            store.execute(
                statement.replace("/* table */", table)
                .replace("/* column */", column)
                .replace("/* told */", told)
            )


def tell_texts(store: Store, texts: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return what each text of each source reads, with its references told."""
    labels = labels_for(store, texts)
    return {(source, text): resolve(text, source, labels) for source, text in texts}


def adopt_texts(store: Store, texts: Mapping[tuple[str, str], str]) -> None:
    """Make texts readable as `told_text(source, told, text)`."""
    rows = [(source, told, text) for (source, told), text in texts.items()]
    store.adopt("told_text", pd.DataFrame(rows, columns=["source", "told", "text"], dtype="str"))
