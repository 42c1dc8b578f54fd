"""More questions than the page can take: who is refused, how soon and in which words; the others are answered."""

import asyncio
import gc
import json
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from page_visits import ASKED, build_index, demo_reports, served

from assistant.page.crowding import Crowding
from assistant.page.headers import Message, Receive, Scope, Send
from assistant.page.turns import EvidenceFirst
from assistant.types import Event
from evals.page_client import Page, Tab, Told
from index.prepare import Tools

BROWSER = [(b"origin", b"http://127.0.0.1:7860"), (b"accept-language", b"ar")]


class Behind:
    """The server behind the door: takes a question when it is let go on."""

    def __init__(self) -> None:
        self.queue: list[bytes] = []
        self.goes_on = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive())["body"]
        await self.goes_on.wait()
        self.queue.append(body)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


async def sent(app: Crowding, body: bytes, headers: Any = BROWSER, pause: asyncio.Event | None = None) -> Any:
    """What one request that joins the queue is told; its last byte comes only after `pause`."""
    told: list[Message] = []
    parts = [(body[:-1], True), (body[-1:], False)]

    async def receive() -> Message:
        part, more = parts.pop(0)
        if not more and pause is not None:
            await pause.wait()
        return {"type": "http.request", "body": part, "more_body": more}

    async def send(message: Message) -> None:
        told.append(message)

    scope = {"type": "http", "method": "POST", "path": "/gradio_api/queue/join", "headers": headers}
    await app(scope, receive, send)
    return SimpleNamespace(status=told[0]["status"], body=json.loads(told[1]["body"]))


def asked(question: str, language: str = "fr") -> bytes:
    return json.dumps({"data": [question, None, language, ""], "fn_index": 3}).encode()


def run(tried: Callable[[Behind, Crowding, list[bool]], Awaitable[None]]) -> None:
    async def within() -> None:
        behind, crowded = Behind(), list[bool]()
        app = Crowding(behind, inside=lambda: len(behind.queue), most=2, crowded=crowded.append)
        await asyncio.wait_for(tried(behind, app, crowded), 30)

    asyncio.run(within())


def test_who_comes_when_all_places_are_taken_is_told_so_at_once_in_the_language_of_the_page():
    async def tried(behind: Behind, app: Crowding, crowded: list[bool]) -> None:
        # Neither is in the queue yet, and both count.
        taken = [asyncio.create_task(sent(app, asked(question))) for question in ("one", "two")]
        await asyncio.sleep(0)
        third = await sent(app, asked("three"))
        assert third.status == 429
        assert third.body == {"detail": "Trop de monde : 2 questions sont en cours. Redemandez dans un instant."}
        assert behind.queue == []
        assert crowded == [True, True]
        behind.goes_on.set()
        assert [(await one).status for one in taken] == [200, 200]
        assert behind.queue == [asked("one"), asked("two")]
        assert crowded[-1] is False
        # Now they wait in the queue itself.
        assert (await sent(app, asked("four"))).status == 429
        behind.queue.pop()
        assert (await sent(app, asked("five"))).status == 200

    run(tried)


@pytest.mark.parametrize("body", [b"[1]", b"\xff{", b'{"data": 7}', b"[" * 5000])
def test_what_cannot_be_read_is_refused_in_the_language_of_the_browser(body: bytes):
    async def tried(behind: Behind, app: Crowding, crowded: list[bool]) -> None:
        behind.queue = [b"", b""]
        assert (await sent(app, body)).body["detail"].startswith("الطلب كثيف")

    run(tried)


def test_a_program_is_told_that_the_server_is_busy():
    async def tried(behind: Behind, app: Crowding, crowded: list[bool]) -> None:
        behind.queue = [b"", b""]
        assert (await sent(app, asked("one", "en"), headers=[])).status == 503

    run(tried)


def test_who_sends_slowly_holds_nobody_up_and_takes_no_place():
    async def tried(behind: Behind, app: Crowding, crowded: list[bool]) -> None:
        behind.goes_on.set()
        pause = asyncio.Event()
        slow = [asyncio.create_task(sent(app, asked("slow"), pause=pause)) for _ in range(5)]
        await asyncio.sleep(0)
        assert (await sent(app, asked("quick"))).status == 200
        pause.set()
        assert sorted([(await one).status for one in slow]) == [200, 429, 429, 429, 429]

    run(tried)


def test_no_work_is_begun_while_a_crowd_is_at_the_door():
    turns = EvidenceFirst(1, 1)
    turns.give_way(True)
    begun = threading.Event()

    def events() -> Any:
        begun.set()
        yield cast("Event", "an event")

    with ThreadPoolExecutor(1) as threads:
        worked = threads.submit(lambda: list(turns.ordered(events())))
        assert not begun.wait(0.2)
        assert not gc.isenabled()
        turns.give_way(False)
        assert gc.isenabled()
        assert worked.result(30) == ["an event"]


@pytest.mark.slow
def test_of_forty_at_once_those_beyond_the_queue_are_refused_and_all_others_answered(tmp_path: Path, tools: Tools):
    folder = build_index(tmp_path / "index", tools, demo_reports("flood"))
    together = threading.Barrier(40)
    with served(folder, tools, "--few") as address, ThreadPoolExecutor(40) as visitors:
        page = Page.read(address)

        def visit(number: int) -> tuple[str, Told]:
            mark = f"mark{number:02d}zq"
            with Tab(page) as tab:
                together.wait(60)
                return mark, tab.ask(f"{ASKED} {mark}")

        told = list(visitors.map(visit, range(40)))
    assert [one.errors for _, one in told] == [()] * 40
    answered = [(mark, one) for mark, one in told if not one.is_refused]
    # Sixteen are worked on and four wait; one that was answered early makes room for another.
    assert 20 <= len(answered) < 40
    assert all(mark in one.text and "seven deaths by drowning" in one.text for mark, one in answered)
