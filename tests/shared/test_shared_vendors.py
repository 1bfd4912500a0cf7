"""Every export of every system, as a warehouse lands it: recognised, mapped, accounted for."""

import os
import shutil
from pathlib import Path

import pytest

from tests.intake import LOADED_AT
from tools.connectors.contract import ImportOptions
from tools.connectors.files import find_files, unpacked
from tools.connectors.registry import connectors_for
from tools.connectors.staging import stage
from tools.ingest import ingest
from tools.journeys.sources import sources
from tools.store.workspace import memory_store

pytestmark = pytest.mark.shared
EXPORTS = Path(os.environ.get("DESIREPATH_SHARED", "../shared")) / "data" / "vendor_exports"
SYSTEMS = {"ga4_export": "ga4", "linkedin": "linkedin_ads"}
FOLDERS = sorted(path.name for path in EXPORTS.iterdir()) if EXPORTS.exists() else []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_row_of_a_systems_exports_stands_under_one_kind(folder: str) -> None:
    store = memory_store()
    report = ingest(store, [EXPORTS / folder], loaded_at=LOADED_AT)
    system = SYSTEMS.get(folder, folder)
    strangers = [f.name for f in report.files if f.connector.split(" ")[0] != system]
    assert not strangers
    for file in report.files:
        assert not file.error, file.name
        if not file.already_loaded:
            assert sum(file.accounts.values()) == file.rows_read, file.name
            assert file.rows_read == file.rows_taken + file.rows_duplicate + file.rows_rejected
    assert all(source.unaccounted == 0 for source in sources(store))
    assert store.value("SELECT count(*) FROM rejected_row WHERE reason = ''") == 0


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_file_is_recognised_by_itself_under_its_own_name(folder: str, tmp_path: Path) -> None:
    system = SYSTEMS.get(folder, folder)
    alone = tmp_path / "a" / "b"
    alone.mkdir(parents=True)
    wrong = {}
    for path in sorted((EXPORTS / folder).glob("*.csv")):
        store = memory_store()
        shutil.copy(path, alone / path.name)
        files, _ = find_files([alone / path.name], tmp_path)
        staged = stage(store, unpacked(files[0], tmp_path), tmp_path)
        found = connectors_for(staged.raw, ImportOptions())[0].name
        if found.split(" ")[0] != system:
            wrong[path.name] = found
        store.close()
    assert not wrong
