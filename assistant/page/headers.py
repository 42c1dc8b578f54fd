"""HTTP headers that keep the page to itself: nothing from elsewhere is loaded, run, framed or told.

An ASGI layer around the web server; knows nothing of what the page shows.
"""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)

_ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


class SafeHeaders:
    """Wraps an ASGI app. Inline scripts of the server's own page are allowed by their digest, all others are not.

    `hosts`: names that a request may address; others are refused, so that a foreign name that is made to point here
    (DNS rebinding) reads nothing. None: any. What a page of another site would send, an upload for one, is refused:
    browsers tell where it comes from.
    """

    def __init__(self, app: App, hosts: frozenset[str] | None = None) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif self._hosts is not None and _host(scope) not in self._hosts:
            await _refuse(send, 421, b"This server answers only to its own name; open it as http://127.0.0.1:PORT\n")
        elif scope["method"] == "POST" and header(scope, b"sec-fetch-site") in ("cross-site", "same-site"):
            await _refuse(send, 403, b"Another site may not send anything here.\n")
        else:
            await self._app(scope, receive, _Guarded(send))


class _Guarded:
    """Holds an HTML page back until it is whole, since its policy names the scripts in it; passes on all else."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._page = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = dict(message["headers"])
            if headers.get(b"content-type", b"").startswith(b"text/html") and b"content-encoding" not in headers:
                self._start = message
                return
            await self._send({**message, "headers": _merged(message["headers"], policy(b""))})
        elif self._start is not None:
            self._page += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send({**self._start, "headers": _merged(self._start["headers"], policy(self._page))})
                await self._send({"type": "http.response.body", "body": self._page})
                self._start = None
        else:
            await self._send(message)


def policy(page: bytes) -> str:
    """The Content-Security-Policy for a page: this origin only.

    Gradio compiles its HTML templates with `Function`, hence 'unsafe-eval'; scripts in markup stay forbidden, and those
    are what foreign text could bring. Styles are set inline all over Gradio.
    """
    digests = " ".join(f"'sha256-{_digest(script)}'" for script in _INLINE_SCRIPT.findall(page))
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' 'unsafe-eval' {digests}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-src 'none'",
            "frame-ancestors 'none'",
        ]
    )


def _digest(script: bytes) -> str:
    return base64.b64encode(hashlib.sha256(script).digest()).decode()


def _merged(headers: list[tuple[bytes, bytes]], content_policy: str) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name.lower() not in _ALWAYS]
    return [*kept, *_ALWAYS.items(), (b"content-security-policy", content_policy.encode())]


def header(scope: Scope, name: bytes) -> str:
    """The value of a request's header; empty when it has none."""
    return dict(scope["headers"]).get(name, b"").decode("latin-1")


def _host(scope: Scope) -> str:
    named = header(scope, b"host")
    if named.startswith("["):
        return named.partition("]")[0] + "]"
    return named.partition(":")[0].casefold()


async def _refuse(send: Send, status: int, reason: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": reason})
