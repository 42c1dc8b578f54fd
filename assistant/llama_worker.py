"""The embedded model's own process: llama.cpp behind JSON lines, so that its crash is not ours.

Started by `embedded.py` as `python -m assistant.llama_worker MODEL --threads N --context N`; ends when its standard
input closes. It reads one JSON object a line,

    {"id": 1, "request": {…}}      answer this chat completion, with "schema" if it is to be JSON; one at a time
    {"cancel": 1}                  stop that answer

and writes

    {"ready": true}                              once, when the model is loaded
    {"id": 1, "reading": 64}                     a sign of life: prompt tokens read so far
    {"id": 1, "piece": "…"}
    {"id": 1, "likeliest": [["yes", -0.1], …]}   for a request with "logprobs", in the place of pieces: first tokens
    {"id": 1, "end": "stop" | "length" | "cancelled", "prompt_tokens": 812, "cached_tokens": 640}
    {"id": 1, "error": "…", "kind": "…"}

Nothing of ours is imported here but the standard library and xllamacpp.
"""

import argparse
import contextlib
import ctypes
import importlib
import json
import os
import secrets
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any

BATCH_TOKENS = 64
"""Prompt tokens between two looks at whether to stop. Measured on 2 cores: 512 reads 72 tokens/s, 64 reads 67, 32 reads
52; a batch of 64 takes about a second there."""

PROMPT_CACHE_MIB = 512
"""Room for what earlier prompts left behind: some four full contexts of the 1.5B model (28 KiB a token)."""


def main() -> None:
    """Load the model, then answer what comes on standard input until it closes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--context", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    options = parser.parse_args()
    # Ctrl-C in a terminal reaches every process in it; what it stops is the parent's business.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with(options.parent)
    say = _speaker()
    server = _load(options.model, options.threads, options.context)
    say({"ready": True})
    _listen(server, say)
    # No clean-up: there is nothing to save, and llama.cpp's own takes a while and has crashed before.
    os._exit(0)


def _die_with(parent: int) -> None:
    """Have Linux kill this process when its parent dies, even while the model computes; elsewhere stdin must do."""
    if sys.platform != "linux":
        return
    ask_for_signal_at_parents_death = 1
    ctypes.CDLL(None).prctl(ask_for_signal_at_parents_death, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


class _Speaker:
    """Writes JSON lines to what was standard output; several threads may."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def __call__(self, event: dict[str, object]) -> None:
        with self._lock:
            try:
                self._stream.write(json.dumps(event) + "\n")
                self._stream.flush()
            except OSError:  # the parent is gone
                os._exit(0)


def _speaker() -> _Speaker:
    """Keep standard output for ourselves: llama.cpp prints there too, which goes to standard error instead."""
    ours = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return _Speaker(ours)


def _llama() -> Any:
    """The binding: a compiled module without type information."""
    return importlib.import_module("xllamacpp")


def _load(model: Path, threads: int, context: int) -> Any:
    xllamacpp = _llama()
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.n_ctx = context
    params.n_parallel = 1
    params.n_batch = params.n_ubatch = BATCH_TOKENS
    params.cache_ram_mib = PROMPT_CACHE_MIB
    params.fit_params = False
    params.warmup = False
    params.ui = False
    params.endpoint_slots = False
    params.verbosity = -1
    for cores in (params.cpuparams, params.cpuparams_batch):
        cores.n_threads = threads
        # Threads that wait for each other sleep instead of spinning. Measured with a neighbour on one of 2 cores:
        # spinning (the default, 50) makes 1 token/s, sleeping 7; on a quiet machine both make 26.
        cores.poll = 0
    # It always serves HTTP as well, and to any origin. So: no port but a socket in a folder that only this user may
    # enter, gone from the file system as soon as it is bound, and a key nobody knows.
    params.api_keys = [secrets.token_urlsafe(32)]
    with tempfile.TemporaryDirectory(prefix="briefing-") as private:
        params.hostnames = [f"{private}/llama.sock"] if os.name == "posix" else ["127.0.0.1"]
        return xllamacpp.Server(params)


def _listen(server: Any, say: _Speaker) -> None:
    cancelled: set[int] = set()
    for line in sys.stdin:
        order = json.loads(line)
        if "cancel" in order:
            cancelled.add(order["cancel"])
        else:
            arguments = (server, say, order["id"], order["request"], cancelled)
            threading.Thread(target=_answer, args=arguments, daemon=True).start()


def _answer(server: Any, say: _Speaker, number: int, request: dict[str, object], cancelled: set[int]) -> None:
    usage: dict[str, object] = {}
    end = "stop"
    failed = False

    def receive(event: dict[str, Any]) -> bool:
        """What llama.cpp calls for each event; True stops it."""
        nonlocal end, failed
        if number in cancelled:
            end = "cancelled"
            return True
        if "error" in event:
            failed = True
            error = event["error"]
            say({"id": number, "error": str(error.get("message", error)), "kind": str(error.get("type", ""))})
            return True
        for choice in event.get("choices", ()):
            if told := (choice.get("logprobs") or {}).get("content"):
                likeliest = [[token["token"], token["logprob"]] for token in told[0]["top_logprobs"]]
                say({"id": number, "likeliest": likeliest})
            elif piece := choice["delta"].get("content"):
                say({"id": number, "piece": piece})
            end = choice.get("finish_reason") or end
        if reading := event.get("prompt_progress"):
            say({"id": number, "reading": reading["processed"]})
        if timings := event.get("timings"):
            usage["cached_tokens"] = timings["cache_n"]
            usage["prompt_tokens"] = timings["cache_n"] + timings["prompt_n"]
        return False

    try:
        server.handle_chat_completions(_with_grammar(request), receive)
    except Exception as error:  # whatever the binding raises is told to the parent, which gives it a type
        failed = True
        say({"id": number, "error": str(error), "kind": type(error).__name__})
    with contextlib.suppress(KeyError):
        cancelled.remove(number)
    if not failed:
        say({"id": number, "end": end, **usage})


def _with_grammar(request: dict[str, Any]) -> dict[str, Any]:
    """The request with its schema, if it has one, made into a grammar for JSON without any white space.

    As `response_format` the schema allows indentation, which the model uses: 21 tokens where 12 do.
    """
    schema = request.pop("schema", None)
    if schema is None:
        return request
    compact = {**schema, "x-guidance": {"whitespace_flexible": False}}
    return {**request, "grammar": _llama().json_schema_to_grammar(compact)}


if __name__ == "__main__":
    main()
