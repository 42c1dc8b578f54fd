"""The Chroma collection of sentence vectors: derived from the catalog, and made to agree with it when it does not.

The only file that touches Chroma. One process at a time may have an embedded store open (a second writer loses
vectors without an error, chromadb 1.5.9), so a lock file guards it; who does not get the lock does without Chroma.
It is there for other programs: searching here reads the matrix, so an ingest does not wait for Chroma, and a store in
the index's folder is filled, in bulk, when one opens it (`Index.open_chroma`). A Chroma server may be used by many at
once; one that cannot be reached is an error of its own, never a reason to rebuild.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.chroma_server import ServerCollection
from index.embed import Vectors
from index.errors import ServerAway, VectorStoreFailed

Rows = NDArray[np.int64]

_MAX_ROWS_A_CALL = 5_000  # Chroma refuses more than 5,461
_ROWS_TO_SERVER = 2_000  # it refuses requests over 40 MB
_PROBES = 8


class StoredSentence(NamedTuple):
    """One record of the collection; other programs that open it find text and origin. The vector of a question is that
    of what follows it (`index.sentences`)."""

    row: int
    vector: Vectors
    text: str
    passage_id: str
    report_id: str


Source = Callable[[int], Iterator[Sequence[StoredSentence]]]
"""The catalog's sentences numbered above the argument, in order, in batches of any size."""


class ChromaVectors:
    """An open collection. `location` is a folder, or "http://host:port" of a Chroma server."""

    def __init__(self, location: str, index_id: str) -> None:
        self._location = location
        self._name = f"briefing-{index_id}"
        self._index_id = index_id
        self._is_server = "://" in location
        self._rows_a_call = _ROWS_TO_SERVER if self._is_server else _MAX_ROWS_A_CALL
        self._client: Any = None
        self._collection: Any = None
        try:
            self._open()
        except BaseException as error:
            if self._is_server or _is_ours(error):
                raise
            # A damaged store cannot even be opened; an empty one is filled by the next writer.
            self.close()
            shutil.rmtree(self._location, ignore_errors=True)
            _forget_client(self._location)
            self._open()

    def sync(self, source: Source, rows: Rows, probe: Callable[[int], Vectors | None]) -> None:
        """Brings the collection to exactly the catalog's sentences, numbered `rows`.

        `probe` gives the catalog's vector of a sentence. What is new is added and what is gone deleted; if the count
        still differs, or a probed vector is missing or another, the collection is built anew. Chroma's own counts look
        healthy while rows lack their vectors, so vectors are read back.
        """
        count = len(rows)
        try:
            self._add(source, after=self._last_row())
            if self._collection.count() > count:
                self._delete_all_but(rows)
            is_whole = self._collection.count() == count and self._probes_agree(probe)
        except BaseException as error:
            if _is_ours(error):
                raise
            is_whole = False
        if not is_whole:
            self.rebuild(source)
            if self._collection.count() != count:
                raise VectorStoreFailed(
                    f"Chroma at {self._location} holds {self._collection.count()} of {count} vectors after a rebuild"
                )

    def rebuild(self, source: Source) -> None:
        """Forgets everything and takes it over from the catalog again."""
        if self._is_server:
            self._collection.empty()
        else:
            self.close()
            shutil.rmtree(self._location, ignore_errors=True)
            self._open()
        self._add(source, after=0)

    def nearest(self, vector: Vectors, k: int, among: Rows | None = None) -> list[int]:
        """Catalog numbers of up to k sentences closest to `vector` (shape (d,)), nearest first; approximate.

        `among`: only these sentences.
        """
        ids = None if among is None else [str(row) for row in among.tolist()]
        found = self._collection.query(query_embeddings=vector[None, :], n_results=k, ids=ids, include=[])
        return [int(number) for number in found["ids"][0]]

    def vectors_of(self, rows: Rows) -> dict[int, Vectors]:
        """The vectors of those of the sentences `rows` that the collection has, by catalog number."""
        found: dict[int, Vectors] = {}
        for at in range(0, len(rows), self._rows_a_call):
            ids = [str(row) for row in rows[at : at + self._rows_a_call].tolist()]
            held = self._collection.get(ids=ids, include=["embeddings"])
            for number, vector in zip(held["ids"], held["embeddings"], strict=True):
                found[int(number)] = np.asarray(vector, dtype=np.float32)
        return found

    def count(self) -> int:
        return int(self._collection.count())

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
        elif self._is_server:
            self._collection.close()

    def _open(self) -> None:
        # Unit vectors: the inner product is the cosine. Chroma's default would be L2. Larger batches than the default
        # 100 / 1,000 write about a fifth faster.
        configuration = {"hnsw": {"space": "ip", "ef_search": 200, "batch_size": 2000, "sync_threshold": 10000}}
        metadata = {"index_id": self._index_id}
        if self._is_server:
            self._collection = ServerCollection(self._location, self._name, configuration, metadata)
            return
        import chromadb
        from chromadb.config import Settings

        Path(self._location).mkdir(parents=True, exist_ok=True)
        self._client = chromadb.PersistentClient(path=self._location, settings=Settings(anonymized_telemetry=False))
        self._collection = self._client.get_or_create_collection(
            self._name, configuration=configuration, embedding_function=None, metadata=metadata
        )

    def _add(self, source: Source, after: int) -> None:
        waiting: list[StoredSentence] = []
        for batch in source(after):
            waiting.extend(batch)
            while len(waiting) >= self._rows_a_call:
                self._put(waiting[: self._rows_a_call])
                del waiting[: self._rows_a_call]
        if waiting:
            self._put(waiting)

    def _put(self, sentences: Sequence[StoredSentence]) -> None:
        # upsert: `add` ignores an id that an interrupted run left behind without its vector
        self._collection.upsert(
            ids=[str(s.row) for s in sentences],
            embeddings=np.stack([s.vector for s in sentences]),
            documents=[s.text for s in sentences],
            metadatas=[{"passage_id": s.passage_id, "report_id": s.report_id} for s in sentences],
        )
        self._collection.modify(metadata={"index_id": self._index_id, "last_row": sentences[-1].row})

    def _delete_all_but(self, rows: Rows) -> None:
        live = {str(row) for row in rows.tolist()}
        gone = [known for known in self._collection.get(include=[])["ids"] if known not in live]
        for at in range(0, len(gone), self._rows_a_call):
            self._collection.delete(ids=gone[at : at + self._rows_a_call])

    def _last_row(self) -> int:
        return int((self._collection.metadata or {}).get("last_row", 0))

    def _probes_agree(self, probe: Callable[[int], Vectors | None]) -> bool:
        rng = np.random.default_rng(self._collection.count())
        sample = self._collection.get(
            limit=64, offset=int(rng.integers(max(1, self._collection.count() - 63))), include=[]
        )
        ids = list(sample["ids"])[:: max(1, len(sample["ids"]) // _PROBES)]
        if not ids:
            return True
        stored = self._collection.get(ids=ids, include=["embeddings"])
        for number, vector in zip(stored["ids"], stored["embeddings"], strict=True):
            truth = probe(int(number))
            if truth is None or vector is None or not np.allclose(truth, vector, atol=1e-4):
                return False
        return True


def _forget_client(location: str) -> None:
    """Chroma keeps one client a folder, the one that failed to open included (1.5.9)."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient._identifier_to_system.pop(location, None)  # pyright: ignore[reportPrivateUsage]


def _is_ours(error: BaseException) -> bool:
    """Whether an error is none of a damaged store. Chroma's Rust panics are not `Exception`s, so all are caught."""
    return isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError | ServerAway)
