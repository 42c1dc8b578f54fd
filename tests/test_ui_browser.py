"""The page in a real browser: from a question to the sentence behind [1], and nothing foreign runs or calls out."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from index.ingest import read_reports
from index.prepare import Tools
from index.store import Index
from index.types import Report

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run"
).split()
DEMO = Path(__file__).parents[1] / "evals" / "sets" / "demo" / "reports"
ASKED = "How many deaths did health workers confirm in Al-Mayadin?"
QUOTE = "Health workers in the two towns have confirmed seven deaths by drowning; the official toll stands at three."

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}; set CHROMIUM to one"),
    # Playwright's own loop is still closing when the interpreter looks for what was left open.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

# Each tries to run `ran()`, to fetch from 192.0.2.1 (an address that exists nowhere), or to cover the page.
PAYLOADS = [
    "<script>ran()</script>",
    "<ScRiPt src=http://192.0.2.1/a.js></ScRiPt>",
    "</p></article><script>ran()</script>",
    "<img src=x onerror=ran()>",
    '<img src="http://192.0.2.1/p.png">',
    '<img srcset="http://192.0.2.1/s.png 2x">',
    "<svg onload=ran()></svg>",
    "<svg><script>ran()</script></svg>",
    "<svg><image href=http://192.0.2.1/i.svg /></svg>",
    "<iframe src=javascript:ran()></iframe>",
    '<iframe srcdoc="<script>parent.ran()</script>"></iframe>',
    "<object data=http://192.0.2.1/o></object>",
    "<embed src=http://192.0.2.1/e>",
    "<video src=http://192.0.2.1/v poster=http://192.0.2.1/w></video>",
    "<audio src=x onerror=ran()></audio>",
    "<details open ontoggle=ran()><summary>x</summary></details>",
    "<input autofocus onfocus=ran()>",
    "<body onload=ran()>",
    "<marquee onstart=ran()>x</marquee>",
    '<a href="javascript:ran()">read on</a>',
    '<a href="data:text/html,<script>ran()</script>">read on</a>',
    "[read on](javascript:ran())",
    "![pixel](http://192.0.2.1/m.png)",
    "![pixel][p]\n\n[p]: http://192.0.2.1/r.png",
    "<style>*{background:url(http://192.0.2.1/c.png)}</style>",
    "<div style=\"background:url('http://192.0.2.1/d.png')\">x</div>",
    '<link rel=stylesheet href="http://192.0.2.1/l.css">',
    '<meta http-equiv="refresh" content="0;url=http://192.0.2.1/">',
    '<base href="http://192.0.2.1/">',
    '<form action="http://192.0.2.1/f"><button>Log in</button></form>',
    '<div style="position:fixed;inset:0;z-index:9999;background:#fff">Session expired</div>',
    '"><img src=x onerror=ran()>',
    "' onmouseover='ran()",
    '" autofocus onfocus="ran()" x="',
    "{{constructor.constructor('ran()')()}}",
    "${ran()}",
    "`${ran()}`",
    "<!--<img src=--><img src=x onerror=ran()//",
    "<math><mtext></mtext><script>ran()</script></math>",
    "<template><script>ran()</script></template><noscript><img src=x onerror=ran()></noscript>",
    "a < b and c > d & e",
    "user\u202etxt.exe and \u2066hidden\u2069",
]


def hostile_reports() -> list[Report]:
    """Each payload in a title, an outlet, an address, a place of its own in the body, and an id."""
    return [
        Report(
            id=f"h{number} {payload}"[:200],
            source=f"Outlet {payload}",
            url=f"javascript:ran()//{payload}",
            title=f"Clinic item {number} {payload}",
            language="en",
            body=f"The clinic in Gao reported item {number} on Monday. It wrote {payload} on the door. None was hurt.",
            published_at=datetime(2031, 3, 1 + number % 28, tzinfo=UTC),
        )
        for number, payload in enumerate(PAYLOADS)
    ]


def build_index(folder: Path, tools: Tools, reports: list[Report]) -> Path:
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
        _wait_until(
            lambda: _answers(address), 90, lambda: f"the page did not start: {(folder / 'page.log').read_text()}"
        )
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _wait_until(is_so: Callable[[], bool], seconds: float, otherwise: Callable[[], str]) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, otherwise()
        time.sleep(0.1)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def demo_page(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Iterator[tuple[str, Path]]:
    """The address of a page over three stories of the demo reports, and the index's folder."""
    paths = [path for path in sorted(DEMO.glob("*.md")) if path.name.startswith(("flood", "convoy", "bridge"))]
    reports = [read for read in read_reports(paths) if isinstance(read, Report)]
    folder = build_index(tmp_path_factory.mktemp("demo") / "index", tools, reports)
    with served(folder, tools) as address:
        yield address, folder


