"""The embedded model: llama.cpp in a child process, held to deadlines, stopped on demand, started again after a crash.

This is the parent's side; `llama_worker.py` is the child and documents the lines they exchange.
"""

import contextlib
import itertools
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import IO, Any, NoReturn

from assistant.deadlines import Clock, Deadlines
from assistant.errors import ModelReplyInvalid, ModelTooSlow, ModelUnavailable
from assistant.llm import Message, Schema, asked_odds, checked
from assistant.probe import FIRST_WORDS, find_probe
from assistant.stopping import slices, stopped_by

CONTEXT_TOKENS = 4096
STOP_WITHIN_S = 1.0
"""How long the child may take to stop an answer before it is killed."""

Event = dict[str, Any]


class EmbeddedLLM:
    """A GGUF model run on this machine's processor. The child starts with the first question, or with `start`."""

    def __init__(
        self, weights: Path, *, digest: str = "", threads: int | None = None, context_tokens: int = CONTEXT_TOKENS
    ) -> None:
        self.name = f"embedded:{weights.stem}"
        self.digest = digest
        self.context_tokens = context_tokens
        self._command = [
            *(sys.executable, "-P", "-m", "assistant.llama_worker", str(weights)),
            *("--threads", str(threads or default_threads()), "--context", str(context_tokens)),
        ]
        self._child: _Child | None = None
        self._numbers = itertools.count(1)
        self._turn = threading.Lock()
        self._starting = threading.Lock()
        self._is_closed = False

    def start(self) -> None:
        """Begin loading the model, without waiting for it: then the first question need not."""
        self._running()

    @property
    def process_id(self) -> int | None:
        """Of the child, once it was started."""
        return None if self._child is None else self._child.process_id

    def stream(
        self, messages: Sequence[Message], *, schema: Schema | None, max_tokens: int, deadlines: Deadlines
    ) -> Iterator[str]:
        """See `assistant.llm.LLM`. One answer at a time; another caller waits for its turn, within its deadlines."""
        if (odds := asked_odds(schema)) is not None:
            reading = find_probe(odds.probe, self.digest) or odds
            yield json.dumps(reading.of(self.likeliest(messages, deadlines)))
            return
        clock = Clock(deadlines, self.name)
        request = _request(messages, schema, max_tokens)
        with self._our_turn(clock):
            child = self._running()
            yield from checked(self._pieces(child, request, clock, schema), schema, self.name)

    def likeliest(self, messages: Sequence[Message], deadlines: Deadlines) -> list[tuple[str, float]]:
        """The `FIRST_WORDS` first tokens of a reply, as text, and their log probabilities; raises as `stream` does."""
        clock = Clock(deadlines, self.name)
        request = _request(messages, None, 1) | {"logprobs": True, "top_logprobs": FIRST_WORDS}
        with self._our_turn(clock):
            reply = "".join(self._pieces(self._running(), request, clock, None))
        if not reply:
            raise ModelReplyInvalid(f"{self.name}: it told no first word. Ask again.")
        return json.loads(reply)

    def close(self) -> None:
        """Stop the child. An answer in progress ends with ModelUnavailable."""
        with self._starting:
            self._is_closed = True
            if self._child is not None:
                self._child.kill()

    def _running(self) -> "_Child":
        with self._starting:
            if self._is_closed:
                raise ModelUnavailable(f"{self.name}: it was closed; choose the model again")
            if self._child is not None and not self._child.is_alive():
                self._child.kill()
                self._child = None
            if self._child is None:
                self._child = _Child(self._command, self.name)
            return self._child

    @contextlib.contextmanager
    def _our_turn(self, clock: Clock) -> Generator[None]:
        limit = clock.next_limit()
        if not any(self._turn.acquire(timeout=wait_s) for wait_s in slices(limit.seconds_left)):
            raise ModelTooSlow(
                f"{self.name}: still busy with another question after {limit.seconds_left:.0f} s ({limit.name}_s). "
                "Ask again in a moment."
            )
        try:
            yield
        finally:
            self._turn.release()

    def _pieces(
        self, child: "_Child", request: dict[str, object], clock: Clock, schema: Schema | None
    ) -> Generator[str]:
        child.wait_until_ready(clock)
        number = next(self._numbers)
        child.send({"id": number, "request": request})
        has_ended = False
        try:
            while True:
                event = child.next_event(number, clock)
                if "piece" in event:
                    clock.saw_piece()
                    yield event["piece"]
                elif "likeliest" in event:
                    clock.saw_piece()
                    yield json.dumps(event["likeliest"])
                elif "error" in event:
                    has_ended = True
                    self._refuse(event)
                elif "end" in event:
                    has_ended = True
                    if schema is not None and event["end"] == "length":
                        raise ModelReplyInvalid(
                            f"{self.name}: the reply was cut before its end, at {request['max_tokens']} tokens or at "
                            f"the end of the context of {self.context_tokens}. Allow more tokens, or ask for less."
                        )
                    return
        finally:
            if not has_ended:
                child.stop(number)

    def _refuse(self, event: Event) -> NoReturn:
        if event.get("kind") == "exceed_context_size_error":
            raise ModelReplyInvalid(
                f"{self.name}: the prompt does not fit its context of {self.context_tokens} tokens. "
                "Give it fewer passages, or use a model with more room."
            )
        raise ModelReplyInvalid(f"{self.name}: llama.cpp refused the request: {_one_line(event['error'])}")


