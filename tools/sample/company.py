"""Generate the sample company: simulate its year, write the exports, say what was planted."""

from dataclasses import dataclass
from pathlib import Path

from tools.sample.exports.write import BadRow, WrittenFile, write_exports
from tools.sample.truths import TRUTHS, Truth
from tools.sample.year import simulate


@dataclass(frozen=True, slots=True)
class SampleCompany:
    """What was written, and what is true about it."""

    folder: Path
    files: tuple[WrittenFile, ...]
    persons: int
    """People who left at least one event."""
    events: int
    """Canonical events: what a touchpoint reads from, duplicates, bots and bad rows not counted."""
    journeys: int
    conversions: int
    bad_rows: tuple[BadRow, ...]
    truths: tuple[Truth, ...]
    """The truths planted: all but those left out."""


def generate(
    folder: Path,
    *,
    persons: int = 60_000,
    seed: int = 7,
    without: frozenset[str] = frozenset(),
) -> SampleCompany:
    """Write the sample company's exports under `folder`; the same arguments give the same bytes.

    Args:
        folder: Where to write; created if missing, files of a former run are replaced.
        persons: How many people come in the year; events grow with it (16 each).
        seed: The seed of all chance.
        without: Names of truths to leave out.

    Raises:
        InvalidArgumentError: `without` names no truth.
    """
    year = simulate(persons, seed, without)
    files, bad_rows = write_exports(year, folder)
    return SampleCompany(
        folder=folder,
        files=files,
        persons=int(year.events["person"].nunique()),
        events=len(year.events),
        journeys=int(year.events["journey"].nunique()),
        conversions=int(year.journeys["converted"].sum()),
        bad_rows=bad_rows,
        truths=tuple(truth for truth in TRUTHS if truth.name not in without),
    )
