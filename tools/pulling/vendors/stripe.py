"""Stripe: objects by time of creation, and events for what changes later.

Source: docs.stripe.com/api, "Pagination" (starting_after, has_more), "Events" (kept 30 days).
"""

from datetime import timedelta

from tools.pulling.api import Api, Bearer, Endpoint, LastRecord, Since

PAGES = LastRecord("starting_after", "id", more="has_more")


def _created(name: str, path: str, lookback: timedelta, **params: object) -> Endpoint:
    return Endpoint(
        name, path, "data",
        params={"limit": 100, "created[gte]": "{since:epoch}", **params}, paging=PAGES,
        since=Since("created", lookback=lookback), key="id",
    )  # fmt: skip


API = Api(
    "stripe",
    "https://api.stripe.com",
    Bearer("STRIPE_API_KEY"),
    (
        _created("customers", "v1/customers", timedelta(days=1)),
        _created("charges", "v1/charges", timedelta(days=1)),
        _created("refunds", "v1/refunds", timedelta(days=1)),
        _created("subscriptions", "v1/subscriptions", timedelta(days=1), status="all"),
        _created("checkout_sessions", "v1/checkout/sessions", timedelta(days=1)),
        _created("invoices", "v1/invoices", timedelta(days=1)),
        _created("events", "v1/events", timedelta(hours=1)),
    ),
)
