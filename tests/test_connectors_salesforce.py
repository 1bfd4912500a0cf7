"""Salesforce: rows written by hand: records of its API, a loader's tables, data exports, reports."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.intake import balanced, events, load, taken, write
from tests.vendor_tables import describe_selects
from tools.connectors import salesforce
from tools.store.door import Store
from tools.store.workspace import memory_store

LEAD = {
    "Id": "00Q5e00000AAAAAEAA", "FirstName": "Ann", "LastName": "Lee", "Email": "ann@shop.example", "Company": "Acme",
    "Status": "Converted", "LeadSource": "Web", "IsConverted": True, "ConvertedDate": "2025-03-10",
    "ConvertedContactId": "0035e00000BBBBBEAA", "ConvertedOpportunityId": "0065e00000CCCCCEAA",
    "ConvertedAccountId": "0015e00000DDDDDEAA", "CreatedDate": "2025-03-01T10:00:00.000+0000", "Street": "1 Main St",
    "utm_source__c": "google", "utm_medium__c": "cpc", "Shoe_Size__c": 44,
}  # fmt: skip
CONTACT = {
    "Id": "0035e00000BBBBBEAA", "FirstName": "Ann", "LastName": "Lee", "Email": "ann.lee@acme.example", "Title": "CMO",
    "AccountId": "0015e00000DDDDDEAA", "CreatedDate": "2025-03-10T10:00:00.000+0000",
}  # fmt: skip
ACCOUNT = {
    "Id": "0015e00000DDDDDEAA",
    "Name": "Acme",
    "Industry": "Retail",
    "NumberOfEmployees": 120,
    "Website": "x",
}
DEAL = {
    "Id": "0065e00000CCCCCEAA", "Name": "Acme new", "AccountId": "0015e00000DDDDDEAA", "StageName": "Closed Won",
    "Amount": 1200.5, "CloseDate": "2025-04-01", "CreatedDate": "2025-03-10T10:00:00.000+0000", "IsClosed": True,
    "IsWon": True, "LastStageChangeDate": "2025-04-01T12:00:00.000+0000", "CurrencyIsoCode": "EUR",
    "SystemModstamp": "2025-04-01T12:00:00.000+0000", "IsDeleted": False, "Description": "wanted a discount",
}  # fmt: skip
CHANGES = [
    {"Id": f"008{n}", "OpportunityId": DEAL["Id"], "StageName": stage, "Amount": n, "CreatedDate": at}
    for n, (stage, at) in enumerate((
        ("Prospecting", "2025-03-10T10:00:00.000+0000"),
        ("Proposal sent", "2025-03-15T10:00:00.000+0000"),
        ("Proposal sent", "2025-03-16T10:00:00.000+0000"),  # the amount changed, the stage did not
        ("Closed Won", "2025-04-01T12:00:00.000+0000"),
    ))
]  # fmt: skip
DONE = {"IsClosed": True, "Status": "Completed", "CreatedDate": "2025-03-12T09:00:00.000+0000"}
CALL = {
    "Id": "00T1", "WhoId": CONTACT["Id"], "WhatId": DEAL["Id"], "Subject": "Call ann@shop.example", "TaskSubtype": "Call",
    "ActivityDate": "2025-03-12", "Description": "<p>she asked about price</p>", **DONE,
}  # fmt: skip
MAIL = {
    "Id": "00T2",
    "WhoId": LEAD["Id"],
    "Subject": "Hi",
    "TaskSubtype": "Email",
    "Description": "our words",
    **DONE,
}
PLANNED = {
    "Id": "00T3",
    "WhoId": LEAD["Id"],
    "Subject": "todo",
    "TaskSubtype": "Task",
    **DONE,
    "IsClosed": False,
}
MEETING = {
    "Id": "00U1", "WhoId": CONTACT["Id"], "Subject": "Demo", "Type": "Demo", "StartDateTime": "2025-03-14T09:00:00.000+0000",
}  # fmt: skip
MEMBER = {
    "Id": "00v1", "CampaignId": "7015e00000EEEEEEAA", "LeadId": LEAD["Id"], "Status": "Attended", "HasResponded": True,
    "FirstRespondedDate": "2025-03-05", "CreatedDate": "2025-03-02T09:00:00.000+0000",
}  # fmt: skip
CAMPAIGN = {
    "Id": "7015e00000EEEEEEAA",
    "Name": "Spring webinar",
    "NumberOfLeads": 3,
    "BudgetedCost": 100,
}
CASE = {
    "Id": "5005e00000FFFFFEAA", "CaseNumber": "00001001", "ContactId": CONTACT["Id"], "Subject": "Help",
    "Description": "It broke", "Priority": "High", "CreatedDate": "2025-05-01T09:00:00.000+0000",
    "ClosedDate": "2025-05-02T09:00:00.000+0000",
}  # fmt: skip


def page(folder: Path, kind: str, *records: Mapping[str, object]) -> Path:
    rows = [
        {"attributes": {"type": kind, "url": f"/sobjects/{kind}/1"}, **record} for record in records
    ]
    text = json.dumps({"totalSize": len(rows), "done": True, "records": rows})
    return write(folder, f"{kind}{len(list(folder.iterdir()))}.json", text)


def labels(store: Store) -> list[str]:
    return [label for _, _, label in sorted(events(store), key=lambda told: told[1])]


def test_a_converted_lead_its_contact_and_its_deal_are_one_person(tmp_path: Path) -> None:
    store = memory_store()
    report = load(
        store,
        page(tmp_path, "Opportunity", DEAL),
        page(tmp_path, "Contact", CONTACT),
        page(tmp_path, "Account", ACCOUNT),
        page(tmp_path, "Lead", LEAD),
    )
    assert [file.connector.split()[1] for file in report.files] == [
        "opportunity", "contact", "account", "lead",
    ]  # fmt: skip
    assert labels(store) == [
        "Lead created", "Lead converted", "Deal created", "Deal: Closed Won", "Deal won",
    ]  # fmt: skip
    assert store.value("SELECT count(*) FROM person") == 1
    assert store.rows("SELECT value, currency FROM event WHERE value IS NOT NULL") == [
        (1200.5, "EUR")
    ]
    told = {str(name): str(told) for name, told in store.rows("SELECT name, value FROM trait")}
    assert (told["industry"], told["company_size"], told["job_title"]) == (
        "Retail",
        "51-200",
        "CMO",
    )
    assert store.value("SELECT channel FROM event WHERE channel IS NOT NULL") == "Paid search"


def test_what_nobody_should_see_is_in_no_property(tmp_path: Path) -> None:
    store = taken(page(tmp_path, "Lead", LEAD), page(tmp_path, "Task", CALL))
    told = " ".join(str(row[0]) for row in store.rows("SELECT coalesce(properties, '') FROM event"))
    assert "Shoe_Size__c" in told  # an unknown field stays
    assert not [secret for secret in ("@", "Main St", "Lee") if secret in told]


def test_each_stage_is_told_once_by_all_of_its_histories(tmp_path: Path) -> None:
    field = {
        "Id": "0171", "OpportunityId": DEAL["Id"], "Field": "StageName", "OldValue": "Prospecting",
        "NewValue": "Proposal sent", "CreatedDate": "2025-03-15T10:00:00.000+0000",
    }  # fmt: skip
    store = taken(
        page(tmp_path, "OpportunityHistory", *CHANGES),
        page(tmp_path, "OpportunityFieldHistory", field, {**field, "Field": "Amount"}),
        page(tmp_path, "Opportunity", DEAL),
    )
    assert labels(store) == [
        "Deal created", "Deal: Prospecting", "Deal: Proposal sent", "Deal: Closed Won", "Deal won",
    ]  # fmt: skip
    assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1


def test_a_loaders_states_of_a_deal_are_one_event_per_stage(tmp_path: Path) -> None:
    rows = [
        "id,stage_name,close_date,account_id,is_deleted,_fivetran_start,_fivetran_end",
        "006A,Prospecting,2025-05-01,001A,false,2025-03-01 00:00:00,2025-03-02 00:00:00",
        "006A,Prospecting,2025-06-01,001A,false,2025-03-02 00:00:00,2025-03-05 00:00:00",
        "006A,Proposal sent,2025-06-01,001A,false,2025-03-05 00:00:00,9999-12-31 23:59:59",
    ]
    store = taken(write(tmp_path, "opportunity_history.csv", "\n".join(rows)))
    assert [(at[:10], label) for _, at, label in events(store)] == [
        ("2025-03-01", "Deal: Prospecting"),
        ("2025-03-05", "Deal: Proposal sent"),
    ]


def test_a_deleted_deal_leaves_nothing_whichever_state_comes_first(tmp_path: Path) -> None:
    gone = {**DEAL, "IsDeleted": True, "SystemModstamp": "2025-06-01T00:00:00.000+0000"}
    for order in ((DEAL, gone), (gone, DEAL)):
        files = [page(tmp_path, "Opportunity", record) for record in order]
        assert labels(taken(*files)) == []


def test_activities_are_told_by_what_they_are_once_they_are_done(tmp_path: Path) -> None:
    store = memory_store()
    report = load(
        store,
        page(tmp_path, "Task", CALL, MAIL, PLANNED),
        page(tmp_path, "Event", MEETING, {**MEETING, "Id": "00U2", "IsChild": True}),
        page(tmp_path, "Lead", LEAD),
    )
    assert labels(store) == [
        "Lead created", "Lead converted", "Sales call", "Sales email sent", "Meeting: Demo",
    ]  # fmt: skip
    assert store.rows(
        "SELECT label, kind FROM touchpoint WHERE label LIKE 'Sales%' ORDER BY label"
    ) == [("Sales call", "action"), ("Sales email sent", "exposure")]
    assert store.rows("SELECT kind, text FROM note") == [("call", "she asked about price")]
    assert sorted(str(row[0]) for row in store.rows("SELECT field FROM rejected_row")) == [
        "is_child",
        "is_closed",
    ]
    assert balanced([report])


@pytest.mark.parametrize("late", [False, True])
def test_a_campaign_is_told_by_its_name_whichever_comes_first(tmp_path: Path, late: bool) -> None:
    member, campaign = (
        page(tmp_path, "CampaignMember", MEMBER),
        page(tmp_path, "Campaign", CAMPAIGN),
    )
    store = taken(*((member, campaign) if late else (campaign, member)))
    assert labels(store) == [
        "Added to campaign: Spring webinar",
        "Campaign attended: Spring webinar",
    ]


def test_a_case_and_what_was_written_about_it(tmp_path: Path) -> None:
    mail = {
        "Id": "02s1", "ParentId": CASE["Id"], "FromAddress": "ann@shop.example", "ToAddress": "us@us.example",
        "TextBody": "still broken", "Incoming": True, "MessageDate": "2025-05-01T11:00:00.000+0000",
    }  # fmt: skip
    answer = {
        **mail, "Id": "02s2", "FromAddress": "us@us.example", "ToAddress": "ann@shop.example", "TextBody": "our words",
        "Incoming": False, "MessageDate": "2025-05-01T12:00:00.000+0000",
    }  # fmt: skip
    store = taken(page(tmp_path, "Case", CASE), page(tmp_path, "EmailMessage", mail, answer))
    assert labels(store) == ["Ticket opened", "Ticket replied", "Ticket answered", "Ticket closed"]
    assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1
    texts = store.rows("SELECT text FROM note ORDER BY occurred_at")
    assert texts == [("Help\nIt broke",), ("still broken",)]


def test_users_are_employees_and_no_customers(tmp_path: Path) -> None:
    user = {
        "Id": "0051",
        "Username": "rep@us.example",
        "Email": "rep@us.example",
        "Name": "Rep",
        "ProfileId": "00e1",
    }
    store = memory_store()
    report = load(store, page(tmp_path, "User", user), page(tmp_path, "Account", ACCOUNT))
    assert report.files[0].accounts["rejected"] == 1
    assert store.value("SELECT count(*) FROM identifier WHERE kind = 'email'") == 0


def test_data_exports_and_reports_read_like_the_api(tmp_path: Path) -> None:
    export = '"ID","LASTNAME","EMAIL","COMPANY","STATUS","ISCONVERTED","CREATEDDATE"\n"00Q5e00000AAAAAEAA","Lee","ann@shop.example","Acme","Open","false","2025-03-01T10:00:00.000Z"\n'
    report = '"Opportunity Name","Account Name","Amount","Stage","Close Date","Created Date","Opportunity Owner"\n"Acme - new","Acme","EUR 1,200.00","Closed Won","4/1/2025","3/10/2025","Rep"\n'
    store = taken(write(tmp_path, "Lead.csv", export), write(tmp_path, "report.csv", report))
    assert [(at[:10], label) for _, at, label in sorted(events(store), key=lambda told: told[1])] == [
        ("2025-03-01", "Lead created"),
        ("2025-03-10", "Deal created"),
        ("2025-04-01", "Deal won"),
    ]  # fmt: skip
    assert store.value("SELECT sum(value) FROM event") == 1200


def test_an_order_is_its_accounts_and_a_draft_has_no_value(tmp_path: Path) -> None:
    rows = [
        "id,order_number,account_id,status,status_code,total_amount,activated_date,effective_date,created_date,is_deleted",
        "801A,1,001A,Activated,Activated,100,2025-01-02 00:00:00,2025-01-02,2025-01-01 00:00:00,false",
        "801B,2,001A,Draft,Draft,50,,2025-01-03,2025-01-03 00:00:00,false",
    ]
    store = taken(write(tmp_path, "order_data.csv", "\n".join(rows)))
    assert labels(store) == ["Order placed", "Order drafted"]
    assert store.rows("SELECT sum(value), count(DISTINCT person_id) FROM event") == [(100, 1)]


def test_every_select_stands_on_the_columns_that_its_table_has() -> None:
    assert describe_selects(salesforce.TABLES) > len(salesforce.TABLES)
