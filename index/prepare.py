"""Report to everything the catalog keeps of it: sentences, passages, terms, vectors. In this process or in several.

The work of an ingest lies here (two thirds of it in the embedder), so this is what runs in parallel; storing is one
process's.
"""

import gc
import itertools
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

import numpy as np

from index.annotate import annotate
from index.catalog import PassageTerms, Prepared
from index.chunk import chunk
from index.concepts import concept_terms
from index.copies import sketch
from index.embed import Embedder, Vectors, open_embedder
from index.ingest import content_hash
from index.lexical import name_keys, terms
from index.notices import marks_of, notice_sentences
from index.places.gazetteer import Gazetteer
from index.sentences import texts_to_embed
from index.types import Passage, Report

BATCH = 16
"""Reports that are prepared together, and stored together."""
_GROUPS_AHEAD = 3  # read before they are embedded: enough that neither waits for the other, and few, for memory's sake

Value = TypeVar("Value")


class Tools(NamedTuple):
    """What preparing needs, as values that another process can be given."""

    embedder: str
    """As `open_embedder` takes it."""
    cache: Path
    gazetteer: Path | None = None
    """A user's own gazetteer.csv."""
    host: str | None = None
    """Of the Ollama server."""


class Preparer(Protocol):
    """Turns reports into prepared reports, in the order given."""

    def __call__(self, reports: Iterable[Report]) -> Iterator[Prepared]: ...


class _Read(NamedTuple):
    """Reports prepared but for their vectors."""

    prepared: list[Prepared]
    texts: list[str]
    """What to embed for their sentences."""


def prepare(reports: list[Report], embedder: Embedder, gazetteer: Gazetteer) -> list[Prepared]:
    """Prepares reports together: their sentences are embedded in one call, which is fastest for many short ones."""
    read = _read(reports, gazetteer, embedder.dimension)
    return _with_vectors(read, embedder.embed(read.texts))


def _read(reports: list[Report], gazetteer: Gazetteer, dimension: int) -> _Read:
    none = np.zeros((0, dimension), dtype=np.float32)
    with without_collection():
        prepared = [_prepared(report, chunk(report, annotate(report, gazetteer)), none) for report in reports]
    return _Read(prepared, [text for entry in prepared for passage in entry.passages for text in texts_of(passage)])


def _prepared(report: Report, passages: list[Passage], vectors: Vectors) -> Prepared:
    return Prepared(
        report=report,
        content_hash=content_hash(report),
        sketch=sketch(report.body),
        passages=passages,
        terms=_terms(passages, report),
        vectors=vectors,
    )


def _with_vectors(read: _Read, vectors: Vectors) -> list[Prepared]:
    counts = [sum(len(passage.sentences) for passage in entry.passages) for entry in read.prepared]
    ends = np.cumsum(counts).tolist()
    return [
        entry._replace(vectors=vectors[end - count : end])
        for entry, count, end in zip(read.prepared, counts, ends, strict=True)
    ]


def texts_of(passage: Passage) -> list[str]:
    """What to embed, one text for each of its sentences."""
    return texts_to_embed([passage.text[s.start - passage.start : s.end - passage.start] for s in passage.sentences])


def _terms(passages: list[Passage], report: Report) -> list[PassageTerms]:
    """Words as stems; names by sound and places by identity, so that they match across scripts."""
    title = " ".join(terms(report.title, report.language))
    named, about = name_keys(report.title), concept_terms(report.title, report.language)
    marks = notice_marks(passages, report)
    return [
        PassageTerms(
            body=" ".join(terms(passage.text, report.language)),
            title=title,
            names=" ".join([*named, *name_keys(passage.text), *_place_keys(passage), *marks.get(passage.id, [])]),
            concepts=" ".join([*about, *concept_terms(passage.text, report.language)]),
        )
        for passage in passages
    ]


def _place_keys(passage: Passage) -> list[str]:
    return sorted({f"@{place.key}" for sentence in passage.sentences for place in sentence.places})


def notice_marks(passages: Sequence[Passage], report: Report) -> dict[str, list[str]]:
    """For each passage in which the report corrects or takes back another, the terms that say which."""
    sentences = {s.ordinal: s for passage in passages for s in passage.sentences}
    said = notice_sentences(report, [sentences[at] for at in sorted(sentences)])
    ordinals = {s.ordinal for s in said}
    marks = marks_of(report, said)
    return {p.id: marks for p in passages if any(s.ordinal in ordinals for s in p.sentences)} if marks else {}


