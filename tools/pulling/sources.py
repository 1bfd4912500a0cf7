"""The configured sources: `[sources.NAME]` in the workspace's settings, without keys."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from tools.errors import InvalidArgumentError, unknown
from tools.pulling.keys import variable_of
from tools.pulling.registry import api_of
from tools.store.workspace import Workspace

NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
LIKE_A_KEY = re.compile(
    r"password|passwd|secret|token(?!_url)|api_?key|credential|private", re.IGNORECASE
)
ROLES = ("person", "time", "event", "session", "channel", "campaign", "value", "currency")
OWN = ("vendor", "start", "only", "database", "table", "query", "cursor", "columns", "day_first")
ALWAYS = ("base_url", "token_url")


@dataclass(frozen=True, slots=True)
class Database:
    """A table or a query of an SQL database, and how its columns read."""

    url: str
    table: str | None = None
    query: str | None = None
    cursor: str | None = None
    """The column that grows: a time of change, or a number. None: all rows, every time."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Role -> column, as `desirepath import` takes them; what is left out is told from the data."""
    day_first: bool | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One configured source: a vendor's API, or a database."""

    name: str
    vendor: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    """What the vendor's addresses need: a subdomain, an account."""
    start: date | None = None
    """How far back the first pull goes; None: as far as is usual."""
    only: tuple[str, ...] = ()
    """The endpoints to pull; empty: all."""
    database: Database | None = None

    @property
    def key_names(self) -> tuple[str, ...]:
        """Return the names of the environment variables that its keys are in."""
        if self.database is not None:
            return (variable_of(self.name, "PASSWORD"),)
        return api_of(str(self.vendor)).keys()

    @property
    def begins(self) -> datetime | None:
        """Return `start` as a time."""
        day = self.start
        return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)


def sources(workspace: Workspace) -> tuple[Source, ...]:
    """Return the configured sources, in the order of the file.

    Raises:
        InvalidArgumentError: The file cannot be read, or says something unknown.
    """
    table = _document(workspace).unwrap().get("sources", {})
    if not isinstance(table, dict) or not all(isinstance(v, dict) for v in table.values()):
        raise InvalidArgumentError(f"{workspace.settings}: [sources] holds one table per source.")
    return tuple(_source(name, dict(told)) for name, told in table.items())


def source_named(workspace: Workspace, name: str) -> Source:
    """Return one configured source.

    Raises:
        InvalidArgumentError: There is none of this name.
    """
    known = {source.name: source for source in sources(workspace)}
    if name not in known:
        raise InvalidArgumentError(unknown("source", "configured source", name, known))
    return known[name]


def add_source(workspace: Workspace, source: Source) -> Source:
    """Write a source into the settings, or change it; comments in the file stay.

    Raises:
        InvalidArgumentError: Something is missing, unknown, or a key.
    """
    told = _told(source)
    checked = _source(source.name, dict(told))
    document = _document(workspace)
    table = document.setdefault("sources", tomlkit.table(is_super_table=True))
    table[source.name] = tomlkit.item(told)
    _save(workspace, document)
    return checked


def remove_source(workspace: Workspace, name: str) -> Source:
    """Take a source out of the settings; what it brought stays.

    Raises:
        InvalidArgumentError: There is none of this name.
    """
    gone = source_named(workspace, name)
    document = _document(workspace)
    document["sources"].pop(name)
    _save(workspace, document)
    return gone


def _source(name: str, told: dict[str, Any]) -> Source:
    where = f"sources.{name}"
    if not NAME.fullmatch(name):
        raise InvalidArgumentError(
            f"{where}: a source's name has small letters, digits, _ and - only."
        )
    for setting in told:
        if LIKE_A_KEY.search(setting):
            raise InvalidArgumentError(
                f"{where}: '{setting}' looks like a key. Keys do not belong in the settings: "
                f"`desirepath sources keys {name}` says where they go."
            )
    if "database" in told:
        return _database_source(name, told)
    api = api_of(str(told.get("vendor", name)))
    known = (*api.settings, *api.defaults, *ALWAYS)
    settings = {key: str(value) for key, value in told.items() if key not in OWN}
    if strange := sorted(set(settings) - set(known)):
        raise InvalidArgumentError(unknown(where, "setting", strange[0], known))
    if missing := [key for key in api.settings if not settings.get(key)]:
        raise InvalidArgumentError(
            f"{where}: {api.vendor} needs {', '.join(missing)}: `--set {missing[0]}=...`."
        )
    only = tuple(str(endpoint) for endpoint in told.get("only", ()))
    names = [endpoint.name for endpoint in api.endpoints]
    for endpoint in only:
        if endpoint not in names:
            raise InvalidArgumentError(unknown(f"{where}.only", "endpoint", endpoint, names))
    return Source(name, api.vendor, settings, _day(where, told.get("start")), only)


def _database_source(name: str, told: dict[str, Any]) -> Source:
    where = f"sources.{name}"
    url = str(told["database"])
    if re.search(r"://[^/@]*:[^/@]+@", url) or LIKE_A_KEY.search(url.partition("?")[2]):
        raise InvalidArgumentError(
            f"{where}: the database's address holds a password. Leave it out "
            f"(postgresql://reader@host/base); `desirepath sources keys {name}` says where it goes."
        )
    if bool(told.get("table")) == bool(told.get("query")):
        raise InvalidArgumentError(f"{where}: name a table or a query, and not both.")
    columns = {str(role): str(column) for role, column in dict(told.get("columns", {})).items()}
    if strange := sorted(set(columns) - set(ROLES)):
        raise InvalidArgumentError(unknown(f"{where}.columns", "role", strange[0], ROLES))
    text = {key: str(told[key]) if told.get(key) else None for key in ("table", "query", "cursor")}
    database = Database(url, columns=columns, day_first=told.get("day_first"), **text)
    return Source(name, start=_day(where, told.get("start")), database=database)


def _told(source: Source) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if source.vendor:
        told["vendor"] = source.vendor
    if source.database:
        base = source.database
        told["database"] = base.url
        told |= {k: v for k in ("table", "query", "cursor") if (v := getattr(base, k))}
        if base.day_first is not None:
            told["day_first"] = base.day_first
    told |= source.settings
    if source.start:
        told["start"] = source.start
    if source.only:
        told["only"] = list(source.only)
    if source.database and source.database.columns:
        told["columns"] = dict(source.database.columns)
    return told


def _day(where: str, value: object) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise InvalidArgumentError(f"{where}.start: '{value}' is no day like 2026-01-31.") from None


def _document(workspace: Workspace) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(workspace.settings.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as fault:
        raise InvalidArgumentError(f"{workspace.settings}: cannot be read: {fault}") from fault


def _save(workspace: Workspace, document: tomlkit.TOMLDocument) -> None:
    workspace.path.mkdir(parents=True, exist_ok=True)
    draft = workspace.settings.with_name("settings.toml.part")
    draft.write_text(tomlkit.dumps(document), encoding="utf-8")
    draft.replace(workspace.settings)
