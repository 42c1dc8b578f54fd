"""How long a reader waits for an answer: without a model, with one, and many questions one after the other."""

import time

import numpy as np

from assistant.llm import LLM
from assistant.models import choose
from assistant.pipeline import ask
from assistant.settings import Settings
from assistant.types import Finished, Retrieved, Token
from evals.bench_clock import Row, spread
from evals.bench_search import KINDS, questions_of
from index.store import Index

PART = "answers"
_WARM_UP = 2


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
    asked = questions_of(index, "dated", count + 1, np.random.default_rng(6))
    waited = [_waited(question, index, settings, choice.llm) for question in asked][1:]  # the first loads the model
    size = f"{choice.llm.name}, {index.coverage().passages:,} passages"
    rows: list[Row] = []
    for stage, name in (("evidence", "to the evidence"), ("token", "to the first token"), ("end", "to the answer")):
        seconds = [times[stage] for times in waited if stage in times]
        if seconds:
            rows += spread(PART, f"{name}, {size}", seconds)
    return rows


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
