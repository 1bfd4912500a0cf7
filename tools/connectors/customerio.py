"""Customer.io: reporting webhooks, messages, deliveries and their metrics, people, names.

An event's `content` is the delivery, the metric and the second, so that a webhook and a list of
messages tell it once.
"""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
METRICS = (
    "sent", "delivered", "opened", "human_opened", "clicked", "human_clicked", "converted",
    "unsubscribed", "bounced", "spammed", "dropped", "failed", "deferred", "undeliverable", "suppressed",
)  # fmt: skip
TABLES = (
    VendorTable(
        "customerio",
        "webhook",
        (
            "event_id",
            "metric",
            "timestamp",
            "data.customer_id|data.identifiers.id|data.identifiers.cio_id|data.delivery_id|data.identifiers.email",
        ),
        SQL,
        optional=(
            "object_type",
            "data.identifiers.id",
            "data.identifiers.cio_id",
            "data.identifiers.email|data.email_address",
            "data.recipient",
            "data.delivery_id",
            "data.campaign_id",
            "data.broadcast_id",
            "data.newsletter_id",
            "data.transactional_message_id",
            "data.subject",
            "data.href",
            "data.failure_message",
            "data.content|data.body|data.headers",
        ),
    ),
    VendorTable(
        "customerio",
        "message",
        (
            "id|delivery_id",
            "customer_id|customer_identifiers.id|customer_identifiers.cio_id",
            "recipient",
            "any_metric|"
            + "|".join(f"metrics.{name}" for name in METRICS)
            + "|sent|delivered|metrics.created",
        ),
        SQL,
        optional=(
            "type",
            "subject",
            "campaign_id",
            "broadcast_id",
            "newsletter_id",
            "transactional_message_id",
            "customer_identifiers.id",
            "customer_identifiers.email",
            "customer_identifiers.cio_id",
            "failure_message",
            *(f"metrics.{name}|{name}" for name in METRICS),
        ),
        lacks=("event_id",),
    ),
    VendorTable(
        "customerio",
        "activity",
        ("id", "customer_id|customer_identifiers.id", "type", "timestamp", "delivery_type|customer_identifiers.cio_id"),
        SQL,
        optional=(
            "name", "delivery_id", "data.url", "customer_identifiers.id", "customer_identifiers.email",
            "customer_identifiers.cio_id",
        ),
        lacks=("event_id", "metric", "recipient"),
        nothing="what happened to a message: the messages tell of it",
    ),
    VendorTable(
        "customerio",
        "delivery",
        ("delivery_id", "internal_customer_id", "delivery_type", "created_at"),
        SQL,
        optional=("campaign_id", "newsletter_id", "transactional_message_id", "workspace_id"),
    ),
    VendorTable(
        "customerio",
        "metric",
        ("delivery_id", "metric", "created_at", "event_id"),
        SQL,
        optional=("reason", "link_url", "workspace_id", "link_id"),
        lacks=("timestamp",),
    ),
    VendorTable(
        "customerio",
        "person",
        ("customer_id", "internal_customer_id", "suppressed|deleted|email_addr"),
        SQL,
        optional=("email_addr", "updated_at", "created_at", "workspace_id", "deleted"),
    ),
    VendorTable(
        "customerio",
        "attribute",
        ("internal_customer_id", "attribute_name", "attribute_value"),
        SQL,
        optional=("timestamp", "workspace_id"),
    ),
    VendorTable(
        "customerio",
        "person_export",
        ("cio_id", "email", "id"),
        SQL,
        optional=(
            "first_name|firstName",
            "last_name|lastName",
            "phone",
            "city",
            "country",
            "plan",
            "company",
            "created_at",
        ),
    ),
    VendorTable(
        "customerio",
        "newsletter",
        ("id", "name", "deduplicate_id", "content_ids|sent_at"),
        SQL,
        optional=("updated",),
    ),
    VendorTable(
        "customerio", "campaign", ("id", "name", "deduplicate_id"), SQL, optional=("updated",)
    ),
)  # fmt: skip
