"""Customer.io: deliveries and activities, with a reference to the next page.

Source: docs.customer.io, "App API" (messages: start, limit, start_ts, end_ts; activities; regions).
"""

from datetime import timedelta

from tools.pulling.api import Api, Bearer, Endpoint, Reference, Since

NEXT = Reference("next", param="start")

API = Api(
    "customerio",
    "https://api{region}.customer.io",
    Bearer("CUSTOMERIO_APP_API_KEY"),
    (
        Endpoint(
            "messages", "v1/messages", "messages",
            params={"limit": 1000, "start_ts": "{since:epoch}", "end_ts": "{until:epoch}"}, paging=NEXT,
            since=Since(lookback=timedelta(days=7)), key="id",
        ),
        Endpoint("activities", "v1/activities", "activities", params={"limit": 100}, paging=NEXT, key="id"),
        Endpoint("campaigns", "v1/campaigns", "campaigns", key="id"),
        Endpoint("newsletters", "v1/newsletters", "newsletters", params={"limit": 100}, paging=NEXT, key="id"),
    ),
    defaults={"region": ""},
)  # fmt: skip
