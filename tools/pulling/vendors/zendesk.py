"""Zendesk: incremental exports with a cursor that is kept from one pull to the next.

Source: developer.zendesk.com, "Incremental exports" (cursor-based for tickets and users: after_cursor,
end_of_stream; time-based for ticket events: next_page).
"""

from datetime import timedelta

from tools.pulling.api import Api, Basic, Endpoint, NextLink, Reference, Since

CURSOR = Reference("after_cursor", param="cursor", stop="end_of_stream", drops=("start_time",))
KEPT = Since("updated_at", lag=timedelta(minutes=2), token="after_cursor", token_param="cursor")  # noqa: S106 - a cursor

API = Api(
    "zendesk",
    "https://{subdomain}.zendesk.com",
    Basic("{email}/token", "ZENDESK_API_TOKEN", user_is_key=False),
    (
        Endpoint(
            "tickets", "api/v2/incremental/tickets/cursor.json", "tickets",
            params={"start_time": "{since:epoch}"}, paging=CURSOR, since=KEPT, key="id",
        ),
        Endpoint(
            "users", "api/v2/incremental/users/cursor.json", "users",
            params={"start_time": "{since:epoch}"}, paging=CURSOR, since=KEPT, key="id",
        ),
        Endpoint(
            "ticket_events", "api/v2/incremental/ticket_events.json", "ticket_events",
            params={"start_time": "{since:epoch}", "include": "comment_events"},
            paging=NextLink("next_page", stop="end_of_stream"),
            since=Since("timestamp", lag=timedelta(minutes=2)), key="id",
        ),
        Endpoint(
            "organizations", "api/v2/incremental/organizations.json", "organizations",
            params={"start_time": "{since:epoch}"}, paging=NextLink("next_page", stop="end_of_stream"),
            since=Since("updated_at", lag=timedelta(minutes=2)), key="id",
        ),
        Endpoint(
            "satisfaction_ratings", "api/v2/satisfaction_ratings.json", "satisfaction_ratings",
            params={"start_time": "{since:epoch}"}, paging=NextLink("next_page"),
            since=Since("updated_at"), key="id",
        ),
    ),
    settings=("subdomain", "email"),
)  # fmt: skip
