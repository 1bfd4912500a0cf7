"""SendGrid: events of its webhook and warehouse, the activity feed, messages, suppressions, contacts."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
UNUSED = (
    "ip|originating_ip|outbound_ip|outbound_ip_type|mx|mx_server|tls|cert_err",
    "from|from_email|username|sg_user_id|api_key_id|credential_id|pool|pool_id|pool_name|send_at",
    "smtp-id|smtp_id|recv_message_id|is_unique|url_offset|url_offset_index|url_offset_type|url_offset.index",
)
TABLES = (
    VendorTable(
        "sendgrid",
        "event",
        (
            "email",
            "event",
            "timestamp|processed",
            "sg_message_id|message_id|sg_event_id",
        ),
        SQL,
        optional=(
            "sg_event_id|_fivetran_id",
            "campaign_name|singlesend_name|marketing_campaign_name|sg_template_name",
            "campaign_id|singlesend_id|marketing_campaign_id",
            "category|categories",
            "subject",
            "url",
            "reason",
            "type",
            "sg_machine_open",
            "useragent|user_agent",
            "user_id|userid|unique_args.user_id",
            "_fivetran_synced",
            *UNUSED,
        ),
        lacks=("email_id", "campaignId"),
    ),
    VendorTable(
        "sendgrid",
        "message",
        ("msg_id", "to_email", "status", "last_event_time|events"),
        SQL,
        optional=("subject", "opens_count", "clicks_count", "events", "categories", *UNUSED),
    ),
    VendorTable(
        "sendgrid",
        "suppression",
        ("created", "email", "reason", "status"),
        SQL,
        lacks=("id", "event", "updated"),
    ),
    VendorTable(
        "sendgrid",
        "unsubscribe",
        ("created", "email"),
        SQL,
        optional=("ip",),
        named=("sendgrid", "unsubscribe", "spam_report", "global_suppression"),
        lacks=("id", "event", "reason", "updated", "name", "created_at"),
    ),
    VendorTable(
        "sendgrid",
        "contact",
        ("id|contact_id", "email", "alternate_emails|unique_name", "address_line_1"),
        SQL,
        optional=(
            "external_id",
            "anonymous_id",
            "first_name",
            "last_name",
            "phone_number|phone_number_id|phone",
            "city",
            "country",
            "updated_at",
            "created_at",
        ),
    ),
    VendorTable(
        "sendgrid",
        "single_send",
        ("id", "name", "send_at", "is_abtest|abtest|send_to|send_to.list_ids"),
        SQL,
        optional=("updated_at",),
    ),
)
