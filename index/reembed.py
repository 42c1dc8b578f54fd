"""Another embedder for an index that exists: every sentence's vector is made anew, and nothing else is touched.

One transaction: killed at any point, the index is as before. The matrix and Chroma follow with `Index.repair`.
"""

import sqlite3
import uuid
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from index.catalog import Catalog
from index.embed import Embedder, fingerprint, open_embedder
from index.errors import NoIndex
from index.prepare import Tools
from index.reading import stored_sentences
from index.sentences import texts_to_embed
from index.vectors import StoredSentence


def reembed(folder: Path, tools: Tools, on_progress: Callable[[int], None]) -> int:
    """Embeds the sentences of the index in `folder` with `tools.embedder`; how many there were.

    `on_progress` is called with the number done. Raises `NoIndex`, or `IndexBusy` when another process is writing.
    """
    if not (folder / "catalog.sqlite").exists():
        raise NoIndex(f"no index at {folder}. Run: briefing ingest PATH…")
    embedder = open_embedder(tools.embedder, cache=tools.cache, host=tools.host)
    catalog = Catalog(folder / "catalog.sqlite")
    try:
        dimension = catalog.manifest().dimension
        with catalog.writing(), catalog.transaction() as connection:
            done = 0
            for batch in stored_sentences(connection, 0, dimension):
                _replace(connection, batch, embedder)
                done += len(batch)
                on_progress(done)
            _pin(connection, embedder)
    finally:
        catalog.close()
    return done


def _replace(connection: sqlite3.Connection, batch: list[StoredSentence], embedder: Embedder) -> None:
    passages = groupby(batch, lambda sentence: sentence.passage_id)
    vectors = embedder.embed([text for _, own in passages for text in texts_to_embed([one.text for one in own])])
    connection.executemany(
        "UPDATE vectors SET vector = ? WHERE sentence = ?",
        [(vector.tobytes(), sentence.row) for vector, sentence in zip(vectors, batch, strict=True)],
    )


def _pin(connection: sqlite3.Connection, embedder: Embedder) -> None:
    pinned = {
        # Another index to all that derives from it: the matrix and the collection of the old vectors are not taken.
        "index_id": uuid.uuid4().hex,
        "embedder": embedder.name,
        "fingerprint": fingerprint(embedder),
        "dimension": str(embedder.dimension),
    }
    connection.executemany(
        "UPDATE manifest SET value = ? WHERE key = ?", [(value, key) for key, value in pinned.items()]
    )
    connection.execute("UPDATE manifest SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
