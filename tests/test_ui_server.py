"""The page's server: what it offers other programs, what it keeps to itself, and that visitors stay apart."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_ollama import Connection, fake_ollama
from page_visits import ASKED, QUOTE, build_index, demo_reports, served, wait_until

from assistant.models import OllamaLLM
from assistant.page.desk import asked_events, open_desk, stop_asking
from assistant.page.session import Conversation
from assistant.settings import load_settings
from index.prepare import Tools
from index.store import Index

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo_page(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Iterator[tuple[str, Path]]:
    """The address of a page over one story of the demo reports, and the index's folder."""
    folder = build_index(tmp_path_factory.mktemp("demo") / "index", tools, demo_reports("flood"))
    with served(folder, tools) as address:
        yield address, folder


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
    folder = build_index(tmp_path / "index", tools, demo_reports("flood")[:1])
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


def test_a_model_that_has_not_said_a_word_is_stopped_when_the_reader_leaves(tmp_path: Path, tools: Tools):
    folder = build_index(tmp_path / "index", tools, demo_reports("flood"))
    left = threading.Event()

    def never_answers(connection: Connection) -> None:
        if connection.wait_until_client_leaves():
            left.set()

    with fake_ollama(never_answers, patience_s=20) as server, Index.open(folder, tools) as index:
        desk = open_desk(index, load_settings(), OllamaLLM("tiny", host=server.host))
        events = asked_events(desk, "tab", ASKED, as_of=None, conversation=Conversation())
        assert [type(next(events)).__name__ for _ in range(2)] == ["Interpreted", "Retrieved"]
        stop_when = threading.Thread(
            target=lambda: (wait_until(lambda: bool(server.chats), 20, str), stop_asking(desk, "tab"))
        )
        stop_when.start()
        assert list(events) == []
        assert left.wait(5)
        stop_when.join()
        desk.threads.shutdown()
