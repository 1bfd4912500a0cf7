"""Where a pull stands: what is written with every landed page, and into `source_cursor`.

One text says both where a finished pull goes on next time and where an unfinished one is resumed.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Run:
    """A pull under way: the stretch of time being asked for, and the request that comes next."""

    at: str
    """The stretch's beginning and end, and the run's end; ISO times, here and below."""
    to: str
    until: str
    high: str | None = None
    """The highest time of change seen."""
    parents: tuple[str, ...] | None = None
    """Whose records are still to be asked for; the first one's are being asked for."""
    request: dict[str, Any] | None = None
    """The next request, where the stretch has more pages."""
    taken: int = 0
    """Records since the vendor began to count."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where an endpoint's pull stands."""

    since: str | None = None
    """From when on the next run asks; None: from the beginning."""
    token: str | None = None
    """The vendor's own cursor for the next run."""
    page: int = 0
    """The number of the last landed page."""
    run: Run | None = None

    def to_text(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def next(self) -> str:
        """Say where the next pull goes on, in a word for people."""
        if self.run is not None:
            return f"resumes after page {self.page}"
        return self.since or self.token or "from the beginning"


def position_from(text: str | None) -> Position:
    """Read what `to_text` wrote; None: from the beginning."""
    if text is None:
        return Position()
    told = json.loads(text)
    run = told.pop("run")
    if run is not None:
        parents = run.pop("parents")
        run = Run(parents=None if parents is None else tuple(parents), **run)
    return Position(run=run, **told)
