"""How an answer came about: seconds of each stage, what was found, with which model, prompt, settings and index."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant.llm import LLM
from assistant.prompting import load_prompt
from assistant.settings import Settings
from assistant.types import Event, Finished, Retrieved, Settled, Token
from index.store import Index


@dataclass
class Trace:
    """Filled in while the events of `ask` pass by."""

    seconds: dict[str, float] = field(default_factory=dict)
    """Of each stage, in order: interpret, retrieve, then draft and check, or with no model both as "answer"."""
    counts: dict[str, int] = field(default_factory=dict)


def traced(events: Iterator[Event], trace: Trace) -> Iterator[Event]:
    """The same events; `trace` knows of each when it has passed."""
    last = time.perf_counter()
    tokens = 0
    drafted = last
    for event in events:
        now = time.perf_counter()
        if isinstance(event, Token | Settled):
            tokens, drafted = tokens + isinstance(event, Token), now
        elif isinstance(event, Finished):
            if tokens:
                trace.seconds |= {"draft": drafted - last, "check": now - drafted}
            else:
                trace.seconds["answer"] = now - last
            shown = sum(bool(claim.citations) for claim in event.answer.claims)
            trace.counts |= {"tokens": tokens, "claims": shown, "dropped": len(event.answer.claims) - shown}
        elif isinstance(event, Retrieved):
            trace.seconds["retrieve"] = now - last
            trace.counts["hits"] = len(event.hits)
        else:
            trace.seconds["interpret"] = now - last
        yield event
        # What the reader does with an event is not a stage's time; between tokens the model goes on meanwhile.
        if not isinstance(event, Token | Settled):
            last = time.perf_counter()


def trace_lines(trace: Trace, index: Index, settings: Settings, llm: LLM | None) -> list[str]:
    """The trace in words, one fact a line."""
    return [
        "stages: " + ", ".join(f"{stage} {seconds:.3f} s" for stage, seconds in trace.seconds.items()),
        "counts: " + ", ".join(f"{count} {what}" for what, count in trace.counts.items()),
        *(f"{name}: {value}" for name, value in identity(index, settings, llm).items()),
    ]


def identity(index: Index, settings: Settings, llm: LLM | None) -> dict[str, Any]:
    """What an answer depends on besides the question: two runs that agree on all of it can be compared."""
    prompt = load_prompt("answer")
    return {
        "index": f"{index.manifest.index_id}, generation {index.catalog.generation()}",
        "embedder": index.manifest.embedder,
        "model": f"{llm.name} {llm.digest[:12]}".strip() if llm else "none",
        "prompt": f"{prompt.name} version {prompt.version}, {prompt.fingerprint}",
        "settings": hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:12],
    }
