"""A zero between sources that share nobody says so."""

from pathlib import Path

import pytest

from tests.intake import LOADED_AT, write
from tools import catalog
from tools.connectors.contract import ImportOptions
from tools.journeys.intake import take_in
from tools.store.door import Store
from tools.store.workspace import Workspace


def company(folder: Path, buyer: str) -> Store:
    """Return a site and a shop: thirty visitors, and one buyer whom the shop knows by `buyer`."""
    site = "user_id,time,event\n" + "".join(
        f"u{n},2026-01-{n % 28 + 1:02},Pricing\n" for n in range(30)
    )
    shop = f"user_id,time,event\n{buyer},2026-01-29,purchase\n"
    workspace = Workspace(folder / "workspace")
    for source, text in (("site", site), ("shop", shop)):
        take_in(
            workspace,
            [write(folder, f"{source}.csv", text)],
            ImportOptions(source=source),
            loaded_at=LOADED_AT,
            progress=lambda _: None,
        )
    return workspace.read()


@pytest.mark.parametrize("name", ["overview", "paths", "drop_off"])
def test_an_analysis_across_sources_that_share_nobody_says_so(tmp_path: Path, name: str) -> None:
    result = catalog.call(company(tmp_path, "someone-else"), name, {})
    assert result.caveats[0].startswith("Nobody in site is known in shop, where this journey ends")
    assert result.caveats[0] in catalog.narrate(name, result).caveats


def test_a_funnel_names_the_steps_that_share_nobody(tmp_path: Path) -> None:
    result = catalog.call(
        company(tmp_path, "someone-else"), "funnel", {"steps": ["Pricing", "purchase"]}
    )
    assert any(
        told.startswith("Pricing comes from site and purchase from shop") for told in result.caveats
    )


def test_one_person_in_both_is_enough_to_be_silent(tmp_path: Path) -> None:
    result = catalog.call(company(tmp_path, "u3"), "overview", {})
    assert not any("Nobody in" in told for told in result.caveats)
