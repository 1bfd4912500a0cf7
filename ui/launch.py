"""Start the page's server on one workspace."""

import os
import tomllib
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from streamlit import config
from streamlit.web import bootstrap

HERE = Path(__file__).parent
WORKSPACE_VARIABLE = "DESIREPATH_WORKSPACE"


def serve(workspace: Path, port: int, headless: bool, *, address: str = "127.0.0.1") -> None:
    """Serve the page until the process is told to stop.

    Args:
        workspace: The workspace's folder; an empty one shows the first run.
        port: Where to listen.
        headless: Open no browser window.
        address: Who may connect; this machine only, unless told.
    """
    os.environ[WORKSPACE_VARIABLE] = str(workspace)
    import_module("ui.session")  # slow to import: better before the first reader waits for it
    script = str(HERE / "app.py")
    config._main_script_path = script
    flags = settings() | {
        "server_port": port,
        "server_address": address,
        "server_headless": headless,
        "browser_serverAddress": "localhost",
    }
    bootstrap.load_config_options(flag_options=flags)
    bootstrap.run(script, is_hello=False, args=[], flag_options=flags)


def settings() -> dict[str, Any]:
    """Return the page's settings as Streamlit's flags: `theme_sidebar_backgroundColor`."""
    return dict(_flat(tomllib.loads((HERE / "page.toml").read_text(encoding="utf-8"))))


def _flat(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        found += _flat(value, f"{name}_") if isinstance(value, Mapping) else [(name, value)]
    return found
