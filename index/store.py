"""The index: one folder with a catalog (the truth) and what is derived from it. Opens, writes, searches, repairs.

    with Index.create(folder, tools) as index:
        for report, outcome in index.add(reports): ...

Any number of processes may read; one at a time may write. With `store_url` the vectors lie on a Chroma server too, and
a reading copy (`index.served`) finds them there.
"""

import os
import threading
import time
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, Self, TypeVar

import filelock
import numpy as np

from index import matrix as vector_matrix
from index import postings as lexical_postings
from index import reading, served
from index.bm25 import passages_with, term_weights
from index.catalog import SCHEMA_VERSION, Catalog, Outcome, Prepared
from index.chroma_server import server_address
from index.embed import BUILTIN, Embedder, Vectors, check_fingerprint, fingerprint, open_embedder
from index.errors import BadSetting, IndexBusy, NoIndex, ServerAway, StaleIndex
from index.ingest import content_hash
from index.locks import held_lock
from index.matrix import Matrix
from index.notices import marks_about
from index.places.gazetteer import Gazetteer
from index.postings import Postings
from index.prepare import BATCH, Tools, batched, in_process, in_processes, texts_of
from index.reading import KnownWeights, Rows, TermWeights
from index.search import Candidate, Found, Match, Question, Snapshot, read, search
from index.types import Coverage, Manifest, Passage, Report
from index.vectors import ChromaVectors

# So that readers find what is new while a long ingest runs. Each time reads all vectors, so that in a large index it
# comes less often: it may take a twentieth of the time.
_SYNC_EVERY_S = 2.0
_SYNC_SHARE = 0.05
# A transaction costs as much as storing a dozen short reports.
_COMMIT_EVERY_S = 0.25
# Fewer reports than this are done before a second process has loaded its model.
_REPORTS_FOR_PROCESSES = 64

Derived = TypeVar("Derived", Matrix, Postings)


