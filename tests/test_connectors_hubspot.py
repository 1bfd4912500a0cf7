"""HubSpot: rows written by hand in its three shapes: a loader's tables, API pages, exports."""

import json
from pathlib import Path

import pytest

from tests.intake import balanced, events, load, taken, write
from tests.vendor_tables import describe_selects
from tools.connectors import hubspot
from tools.connectors.contract import ImportOptions, RawTable
from tools.connectors.registry import connectors_for
from tools.store.door import Store
from tools.store.workspace import memory_store

CONTACT = {
    "id": "101",
    "properties": {
        "createdate": "2025-03-01T10:00:00.123Z", "email": "Ann@Shop.example", "firstname": "Ann", "lastname": "Lee",
        "phone": "+1 555 010 2030", "lifecyclestage": "customer", "hs_analytics_source": "PAID_SEARCH", "jobtitle": "CMO",
        "hs_object_id": "101", "lastmodifieddate": "2025-04-01T10:00:00Z", "address": "1 Main St", "shoe_size": "44",
        "hs_lifecyclestage_customer_date": "1743501600000",
    },
    "createdAt": "2025-03-01T10:00:00.123Z", "updatedAt": "2025-04-01T10:00:00Z", "archived": False,
    "associations": {"companies": {"results": [{"id": "900", "type": "contact_to_company"}]}},
}  # fmt: skip
COMPANY = {
    "id": "900",
    "properties": {"domain": "acme.example", "name": "Acme", "industry": "RETAIL", "numberofemployees": "120",
                   "hs_object_id": "900", "hs_lastmodifieddate": "2025-02-01T00:00:00Z"},
    "createdAt": "2025-01-01T00:00:00Z", "updatedAt": "2025-02-01T00:00:00Z", "archived": False,
}  # fmt: skip
DEAL = {
    "id": "501",
    "properties": {
        "amount": "1500.50", "closedate": "2025-05-01T00:00:00Z", "createdate": "2025-03-05T00:00:00Z", "dealname": "Acme",
        "dealstage": "closedwon", "pipeline": "default", "hs_is_closed_won": "true", "deal_currency_code": "EUR",
        "hs_object_id": "501", "closed_won_reason": "<p>The price</p>",
    },
    "propertiesWithHistory": {"dealstage": [
        {"value": "closedwon", "timestamp": "2025-05-01T00:00:00Z"},
        {"value": "12345", "timestamp": "2025-04-01T00:00:00Z"},
    ]},
    "createdAt": "2025-03-05T00:00:00Z", "updatedAt": "2025-05-01T00:00:01Z", "archived": False,
    "associations": {"contacts": {"results": [{"id": "101", "type": "deal_to_contact"}]}},
}  # fmt: skip
PIPELINE = {
    "id": "default", "label": "Sales", "displayOrder": 0, "createdAt": "2020-01-01T00:00:00Z",
    "stages": [{"id": "12345", "label": "Proposal sent", "metadata": {"isClosed": "false"}}],
}  # fmt: skip
EMAIL = {
    "created": 1741000000000,
    "recipient": "ann@shop.example",
    "portalId": 1,
    "appId": 2,
    "emailCampaignId": 22,
}
CLICK = {
    "id": "e1",
    "type": "CLICK",
    "url": "https://x.example/a?e=ann@shop.example",
    "ipAddress": "1.2.3.4",
    **EMAIL,
}
UNSUBSCRIBED = {
    "id": "e2",
    "type": "STATUSCHANGE",
    "portalSubscriptionStatus": "UNSUBSCRIBED",
    **EMAIL,
}
NEW_TYPE = {"id": "e3", "type": "HOLOGRAM_SEEN", "brandNew": {"depth": 3}, **EMAIL}
FILTERED = {"id": "e4", "type": "OPEN", "filteredEvent": True, **EMAIL}
CAMPAIGN = {"id": 22, "appId": 2, "appName": "Batch", "name": "Welcome 2", "subject": "Hi"}


def page(folder: Path, name: str, *records: object, within: str = "results") -> Path:
    return write(folder, name, json.dumps({within: records, "paging": {"next": {"after": "x"}}}))


def labels(store: Store) -> list[str]:
    return [label for _, _, label in sorted(events(store), key=lambda told: told[1])]


def names(store: Store) -> dict[str, str]:
    return {str(name): str(value) for name, value in store.rows("SELECT name, value FROM trait")}


