"""Intercom: searches by time of change, and each conversation with its parts.

Source: developers.intercom.com, "Pagination" (pages.next.starting_after into pagination.starting_after),
"Search conversations", "Search contacts".
"""

from datetime import timedelta

from tools.pulling.api import Api, Bearer, Beside, Endpoint, Reference, Since


def _search(name: str, path: str, records: str, size: int, *beside: Beside) -> Endpoint:
    return Endpoint(
        name, path, records,
        body={
            "query": {"field": "updated_at", "operator": ">", "value": "{since:epoch}"},
            "sort": {"field": "updated_at", "order": "ascending"},
            "pagination": {"per_page": size},
        },
        paging=Reference("pages.next.starting_after", body="pagination.starting_after"),
        since=Since("updated_at", lookback=timedelta(minutes=5)),
        key="id",
        beside=beside,
    )  # fmt: skip


API = Api(
    "intercom",
    "https://api{region}.intercom.io",
    Bearer("INTERCOM_ACCESS_TOKEN"),
    (
        _search("contacts", "contacts/search", "data", 150),
        _search(
            "conversations", "conversations/search", "conversations", 50,
            Beside("conversation_parts", "conversations/{id}"),
        ),
    ),
    defaults={"region": ""},
    headers={"Intercom-Version": "2.14", "Accept": "application/json"},
)  # fmt: skip
