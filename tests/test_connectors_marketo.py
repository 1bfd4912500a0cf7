"""Marketo: rows written by hand: activities of the API, of bulk extracts and of a loader, and names."""

import json
from pathlib import Path

import pytest

from tests.intake import balanced, events, load, taken, write
from tests.vendor_tables import describe_selects
from tools.connectors import marketo
from tools.store.door import Store
from tools.store.workspace import memory_store


def activity(number: int, kind: int, about: str, about_id: int, **attributes: object) -> dict[str, object]:  # fmt: skip
    """Return one activity as the API tells it: lead 6, a minute after the one before."""
    return {
        "id": number, "marketoGUID": str(number), "leadId": 6, "activityDate": f"2025-01-01T10:{number:02}:00Z",
        "activityTypeId": kind, "primaryAttributeValueId": about_id, "primaryAttributeValue": about, "campaignId": 77,
        "attributes": [{"name": name.replace("_", " "), "value": value} for name, value in attributes.items()],
    }  # fmt: skip


VISIT = activity(
    1, 1, "x.example/pricing.html", 9,
    Client_IP_Address="1.2.3.4", Query_Parameters="utm_source=google&utm_medium=cpc", Webpage_URL="/pricing.html",
)  # fmt: skip
FORM = activity(2, 2, "Contact us", 4, Form_Fields="Email=ann@shop.example")
SENT = activity(3, 6, "P.Mail", 20)
SKIPPED = activity(4, 6, "P.Mail", 20, Action_Result="skipped")
CLICKED = activity(
    5, 11, "P.Mail", 20, Link="https://x.example/a?e=ann@shop.example", Device="iPhone", Depth=3
)
ATTENDED = activity(6, 104, "P", 30, New_Status="Attended", Old_Status="Invited")
SCORE = activity(7, 22, "Lead Score", 1, New_Value="22", Old_Value="20")
MERGED = activity(8, 32, "Ann", 6, Merge_IDs="[8, 9]")
MOMENT = activity(9, 46, "Milestone", 1, Description="watched the demo")
CUSTOM = activity(10, 100001, "video", 5)
UNKNOWN = activity(11, 777, "?", 5)
DELETED = activity(12, 37, "Bo", 5)


def page(folder: Path, name: str, *records: object) -> Path:
    told = {"requestId": "e42b#14272d07d78", "success": True, "result": records}
    return write(folder, name, json.dumps({**told, "nextPageToken": "x", "moreResult": False}))


def asset(number: int, name: str, **more: object) -> dict[str, object]:
    return {"id": number, "name": name, "updatedAt": "2020-01-01T00:00:00Z+0000", **more}


def names(folder: Path) -> tuple[Path, ...]:
    return (
        page(folder, "emails.json", asset(20, "Welcome 2", fromName={"value": "Us"}, fromEmail={"value": "u@u.example"}, textOnly=False)),
        page(folder, "programs.json", asset(30, "Spring webinar", channel="Webinar", type="Event", workspace="Default")),
        page(folder, "campaigns.json", asset(77, "Welcome flow", programId=30, active=True, workspaceName="Default")),
        page(folder, "types.json", asset(100001, "Watched demo", primaryAttribute={"name": "Video"}, attributes=[])),
    )  # fmt: skip


def labels(store: Store) -> list[str]:
    return [label for _, _, label in sorted(events(store), key=lambda told: told[1])]


@pytest.mark.parametrize("late", [False, True])
def test_activities_read_by_name_whichever_comes_first(tmp_path: Path, late: bool) -> None:
    told = page(
        tmp_path, "activities.json",
        VISIT, FORM, SENT, SKIPPED, CLICKED, ATTENDED, SCORE, MERGED, MOMENT, CUSTOM, UNKNOWN, DELETED,
    )  # fmt: skip
    store = memory_store()
    report = load(store, *((told, *names(tmp_path)) if late else (*names(tmp_path), told)))
    assert labels(store) == [
        "Viewed page: Pricing", "Form submitted: Contact us", "Email sent: Welcome 2", "Email clicked: Welcome 2",
        "Campaign attended: Spring webinar", "Interesting moment: Milestone", "Watched demo", "activity type 777",
    ]  # fmt: skip
    assert balanced([report])
    rejected = store.rows("SELECT line, field FROM rejected_row ORDER BY line")
    assert rejected == [(4, "action_result"), (12, "activity_type_id")]
    kinds = {
        str(name): str(told) for name, told in store.rows("SELECT label, kind FROM touchpoint")
    }
    assert (kinds["Email sent: Welcome 2"], kinds["Email clicked: Welcome 2"]) == (
        "exposure",
        "action",
    )


