"""Landed pages: a source's records on disk before they are loaded.

`landing/SOURCE/ENDPOINT/000001.jsonl` holds a page's records as the API gave them, one a line;
`000001.OTHER.jsonl` what was asked for beside them; `000001.json` where the pull goes on. That
last file is written last: a page without it has not landed, and is pulled again.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.pulling.position import Position, position_from

JOINED = "joined"
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: records by the name of what they are, and where the pull goes on after it."""

    records: Mapping[str, Sequence[Record]]
    position: Position


class Landing:
    """The landed pages of one endpoint of one source."""

    def __init__(self, workspace: Path, source: str, endpoint: str) -> None:
        """Name the folder; the first page creates it."""
        self.endpoint = endpoint
        self.folder = workspace / "landing" / source / endpoint

    def land(self, page: Page) -> None:
        """Write a page durably, its position last."""
        self.folder.mkdir(parents=True, exist_ok=True)
        stem = f"{page.position.page:06d}"
        for name, records in page.records.items():
            suffix = ".jsonl" if name == self.endpoint else f".{name}.jsonl"
            text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
            _write(self.folder / f"{stem}{suffix}", text)
        _write(self.folder / f"{stem}.json", page.position.to_text())

    def last(self, loaded: Position) -> Position:
        """Return where the pull stands: after the last landed page, else where the store says."""
        numbers = self._numbers()
        if not numbers or numbers[-1] <= loaded.page:
            return loaded
        return position_from(self._state(numbers[-1]).read_text(encoding="utf-8"))

    def clear(self, upto: int | None = None) -> None:
        """Remove the pages up to a number (those are loaded), or all."""
        for number in self._numbers():
            if upto is None or number <= upto:
                # The position goes first: without it the page counts as not landed.
                self._state(number).unlink()
        left = {f"{number:06d}" for number in self._numbers()}
        if self.folder.exists():
            for file in self.folder.iterdir():
                if file.name[:6] not in left:
                    file.unlink()

    def files(self) -> dict[str, list[Path]]:
        """Return the landed files with records in them, by the name of what they hold."""
        found: dict[str, list[Path]] = {}
        for number in self._numbers():
            for file in sorted(self.folder.glob(f"{number:06d}*.jsonl")):
                if file.stat().st_size:
                    parts = file.name.split(".")
                    found.setdefault(parts[1] if len(parts) > 2 else self.endpoint, []).append(file)
        return found

    def pages(self) -> int:
        """Return how many pages have landed."""
        return len(self._numbers())

    def _numbers(self) -> list[int]:
        return sorted(int(file.stem) for file in self.folder.glob("*.json") if file.stem.isdigit())

    def _state(self, number: int) -> Path:
        return self.folder / f"{number:06d}.json"


def join(landings: Iterable[Landing], folder: Path, keys: Mapping[str, str | None]) -> Path | None:
    """Put each endpoint's pages into one file, `ENDPOINT.jsonl`; None where nothing has landed.

    A record that landed twice, because the vendor's pages moved while they were read, is taken
    once: `keys` names the endpoints whose records have an id of their own.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    found = False
    for landing in landings:
        for name, files in landing.files().items():
            found = True
            with (folder / f"{name}.jsonl").open("ab") as joined:
                joined.writelines(_once(files) if keys.get(name) else _lines(files))
    return folder if found else None


def _lines(files: Iterable[Path]) -> Iterator[bytes]:
    for file in files:
        with file.open("rb") as handle:
            yield from handle


def _once(files: Iterable[Path]) -> Iterator[bytes]:
    seen: set[bytes] = set()
    for line in _lines(files):
        mark = hashlib.blake2b(line, digest_size=12).digest()
        if mark not in seen:
            seen.add(mark)
            yield line


def _write(target: Path, text: str) -> None:
    draft = target.with_name(target.name + ".part")
    with draft.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(target)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
