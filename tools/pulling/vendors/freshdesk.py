"""Freshdesk: pages by number with a Link header, by time of change.

Source: developers.freshdesk.com, "Pagination", "List all tickets" (updated_since; 300 pages at most),
"List all contacts" (_updated_since).
"""

from datetime import timedelta

from tools.pulling.api import Api, Basic, Beside, Endpoint, LinkHeader, Since

SINCE = Since("updated_at", lookback=timedelta(minutes=5), most=30_000)

API = Api(
    "freshdesk",
    "https://{domain}.freshdesk.com",
    Basic("FRESHDESK_API_KEY", None),
    (
        Endpoint(
            "tickets", "api/v2/tickets",
            params={"updated_since": "{since:seconds}", "order_by": "updated_at", "order_type": "asc", "per_page": 100, "include": "requester,stats,description"},
            paging=LinkHeader(), since=SINCE, key="id",
            beside=(Beside("ticket_conversations", "api/v2/tickets/{id}/conversations"),),
        ),
        Endpoint(
            "contacts", "api/v2/contacts",
            params={"_updated_since": "{since:seconds}", "per_page": 100},
            paging=LinkHeader(), since=Since("updated_at", lookback=timedelta(minutes=5)), key="id",
        ),
        Endpoint(
            "satisfaction_ratings", "api/v2/surveys/satisfaction_ratings",
            params={"created_since": "{since:seconds}", "per_page": 100},
            paging=LinkHeader(), since=Since("created_at", lookback=timedelta(minutes=5)), key="id",
        ),
    ),
    settings=("domain",),
)  # fmt: skip
