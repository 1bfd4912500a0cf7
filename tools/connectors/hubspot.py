"""HubSpot: contacts, companies, deals, tickets, what sales does, forms, lists and e-mail events.

The same tables come from the API (v3 and v1), as a warehouse loader flattens them, and from the
exports of HubSpot's own pages. A property goes by several names in them: `_told` lists them. Of a
kind of engagement only its columns tell which it is: its SELECTs are the same but for `/* type */`.
In the SELECTs some words stand for longer texts: see `WORDS`.
"""

import re

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

WORDS = {
    # The ids in a list of associations, of numbers, or of an export's cell.
    r"ids\(([\w.]+)\)": r"""regexp_extract_all(\1, '(?:"id":\\s*"?|^\\[?\\s*"?|[;,]\\s*"?)(\\d+)', 1)""",
    # A stage by its label; those that HubSpot itself brings have one without it, too.
    r'stage_name\(([\w."]+)\)': r"""named_or('stage', \1, CASE \1
        WHEN 'appointmentscheduled' THEN 'Appointment scheduled' WHEN 'qualifiedtobuy' THEN 'Qualified to buy'
        WHEN 'presentationscheduled' THEN 'Presentation scheduled' WHEN 'contractsent' THEN 'Contract sent'
        WHEN 'decisionmakerboughtin' THEN 'Decision maker bought-in'
        WHEN 'closedwon' THEN 'Closed won' WHEN 'closedlost' THEN 'Closed lost' END)""",
    r'life_stage\(([\w."]+)\)': r"""CASE lower(\1)
        WHEN 'marketingqualifiedlead' THEN 'Marketing qualified lead' WHEN 'salesqualifiedlead' THEN 'Sales qualified lead'
        ELSE titled(lower(\1)) END""",
}


def _sql() -> str:
    text = read_sql(__file__)
    for word, longer in WORDS.items():
        text = re.sub(word, longer, text)
    return text


SQL = _sql()


def _told(name: str, *others: str, aka: str = "") -> str:
    """Return the names that a HubSpot property goes by: `name`, its property, and `others`."""
    own = aka or name
    forms = ("property_{}", "properties_{}", "properties.{}", "properties.{}.value")
    shapes = [form.format(own) for form in (*forms, "properties__{}__value")]
    return "|".join(dict.fromkeys((name, *shapes, *others)))


def _any(*properties: str) -> str:
    """Return one entry that any of these properties fills, in a shape that only HubSpot has."""
    return "|".join(shape for name in properties for shape in _told(name).split("|")[1:])


def _table(
    name: str,
    *required: str,
    optional: tuple[str, ...] = (),
    lacks: tuple[str, ...] = (),
    named: tuple[str, ...] = (),
    sql: str = SQL,
    shares: str = "",
    nothing: str = "",
) -> VendorTable:
    # What only tells the table has a name of its own: `optional` says what the SELECTs read.
    marks = tuple(f"mark {n}|{entry}" for n, entry in enumerate(required)) if optional else required
    return VendorTable("hubspot", name, marks, sql, optional, named, lacks, nothing, shares)


