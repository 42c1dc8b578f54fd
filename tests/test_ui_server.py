"""The page's server: what it offers other programs, what it keeps to itself, and that visitors stay apart."""

import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import gradio_client
import gradio_client.exceptions
import pytest
from page_visits import ASKED, QUOTE, build_index, demo_reports, served, wait_until

from assistant.models import OllamaLLM
from assistant.page.desk import asked_events, open_desk, stop_asking
from assistant.page.session import Conversation
from assistant.settings import load_settings
from evals.fake_ollama import Connection, fake_ollama
from index.prepare import Tools
from index.store import Index

pytestmark = pytest.mark.slow

USERS = 16
"""Visitors who ask at the same moment."""


@pytest.fixture(scope="module")
def demo_page(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Iterator[tuple[str, Path]]:
    """The address of a page over one story of the demo reports, and the index's folder."""
    folder = build_index(tmp_path_factory.mktemp("demo") / "index", tools, demo_reports("flood"))
    with served(folder, tools) as address:
        yield address, folder


def test_other_programs_are_offered_three_named_calls_and_no_file(demo_page: tuple[str, Path]):
    address, folder = demo_page
    described = json.loads(_get(f"{address}gradio_api/info")[1])
    assert sorted(described["named_endpoints"]) == ["/add_report", "/ask", "/coverage"]
    assert all(each["description"] for each in described["named_endpoints"].values())
    assert described["unnamed_endpoints"] == {}
    body = json.dumps({"data": [ASKED, ""]}).encode()
    asked = urllib.request.Request(f"{address}gradio_api/call/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=60) as response:
        event = json.load(response)["event_id"]
    told = _get(f"{address}gradio_api/call/ask/{event}")[1]
    assert told.startswith("event: complete")
    assert QUOTE in json.loads(told.partition("data: ")[2])[0]["text"]
    for path in (folder / "catalog.sqlite", Path(__file__), "/etc/passwd"):
        assert _get(f"{address}gradio_api/file={path}")[0] in (403, 404)


def test_a_script_adds_a_report_asks_and_has_no_part_in_what_others_ask(tmp_path: Path, tools: Tools):
    folder = build_index(tmp_path / "index", tools, demo_reports("flood"))
    with served(folder, tools) as address:
        script, other = (gradio_client.Client(address, verbose=False) for _ in range(2))
        held = script.predict(api_name="/coverage")["reports"]
        ferry = "The ferry at Bourem sank with forty sacks of rice aboard."
        added = script.predict(text=ferry, source="Radio Gao", published="2021-03-12", api_name="/add_report")
        assert added["outcome"] == "added"
        assert other.predict(api_name="/coverage")["reports"] == held + 1
        told = script.predict(question="What sank at Bourem?", api_name="/ask")
        (citation, *_) = told["claims"][0]["citations"]
        assert (citation["report_id"], citation["source"], citation["quote"]) == (added["id"], "Radio Gao", ferry)
        assert told["hits"][0]["report_id"] == added["id"]
        # A question that leaves its place to the one before finds none, since nothing was asked before.
        for client in (script, other):
            again = client.predict(question="And how many sacks of rice?", api_name="/ask")
            assert again["question"] == "And how many sacks of rice?"
            assert again["query"]["places"] == []
        with pytest.raises(gradio_client.exceptions.AppError, match="date"):
            script.predict(text="No day is told here.", api_name="/add_report")
        with pytest.raises(gradio_client.exceptions.AppError, match="“soon” is not a day; write it as 2031-03-15"):
            script.predict(question="What sank?", as_of="soon", api_name="/ask")


class Told(NamedTuple):
    """All that the server sent one visitor."""

    text: str
    evidence_s: float
    """From pressing the button to the first step that shows evidence."""
    failures: list[str]


def test_sixteen_visitors_at_once_are_each_told_of_their_own_question_alone(demo_page: tuple[str, Path]):
    address = demo_page[0]
    canaries = [f"canary{number:02d}zq" for number in range(USERS)]
    together = threading.Barrier(USERS)
    config = json.loads(_get(f"{address}config")[1])
    with ThreadPoolExecutor(USERS) as visitors:

        def visit(canary: str) -> Told:
            together.wait(60)
            return _ask(address, config, f"{ASKED} {canary}")

        for load in ("first", "then"):
            told = list(visitors.map(visit, canaries))
            assert [each.failures for each in told] == [[]] * USERS
            # Each is told of its own question, and of no other's.
            seen = [[canary for canary in canaries if canary in each.text] for each in told]
            assert seen == [[canary] for canary in canaries]
            assert all("seven deaths by drowning" in each.text for each in told)
            slowest = sorted(each.evidence_s for each in told)
            # Not asserted: it says more about the machine than about the page.
            print(f"{USERS} visitors at once, {load}: evidence p50 {slowest[7]:.2f} s, p95 {slowest[15]:.2f} s")


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
        with urllib.request.urlopen(address, timeout=60) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def _ask(address: str, config: dict[str, Any], question: str) -> Told:
    """What the page does when its button is pressed: joins the queue, then reads the stream of its session."""
    names = {part["id"]: part["props"].get("elem_id") for part in config["components"]}
    button = next(number for number, name in names.items() if name == "button-ask")
    handler = next(each for each in config["dependencies"] if [button, "click"] in [*map(list, each["targets"])])
    typed = {"question": question, "language": "en"}
    stateful = {part["id"] for part in config["components"] if part["type"] == "state"}
    session = uuid.uuid4().hex
    pressed = {
        "data": [None if number in stateful else typed.get(names[number], "") for number in handler["inputs"]],
        "fn_index": handler["id"],
        "session_hash": session,
        "trigger_id": button,
    }
    body = json.dumps(pressed).encode()
    began = time.perf_counter()
    joined = urllib.request.Request(f"{address}gradio_api/queue/join", body, {"Content-Type": "application/json"})
    urllib.request.urlopen(joined, timeout=60).close()
    evidence_s = float("inf")
    lines: list[str] = []
    failures: list[str] = []
    for line in _streamed(f"{address}gradio_api/queue/data?session_hash={session}"):
        lines.append(line)
        step = json.loads(line)
        if "answer-sources" in line:
            evidence_s = min(evidence_s, time.perf_counter() - began)
        if not step.get("success", True):
            failures.append(line[:500])
    return Told("".join(lines), evidence_s, failures)


def _streamed(url: str) -> Iterator[str]:
    """The events of a question until it is done."""
    with urllib.request.urlopen(url, timeout=60) as response:
        for line in response:
            if line.startswith(b"data:"):
                yield line[5:].decode()
                if b'"process_completed"' in line:
                    return
    raise AssertionError("the stream ended before the question was answered")


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
