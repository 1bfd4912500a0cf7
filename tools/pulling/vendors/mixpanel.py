"""Mixpanel: raw events as lines of JSON, day by day; people by page.

Source: developer.mixpanel.com, "Raw event export" (from_date, to_date), "Engage: query profiles"
(session_id and page).
"""

from datetime import timedelta

from tools.pulling.api import Api, Basic, Endpoint, Since

API = Api(
    "mixpanel",
    "https://data{region}.mixpanel.com",
    Basic("MIXPANEL_SERVICE_ACCOUNT", "MIXPANEL_SERVICE_SECRET"),
    (
        Endpoint(
            "events", "api/2.0/export",
            params={"project_id": "{project}", "from_date": "{since:date}", "to_date": "{last:date}"},
            form="lines", since=Since(step=timedelta(days=1), lookback=timedelta(days=2)),
        ),
    ),
    settings=("project",),
    defaults={"region": ""},
)  # fmt: skip
