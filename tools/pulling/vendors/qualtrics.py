"""Qualtrics: surveys by page, and an export of each one's responses that is ordered and waited for.

Source: api.qualtrics.com, "List surveys" (nextPage), "Start response export", "Get response export
progress", "Get response export file".
"""

from datetime import timedelta

from tools.pulling.api import Api, Beside, Each, Endpoint, HeaderKey, Job, NextLink, Since

EXPORT = "API/v3/surveys/{parent}/export-responses"

API = Api(
    "qualtrics",
    "https://{datacenter}.qualtrics.com",
    HeaderKey("X-API-TOKEN", "QUALTRICS_API_TOKEN"),
    (
        Endpoint(
            "surveys", "API/v3/surveys", "result.elements", paging=NextLink("result.nextPage"), key="id",
            beside=(Beside("survey_definitions", "API/v3/survey-definitions/{id}", records="result"),),
        ),
        Endpoint(
            "responses", EXPORT, "responses",
            body={"format": "json", "compress": False, "startDate": "{since:seconds}", "endDate": "{until:seconds}"},
            since=Since(lookback=timedelta(hours=1)), each=Each("surveys", adds="surveyId"), key="responseId",
            job=Job(
                "result.progressId", EXPORT + "/{number}", "result.status", "complete", "failed",
                "result.fileId", EXPORT + "/{file}/file",
            ),
        ),
    ),
    settings=("datacenter",),
)  # fmt: skip