def test_a_contact_page_gives_a_person_with_traits_and_stages(tmp_path: Path) -> None:
    store = memory_store()
    report = load(store, page(tmp_path, "p1.json", CONTACT), page(tmp_path, "p2.json", COMPANY))
    assert [file.connector for file in report.files] == ["hubspot contact", "hubspot company"]
    assert events(store) == [
        ("101", "2025-03-01 10:00:00", "Contact created"),
        ("101", "2025-04-01 10:00:00", "Lifecycle: Customer"),
    ]
    # Industry and size are the company's: its people inherit them.
    told = names(store)
    assert (told["job_title"], told["lifecycle_stage"]) == ("CMO", "customer")
    assert (told["industry"], told["company_size"]) == ("RETAIL", "51-200")
    assert store.value("SELECT channel FROM event ORDER BY occurred_at LIMIT 1") == "Paid search"
    kinds = store.rows("SELECT kind FROM identifier ORDER BY kind")
    assert [kind for (kind,) in kinds] == ["email", "hubspot_company", "hubspot_contact", "phone"]


def test_what_nobody_should_see_is_in_no_property(tmp_path: Path) -> None:
    store = taken(
        page(tmp_path, "a.json", CONTACT), page(tmp_path, "b.json", CLICK, within="events")
    )
    told = " ".join(str(row[0]) for row in store.rows("SELECT coalesce(properties, '') FROM event"))
    assert "shoe_size" in told  # an unknown field stays
    assert not [secret for secret in ("@", "Main St", "1.2.3.4", "555") if secret in told]


@pytest.mark.parametrize("late", [False, True])
def test_a_deal_is_its_contacts_and_its_stages_have_names_whichever_comes_first(
    tmp_path: Path, late: bool
) -> None:
    pipeline, deal = (
        page(tmp_path, "stages.json", PIPELINE),
        page(tmp_path, "d.json", DEAL),
    )
    contact = page(tmp_path, "c.json", CONTACT)
    store = taken(*((contact, deal, pipeline) if late else (pipeline, deal, contact)))
    assert labels(store) == [
        "Contact created", "Deal created", "Deal: Proposal sent", "Lifecycle: Customer", "Deal: Closed won", "Deal won",
    ]  # fmt: skip
    assert store.value("SELECT count(*) FROM person") == 1
    assert store.rows("SELECT value, currency FROM event WHERE value IS NOT NULL") == [
        (1500.5, "EUR")
    ]
    assert store.rows("SELECT kind, text FROM note") == [("deal", "Acme\n The price")]


def test_a_deal_that_was_deleted_leaves_no_event(tmp_path: Path) -> None:
    gone = {**DEAL, "archived": True, "updatedAt": "2025-06-01T00:00:00Z"}
    store = taken(page(tmp_path, "a.json", DEAL), page(tmp_path, "b.json", gone))
    assert labels(store) == []


def test_a_newer_state_replaces_the_older_one_in_any_order(tmp_path: Path) -> None:
    dearer = {**DEAL, "properties": {**DEAL["properties"], "amount": "9"}, "updatedAt": "2025-06-01T00:00:00Z"}  # type: ignore[dict-item]  # fmt: skip
    for n, order in enumerate(((DEAL, dearer), (dearer, DEAL))):
        files = [page(tmp_path, f"{n}{m}.json", record) for m, record in enumerate(order)]
        assert taken(*files).value("SELECT sum(value) FROM event") == 9


def test_the_stage_of_a_deal_is_one_event_in_its_history_and_in_the_record(tmp_path: Path) -> None:
    history = "deal_id,value,date_entered,_fivetran_start,_fivetran_synced\n501,12345,2025-04-01 00:00:00,2025-04-01 00:00:00,2025-04-02 00:00:00\n"
    store = taken(page(tmp_path, "d.json", DEAL), write(tmp_path, "deal_stage.csv", history))
    assert labels(store).count("Deal: stage 12345") == 1


def test_a_loaders_deal_and_its_contact_meet(tmp_path: Path) -> None:
    deals = "deal_id,is_deleted,property_dealname,property_createdate,deal_pipeline_stage_id\n7,false,Acme,2025-01-02 10:00:00,x\n8,true,Gone,2025-01-02 10:00:00,x\n"
    pairs = "contact_id,deal_id,_fivetran_synced,type_id\n101,7,2025-01-03 00:00:00,3\n"
    contacts = "id,property_email,property_createdate,_fivetran_deleted,_fivetran_synced\n101,ann@shop.example,2025-01-01 10:00:00,false,2025-01-03 00:00:00\n"
    store = taken(
        write(tmp_path, "deal_data.csv", deals),
        write(tmp_path, "deal_contact_data.csv", pairs),
        write(tmp_path, "contact_data.csv", contacts),
    )
    assert labels(store) == ["Contact created", "Deal created"]
    assert store.value("SELECT count(*) FROM person") == 1


