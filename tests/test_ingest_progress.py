import itertools
from pathlib import Path

from tests.intake import LOADED_AT, write
from tools.ingest import Progress, ingest
from tools.store.workspace import memory_store


def test_progress_names_the_file_never_goes_back_and_ends_with_all_rows(tmp_path: Path) -> None:
    rows = "".join(f"u{n % 50},2026-01-01 10:00:{n % 60:02},visit\n" for n in range(2000))
    path = write(tmp_path, "log.csv", "user_id,time,event\n" + rows)
    told: list[Progress] = []
    ingest(memory_store(), [path], loaded_at=LOADED_AT, progress=told.append)
    assert {progress.file for progress in told} == {"log.csv"}
    assert [p.step for p in told if p.step != told[0].step][-1] == "done"
    shares = [progress.rows / max(progress.rows_expected, 1) for progress in told]
    assert all(b >= a - 0.01 for a, b in itertools.pairwise(shares))
    assert (told[-1].rows, told[-1].rows_expected) == (2000, 2000)
