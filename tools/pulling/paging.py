"""The paging of an endpoint as dlt's paginators, and what they lack."""

from typing import Any

from dlt.sources.helpers.rest_client.paginators import (
    BasePaginator,
    BaseReferencePaginator,
    HeaderLinkPaginator,
    JSONLinkPaginator,
    JSONResponseCursorPaginator,
    OffsetPaginator,
    PageNumberPaginator,
    SinglePagePaginator,
)
from requests import Request, Response

from tools.pulling.answers import at
from tools.pulling.api import (
    LastRecord,
    LinkHeader,
    NextLink,
    Offset,
    OnePage,
    PageNumber,
    Paging,
    Reference,
)


def paginator_for(paging: Paging, params: dict[str, Any]) -> BasePaginator:
    """Return dlt's paginator; `params` are the first request's, which may be a later page's."""
    match paging:
        case OnePage():
            return SinglePagePaginator()
        case NextLink(path, stop):
            return _Links(path, stop)
        case LinkHeader():
            return HeaderLinkPaginator()
        case Reference():
            return _References(paging)
        case LastRecord():
            return _LastRecords(paging)
        case Offset(param, limit_param, limit, total):
            return OffsetPaginator(
                limit=limit, offset=int(params.get(param, 0)), offset_param=param,
                limit_param=limit_param, total_path=total,
            )  # fmt: skip
        case PageNumber(param, first, total):
            return _Pages(
                base_page=first, page=int(params.get(param, first)), page_param=param,
                total_path=total,
            )  # fmt: skip


class _Pages(PageNumberPaginator):
    """Pages by number; an empty account may tell no total."""

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        if not data:
            self._has_next_page = False
        else:
            super().update_state(response, data)


class _Links(JSONLinkPaginator):
    """Links in the body; a flag may say that the link is for next time."""

    def __init__(self, path: str, stop: str | None) -> None:
        super().__init__(next_url_path=path)
        self._stop = stop

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        super().update_state(response, data)
        if not self._next_reference or (self._stop and at(response.json(), self._stop)):
            self._next_reference = None

    def update_request(self, request: Request) -> None:
        if self._next_reference:
            super().update_request(request)


class _References(JSONResponseCursorPaginator):
    """References in the body, with whatever says that there is more, or no more."""

    def __init__(self, paging: Reference) -> None:
        super().__init__(
            cursor_path=paging.path, cursor_param=paging.param, cursor_body_path=paging.body
        )
        self._paging = paging

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        super().update_state(response, data)
        body, paging = response.json(), self._paging
        if (
            (paging.more and not at(body, paging.more))
            or (paging.stop and at(body, paging.stop))
            or (paging.present and at(body, paging.present) is None)
        ):
            self._next_reference = None

    def update_request(self, request: Request) -> None:
        if self._next_reference is not None:
            super().update_request(request)
            if isinstance(request.params, dict):
                for name in self._paging.drops:
                    request.params.pop(name, None)


class _LastRecords(BaseReferencePaginator):
    """The next page begins after a field of the last record."""

    def __init__(self, paging: LastRecord) -> None:
        super().__init__()
        self._paging = paging

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        paging = self._paging
        more = bool(data)
        if paging.more:
            more = more and bool(at(response.json(), paging.more))
        if paging.full:
            more = more and len(data or ()) >= paging.full
        self._next_reference = at(data[-1], paging.field) if more and data else None

    def update_request(self, request: Request) -> None:
        if self._next_reference is not None:
            known = request.params if isinstance(request.params, dict) else {}
            request.params = {**known, self._paging.param: self._next_reference}
