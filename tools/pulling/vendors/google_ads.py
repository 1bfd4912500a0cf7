"""Google Ads: one query language for reports; days of the last month are restated.

`search` rather than `searchStream`: its pages can be resumed, the rows are the same.
Source: developers.google.com/google-ads/api, "Search & SearchStream" (nextPageToken into pageToken),
"REST authentication" (developer-token, login-customer-id).
"""

from datetime import timedelta

from tools.pulling.api import Api, Endpoint, Reference, Since, Token

PAGES = Reference("nextPageToken", body="pageToken")
DAYS = "segments.date BETWEEN '{since:date}' AND '{last:date}'"


def _report(name: str, fields: str, of: str, *, step: int, lookback: int) -> Endpoint:
    return Endpoint(
        name, "v{version}/customers/{customer}/googleAds:search", "results",
        body={"query": f"SELECT {fields}, segments.date FROM {of} WHERE {DAYS}"},
        paging=PAGES, empty_without=True,
        since=Since(step=timedelta(days=step), lookback=timedelta(days=lookback)),
    )  # fmt: skip


API = Api(
    "google_ads",
    "https://googleads.googleapis.com",
    Token(
        "https://oauth2.googleapis.com/token",
        "GOOGLE_ADS_CLIENT_ID",
        "GOOGLE_ADS_CLIENT_SECRET",
        "GOOGLE_ADS_REFRESH_TOKEN",
    ),
    (
        _report(
            "campaign_days",
            "campaign.id, campaign.name, campaign.status, customer.id, customer.currency_code, "
            "metrics.cost_micros, metrics.impressions, metrics.clicks, metrics.conversions",
            "campaign", step=90, lookback=30,
        ),
        _report(
            "clicks",
            "click_view.gclid, click_view.ad_group_ad, campaign.id, campaign.name, ad_group.id, ad_group.name",
            "click_view", step=1, lookback=3,
        ),
    ),
    settings=("customer",),
    defaults={"version": "26", "login_customer": ""},
    headers={"developer-token": "$GOOGLE_ADS_DEVELOPER_TOKEN", "login-customer-id": "{login_customer}"},
)  # fmt: skip
