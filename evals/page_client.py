"""A visitor's tab on the served page, over plain HTTP: does what the browser does, and can be closed at any moment."""

import http.client
import json
import time
import urllib.request
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

_PATIENCE_S = 120.0


class Told(NamedTuple):
    """What came of one question."""

    text: str
    """All that the server sent, as it sent it."""
    evidence_s: float
    """From pressing the button to the first step that shows evidence; infinite when there was none."""
    is_refused: bool
    refused_s: float
    """How long the refusal took."""
    errors: tuple[str, ...]


class Page(NamedTuple):
    """What the page says of itself, read once for many tabs."""

    address: str
    config: dict[str, Any]

    @classmethod
    def read(cls, address: str) -> Self:
        with urllib.request.urlopen(f"{address}config", timeout=_PATIENCE_S) as response:
            return cls(address, json.load(response))


class Tab:
    """A session of its own. Close it, or use it as a context."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._host = urlsplit(page.address).netloc
        self.session = uuid.uuid4().hex
        # By this connection the server knows that the tab is open.
        self._alive = self._connected("GET", f"/gradio_api/heartbeat/{self.session}")
        self._alive.getresponse()
        self._stream: http.client.HTTPConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Without a word, as a browser's tab is closed."""
        for connection in (self._alive, self._stream):
            if connection is not None and connection.sock is not None:
                connection.sock.close()
                connection.close()

    def ask(self, question: str, until: Callable[[str], bool] = lambda _: False) -> Told:
        """Presses the button and reads what is sent until the end, or until a line of it is as wanted."""
        pressed = json.dumps(self._pressed(question))
        began = time.monotonic()
        joining = self._connected("POST", "/gradio_api/queue/join", pressed)
        joined = joining.getresponse()
        refusal = joined.read().decode()
        joining.close()
        if joined.status != 200:
            is_refused = joined.status == 429
            wrong = () if is_refused else (f"{joined.status}: {refusal[:200]}",)
            return Told("", float("inf"), is_refused, time.monotonic() - began, wrong)
        self._stream = self._connected("GET", f"/gradio_api/queue/data?session_hash={self.session}")
        evidence_s = float("inf")
        lines: list[str] = []
        errors: list[str] = []
        for raw in self._stream.getresponse():
            line = raw.decode()
            if not line.startswith("data:"):
                continue
            lines.append(line)
            if "answer-sources" in line:
                evidence_s = min(evidence_s, time.monotonic() - began)
            step = json.loads(line[5:])
            if not step.get("success", True):
                errors.append(line[:500])
            if step["msg"] == "process_completed" or until(line):
                break
        else:
            errors.append("the stream ended before the question was answered")
        return Told("".join(lines), evidence_s, False, 0.0, tuple(errors))

    def _connected(self, method: str, path: str, body: str | None = None) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(self._host, timeout=_PATIENCE_S)
        origin = f"http://{self._host}"
        connection.request(method, path, body, {"Content-Type": "application/json", "Origin": origin} if body else {})
        return connection

    def _pressed(self, question: str) -> dict[str, Any]:
        """What the browser sends when the button is pressed with this question in its field."""
        parts = self._page.config["components"]
        names = {part["id"]: part["props"].get("elem_id") for part in parts}
        stateful = {part["id"] for part in parts if part["type"] == "state"}
        button = next(number for number, name in names.items() if name == "button-ask")
        handler = next(
            each for each in self._page.config["dependencies"] if [button, "click"] in [*map(list, each["targets"])]
        )
        typed = {"question": question, "language": "en"}
        return {
            "data": [None if number in stateful else typed.get(names[number], "") for number in handler["inputs"]],
            "fn_index": handler["id"],
            "session_hash": self.session,
            "trigger_id": button,
        }
