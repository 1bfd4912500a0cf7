"""Shopify: orders and customers by time of change, with a Link header.

Source: shopify.dev, "REST Admin API: pagination" (page_info in the Link header), "Orders", "Customers",
"Abandoned checkouts".
"""

from datetime import timedelta

from tools.pulling.api import Api, Endpoint, HeaderKey, LinkHeader, Since

SINCE = Since("updated_at", lookback=timedelta(minutes=5))


def _changed(name: str, **params: object) -> Endpoint:
    return Endpoint(
        name, f"admin/api/{{version}}/{name}.json", name,
        params={"limit": 250, "updated_at_min": "{since:seconds}", **params},
        paging=LinkHeader(), since=SINCE, key="id",
    )  # fmt: skip


API = Api(
    "shopify",
    "https://{shop}.myshopify.com",
    HeaderKey("X-Shopify-Access-Token", "SHOPIFY_ACCESS_TOKEN"),
    (_changed("orders", status="any"), _changed("customers"), _changed("checkouts")),
    settings=("shop",),
    defaults={"version": "2026-10"},
)
