"""What the browser's tests share: a page served in a process of its own, and a visitor's tab that notes mishaps."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from index.ingest import read_reports
from index.prepare import Tools
from index.store import Index
from index.types import Report

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
# Every name but this machine's own is unknown to the browser: the page must be whole without the rest of the world.
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
DATA = Path(__file__).parents[2] / "shared" / "data"
DEMO = Path(__file__).parents[1] / "evals" / "sets" / "demo" / "reports"
ASKED = "How many deaths did health workers confirm in Al-Mayadin?"
QUOTE = "Health workers in the two towns have confirmed seven deaths by drowning; the official toll stands at three."

IN_BROWSER = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}; set CHROMIUM to one"),
    # Playwright's own loop is still closing when the interpreter looks for what was left open.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


# How long a test waits for what must come: a machine that does much else needs longer, and none is to fail for that.
PATIENCE_S = 60


@contextmanager
def opened_browser() -> Iterator[Any]:
    playwright.expect.set_options(timeout=PATIENCE_S * 1000)
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


def demo_reports(*stories: str) -> list[Report]:
    """The demo reports of some stories."""
    paths = [path for path in sorted(DEMO.glob("*.md")) if path.name.startswith(stories)]
    return [read for read in read_reports(paths) if isinstance(read, Report)]


def build_index(folder: Path, tools: Tools, reports: Sequence[Report]) -> Path:
    with Index.create(folder, tools) as index:
        for _ in index.add(reports, workers=0):
            pass
    return folder


@contextmanager
def served(folder: Path, tools: Tools, *options: str) -> Iterator[str]:
    """The page over an index, in a process of its own, at a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root = Path(__file__).parents[1]
    command = [sys.executable, str(root / "tests" / "page_server.py"), str(folder), str(tools.cache), str(port)]
    log = (folder / "page.log").open("w+")
    process = subprocess.Popen(
        [*command, *options], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, stdout=log, stderr=log
    )
    address = f"http://127.0.0.1:{port}/"
    try:
        wait_until(lambda: _is_up(address), 180, lambda: f"the page did not start: {(folder / 'page.log').read_text()}")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)
        log.close()


def _is_up(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_S) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_until(is_so: Callable[[], bool], seconds: float, otherwise: Callable[[], str]) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, otherwise()
        time.sleep(0.1)


class Visit:
    """A browser tab of a visitor of its own, which notes what must not happen."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        usual = {"viewport": {"width": 1280, "height": 800}, "locale": "en"}
        self.context = browser.new_context(**{**usual, **options})
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_S * 1000)
        self.outside: list[str] = []
        self.failed: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", self._note_request)
        self.page.on("requestfailed", self._note_failure)
        self.page.on("response", lambda r: self.failed.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("dialog", lambda dialog: (self.errors.append("a dialog opened"), dialog.dismiss()))
        self.page.add_init_script("window.ran = () => { window.hasRun = (window.hasRun || 0) + 1; }")
        self.page.goto(address)
        self.page.wait_for_selector("#question textarea")
        # The words of the page come with the first answer of the server.
        self.page.wait_for_selector("#coverage .coverage")

    def _note_request(self, request: Any) -> None:
        if not re.match(r"(http://127\.0\.0\.1:|data:|blob:)", request.url):
            self.outside.append(request.url)

    def _note_failure(self, request: Any) -> None:
        # A file that is saved counts as an aborted request for a blob, and a stream of events that the page has read
        # to its end as one too.
        if not request.url.startswith("blob:") and "/gradio_api/queue/data" not in request.url:
            self.failed.append(f"{request.failure} {request.url}")

    def ask(self, question: str) -> None:
        before = self.page.locator("#conversation .turn:not(.running)").count()
        self.page.fill("#question textarea", question)
        self.page.click("#button-ask")
        self.settle(before + 1)

    def settle(self, turns: int) -> None:
        playwright.expect(self.page.locator("#conversation .turn:not(.running)")).to_have_count(turns)
        playwright.expect(self.page.locator("#conversation .turn.running")).to_have_count(0)

    def has_run(self) -> int:
        return self.page.evaluate("window.hasRun || 0")

    def assert_quiet(self) -> None:
        assert self.outside == []
        assert self.failed == [], self.failed
        assert self.errors == []
        assert self.has_run() == 0

    def __enter__(self) -> "Visit":
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()
