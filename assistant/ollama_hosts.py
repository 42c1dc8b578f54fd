"""Several Ollama servers as one model: each request goes to the least busy one, and past those that do not answer.

All have the same model, by digest, so that it does not matter who words an answer. Knows nothing of Ollama itself.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.deadlines import Deadlines
from assistant.errors import ModelMissing, ModelTooSlow, ModelUnavailable
from assistant.llm import Message, Schema

REST_S = 30.0
"""A server that failed is passed over for so long, while there is another."""

# Of the server, not of the question: another server may do better.
_FAILURES = (ModelUnavailable, ModelMissing, ModelTooSlow)


class OnOneHost(Protocol):
    """A model on one server; `OllamaLLM`."""

    name: str
    digest: str
    host: str

    def stream(
        self, messages: Sequence[Message], *, schema: Schema | None, max_tokens: int, deadlines: Deadlines
    ) -> Iterator[str]: ...

    def close(self) -> None: ...


@dataclass
class _Server:
    llm: OnOneHost
    running: int = 0
    """Requests that it is answering for us."""
    used: int = 0
    """The number of the last request that it was given."""
    rests_until: float = 0.0


class OllamaHosts:
    """The model that all of `llms` have; see `assistant.llm.LLM`. May be asked from several threads at once."""

    def __init__(self, llms: Sequence[OnOneHost], *, now: Callable[[], float] = time.monotonic) -> None:
        self.name = llms[0].name
        self.digest = llms[0].digest
        self.hosts = tuple(llm.host for llm in llms)
        self._servers = [_Server(llm) for llm in llms]
        self._now = now
        self._guard = threading.Lock()
        self._requests = 0

    @property
    def host(self) -> str:
        """All of them, for the user."""
        return ", ".join(self.hosts)

    def stream(
        self, messages: Sequence[Message], *, schema: Schema | None, max_tokens: int, deadlines: Deadlines
    ) -> Generator[str]:
        """As `LLM.stream`. A server that fails before its first piece is replaced by the next, in the same total time.

        One that fails later ends the reply: what it began cannot be taken back.
        """
        began = self._now()
        tried: list[_Server] = []
        while True:
            with self._given(tried) as server:
                left = replace(deadlines, total_s=max(0.001, deadlines.total_s - (self._now() - began)))
                has_begun = False
                try:
                    pieces = server.llm.stream(messages, schema=schema, max_tokens=max_tokens, deadlines=left)
                    with closing(pieces):  # pyright: ignore[reportArgumentType] -- a generator in every model here
                        for piece in pieces:
                            has_begun = True
                            yield piece
                    return
                except _FAILURES:
                    server.rests_until = self._now() + REST_S
                    tried.append(server)
                    is_over = self._now() - began >= deadlines.total_s
                    if has_begun or is_over or len(tried) == len(self._servers):
                        raise

    def close(self) -> None:
        for server in self._servers:
            server.llm.close()

    @contextmanager
    def _given(self, tried: Sequence[_Server]) -> Generator[_Server]:
        """The server to ask: rested before resting, idle before busy, and among equals the one asked longest ago."""
        with self._guard:
            now = self._now()
            left = [server for server in self._servers if server not in tried]
            server = min(left, key=lambda s: (max(0.0, s.rests_until - now), s.running, s.used))
            self._requests += 1
            server.used = self._requests
            server.running += 1
        try:
            yield server
        finally:
            with self._guard:
                server.running -= 1