PRIVATE = (
    "ipAddress|ip_address", "from.email|from|\"from\"", "cc", "bcc", "replyTo|reply_to",
    "userAgent|user_agent", "from.name|from.raw|from.firstName", "location|location.city",
    "location.latitude", "location.longitude", "location.zipcode", "requestedBy|requested_by",
    "drop_message|dropMessage", "hmid", "smtp_id|smtpId",
)  # fmt: skip
"""What no property of an event may show."""
STATE = (
    "version|updatedAt|_fivetran_synced|_airbyte_extracted_at|_sdc_batched_at",
    "deleted|is_deleted|_fivetran_deleted|archived|isDeleted",
)
KNOWN_CONTACT = (
    "id|vid|contact_id|Record ID|Contact ID|canonical-vid",
    _told("email", "Email address"),
    _told("firstname", "First Name"),
    _told("lastname", "Last Name"),
    _told("phone", "Phone Number"),
    _told("mobilephone", "Mobile Phone Number"),
    _told("company", "Company name", "Associated Company", "Primary company"),
    _told("company_id", "Associated Company IDs", "associations.companies.results", "companies", aka="associatedcompanyid"),
    _told("jobtitle", "Job Title"),
    _told("industry"),
    _told("numberofemployees", "numemployees", "property_numemployees", "properties.numemployees", "Number of Employees"),
    _told("country", "Country/Region"),
    _told("city"),
    _told("hs_persona", "Persona"),
    _told("lifecyclestage", "Lifecycle Stage"),
    _told("lead_status", "Lead Status", aka="hs_lead_status"),
    _told("ga_client_id"),
    _told("app_user_id"),
    _told("source", "Original Source", "Original Traffic Source", "hs_analytics_source", aka="hs_analytics_source"),
    _told("set_at", "lastmodifieddate", "updatedAt", "_fivetran_synced", "createdate", "Last Modified Date", "Create Date", aka="lastmodifieddate"),
    _told("merged", "hs_merged_object_ids", "merged-vids", aka="hs_merged_object_ids"),
    _told("merged_vids", "hs_calculated_merged_vids", aka="hs_calculated_merged_vids"),
    _told("more_emails", "hs_additional_emails", "Additional email addresses", aka="hs_additional_emails"),
    "deals|associations.deals.results|Associated Deal IDs", "tickets|associations.tickets.results|Associated Ticket IDs",
)  # fmt: skip
WITHHELD = (
    *(_told(name) for name in (
        "email_1", "work_email", "address", "address_2", "street", "zip", "fax", "website", "message", "salutation",
        "date_of_birth", "twitterhandle", "linkedinbio", "hs_linkedin_url", "hs_full_name_or_email", "hs_ip_timezone",
        "hs_searchable_calculated_phone_number", "hs_calculated_phone_number", "hs_searchable_calculated_mobile_number",
        "hs_calculated_mobile_number", "hs_all_contact_vids", "hs_avatar_filemanager_key",
    )),
    "Contact owner", "Street Address", "Postal Code", "Website URL", "identity-profiles", "merge-audits",
    "profile-url", "profile-token", "vid-offset",
)  # fmt: skip
CONTACT = (
    *KNOWN_CONTACT, *WITHHELD, *STATE,
    _told("created_at", "createdAt", "addedAt", "createdate", "Create Date", aka="createdate"),
    _told("first_form", "First Conversion", aka="first_conversion_event_name"),
    _told("first_form_at", "First Conversion Date", aka="first_conversion_date"),
    _told("last_form", "Recent Conversion", aka="recent_conversion_event_name"),
    _told("last_form_at", "Recent Conversion Date", aka="recent_conversion_date"),
    "stages|propertiesWithHistory.lifecyclestage|properties.lifecyclestage.versions", "forms|form-submissions",
)  # fmt: skip
COMPANY = (
    "id|companyId|company_id|Record ID|Company ID", *STATE,
    _told("name", "Company name"), _told("industry"), _told("city"), _told("country", "Country/Region"),
    _told("numberofemployees", "Number of Employees"), _told("lifecyclestage", "Lifecycle Stage"),
    _told("set_at", "updatedAt", "_fivetran_synced", "createdAt", "Create Date", aka="hs_lastmodifieddate"),
    "people|associations.contacts.results|Associated Contact IDs", "deals|associations.deals.results|Associated Deal IDs",
)  # fmt: skip
KNOWN_DEAL = (
    "id|deal_id|dealId|Record ID|Deal ID",
    "people|contact_id|associations.contacts.results|associations.associatedVids|contacts|Associated Contact IDs",
    "firms|associations.companies.results|associations.associatedCompanyIds|companies|Associated Company IDs|Primary Associated Company ID",
    _told("dealname", "Deal Name"),
    _told("description", "Deal Description"),
    _told("lost_reason", "closed_lost_reason", "Closed Lost Reason", aka="closed_lost_reason"),
    _told("won_reason", "closed_won_reason", "Closed Won Reason", aka="closed_won_reason"),
    _told("stage", "dealstage", "deal_pipeline_stage_id", "Deal Stage", aka="dealstage"),
    _told("closed_at", "closedate", "Close Date", aka="closedate"),
    _told("noted_at", "createdAt", "createdate", "Create Date", aka="createdate"),
)  # fmt: skip
DEAL = (
    *KNOWN_DEAL, *STATE,
    _told("created_at", "createdAt", "createdate", "Create Date", aka="createdate"),
    _told("amount"), _told("currency", "Currency", aka="deal_currency_code"),
    _told("is_won", "hs_is_closed_won", aka="hs_is_closed_won"), _told("is_closed", "hs_is_closed", aka="hs_is_closed"),
    _told("pipeline", "deal_pipeline_id"),
    _told("stage_at", "properties.dealstage.timestamp", "properties__dealstage__timestamp", aka="hs_v2_date_entered_current_stage"),
    "stages|propertiesWithHistory.dealstage|properties.dealstage.versions",
    "Deal owner", "Associated Contact", "Associated Company", "owner_id", _told("hubspot_owner_id"),
)  # fmt: skip
TICKET = (
    "id|ticket_id|objectId|Ticket ID|Record ID", *STATE,
    _told("created_at", "createdAt", "Create Date", aka="createdate"),
    _told("closed_at", "Close Date", aka="closed_date"),
    _told("answered_at", "First agent email response date", aka="first_agent_reply_date"),
    _told("subject", "Ticket Name"), _told("content", "Ticket Description"),
    _told("stage", "Ticket Status", aka="hs_pipeline_stage"),
    _told("stage_at", aka="hs_v2_date_entered_current_stage"),
    _told("category", "Category", aka="hs_ticket_category"), _told("priority", "Priority", aka="hs_ticket_priority"),
    "stages|propertiesWithHistory.hs_pipeline_stage",
    "people|associations.contacts.results|Associated Contact IDs|contact_id",
    "firms|associations.companies.results|Associated Company IDs|company_id",
    "deals|associations.deals.results|Associated Deal IDs",
    "Ticket owner", "Associated Contact", "Associated Company", _told("hubspot_owner_id"),
)  # fmt: skip
ENGAGEMENT = (
    "id|engagement_id|engagement.id|Record ID", *STATE,
    "type|engagement.type|engagement_type|property_hs_engagement_type",
    _told("occurred_at", "engagement.timestamp", "start_time", "timestamp", "properties.hs_meeting_start_time", "engagement.createdAt", "createdAt", "created_at", aka="hs_timestamp"),
    _told("text", "properties.hs_call_body", "property_hs_call_body", "properties_hs_call_body", "properties.hs_meeting_body", "property_hs_meeting_body", "properties_hs_meeting_body", "properties.hs_communication_body", "property_hs_communication_body", "properties.hs_email_text", "property_hs_email_text", "properties_hs_email_text", "metadata.body", "metadata.text", "body", "text", aka="hs_note_body"),
    _told("direction", "properties.hs_call_direction", "property_hs_call_direction", aka="hs_email_direction"),
    _told("outcome", "properties.hs_call_disposition", "property_hs_call_disposition", "metadata.meetingOutcome", "metadata.disposition", "meeting_outcome", aka="hs_meeting_outcome"),
    _told("way", aka="hs_communication_channel_type"),
    "people|associations.contacts.results|associations.contactIds|associations_contactIds|contacts|Associated Contact IDs",
    "firms|associations.companies.results|associations.companyIds|companies",
    "deals|associations.deals.results|associations.dealIds", "tickets|associations.tickets.results|associations.ticketIds",
    *(_told(name) for name in (
        "hs_email_subject", "hs_email_html", "hs_email_headers", "hs_email_to_email", "hs_email_from_email", "hs_email_cc_email",
        "hs_email_bcc_email", "hs_email_to_firstname", "hs_email_to_lastname", "hs_email_from_firstname", "hs_email_from_lastname",
        "hs_email_sender_email", "hs_email_sender_firstname", "hs_email_sender_lastname", "hs_body_preview", "hs_body_preview_html", "hs_call_title", "hs_call_to_number",
        "hs_call_from_number", "hs_call_recording_url", "hs_meeting_title", "hs_meeting_location", "hs_meeting_external_url",
        "hs_internal_meeting_notes", "hs_task_subject", "hs_task_body", "hubspot_owner_id", "hs_all_owner_ids",
    )),
    "title", "external_url", "engagement.bodyPreview", "engagement.bodyPreviewHtml", "metadata.html", "metadata.title",
    "metadata.subject", "metadata.from.email", "metadata.from.firstName", "metadata.from.lastName", "metadata.from.raw",
    "metadata.sender.email", "metadata.to", "metadata.cc", "metadata.bcc", "metadata.toNumber", "metadata.fromNumber",
    "metadata.recordingUrl", "metadata.threadId", "metadata.messageId", "metadata.forObjectType", "scheduledTasks",
    "metadata.reminders", "metadata.preMeetingProspectReminders", "attachments", "associations.ownerIds", "engagement.bodyPreviewIsTruncated",
)  # fmt: skip
EMAIL_EVENT = (
    "id", *STATE, *PRIVATE,
    "created|created_at", "campaign|email_campaign_id|emailCampaignId", "url", "device|deviceType|device_type",
    "status|portal_subscription_status|portalSubscriptionStatus", "filtered|filtered_event|filteredEvent",
    "reason|dropReason|drop_reason|category", "response", "subject", "subscriptions", "browser|browser.name|browser.family",
    "duration", "attempt", "referer", "_airbyte_raw_id", "suppressedReason|suppressed_reason",
)  # fmt: skip
KINDS = {
    "call": ("hs_call_body", "hs_call_title", "hs_call_duration", "hs_call_direction", "hs_call_disposition", "hs_call_status"),
    "meeting": ("hs_meeting_title", "hs_meeting_start_time", "hs_meeting_body", "hs_meeting_outcome"),
    "email": ("hs_email_subject", "hs_email_text", "hs_email_direction", "hs_email_html", "hs_email_status"),
    "note": ("hs_note_body",),
    "task": ("hs_task_type", "hs_task_subject", "hs_task_body", "hs_task_status", "hs_task_priority"),
    "communication": ("hs_communication_body", "hs_communication_channel_type"),
    "postal_mail": ("hs_postal_mail_body",),
}  # fmt: skip
"""What an engagement of each kind has, and no other."""
HISTORY = (
    "id|contact_id|company_id|deal_id|ticket_id|vid|dealId|companyId", "property|name", "value",
    "changed_at|timestamp|timestamp_instant|_fivetran_start", "version|_fivetran_synced",
)  # fmt: skip
FOREIGN = (
    "event",
    "distinct_id",
    "distinctId",
    "anonymousId",
    "anonymous_id",
    "messageId",
    "message_id",
)
"""Events of other systems have `properties` too."""
ONLY_OWN = "users, owners and teams of HubSpot are your own people, not customers"
NOT_KEPT = "of properties' histories only stages and traits are kept"


