"""Stripe: customers, checkouts, payments, refunds, and subscriptions from start to end.

Amounts of the API and of warehouse tables are in the currency's smallest unit; the dashboard's
exports are in units. A renewal is the machine's doing, not the customer's: it is kept as something
they were shown, so that no journey begins with it.
"""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
SYNCED = "_fivetran_synced|_airbyte_extracted_at"
CUSTOMER = "customer_id|customer|customer id"
CREATED = "created|created (utc)|created date (utc)"
DELETED = "is_deleted|deleted"
ABOUT_MONEY = "money between accounts says nothing about people"
ABOUT_PRICES = "what things cost says nothing about people"
SUBSCRIPTION = (
    SYNCED, "canceled_at|canceled at (utc)", "ended_at|ended at (utc)", "start_date|start (utc)|start",
    "quantity", "currency|plan.currency", "status", "amount", "plan", "interval",
    "plan_nickname|plan.nickname", "plan_amount|plan.amount", "plan_interval|plan.interval",
    "plan_id|plan.id|price_id", "items.data", "customer email|customer_email", "metadata",
    "cancel_at_period_end", "_fivetran_active",
)  # fmt: skip
TABLES = (
    VendorTable(
        "stripe", "event", ("id", "type", "data.object.id", "data.object.object"), SQL,
        optional=(
            "created", "data.object.customer", "data.object.customer_email", "data.object.receipt_email",
            "data.object.billing_details.email", "data.object.email", "data.object.amount",
            "data.object.amount_paid", "data.object.amount_total", "data.object.currency",
            "data.object.plan.nickname", "object", "api_version", "livemode", "pending_webhooks",
            "request.id", "data.object.name", "data.object.phone", "data.object.created",
        ),
    ),
    VendorTable(
        "stripe", "checkout", ("id", "payment_status", "amount_total"), SQL,
        optional=(
            CREATED, CUSTOMER, "customer_email|customer_details.email", "client_reference_id", "currency",
            "status", "mode", "subscription|subscription_id", SYNCED, "metadata",
        ),
    ),
    VendorTable(
        "stripe", "customer", ("id", "email", CREATED), SQL,
        optional=(
            SYNCED, "name", "phone", "metadata", "metadata.user_id|metadata.userId|metadata.external_id", DELETED, "currency", "address_country|address.country",
            "address_city|address.city", "description", "shipping_phone", "shipping_name", "delinquent",
        ),
        lacks=("amount", "customer_id", "payment_status", "customer", "business_profile_mcc"),
    ),
    VendorTable(
        "stripe", "charge", ("id", "amount", "paid|captured|amount refunded", CREATED), SQL,
        optional=(
            CUSTOMER, "currency", "status", "description", "invoice_id|invoice", "subscription",
            "receipt_email", "billing_details.email|customer email", "metadata", SYNCED, "failure_code",
            "amount_refunded", "amount refunded", "payment_intent_id|payment_intent",
        ),
        lacks=("amount_due", "amount_capturable"),
    ),
    VendorTable(
        "stripe", "subscription", ("id", CUSTOMER, "status", "current_period_start|current_period_end|start (utc)|billing_cycle_anchor|items.data"), SQL,
        optional=(CREATED, *SUBSCRIPTION), lacks=("amount_due",),
    ),
    VendorTable(
        "stripe", "refund", ("id", "amount", "charge_id|charge", "status"), SQL,
        optional=(CREATED, "currency", "reason", SYNCED, "balance_transaction_id|balance_transaction", "receipt_number"),
        lacks=("evidence_access_activity_log", "customer_id", "customer", "paid"),
    ),
    VendorTable(
        "stripe", "dispute", ("id", "charge_id|charge", "amount", "evidence_access_activity_log|evidence.access_activity_log"),
        SQL, optional=(CREATED, "currency", "reason", "status", SYNCED),
    ),
    VendorTable(
        "stripe", "invoice", ("id", CUSTOMER, "amount_due", "amount_paid"), SQL,
        optional=(
            CREATED, "currency", "status", "paid", "billing_reason", SYNCED, "subscription_id|subscription",
            "customer_email", "number", "metadata", "period_start", "hosted_invoice_url",
            "charge|charge_id",
        ),
    ),
    VendorTable(
        "stripe", "payment_intent", ("id", "amount", "amount_capturable", "capture_method"), SQL,
        optional=(CREATED, CUSTOMER, "currency", "status", "receipt_email", SYNCED, "latest_charge"),
    ),
    VendorTable(
        "stripe", "payment_method", ("id", CUSTOMER, "billing_detail_email|billing_details.email", "type"), SQL,
        optional=("billing_detail_name|billing_details.name", "billing_detail_phone|billing_details.phone"),
        lacks=("amount",),
    ),
    VendorTable(
        "stripe", "subscription_item", ("id", "plan_id|plan.id", "subscription_id|subscription"), SQL,
        optional=("quantity", "current_period_start", "current_period_end", SYNCED),
        lacks=("invoice_id", "amount", "customer_id"),
    ),
    VendorTable(
        "stripe", "plan", ("id", "interval", "product_id|product", "amount"), SQL,
        optional=("nickname", "currency", SYNCED, "usage_type"),
    ),
    VendorTable(
        "stripe", "price", ("id", "unit_amount", "product_id|product", "billing_scheme"), SQL,
        optional=("nickname", "currency", SYNCED, "lookup_key"), lacks=("interval",),
    ),
    VendorTable(
        "stripe", "product", ("id", "name", "statement_descriptor", "active"), SQL,
        optional=("description", "updated", "shippable", "unit_label"),
    ),
    VendorTable("stripe", "coupon", ("id", "percent_off", "times_redeemed"), SQL, optional=("name", "created")),
    VendorTable("stripe", "card", ("id", "fingerprint", "funding", "last_4|last4"), SQL, nothing="a card's number names no person"),
    VendorTable("stripe", "payment_method_card", ("payment_method_id", "fingerprint", "funding"), SQL, nothing="a card's number names no person"),
    VendorTable("stripe", "balance_transaction", ("id", "fee", "net", "available_on"), SQL, nothing=ABOUT_MONEY),
    VendorTable("stripe", "fee", ("balance_transaction_id", "amount", "index"), SQL, nothing=ABOUT_MONEY),
    VendorTable("stripe", "payout", ("id", "arrival_date", "amount"), SQL, nothing=ABOUT_MONEY),
    VendorTable("stripe", "payout_balance_transaction", ("payout_id", "balance_transaction_id"), SQL, lacks=("id",), nothing=ABOUT_MONEY),
    VendorTable("stripe", "transfer", ("id", "amount_reversed", "destination"), SQL, nothing=ABOUT_MONEY),
    VendorTable("stripe", "account", ("id", "business_profile_mcc"), SQL, nothing="the company's own account"),
    VendorTable("stripe", "credit_note", ("id", "invoice_id", "discount_amount", "voided_at"), SQL, nothing=ABOUT_PRICES),
    VendorTable("stripe", "credit_note_line_item", ("id", "credit_note_id", "amount"), SQL, nothing=ABOUT_PRICES),
    VendorTable("stripe", "invoice_line_item", ("id", "invoice_id", "amount", "proration", "period_start"), SQL, lacks=("amount_due",), nothing="an invoice's line: the invoice tells of it"),
    VendorTable("stripe", "discount", ("id", "type_id", "coupon_id", "promotion_code"), SQL, nothing=ABOUT_PRICES),
    VendorTable("stripe", "subscription_discount", ("id", "coupon_id", "subscription_id", "checkout_session"), SQL, nothing=ABOUT_PRICES),
)  # fmt: skip
