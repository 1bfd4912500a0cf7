"""Marketo: people, what they and the programs did, and the names of programs, campaigns and e-mails.

An activity is one row whatever its type: of the API with a list of `attributes`, of a bulk extract
with an object of them, of a loader with a column for each. `attribute('X')` in the SELECTs stands for
the value of one of them.
"""

import re

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

WORDS = {
    # An activity with its attributes as a list of names and values.
    r"/\* told \*/": r"""
    SELECT *, CASE
        WHEN NOT json_valid(attributes) THEN NULL
        WHEN attributes[1] = '[' THEN json_extract(attributes, '$[*]')
        ELSE list_transform(json_keys(attributes), lambda name:
            json_object('name', name, 'value', json_extract_string(attributes, '$."' || name || '"')))
        END AS items
    FROM raw
""",
    # The value of one attribute.
    r"attribute\('([\w ]+)'\)": r"""json_extract_string(
        list_filter(items, lambda one: json_extract_string(one, '$.name') = '\1')[1], '$.value')""",
}


def _sql() -> str:
    text = read_sql(__file__)
    for word, longer in WORDS.items():
        text = re.sub(word, longer, text)
    return text


SQL = _sql()
LEAD = (
    "id|Id|Marketo ID", "email|Email Address", "first_name|firstName|First Name", "last_name|lastName|Last Name", "phone|Phone Number",
    "mobile_phone|mobilePhone|Mobile Phone Number", "company|Company Name", "title|Job Title", "industry", "country", "city",
    "employees|numberOfEmployees|number_of_employees|Number of Employees|Num Employees", "status|leadStatus|lead_status|Person Status|Lead Status",
    "source|leadSource|lead_source|Person Source|Lead Source", "score|leadScore|lead_score|Person Score|Lead Score",
    "set_at|updatedAt|updated_at|Updated At|createdAt|created_at|Created At", "sfdc_lead_id|sfdcLeadId", "sfdc_contact_id|sfdcContactId",
    "sfdc_account_id|sfdcAccountId",
)  # fmt: skip
ACTIVITY = (
    "id|marketoGUID|marketo_guid", "kind|activity_type_id|activityTypeId", "lead|lead_id|leadId", "occurred_at|activity_date|activityDate",
    "version|_fivetran_synced", "campaign|campaign_id|campaignId", "about_id|primary_attribute_value_id|primaryAttributeValueId",
    "about|primary_attribute_value|primaryAttributeValue", "attributes", "link", "device", "platform", "email", "result|action_result|actionResult",
    "new_value", "old_value", "merge_ids", "category", "referrer_url", "query_parameters", "webpage_url", "new_status", "description",
    "client_ip_address", "user_agent", "details", "form_fields", "source", "reason", "modifying_user", "request_id", "campaign_run_id", "step_id",
    "choice_number", "subcategory", "api_method_name", "sent_to", "webpage_id", "webform_id", "email_template_id", "campaign_name|Campaign", "changes|fields",
)  # fmt: skip
STATE = ("version|updatedAt|updated_at",)
NAMED = ("id|Id", "name|Name", *STATE)


def _table(
    name: str,
    required: tuple[str, ...],
    optional: tuple[str, ...] = (),
    *,
    lacks: tuple[str, ...] = (),
    named: tuple[str, ...] = (),
    nothing: str = "",
) -> VendorTable:
    marks = tuple(f"mark {n}|{entry}" for n, entry in enumerate(required))
    return VendorTable("marketo", name, marks, SQL, optional, named, lacks, nothing)


TABLES = (
    _table("activity", ("activity_type_id|activityTypeId", "lead_id|leadId", "activity_date|activityDate"), ACTIVITY, nothing="of changes made to people only scores and traits are kept, and who was merged"),
    _table("lead", ("id", "email", "first_name|firstName", "created_at|createdAt"), LEAD, named=("marketo", "lead"), lacks=("is_converted", "isconverted", "archived", "properties", "stage_name", "owner_id", "orders_count")),
    _table("lead", ("id|marketoGUID", "email", "leadPartitionId|lead_partition_id|originalSourceType|original_source_type|mktoName|sfdcLeadId|leadScore|acquisitionProgramId|acquisition_program_id|sfdcType|mktoIsPartner|marketingSuspended"), LEAD),
    _table("lead", ("Email Address", "First Name|Last Name", "Person Status|Person Score|Person Source|Acquisition Program|Marketo ID|Lead Score|Id"), LEAD, lacks=("MEMBER_RATING", "LEID", "Record ID")),
    _table("program", ("id", "name", "channel", "workspace", "type"), NAMED),
    _table("campaign", ("id", "name", "program_id|programId|programName", "is_requestable|isRequestable|workspaceName|workspace_name|active"), NAMED, lacks=("subject",)),
    _table("email", ("id", "name", "from_email|fromEmail.value|fromEmail", "from_name|fromName.value|fromName", "operational|textOnly|text_only|publishToMSI"), (*NAMED, "subject|subject.value")),
    _table("form", ("id", "name", "progressiveProfiling|labelPosition|knownVisitor.type"), NAMED),
    _table("list", ("id", "name", "workspaceName", "createdAt"), NAMED, named=("list",), lacks=("active", "type")),
    _table("activity_type", ("id", "name", "primaryAttribute.name|primary_attribute_name|primaryAttribute"), NAMED),
    _table("lead_field", ("restname|rest.name|restName", "soapname|soap.name|soapName|display_name|displayName")),
)  # fmt: skip
