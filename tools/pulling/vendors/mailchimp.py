"""Mailchimp: offset paging; who did what with which campaign.

Source: mailchimp.com/developer, "Pagination" (count, offset, total_items), "Email activity",
"Lists: members" (since_last_changed).
"""

from datetime import timedelta

from tools.pulling.api import Api, Basic, Each, Endpoint, Offset, Since

PAGES = Offset("offset", "count", 500, total="total_items")
LATE = Each("campaigns", adds="campaign_id", params={"since_send_time": "{since:seconds}"})
"""Whoever got a campaign is told whole: only campaigns of late are asked for."""

API = Api(
    "mailchimp",
    "https://{server}.api.mailchimp.com",
    Basic("desirepath", "MAILCHIMP_API_KEY", user_is_key=False),
    (
        Endpoint("lists", "3.0/lists", "lists", paging=PAGES, key="id"),
        Endpoint(
            "campaigns", "3.0/campaigns", "campaigns",
            params={"sort_field": "create_time", "sort_dir": "ASC"}, paging=PAGES, key="id",
        ),
        Endpoint(
            "members", "3.0/lists/{parent}/members", "members",
            params={"since_last_changed": "{since:seconds}"}, paging=PAGES,
            since=Since("last_changed", lookback=timedelta(minutes=5)), each=Each("lists", adds="list_id"),
            key="id",
        ),
        Endpoint(
            "sent_to", "3.0/reports/{parent}/sent-to", "sent_to",
            paging=PAGES, since=Since(lookback=timedelta(days=3)), each=LATE,
        ),
        Endpoint(
            "email_activity", "3.0/reports/{parent}/email-activity", "emails",
            params={"since": "{since:seconds}"}, paging=PAGES,
            since=Since(lookback=timedelta(hours=6)), each=Each("campaigns", adds="campaign_id"),
        ),
        Endpoint(
            "unsubscribed", "3.0/reports/{parent}/unsubscribed", "unsubscribes",
            paging=PAGES, since=Since(lookback=timedelta(days=30)), each=LATE,
        ),
    ),
    settings=("server",),
)  # fmt: skip