def default_threads() -> int:
    """All cores but one, which is left to the page and the search; both when there are only two.

    Measured on 2 cores, 1.5B model, prompt and reply tokens/s: quiet, 1 thread 36 and 17, 2 threads 67 and 26. With a
    neighbour busy on one core: 1 thread 36 and 15, 2 threads 30 and 7. So the second is worth it where nothing
    else runs, as while one person waits for an answer, and costs little elsewhere as long as threads sleep while they
    wait (`poll` in the worker).
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    cores = min(cores, _cores_of_the_container())
    return cores if cores <= 2 else cores - 1


def _cores_of_the_container() -> int:
    """A container may be allowed less processor time than it sees cores: threads beyond that only wait."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        return max(1, int(quota) // int(period))
    except (OSError, ValueError):  # no such file, or "max": no limit
        return sys.maxsize


def _request(messages: Sequence[Message], schema: Schema | None, max_tokens: int) -> dict[str, object]:
    request: dict[str, object] = {
        "messages": [message._asdict() for message in messages],
        "stream": True,
        "max_tokens": max_tokens,
        "temperature": 0,
        "seed": 1,
        "cache_prompt": True,
        # Signs of life while it reads the prompt; each is also a chance to stop it.
        "return_progress": True,
    }
    if schema is not None:
        request["schema"] = schema
    return request


class _Child:
    """One running worker process and the events it has sent."""

    def __init__(self, command: list[str], model: str) -> None:
        self._model = model
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
        self._is_ready = False
        started: Future[subprocess.Popen[str]] = Future()
        self._reader = threading.Thread(target=self._live, args=(command, started), name="briefing-llama", daemon=True)
        self._reader.start()
        try:
            self._process = started.result()
        except ModelUnavailable:
            self._complaints.close()
            raise

    @property
    def process_id(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def send(self, order: dict[str, object]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
        except OSError:
            raise self._died() from None

    def wait_until_ready(self, clock: Clock) -> None:
        """Raises ModelTooSlow without killing the child: it goes on loading, for the next question."""
        while not self._is_ready:
            event = self._next(clock)
            self._is_ready = event.get("ready", False)

    def next_event(self, number: int, clock: Clock) -> Event:
        """The next event of that answer; what an earlier, stopped one still sends is passed over."""
        while (event := self._next(clock)).get("id") != number:
            pass
        return event

    def stop(self, number: int) -> None:
        """Stop that answer; if the child has not confirmed it in time, kill it: the next question starts another."""
        patience = Clock(Deadlines(first_token_s=STOP_WITHIN_S, total_s=STOP_WITHIN_S), self._model)
        try:
            # Its end is waited for although, or because, the answer is not wanted any more.
            with stopped_by(threading.Event()):
                self.send({"cancel": number})
                while not {"end", "error"} & self.next_event(number, patience).keys():
                    pass
        except ModelTooSlow:
            self.kill()
        except ModelUnavailable:
            pass  # it is dead already

    def kill(self) -> None:
        """End the child, if it still runs, and release what it held."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # an order that it did not read any more
            self._process.stdin.close()
        self._complaints.close()

    def _next(self, clock: Clock) -> Event:
        limit = clock.next_limit()
        for wait_s in slices(limit.seconds_left):
            with contextlib.suppress(queue.Empty):
                event = self._events.get(timeout=wait_s)
                break
        else:
            raise clock.too_slow(limit.name)
        if event is None:
            self._events.put(None)  # whoever asks next learns it too
            raise self._died()
        return event

    def _died(self) -> ModelUnavailable:
        status = self._process.wait()
        how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        return ModelUnavailable(
            f"{self._model}: its process {how}{self._last_complaint()}. Ask again: it starts anew by itself; "
            "or answer without a model: --no-model."
        )

    def _last_complaint(self) -> str:
        try:
            self._complaints.seek(0)
            lines = self._complaints.read().decode(errors="replace").split("\n")
        except (OSError, ValueError):
            return ""
        said = [line.strip() for line in lines if line.strip()]
        return f" ({_one_line(said[-1])})" if said else ""

    def _live(self, command: list[str], started: "Future[subprocess.Popen[str]]") -> None:
        """Start the child and read it to its end.

        Both in this one thread: Linux takes "the parent died" to mean the thread that started the child, so a child
        started from a short-lived thread of a web server would be killed in the middle of its first answer.
        """
        try:
            process = subprocess.Popen(  # noqa: S603 - our own module
                [*command, "--parent", str(os.getpid())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                text=True,
                encoding="utf-8",
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
            )
        except OSError as error:
            started.set_exception(ModelUnavailable(f"{self._model}: its process could not be started ({error})"))
            return
        started.set_result(process)
        assert process.stdout is not None
        try:
            with process.stdout, contextlib.suppress(ValueError):  # killed in the middle of a line
                for line in process.stdout:
                    self._events.put(json.loads(line))
        finally:
            self._events.put(None)
            process.wait()


def _one_line(text: object) -> str:
    return " ".join(str(text).split())[:200]
