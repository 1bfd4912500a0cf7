"""The real page, from the first run to a click on the Sankey and back."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.conftest import Serve
from tests.page import events_csv, loaded
from tools.journeys.definition import load_definition

pytestmark = pytest.mark.browser
Tab = Callable[..., Page]
expect.set_options(timeout=60_000)
QUESTIONS = '[data-testid="stChatMessage"]:has([data-testid="stChatMessageAvatarUser"])'
ANSWERS = '[data-testid="stChatMessage"]:has([data-testid="stChatMessageAvatarAssistant"])'
ASK = "Ask about your customers' journeys"
OVERFLOW = (
    "() => Math.max(document.documentElement.scrollWidth - innerWidth, "
    "...[...document.querySelectorAll('[data-testid=stMain]')].map(e => e.scrollWidth - e.clientWidth))"
)
SMALL_TARGETS = """() => [...document.querySelectorAll('[data-testid=stMain] button, [data-testid=stBottom] button')]
  .filter(e => e.offsetParent && !e.closest('[data-testid=stElementToolbar]'))
  .map(e => [e.innerText, e.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44 || box.width < 44).map(([text]) => text)"""


def settled(page: Page) -> None:
    """Wait until the page's script has run to its end."""
    page.wait_for_timeout(300)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_timeout(300)


def at_rest(element: Locator) -> FloatRect:
    """Return an element's box once the page has stopped to scroll and the chart to grow."""
    before = None
    for _ in range(100):
        box = element.bounding_box()
        if box and box == before:
            return box
        before = box
        element.page.wait_for_timeout(600)
    raise AssertionError("the element never came to rest")


def ask(page: Page, question: str) -> None:
    """Type a question and wait for its answer."""
    page.get_by_placeholder(ASK).fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(QUESTIONS).last).to_contain_text(question)
    settled(page)


def test_first_run_upload_question_answer_click_on_the_sankey_and_follow_up(
    tmp_path: Path, serve: Serve, tab: Tab
) -> None:
    page = tab(serve(tmp_path / "workspace"))
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2].split(":")[0]))
    expect(page.get_by_text("See the trails your customers really take")).to_be_visible()
    page.screenshot(path=tmp_path / "first-run.png")

    file = {"name": "events.csv", "mimeType": "text/csv", "buffer": events_csv().encode()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Import events.csv").click()
    expect(page.get_by_text("From the first touch to Signup")).to_be_visible()
    page.get_by_role("button", name="Start asking").click()
    expect(page.get_by_text("What would you like to know?")).to_be_visible()
    settled(page)

    ask(page, "Where do people go after Home?")
    label = page.locator("[class*=st-key-drawn-] svg text", has_text="Pricing").first
    expect(label).to_be_visible()
    page.screenshot(path=tmp_path / "sankey.png")
    box = at_rest(label)
    page.mouse.click(box["x"] - 8, box["y"] + box["height"] / 2)  # a node stands left of its label
    expect(page.locator(QUESTIONS)).to_have_count(2)
    settled(page)
    expect(page.locator(QUESTIONS).last).to_contain_text("Pricing")

    page.locator("[class*=st-key-next-] button").first.click()
    expect(page.locator(QUESTIONS)).to_have_count(3)
    settled(page)
    expect(page.locator(ANSWERS)).to_have_count(3)
    page.wait_for_timeout(1500)
    assert page.locator(QUESTIONS).count() == 3, "a click is asked once"
    page.screenshot(path=tmp_path / "follow-up.png")
    assert page.locator("[data-testid=stException]").count() == 0
    assert hosts <= {"127.0.0.1", "localhost"}, "the page asks no host but its own"


def test_how_this_was_computed_shows_numbers_rows_and_sql(
    tmp_path: Path, serve: Serve, tab: Tab
) -> None:
    page = tab(serve(loaded(tmp_path).path))
    ask(page, "How many people convert?")
    page.get_by_text("How this was computed").click()
    expect(page.get_by_text("as of")).to_be_visible()
    page.get_by_role("tab", name="SQL").click()
    expect(page.locator("code", has_text="scoped_journey").first).to_be_visible()
    page.get_by_role("tab", name="Rows").click()
    with page.expect_download() as download:
        page.locator("[data-testid=stDownloadButton] button").click()
    assert download.value.suggested_filename.endswith(".csv")


@pytest.mark.parametrize("question", ["Where do people go after Home?", "How do channels differ?"])
def test_a_phone_sees_everything_without_scrolling_sideways(
    tmp_path: Path, serve: Serve, tab: Tab, question: str
) -> None:
    page = tab(serve(loaded(tmp_path).path), width=390, height=844)
    expect(page.get_by_text("What would you like to know?")).to_be_visible()
    settled(page)
    assert page.evaluate(OVERFLOW) <= 0
    assert page.evaluate(SMALL_TARGETS) == []
    ask(page, question)
    expect(page.get_by_text("How this was computed")).to_be_visible()
    page.get_by_text("How this was computed").click()
    page.wait_for_timeout(800)
    page.screenshot(path=tmp_path / "phone.png")
    assert page.evaluate(OVERFLOW) <= 0


def test_the_first_run_fits_a_phone(tmp_path: Path, serve: Serve, tab: Tab) -> None:
    page = tab(serve(tmp_path / "workspace"), width=390, height=844)
    expect(page.get_by_text("See the trails your customers really take")).to_be_visible()
    settled(page)
    assert page.evaluate(OVERFLOW) <= 0


def test_the_journey_is_changed_in_its_form(tmp_path: Path, serve: Serve, tab: Tab) -> None:
    workspace = loaded(tmp_path)
    page = tab(serve(workspace.path))
    page.get_by_role("button", name="Change the journey").click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name="Name").fill("quick")
    form.get_by_role("spinbutton", name="Within, in days").fill("7")
    form.get_by_role("button", name="Save the journey").click()
    expect(page.get_by_text("From the first touch to Signup, within 7 days")).to_be_visible()
    expect(form).to_have_count(0)
    saved = load_definition(workspace.read(), "quick")
    assert saved.window.days == 7
    assert not saved.proposed


def test_a_conversation_outlives_a_reload(tmp_path: Path, serve: Serve, tab: Tab) -> None:
    page = tab(serve(loaded(tmp_path).path))
    ask(page, "How many people convert?")
    page.reload()
    expect(page.locator(QUESTIONS)).to_contain_text(["How many people convert?"])


def test_the_stop_button_ends_a_question_that_waits_for_a_slow_server(
    tmp_path: Path, serve: Serve, tab: Tab
) -> None:
    with silent_server() as (address, reached):
        page = tab(
            serve(
                loaded(tmp_path).path,
                DESIREPATH_MODEL="slow",
                OPENAI_BASE_URL=address,
                OPENAI_API_KEY="none",
            )
        )
        page.get_by_placeholder(ASK).fill("How many people convert?")
        page.keyboard.press("Enter")
        assert reached.wait(30)
        page.get_by_role("button", name="Stop").click()
        expect(page.locator(ANSWERS)).to_contain_text("Stopped", timeout=15_000)
        expect(page.get_by_placeholder(ASK)).to_be_enabled()


@contextmanager
def silent_server() -> Iterator[tuple[str, threading.Event]]:
    """Serve a model that takes a question and never answers it."""
    reached, released = threading.Event(), threading.Event()

    class Silent(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reached.set()
            released.wait(60)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", reached
    finally:
        released.set()
        server.shutdown()
        server.server_close()
