"""What an import tells its user: how far it is, what became of each file, how files will be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tools.connectors.contract import Meaning
from tools.connectors.files import UnreadFile


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is."""

    file: str
    step: str
    """What is being done: reading, understanding, writing, done."""
    rows: int
    """Rows done in this file so far."""
    rows_expected: int
    """About how many the file has; exact once it is read."""
    files_done: int
    files: int
    seconds: float
    """Since the import began."""


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that could not be used."""

    file: str
    line: int
    field: str
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file."""

    name: str
    connector: str
    source: str
    rows_read: int = 0
    rows_taken: int = 0
    rows_duplicate: int = 0
    rows_rejected: int = 0
    events: int = 0
    """New events."""
    persons: int = 0
    """Persons who have new events."""
    already_loaded: bool = False
    columns: tuple[Meaning, ...] = ()
    warnings: tuple[str, ...] = ()
    accounts: Mapping[str, int] = field(default_factory=dict)
    """What the rows are: events, exposures, notes, ..., rejected; they add up to `rows_read`."""
    error: str | None = None
    """Why nothing of the file was taken; None when something was."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an import did."""

    files: tuple[FileReport, ...]
    unread: tuple[UnreadFile, ...]
    rejects: tuple[Reject, ...]
    """The first few rejected rows; all of them stand in `rejected_row`."""
    events: int
    """Events in the store now."""
    persons: int
    """Persons with events in the store now."""
    touchpoints: int
    seconds: float

    @property
    def changed(self) -> bool:
        """Tell whether anything new was taken."""
        return any(file.rows_taken for file in self.files)


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as it will read."""

    line: int
    person: str | None
    occurred_at: datetime | None
    touchpoint: str | None
    channel: str | None
    session: str | None
    value: float | None
    properties: str | None


@dataclass(frozen=True, slots=True)
class FilePreview:
    """How one file will be read."""

    name: str
    connector: str
    source: str
    columns: tuple[Meaning, ...]
    first_rows: tuple[PreviewRow, ...]
    rows: int
    """Rows looked at."""
    rows_expected: int
    already_loaded: bool
    warnings: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """How an import will read its files; nothing is written."""

    files: tuple[FilePreview, ...]
    unread: tuple[UnreadFile, ...]
