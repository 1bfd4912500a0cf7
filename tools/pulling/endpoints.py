"""One endpoint, from where it stands to now: which stretches, whose records, which pages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tools.errors import RefusedRequestError
from tools.pulling.answers import at
from tools.pulling.api import Endpoint
from tools.pulling.client import Answer, ApiClient
from tools.pulling.landing import Page
from tools.pulling.moments import Moment, moment
from tools.pulling.position import Position, Run

FIRST = datetime(2000, 1, 1, tzinfo=UTC)
FIRST_STRETCH = timedelta(days=365)
"""How far back the first pull goes where the vendor is asked stretch by stretch."""
SHORTEST = timedelta(minutes=1)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def pages(
    client: ApiClient,
    endpoint: Endpoint,
    position: Position,
    *,
    now: datetime,
    start: datetime | None,
) -> Iterator[Page]:
    """Yield an endpoint's pages from a position on, each with the position after it.

    Args:
        client: Of the source.
        endpoint: What to pull.
        position: Where the last pull stopped or ended.
        now: The end of a new run (UTC).
        start: Where the very first run begins; None: as far back as is usual.

    Raises:
        PullError: The vendor does not answer, or not as described.
    """
    run = position.run or _begin(client, endpoint, position, now, start)
    while True:
        try:
            for answer in _answers(client, endpoint, position, run):
                if _was_cut(endpoint, run, answer):
                    run = _half(run)
                    break
                page = _page(client, endpoint, position, run, answer)
                position = page.position
                yield page
                if position.run is None:
                    return
                run = position.run
                if run.request is None:
                    break
        except RefusedRequestError:
            if not _was_too_much(endpoint, run):
                raise
            run = _half(run)


def _begin(
    client: ApiClient, endpoint: Endpoint, position: Position, now: datetime, start: datetime | None
) -> Run:
    since, until = endpoint.since, now
    if since is None:
        at_first = FIRST
    else:
        until = now - since.lag
        usual = until - FIRST_STRETCH if since.step else FIRST
        known = moment(position.since) if position.since else None
        at_first = known - since.lookback if known else (start or usual)
        if since.step:
            at_first = _floor(at_first, since.step)
    run = Run(
        at=_text(at_first),
        to=_text(_end(endpoint, at_first, until)),
        until=_text(until),
        high=position.since,
    )
    return run if endpoint.each is None else replace(run, parents=_parents(client, endpoint, run))


def _parents(client: ApiClient, endpoint: Endpoint, run: Run) -> tuple[str, ...]:
    assert endpoint.each is not None  # noqa: S101 - asked for those only
    told = next(e for e in client.api.endpoints if e.name == endpoint.each.endpoint)
    told = replace(told, params={**told.params, **endpoint.each.params})
    values = _values(run, Position())
    found = [
        str(at(record, endpoint.each.id))
        for answer in client.pages(told, values, None)
        for record in answer.records
    ]
    return tuple(dict.fromkeys(found))


def _answers(
    client: ApiClient, endpoint: Endpoint, position: Position, run: Run
) -> Iterator[Answer]:
    if run.parents == () or _time(run.at) > _time(run.to):
        yield Answer([], None, None)
    else:
        yield from client.pages(endpoint, _values(run, position), run.request)


def _page(
    client: ApiClient, endpoint: Endpoint, position: Position, run: Run, answer: Answer
) -> Page:
    records = answer.records
    each = endpoint.each
    if each and each.adds and run.parents:
        records = [r if each.adds in r else {**r, each.adds: run.parents[0]} for r in records]
    found: dict[str, Any] = {endpoint.name: records}
    for beside in endpoint.beside:
        told = [at(record, beside.of or endpoint.key or "id") for record in records]
        ids = list(dict.fromkeys(str(number) for number in told if number is not None))
        found[beside.name] = client.beside(beside, ids, _values(run, position))
    return Page(found, _after(endpoint, position, run, answer))


def _after(endpoint: Endpoint, position: Position, run: Run, answer: Answer) -> Position:
    """Return where the pull stands after a page."""
    since = endpoint.since
    run = replace(
        run,
        high=_high(endpoint, run, answer),
        request=answer.following,
        taken=run.taken + len(answer.records),
    )
    number = position.page + 1
    if since and since.most and run.taken >= since.most and run.request and run.high:
        run = replace(run, at=run.high, request=None, taken=0)
        return replace(position, page=number, run=run)
    if run.request is not None:
        return replace(position, page=number, run=run)
    run = replace(run, taken=0)
    if run.parents and len(run.parents) > 1:
        return replace(position, page=number, run=replace(run, parents=run.parents[1:]))
    if since and _time(run.to) < _time(run.until):
        stretch = _end(endpoint, _time(run.to), _time(run.until))
        return replace(position, page=number, run=replace(run, at=run.to, to=_text(stretch)))
    if since is None:
        return Position(page=number)
    ends = run.until if since.field is None else _ended(run)
    token = at(answer.body, since.token) if since.token else None
    return Position(since=ends, token=token or position.token, page=number)


def _ended(run: Run) -> str | None:
    """Return the highest time seen, but no later than the run's end.

    What changed while the run went on may have been missed by its pages.
    """
    if run.high is None:
        return run.at
    return _text(min(_time(run.high), _time(run.until)))


def _high(endpoint: Endpoint, run: Run, answer: Answer) -> str | None:
    if endpoint.since is None or endpoint.since.field is None:
        return run.high
    path = endpoint.since.field
    told = [moment(value) for r in answer.records if (value := at(r, path)) is not None]
    known = [value for value in told if value is not None]
    if run.high is not None:
        known.append(_time(run.high))
    return _text(max(known)) if known else None


def _was_cut(endpoint: Endpoint, run: Run, answer: Answer) -> bool:
    full = endpoint.since.full if endpoint.since else None
    return (
        full is not None
        and len(answer.records) >= full
        and _time(run.to) - _time(run.at) > SHORTEST
    )


def _was_too_much(endpoint: Endpoint, run: Run) -> bool:
    halves = endpoint.since is not None and endpoint.since.halves
    return halves and run.request is None and _time(run.to) - _time(run.at) > HOUR


def _half(run: Run) -> Run:
    middle = _time(run.at) + (_time(run.to) - _time(run.at)) / 2
    return replace(run, to=_text(middle.replace(microsecond=0)))


def _values(run: Run, position: Position) -> dict[str, object]:
    to = _time(run.to)
    return {
        "since": Moment(_time(run.at)),
        "until": Moment(to),
        "last": Moment(to - timedelta(seconds=1)),
        "parent": run.parents[0] if run.parents else "",
        "token": position.token,
    }


def _end(endpoint: Endpoint, at_first: datetime, until: datetime) -> datetime:
    step = endpoint.since.step if endpoint.since else None
    return until if step is None else min(at_first + step, until)


def _floor(time: datetime, step: timedelta) -> datetime:
    if step >= DAY:
        return time.replace(hour=0, minute=0, second=0, microsecond=0)
    return time.replace(minute=0, second=0, microsecond=0) if step >= HOUR else time


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _text(time: datetime) -> str:
    return time.isoformat()
