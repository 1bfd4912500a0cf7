"""A workspace whose loads are only written down: what a vendor's pull landed, record by record."""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import NoKeyringError, PasswordDeleteError

from tests.api_server import ApiServer
from tests.api_vendors import NOW, START, Vendor, environment, tuned
from tools.connectors.contract import ImportOptions
from tools.ingest import FileReport, IngestReport
from tools.pulling import loading, registry
from tools.pulling.landing import Landing
from tools.pulling.patience import Patience
from tools.pulling.report import SourceReport
from tools.pulling.sources import Source, add_source
from tools.pulling.sync import sync
from tools.store.door import Store
from tools.store.workspace import Workspace

LAND = Landing.land
QUICK = Patience(attempts=4, backoff_seconds=0.001, job_wait_seconds=0.0, timeout_seconds=5)


class Kill(BaseException):
    """The process dies here."""


class DeskWorkspace(Workspace):
    """A workspace whose store is one in memory: what a load writes is there at once."""

    def __init__(self, path: Path, store: Store) -> None:
        super().__init__(path)
        self.desk = store

    def read(self) -> Store:
        return self.desk

    @contextmanager
    def write(self) -> Iterator[Store]:
        yield self.desk


@dataclass
class Account:
    """One vendor, its server, and a workspace that pulls from it."""

    vendor: Vendor
    server: ApiServer
    workspace: Workspace
    monkeypatch: pytest.MonkeyPatch
    keys: dict[str, str]
    loads: list[dict[str, list[dict[str, Any]]]] = field(default_factory=list)

    def sync(self, now: datetime = NOW) -> SourceReport:
        told = sync(self.workspace, now=now, environment=self.keys, patience=QUICK)
        return told.sources[0]

    def numbers(self) -> list[str]:
        """Return the ids of all records of the vendor's endpoint that were loaded, in order."""
        return [
            self.vendor.number(record)
            for load in self.loads
            for record in load.get(self.vendor.endpoint, ())
        ]

    def live(self) -> None:
        """Let the process die no more."""
        self.monkeypatch.setattr(Landing, "land", LAND)

    def die_after(self, pages: int) -> None:
        """Let the process die when the next page but `pages` lands."""
        left = [pages]

        def dying(landing: Landing, page: Any) -> None:
            if not left[0]:
                raise Kill
            left[0] -= 1
            LAND(landing, page)

        self.monkeypatch.setattr(Landing, "land", dying)


def account(
    vendor: Vendor,
    server: ApiServer,
    path: Path,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    only: Sequence[str] = (),
) -> Account:
    """Return a source of this vendor, configured and ready."""
    monkeypatch.setitem(registry.APIS, vendor.name, tuned(registry.APIS[vendor.name]))
    workspace = DeskWorkspace(path, store)
    store.execute("DELETE FROM source_cursor")
    told = {**vendor.settings, "base_url": server.base, "token_url": f"{server.base}/oauth/token"}
    names = tuple(only) or (vendor.endpoint,)
    add_source(workspace, Source(vendor.name, vendor.name, told, START.date(), names))
    made = Account(vendor, server, workspace, monkeypatch, environment(vendor))

    def take_in(
        _: Workspace,
        paths: Sequence[Path],
        options: ImportOptions,
        *,
        loaded_at: datetime,
        also: Any,
        **__: object,
    ) -> object:
        assert options.source == vendor.name
        files = sorted(paths[0].rglob("*.jsonl"))
        found = {f.stem: [json.loads(line) for line in f.read_text().splitlines()] for f in files}
        reports = tuple(
            FileReport(
                f"{vendor.name}/{name}.jsonl", "x", "x", rows_read=len(rows), rows_taken=len(rows)
            )
            for name, rows in found.items()
        )
        report = IngestReport(reports, (), (), 0, 0, 0, 0.0)
        also(store, report)
        made.loads.append(found)
        return SimpleNamespace(ingest=report)

    monkeypatch.setattr(loading, "take_in", take_in)
    monkeypatch.setattr(os, "fsync", lambda _: None)  # another test kills a real process
    return made


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 1.0

    def __init__(self, told: dict[str, str] | None = None, *, broken: bool = False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.told, self.broken = told or {}, broken

    def get_password(self, service: str, username: str) -> str | None:
        if self.broken:
            raise NoKeyringError
        return self.told.get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.broken:
            raise NoKeyringError
        self.told[f"{service}/{username}"] = password

    def delete_password(self, service: str, username: str) -> None:
        raise PasswordDeleteError(f"{service}/{username}")


def put(path: Path, numbers: range) -> None:
    with closing(sqlite3.connect(path)) as connection:
        start = datetime(2026, 5, 1)  # noqa: DTZ001 - as a base has it
        rows = [
            (n, f"p{n % 7}@x.com", str(start + timedelta(hours=n // 3)), f"Page {n % 4}")
            for n in numbers
        ]
        connection.executemany("INSERT INTO visits VALUES (?, ?, ?, ?)", rows)
        connection.commit()


def new_base(path: Path, visits: int) -> Path:
    """Return an SQLite base with so many visits; three share each time."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE visits (id INTEGER, who TEXT, at TEXT, what TEXT)")
        connection.commit()
    put(path, range(visits))
    return path
