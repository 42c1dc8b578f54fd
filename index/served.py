"""Searching where the catalog is but not the vectors: a reading copy, which asks a Chroma server for those it needs.

Each question fetches the vectors of the passages it could be answered from, a few hundred, and the usual exact search
runs on them. So any number of machines can read one store, each with a copy of a fifth of the size, and their answers
are those of the machine that writes.
"""

import sqlite3
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.bm25 import lexical_candidates
from index.errors import BadSetting, VectorStoreFailed
from index.matrix import Chunk, Matrix, matrix_of
from index.reading import PassageColumns, Rows
from index.search import Question, Snapshot, usable_rows
from index.vectors import ChromaVectors

CANDIDATES = 400
"""Sentences that the server proposes for a question; the best hundred passages are in them."""


def write_copy(catalog: Path, folder: Path) -> None:
    """Puts a copy of the catalog without its vectors into `folder`, which must hold no index yet.

    A consistent state, also while someone writes. Needs room for a whole copy meanwhile.
    """
    target = folder / "catalog.sqlite"
    if target.exists():
        raise BadSetting(f"there is an index at {folder} already; give another folder, or remove that one")
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / "catalog.part"
    partial.unlink(missing_ok=True)
    source = sqlite3.connect(catalog, isolation_level=None)
    try:
        source.execute("VACUUM INTO ?", (str(partial),))
    finally:
        source.close()
    copy = sqlite3.connect(partial, isolation_level=None)
    try:
        copy.execute("DELETE FROM vectors")
        copy.execute("VACUUM")
    finally:
        copy.close()
    partial.replace(target)


def is_copy(connection: sqlite3.Connection) -> bool:
    """Whether the catalog has sentences but not their vectors."""
    row = connection.execute("SELECT EXISTS (SELECT 1 FROM sentences), EXISTS (SELECT 1 FROM vectors)").fetchone()
    return bool(row[0]) and not row[1]


def positions(connection: sqlite3.Connection) -> tuple[Rows, Rows]:
    """Every sentence and its passage, in the order in which the matrix would hold them."""
    table = np.array(
        connection.execute("SELECT rowid, passage FROM sentences ORDER BY rowid").fetchall(), dtype=np.int64
    ).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy()


def fetch(
    connection: sqlite3.Connection, snapshot: Snapshot, question: Question, *, limit: int, chroma: ChromaVectors
) -> Snapshot:
    """The snapshot cut down to the passages that can answer the question, with their vectors.

    Raises `VectorStoreFailed` when the server has none of them, `ServerAway` when it does not answer.
    """
    usable = usable_rows(connection, snapshot, question)
    chosen = _chosen_passages(snapshot, question, usable, limit, chroma)
    rows = _rows_with_successors(snapshot, chosen)
    held = chroma.vectors_of(snapshot.row_sentences[rows])
    is_held = np.array([int(sentence) in held for sentence in snapshot.row_sentences[rows]], dtype=bool)
    is_wanted = usable is None or len(usable) > 0
    if is_wanted and not is_held.any():
        raise VectorStoreFailed(
            "the Chroma server has none of the vectors that this copy asks for. Where the whole index is, with "
            "store.url set, run: briefing repair; then copy it again"
        )
    # What was replaced since the copy was made has no vectors any more: its passages cannot be found here.
    lost = np.unique(snapshot.row_passages[rows[~is_held]])
    rows = rows[is_held]
    vectors = [held[int(sentence)] for sentence in snapshot.row_sentences[rows]]
    return snapshot._replace(
        matrix=_matrix(snapshot, rows, np.array(vectors, dtype=np.float32)),
        row_passages=snapshot.row_passages[rows],
        row_sentences=snapshot.row_sentences[rows],
        passages=_columns_of(snapshot.passages, np.setdiff1d(chosen, lost)),
        is_whole=False,
    )


def _chosen_passages(
    snapshot: Snapshot,
    question: Question,
    usable: NDArray[np.intp] | None,
    limit: int,
    chroma: ChromaVectors,
) -> Rows:
    """The passages nearest by meaning and the best by words."""
    if usable is None:
        near, allowed = np.array(chroma.nearest(question.vector, CANDIDATES), dtype=np.int64), None
    else:
        near, allowed = snapshot.row_sentences[usable], np.unique(snapshot.row_passages[usable])
        if len(near) > limit:
            near = np.array(chroma.nearest(question.vector, min(CANDIDATES, len(near)), near), dtype=np.int64)
    # The server may know of sentences that were written after this copy was made.
    known = near[np.isin(near, snapshot.row_sentences, assume_unique=True)]
    passages = snapshot.row_passages[np.searchsorted(snapshot.row_sentences, known)].tolist()
    # Each vector is some ten kilobytes of JSON. Twice as many passages as are wanted: a pair of sentences may be nearer
    # than either.
    by_meaning = list(dict.fromkeys(passages))[: 2 * limit]
    by_words = lexical_candidates(snapshot.postings, question.terms, limit, allowed)
    return np.unique(np.array([*by_meaning, *by_words], dtype=np.int64))


def _rows_with_successors(snapshot: Snapshot, passages: Rows) -> NDArray[np.intp]:
    """The rows of whole passages, and the one after each: two neighbours across a border are a pair too."""
    firsts = np.searchsorted(snapshot.row_passages, passages)
    ends = np.searchsorted(snapshot.row_passages, passages, side="right")
    last = len(snapshot.row_passages)
    spans = [np.arange(first, min(end + 1, last)) for first, end in zip(firsts, ends, strict=True)]
    return np.unique(np.concatenate(spans)) if spans else np.zeros(0, dtype=np.intp)


def _matrix(snapshot: Snapshot, rows: NDArray[np.intp], vectors: NDArray[np.float32]) -> Matrix:
    """A matrix of these rows alone; rows that are no neighbours in the whole are none here."""
    passages = snapshot.row_passages[rows]
    reports = snapshot.passages.reports[np.searchsorted(snapshot.passages.rows, passages)]
    is_border = (np.diff(rows) != 1) | (np.diff(reports) != 0)
    stretches = np.concatenate([[0], np.cumsum(is_border)]).astype(np.int64)[: len(rows)]
    shaped = vectors.reshape(len(rows), snapshot.matrix.vectors.shape[1])
    return matrix_of(Chunk(snapshot.row_sentences[rows], passages, stretches, shaped))


def _columns_of(passages: PassageColumns, chosen: Rows) -> PassageColumns:
    at = np.searchsorted(passages.rows, chosen)
    return PassageColumns(
        passages.rows[at],
        passages.reports[at],
        passages.ordinals[at],
        passages.published_s[at],
        passages.is_withdrawn[at],
    )
