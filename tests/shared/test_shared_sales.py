"""Sales and marketing systems' tables as a warehouse loader lands them: counts worked out by hand."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.intake import balanced, load
from tools.store.workspace import memory_store

pytestmark = pytest.mark.shared

COUNTS = {
    "hubspot": {
        "Email opened": 90,
        "Email sent": 4,
        "Email delivered": 3,  # three more events are filtered out by HubSpot
        "Contact created": 22,
        "Form submitted": 22 + 5,  # a first one of each contact, and five of their own table
        "Added to list": 100,
        "Deal created": 44,
        "Deal": 14,  # stages entered
        "Ticket opened": 25,
        "Ticket answered": 4,
        "Ticket closed": 23,
        "Ticket": 2,  # stages entered; 13 other rows of that history are not stages
        "Meeting": 100,
        "Sales call": 1,
        "Sales email sent": 1,
        "Sales message": 1,
        "Sales task": 2,
    },
    "salesforce": {
        # Every opportunity was deleted.
        "Lead created": 1,
        "Lead converted": 1,
        "Meeting": 4,
        "Sales call": 6,
        "Sales task": 10,
        "Order placed": 10,
    },
    "marketo": {
        "Email sent": 100 - 2,  # two were skipped
        "Email delivered": 100,
        "Email bounced": 100,
        "Email opened": 100,
        "Email clicked": 100,
        "Email unsubscribed": 100,
    },
}
REJECTED = {
    # Three filtered e-mail events; 313 rows of histories that are neither stage nor trait; own people
    # (100 owners, 3 + 3 teams, 2 + 2 + 2 users and roles); 10 + 20 properties and their options.
    "hubspot": 3 + 313 + 112 + 30,
    # Two empty contacts; ten users and their ten roles.
    "salesforce": 2 + 20,
    # Two skipped e-mails, 31 deleted people, one merge without its other end, 33 values that are no
    # trait, 100 descriptions of fields.
    "marketo": 2 + 31 + 1 + 33 + 100,
}


@pytest.mark.parametrize("system", COUNTS)
def test_every_file_is_its_systems_and_every_row_is_accounted_for(system: str) -> None:
    folder = Path(os.environ["DESIREPATH_SHARED"]) / "data" / "vendor_exports" / system
    store = memory_store()
    report = load(store, folder)
    tables = [file for file in report.files if file.name.endswith(".csv")]
    assert len(tables) == len(list(folder.glob("*.csv")))
    for file in tables:
        assert file.connector.startswith(f"{system} "), file.name
        assert file.connector != f"{system} reference table", file.name
        assert sum(file.accounts.values()) == file.rows_read, file.name
    assert balanced([report])
    assert sum(file.accounts["rejected"] for file in tables) == REJECTED[system]
    told = Counter[str]()
    for label, count in store.rows(
        "SELECT touchpoint.label, count(*) FROM event JOIN touchpoint USING (touchpoint_id) GROUP BY ALL"
    ):
        told[str(label).split(":")[0]] += int(str(count))
    assert told == COUNTS[system]


def test_merged_contacts_leads_and_deals_are_linked() -> None:
    folder = Path(os.environ["DESIREPATH_SHARED"]) / "data" / "vendor_exports"
    store = memory_store()
    load(store, folder / "hubspot" / "contact_merge_audit_data.csv")
    load(store, folder / "hubspot" / "merged_deal_data.csv")
    load(store, folder / "hubspot" / "contact_data.csv")
    told = store.rows(
        "SELECT kind, count(*) FROM identity_link JOIN identifier USING (identifier_id) WHERE tie = 'same' "
        "GROUP BY kind ORDER BY kind"
    )
    # 22 contacts have 22 pairs with an address; one names three that were merged into it.
    assert sum(int(str(row[1])) for row in told) == 4 + 14 + 22 + 3
