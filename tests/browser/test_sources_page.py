"""A folder of mixed files dropped on the page ends in one journey map, with no question asked."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve
from tests.browser.test_real_page import OVERFLOW, settled
from tools.sample.company import generate

pytestmark = pytest.mark.browser
Tab = Callable[..., Page]
FILES = 15


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of fifteen files of nine systems, side by side."""
    made, folder = tmp_path_factory.mktemp("made"), tmp_path_factory.mktemp("mixed")
    generate(made, persons=120)
    found = sorted(path for path in made.rglob("*.*") if path.is_file())
    visits = [path for path in found if path.parent.name == "ga4"]
    others = [path for path in found if path.parent.name != "ga4"]
    for path in [*others, *visits][:FILES]:
        shutil.copy(path, folder / f"{path.parent.name}-{path.name}")
    return folder


def test_a_folder_of_mixed_files_ends_in_one_map_of_journeys(
    tmp_path: Path, mixed: Path, serve: Serve, tab: Tab
) -> None:
    page = tab(serve(tmp_path / "workspace"))
    page.get_by_text("A whole folder").click()
    settled(page)
    page.locator("input[type=file]").set_input_files(str(mixed))
    expect(page.get_by_text(f"{FILES} tables of 9 sources")).to_be_visible()
    page.get_by_role("button", name=f"Import {FILES} files").click()
    expect(page.get_by_text("rows are in")).to_be_visible()
    expect(page.get_by_text("From the first touch to Subscription started")).to_be_visible()
    expect(page.locator('[data-testid="stEChartsChart"]')).to_be_visible()
    page.get_by_role("button", name="Start asking").click()
    settled(page)
    page.locator(".st-key-add-data button").click()
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
    settled(page)
    page.get_by_role("tab", name="Who is who").click()
    expect(page.get_by_text("People found in two sources")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)
    assert page.evaluate(OVERFLOW) <= 0
