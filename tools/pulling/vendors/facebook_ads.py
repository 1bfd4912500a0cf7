"""Meta Ads: insights by campaign and day; the last 28 days are restated.

Source: developers.facebook.com, "Insights API" (time_range, time_increment), "Paging"
(paging.cursors.after while there is a paging.next, which holds the key: it is not followed).
"""

from datetime import timedelta

from tools.pulling.api import Api, Bearer, Endpoint, Reference, Since

PAGES = Reference("paging.cursors.after", param="after", present="paging.next")
FIELDS = (
    "campaign_id,campaign_name,account_id,account_currency,spend,impressions,clicks,"
    "inline_link_clicks,actions,date_start,date_stop"
)

API = Api(
    "facebook_ads",
    "https://graph.facebook.com",
    Bearer("META_ACCESS_TOKEN"),
    (
        Endpoint(
            "campaign_insights", "v{version}/act_{account}/insights", "data",
            params={
                "level": "campaign", "fields": FIELDS, "time_increment": 1, "limit": 500,
                "time_range": '{{"since":"{since:date}","until":"{last:date}"}}',
            },
            paging=PAGES, since=Since(step=timedelta(days=30), lookback=timedelta(days=28)),
        ),
        Endpoint(
            "campaigns", "v{version}/act_{account}/campaigns", "data",
            params={"fields": "id,account_id,name,objective,status,created_time,updated_time", "limit": 500},
            paging=PAGES, key="id",
        ),
    ),
    settings=("account",),
    defaults={"version": "25.0"},
)  # fmt: skip
