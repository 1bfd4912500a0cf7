"""Salesforce: leads, contacts, accounts, opportunities, activities, campaigns, cases and orders.

A field goes by its API name (`WhoId`, also in data exports), by a loader's (`who_id`), and in
reports by its label. In the SELECTs some words stand for longer texts: see `WORDS`.
"""

import re

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

WORDS = {
    # A time as the API, a loader or a report writes it.
    r"moment\(([\w.]+)\)": r"coalesce(as_time(\1), try_strptime(\1, ['%m/%d/%Y', '%m/%d/%Y, %I:%M %p', '%m/%d/%Y %I:%M %p']))",
    # An id without the three letters that only repeat its capitals.
    r"short\(([\w.]+)\)": r"CASE WHEN length(\1) = 18 THEN left(\1, 15) ELSE \1 END",
    # What an id is of: its first three letters say so.
    r"kind_of\((coalesce\([\w, ]+\)|\w+)\)": r"""CASE left(\1, 3)
        WHEN '003' THEN 'salesforce_contact' WHEN '00Q' THEN 'salesforce_lead' WHEN '006' THEN 'salesforce_opportunity'
        WHEN '001' THEN 'salesforce_account' WHEN '500' THEN 'salesforce_case' ELSE 'salesforce_object' END""",
}


def _sql() -> str:
    text = read_sql(__file__)
    for word, longer in WORDS.items():
        text = re.sub(word, longer, text)
    return text


SQL = _sql()
ONLY_OWN = "users and roles of Salesforce are your own people, not customers"
NOT_KEPT = "of fields' histories only stages and statuses are kept"


def _told(*names: str) -> str:
    """Return the names that a field goes by; those in small letters have an API name too."""
    forms = [
        form
        for name in names
        for form in ((name, name.replace("_", "")) if name.islower() else (name,))
    ]
    return "|".join(dict.fromkeys(forms))


def _table(
    name: str,
    required: tuple[str, ...],
    optional: tuple[str, ...] = (),
    *,
    lacks: tuple[str, ...] = (),
    named: tuple[str, ...] = (),
    shares: str = "",
    nothing: str = "",
) -> VendorTable:
    never = tuple(name for entry in lacks for name in _told(entry).split("|"))
    marks = tuple(f"mark {n}|{_told(*entry.split('|'))}" for n, entry in enumerate(required))
    return VendorTable("salesforce", name, marks, SQL, optional, named, never, nothing, shares)


