"""Fault 6: the embedding model fails on one report, changes under its name, or gives another dimension.

The model is served by a small server on loopback in Ollama's dialect, whose vectors follow from the letters of a text.
"""

import hashlib
import http.server
import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime

import numpy as np

from evals.faults import Bench, Seen
from evals.loopback import served
from index.errors import EmbedderFailed, StaleIndex
from index.store import Index
from index.types import Report


class _Model:
    """What the server answers with; changed while it runs."""

    dimension = 64
    salt = "first"
    refuses = ""
    """It fails for a text with this in it."""


def failing_embedder(bench: Bench) -> Seen:
    """A new version of a report that cannot be embedded; then other models under the same name."""
    failures: list[str] = []
    model = _Model()
    with _server(model) as host:
        tools = bench.tools._replace(embedder="ollama:tiny", host=host)
        folder = bench.folder / "index"
        with Index.create(folder, tools) as index:
            list(index.add([_report(number, "first") for number in range(6)], workers=0))
            model.refuses = "second version of Convoy 3"
            try:
                list(index.add([_report(number, "second") for number in range(6)], workers=0))
                failures.append("a model that failed went unnoticed")
            except EmbedderFailed as error:
                failures += [f"not one line: {error}"] if "\n" in str(error) else []
            held = _versions(index)
            if held.pop("r3") != "first" or set(held) != {"r0", "r1", "r2", "r4", "r5"}:
                failures.append(f"after the failure: {held}")
            model.refuses = ""
            list(index.add([_report(number, "second") for number in range(6)], workers=0))
            if set(_versions(index).values()) != {"second"}:
                failures.append(f"after the retry: {_versions(index)}")
        for salt, dimension in (("other", 64), ("first", 32), ("first", 128)):
            model.salt, model.dimension = salt, dimension
            with Index.open(folder, tools) as index:
                failures += _not_refused(f"{salt} model of {dimension} numbers", lambda i=index: i.embedder)
        with Index.open(folder, tools) as index:
            if set(_versions(index).values()) != {"second"}:
                failures.append("a refused model changed the index")
    seen = "the old version stayed, a retry worked; three other models refused"
    return Seen(5, seen if not failures else f"{len(failures)} failures", tuple(failures))


def _not_refused(what: str, load: Callable[[], object]) -> list[str]:
    try:
        load()
    except StaleIndex as error:
        return [] if "briefing repair --reembed" in str(error) else [f"{what}: not said what to do: {error}"]
    return [f"{what}: taken for the one that the index was built with"]


def _versions(index: Index) -> dict[str, str]:
    return {report.id: report.body.split()[1] for report in index.reports()}


def _report(number: int, version: str) -> Report:
    body = f"The {version} version of Convoy {number} reached Gao on Tuesday. Nobody was hurt."
    return Report(id=f"r{number}", body=body, language="en", published_at=datetime(2031, 3, 1, tzinfo=UTC))


@contextmanager
def _server(model: _Model) -> Generator[str]:
    """Where it listens."""

    class Handler(http.server.BaseHTTPRequestHandler):  # the standard library's server is used by subclassing
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            texts: list[str] = asked["input"]
            if model.refuses and any(model.refuses in text for text in texts):
                self._answer(500, {"error": "the model runner has stopped"})
            else:
                self._answer(200, {"model": asked["model"], "embeddings": [_vector(text, model) for text in texts]})

        def _answer(self, status: int, body: object) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with served(Handler) as port:
        yield f"127.0.0.1:{port}"


def _vector(text: str, model: _Model) -> list[float]:
    digest = hashlib.sha256(f"{model.salt} {text}".encode()).digest()
    return np.random.default_rng(list(digest)).normal(size=model.dimension).tolist()
