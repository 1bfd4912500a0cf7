"""SurveyMonkey: surveys with their questions, and each one's responses in full.

Source: api.surveymonkey.com/v3/docs, "Responses bulk" (start_modified_at, links.next), "Survey details".
"""

from datetime import timedelta

from tools.pulling.api import Api, Bearer, Beside, Each, Endpoint, NextLink, Since

NEXT = NextLink("links.next")

API = Api(
    "surveymonkey",
    "https://{host}",
    Bearer("SURVEYMONKEY_ACCESS_TOKEN"),
    (
        Endpoint(
            "surveys", "v3/surveys", "data", params={"per_page": 1000}, paging=NEXT, key="id",
            beside=(Beside("survey_details", "v3/surveys/{id}/details"),),
        ),
        Endpoint(
            "responses", "v3/surveys/{parent}/responses/bulk", "data",
            params={"per_page": 100, "start_modified_at": "{since:%Y-%m-%dT%H:%M:%S}", "sort_by": "date_modified", "sort_order": "ASC"},
            paging=NEXT, since=Since(lookback=timedelta(hours=1)), each=Each("surveys", adds="survey_id"), key="id",
        ),
    ),
    defaults={"host": "api.surveymonkey.com"},
)  # fmt: skip
