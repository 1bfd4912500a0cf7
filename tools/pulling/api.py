"""How a vendor's API is described: where its records are, how it pages, what continues a pull.

Texts in paths, parameters and bodies may hold `{since:iso}`, `{until:epoch}`, `{last:date}`, a
setting of the source (`{subdomain}`) or the id of a parent record (`{parent}`). Forms of a time:
`iso`, `seconds` (ISO without fractions), `epoch`, `ms`, `date`, or any strftime form. A text that is
nothing but a time in `epoch` or `ms` becomes a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Bearer:
    """`Authorization: Bearer KEY`."""

    key: str
    """The name of the environment variable, here and below."""


@dataclass(frozen=True, slots=True)
class HeaderKey:
    """A header of the vendor's own that holds the key."""

    header: str
    key: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Basic:
    """Basic authentication; `user` is a key's name, or a text that the vendor prescribes."""

    user: str
    password: str | None
    user_is_key: bool = True


@dataclass(frozen=True, slots=True)
class Token:
    """An access token that is fetched with other keys and runs out (OAuth 2)."""

    url: str
    """Absolute, or below the API's base."""
    client_id: str
    client_secret: str
    refresh_token: str | None = None
    """With one, a refresh; without, client credentials."""


Auth = Bearer | HeaderKey | Basic | Token


@dataclass(frozen=True, slots=True)
class OnePage:
    """Everything comes in one answer."""


@dataclass(frozen=True, slots=True)
class NextLink:
    """The address of the next page stands in the answer's body."""

    path: str
    stop: str | None = None
    """A flag in the body that says that there is no more."""


@dataclass(frozen=True, slots=True)
class LinkHeader:
    """The address of the next page stands in the header `Link`."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference from the body goes into the next request."""

    path: str
    param: str | None = None
    body: str | None = None
    more: str | None = None
    """A flag in the body that says that there is more."""
    stop: str | None = None
    """A flag in the body that says that there is no more."""
    present: str | None = None
    """Something that the body has only while there is more."""
    drops: tuple[str, ...] = ()
    """Parameters that only the first request has."""


@dataclass(frozen=True, slots=True)
class LastRecord:
    """A field of the page's last record goes into the next request."""

    param: str
    field: str
    more: str | None = None
    full: int | None = None
    """The size of a full page: a shorter one is the last."""


@dataclass(frozen=True, slots=True)
class Offset:
    """So many records are skipped."""

    param: str
    limit_param: str
    limit: int
    total: str | None = None


@dataclass(frozen=True, slots=True)
class PageNumber:
    """Pages are counted; without `total` (of pages) an empty page ends it."""

    param: str
    first: int = 1
    total: str | None = None


Paging = OnePage | NextLink | LinkHeader | Reference | LastRecord | Offset | PageNumber


@dataclass(frozen=True, slots=True)
class Since:
    """What makes a pull incremental: the request says from when on, and perhaps until when."""

    field: str | None = None
    """The record's time of change: its highest value is where the next pull begins. None: the
    next pull begins where the last one's time ended."""
    lookback: timedelta = timedelta(0)
    """Ask again for the last so much: late and restated records come in; what is known adds nothing."""
    lag: timedelta = timedelta(0)
    """The newest so much is not to be had yet."""
    step: timedelta | None = None
    """The longest stretch that one request may ask for."""
    full: int | None = None
    """An answer with so many records was cut: the stretch is halved."""
    halves: bool = False
    """A request that is refused is for too much: the stretch is halved."""
    most: int | None = None
    """After so many records the vendor pages no further: ask anew from the highest time."""
    token: str | None = None
    """The vendor's own cursor in the answer, and the parameter that takes it."""
    token_param: str | None = None


@dataclass(frozen=True, slots=True)
class Each:
    """The endpoint is asked once for every record of another one."""

    endpoint: str
    id: str = "id"
    """The parent's field that tells it from others."""
    adds: str | None = None
    """The record's field for the parent's id; added where the vendor leaves it out."""
    params: Json = field(default_factory=dict)
    """Which parents only: with `{since:...}` those of late."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is asked for the records of each page: in batches, or one by one.

    With a body, `{inputs}` in it stands for `[{"id": ...}, ...]`; without, the path holds `{ids}`
    (with commas between them) or `{id}` (one GET per record).
    """

    name: str
    path: str
    body: Json | None = None
    records: str = ""
    batch: int = 100
    of: str | None = None
    """The record's field with the ids; None: its own."""
    key: str | None = "id"
    """The found records' own id."""


@dataclass(frozen=True, slots=True)
class Before:
    """A request that has to be made first: its token goes into the first page's parameter."""

    path: str
    params: Json
    token: str
    param: str


@dataclass(frozen=True, slots=True)
class Job:
    """An export that is ordered, waited for, and fetched."""

    number: str
    """Where the answer to the order has the job's number."""
    progress_path: str
    """With `{number}`."""
    status: str
    done: str
    failed: str
    file: str
    """Where the progress has the file's number."""
    file_path: str
    """With `{file}`."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One kind of record of an API."""

    name: str
    path: str
    records: str = ""
    """Where in the body the records are (`result.items`); empty: the body is the list."""
    params: Json = field(default_factory=dict)
    body: Json | None = None
    """With a body, the request is a POST."""
    paging: Paging = OnePage()
    since: Since | None = None
    key: str | None = None
    """The record's own id: the same record twice in one pull lands once."""
    form: Literal["json", "lines", "zip"] = "json"
    each: Each | None = None
    beside: tuple[Beside, ...] = ()
    before: Before | None = None
    job: Job | None = None
    empty_without: bool = False
    """The body has no `records` where there are none."""
    empty_is_404: bool = False


@dataclass(frozen=True, slots=True)
class Api:
    """One vendor."""

    vendor: str
    base: str
    auth: Auth
    endpoints: tuple[Endpoint, ...]
    settings: tuple[str, ...] = ()
    """What a source has to say, such as a subdomain."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    """What a source may say."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Texts with `{setting}`; a name with a leading `$` is a key's."""
    faults: Mapping[str, int] = field(default_factory=dict)
    """Codes in the body of a seemingly good answer, and the HTTP status that they mean."""
    fault_path: str | None = None

    def keys(self) -> tuple[str, ...]:
        """Return the names of the environment variables that the keys are in."""
        auth = self.auth
        named: list[str | None]
        if isinstance(auth, Basic):
            named = [auth.user if auth.user_is_key else None, auth.password]
        elif isinstance(auth, Token):
            named = [auth.client_id, auth.client_secret, auth.refresh_token]
        else:
            named = [auth.key]
        named += [value[1:] for value in self.headers.values() if value.startswith("$")]
        return tuple(name for name in named if name)
