"""More questions than the page can take are refused at once. An ASGI layer around the web server.

Gradio refuses too, but in the order of arrival and after as much work as taking a question: of 320 at once, those it
refused waited for three seconds among those it took. Here every one is looked at before the next is let in.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from assistant.page.headers import App, Message, Receive, Scope, Send, header
from assistant.page.words import LANGUAGES, preferred_language, word

# How the page and other programs ask.
_ASKING = ("/gradio_api/queue/join", "/gradio_api/call/")
_LATER_S = b"5"


class Crowding:
    """Wraps an ASGI app; refuses a question when `most` are `inside` already, waiting or worked on.

    `crowded` is told when somebody stands at the door, and when nobody does any more.
    """

    def __init__(self, app: App, inside: Callable[[], int], most: int, crowded: Callable[[bool], None]) -> None:
        self._app = app
        self._inside = inside
        self._most = most
        self._crowded = crowded
        self._entering = 0
        """Let in, and not yet inside: a crowd comes faster than Gradio counts it."""
        self._door = asyncio.Semaphore(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(_ASKING):
            await self._app(scope, receive, send)
            return
        # Whole before it counts: who sends slowly, or stops, takes no place and holds nobody up.
        sent = await _read(receive)
        if sent["type"] != "http.request":
            return
        if self._inside() + self._entering >= self._most:
            await _refuse(scope, send, sent["body"], self._most)
            return
        self._entering += 1
        self._crowded(True)
        try:
            async with self._door:
                await self._app(scope, _first(sent, receive), send)
        finally:
            self._entering -= 1
            self._crowded(self._entering > 0)


async def _read(receive: Receive) -> Message:
    """A request's body as one message; or that its sender is gone."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return message
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return {"type": "http.request", "body": b"".join(parts), "more_body": False}


def _first(sent: Message, receive: Receive) -> Receive:
    left = [sent]

    async def received() -> Message:
        return left.pop() if left else await receive()

    return received


async def _refuse(scope: Scope, send: Send, body: bytes, inside: int) -> None:
    told = json.dumps({"detail": word("crowded", _language(scope, body), count=inside)}).encode()
    # Gradio's script shows what a refusal says, unless it is a 503: of that it says its own, in English. Its Python
    # client knows a full queue by just that, and only browsers tell an origin.
    status = 429 if header(scope, b"origin") else 503
    headers = [(b"content-type", b"application/json"), (b"retry-after", _LATER_S)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": told})


def _language(scope: Scope, body: bytes) -> str:
    """That of the page as its reader has set it, which is among what was sent; else the browser's."""
    try:
        given: Any = json.loads(body)["data"]
        told = [each for each in given if isinstance(each, str) and each in LANGUAGES]
    except (ValueError, KeyError, TypeError, RecursionError):
        told = []
    return told[0] if told else preferred_language(header(scope, b"accept-language"))
