"""How long a reader waits for an answer: without a model, with one, and many questions one after the other."""

import time
from collections.abc import Iterator, Sequence

import numpy as np

from assistant.deadlines import Deadlines
from assistant.llm import LLM, Message, Schema
from assistant.models import choose
from assistant.pipeline import ask
from assistant.settings import Settings
from assistant.types import Finished, Retrieved, Token
from evals.bench_clock import Row, spread
from evals.bench_search import KINDS, questions_of
from index.store import Index

PART = "answers"
_WARM_UP = 2
_PATIENT = Deadlines(connect_s=60, first_token_s=600, gap_s=600, total_s=3_600)


def answer_rows(index: Index, settings: Settings, count: int) -> list[Row]:
    """Answers without a model, one after the other in one process."""
    rng = np.random.default_rng(5)
    asked = [question for kind in KINDS for question in questions_of(index, kind, max(1, count // len(KINDS)), rng)]
    size = f"{index.coverage().passages:,} passages"
    seconds = [_waited(question, index, settings, None)["end"] for question in [*asked[:_WARM_UP], *asked]][_WARM_UP:]
    return [
        *spread(PART, f"to the checked answer, no model, {size}", seconds),
        Row(PART, f"questions a minute, no model, 1 process, {size}", 60 * len(seconds) / sum(seconds), "/min"),
    ]


def model_rows(index: Index, settings: Settings, model: str, count: int) -> list[Row]:
    """The same with a language model; raises `ModelMissing` when it is not there."""
    choice = choose(model, cache=settings.index.cache, host=settings.llm.host)
    if choice.llm is None:
        return []
    return rows_with(choice.llm, questions_of(index, "open", count + 1, np.random.default_rng(6)), index, settings)


def rows_with(llm: LLM, asked: Sequence[str], index: Index, settings: Settings) -> list[Row]:
    """Answers by this model to all questions but the first, which loads it; and, once all are given, what the model
    alone takes for the same requests: for each question the passages read, then the wording. It is asked nothing where
    nothing was found."""
    heard = Overheard(llm)
    runs: list[tuple[dict[str, float], slice]] = []
    for question in asked:
        begun = len(heard.requests)
        times = _waited(question, index, settings, heard)
        runs.append((times, slice(begun, len(heard.requests))))
    waited = [times for times, _ in runs[1:]]
    size = f"{llm.name}, {index.coverage().passages:,} passages"
    rows: list[Row] = []
    for stage, name in (("evidence", "to the evidence"), ("token", "to the first token"), ("end", "to the answer")):
        seconds = [times[stage] for times in waited if stage in times]
        if seconds:
            rows += spread(PART, f"{name}, {size}", seconds)
    again = heard.again()
    worded = [(times, _one_after_the_other(again[own])) for times, own in runs[1:] if "token" in times]
    if not worded:
        return rows
    alone = [bare for _, bare in worded]
    shares = [times["end"] / bare["end"] for times, bare in worded]
    return [
        *rows,
        *spread(PART, f"the model alone, to the first token, {size}", [bare["token"] for bare in alone]),
        *spread(PART, f"the model alone, to the end, {size}", [bare["end"] for bare in alone]),
        Row(PART, f"the answer over the model alone, median, {size}", float(np.median(shares)), "times", "≤ 1.25"),
    ]


def _one_after_the_other(requests: Sequence[dict[str, float]]) -> dict[str, float]:
    """Seconds to the first piece of the last request, the wording, and to its end."""
    before = sum(request["end"] for request in requests[:-1])
    return {stage: before + seconds for stage, seconds in requests[-1].items()}


class Overheard:
    """A model with what it was asked, so that it can be asked the same without us."""

    def __init__(self, llm: LLM) -> None:
        self.name, self.digest = llm.name, llm.digest
        self._llm = llm
        self.requests: list[tuple[Sequence[Message], Schema | None, int]] = []

    def stream(
        self, messages: Sequence[Message], *, schema: Schema | None, max_tokens: int, deadlines: Deadlines
    ) -> Iterator[str]:
        self.requests.append((messages, schema, max_tokens))
        return self._llm.stream(messages, schema=schema, max_tokens=max_tokens, deadlines=deadlines)

    def again(self) -> list[dict[str, float]]:
        """Seconds to the first piece and to the end of each request, in the order of the first time: what a server
        kept of the one before helps as little or as much as then."""
        waited: list[dict[str, float]] = []
        for messages, schema, max_tokens in self.requests:
            started = time.perf_counter()
            reached: dict[str, float] = {}
            for _ in self._llm.stream(messages, schema=schema, max_tokens=max_tokens, deadlines=_PATIENT):
                reached.setdefault("token", time.perf_counter() - started)
            reached["end"] = time.perf_counter() - started
            waited.append(reached)
        return waited

    def close(self) -> None:
        self._llm.close()


def _waited(question: str, index: Index, settings: Settings, llm: LLM | None) -> dict[str, float]:
    """Seconds from the question to each stage that was reached."""
    started = time.perf_counter()
    reached: dict[str, float] = {}
    for event in ask(question, index=index, settings=settings, llm=llm):
        elapsed = time.perf_counter() - started
        if isinstance(event, Retrieved):
            reached["evidence"] = elapsed
        elif isinstance(event, Token):
            reached.setdefault("token", elapsed)
        elif isinstance(event, Finished):
            reached["end"] = elapsed
    return reached
