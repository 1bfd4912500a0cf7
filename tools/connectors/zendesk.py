"""Zendesk: tickets with what was said in them, their states and ratings; users, organisations, chats.

What happened to a ticket is the requester's: the ticket is an identifier that is part of them. An
opening and its first comment, a state in a history and in a metric, an answer in a comment and in
a metric tell the same event: their `content` is the ticket, the second and what happened. Whether
a comment is an answer depends on the author's role, which stands in the table of users: the
comment refers to it by name.
"""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
GONE = ("_fivetran_deleted", "_fivetran_synced")
TABLES = (
    VendorTable(
        "zendesk",
        "ticket",
        (
            "id|ticket_id",
            "requester_id|requester.id|Requester id",
            "subject|raw_subject",
            "status",
            "via_channel|via.channel|via|submitter_id|brand_id|ticket_form_id",
            "created_at|Created at",
        ),
        SQL,
        optional=(
            "description",
            "requester_email|requester.email|Requester email",
            "requester_external_id|requester.external_id|Requester external id",
            "via_source_from_address|via.source.from.address",
            "via.source.from.phone|via.source.from.formatted_phone",
            "submitter_id|submitter.id",
            "organization_id|organization.id",
            "organization_name|organization.name|Organization",
            "updated_at|Updated at",
            "priority",
            "type|Ticket type",
            "tags",
            "solved_at|metric_set.solved_at|metrics.solved_at|Solved at",
            "reopens|metric_set.reopens|metrics.reopens",
            "replies|metric_set.replies|metrics.replies",
            "minutes_to_reply|metric_set.reply_time_in_minutes.calendar|metrics.reply_time_in_minutes.calendar|"
            "First reply time in minutes|First reply time (min)",
            "minutes_to_resolve|metric_set.full_resolution_time_in_minutes.calendar|"
            "metrics.full_resolution_time_in_minutes.calendar|Full resolution time in minutes|"
            "Full resolution time (min)",
            "rating|satisfaction_rating.score|Satisfaction Score",
            "rating_id|satisfaction_rating.id",
            "rating_comment|satisfaction_rating.comment",
            "rating_reason|satisfaction_rating.reason",
            "comments",
            "generated_timestamp|encoded_id|sharing_agreement_ids|follower_ids|email_cc_ids|collaborator_ids|"
            "fields|allow_channelback|allow_attachments|from_messaging_channel|followup_ids|via.source.from|"
            "via.source.to|custom_status_id|raw_subject",
            # Of employees, or personal: known, and left out.
            "via.source.from.name|via_source_from_title|via.source.from.title|via_source_to_name|via.source.to.name",
            "recipient|via_source_to_address|via.source.to.address|requester.name|requester.phone|Requester",
            "submitter|submitter.name|submitter.email|assignee|assignee.name|assignee.email|Requester domain",
            "url|via.source.from.id|via_source_from_id|via_source_rel|via.source.rel",
            *GONE,
        ),
        # Freshdesk's tickets, and those of a CRM.
        lacks=("responder_id", "fr_escalated", "hs_pipeline", "property_hs_pipeline"),
    ),
    VendorTable(
        "zendesk",
        "ticket_comment",
        ("ticket_id", "body", "public", "created|created_at", "user_id|author_id"),
        SQL,
        optional=("id", "plain_body", "html_body", "via.channel", "audit_id", *GONE),
    ),
    VendorTable(
        "zendesk",
        "comment",
        ("id", "body|plain_body", "public", "created_at", "author_id", "audit_id|html_body"),
        SQL,
        optional=("via.channel", "via.source.from.address", "metadata.system.ip_address"),
        lacks=("ticket_id",),
    ),
    VendorTable(
        "zendesk",
        "ticket_field_history",
        ("ticket_id", "field_name", "updated|updated_at", "value"),
        SQL,
        optional=("user_id", *GONE),
    ),
    VendorTable(
        "zendesk",
        "ticket_audit",
        ("ticket_id", "created_at|timestamp", "events|child_events", "author_id|updater_id"),
        SQL,
        optional=("via.channel|via", "metadata.system.ip_address|system.ip_address"),
    ),
    VendorTable(
        "zendesk",
        "ticket_metric",
        ("ticket_id", "reopens", "replies", "assignee_stations|group_stations"),
        SQL,
        optional=(
            "solved_at",
            "reply_time_in_minutes.calendar|reply_time_in_minutes_calendar",
            "full_resolution_time_in_minutes.calendar|full_resolution_time_in_minutes_calendar",
            "updated_at",
        ),
        lacks=("subject",),
    ),
    VendorTable(
        "zendesk",
        "ticket_metric_event",
        ("id", "ticket_id", "metric", "instance_id", "type", "time"),
        SQL,
    ),
    VendorTable(
        "zendesk",
        "satisfaction_rating",
        ("id", "requester_id", "ticket_id", "score", "created_at"),
        SQL,
        optional=("updated_at", "comment", "reason", "assignee_id", "group_id", "url", *GONE),
    ),
    VendorTable(
        "zendesk",
        "user",
        (
            "id",
            "name",
            "email",
            "role",
            "mark user|only_private_comments|restricted_agent|shared_agent|ticket_restriction|moderator|"
            "default_group_id|two_factor_auth_enabled|shared_phone_number|user_fields|iana_time_zone|"
            "suspended|organization_id|verified|external_id|time_zone",
        ),
        SQL,
        optional=(
            "external_id",
            "phone",
            "shared_phone_number",
            "organization_id",
            "created_at",
            "updated_at",
            "time_zone",
            "user_fields.country|user_fields_country|country",
            "user_fields.plan|user_fields_plan|plan",
            *GONE,
        ),
        nothing="an employee who answers tickets",
    ),
    VendorTable(
        "zendesk",
        "organization",
        ("id", "name", "shared_tickets", "shared_comments"),
        SQL,
        optional=(
            "updated_at",
            "created_at",
            "organization_fields.industry|industry",
            "organization_fields.plan|plan",
            "organization_fields.country|country",
        ),
    ),
    VendorTable(
        "zendesk",
        "organization_membership",
        ("user_id", "organization_id", "default|view_tickets|organization_name"),
        SQL,
    ),
    VendorTable("zendesk", "domain_name", ("organization_id", "domain_name"), SQL),
    VendorTable("zendesk", "organization_tag", ("organization_id", "tag"), SQL),
    VendorTable("zendesk", "user_tag", ("user_id", "tag"), SQL, named=("user_tag",)),
    VendorTable("zendesk", "ticket_tag", ("ticket_id", "tag"), SQL),
    VendorTable(
        "zendesk", "ticket_chat", ("chat_id", "ticket_id", "visitor_id"), SQL, optional=("user_id",)
    ),
    VendorTable(
        "zendesk",
        "ticket_chat_event",
        ("chat_id", "created_at", "actor_id", "type", "chat_index|message"),
        SQL,
        optional=(
            "message_id",
            "external_message_id",
            "message_source",
            "original_message",
            "original_message_type",
            "_company_synced",
        ),
    ),
    VendorTable(
        "zendesk",
        "chat",
        ("id", "timestamp", "visitor.id|visitor.email|visitor.name", "history|messages|message"),
        SQL,
        optional=(
            "type",
            "visitor.id",
            "visitor.email",
            "visitor.phone",
            "visitor.name",
            "visitor.notes",
            "zendesk_ticket_id",
            "rating",
            "comment",
            "message",
            "missed",
            "session.ip|session.city|session.region|session.user_agent|session.id",
            "session.country_name",
            "agent_names|agent_ids|webpath",
            "update_timestamp",
        ),
    ),
    VendorTable(
        "zendesk", "ticket_sla_policy", ("ticket_id", "sla_policy_id", "policy_applied_at"), SQL
    ),
    VendorTable("zendesk", "ticket_schedule", ("ticket_id", "schedule_id", "created_at"), SQL),
    VendorTable(
        "zendesk",
        "ticket_form",
        ("id", "name", "display_name", "end_user_visible"),
        SQL,
        optional=("updated_at",),
    ),
    VendorTable(
        "zendesk",
        "brand",
        ("id", "name", "brand_url", "has_help_center"),
        SQL,
        optional=("updated_at",),
    ),
    VendorTable(
        "zendesk",
        "group",
        ("id", "name", "url|is_public", "created_at", "updated_at"),
        SQL,
        named=("group", "group_data"),
        lacks=("email", "status", "type", "subject"),
    ),
    VendorTable("zendesk", "sla_policy", ("sla_policy_id", "metric", "target", "priority"), SQL),
    VendorTable("zendesk", "schedule", ("id", "name", "start_time_utc", "end_time_utc"), SQL),
    VendorTable(
        "zendesk", "schedule_holiday", ("id", "schedule_id", "start_date", "end_date"), SQL
    ),
    VendorTable("zendesk", "time_zone", ("time_zone", "standard_offset"), SQL),
    VendorTable("zendesk", "daylight_time", ("time_zone", "year", "daylight_offset"), SQL),
    VendorTable("zendesk", "audit_log", ("id", "action", "actor_id", "change_description"), SQL),
)
