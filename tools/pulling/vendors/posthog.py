"""PostHog: events and persons with the address of the next page.

Source: posthog.com/docs/api, "Events" (after, before, next), "Persons" (limit, next).
"""

from datetime import timedelta

from tools.pulling.api import Api, Bearer, Endpoint, NextLink, Since

NEXT = NextLink("next")

API = Api(
    "posthog",
    "https://{host}",
    Bearer("POSTHOG_PERSONAL_API_KEY"),
    (
        Endpoint(
            "events", "api/projects/{project}/events/", "results",
            params={"after": "{since:iso}", "before": "{until:iso}", "limit": 1000}, paging=NEXT,
            since=Since(step=timedelta(days=1), lookback=timedelta(hours=6)), key="id",
        ),
        Endpoint("persons", "api/projects/{project}/persons/", "results", params={"limit": 1000}, paging=NEXT, key="id"),
    ),
    settings=("project",),
    defaults={"host": "us.posthog.com"},
)  # fmt: skip
