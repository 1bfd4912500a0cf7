"""Marketo: activities and leads behind a token that runs out; faults hide in good answers.

A paging token of the past misses activities that are recorded late: every pull begins an hour before.
Source: experienceleague.adobe.com, "Paging tokens", "Activities", "Error codes" (601, 602: token; 606,
607, 615: limits).
"""

from datetime import timedelta

from tools.pulling.api import Api, Before, Beside, Endpoint, Reference, Since, Token

MORE = Reference("nextPageToken", param="nextPageToken", more="moreResult")
BEFORE = Before(
    "rest/v1/activities/pagingtoken.json",
    {"sinceDatetime": "{since:seconds}"},
    "nextPageToken",
    "nextPageToken",
)
LEADS = Beside(
    "leads",
    "rest/v1/leads.json?filterType=id&filterValues={ids}&fields=id,email,firstName,lastName,phone,"
    "company,title,country,industry,leadSource,leadScore,leadStatus,createdAt,updatedAt,cookies",
    records="result",
    batch=300,
    of="leadId",
)
"""Activities name their leads by number only."""
SINCE = Since("activityDate", lookback=timedelta(hours=1))

API = Api(
    "marketo",
    "https://{munchkin}.mktorest.com",
    Token("/identity/oauth/token", "MARKETO_CLIENT_ID", "MARKETO_CLIENT_SECRET"),
    (
        Endpoint("activity_types", "rest/v1/activities/types.json", "result", key="id"),
        Endpoint(
            "activities", "rest/v1/activities.json", "result",
            params={"activityTypeIds": "{activity_types}", "batchSize": 300}, paging=MORE,
            since=SINCE, before=BEFORE, beside=(LEADS,), key="marketoGUID", empty_without=True,
        ),
        Endpoint(
            "lead_changes", "rest/v1/activities/leadchanges.json", "result",
            params={"fields": "email,leadStatus,leadScore", "batchSize": 300}, paging=MORE,
            since=SINCE, before=BEFORE, key="marketoGUID", empty_without=True,
        ),
        Endpoint(
            "campaigns", "rest/v1/campaigns.json", "result", params={"batchSize": 300},
            paging=Reference("nextPageToken", param="nextPageToken"), key="id", empty_without=True,
        ),
        Endpoint(
            "lists", "rest/v1/lists.json", "result", params={"batchSize": 300},
            paging=Reference("nextPageToken", param="nextPageToken"), key="id", empty_without=True,
        ),
    ),
    settings=("munchkin",),
    defaults={"activity_types": "1,2,3,6,7,8,9,10,11,12"},
    fault_path="errors.0.code",
    faults={"600": 401, "601": 401, "602": 401, "603": 403, "606": 429, "607": 429, "608": 503, "611": 500, "615": 429},
)  # fmt: skip