STATE = (
    _told("version", "system_modstamp", "last_modified_date", "_fivetran_synced", "Last Modified Date"),
    _told("deleted", "is_deleted", "_fivetran_deleted"), "attributes.type",
)  # fmt: skip
PRIVATE = tuple(_told(name) for name in (
    "name", "salutation", "middle_name", "suffix", "street", "postal_code", "fax", "photo_url", "birthdate", "home_phone",
    "other_phone", "assistant_name", "assistant_phone", "mailing_street", "mailing_postal_code", "other_street",
    "other_postal_code", "address", "mailing_address", "other_address", "latitude", "longitude", "description", "attributes.url",
    "jigsaw", "owner_id", "created_by_id", "last_modified_by_id", "_fivetran_active", "email_bounced_reason", "Lead Owner",
))  # fmt: skip
"""Personal or of no use: no property of an event shows it."""
UTM = tuple(
    _told(f"utm_{name}", f"utm_{name}__c", f"utm_{name}_c", f"utm{name}__c", f"utm{name}_c")
    for name in ("source", "medium", "campaign")
)
PERSON = (
    _told("id", "Contact ID", "Lead ID"), _told("email", "Email Address"), _told("first_name", "First Name"), _told("last_name", "Last Name"),
    _told("phone"), _told("mobile_phone", "Mobile"), _told("title"), _told("master_record_id"), *STATE,
    _told("set_at", "last_modified_date", "system_modstamp", "_fivetran_synced", "created_date", "Last Modified Date", "Created Date"),
)  # fmt: skip
LEAD = (
    *PERSON, *PRIVATE, *UTM, _told("created_date", "Create Date", "Created Date"), _told("converted_date", "Converted Date"),
    _told("is_converted", "Converted"), _told("converted_contact_id"), _told("converted_account_id"), _told("converted_opportunity_id"),
    _told("company", "Company / Account"), _told("industry"), _told("number_of_employees", "No. of Employees"), _told("country"), _told("city"),
    _told("status", "Lead Status"), _told("lead_source", "Lead Source"),
)  # fmt: skip
CONTACT = (
    *PERSON, _told("account_id", "Account ID"), _told("account_name", "Account.Name", "Account Name"), _told("mailing_city", "Mailing City"),
    _told("mailing_country", "Mailing Country"),
)  # fmt: skip
ACCOUNT = (
    _told("id", "Account ID"), _told("name", "Account Name"), _told("industry"), _told("number_of_employees", "Employees"), _told("master_record_id"),
    _told("billing_country", "Billing Country", "Billing Country (text only)"), _told("billing_city", "Billing City"), _told("type"),
    _told("set_at", "_fivetran_start", "last_modified_date", "system_modstamp", "_fivetran_synced"),
)  # fmt: skip
OPPORTUNITY = (
    _told("id", "Opportunity ID", "Opportunity Name"), _told("account_id", "Account ID"), _told("contact_id"), *STATE, *UTM,
    _told("stage_name", "Stage"), _told("created_date", "Created Date"), _told("close_date", "Close Date"),
    _told("last_stage_change_date", "Last Stage Change Date"), _told("is_closed", "Closed"), _told("is_won", "Won"), _told("amount"),
    _told("currency_iso_code", "Opportunity Currency", "Amount Currency"), _told("description"), _told("next_step", "Next Step"),
    _told("changed_at", "_fivetran_start"), "_fivetran_end", "_fivetran_active", _told("name", "Opportunity Name"), _told("owner_id"), _told("created_by_id"),
    _told("last_modified_by_id"), _told("loss_reason", "loss_reason__c", "loss_reason_c", "lost_reason__c", "lost_reason_c", "closed_lost_reason__c", "closed_lost_reason_c"),
    "Opportunity Owner", "Account Name", "attributes.url", "Owner Role",
)  # fmt: skip
ACTIVITY = (
    _told("id"), _told("who_id"), _told("what_id"), _told("account_id"), *STATE, _told("subject"), _told("description", "Full Comments", "Comments"),
    _told("type"), _told("task_subtype"), _told("event_subtype"), _told("status"), _told("is_closed"), _told("call_type"),
    _told("created_date"), _told("completed_date_time"), _told("activity_date"), _told("start_date_time", "activity_date_time"), _told("is_child"),
    _told("owner_id"), _told("created_by_id"), _told("last_modified_by_id"), "assigned_to_name_c", _told("location"), "attributes.url",
)  # fmt: skip
CASE = (
    _told("id", "Case ID", "Case Number"), _told("contact_id"), _told("account_id"), _told("supplied_email", "Contact Email", "Web Email"), *STATE,
    _told("created_date", "Date/Time Opened", "Opened Date"), _told("closed_date", "Date/Time Closed", "Closed Date"), _told("subject"), _told("description"),
    _told("status"), _told("priority"), _told("type"), _told("case_origin", "origin", "Case Origin"), _told("supplied_name"), _told("supplied_phone"),
    _told("contact_email"), _told("contact_phone"), _told("owner_id"), _told("created_by_id"), _told("last_modified_by_id"), _told("comments"),
    "Case Owner", "Contact Name", "attributes.url", _told("contact_mobile"), _told("contact_fax"), _told("supplied_company"),
)  # fmt: skip
MEMBER = (
    _told("id"), _told("campaign_id", "Campaign ID"), _told("campaign_name", "Campaign.Name", "Campaign Name"), _told("lead_id", "Lead ID"),
    _told("contact_id", "Contact ID"), _told("status", "Member Status"), _told("has_responded", "Responded"), _told("email"), *STATE,
    _told("created_date", "Member First Associated Date", "Created Date"), _told("first_responded_date", "Member First Responded Date"), *PRIVATE,
    _told("first_name", "First Name"), _told("last_name", "Last Name"), _told("phone"), _told("mobile_phone"), _told("city"), _told("company_or_account"), _told("title"),
)  # fmt: skip
ORDER = (
    _told("id"), _told("account_id"), _told("opportunity_id"), _told("bill_to_contact_id"), *STATE, _told("status"), _told("status_code"),
    _told("total_amount"), _told("currency_iso_code"), _told("activated_date"), _told("effective_date"), _told("created_date"),
    *(_told(f"{kind}_{part}") for kind in ("billing", "shipping") for part in ("street", "postal_code", "latitude", "longitude", "address")),
    _told("owner_id"), _told("created_by_id"), _told("last_modified_by_id"), _told("activated_by_id"), "attributes.url",
)  # fmt: skip
HISTORY = (
    _told("id"), _told("thing", "opportunity_id", "lead_id", "case_id", "contact_id", "account_id"), _told("field"), _told("new_value"),
    _told("old_value"), _told("created_date"), _told("created_by_id"), _told("is_deleted"), "attributes.url",
)  # fmt: skip