def test_exports_of_its_pages_read_like_its_api(tmp_path: Path) -> None:
    contacts = "Record ID,First Name,Last Name,Email,Contact owner,Lifecycle Stage,Create Date,Original Source\n101,Ann,Lee,ann@shop.example,Rep R,Lead,2025-03-01 10:00,Organic Search\n"
    deals = "Record ID,Deal Name,Deal Stage,Close Date,Create Date,Deal owner,Amount,Pipeline,Associated Contact IDs\n501,Acme,Closed Won (Sales),2025-05-01 00:00,2025-03-05 00:00,Rep R,1500.5,Sales,101;102\n"
    store = taken(write(tmp_path, "a.csv", contacts), write(tmp_path, "b.csv", deals))
    assert labels(store) == ["Contact created", "Deal created", "Deal won"]
    assert store.value("SELECT count(*) FROM person") == 1
    assert store.value("SELECT channel FROM event ORDER BY occurred_at LIMIT 1") == "Organic search"


@pytest.mark.parametrize("late", [False, True])
def test_email_events_read_by_the_name_of_their_campaign(tmp_path: Path, late: bool) -> None:
    mails = page(tmp_path, "mails.json", CLICK, UNSUBSCRIBED, NEW_TYPE, FILTERED, within="events")
    campaign = write(tmp_path, "campaign.json", json.dumps(CAMPAIGN))
    store = memory_store()
    report = load(store, *((mails, campaign) if late else (campaign, mails)))
    assert sorted(labels(store)) == [
        "Email clicked: Welcome 2", "Email hologram seen: Welcome 2", "Email unsubscribed: Welcome 2",
    ]  # fmt: skip
    assert balanced([report])
    assert store.rows("SELECT field FROM rejected_row") == [("filtered_event",)]
    assert store.rows("SELECT DISTINCT channel, campaign FROM event") == [("Email", "Welcome 2")]


def test_a_loaders_detail_tables_say_more_about_the_event(tmp_path: Path) -> None:
    base = "id,created,type,recipient,email_campaign_id,filtered_event\ne1,2025-03-03 11:06:40,CLICK,ann@shop.example,22,false\n"
    click = "id,_fivetran_synced,referer,browser,location,ip_address,url,user_agent\ne1,2025-03-04 00:00:00,,Chrome,Oslo,1.2.3.4,https://x.example/a?b=1,M\n"
    store = taken(
        write(tmp_path, "email_event_click_data.csv", click),
        write(tmp_path, "email_event_data.csv", base),
    )
    told = json.loads(str(store.value("SELECT properties FROM event")))
    assert (told["url"], told["browser"]) == ("https://x.example/a", "Chrome")


def test_engagements_of_both_apis_are_events_and_notes_of_their_contact(tmp_path: Path) -> None:
    call = {
        "id": "801",
        "properties": {"hs_timestamp": "2025-07-01T09:00:00Z", "hs_call_body": "<p>wants a discount</p>",
                       "hs_call_title": "Call with Ann", "hs_object_id": "801"},
        "createdAt": "2025-07-01T00:00:00Z", "archived": False,
        "associations": {"contacts": {"results": [{"id": "101", "type": "call_to_contact"}]}},
    }  # fmt: skip
    old = [
        {"engagement": {"id": n, "type": kind, "timestamp": 1741100000000 + n}, "associations": {"contactIds": [101]},
         "metadata": {"body": "likes us"}}
        for n, kind in ((1, "NOTE"), (2, "MEETING"), (3, "INCOMING_EMAIL"), (4, "SOMETHING_NEW"))
    ]  # fmt: skip
    store = taken(page(tmp_path, "a.json", call), page(tmp_path, "b.json", *old))
    assert labels(store) == ["Meeting", "Sales email received", "Something new", "Sales call"]
    assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1
    told = store.rows("SELECT kind, text FROM note ORDER BY occurred_at")
    assert told == [
        ("note", "likes us"), ("meeting", "likes us"), ("email", "likes us"), ("call", "wants a discount"),
    ]  # fmt: skip


def test_a_ticket_is_opened_answered_and_closed(tmp_path: Path) -> None:
    row = "id,is_deleted,property_createdate,property_first_agent_reply_date,property_closed_date,property_hs_pipeline_stage,property_subject,property_content,_fivetran_synced\n9,false,2025-01-01 10:00:00,2025-01-01 11:00:00,2025-01-02 10:00:00,4,Help,It broke,2025-01-03 00:00:00\n"
    pair = "ticket_id,contact_id,_fivetran_synced\n9,101,2025-01-03 00:00:00\n"
    store = taken(
        write(tmp_path, "ticket.csv", row),
        write(tmp_path, "ticket_contact.csv", pair),
        page(tmp_path, "c.json", CONTACT),
    )
    assert labels(store)[:3] == ["Ticket opened", "Ticket answered", "Ticket closed"]
    assert store.value("SELECT text FROM note") == "Help\nIt broke"
    assert store.value("SELECT count(*) FROM person") == 1