class Index:
    """An open index. Close it, or use it as a context."""

    def __init__(self, folder: Path, tools: Tools, *, store_url: str | None = None) -> None:
        self.store_url = store_url or None
        if self.store_url is not None:
            server_address(self.store_url)  # a mistyped one is told before hours of work, not after
        self.folder = folder
        self.tools = tools
        self.catalog = Catalog(folder / "catalog.sqlite")
        self.manifest = self.catalog.manifest()
        self.behind = ""
        """Why the Chroma server lacks what was written last; empty when it does not. The next writer catches up."""
        self.is_copy = served.is_copy(self.catalog.connection)
        self._server: ChromaVectors | None = None
        self._embedder: Embedder | None = None
        self._gazetteer: Gazetteer | None = None
        self._snapshot: Snapshot | None = None
        self._making = threading.RLock()  # what is made at first use is made once, whichever thread comes first

    # Opening

    @classmethod
    def open(cls, folder: Path, tools: Tools, *, store_url: str | None = None) -> Self:
        """Raises `NoIndex` when there is none, `StaleIndex` when it was built with another embedder or schema."""
        if not (folder / "catalog.sqlite").exists():
            raise NoIndex(f"no index at {folder}. Run: briefing ingest PATH… (or briefing demo)")
        index = cls(folder, tools, store_url=store_url)
        wanted = _embedder_name(tools.embedder)
        if index.manifest.embedder != wanted:
            index.close()
            raise StaleIndex(
                f"{folder} was built with {index.manifest.embedder!r}, settings ask for {wanted!r}. "
                "Run: briefing repair --reembed, or set the embedder back"
            )
        if index.is_copy and index.store_url is None:
            index.close()
            raise BadSetting(f"{folder} is a copy without vectors: set store.url to the Chroma server that has them")
        return index

    @classmethod
    def create(cls, folder: Path, tools: Tools, *, store_url: str | None = None) -> Self:
        """Opens the index in `folder`, made first when there is none."""
        if not (folder / "catalog.sqlite").exists():
            folder.mkdir(parents=True, exist_ok=True)
            embedder = open_embedder(tools.embedder, cache=tools.cache, host=tools.host)
            with held_lock(folder, "writer"):
                Catalog(folder / "catalog.sqlite").create(
                    Manifest(
                        schema_version=SCHEMA_VERSION,
                        index_id=uuid.uuid4().hex,
                        embedder=embedder.name,
                        fingerprint=fingerprint(embedder),
                        dimension=embedder.dimension,
                    )
                )
        return cls.open(folder, tools, store_url=store_url)

    def close(self) -> None:
        self.catalog.close()
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._embedder is not None:
            self._embedder.close()
            self._embedder = None
        if self._gazetteer is not None:
            self._gazetteer.close()
            self._gazetteer = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def embedder(self) -> Embedder:
        """The embedding model, loaded at first use and compared with the one the index was built with."""
        if self._embedder is None:
            with self._making:
                self._embedder = self._embedder or self._checked_embedder()
        return self._embedder

    def _checked_embedder(self) -> Embedder:
        embedder = open_embedder(self.tools.embedder, cache=self.tools.cache, host=self.tools.host)
        check_fingerprint(self.manifest.fingerprint, fingerprint(embedder))
        return embedder

    @property
    def gazetteer(self) -> Gazetteer:
        if self._gazetteer is None:
            with self._making:
                self._gazetteer = self._gazetteer or Gazetteer.open(self.tools.cache, self.tools.gazetteer)
        return self._gazetteer

    # Writing

    def add(self, reports: Iterable[Report], *, workers: int | None = None) -> Iterator[tuple[Report, Outcome]]:
        """Adds or replaces reports; each one yielded is stored for good, in the order given.

        `workers`: processes that prepare reports, this one among them (default: one per core; for a few reports, or on
        two cores, this one alone, which embeds in a second thread). Raises `IndexBusy` when another process is writing.
        What is derived is brought up to date at the end, or, after an interruption, at the next opening for writing.
        """
        yield from self._stored(self._add(reports, workers))

    def add_prepared(self, prepared: Iterable[Prepared]) -> Iterator[tuple[Report, Outcome]]:
        """As `add`, for reports that were prepared elsewhere (`index.cluster`)."""
        yield from self._stored(self._put(prepared))

    def _stored(self, outcomes: Iterator[tuple[Report, Outcome]]) -> Iterator[tuple[Report, Outcome]]:
        with self._writing():
            before = self.catalog.generation()
            yield from outcomes
            if self.catalog.generation() != before or not self._is_derived_whole():
                self._sync_matrix()
                self._sync_server()

    @contextmanager
    def _writing(self) -> Generator[None]:
        if self.is_copy:
            raise BadSetting(f"{self.folder} is a copy for reading; write where the whole index is, and copy it again")
        with self.catalog.writing():
            yield

    def _add(self, reports: Iterable[Report], workers: int | None) -> Iterator[tuple[Report, Outcome]]:
        head: list[Report] = []
        iterator = iter(reports)
        for report in iterator:
            if self.catalog.has_seen(report.id, content_hash(report)):
                yield report, "unchanged"
                continue
            head.append(report)
            if len(head) == _REPORTS_FOR_PROCESSES:
                break
        is_bulk = len(head) == _REPORTS_FOR_PROCESSES and self.tools.embedder == "builtin"
        cores = os.cpu_count() or 1
        count = workers if workers is not None else cores if is_bulk and cores > 2 else 0
        preparer = (
            in_processes(self.tools, count, lambda: (self.embedder, self.gazetteer))
            if count > 1
            else in_process(self.embedder, self.gazetteer)
        )
        unchanged: list[Report] = []

        def fresh() -> Iterator[Report]:
            yield from head
            for report in iterator:
                if self.catalog.has_seen(report.id, content_hash(report)):
                    unchanged.append(report)
                else:
                    yield report

        with preparer as prepare:
            for stored in self._put(prepare(fresh())):
                yield stored
                while unchanged:
                    yield unchanged.pop(), "unchanged"
        for report in unchanged:
            yield report, "unchanged"

    def _put(self, prepared: Iterable[Prepared]) -> Iterator[tuple[Report, Outcome]]:
        synced, wait_s = time.monotonic(), _SYNC_EVERY_S
        for group in _for_a_while(prepared):
            for one, outcome in zip(group, self.catalog.add_all(group), strict=True):
                yield one.report, outcome
            if (began := time.monotonic()) - synced >= wait_s:
                self._sync_matrix()
                synced = time.monotonic()
                wait_s = max(_SYNC_EVERY_S, (synced - began) / _SYNC_SHARE)

    def remove(self, report_id: str) -> bool:
        """Forgets a report; False when there is none of that id."""
        with self._writing():
            is_known = self.catalog.remove(report_id)
            if is_known:
                self._sync_matrix()
                self._sync_server()
        return is_known

    def set_status(self, report_id: str, status: Literal["usable", "corrected", "withdrawn"]) -> bool:
        """Marks a report as corrected or withdrawn, or usable again; False when there is none of that id."""
        with self._writing():
            return self.catalog.set_status(report_id, status)

    def repair(self) -> None:
        """Rebuilds everything that is derived from the catalog."""
        with self._writing():
            chunks = reading.vector_chunks(self.catalog.connection, 0, self.manifest.dimension)
            vector_matrix.rebuild(self.folder / "matrix", self.manifest.index_id, self.manifest.dimension, chunks)
            lexical_postings.rebuild(
                self.folder / "postings",
                self.manifest.index_id,
                lambda after: reading.term_rows(self.catalog.connection, after),
            )
            with self.open_chroma(rebuild=True):
                pass

    def _is_derived_whole(self) -> bool:
        """Whether an earlier writer got to its end: the matrix and the server know the catalog's last sentence."""
        known = vector_matrix.load(self.folder / "matrix", self.manifest.index_id, self.manifest.dimension)
        rows = reading.sentence_rows(self.catalog.connection)
        held = known.rows["sentence"] if known is not None else rows[:0]
        passages = reading.passage_rows(self.catalog.connection)
        postings = lexical_postings.load(self.folder / "postings", self.manifest.index_id, passages)
        if lexical_postings.is_behind(postings, passages):
            return False
        return np.array_equal(held[-1:], rows[-1:]) and (self.store_url is None or self.is_chroma_synced())

    def is_chroma_synced(self) -> bool:
        """Whether Chroma was told of the catalog's last change."""
        marker = self.folder / "chroma.synced"
        # As bytes: a damaged marker need not be text.
        return marker.exists() and marker.read_bytes() == self._sync_mark().encode()

    def _sync_mark(self) -> str:
        # With the address: another store than the one that was brought up to date has to be filled.
        return " ".join([str(self.catalog.generation()), *filter(None, [self.store_url])])

    def _sync_matrix(self) -> None:
        """Appends what the matrix lacks; builds it anew when it is damaged or a fifth of its rows is gone."""
        self._sync_postings()
        folder, dimension = self.folder / "matrix", self.manifest.dimension
        connection = self.catalog.connection
        known = self._loaded_matrix()
        rows = reading.sentence_rows(connection)
        held = known.rows["sentence"] if known is not None else np.zeros(0, dtype=np.int64)
        gone = len(held) - int(np.isin(held, rows, assume_unique=True).sum())
        if known is None or gone * 5 > len(held):
            chunks = reading.vector_chunks(connection, 0, dimension)
            vector_matrix.rebuild(folder, self.manifest.index_id, dimension, chunks)
        elif len(rows) and (not len(held) or rows[-1] > held[-1]):
            chunks = reading.vector_chunks(connection, int(held[-1]) if len(held) else 0, dimension)
            vector_matrix.append(folder, self.manifest.index_id, dimension, chunks, known)

    def _sync_postings(self) -> None:
        connection = self.catalog.connection
        lexical_postings.sync(
            self.folder / "postings",
            self.manifest.index_id,
            reading.passage_rows(connection),
            lambda after: reading.term_rows(connection, after),
        )

    def _sync_server(self) -> None:
        """What was written goes to the Chroma server, if there is one. One that is away is told of, and waited for."""
        if self.store_url is None:
            return
        try:
            with self.open_chroma() as chroma:
                assert chroma is not None  # a server is open to all
                self._fill(chroma)
        except ServerAway as error:
            self.behind = str(error)
        else:
            self.behind = ""

    @contextmanager
    def open_chroma(self, *, rebuild: bool = False) -> Generator[ChromaVectors | None]:
        """The vector store, or None while another process has it open. Raises `ServerAway` for a server that is away.

        A store in the index's own folder is brought in step with the catalog here, where it is wanted, rather than at
        every ingest: search reads the matrix, and other programs come to Chroma through this. With `rebuild` it is made
        anew. A server is filled by who writes.
        """
        if self.store_url is not None:
            if self._server is None:
                self._server = ChromaVectors(self.store_url, self.manifest.index_id)
            if rebuild:
                self._fill(self._server, rebuild=True)
                self.behind = ""
            yield self._server
            return
        lock = filelock.FileLock(self.folder / "chroma.lock", timeout=0)
        try:
            lock.acquire()
        except filelock.Timeout:
            yield None
            return
        try:
            chroma = ChromaVectors(str(self.folder / "chroma"), self.manifest.index_id)
            try:
                is_whole = self.is_chroma_synced() and chroma.count() == reading.count_sentences(
                    self.catalog.connection
                )
                if rebuild or not is_whole:
                    self._fill(chroma, rebuild)
                yield chroma
            finally:
                chroma.close()
        finally:
            lock.release()

    def _fill(self, chroma: ChromaVectors, rebuild: bool = False) -> None:
        connection, dimension = self.catalog.connection, self.manifest.dimension
        with reading.one_state(connection):  # who fills an embedded store does not keep writers out
            mark = self._sync_mark()
            if rebuild:
                chroma.rebuild(lambda after: reading.stored_sentences(connection, after, dimension))
            chroma.sync(
                lambda after: reading.stored_sentences(connection, after, dimension),
                reading.sentence_rows(connection),
                lambda row: reading.vector_of(connection, row),
            )
        (self.folder / "chroma.synced").write_text(mark)

    # Reading

    def coverage(self) -> Coverage:
        """What the index holds, as of its last change."""
        return self.snapshot().coverage

    def report(self, report_id: str) -> Report | None:
        return reading.report_of(self.catalog.connection, report_id)

    def reports(self) -> Iterator[Report]:
        """Every report, newest first."""
        return reading.all_reports(self.catalog.connection)

    def notices_about(self, reports: Iterable[Report]) -> list[tuple[Report, list[Passage]]]:
        """The reports that correct or take back one of these (`index.notices`), in the order they came in.

        Each with the passages that say so.
        """
        marks = {mark for report in reports for mark in marks_about(report)}
        postings = self.snapshot().postings
        rows = sorted({row for mark in marks for row in passages_with(postings, mark).tolist()})
        marked: dict[str, tuple[Report, list[Passage]]] = {}
        for passage, report in reading.passages_of(self.catalog.connection, rows).values():
            marked.setdefault(report.id, (report, []))[1].append(passage)
        return list(marked.values())

    def sentence_vectors(self, passage: Passage) -> Vectors:
        """One row per sentence of a stored passage, in order; embedded again where this is a copy without vectors."""
        stored = reading.vectors_in(self.catalog.connection, passage.report_id, passage.ordinal)
        if len(stored) == len(passage.sentences):
            return np.frombuffer(b"".join(stored), dtype=np.float32).reshape(len(stored), -1)
        return self.embedder.embed(texts_of(passage))

    def passages(self, report_id: str) -> list[Passage]:
        """The passages of a report, in order; empty for an unknown id."""
        return reading.passages_in_report(self.catalog.connection, report_id)

    def term_weights(self, terms: list[str]) -> KnownWeights:
        """How telling terms are in this index (idf)."""
        return term_weights(self.snapshot().postings, terms)

    def search(self, question: Question, *, limit: int = 100, weights: TermWeights | None = None) -> Found:
        """Passages that match by meaning or by words, unordered: the best `limit` of each, scored by both."""
        snapshot = self.snapshot()
        if self.is_copy:
            with self.open_chroma() as chroma:
                assert chroma is not None  # a server is open to all
                snapshot = served.fetch(self.catalog.connection, snapshot, question, limit=limit, chroma=chroma)
        return search(
            self.catalog.connection,
            snapshot,
            question,
            limit=limit,
            weights=weights or TermWeights(),
        )

    def read(self, found: Found, chosen: Sequence[Candidate]) -> list[Match]:
        """The chosen candidates with their passages and reports, in the order given."""
        return read(self.catalog.connection, found, chosen)

    def snapshot(self) -> Snapshot:
        """The derived data of the catalog's present state; reloaded when it has changed."""
        known = self._snapshot
        if known is not None and known.generation == self.catalog.generation():
            return known
        with self._making:
            known = self._snapshot
            if known is None or known.generation != self.catalog.generation():
                with reading.one_state(self.catalog.connection):
                    known = self._snapshot = self._read_snapshot()
            return known

    def _read_snapshot(self) -> Snapshot:
        connection = self.catalog.connection
        # Before the files: what they have more is seen again at the next change, what they had less would stay.
        generation = self.catalog.generation()
        if self.is_copy:
            matrix = vector_matrix.empty(self.manifest.dimension)
            row_sentences, row_passages = served.positions(connection)
        else:
            loaded = self._loaded_matrix()
            matrix = loaded if loaded is not None else self._rebuilt_matrix()
            row_sentences = np.ascontiguousarray(matrix.rows["sentence"])
            row_passages = np.ascontiguousarray(matrix.rows["passage"])
        passages = reading.passage_columns(connection)
        places = reading.places(connection)
        return Snapshot(
            generation=generation,
            coverage=reading.coverage(connection),
            matrix=matrix,
            postings=self._postings(passages.rows),
            row_passages=row_passages,
            row_sentences=row_sentences,
            passages=passages,
            places=places,
            latitudes=np.array([place.lat for place in places.values()], dtype=np.float64),
            placed=reading.PlacedSentences({}, {}),
            countries=reading.country_counts(connection, places),
            is_whole=np.array_equal(reading.distinct(row_passages), passages.rows),
        )

    def _postings(self, passages: Rows) -> Postings:
        folder, index_id = self.folder / "postings", self.manifest.index_id
        known = lexical_postings.load(folder, index_id, passages)
        if known is None:
            known = self._rebuilt(self._sync_postings, lambda: lexical_postings.load(folder, index_id, passages))
        return known if known is not None else lexical_postings.empty()

    def _loaded_matrix(self) -> Matrix | None:
        before = self._snapshot.matrix if self._snapshot is not None and not self.is_copy else None
        return vector_matrix.load(self.folder / "matrix", self.manifest.index_id, self.manifest.dimension, before)

    def _rebuilt_matrix(self) -> Matrix:
        loaded = self._rebuilt(self._sync_matrix, self._loaded_matrix)
        return loaded if loaded is not None else vector_matrix.empty(self.manifest.dimension)

    def _rebuilt(self, rebuild: Callable[[], None], load: Callable[[], Derived | None]) -> Derived | None:
        """What `load` gives after `rebuild`, or after another writer did the same while this one waited for it."""
        try:
            with held_lock(self.folder, "writer"):
                rebuild()
        except IndexBusy:
            made_meanwhile = load()
            if made_meanwhile is None:
                raise
            return made_meanwhile
        return load()


def _for_a_while(prepared: Iterable[Prepared]) -> Iterator[list[Prepared]]:
    """In groups as they were prepared, or in several such groups where they come fast; none is lost to an error."""
    began, held = time.monotonic(), list[Prepared]()
    try:
        for group in batched(prepared, BATCH):
            held += group
            if time.monotonic() - began >= _COMMIT_EVERY_S:
                yield held
                began, held = time.monotonic(), []
    except Exception:
        yield held
        raise
    yield held


def _embedder_name(spec: str) -> str:
    return BUILTIN if spec == "builtin" else spec
