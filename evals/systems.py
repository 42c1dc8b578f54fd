"""Other systems that answer the same questions: a file of answers, a command, an HTTP endpoint, or llama-index as is.

All answer in the batch format (evals/README.md), so the same measures read them. A system that fails a question has
failed that case; one that cannot be reached at all is an error of the harness.
"""

import json
import shlex
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.cases import Case
from evals.run import Answerer, Asked
from index.errors import BriefingError
from index.store import Index


class SystemUnusable(BriefingError):
    """The system to be measured cannot be started, reached or read."""


def open_system(spec: str, cases: Sequence[Case], index: Index, *, timeout_s: float = 600.0) -> Answerer:
    """The system that `spec` names: "file:ANSWERS.jsonl", "command:…", "http://…", or "llama-index".

    A command gets all questions on standard input, one JSON object a line, and answers on standard output; an endpoint
    gets one question a POST. Raises `SystemUnusable` with what to do.
    """
    kind, _, rest = spec.partition(":")
    if kind == "file" and rest:
        return _from_lines(_read(Path(rest)), rest)
    if kind == "command" and rest:
        return _from_lines(_run(shlex.split(rest), cases, timeout_s), rest)
    if kind in ("http", "https"):
        return _endpoint(spec, timeout_s)
    if spec == "llama-index":
        # Loading it costs seconds, and most runs do not need it.
        from evals.llama_default import llama_default

        return llama_default(index)
    raise SystemUnusable(
        f"system is {spec!r}; expected file:ANSWERS.jsonl, command:PROGRAM, http://HOST/PATH or llama-index"
    )


def item_of(case: Case) -> dict[str, Any]:
    """A case as a line of the batch input."""
    item: dict[str, Any] = {"id": case.id, "question": case.question}
    if case.as_of is not None:
        item["as_of"] = case.as_of.isoformat()
    if case.history:
        item["history"] = [turn.model_dump() for turn in case.history]
    return item


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SystemUnusable(
            f"{path}: cannot be read ({error}); give the file of answers in the batch format"
        ) from error


def _run(command: Sequence[str], cases: Sequence[Case], timeout_s: float) -> str:
    questions = "".join(json.dumps(item_of(case), ensure_ascii=False) + "\n" for case in cases)
    try:
        ran = subprocess.run(
            command, input=questions, capture_output=True, text=True, encoding="utf-8", timeout=timeout_s, check=False
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError) as error:
        raise SystemUnusable(f"{shlex.join(command)!r} could not answer: {error}") from error
    if ran.returncode != 0 and not ran.stdout.strip():
        last = ran.stderr.strip().splitlines()[-1:] or ["nothing on standard error"]
        raise SystemUnusable(f"{shlex.join(command)!r} ended with {ran.returncode}: {last[0]}")
    return ran.stdout


def _from_lines(lines: str, name: str) -> Answerer:
    replies: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(lines.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            reply = json.loads(line)
            replies[str(reply["id"])] = reply
        except (ValueError, KeyError, TypeError) as error:
            raise SystemUnusable(f"{name}: line {number} of its answers is not a JSON object with an id") from error

    def answer(case: Case) -> Asked:
        reply = replies.get(case.id)
        return _asked(case, reply) if reply is not None else failed(case, "no answer with this id")

    return answer


def _endpoint(url: str, timeout_s: float) -> Answerer:
    def answer(case: Case) -> Asked:
        body = json.dumps(item_of(case), ensure_ascii=False).encode()
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        started = time.perf_counter()
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as response:
                reply = json.loads(response.read())
        except urllib.error.HTTPError as error:  # it is there, and cannot answer this one
            return failed(case, f"HTTP status {error.code}")
        except OSError as error:
            raise SystemUnusable(f"{url} does not answer: {error}") from error
        except ValueError:
            return failed(case, "the reply is not JSON")
        if not isinstance(reply, dict):
            return failed(case, "the reply is not a JSON object")
        return _asked(case, {"seconds": time.perf_counter() - started, **reply})

    return answer


def _asked(case: Case, reply: Mapping[str, Any]) -> Asked:
    kept = {key: value for key, value in reply.items() if key != "seconds"}
    seconds = reply.get("seconds")
    return Asked({"id": case.id, **kept}, {}, {"end": float(seconds)} if isinstance(seconds, int | float) else {})


def failed(case: Case, reason: str) -> Asked:
    """A case that the system could not answer."""
    return Asked({"id": case.id, "status": "error", "error": reason}, {}, {})
