"""Email and support systems' tables as a warehouse loader lands them: counts worked out by hand."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.intake import balanced, load
from tools.store.workspace import memory_store

pytestmark = pytest.mark.shared

COUNTS = {
    "klaviyo": {
        # Two files tell the same four events; in one of them a column too many shifts the rest.
        "Placed Order": 1,
        "Email received": 3,
    },
    "mailchimp": {
        "Email opened": 12 + 2,
        "Email clicked": 5 + 6,
        "Email unsubscribed": 1,
        "Subscribed": 9,
    },
    "iterable": {
        "Email subscribed": 2,
        "New event": 4,
        # Three channels and five kinds of message, each left once whatever the states that repeat it.
        "Unsubscribed": 3 + 5,
    },
    "zendesk": {
        "Ticket opened": 10 - 2,  # two were deleted
        "Ticket comment": 20,
        "Ticket solved": 15,
        "Ticket pending": 4,
        "Ticket on hold": 3,
        "Ticket in progress": 3,
        "Ticket closed": 1,
        "Chat message": 4,
        "Chat answered": 2,
        "Chat": 3,  # automatic messages
        "Chat department transfer": 1,
        "Chat email changed": 1,
        "Chat join": 1,
    },
    "intercom": {
        "Conversation started": 2,
        "Conversation closed": 8 + 2,
    },
}


@pytest.mark.parametrize("system", COUNTS)
def test_every_file_is_its_systems_and_every_row_is_accounted_for(system: str) -> None:
    folder = Path(os.environ["DESIREPATH_SHARED"]) / "data" / "vendor_exports" / system
    store = memory_store()
    report = load(store, folder)
    tables = [file for file in report.files if file.name.endswith(".csv")]
    assert len(tables) == len(list(folder.glob("*.csv")))
    assert {file.connector.split()[0] for file in tables} == {system}
    assert not any("reference" in file.connector for file in tables)
    assert balanced([report])
    assert all(sum(file.accounts.values()) == file.rows_read for file in report.files)
    labels = store.rows("SELECT label FROM event JOIN touchpoint USING (touchpoint_id)")
    assert Counter(str(row[0]).split(":")[0] for row in labels) == COUNTS[system]


@pytest.mark.parametrize("system", COUNTS)
def test_files_are_recognised_in_a_folder_that_does_not_name_the_system(
    system: str, tmp_path: Path
) -> None:
    folder = Path(os.environ["DESIREPATH_SHARED"]) / "data" / "vendor_exports" / system
    (tmp_path / "x").mkdir()
    for file in folder.glob("*.csv"):
        (tmp_path / "x" / file.name).write_bytes(file.read_bytes())
    report = load(memory_store(), tmp_path / "x")
    assert {file.connector.split()[0] for file in report.files} == {system}
