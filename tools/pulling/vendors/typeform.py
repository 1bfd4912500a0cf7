"""Typeform: forms, and each one's responses from the newest back.

Source: typeform.com/developers, "Retrieve responses" (since, page_size, before with a token),
"Retrieve forms" (page, page_count).
"""

from datetime import timedelta

from tools.pulling.api import Api, Bearer, Beside, Each, Endpoint, LastRecord, PageNumber, Since

API = Api(
    "typeform",
    "https://api.typeform.com",
    Bearer("TYPEFORM_TOKEN"),
    (
        Endpoint(
            "forms", "forms", "items", params={"page_size": 200},
            paging=PageNumber("page", total="page_count"), key="id",
            beside=(Beside("form_definitions", "forms/{id}"),),
        ),
        Endpoint(
            "responses", "forms/{parent}/responses", "items",
            params={"page_size": 1000, "since": "{since:seconds}"},
            paging=LastRecord("before", "token", full=1000),
            since=Since(lookback=timedelta(hours=1)), each=Each("forms", adds="form_id"), key="response_id",
        ),
    ),
)  # fmt: skip
