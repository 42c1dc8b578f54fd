"""A real Chroma server on loopback, as `chroma run` starts it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx


class ChromaServer(NamedTuple):
    """A server that runs."""

    url: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def chroma_server(folder: Path, port: int = 0) -> Iterator[ChromaServer]:
    """A server that keeps its data in `folder`; at a free port unless told which."""
    port = port or free_port()
    program = [sys.executable, "-c", "from chromadb.cli.cli import app; app()", "run"]
    process = subprocess.Popen(
        [*program, "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = ChromaServer(f"http://127.0.0.1:{port}", process)
    try:
        _wait(server)
        yield server
    finally:
        server.stop()


def _wait(server: ChromaServer) -> None:
    for _ in range(600):
        try:
            httpx.get(f"{server.url}/api/v2/heartbeat", trust_env=False)
        except httpx.HTTPError:
            assert server.process.poll() is None, "the Chroma server ended at once"
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the Chroma server did not answer within a minute")
