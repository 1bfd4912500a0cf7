"""Klaviyo: JSON:API with links to the next page.

Source: developers.klaviyo.com, "Get events", "Get profiles" (filter greater-than, links.next).
"""

from datetime import timedelta

from tools.pulling.api import Api, Endpoint, HeaderKey, NextLink, Since

NEXT = NextLink("links.next")

API = Api(
    "klaviyo",
    "https://a.klaviyo.com",
    HeaderKey("Authorization", "KLAVIYO_API_KEY", prefix="Klaviyo-API-Key "),
    (
        Endpoint(
            "profiles", "api/profiles", "data",
            params={"filter": "greater-than(updated,{since:seconds})", "sort": "updated", "page[size]": 100},
            paging=NEXT, since=Since("attributes.updated", lookback=timedelta(minutes=5)), key="id",
        ),
        Endpoint(
            "events", "api/events", "data",
            params={"filter": "greater-or-equal(datetime,{since:seconds})", "sort": "datetime", "page[size]": 200},
            paging=NEXT, since=Since("attributes.datetime", lookback=timedelta(hours=6)), key="id",
        ),
        Endpoint("metrics", "api/metrics", "data", paging=NEXT, key="id"),
        Endpoint(
            "campaigns", "api/campaigns", "data",
            params={"filter": "equals(messages.channel,'email')"}, paging=NEXT, key="id",
        ),
        Endpoint("flows", "api/flows", "data", paging=NEXT, key="id"),
        Endpoint("lists", "api/lists", "data", paging=NEXT, key="id"),
    ),
    headers={"revision": "{revision}", "accept": "application/vnd.api+json"},
    defaults={"revision": "2026-07-15"},
)  # fmt: skip
