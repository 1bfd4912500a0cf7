"""One vendor's API over HTTP: dlt's REST client with this vendor's keys, paging and manners."""

import copy
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from dlt.common.configuration.specs import RuntimeConfiguration
from dlt.sources.helpers.requests import Client
from dlt.sources.helpers.rest_client.auth import OAuth2ClientCredentials
from dlt.sources.helpers.rest_client.client import RESTClient
from dlt.sources.helpers.rest_client.exceptions import IgnoreResponseException
from requests import Request, Response
from requests.auth import AuthBase

from tools.errors import PullError
from tools.pulling.answers import at, body_of, listed, records_of
from tools.pulling.api import Api, Beside, Endpoint, Job
from tools.pulling.faults import NOT_FOUND, UNKNOWN, sentence, status_of
from tools.pulling.keys import Keys
from tools.pulling.moments import fill
from tools.pulling.paging import paginator_for
from tools.pulling.patience import Patience
from tools.pulling.signing import signer


@dataclass(frozen=True, slots=True)
class Answer:
    """One page: its records, the request that gets the next one, and the body where it is JSON."""

    records: list[dict[str, Any]]
    following: dict[str, Any] | None
    body: Any


class ApiClient:
    """Asks one vendor's API for one source."""

    def __init__(
        self,
        source: str,
        api: Api,
        keys: Keys,
        settings: Mapping[str, str],
        patience: Patience | None = None,
    ) -> None:
        """Prepare; nothing is sent yet."""
        self.source, self.api, self.keys = source, api, keys
        self.patience = patience or Patience()
        self.settings = dict(settings)
        self.base = str(settings.get("base_url") or api.base.format_map(settings)).rstrip("/")
        self._session = self._new_session()
        self._auth = signer(api.auth, keys, self.settings, self.base, self._session)
        self._headers = {
            name: keys[value[1:]] if value.startswith("$") else value.format_map(settings)
            for name, value in api.headers.items()
        }
        self._headers = {name: value for name, value in self._headers.items() if value}

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def pages(
        self, endpoint: Endpoint, values: Mapping[str, object], request: Mapping[str, Any] | None
    ) -> Iterator[Answer]:
        """Yield the pages of one request, from its first or from a later one; at least one.

        Args:
            endpoint: What to ask for.
            values: What its texts may hold.
            request: A later page's request, as an `Answer` told it.

        Raises:
            PullError: The vendor does not answer, or not as described.
        """
        with self._told(endpoint.name):
            if endpoint.job is not None:
                yield self._job(endpoint, endpoint.job, values)
                return
            asked = dict(request) if request else self._first(endpoint, values)
            client, found = self._client(endpoint), False
            for page in client.paginate(
                path=str(asked["path"]),
                method="POST" if asked["json"] is not None else "GET",
                params=copy.deepcopy(asked["params"]),
                json=copy.deepcopy(asked["json"]),
                paginator=paginator_for(endpoint.paging, asked["params"] or {}),
                data_selector="$",
                hooks={"response": [self._check(endpoint)]},
            ):
                found = True
                following = self._saved(page.request) if page.paginator.has_next_page else None
                if following is not None and following == asked:
                    raise PullError(
                        "the vendor names the same page as the next one, over and over."
                    )
                asked = following or asked
                body = page.response.json() if endpoint.form == "json" else None
                yield Answer(list(page), following, body)
            if not found:
                yield Answer([], None, None)

    def beside(
        self, beside: Beside, ids: list[str], values: Mapping[str, object]
    ) -> list[dict[str, Any]]:
        """Return what the vendor says of some records."""
        if not ids:
            return []
        found: list[dict[str, Any]] = []
        with self._told(beside.name):
            told = {**self.settings, **values}
            size = 1 if "{id}" in beside.path else beside.batch
            for start in range(0, len(ids), size):
                some = ids[start : start + size]
                path = str(fill(beside.path, {**told, "id": some[0], "ids": ",".join(some)}))
                body = None
                if beside.body is not None:
                    inputs = [{"id": number} for number in some]
                    body = {k: inputs if v == "{inputs}" else v for k, v in beside.body.items()}
                found += self._listed(beside, path, body)
        return found

    def _listed(
        self, beside: Beside, path: str, body: dict[str, Any] | None
    ) -> list[dict[str, Any]]:
        try:
            told = body_of(self._ask("GET" if body is None else "POST", path, json=body))
        except requests.HTTPError as fault:
            if status_of(fault) == NOT_FOUND and "{id}" in beside.path:
                return []  # deleted since its page was made
            raise
        return listed(beside.name, told, beside.records, empty_without=True, single=True)

    def _first(self, endpoint: Endpoint, values: Mapping[str, object]) -> dict[str, Any]:
        told = {**self.settings, **values}
        params = dict(_filled(endpoint.params, told))
        token = values.get("token")
        if endpoint.since and endpoint.since.token_param and token:
            params = {k: v for k, v in params.items() if "{since" not in str(endpoint.params[k])}
            params[endpoint.since.token_param] = token
        elif endpoint.before is not None:
            before = endpoint.before
            answer = self._ask("GET", before.path, params=_filled(before.params, told))
            params[before.param] = at(body_of(answer), before.token)
        return {
            "path": str(fill(endpoint.path, told)).lstrip("/"),
            "params": params or None,
            "json": None if endpoint.body is None else _filled(endpoint.body, told),
        }

    def _job(self, endpoint: Endpoint, job: Job, values: Mapping[str, object]) -> Answer:
        told = {**self.settings, **values}
        ordered = body_of(
            self._ask(
                "POST", str(fill(endpoint.path, told)), json=_filled(endpoint.body or {}, told)
            )
        )
        told["number"] = at(ordered, job.number)
        for _ in range(self.patience.job_attempts):
            body = body_of(self._ask("GET", str(fill(job.progress_path, told))))
            status = at(body, job.status)
            if status == job.done:
                told["file"] = at(body, job.file)
                answer = self._ask("GET", str(fill(job.file_path, told)))
                return Answer(records_of(endpoint, answer), None, None)
            if status == job.failed:
                raise PullError("the vendor could not make the export.")
            time.sleep(self.patience.job_wait_seconds)
        raise PullError("the vendor's export does not get ready.")

    def _ask(self, method: str, path: str, **told: Any) -> Response:  # noqa: ANN401 - as requests
        client = self._client(None)
        hooks = {"response": [self._check(None)]}
        return client.request(path.lstrip("/"), method, hooks=hooks, **told)  # type: ignore[arg-type]

    def _saved(self, request: Request) -> dict[str, Any]:
        """Return a request as text can keep it: below the base, and without any key."""
        self._at_home(str(request.url))
        path = str(request.url).removeprefix(self.base).lstrip("/")
        return {
            "path": self.keys.mask(path),
            "params": dict(request.params) if isinstance(request.params, dict) else None,
            "json": copy.deepcopy(request.json),
        }

    def _check(self, endpoint: Endpoint | None) -> Any:  # noqa: ANN401 - a hook of requests
        def check(response: Response, *_: object, **__: object) -> None:
            assert response.content is not None  # noqa: S101 - read whole: the connection is free
            if response.is_redirect:
                raise PullError("the vendor sends us to another address.")
            if response.status_code == NOT_FOUND and endpoint and endpoint.empty_is_404:
                raise IgnoreResponseException
            if (
                self.api.fault_path
                and response.ok
                and "json" in response.headers.get("Content-Type", "")
            ):
                code = at(response.json(), self.api.fault_path)
                response.status_code = self.api.faults.get(str(code), 400 if code else 200)
            response.raise_for_status()

        return check

    def _client(self, endpoint: Endpoint | None) -> "_RestClient":
        return _RestClient(self, endpoint, self._session, self._auth, self._headers)

    def renew(self) -> bool:
        """Fetch a new access token where this vendor's run out; False: there is none to fetch."""
        if isinstance(self._auth, OAuth2ClientCredentials):
            self._auth.obtain_token()
            return True
        return False

    def _new_session(self) -> requests.Session:
        return Client(
            raise_for_status=False,
            request_timeout=self.patience.timeout_seconds,
            request_max_attempts=self.patience.attempts,
            request_backoff_factor=self.patience.backoff_seconds,
            request_max_retry_delay=self.patience.longest_wait_seconds,
        ).session

    def at_home(self, url: str) -> None:
        """Refuse an address that is not the vendor's: the key goes nowhere else."""
        self._at_home(url)

    def _at_home(self, url: str) -> None:
        if urlsplit(url)[:2] != urlsplit(self.base)[:2]:
            raise PullError(
                f"the next page is said to be at {urlsplit(url).netloc}, which is not the vendor's "
                f"({urlsplit(self.base).netloc}): the key is not sent there."
            )

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Say plainly what went wrong, without a key in it."""
        try:
            yield
        except (requests.RequestException, PullError, ValueError, KeyError, TypeError) as fault:
            host, names = urlsplit(self.base).netloc, " and ".join(self.api.keys())
            where, attempts = f"{self.source}: {what}", self.patience.attempts
            raise sentence(fault, where, host, names, attempts, self._mask) from None

    def _mask(self, text: str) -> str:
        token = getattr(self._auth, "access_token", None)
        return self.keys.mask(text, (str(token),) if token else ())


class _RestClient(RESTClient):
    """dlt's client, with records of any form, one vendor's host, and a token that is renewed."""

    def __init__(
        self,
        owner: ApiClient,
        endpoint: Endpoint | None,
        session: requests.Session,
        auth: AuthBase,
        headers: dict[str, str],
    ) -> None:
        super().__init__(
            owner.base,
            headers=headers,
            auth=auth,
            session=session,
            config=RuntimeConfiguration(dlthub_telemetry=False),
        )
        self._owner, self._endpoint = owner, endpoint

    def extract_response(self, response: Response, data_selector: Any) -> list[Any]:  # noqa: ANN401, ARG002 - dlt's
        if self._endpoint is None:
            return []
        return records_of(self._endpoint, response)

    def _send_request(self, request: Request, **kwargs: Any) -> Response:  # noqa: ANN401 - dlt's
        self._owner.at_home(str(request.url))
        kwargs["allow_redirects"] = False
        try:
            return super()._send_request(request, **kwargs)
        except requests.HTTPError as fault:
            if status_of(fault) != UNKNOWN or not self._owner.renew():
                raise
            return super()._send_request(request, **kwargs)


def _filled(template: Mapping[str, object], values: Mapping[str, object]) -> dict[str, Any]:
    filled = fill(template, values)
    assert isinstance(filled, dict)  # noqa: S101 - a mapping stays one
    return filled
