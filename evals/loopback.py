"""A web server on loopback for the length of a `with`: what the faults' own servers have in common."""

import http.server
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any


@contextmanager
def served(handler: type[http.server.BaseHTTPRequestHandler]) -> Generator[int]:
    """The free port of 127.0.0.1 on which `handler` answers, each request in a thread and unlogged; ended when left."""

    class Quiet(handler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
