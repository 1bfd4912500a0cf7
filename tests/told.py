"""What a store holds after vendors' files were loaded, as plain rows for tests."""

import json
from pathlib import Path
from typing import Any

from tests.intake import write
from tools.store.door import Store


def lines(folder: Path, name: str, *rows: dict[str, Any]) -> Path:
    """Write one JSON object per line."""
    return write(folder, name, "\n".join(json.dumps(row) for row in rows))


def table(folder: Path, name: str, header: str, *rows: str) -> Path:
    """Write a CSV."""
    return write(folder, name, "\n".join([header, *rows]))


def happened(store: Store) -> list[tuple[str, str]]:
    """Return (time, label) of every event in time order."""
    return [
        (str(row[0]), str(row[1]))
        for row in store.rows(
            "SELECT strftime(occurred_at, '%m-%d %H:%M'), label FROM event JOIN touchpoint USING (touchpoint_id) "
            "ORDER BY occurred_at, label"
        )
    ]


def column(store: Store, name: str) -> dict[str, object]:
    """Return one column of the events, by label; of several events any."""
    return {
        str(row[0]): row[1]
        for row in store.rows(
            f"SELECT label, any_value(event.{name}) FROM event JOIN touchpoint USING (touchpoint_id) GROUP BY label ORDER BY label"
        )
    }


def properties(store: Store, label: str) -> Any:
    """Return the properties of the one event with this label."""
    return json.loads(
        str(
            store.value(
                "SELECT event.properties FROM event JOIN touchpoint USING (touchpoint_id) WHERE label = $label",
                {"label": label},
            )
        )
    )


def ties(store: Store) -> set[tuple[str, ...]]:
    """Return who is linked to whom, as (kind:value, kind:value, tie)."""
    return {
        (
            *(
                sorted((str(row[0]), str(row[1])))
                if row[2] == "same"
                else (str(row[0]), str(row[1]))
            ),
            str(row[2]),
        )
        for row in store.rows(
            "SELECT a.kind || ':' || a.value, b.kind || ':' || b.value, identity_link.tie FROM identity_link "
            "JOIN identifier AS a ON a.identifier_id = identity_link.identifier_id "
            "JOIN identifier AS b ON b.identifier_id = identity_link.other_id ORDER BY ALL"
        )
    }


def traits(store: Store) -> dict[str, str]:
    """Return the newest value of each trait; for one person."""
    return {
        str(row[0]): str(row[1])
        for row in store.rows(
            "SELECT name, arg_max(value, set_at) FROM identifier_trait GROUP BY name ORDER BY name"
        )
    }
