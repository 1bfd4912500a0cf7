"""Qualtrics: who was invited to a survey, who answered, and what."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
SYNCED = "_fivetran_synced|_airbyte_extracted_at"
EMPLOYEE = "a user of the company's own account"
FORM = "how a survey is built says nothing about people"
TABLES = (
    VendorTable(
        "qualtrics", "survey_response",
        (
            "id|responseId|ResponseId|Response ID", "recorded_date|values.recordedDate|RecordedDate|Recorded Date|end_date|values.endDate|EndDate",
            "progress|values.progress|Progress", "finished|values.finished|Finished",
        ),
        SQL,
        optional=(
            "start_date|values.startDate|StartDate|Start Date", "recipient_email|values.recipientEmail|RecipientEmail|Recipient Email",
            "recipient_first_name|values.recipientFirstName|RecipientFirstName", "recipient_last_name|values.recipientLastName|RecipientLastName",
            "external_data_reference|values.externalDataReference|ExternalReference|ExternalDataReference", "survey_id|surveyId|values.surveyId",
            "distribution_channel|values.distributionChannel|DistributionChannel", "duration_in_seconds|values.duration|Duration (in seconds)",
            "ip_address|values.ipAddress|IPAddress", "location_latitude|values.locationLatitude|LocationLatitude",
            "location_longitude|values.locationLongitude|LocationLongitude", "status|values.status|Status", SYNCED, "last_modified_date",
            "user_language|values.userLanguage|UserLanguage", "displayedFields", "displayedValues", "values._recordId|_recordId",
        ),
    ),
    VendorTable(
        "qualtrics", "distribution_contact", ("contact_id|contactId", "distribution_id|distributionId", "sent_at|sentAt"), SQL,
        optional=("opened_at|openedAt", "response_started_at|responseStartedAt", "response_completed_at|responseCompletedAt", "response_id|responseId", "status", SYNCED, "survey_link|surveyLink", "contact_lookup_id|contactLookupId"),
    ),
    VendorTable(
        "qualtrics", "directory_contact", ("id|contactId", "email", "directory_id|directoryId|email_domain|emailDomain"), SQL,
        optional=("first_name|firstName", "last_name|lastName", "phone", "ext_ref|extRef", "language", "last_modified|lastModified", "embedded_data_login_date", "creation_date|creationDate"),
        lacks=("mailing_list_id",),
    ),
    VendorTable(
        "qualtrics", "core_contact", ("id", "mailing_list_id", "email", "external_data_reference"), SQL,
        optional=("first_name", "last_name", "language", SYNCED),
    ),
    VendorTable(
        "qualtrics", "contact_mailing_list_membership", ("contact_lookup_id", "contact_id", "mailing_list_id"), SQL,
        optional=("name", "unsubscribed", "unsubscribe_date", SYNCED),
    ),
    VendorTable(
        "qualtrics", "question_response", ("response_id", "question_id", "question", "value"), SQL,
        optional=("text", "sub_question_text", "question_option_key", "sub_question_key", "loop_id"),
    ),
    VendorTable("qualtrics", "survey_embedded_data", ("response_id", "key", "value", "import_id"), SQL),
    VendorTable("qualtrics", "survey", ("id", "brand_base_url|brandBaseUrl", "survey_status|is_active|isActive"), SQL, optional=("survey_name|project_name|option_survey_name|name", SYNCED)),
    VendorTable("qualtrics", "survey", ("id", "ownerId", "isActive", "name"), SQL, optional=("survey_name|name", "_fivetran_synced|lastModified"), lacks=("email",)),
    VendorTable("qualtrics", "survey", ("id|SurveyID", "survey_name|SurveyName", "SurveyStatus|SurveyOwnerID"), SQL, optional=("_fivetran_synced|LastModified",)),
    VendorTable("qualtrics", "directory_mailing_list", ("id", "directory_id", "name", "owner_id"), SQL, optional=(SYNCED,), lacks=("contact_id",)),
    VendorTable("qualtrics", "core_mailing_list", ("id", "library_id", "name", "category"), SQL, optional=(SYNCED,)),
    VendorTable("qualtrics", "distribution", ("id", "header_from_email", "request_status", "survey_link_survey_id"), SQL, optional=("header_subject", "send_date", SYNCED)),
    VendorTable("qualtrics", "question", ("id", "survey_id", "question_text", "data_export_tag"), SQL, optional=(SYNCED, "question_description")),
    VendorTable("qualtrics", "directory", ("id", "deduplication_criteria_email", "name"), SQL),
    VendorTable("qualtrics", "block", ("id", "survey_id", "block_locking", "randomize_questions"), SQL, nothing=FORM),
    VendorTable("qualtrics", "block_question", ("block_id", "question_id", "survey_id"), SQL, nothing=FORM),
    VendorTable("qualtrics", "question_option", ("key", "question_id", "survey_id", "recode_value"), SQL, nothing=FORM),
    VendorTable("qualtrics", "sub_question", ("key", "question_id", "survey_id", "choice_data_export_tag"), SQL, nothing=FORM),
    VendorTable("qualtrics", "survey_version", ("id", "survey_id", "version_number", "was_published"), SQL, nothing=FORM),
    VendorTable("qualtrics", "user", ("id", "username", "account_status", "user_type"), SQL, nothing=EMPLOYEE),
)  # fmt: skip