class Visit:
    """A browser tab of a visitor of its own, which notes what must not happen."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        usual = {"viewport": {"width": 1280, "height": 800}, "locale": "en"}
        self.context = browser.new_context(**{**usual, **options})
        self.page = self.context.new_page()
        self.outside: list[str] = []
        self.failed: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", self._note_request)
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

    def ask(self, question: str) -> None:
        before = self.page.locator("#talk .turn:not(.running)").count()
        self.page.fill("#question textarea", question)
        self.page.click("#button-ask")
        self.settle(before + 1)

    def settle(self, turns: int) -> None:
        playwright.expect(self.page.locator("#talk .turn:not(.running)")).to_have_count(turns, timeout=30_000)
        playwright.expect(self.page.locator("#talk .turn.running")).to_have_count(0)

    def has_run(self) -> int:
        return self.page.evaluate("window.hasRun || 0")

    def assert_quiet(self) -> None:
        assert self.outside == []
        assert self.failed == []
        assert self.errors == []
        assert self.has_run() == 0

    def __enter__(self) -> "Visit":
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


def test_a_click_on_a_mark_shows_the_exact_sentence(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as visit:
        visit.ask(ASKED)
        mark = visit.page.locator("#talk a.cite").first
        assert mark.get_attribute("title") == QUOTE
        mark.click()
        target = visit.page.locator("#sources mark.is-target")
        playwright.expect(target).to_have_count(1)
        playwright.expect(target).to_be_in_viewport()
        assert target.text_content() == QUOTE
        assert visit.page.evaluate("document.activeElement.tagName") == "MARK"
        visit.assert_quiet()


def test_a_mark_works_from_the_keyboard(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as visit:
        visit.page.locator("body").press("/")
        visit.page.keyboard.type(ASKED)
        visit.page.keyboard.press("Enter")
        visit.settle(1)
        visit.page.locator("#talk a.cite").first.focus()
        visit.page.keyboard.press("Enter")
        playwright.expect(visit.page.locator("#sources mark.is-target")).to_have_text(QUOTE)


def test_an_edited_scope_is_asked_again_and_shown(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as visit:
        visit.ask(ASKED)
        assert visit.page.input_value("#places input") == "Al-Mayadin"
        visit.page.fill("#since input", "2031-03-01")
        visit.page.fill("#until input", "2031-03-31")
        visit.page.click("#button-ask-again")
        visit.settle(2)
        asked = visit.page.locator("#talk .turn .asked").last
        assert asked.text_content().endswith("from 2031-03-01 to 2031-03-31 in Al-Mayadin?")
        assert "March 2031" in visit.page.locator("#talk .turn .scope").last.text_content()
        visit.page.fill("#since input", "soon")
        visit.page.click("#button-ask-again")
        playwright.expect(visit.page.locator("#message")).to_contain_text("“soon” is not a day")


def test_dots_and_bars_filter_the_sources(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as visit:
        visit.ask(ASKED)
        visit.page.click("#sources details.more > summary")
        cards = visit.page.locator("#sources article.source:visible")
        everything = cards.count()
        dot = visit.page.locator("#sources [data-place]").first
        dot.focus()
        visit.page.keyboard.press("Enter")
        playwright.expect(visit.page.locator("#sources .filter-bar")).to_contain_text(dot.get_attribute("data-name"))
        assert 0 < cards.count() < everything
        visit.page.click("#sources .filter-bar button")
        assert cards.count() == everything


def test_an_answer_is_saved_in_three_formats_and_judged(browser: Any, demo_page: tuple[str, Path]):
    address, folder = demo_page
    with Visit(browser, address) as visit:
        visit.page.click("#button-md")
        playwright.expect(visit.page.locator("#message")).to_contain_text("No answer yet.")
        visit.ask(ASKED)
        for kind in ("md", "html", "json"):
            with visit.page.expect_download() as saved:
                visit.page.click(f"#button-{kind}")
            text = Path(saved.value.path()).read_text(encoding="utf-8")
            assert saved.value.suggested_filename.endswith(f".{kind}")
            assert "confirmed seven deaths by drowning" in text
        visit.page.fill("#reason input", "clear")
        visit.page.click("#button-useful")
        playwright.expect(visit.page.locator("#message")).to_contain_text("Noted")
        kept = json.loads((folder / "feedback.jsonl").read_text(encoding="utf-8").splitlines()[-1])
        assert (kept["useful"], kept["reason"]) == (True, "clear")
        visit.assert_quiet()


def test_reports_are_added_refused_read_and_withdrawn(browser: Any, demo_page: tuple[str, Path], tmp_path: Path):
    good, bad = tmp_path / "note.txt", tmp_path / "bad<img src=x onerror=ran()>.txt"
    good.write_text("GAO, 12 March 2021 (Wire) - The ferry at Bourem sank on Tuesday with forty sacks of rice aboard.")
    bad.write_text("No date at all in this one.")
    with Visit(browser, demo_page[0]) as visit:
        page = visit.page
        page.get_by_role("tab", name="Reports").click()
        page.click("#add-files > button")
        page.set_input_files("#upload input[type=file]", [good, bad])
        page.wait_for_selector("#upload .file-preview")
        page.click("#button-add")
        playwright.expect(page.locator("#added .done")).to_contain_text("1 added or revised", timeout=30_000)
        playwright.expect(page.locator("#added")).to_contain_text("1 rejected")
        page.get_by_role("tab", name="Questions").click()
        visit.ask("What happened to the ferry at Bourem?")
        page.locator("#sources .is-cited [data-report]").first.click()
        playwright.expect(page.locator("#whole")).to_contain_text("forty sacks of rice")
        page.click("#button-withdraw")
        playwright.expect(page.locator("#whole .badge")).to_have_text("withdrawn")
        page.get_by_role("tab", name="Questions").click()
        playwright.expect(page.locator("#talk .warning")).to_contain_text("has since been marked: withdrawn")
        visit.ask("What happened to the ferry at Bourem?")
        assert "rice" not in page.locator("#talk .turn").last.text_content()
        visit.assert_quiet()


def test_two_visitors_do_not_see_each_other(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as one, Visit(browser, demo_page[0]) as other:
        one.ask(f"{ASKED} CANARY-ONE")
        other.ask(f"{ASKED} CANARY-TWO")
        one.ask("And in Al-Asharah?")
        assert "CANARY-TWO" not in one.page.content()
        assert "CANARY-ONE" not in other.page.content()
        with Visit(browser, demo_page[0]) as third:
            assert "CANARY" not in third.page.content()


def test_the_page_speaks_the_visitors_language(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0], locale="ar") as visit:
        assert visit.page.evaluate("document.documentElement.dir") == "rtl"
        playwright.expect(visit.page.locator("#button-ask")).to_have_text("اسأل")
        assert visit.page.evaluate("getComputedStyle(document.querySelector('#talk')).direction") == "rtl"
        visit.page.click("#language input")
        visit.page.get_by_role("option", name="Français").click()
        playwright.expect(visit.page.locator("#button-ask")).to_have_text("Demander")
        assert visit.page.evaluate("document.documentElement.dir") == "ltr"
        assert visit.page.evaluate("document.documentElement.lang") == "fr"


def test_nothing_bars_those_who_read_by_keyboard_or_by_ear(browser: Any, demo_page: tuple[str, Path]):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    # The checker is a script that the page's own policy would rightly refuse.
    with Visit(browser, demo_page[0], bypass_csp=True) as visit:
        visit.ask(ASKED)
        for tab in ("Questions", "Reports"):
            visit.page.get_by_role("tab", name=tab).click()
            found = axe.Axe().run(visit.page).response["violations"]
            assert [(each["impact"], each["id"]) for each in found if each["impact"] in ("serious", "critical")] == []


def test_other_programs_are_offered_two_named_calls_and_no_file(demo_page: tuple[str, Path]):
    address, folder = demo_page
    described = json.loads(_get(f"{address}gradio_api/info")[1])
    assert sorted(described["named_endpoints"]) == ["/ask", "/coverage"]
    assert described["unnamed_endpoints"] == {}
    body = json.dumps({"data": [ASKED, ""]}).encode()
    asked = urllib.request.Request(f"{address}gradio_api/call/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=20) as response:
        event = json.load(response)["event_id"]
    told = _get(f"{address}gradio_api/call/ask/{event}")[1]
    assert told.startswith("event: complete")
    assert QUOTE in json.loads(told.partition("data: ")[2])[0]["text"]
    for path in (folder / "catalog.sqlite", Path(__file__), "/etc/passwd"):
        assert _get(f"{address}gradio_api/file={path}")[0] in (403, 404)


def test_with_a_login_nothing_is_told_before_it(tmp_path: Path, tools: Tools):
    folder = build_index(tmp_path / "index", tools, hostile_reports()[:1])
    with served(folder, tools, "--login") as address:
        for path in ("config", "gradio_api/info", "gradio_api/openapi.json", "openapi.json", "docs", "monitoring"):
            status, text = _get(address + path)
            assert "filter_words" not in text, path
            assert status in (401, 403, 404) or "coverage" not in text, path
        assert "filter_words" not in _get(address)[1]


def _get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=20) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_a_narrow_screen_is_not_scrolled_sideways(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0], viewport={"width": 390, "height": 844}) as visit:
        visit.ask(ASKED)
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
        visit.page.locator("#talk a.cite").first.click()
        playwright.expect(visit.page.locator("#sources mark.is-target")).to_be_in_viewport()


def test_nothing_in_a_hostile_report_or_question_runs_or_calls_out(browser: Any, tmp_path: Path, tools: Tools):
    folder = build_index(tmp_path / "index", tools, hostile_reports())
    with served(folder, tools) as address, Visit(browser, address) as visit:
        page = visit.page
        shown = ""
        for number in range(0, len(PAYLOADS), 4):
            visit.ask(f"What did the clinic in Gao report about item {number}? {PAYLOADS[number]}")
            shown += page.locator("#talk").inner_text() + page.locator("#sources").text_content()
        page.get_by_role("tab", name="Reports").click()
        rows = page.locator("#listed button")
        assert rows.count() == len(PAYLOADS)
        for at in range(len(PAYLOADS)):
            rows.nth(at).click()
            playwright.expect(rows.nth(at)).to_have_class(re.compile("is-chosen"))
            page.locator("#whole").hover()
        listed = " ".join(page.locator("#listed").text_content().split())
        for payload in PAYLOADS[:-1]:
            assert " ".join(payload.split()) in listed
        assert "user⟨U+202E⟩txt.exe" in listed
        assert PAYLOADS[0] in shown
        foreign = "#talk, #sources, #listed, #whole, #message, #coverage"
        tags = page.evaluate(
            """(where) => [...document.querySelectorAll(where)].flatMap((part) => [...part.querySelectorAll(
              'script, img, iframe, object, embed, video, audio, style, link, meta, base, form, input, image, template'
            )].map((found) => found.outerHTML))""",
            foreign,
        )
        assert tags == []
        handlers = page.evaluate(
            """(where) => [...document.querySelectorAll(where)].flatMap((part) => [...part.querySelectorAll('*')])
              .flatMap((each) => each.getAttributeNames()).filter((name) => name.startsWith('on'))""",
            foreign,
        )
        assert handlers == []
        visit.assert_quiet()


def test_the_draft_is_streamed_as_unchecked_and_stop_ends_it(browser: Any, tmp_path: Path, tools: Tools):
    folder = build_index(
        tmp_path / "index",
        tools,
        [
            Report(
                id="r1",
                body="Twelve aid trucks reached Djibo on Monday.",
                language="en",
                published_at=datetime(2031, 3, 11, tzinfo=UTC),
            )
        ],
    )
    with served(folder, tools, "--slow") as address, Visit(browser, address) as visit:
        page = visit.page
        page.fill("#question textarea", "How many aid trucks reached Djibo?")
        page.click("#button-ask")
        # Evidence first: it stands while the draft is only beginning.
        playwright.expect(page.locator("#sources .best")).to_have_text("Twelve aid trucks reached Djibo on Monday.")
        playwright.expect(page.locator("#talk .draft")).to_contain_text("Trucks", timeout=30_000)
        playwright.expect(page.locator("#talk .state")).to_contain_text("being checked")
        page.click("#button-stop")
        playwright.expect(page.locator("#talk .problem")).to_have_text("Stopped.", timeout=5_000)
        _wait_until((folder / "llm.log").exists, 10, lambda: "the model goes on after Stop")
        (folder / "llm.log").unlink()
        page.fill("#question textarea", "How many aid trucks reached Djibo?")
        page.click("#button-ask")
        playwright.expect(page.locator("#talk .draft")).to_contain_text("Trucks", timeout=30_000)
        visit.context.close()
        _wait_until((folder / "llm.log").exists, 30, lambda: "the model goes on after the tab is closed")
