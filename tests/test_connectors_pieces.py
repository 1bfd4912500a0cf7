"""Exports of product analytics loaded whole, in pieces, backwards and twice end in the same tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.intake import load
from tests.test_connectors_amplitude import ROWS as AMPLITUDE
from tests.test_connectors_ga4 import SHOPPING as GA4
from tests.test_connectors_posthog import ROWS as POSTHOG
from tests.test_connectors_segment import MESSAGES as SEGMENT
from tests.told import lines, ties
from tools.store.door import Store
from tools.store.workspace import memory_store

HELD = (
    "SELECT event_id, identifier_id, occurred_at, label, event.kind, channel, event.campaign, value, properties "
    "FROM event JOIN touchpoint USING (touchpoint_id) ORDER BY ALL",
    "SELECT identifier_id, name, max({'at': set_at, 'value': value}) FROM identifier_trait GROUP BY ALL ORDER BY ALL",
)


def held(store: Store) -> list[object]:
    return [*(store.rows(sql) for sql in HELD), ties(store)]


@pytest.mark.parametrize(
    "rows", [GA4, AMPLITUDE, SEGMENT, POSTHOG], ids=["ga4", "amplitude", "segment", "posthog"]
)
def test_pieces_end_as_the_whole(tmp_path: Path, rows: Sequence[dict[str, Any]]) -> None:
    whole, pieces = memory_store(), memory_store()
    load(whole, lines(tmp_path, "whole.json", *rows))
    load(whole, lines(tmp_path, "again.json", *rows[::-1]))
    parts = [lines(tmp_path, f"part{n}.json", *rows[n : n + 2]) for n in range(0, len(rows), 2)]
    for part in reversed(parts):
        load(pieces, part)
    assert held(pieces) == held(whole)
