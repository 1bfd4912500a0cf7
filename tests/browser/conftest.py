"""A served page on a workspace of its own, and a browser tab on it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
START_SECONDS = 90
Serve = Callable[..., str]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the machine's own Chromium once for all tests."""
    told = os.environ.get("DESIREPATH_CHROMIUM")
    found = told or next(filter(None, map(shutil.which, BROWSERS)), None)
    assert found, f"no browser: install one of {', '.join(BROWSERS)}, or set DESIREPATH_CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Return a function that serves a workspace and returns the page's address."""
    servers: list[subprocess.Popen[bytes]] = []

    def start(workspace: Path, **environment: str) -> str:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        code = f"from pathlib import Path; from ui.launch import serve; serve(Path({str(workspace)!r}), {port}, True)"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "DESIREPATH_"))}
        with (tmp_path / "server.log").open("ab") as log:
            server = subprocess.Popen(
                [sys.executable, "-c", code],
                cwd=ROOT,
                env=kept | environment,
                stdout=log,
                stderr=log,
            )
        servers.append(server)
        address = f"http://127.0.0.1:{port}"
        _wait(server, address, tmp_path / "server.log")
        return address

    yield start
    for server in servers:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens an address in a tab of the given width."""
    pages: list[Page] = []

    def visit(address: str, width: int = 1440, height: int = 900) -> Page:
        page = chromium.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(60_000)
        pages.append(page)
        page.goto(address)
        return page

    yield visit
    for page in pages:
        page.close()


def _wait(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):  # noqa: S310 - its own server
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"the page's server did not start:\n{log.read_text()[-3000:]}")
