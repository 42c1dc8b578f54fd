"""Fault 7: the language-model server is dead, stalls, drips, refuses, breaks off or talks nonsense.

The evidence must be on the table at once, and the answer must come all the same, of quotations, with one line that
says why. Deadlines are set short, so that keeping them takes less than a second each.
"""

import socket
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

from assistant.deadlines import Deadlines
from assistant.models import OllamaLLM
from assistant.pipeline import ask
from assistant.settings import LlmSettings, Settings
from assistant.types import Answer, Finished, Retrieved
from evals.fake_ollama import (
    Script,
    drips_bytes,
    drips_empty_pieces,
    drips_pieces,
    fake_ollama,
    refuses,
    resets_after,
    says,
    sends_lines,
    stalls_after,
)
from evals.faults import Bench, Seen
from index.store import Index
from index.types import Report

MOST_EVIDENCE_S = 2.0
QUESTION = "How many family tents did Blue Lantern distribute?"
_BODIES = (
    "Blue Lantern distributed 410 family tents on Wednesday. It plans to open two more shelters in Subaykhan.",
    "The market of Gao reopened on Tuesday. Traders from Ansongo came back.",
    "Two bridges over the Euphrates were closed. The water rose by a metre in the night.",
)
_DEADLINES = Deadlines(connect_s=0.4, first_token_s=0.5, gap_s=0.4, total_s=0.8)
# What is left for the rest of the answer beside the longest deadline.
_MOST_ANSWER_S = _DEADLINES.total_s + MOST_EVIDENCE_S

_SCRIPTS: dict[str, Script] = {
    "accepts and says nothing": stalls_after(),
    "loads for ever": stalls_after(""),
    "stalls in the middle": stalls_after('{"statements": [{"ids": ["s1"], "text": "Four'),
    "drips bytes": drips_bytes,
    "drips empty pieces": drips_empty_pieces,
    "never ends": drips_pieces,
    "503": refuses(503, "server busy, please try again"),
    "500": refuses(500, "llama runner terminated"),
    "redirects": refuses(302, "elsewhere"),
    "resets at once": resets_after(),
    "resets in the middle": resets_after('{"statements": '),
    "ends without an end": sends_lines('{"message": {"role": "assistant", "content": "Les "}}'),
    "dies with an error": sends_lines('{"error": "unexpected EOF"}'),
    "talks HTML": sends_lines("<html>"),
    "talks other JSON": sends_lines("[1, 2]", '{"done": "perhaps"}'),
    "prose for JSON": says("Sure! Here is the JSON"),
    "another schema": says('{"answer": "410 tents"}'),
    "points at no sentence": says('{"statements": [{"ids": ["s777"], "text": "410 tents."}]}'),
    "cut at its length": says('{"statements": [{"ids": ["s1"], "te', reason="length"),
    "says nothing": says(""),
}


class _Asked(NamedTuple):
    answer: Answer
    evidence_s: float
    answer_s: float


def failing_servers(bench: Bench) -> Seen:
    """One question to each."""
    failures: list[str] = []
    asked: dict[str, _Asked] = {}
    with _index(bench) as index:
        plain = _ask(index, None).answer  # warms the search, as a running program has
        asked["nobody listens"] = _ask(index, f"127.0.0.1:{_free_port()}")
        for name, script in _SCRIPTS.items():
            with fake_ollama(script, patience_s=0.1) as server:
                asked[name] = _ask(index, server.host)
    if not plain.claims:
        failures.append("without a model there is no answer to compare with")
    for name, found in asked.items():
        failures += [f"{name}: {wrong}" for wrong in _wrong(found, plain)]
    evidence_s = max(found.evidence_s for found in asked.values())
    answer_s = max(found.answer_s for found in asked.values())
    seen = f"evidence in {evidence_s:.2f} s, answers in {answer_s:.1f} s at most, each with one line saying so"
    return Seen(len(asked), seen if not failures else f"{len(failures)} failures", tuple(failures))


def _wrong(found: _Asked, plain: Answer) -> Iterator[str]:
    if found.evidence_s > MOST_EVIDENCE_S:
        yield f"evidence after {found.evidence_s:.1f} s"
    if found.answer_s > _MOST_ANSWER_S:
        yield f"answered after {found.answer_s:.1f} s"
    if (found.answer.text, found.answer.model) != (plain.text, "none"):
        yield f"another answer than without a model: {found.answer.text[:80]!r}"
    told = [note for note in found.answer.notes if note.startswith("Answered without a model: ")]
    if len(told) != 1 or "\n" in told[0]:
        yield f"not one line that says so: {found.answer.notes}"


def _ask(index: Index, host: str | None) -> _Asked:
    limits = LlmSettings(
        connect_s=_DEADLINES.connect_s,
        first_token_s=_DEADLINES.first_token_s,
        gap_s=_DEADLINES.gap_s,
        total_s=_DEADLINES.total_s,
    )
    llm = None if host is None else OllamaLLM("tiny", host=host)
    began = time.monotonic()
    evidence_s = 0.0
    for event in ask(QUESTION, index=index, settings=Settings(llm=limits), llm=llm):
        if isinstance(event, Retrieved):
            evidence_s = time.monotonic() - began
        if isinstance(event, Finished):
            return _Asked(event.answer, evidence_s, time.monotonic() - began)
    raise AssertionError("ask() always ends with Finished")


@contextmanager
def _index(bench: Bench) -> Generator[Index]:
    reports = [
        Report(id=f"r{number}", body=body, language="en", published_at=datetime(2031, 3, 6, tzinfo=UTC))
        for number, body in enumerate(_BODIES)
    ]
    with Index.create(bench.folder / "index", bench.tools) as index:
        list(index.add(reports, workers=0))
        yield index


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
