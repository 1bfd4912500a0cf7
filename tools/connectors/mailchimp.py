"""Mailchimp: what members did with campaigns and automations, subscriptions, members, names.

A member's id is the MD5 of the mailbox: it is linked as one, so that activity meets other systems
without the table of members. An activity is told by what, which email, who, when and which link,
in a row of its own (warehouse) or in a list per member (API).
"""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
GONE = ("_fivetran_deleted", "_fivetran_synced")
PERSONAL = (
    "ip",
    "merge_fields.FNAME|merge_fname|First Name|FNAME",
    "merge_fields.LNAME|merge_lname|Last Name|LNAME",
    "merge_fields.PHONE|merge_phone|Phone Number|Phone|PHONE",
    "merge_fields.ADDRESS|merge_fields.ADDRESS.addr1|merge_fields.ADDRESS.addr2|merge_fields.ADDRESS.zip|"
    "merge_fields.ADDRESS.state|merge_fields.ADDRESS.city|merge_fields.ADDRESS.country|merge_fields.BIRTHDAY|full_name",
    "list_is_active|contact_status|vip|_links",
)
TABLES = (
    VendorTable(
        "mailchimp",
        "activity",
        ("action", "timestamp", "campaign_id|automation_email_id", "member_id|email_id"),
        SQL,
        optional=("email_address", "list_id", "url", "type|bounce_type", *PERSONAL, *GONE),
    ),
    VendorTable(
        "mailchimp",
        "email_activity",
        ("activity", "campaign_id", "email_id", "email_address"),
        SQL,
        optional=("list_id", *PERSONAL),
    ),
    VendorTable(
        "mailchimp",
        "recipient",
        ("campaign_id|automation_email_id", "member_id|email_id"),
        SQL,
        optional=("email_address", *PERSONAL, *GONE),
        lacks=("action", "activity", "timestamp", "reason", "event", "event_name"),
    ),
    VendorTable(
        "mailchimp",
        "unsubscribe",
        ("campaign_id", "member_id|email_id", "timestamp", "reason"),
        SQL,
        optional=("email_address", "list_id", *PERSONAL, *GONE),
        lacks=("action",),
    ),
    VendorTable(
        "mailchimp",
        "member",
        (
            "email_address|Email Address",
            "mark member|member_rating|unique_email_id|merge_fields|merge_fields.FNAME|merge_fields.LNAME|"
            "EUID",
            "timestamp_signup|OPTIN_TIME",
            "last_changed|CLEAN_TIME|UNSUB_TIME|CONFIRM_TIME",
        ),
        SQL,
        optional=(
            "id",
            "contact_id",
            "unique_email_id|EUID",
            "list_id",
            "status",
            "timestamp_opt|CONFIRM_TIME",
            "country_code|location.country_code|CC",
            "language",
            "email_client",
            "merge_fields.COMPANY|merge_company|Company|Company Name",
            "UNSUB_TIME",
            "UNSUB_CAMPAIGN_TITLE",
            "UNSUB_CAMPAIGN_ID",
            "UNSUB_REASON",
            "CLEAN_TIME",
            "CLEAN_CAMPAIGN_TITLE",
            "CLEAN_CAMPAIGN_ID",
            *PERSONAL,
            *GONE,
        ),
    ),
    VendorTable(
        "mailchimp",
        "segment_member",
        ("member_id", "segment_id"),
        SQL,
        optional=GONE,
    ),
    VendorTable(
        "mailchimp",
        "campaign",
        (
            "id",
            "title|settings.title|campaign_title",
            "subject_line|settings.subject_line",
            "send_time",
            "archive_url|long_archive_url|emails_sent|content_type",
        ),
        SQL,
        optional=GONE,
        lacks=("automation_id", "workflow_id"),
    ),
    VendorTable(
        "mailchimp",
        "automation_email",
        (
            "id",
            "automation_id|workflow_id",
            "title|settings.title",
            "subject_line|settings.subject_line",
        ),
        SQL,
        optional=GONE,
    ),
    VendorTable(
        "mailchimp",
        "automation",
        (
            "id",
            "title|settings.title",
            "trigger_settings|trigger_settings.workflow_type",
            "start_time|emails_sent",
        ),
        SQL,
        optional=GONE,
    ),
    VendorTable(
        "mailchimp",
        "list",
        ("id", "name", "permission_reminder", "list_rating|email_type_option|subscribe_url_short"),
        SQL,
        optional=GONE,
    ),
    VendorTable(
        "mailchimp",
        "segment",
        ("id", "name", "list_id", "member_count", "type"),
        SQL,
        optional=("updated_at", *GONE),
    ),
)
