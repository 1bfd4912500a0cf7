"""The same files in any order, in pieces, twice, or with a kill in between end in the same tables."""

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake import LOADED_AT
from tests.state import state
from tools.connectors.contract import ImportOptions
from tools.ingest import ingest
from tools.journeys.intake import take_in
from tools.sample.company import generate
from tools.store.workspace import Workspace

PERSONS = 16
PIECES = 2
LEFT_OUT = (
    "ga4/events_20251",
    "ga4/events_202604",
    "ga4/events_202605",
    "ga4/events_202606",
    "_ads/",
)
"""Files of the sample that say nothing that the others do not: the test would take longer."""
OWN = {
    # A campaign is named after its mails were clicked, and renamed later: the newest name counts.
    "klaviyo/campaigns.csv": "id,name,subject,status,created,updated,send_time\n"
    "c1,Welcome,Hi,sent,2026-01-01 00:00:00,2026-01-01 00:00:00,2026-01-02 00:00:00\n",
    "klaviyo/campaigns_renamed.csv": "id,name,subject,status,created,updated,send_time\n"
    "c1,Welcome 2,Hi,sent,2026-01-01 00:00:00,2026-03-01 00:00:00,2026-01-02 00:00:00\n",
    "klaviyo/more_events.csv": "id,person_id,email,metric_name,datetime,campaign_id,campaign_name,flow_id,flow_name,subject\n"
    "x1,p1,ann@shop.example,Clicked Email,2026-01-05T10:00:00+00:00,c1,,,,\n"
    "x2,p2,ben@shop.example,Opened Email,2026-01-05T11:00:00+00:00,c1,,,,\n",
    # The same mailbox, hashed by another system.
    "events/hashed.csv": "email,time,event\n"
    "6a0bf011a1fc1e9a8add1728704b8ddb5d9d2701ae295a65452d9f1f1cf91be5,2026-01-06 10:00:00,visit\n"
    "ann@shop.example,2026-01-07 10:00:00,visit\n",
}
Piece = tuple[str, bytes]


class KilledError(Exception):
    """The process is gone."""


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> list[Piece]:
    """Return the sample's exports and a few files more, in pieces that overlap nowhere."""
    folder = tmp_path_factory.mktemp("exports")
    generate(folder, persons=PERSONS)
    for name, text in OWN.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    cut = [piece for path in sorted(folder.rglob("*.*")) for piece in _cut(folder, path)]
    return [(name, data) for name, data in cut if not any(part in name for part in LEFT_OUT)]


def _cut(folder: Path, path: Path) -> Iterator[Piece]:
    """Cut a file at the ends of lines; each piece of a table keeps its header."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = data.splitlines(keepends=True)
    name = path.relative_to(folder).as_posix().removesuffix(".gz")
    head, rows = ([], lines) if ".json" in name else (lines[:1], lines[1:])
    size = max(1, -(-len(rows) // PIECES))
    for number, start in enumerate(range(0, len(rows), size)):
        stem, _, suffix = name.rpartition(".")
        yield f"{stem}-{number}.{suffix}", b"".join([*head, *rows[start : start + size]])


def _load(workspace: Workspace, folder: Path, pieces: Sequence[Piece]) -> None:
    for name, data in pieces:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    take_in(workspace, [folder], ImportOptions(), loaded_at=LOADED_AT, progress=lambda _: None)


@pytest.fixture(scope="module")
def whole(
    pieces: list[Piece], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[tuple[object, ...]]]:
    folder = tmp_path_factory.mktemp("whole")
    workspace = Workspace(folder / "workspace")
    _load(workspace, folder / "files", pieces)
    return state(workspace.read())


@settings(
    max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(chance=st.randoms(use_true_random=False), loads=st.integers(2, 4))
def test_any_order_pieces_repeats_and_kills_end_in_the_same_tables(
    pieces: list[Piece],
    whole: dict[str, list[tuple[object, ...]]],
    tmp_path_factory: pytest.TempPathFactory,
    chance: Random,
    loads: int,
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    workspace = Workspace(folder / "workspace")
    shuffled = list(pieces)
    chance.shuffle(shuffled)
    for number in range(loads):
        part = shuffled[number::loads]
        part += chance.sample(shuffled, 3)  # some come twice, in this load or in another
        _die_in_the_middle(workspace, folder / f"killed-{number}", part)
        _load(workspace, folder / f"load-{number}", part)
    for table, rows in state(workspace.read()).items():
        assert rows == whole[table], table


def _die_in_the_middle(workspace: Workspace, folder: Path, pieces: Sequence[Piece]) -> None:
    """Load some files and die before the end: nothing of it may be seen afterwards."""
    before = workspace.generation()
    for name, data in pieces[: len(pieces) // 2]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    with pytest.raises(KilledError):
        _killed(workspace, folder)
    assert workspace.generation() == before


def _killed(workspace: Workspace, folder: Path) -> None:
    with workspace.write() as store:
        ingest(store, [folder], loaded_at=LOADED_AT)
        raise KilledError
