from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.settings import OPENAI_MODEL, ModelSettings, load_settings
from tests.shop import Scripted, shop
from tools.errors import InvalidArgumentError
from tools.store.workspace import Workspace


def workspace(path: Path, text: str = "") -> Workspace:
    if text:
        (path / "settings.toml").write_text(text)
    return Workspace(path)


def test_nothing_configured_means_the_built_in_analyst(tmp_path: Path) -> None:
    assert load_settings(workspace(tmp_path), {}).is_built_in


def test_a_key_alone_means_openai(tmp_path: Path) -> None:
    told = load_settings(workspace(tmp_path), {"OPENAI_API_KEY": "k"})
    assert (told.model, told.base_url, told.api_key) == (OPENAI_MODEL, None, "k")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    place = workspace(
        tmp_path, '[model]\nmodel = "local"\nbase_url = "http://localhost:1/v1"\nretries = 0\n'
    )
    told = load_settings(place, {})
    assert (told.model, told.base_url, told.retries) == ("local", "http://localhost:1/v1", 0)
    told = load_settings(place, {"DESIREPATH_MODEL": "other", "OPENAI_BASE_URL": "http://b/v1"})
    assert (told.model, told.base_url, told.retries) == ("other", "http://b/v1", 0)


def test_the_built_in_analyst_can_be_chosen_whatever_else_is_set(tmp_path: Path) -> None:
    told = load_settings(
        workspace(tmp_path), {"OPENAI_API_KEY": "k", "DESIREPATH_MODEL": "built-in"}
    )
    assert told == ModelSettings()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[model]\napi_key = "k"\n', "keys do not belong"),
        ('[model]\ncolour = "red"\n', "no setting 'colour'"),
        ("[model\n", "cannot be read"),
        ('[model]\nbase_url = "http://localhost:1/v1"\n', "but no model"),
        ('[model]\nmodel = "m"\nbase_url = "http://x/v1"\nretries = "many"\n', "retries"),
    ],
)
def test_settings_that_do_not_fit_are_told(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InvalidArgumentError, match=says):
        load_settings(workspace(tmp_path, text), {})


def test_wrong_settings_leave_the_built_in_analyst_with_a_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DESIREPATH_MODEL", "OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    place = shop(tmp_path)
    place.settings.write_text("[model\n")
    assistant = Assistant(place, understanding=Scripted())
    answer = assistant.ask("How many buy?", conversation="a")
    assistant.close()
    assert answer.kind == "answer"
    assert "settings.toml: cannot be read" in (answer.notice or "")
