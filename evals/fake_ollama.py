"""A small, strict Ollama server on loopback that fails in the ways a real one does, on demand.

It plays one script per chat request and notes in `complaints` every request that a real server would treat otherwise
than our client means it: a missing context length, a temperature, leave to cut the prompt.
"""

import json
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

GIGABYTE = 10**9


class Connection:
    """One request being answered."""

    def __init__(self, sock: socket.socket, patience_s: float, body: Any = None) -> None:
        self.socket = sock
        self.patience_s = patience_s
        self.body = body

    def head(self, status: int = 200, *, headers: str = "Transfer-Encoding: chunked\r\n") -> None:
        self.socket.sendall(f"HTTP/1.1 {status} Whatever\r\nConnection: close\r\n{headers}\r\n".encode())

    def line(self, text: str) -> None:
        """One line of the reply, as one HTTP chunk."""
        content = text.encode() + b"\n"
        self.socket.sendall(f"{len(content):x}\r\n".encode() + content + b"\r\n")

    def piece(self, content: str) -> None:
        self.line(json.dumps({"message": {"role": "assistant", "content": content}, "done": False}))

    def done(self, *, prompt_tokens: int = 12, reason: str = "stop") -> None:
        last = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": reason}
        self.line(json.dumps({**last, "prompt_eval_count": prompt_tokens, "eval_count": 2}))
        self.socket.sendall(b"0\r\n\r\n")

    def whole(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.head(status, headers=f"Content-Length: {len(content)}\r\n")
        self.socket.sendall(content)

    def reset(self) -> None:
        """Close with RST, as a killed server's kernel may."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def wait_until_client_leaves(self) -> bool:
        """False if the client is still there after `patience_s`."""
        self.socket.settimeout(self.patience_s)
        try:
            return self.socket.recv(1) == b""
        except TimeoutError:
            return False
        except OSError:
            return True


Script = Callable[[Connection], None]


class FakeOllama:
    """What happened at the server."""

    def __init__(self, script: Script, models: dict[str, int], patience_s: float) -> None:
        self.script = script
        self.models = models
        self.patience_s = patience_s
        self.host = ""
        self.chats: list[dict[str, Any]] = []
        self.complaints: list[str] = []
        self.client_left = threading.Event()

    def answer(self, connection: Connection, path: str, body: Any) -> None:
        if path == "/api/tags":
            listed = [
                {"model": name, "size": size, "digest": f"digest of {name}"} for name, size in self.models.items()
            ]
            connection.whole(200, {"models": listed})
        elif path == "/api/chat":
            self.chats.append(body)
            self._inspect(body)
            if body["model"] not in self.models and f"{body['model']}:latest" not in self.models:
                connection.whole(404, {"error": f"model '{body['model']}' not found"})
            else:
                self.script(connection)
        else:
            self.complaints.append(f"unexpected path {path}")

    def _inspect(self, body: dict[str, Any]) -> None:
        options = body["options"]
        if not options.get("num_ctx"):
            self.complaints.append("no num_ctx: a server would take its default and cut the prompt")
        if options.get("temperature") != 0 or "seed" not in options:
            self.complaints.append("not deterministic")
        if body.get("truncate") is not False or body.get("shift") is not False:
            self.complaints.append("the server may cut the prompt")
        if not options.get("num_predict"):
            self.complaints.append("no limit to the reply")


@contextmanager
def fake_ollama(
    script: Script | None = None, *, models: dict[str, int] | None = None, patience_s: float = 5.0
) -> Generator[FakeOllama]:
    """A server playing `script` for each chat; fails at the end if it had a complaint."""
    fake = FakeOllama(script or says("Bonjour"), {"tiny:latest": GIGABYTE} if models is None else models, patience_s)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                path, body = _read_request(self.request)
                fake.answer(Connection(self.request, fake.patience_s, body), path, body)
            except (BrokenPipeError, ConnectionResetError):
                fake.client_left.set()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        fake.host = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()
    assert fake.complaints == []


def says(*pieces: str, prompt_tokens: int = 12, reason: str = "stop") -> Script:
    """A reply without trouble."""

    def play(connection: Connection) -> None:
        connection.head()
        for piece in pieces:
            connection.piece(piece)
        connection.done(prompt_tokens=prompt_tokens, reason=reason)

    return play


def stalls_after(*pieces: str) -> Script:
    """Sends these, then nothing until the client gives up. Without a piece not even the headers come."""

    def play(connection: Connection) -> None:
        if pieces:
            connection.head()
        for piece in pieces:
            connection.piece(piece)
        connection.wait_until_client_leaves()

    return play


def drips_bytes(connection: Connection) -> None:
    """One byte at a time, forever: no socket timeout ever notices."""
    connection.head(headers="")
    while True:
        connection.socket.sendall(b" ")
        time.sleep(0.05)


def drips_pieces(connection: Connection) -> None:
    """A piece at a time, forever: neither the first token nor any gap is late."""
    connection.head()
    while True:
        connection.piece("encore ")
        time.sleep(0.05)


def drips_empty_pieces(connection: Connection) -> None:
    """Signs of life without a word."""
    connection.head()
    while True:
        connection.piece("")
        time.sleep(0.05)


def refuses(status: int, error: str) -> Script:
    def play(connection: Connection) -> None:
        connection.whole(status, {"error": error})

    return play


def sends_lines(*lines: str) -> Script:
    """Exactly these lines, then a proper end."""

    def play(connection: Connection) -> None:
        connection.head()
        for line in lines:
            connection.line(line)
        connection.socket.sendall(b"0\r\n\r\n")

    return play


def resets_after(*pieces: str) -> Script:
    def play(connection: Connection) -> None:
        connection.head()
        for piece in pieces:
            connection.piece(piece)
        # What was sent must arrive before the reset, which would discard it.
        time.sleep(0.2)
        connection.reset()

    return play


def _read_request(sock: socket.socket) -> tuple[str, Any]:
    received = b""
    while b"\r\n\r\n" not in received:
        received += sock.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    lengths = [line.split(":")[1] for line in lines if line.lower().startswith("content-length:")]
    while len(body) < int(lengths[0] if lengths else 0):
        body += sock.recv(65536)
    return lines[0].split()[1], json.loads(body) if body else None