@contextmanager
def without_collection() -> Generator[None]:
    """Python looks for cycles of objects at every few hundred made; of all that a report makes, none is in a cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _quick_turns() -> Generator[None]:
    """A thread that has been in numpy waits for Python's lock up to the switch interval, 5 ms by default, each time.

    Measured on 491 reports: 4.0 s with 1 ms, 4.5 with 5; shorter gains nothing.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, 0.001))
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@contextmanager
def in_process(embedder: Embedder, gazetteer: Gazetteer, batch: int = BATCH) -> Generator[Preparer]:
    """A preparer that works here: right for a few reports, or for a model behind a server.

    While some reports are embedded, in a thread, the next are read.
    """
    with ThreadPoolExecutor(1, "embed") as thread, _quick_turns():

        def run(reports: Iterable[Report]) -> Iterator[Prepared]:
            waiting: deque[tuple[_Read, Future[Vectors]]] = deque()
            for group in batched(reports, batch):
                read = _read(group, gazetteer, embedder.dimension)
                waiting.append((read, thread.submit(embedder.embed, read.texts)))
                while waiting and (len(waiting) > _GROUPS_AHEAD or waiting[0][1].done()):
                    before, vectors = waiting.popleft()
                    yield from _with_vectors(before, vectors.result())
            for before, vectors in waiting:
                yield from _with_vectors(before, vectors.result())

        yield run


@contextmanager
def in_processes(
    tools: Tools, processes: int, own: Callable[[], tuple[Embedder, Gazetteer]], batch: int = BATCH
) -> Generator[Preparer]:
    """A preparer that works in two or more processes, this one among them, each with a model of its own; order is kept.

    `own` gives this one's. Another takes more than a second to start and load its own: until then this one works alone,
    and again should others end: for want of memory, or because a script without `if __name__ == "__main__":` cannot be
    started twice.
    """
    others = processes - 1
    # spawn, not fork: the parent has threads (Chroma's, BLAS's), and forking those deadlocks.
    pool = ProcessPoolExecutor(others, get_context("spawn"), _start_worker, (tools,))

    def finished(given: _Given) -> list[Prepared]:
        try:
            return given.future.result()
        except BrokenProcessPool:
            return prepare(given.group, *own())

    def run(reports: Iterable[Report]) -> Iterator[Prepared]:
        starting = [_submitted(pool, _is_ready) for _ in range(others)]
        waiting: deque[_Given] = deque()
        for group in batched(reports, batch):
            ready = sum(future.done() and future.exception() is None for future in starting)
            if sum(not given.future.done() for given in waiting) < 2 * ready:  # enough to keep them busy
                waiting.append(_Given(group, _submitted(pool, _work, group)))
            else:
                waiting.append(_Given(group, _done(prepare(group, *own()))))
            # Few enough waiting to keep memory flat.
            while waiting and (waiting[0].future.done() or len(waiting) >= 4 * processes):
                yield from finished(waiting.popleft())
        for given in waiting:
            yield from finished(given)

    try:
        yield run
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # ending takes a worker half a second, and there is more to do


class _Given(NamedTuple):
    """A group of reports, and what is made of it."""

    group: list[Report]
    future: Future[list[Prepared]]


def _submitted(pool: ProcessPoolExecutor, call: Callable[..., Value], *given: object) -> Future[Value]:
    try:
        return pool.submit(call, *given)
    except BrokenProcessPool as error:
        failed: Future[Value] = Future()
        failed.set_exception(error)
        return failed


def _done(value: Value) -> Future[Value]:
    future: Future[Value] = Future()
    future.set_result(value)
    return future


_worker: tuple[Embedder, Gazetteer] | None = None


def _start_worker(tools: Tools) -> None:
    global _worker
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker = (
        open_embedder(tools.embedder, cache=tools.cache, host=tools.host),
        Gazetteer.open(tools.cache, tools.gazetteer),
    )


def _end_with_parent() -> None:
    """A killed parent cannot tell its workers, and they would wait for more work for ever, with a model each."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _is_ready() -> bool:
    return _worker is not None


def _work(group: list[Report]) -> list[Prepared]:
    assert _worker is not None
    return prepare(group, *_worker)


def batched(values: Iterable[Value], size: int) -> Iterator[list[Value]]:
    """So many at a time, in order; the last may be fewer."""
    iterator = iter(values)
    while group := list(itertools.islice(iterator, size)):
        yield group
