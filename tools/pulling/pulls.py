"""What can be pulled of a source, endpoint by endpoint, and from where an endpoint goes on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from tools.errors import RefusedKeyError, RefusedRequestError
from tools.pulling.api import Endpoint
from tools.pulling.keys import Keys, find_keys, quiet
from tools.pulling.landing import Landing, Page
from tools.pulling.patience import Patience
from tools.pulling.position import Position
from tools.pulling.registry import api_of
from tools.pulling.sources import Source


@dataclass(frozen=True, slots=True)
class Pull:
    """One endpoint of a source that can be pulled page by page."""

    name: str
    pages: Callable[[Position], Iterator[Page]]
    keyed: Mapping[str, str | None]
    resumes: bool = True


def resumed(pull: Pull, landing: Landing, loaded: Position, position: Position) -> Iterator[Page]:
    """Yield pages from a position; a run that cannot be resumed begins anew."""
    if position.run is not None and not pull.resumes:
        landing.clear()
        position = replace(loaded, run=None)
    pages = pull.pages(position)
    try:
        first = next(pages, None)
    except RefusedRequestError:
        run = position.run
        if run is None or run.request is None:
            raise
        # The reference to the next page has run out since.
        if landing.pages():
            landing.clear()
            position = loaded
        if position.run is not None:
            position = replace(position, run=replace(position.run, request=None))
        pages = pull.pages(position)
        first = next(pages, None)
    if first is not None:
        yield first
        yield from pages


@contextmanager
def pulls_of(
    source: Source, now: datetime, environment: Mapping[str, str], patience: Patience | None
) -> Iterator[Sequence[Pull]]:
    """Yield what can be pulled of a source, lazily: the libraries are loaded by a pull only."""
    if source.database is not None:
        from tools.pulling import databases  # noqa: PLC0415

        database, name = source.database, source.name
        keys = _password(source, environment)

        def rows(position: Position) -> Iterator[Page]:
            return databases.rows_in_pages(name, database, position, keys)

        with quiet(keys):
            yield [Pull(name, rows, {}, resumes=database.cursor is not None)]
        return
    from tools.pulling.client import ApiClient  # noqa: PLC0415
    from tools.pulling.endpoints import pages  # noqa: PLC0415

    api = api_of(str(source.vendor))
    keys = find_keys(source.name, api.keys(), environment)
    client = ApiClient(source.name, api, keys, {**api.defaults, **source.settings}, patience)

    def pull_of(endpoint: Endpoint) -> Pull:
        def told(position: Position) -> Iterator[Page]:
            return pages(client, endpoint, position, now=now, start=source.begins)

        keyed = {endpoint.name: endpoint.key} | {
            beside.name: beside.key for beside in endpoint.beside
        }
        return Pull(endpoint.name, told, keyed)

    with quiet(keys), closing(client):
        yield [pull_of(e) for e in api.endpoints if not source.only or e.name in source.only]


def _password(source: Source, environment: Mapping[str, str]) -> Keys:
    try:
        return find_keys(source.name, source.key_names, environment)
    except RefusedKeyError:
        return Keys({})  # a file, or a base that trusts its host
