"""The same questions put to ours and to peers over the same passages, one after the other in the same minute.

Peers: llama-index as it is usually set up (a `VectorStoreIndex` over Chroma, `MetadataFilters` for dates), Chroma
alone, and for the words SQLite's FTS5 and bm25s. They get our embedder and one vector a passage; ours compares every
sentence, reads the passages and judges places as well, so it does more. txtai is left out: it installs torch.
"""

import os
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from assistant.interpret import interpret
from assistant.retrieve import search_terms
from assistant.settings import Settings
from assistant.types import Query
from evals.bench_clock import Beside, Spent, measured
from evals.bench_search import questions_of, seconds_to_evidence
from index import reading
from index.bm25 import lexical_candidates
from index.embed import Vectors
from index.matrix import cosines, screened
from index.store import Index

HITS = 12
"""As many as ours returns."""
_LEXICAL_LIMIT = 100
_WARM_UP = 3
_BATCH = 5_000
Ask = Callable[[Query], object]


class Timed(NamedTuple):
    """One system and one way to ask it."""

    name: str
    ask: Ask


def beside_rows(index: Index, settings: Settings, count: int, scratch: Path) -> list[Beside]:
    """Ours and each peer, asked in turn; `scratch` gets the peers' stores."""
    rng = np.random.default_rng(3)
    asked = {kind: _queries(index, settings, kind, count, rng) for kind in ("open", "dated")}
    size = f"{index.coverage().passages:,} passages"
    rows: list[Beside] = []

    def evidence(query: Query) -> object:
        return seconds_to_evidence(query.asked, index, settings)

    collection = _chroma_of(index, scratch / "chroma")
    for kind, queries in asked.items():
        ours = Timed("evidence", evidence)
        rows += _asked(f"{kind} question, {size}", queries, ours, [_llama_index(index, collection)])
        exact = Timed("the exact product", partial(_by_vector, index))
        alone = Timed("Chroma alone", partial(_nearest, index, collection))
        rows += _asked(f"{kind} vector search, {size}", queries, exact, [alone])
    words = Timed("postings", partial(_by_words, index))
    rows += _asked(f"words, {size}", asked["open"], words, [_fts5(index), _bm25s(index)])
    return rows


def _asked(work: str, queries: Sequence[Query], ours: Timed, peers: Sequence[Timed]) -> list[Beside]:
    """All are asked each question before the next, so that what else the machine does meets them alike."""
    systems = [ours, *peers]
    for system in systems:
        for query in queries[:_WARM_UP]:
            system.ask(query)
    taken: list[list[Spent]] = [[] for _ in systems]
    for query in queries:
        for system, own in zip(systems, taken, strict=True):
            with measured() as spent:
                system.ask(query)
            own.append(spent)
    return [Beside.of(work, taken[0], peer.name, theirs) for peer, theirs in zip(peers, taken[1:], strict=True)]


def _queries(index: Index, settings: Settings, kind: str, count: int, rng: np.random.Generator) -> list[Query]:
    newest = index.coverage().newest
    assert newest is not None
    return [
        interpret(question, as_of=newest, gazetteer=index.gazetteer, radius_km=settings.retrieve.radius_km)
        for question in questions_of(index, kind, count, rng)
    ]


# Ours, by parts


def _vector(index: Index, query: Query) -> Vectors:
    return index.embedder.embed([query.topic or query.text])[0]


def _by_vector(index: Index, query: Query) -> object:
    snapshot, vector = index.snapshot(), _vector(index, query)
    within = query.window and reading.sentences_within(index.catalog.connection, query.window)
    rows = None if within is None else np.searchsorted(snapshot.row_sentences, within)
    scores = cosines(snapshot.matrix, vector, screened(snapshot.matrix, vector, rows))
    return np.argpartition(-scores, min(HITS, len(scores) - 1))[:HITS] if len(scores) else scores


def _by_words(index: Index, query: Query) -> object:
    return lexical_candidates(index.snapshot().postings, search_terms(query, index), _LEXICAL_LIMIT)


# Peers


