"""Stripe: customers, subscriptions and charges."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
TABLES = (
    VendorTable(
        "stripe",
        "subscription",
        ("id", "customer", "status", "current_period_start"),
        SQL,
        optional=(
            "plan_nickname",
            "plan_amount",
            "quantity",
            "currency",
            "plan_interval",
            "created",
        ),
    ),
    VendorTable(
        "stripe",
        "charge",
        ("id", "customer", "amount", "paid", "created"),
        SQL,
        optional=("currency", "status", "description"),
    ),
    VendorTable(
        "stripe",
        "customer",
        ("id", "email", "created", "metadata"),
        SQL,
        optional=("name", "currency"),
    ),
)
