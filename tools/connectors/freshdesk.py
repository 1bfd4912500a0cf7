"""Freshdesk: tickets, conversations, contacts, companies and ratings.

What happened to a ticket is the requester's: the ticket is an identifier that is part of them. An
answer that a ticket's times and a conversation both tell is one event: its `content` is the ticket
and the second.
"""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
TABLES = (
    VendorTable(
        "freshdesk",
        "ticket",
        (
            "id|Ticket ID|ticket_id",
            "status",
            "priority",
            "source",
            "created_at|Created time",
            "responder_id|fr_escalated|Agent interactions|Customer interactions|Resolution status|Resolved time",
        ),
        SQL,
        optional=(
            "subject",
            "description_text|description|structured_description",
            "requester_id|requester.id|Contact ID",
            "requester_email|requester.email|Email",
            "requester_phone|requester.phone|requester.mobile|Work phone|Mobile phone",
            "external_id|Unique external ID",
            "company_id",
            "company|company.name|Company",
            "updated_at|Last update time",
            "answered_at|stats.first_responded_at|Initial response time",
            "resolved_at|stats.resolved_at|Resolved time",
            "closed_at|stats.closed_at|Closed time",
            "reopened_at|stats.reopened_at",
            "type",
            "tags",
            "rating|Survey results",
            "deleted",
            "spam",
            "conversations",
            "requester.name|Full name|Title|Agent|Twitter ID",
            "to_emails|cc_emails|fwd_emails|reply_cc_emails|ticket_cc_emails|support_email",
        ),
    ),
    VendorTable(
        "freshdesk",
        "conversation",
        ("id", "ticket_id", "body_text|body", "incoming", "private", "created_at"),
        SQL,
        optional=(
            "user_id",
            "updated_at",
            "from_email|support_email|to_emails|cc_emails|bcc_emails|attachments",
        ),
    ),
    VendorTable(
        "freshdesk",
        "contact",
        ("id", "email", "mobile", "job_title", "view_all_tickets|unique_external_id|twitter_id"),
        SQL,
        optional=(
            "name",
            "phone",
            "company_id",
            "updated_at",
            "created_at",
            "unique_external_id",
            "other_emails",
            "custom_fields.country|custom_fields.cf_country",
            "custom_fields.plan|custom_fields.cf_plan",
        ),
    ),
    VendorTable(
        "freshdesk",
        "company",
        ("id", "name", "domains", "health_score|account_tier|note"),
        SQL,
        optional=("industry", "updated_at", "created_at", "custom_fields.plan"),
    ),
    VendorTable(
        "freshdesk",
        "satisfaction_rating",
        (
            "id",
            "survey_id",
            "user_id",
            "ticket_id",
            "ratings.default_question|ratings|ratings_default_question",
        ),
        SQL,
        optional=("feedback", "created_at", "updated_at", "agent_id", "group_id"),
    ),
    VendorTable(
        "freshdesk",
        "agent",
        ("id", "ticket_scope", "occasional|available"),
        SQL,
        nothing="an employee, who is no customer",
    ),
)