def _objects(name: str, marks: tuple[str, ...], export: tuple[str, ...], columns: tuple[str, ...], *, key: str = "id", lacks: tuple[str, ...] = ()) -> tuple[VendorTable, ...]:  # fmt: skip
    """Return a CRM object's table: by its properties, and as HubSpot's pages export it."""
    return (
        _table(name, key, _any(*marks), optional=columns, lacks=(*lacks, *FOREIGN)),
        _table(name, *export, optional=columns),
    )


def _untold(columns: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """Return columns that the SELECTs name and a file's rows leave empty: nothing happens in them."""
    return tuple(entry.split("|")[0] for entry in columns if entry not in known)


def _engagement(
    kind: str, *marks: str, lacks: tuple[str, ...] = (), named: tuple[str, ...] = ()
) -> VendorTable:
    """Return the table of one kind of engagement; its name is its type."""
    sql = SQL.replace("/* type */ NULL", f"'{kind.upper()}'")
    return _table(f"engagement_{kind}", "id|engagement_id", *marks, optional=ENGAGEMENT, sql=sql, shares="engagement", lacks=lacks, named=named)  # fmt: skip


def _pair(name: str, one: str, other: str) -> VendorTable:
    return _table(name, one, other, lacks=("id", "name", "value", "email"))


def _detail(kind: str, *required: str, lacks: tuple[str, ...] = ()) -> VendorTable:
    """Return a table that says more about e-mail events of one kind."""
    shares = "" if kind == "spam_report" else "email_event_detail"
    named = ("spam_report",) if kind == "spam_report" else ()
    return _table(f"email_event_{kind}", "id", *required, optional=EMAIL_EVENT, named=named, shares=shares, lacks=("type", "created", "recipient", *lacks))  # fmt: skip


TABLES = (
    # Contacts with other systems' ids, and deals with their contact, are an extract that ties these
    # systems together: what happened is told there.
    _table("contact", "id", "email", "lifecyclestage", "createdate", "ga_client_id|app_user_id", optional=(*KNOWN_CONTACT, *_untold(CONTACT, KNOWN_CONTACT)), lacks=("hs_object_id",)),
    _table("contact", "id", "email", "lifecyclestage", "createdate", optional=CONTACT),
    *_objects("contact", ("email", "firstname", "lastname", "hs_lead_status", "lastmodifieddate"), ("Record ID", "Email", "First Name|Last Name|Lifecycle Stage|Create Date"), CONTACT, key="id|vid|contact_id", lacks=("event", "eventType", "objectId", "properties.dealname", "properties.domain")),
    *_objects("company", ("domain", "name", "annualrevenue", "about_us"), ("Record ID|Company ID", "Company name", "Company Domain Name|Company owner|Industry"), COMPANY, key="id|companyId", lacks=("properties.price", "properties.hs_sku", "properties.quantity", "properties.email", "properties.dealname", "properties.firstname", "email", "objectId", "properties.hs_pipeline_stage")),
    _table("deal", "id", "dealname", "dealstage", "createdate", "contact_id", optional=(*KNOWN_DEAL, *_untold(DEAL, KNOWN_DEAL)), lacks=("hs_object_id",)),
    _table("deal", "id|dealId", "dealname", "dealstage", "createdate", optional=DEAL),
    *_objects("deal", ("dealname", "dealstage"), ("Record ID|Deal ID", "Deal Name"), DEAL, key="id|deal_id|dealId"),
    *_objects("ticket", ("hs_pipeline_stage", "hs_ticket_priority", "hs_ticket_category", "first_agent_reply_date", "hs_ticket_id"), ("Ticket ID|Record ID", "Ticket name|Ticket status"), TICKET, key="id|objectId", lacks=("properties.dealname",)),
    _table("engagement", "engagement.id", "engagement.type", optional=ENGAGEMENT),
    _table("engagement", "id", "type", "portal_id", optional=ENGAGEMENT, lacks=("created", "recipient", "email")),
    *(_engagement(kind, _any(*properties)) for kind, properties in KINDS.items()),
    _engagement("meeting", "start_time", "meeting_outcome|web_conference_meeting_id|pre_meeting_prospect_reminders"),
    *(_engagement(kind, _any("hs_createdate", "hs_timestamp"), named=(kind, f"{kind}s")) for kind in KINDS),
    _table("engagement", "id|engagement_id", _any("hs_timestamp"), optional=ENGAGEMENT, lacks=tuple(name for told in KINDS.values() for name in _any(*told).split("|"))),
    _table("object", "id", _any("hs_object_id", "hs_createdate", "hs_lastmodifieddate"), optional=STATE),
    _table("email_event", "id", "created", "type", "recipient", optional=EMAIL_EVENT),
    _detail("bounce", "category", "status", "response"),
    _detail("click", "url", "browser", "location|ip_address|user_agent"),
    _detail("deferred", "attempt", "response"),
    _detail("delivered", "response", "smtp_id"),
    _detail("dropped", "drop_reason"),
    _detail("forward", "browser", "location", "user_agent", lacks=("url", "duration")),
    _detail("print", "browser", "location", "user_agent", lacks=("url", "duration")),
    _detail("open", "duration", "browser", "location"),
    _detail("sent", "subject", "reply_to", "bcc", lacks=("drop_reason",)),
    _detail("spam_report", "ip_address", "user_agent", lacks=("browser",)),
    _detail("status_change", "portal_subscription_status", "subscriptions"),
    _table("subscription_change", "recipient", "changes", "timestamp", optional=("portalId", "normalizedEmailId")),
    _table("email_campaign", "id", "appId|app_id", "appName|app_name", optional=("appName|app_name", "name", "subject", "contentId|content_id", "version|_fivetran_synced"), lacks=("recipient", "created")),
    _table("marketing_email", "id", "name", "subject", "emailType|isPublished|activeDomain|publishDate", optional=("version|updatedAt", "campaign")),
    _table("form_submission", "timestamp", "form_id", "contact_id", "conversion_id", optional=("page_url", "title", "page_title", "portal_id", "page_id", "version|_fivetran_synced")),
    _table("form_answer", "submittedAt", "values", optional=("pageUrl", "conversionId", "pageName", "formId|form_id|form-id", "portalId")),
    _table("form_export", "Conversion Date|Conversion Page", "Email", optional=("Conversion Title", "Conversion Date", "Conversion Page", "First Name", "Last Name", "Phone Number", "IP Address", "Company|Company name", "Message")),
    _table("form", "id|guid|formId", "name", "formType|form_type|fieldGroups|formFieldGroups|submit_text", optional=("id|guid|formId", "version|updatedAt|updated_at",)),
    _table("list", "listId|id", "name", "processing_type|processingType|internalListId|listType", optional=("listId|id", "version|updatedAt|updated_at",)),
    _table("list_member", "contact_id|vid|canonical-vid|recordId", "contact_list_id|static-list-id|internal-list-id|listId", optional=("contact_id|vid|canonical-vid|recordId", "contact_list_id|static-list-id|internal-list-id|listId", "added_at|timestamp|membershipTimestamp", "removed|_fivetran_deleted", "version|_fivetran_synced")),
    _table("list_member", "recordId", "membershipTimestamp", optional=("contact_id|recordId", "contact_list_id", "added_at|membershipTimestamp", "removed", "version")),
    _table("contact_merge", "canonical_vid|canonical-vid", "vid_to_merge|vid-to-merge", optional=("canonical_vid|canonical-vid", "vid_to_merge|vid-to-merge", "first_name", "last_name")),
    _table("contact_property_history", "contact_id|vid", "timestamp", "name|property", "value", optional=HISTORY, lacks=("form_id", "deal_id"), nothing=NOT_KEPT),
    _table("company_property_history", "company_id|companyId", "timestamp", "name|property", "value", optional=HISTORY, nothing=NOT_KEPT),
    _table("deal_property_history", "deal_id|dealId", "timestamp", "name|property", "value", optional=HISTORY, nothing=NOT_KEPT),
    _table("ticket_property_history", "ticket_id", "timestamp_instant|timestamp", "name|property", "value", "source_id", optional=HISTORY, nothing=NOT_KEPT),
    _table("deal_stage", "deal_id", "value", "date_entered", optional=("changed_at|date_entered|_fivetran_start", "version|_fivetran_synced", "_fivetran_active", "_fivetran_end", "source_id")),
    _table("pipeline", "id", "label", "stages", optional=("version|updatedAt",)),
    _table("pipeline", "pipeline_id|pipelineId", "label", "display_order|displayOrder", optional=("version|updated_at|updatedAt", "stages", "id|pipeline_id|pipelineId"), lacks=("stage_id",)),
    _table("pipeline_stage", "stage_id", "label", "pipeline_id", optional=("version|updated_at",)),
    _table("pipeline_stage", "id", "label", "metadata.isClosed|metadata.ticketState|metadata.probability", optional=("stage_id|id", "version|updatedAt")),
    _pair("deal_contact", "deal_id", "contact_id"),
    _pair("deal_company", "deal_id", "company_id"),
    _pair("ticket_contact", "ticket_id", "contact_id"),
    _pair("ticket_company", "ticket_id", "company_id"),
    _pair("ticket_deal", "ticket_id", "deal_id"),
    _pair("ticket_engagement", "ticket_id", "engagement_id"),
    _pair("engagement_contact", "engagement_id", "contact_id"),
    _pair("engagement_company", "engagement_id", "company_id"),
    _pair("engagement_deal", "engagement_id", "deal_id"),
    _pair("merged_deal", "deal_id", "merged_deal_id"),
    _table("association", "from.id", "to", optional=("type",)),
    _table("event", "objectId", "objectType", "eventType", "occurredAt", optional=("id", *(_told(name) for name in ("hs_url", "hs_page_title", "hs_referrer", "hs_utm_source", "hs_utm_medium", "hs_utm_campaign", "hs_form_id", "hs_city", "hs_region", "hs_user_agent", "hs_ip", "hs_contact_email", "hs_email")))),
    _table("webhook", "subscriptionType", "objectId", "occurredAt", optional=("eventId", "propertyName", "propertyValue", "changeSource", "sourceId", "attemptNumber", "primaryObjectId", "mergedObjectIds", "newObjectId", "appId", "portalId", "subscriptionId")),
    _table("owner", "owner_id|ownerId", "email", "active_user_id|portal_id|portalId|activeUserId", nothing=ONLY_OWN),
    _table("owner", "id", "email", "firstName", "userId|userIdIncludingInactive", lacks=("properties",), nothing=ONLY_OWN),
    _table("owner_team", "owner_id", "team_id", nothing=ONLY_OWN),
    _table("team", "id", "name", optional=("userIds|user_ids", "_fivetran_synced"), named=("team",), lacks=("_fivetran_deleted", "email", "type", "admin_ids"), nothing=ONLY_OWN),
    _table("team_user", "user_id", "team_id", "is_secondary_user", nothing=ONLY_OWN),
    _table("role", "id", "name", "requires_billing_write|requiresBillingWrite", nothing=ONLY_OWN),
    _table("user", "id", "email", "primary_team_id|primaryTeamId|superAdmin", "role_id|roleId|roleIds", nothing=ONLY_OWN),
    _table("property", "name", "label", "hubspot_object|hubspotDefined|hubspot_defined|fieldType|field_type", "group_name|groupName"),
    _table("property_option", "label", "value", "property_id", "display_order"),
)  # fmt: skip
