"""How long a question waits for its evidence, in a cold process and a warm one, and what the index takes on disk."""

import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from assistant.pipeline import ask
from assistant.settings import Settings
from assistant.types import Retrieved
from evals.bench_clock import Row, measured, spread
from evals.bench_store import DAYS, LAST_DAY
from index.store import Index

KINDS = ("open", "dated", "placed", "both")

_TOPICS = (
    "Which bridges were destroyed or repaired",
    "How many families were moved out of their homes",
    "Who broke the ceasefire",
    "Where were aid trucks held up",
    "How many cases of cholera were counted",
    "Which towns were taken or retaken",
    "Who was abducted and who was freed",
    "Combien de personnes sont mortes dans les inondations",
    "Quelles localités ont été reprises par l'armée",
    "Que dit le gouverneur de l'enquête",
    "كم عدد العائلات التي تم إجلاؤها",
    "ما سبب انهيار الجسر",
)
_WARM_UP = len(_TOPICS)  # in every language, each of which has tables of its own to load

# What `briefing ask` does up to its evidence; a program of its own, so that starting Python and importing count.
_COLD = """
import json, resource, sys
from pathlib import Path
from assistant.pipeline import ask
from assistant.settings import load_settings
from assistant.types import Retrieved
from index.prepare import Tools
from index.store import Index
folder, embedder, cache, question = sys.argv[1:]
with Index.open(Path(folder), Tools(embedder, Path(cache))) as index:
    events = ask(question, index=index, settings=load_settings())
    found = next(len(event.hits) for event in events if isinstance(event, Retrieved))
    used = resource.getrusage(resource.RUSAGE_SELF)
    status = Path("/proc/self/status").read_text()
    print(json.dumps({"hits": found, "cpu_s": used.ru_utime + used.ru_stime, "status": status}), flush=True)
"""

# The same process, asked on: what a program that serves an index holds.
_SERVING = """
import sys
from pathlib import Path
from assistant.settings import load_settings
from evals.bench_search import warm_rows
from index.prepare import Tools
from index.store import Index
folder, embedder, cache, questions = sys.argv[1:]
with Index.open(Path(folder), Tools(embedder, Path(cache))) as index:
    warm_rows(index, load_settings(), int(questions))
    print(Path("/proc/self/status").read_text())
"""


def cold_rows(folder: Path, embedder: str, cache: Path, passages: int, runs: int) -> list[Row]:
    """A new process from its start to the first evidence: the median of `runs`."""
    walls: list[float] = []
    replies: list[dict[str, Any]] = []
    for _ in range(runs + 1):  # the first compiles bytecode and fills the disk cache
        command = [sys.executable, "-c", _COLD, str(folder), embedder, str(cache), _TOPICS[0]]
        started = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            walls.append(time.perf_counter() - started)
        if not line:
            raise RuntimeError(f"a cold process gave no evidence (exit {process.returncode}); see its error above")
        replies.append(json.loads(line))
    processor = float(np.median([reply["cpu_s"] for reply in replies[1:]]))
    size = f"{passages:,} passages"
    return [
        Row("cold", f"start to evidence, {size}, wall", float(np.median(walls[1:])), "s", "≤ 1.5"),
        Row("cold", f"start to evidence, {size}, processor", processor, "s"),
        *_memory_rows(f"at the evidence, {size}", replies[-1]["status"]),
    ]


def serving_rows(folder: Path, embedder: str, cache: Path, passages: int, questions: int) -> list[Row]:
    """What a process holds that has answered so many questions of each kind, twice some of them."""
    command = [sys.executable, "-c", _SERVING, str(folder), embedder, str(cache), str(questions)]
    status = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return _memory_rows(f"after the warm questions, {passages:,} passages", status)


def _memory_rows(when: str, status: str) -> list[Row]:
    """By Linux's account of the process: a maximum that it was told of by `getrusage` may be its parent's."""
    held = dict(re.findall(r"^(VmHWM|RssAnon|RssFile):\s+(\d+) kB$", status, re.MULTILINE))
    return [
        Row("memory", f"most held {when}", int(held["VmHWM"]) * 1.024e-3, "MB", "≤ 700" if "100,000" in when else ""),
        Row("memory", f"of its own {when}", int(held["RssAnon"]) * 1.024e-3, "MB"),
        Row("memory", f"of files, which the system may take back, {when}", int(held["RssFile"]) * 1.024e-3, "MB"),
    ]


def warm_rows(index: Index, settings: Settings, questions_a_kind: int) -> list[Row]:
    """From the question to its evidence in a process that has answered before, by kind of question."""
    rng = np.random.default_rng(1)
    size = f"{index.coverage().passages:,} passages"
    asked = {kind: questions_of(index, kind, questions_a_kind, rng) for kind in KINDS}
    for kind in KINDS:
        for question in asked[kind][:_WARM_UP]:
            seconds_to_evidence(question, index, settings)
    rows: list[Row] = []
    for kind in KINDS:
        target = _target(kind, index.coverage().passages)
        seconds: list[float] = []
        processor: list[float] = []
        for question in asked[kind]:
            with measured() as spent:
                seconds.append(seconds_to_evidence(question, index, settings))
            processor.append(spent.cpu_s)
        rows += spread("warm", f"{kind}, {size}", seconds, target)
        rows += spread("warm", f"{kind}, {size}, processor", processor)
    embedding = [_seconds_to_embed(question, index) for question in asked["open"]]
    return [*rows, *spread("warm", f"of these, embedding the question, {size}", embedding)]


def _target(kind: str, passages: int) -> str:
    if kind == "open":
        return "≤ 100" if passages <= 50_000 else ""
    return "≤ 60" if passages <= 100_000 else "≤ 250"


def seconds_to_evidence(question: str, index: Index, settings: Settings) -> float:
    """From the question to `Retrieved`."""
    started = time.perf_counter()
    events = ask(question, index=index, settings=settings)
    next(event for event in events if isinstance(event, Retrieved))
    return time.perf_counter() - started


def _seconds_to_embed(question: str, index: Index) -> float:
    started = time.perf_counter()
    index.embedder.embed([question])
    return time.perf_counter() - started


def questions_of(index: Index, kind: str, count: int, rng: np.random.Generator) -> list[str]:
    """Different ones; the places are the settlements that the reports name most, the weeks lie inside the dates."""
    counts: Counter[str] = Counter()
    for report, _ in zip(index.reports(), range(100), strict=False):
        for passage in index.passages(report.id):
            counts.update(
                place.name
                for sentence in passage.sentences
                for place in sentence.places
                if place.kind == "settlement" and place.name.isascii()
            )
    places = [name for name, _ in counts.most_common(15)]
    questions: list[str] = []
    for number in range(count):
        parts = [_TOPICS[number % len(_TOPICS)]]
        if kind in ("placed", "both") and places:
            parts.append(f"near {rng.choice(places)}")
        if kind in ("dated", "both"):
            first = LAST_DAY - timedelta(days=int(rng.integers(7, DAYS)))
            parts.append(f"between {first} and {first + timedelta(days=6)}")
        questions.append(" ".join(parts) + f" ({number})?" if kind == "open" else " ".join(parts) + "?")
    return questions


def size_rows(folder: Path, passages: int) -> list[Row]:
    """What the index takes on disk, by its parts."""
    return [
        Row("disk", f"{name}, {passages:,} passages", _bytes(folder / path) / 1e6, "MB")
        for name, path in (("catalog", "catalog.sqlite"), ("matrix", "matrix"), ("postings", "postings"))
    ]


def _bytes(path: Path) -> int:
    files: Sequence[Path] = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return sum(one.stat().st_size for one in files)