TABLES = (
    _table("lead", ("id", "is_converted|converted_date|converted_contact_id"), LEAD, lacks=("stage_name", "campaign_id")),
    _table("lead", ("attributes.type", "company", "email|status|lead_source|last_name"), LEAD, lacks=("campaign_id", "username")),
    _table("lead", ("id", "company", "status", "email|last_name"), LEAD, named=("lead", "salesforce"), lacks=("campaign_id", "username", "stage_name", "properties")),
    _table("lead", ("Lead Status|Lead Owner|Lead ID", "Email|Last Name"), LEAD, lacks=("Campaign Name", "Record ID")),
    _table("contact", ("id", "account_id", "email", "last_name"), CONTACT, lacks=("is_converted", "username", "campaign_id", "stage_name")),
    _table("contact", ("attributes.type", "email", "last_name|first_name|name"), CONTACT, lacks=("company", "is_converted", "username", "campaign_id", "profile_id", "status")),
    _table("contact", ("Account Name", "Email", "Last Name", "First Name"), CONTACT, lacks=("Lead Status", "Campaign Name", "Stage", "Record ID")),
    _table("account", ("id", "name", "billing_city|billing_country|billing_street|account_source|number_of_employees|billing_address.city", "industry|type|annual_revenue|website"), ACCOUNT, lacks=("is_converted", "stage_name", "order_number", "email")),
    _table("account", ("attributes.type", "id", "name", "industry|website|annual_revenue"), ACCOUNT, lacks=("email", "stage_name", "is_converted", "last_name", "status")),
    _table("account", ("Account ID", "Account Name", "Account Owner|Industry|Billing City"), ACCOUNT, lacks=("Email", "Stage")),
    _table("opportunity_history", ("id", "stage_name", "close_date", "_fivetran_start"), OPPORTUNITY),
    _table("opportunity", ("id", "stage_name", "close_date|amount|probability|is_won"), OPPORTUNITY, lacks=("_fivetran_start", "opportunity_id")),
    _table("opportunity", ("Opportunity Name", "Stage", "Close Date|Created Date|Amount"), OPPORTUNITY),
    _table("opportunity_stage_change", ("opportunity_id", "stage_name", "created_date"), (_told("opportunity_id"), _told("stage_name"), _told("created_date"), _told("amount"), _told("is_deleted"), *STATE, _told("id"), _told("created_by_id"), "attributes.url"), lacks=("field",), nothing="a change that left the deal in its stage"),
    _table("opportunity_field_history", ("opportunity_id", "field", "new_value", "created_date"), HISTORY, nothing=NOT_KEPT),
    _table("lead_history", ("lead_id", "field", "new_value", "created_date"), HISTORY, nothing=NOT_KEPT),
    _table("case_history", ("case_id", "field", "new_value", "created_date"), HISTORY, nothing=NOT_KEPT),
    _table("field_history", ("contact_id|account_id|parent_id", "field", "new_value", "old_value", "created_date"), nothing=NOT_KEPT),
    _table("opportunity_contact_role", ("opportunity_id", "contact_id", "role|is_primary"), (_told("opportunity_id"), _told("contact_id"), _told("is_primary"))),
    _table("task", ("id", "who_id|what_id", "subject|description", "task_subtype|is_closed|call_type|status|completed_date_time"), ACTIVITY, lacks=("start_date_time",)),
    _table("event", ("id", "who_id|what_id", "subject|description", "start_date_time|activity_date_time|duration_in_minutes|end_date_time"), ACTIVITY, lacks=("task_subtype",)),
    _table("campaign_member", ("campaign_id", "lead_id|contact_id|lead_or_contact_id", "status|has_responded|first_responded_date"), MEMBER),
    _table("campaign_member", ("Campaign Name", "Member Status", "Email|Lead ID|Contact ID"), MEMBER),
    _table("campaign", ("id", "name", "number_of_leads|number_sent|expected_response|budgeted_cost|number_of_contacts|campaign_member_record_type_id|number_of_responses"), (_told("id"), _told("name"), STATE[0])),
    _table("campaign", ("attributes.type", "id", "name", "start_date|end_date", "status|is_active|type"), (_told("id"), _told("name"), STATE[0]), lacks=("stage_name", "order_number", "email")),
    _table("case", ("id", "case_number"), CASE),
    _table("case", ("attributes.type", "id", "subject", "priority|contact_id|case_origin|closed_date"), CASE, lacks=("who_id", "activity_date")),
    _table("case", ("Case Number", "Subject", "Date/Time Opened|Case Owner|Opened Date"), CASE),
    _table("case_comment", ("id", "parent_id", "comment_body"), (_told("id"), _told("parent_id"), _told("comment_body"), _told("created_date"), *STATE, _told("created_by_id"), "attributes.url")),
    _table("email_message", ("id", "from_address", "to_address", "incoming|text_body|message_date"), (_told("id"), _told("parent_id"), _told("related_to_id"), _told("from_address"), _told("to_address"), _told("text_body"), _told("html_body"), _told("incoming"), _told("message_date"), _told("created_date"), *STATE, _told("subject"), _told("from_name"), _told("cc_address"), _told("bcc_address"), _told("headers"), _told("created_by_id"), "attributes.url", _told("to_ids"), _told("from_id"), _told("validated_from_address"))),
    _table("note", ("id", "parent_id", "title", "body"), (_told("id"), _told("parent_id"), _told("title"), _told("body"), _told("created_date"), *STATE), lacks=("comment_body", "user_id", "author_id", "workspace_id", "url")),
    _table("order", ("id", "order_number", "account_id|effective_date|activated_date"), ORDER),
    _table("opportunity_line_item", ("id", "opportunity_id", "quantity", "unit_price|total_price"), (_told("opportunity_id"), _told("name"), _told("product_code"), _told("quantity"), _told("is_deleted"))),
    _table("product", ("id", "name", "product_code", "family|is_active"), (_told("id"), _told("name"), STATE[0]), lacks=("opportunity_id",)),
    _table("user", ("id", "username", "profile_id|user_role_id|alias|time_zone_sid_key"), nothing=ONLY_OWN),
    _table("user_role", ("id", "name", "developer_name", "rollup_description|parent_role_id|portal_type"), nothing=ONLY_OWN),
)  # fmt: skip