def test_a_form_is_told_by_its_name_and_its_answers_by_nobody_else(tmp_path: Path) -> None:
    sent = {"submittedAt": 1742000000000, "pageUrl": "https://x.example/demo?utm_source=google&utm_medium=cpc",
            "values": [{"name": "email", "value": "ann@shop.example"}, {"name": "message", "value": "please call"}]}  # fmt: skip
    told = "timestamp,form_id,contact_id,conversion_id,page_url,title\n2025-01-01 10:00:00,f1,101,c1,https://x.example/,Fallback\n"
    forms = {"id": "f1", "name": "Demo request", "formType": "hubspot", "fieldGroups": []}
    store = taken(
        page(tmp_path, "s.json", sent, sent),
        write(tmp_path, "contact_form_submission.csv", told),
        page(tmp_path, "f.json", forms),
    )
    assert set(labels(store)) == {"Form submitted: Demo request", "Form submitted: Demo"}
    assert store.value("SELECT channel FROM event WHERE channel IS NOT NULL LIMIT 1") == (
        "Paid search"
    )
    assert store.value("SELECT any_value(text) FROM note") == "please call"


def test_merged_contacts_are_one_person_and_employees_are_none(tmp_path: Path) -> None:
    merges = "canonical_vid,contact_id,vid_to_merge,timestamp\n101,101,77,2025-01-01 00:00:00\n"
    old = "id,property_email,property_createdate\n77,ann.old@shop.example,2025-01-01 10:00:00\n"
    owner = {
        "id": "9", "email": "rep@us.example", "firstName": "Rep", "lastName": "R", "userId": 4, "archived": False,
    }  # fmt: skip
    store = memory_store()
    report = load(
        store,
        write(tmp_path, "contact_merge_audit.csv", merges),
        write(tmp_path, "contact.csv", old),
        page(tmp_path, "contacts.json", CONTACT),
        page(tmp_path, "owners.json", owner),
    )
    assert store.value("SELECT count(*) FROM person") == 1
    assert report.files[-1].rows_rejected == 1
    assert store.value("SELECT count(*) FROM identifier WHERE value LIKE '%us.example'") == 0


def test_web_events_and_calls_of_webhooks_are_events(tmp_path: Path) -> None:
    visits = [
        {"objectType": "CONTACT", "objectId": "101", "eventType": kind, "occurredAt": "2025-03-03T01:00:00Z", "id": kind,
         "properties": {"hs_url": "https://x.example/pricing?utm_source=google&utm_medium=cpc"}}
        for kind in ("e_visited_page", "pe123_watched_demo")
    ]  # fmt: skip
    call = {"eventId": 1, "portalId": 3, "occurredAt": 1741200000000, "subscriptionType": "deal.propertyChange",
            "objectId": 501, "propertyName": "dealstage", "propertyValue": "contractsent"}  # fmt: skip
    store = taken(
        page(tmp_path, "v.json", *visits), write(tmp_path, "w.json", json.dumps([call, call]))
    )
    assert labels(store) == ["Viewed page: Pricing", "Watched demo", "Deal: Contract sent"]


@pytest.mark.parametrize("place", ["hubspot", ""])
@pytest.mark.parametrize(
    ("name", "columns", "table"),
    [
        ("team_data.csv", "id,name,_fivetran_synced", "team"),
        ("email_event_forward_data.csv", "id,browser,ip_address,location,user_agent", "email_event_forward"),
        ("email_event_print_data.csv", "id,browser,ip_address,location,user_agent", "email_event_print"),
        ("email_event_spam_report_data.csv", "id,ip_address,user_agent", "email_event_spam_report"),
        ("engagement_company_data.csv", "company_id,engagement_id,type_id", "engagement_company"),
        ("deal_pipeline_data.csv", "pipeline_id,label,display_order,active", "pipeline"),
    ],
)  # fmt: skip
def test_tables_are_told_apart_by_themselves(
    place: str, name: str, columns: str, table: str
) -> None:
    raw = RawTable(name, tuple(columns.split(",")), 1, place)
    assert connectors_for(raw, ImportOptions())[0].name == f"hubspot {table}"


def test_every_select_stands_on_the_columns_that_its_table_has() -> None:
    assert describe_selects(hubspot.TABLES) > len(hubspot.TABLES)