def test_an_activitys_attributes_are_its_properties_but_for_what_is_private(tmp_path: Path) -> None:
    store = taken(page(tmp_path, "activities.json", VISIT, FORM, CLICKED))
    told = [json.loads(str(row[0] or "{}")) for row in store.rows(
        "SELECT properties FROM event ORDER BY occurred_at"
    )]  # fmt: skip
    assert told == [
        {}, {}, {"link": "https://x.example/a", "device": "iPhone", "Depth": "3"},
    ]  # fmt: skip
    channels = store.rows("SELECT channel FROM event ORDER BY occurred_at")
    assert channels == [("Paid search",), (None,), ("Email",)]


def test_merges_scores_and_moments_are_kept(tmp_path: Path) -> None:
    other = {**FORM, "id": 20, "marketoGUID": "20", "leadId": 9}
    store = taken(page(tmp_path, "activities.json", VISIT, SCORE, MERGED, MOMENT, other))
    assert store.value("SELECT count(*) FROM person") == 1
    assert store.rows("SELECT name, value FROM trait") == [("lead_score", "22")]
    assert store.rows("SELECT kind, text FROM note") == [("moment", "watched the demo")]


def test_a_bulk_extract_tells_the_same_event_as_the_api(tmp_path: Path) -> None:
    row = (
        '5,6,2025-01-01T10:05:00Z,11,77,20,P.Mail,"{""Device"":""iPhone"",""Link"":""https://x.example/a"",""Depth"":3}"'
    )  # fmt: skip
    head = "marketoGUID,leadId,activityDate,activityTypeId,campaignId,primaryAttributeValueId,primaryAttributeValue,attributes"
    store = taken(
        page(tmp_path, "activities.json", CLICKED),
        write(tmp_path, "bulk.csv", f"{head}\n{row}\n"),
    )
    assert store.value("SELECT count(*) FROM event") == 1


def test_a_loaders_tables_and_lead_are_one_person(tmp_path: Path) -> None:
    bounced = "activity_date,activity_type_id,campaign_id,category,email,details,id,lead_id,primary_attribute_value,primary_attribute_value_id\n2025-01-02 10:00:00,8,77,1,ann@shop.example,550 <ann@shop.example>,1,6,P.Mail,20\n"
    changed = "activity_date,activity_type_id,id,lead_id,new_value,old_value,primary_attribute_value\n2025-01-02 10:00:00,13,2,6,MQL,SQL,Lead Status\n2025-01-02 10:00:00,13,3,6,x,y,Home Address\n"
    lead = "id,created_at,updated_at,email,first_name,last_name\n6,2025-01-01 00:00:00,2025-01-03 00:00:00,ann@shop.example,Ann,Lee\n"
    store = memory_store()
    report = load(
        store,
        write(tmp_path, "activity_email_bounced.csv", bounced),
        write(tmp_path, "activity_change_data_value.csv", changed),
        write(tmp_path, "marketo_lead.csv", lead),
    )
    assert [file.connector for file in report.files] == [
        "marketo activity", "marketo activity", "marketo lead",
    ]  # fmt: skip
    assert labels(store) == ["Email bounced: P.Mail"]
    assert "@" not in str(store.value("SELECT properties FROM event"))
    told = {str(name): str(told) for name, told in store.rows("SELECT name, value FROM trait")}
    assert told == {"lead_status": "MQL", "first_name": "Ann", "last_name": "Lee"}
    assert report.files[1].accounts["rejected"] == 1


def test_leads_of_the_api_and_of_an_export_carry_their_other_ids(tmp_path: Path) -> None:
    api = {
        "id": 6, "email": "ann@shop.example", "firstName": "Ann", "createdAt": "2025-01-01T00:00:00Z",
        "updatedAt": "2025-01-05T00:00:00Z", "sfdcLeadId": "00Q5e00000AAAAAEAA",
    }  # fmt: skip
    export = "Id,Email Address,First Name,Last Name,Company Name,Person Status\n6,ann@shop.example,Ann,Lee,Acme,Open\n"
    store = taken(
        page(tmp_path, "leads.json", api),
        write(tmp_path, "people.csv", export),
        page(tmp_path, "activities.json", VISIT),
    )
    kinds = {str(row[0]) for row in store.rows("SELECT kind FROM identifier")}
    assert kinds == {"marketo_lead", "email", "salesforce_lead"}
    assert {str(name): str(told) for name, told in store.rows("SELECT name, value FROM trait")}[
        "company"
    ] == "Acme"


def test_every_select_stands_on_the_columns_that_its_table_has() -> None:
    assert describe_selects(marketo.TABLES) > len(marketo.TABLES)
