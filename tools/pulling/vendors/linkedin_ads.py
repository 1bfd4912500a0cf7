"""LinkedIn Ads: analytics by campaign and day (not paged, so asked week by week), and campaigns.

Source: learn.microsoft.com/linkedin/marketing, "Reporting" (adAnalytics, dateRange, 15,000 elements at
most), "Campaigns" (metadata.nextPageToken).
"""

from datetime import timedelta

from tools.pulling.api import Api, Bearer, Endpoint, Reference, Since

RANGE = (
    "(start:(year:{since:%Y},month:{since:%m},day:{since:%d}),"
    "end:(year:{last:%Y},month:{last:%m},day:{last:%d}))"
)
FIELDS = "dateRange,pivotValues,costInLocalCurrency,costInUsd,impressions,clicks,externalWebsiteConversions"

API = Api(
    "linkedin_ads",
    "https://api.linkedin.com",
    Bearer("LINKEDIN_ACCESS_TOKEN"),
    (
        Endpoint(
            "campaign_analytics",
            f"rest/adAnalytics?q=analytics&pivot=CAMPAIGN&timeGranularity=DAILY&dateRange={RANGE}"
            f"&accounts=List(urn%3Ali%3AsponsoredAccount%3A{{account}})&fields={FIELDS}",
            "elements",
            since=Since(step=timedelta(days=7), lookback=timedelta(days=30)),
        ),
        Endpoint(
            "campaigns", "rest/adAccounts/{account}/adCampaigns", "elements",
            params={"q": "search", "pageSize": 500},
            paging=Reference("metadata.nextPageToken", param="pageToken"), key="id",
        ),
    ),
    settings=("account",),
    defaults={"version": "202610"},
    headers={"LinkedIn-Version": "{version}", "X-Restli-Protocol-Version": "2.0.0"},
)  # fmt: skip