def _passage_vectors(index: Index) -> tuple[list[str], Vectors, list[int]]:
    """Each passage's text, the mean of its sentences' vectors, and the day of its report as an ordinal."""
    snapshot = index.snapshot()
    firsts = np.flatnonzero(np.append(True, np.diff(snapshot.row_passages) > 0))
    sums = np.add.reduceat(snapshot.matrix.vectors, firsts, axis=0, dtype=np.float32)
    held = [
        (passage.text, report.day.toordinal())
        for passage, report in reading.passages_of(
            index.catalog.connection, snapshot.row_passages[firsts].tolist()
        ).values()
    ]
    means = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    return [text for text, _ in held], means, [day for _, day in held]


def _chroma_of(index: Index, folder: Path) -> Any:
    import chromadb  # noqa: TID251 - Chroma itself is the peer
    from chromadb.config import Settings as ChromaSettings  # noqa: TID251

    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    client = chromadb.PersistentClient(path=str(folder), settings=ChromaSettings(anonymized_telemetry=False))
    collection = client.get_or_create_collection(
        f"peer-{index.coverage().passages}", configuration={"hnsw": {"space": "ip"}}, embedding_function=None
    )
    if collection.count() != index.coverage().passages:
        texts, vectors, days = _passage_vectors(index)
        for at in range(0, len(texts), _BATCH):
            part = slice(at, at + _BATCH)
            collection.upsert(
                ids=[str(number) for number in range(at, at + len(texts[part]))],
                embeddings=vectors[part],
                documents=texts[part],
                metadatas=[{"day": day} for day in days[part]],
            )
    return collection


def _days(query: Query) -> tuple[int, int] | None:
    if query.window is None or query.window.start == date.min or query.window.end == date.max:
        return None
    return query.window.start.toordinal(), query.window.end.toordinal()


def _nearest(index: Index, collection: Any, query: Query) -> object:
    vector, days = _vector(index, query), _days(query)
    where = None if days is None else {"$and": [{"day": {"$gte": days[0]}}, {"day": {"$lt": days[1]}}]}
    return collection.query(query_embeddings=vector[None, :], n_results=HITS, where=where)


def _llama_index(index: Index, collection: Any) -> Timed:
    from llama_index.core import VectorStoreIndex  # noqa: TID251 - llama-index itself is the peer
    from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters  # noqa: TID251
    from llama_index.vector_stores.chroma import ChromaVectorStore  # noqa: TID251

    from index.llama import BriefingEmbedding

    store = VectorStoreIndex.from_vector_store(
        ChromaVectorStore(chroma_collection=collection), embed_model=BriefingEmbedding(index.embedder)
    )

    def ask(query: Query) -> object:
        days = _days(query)
        filters = days and MetadataFilters(
            filters=[
                MetadataFilter(key="day", value=days[0], operator=FilterOperator.GTE),
                MetadataFilter(key="day", value=days[1], operator=FilterOperator.LT),
            ]
        )
        return store.as_retriever(similarity_top_k=HITS, filters=filters).retrieve(query.topic or query.text)

    return Timed("llama-index over Chroma", ask)


def _fts5(index: Index) -> Timed:
    connection = index.catalog.connection

    def ask(query: Query) -> object:
        terms = search_terms(query, index)
        match = " OR ".join('"' + term.replace('"', '""') + '"' for term in (*terms.words, *terms.shared))
        return connection.execute(
            "SELECT rowid FROM lexical WHERE lexical MATCH ? ORDER BY bm25(lexical) LIMIT ?", (match, _LEXICAL_LIMIT)
        ).fetchall()

    return Timed("SQLite FTS5", ask)


def _bm25s(index: Index) -> Timed:
    import bm25s  # pyright: ignore[reportMissingImports] - the extra `bench`

    rows = [row for batch in reading.term_rows(index.catalog.connection, 0) for row in batch]
    engine = bm25s.BM25()
    engine.index([" ".join(columns).split() for _, *columns in rows], show_progress=False)

    def ask(query: Query) -> object:
        terms = search_terms(query, index)
        known = [term for term in (*terms.words, *terms.shared) if term in engine.vocab_dict]
        return engine.retrieve([known], k=min(_LEXICAL_LIMIT, len(rows)), show_progress=False) if known else None

    return Timed("bm25s", ask)
