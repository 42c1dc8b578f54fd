"""The SQLite catalog: the truth about an index. Everything else is derived from it and can be rebuilt.

Reports, passages, sentences, their vectors and their search terms change together, in a transaction of whole reports,
so a process killed at any point leaves whole reports only. Reading is done in `index.reading`.
"""

import os
import sqlite3
import threading
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from index.copies import COPY_SHARE, Sketch, pack, shared_share, unpack
from index.embed import Vectors
from index.errors import DamagedIndex, OldIndex
from index.locks import held_lock
from index.seal import break_seal, damaged_pages, is_sealed, put_seal
from index.types import Manifest, Passage, Place, Report, Sentence

SCHEMA_VERSION = 4

_SCHEMA = """
CREATE TABLE IF NOT EXISTS manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reports (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    content_hash TEXT NOT NULL,
    source TEXT NOT NULL, language TEXT NOT NULL,
    published_s INTEGER NOT NULL,      -- epoch seconds, UTC
    status TEXT NOT NULL,
    copy_of TEXT,
    sketch BLOB NOT NULL,
    report TEXT NOT NULL               -- the whole Report as JSON
);
-- All that opening an index asks of every report, so that it need not read past their texts.
CREATE INDEX IF NOT EXISTS reports_by_time ON reports (published_s, status, source, language);
CREATE INDEX IF NOT EXISTS reports_by_copy ON reports (copy_of) WHERE copy_of IS NOT NULL;
CREATE TABLE IF NOT EXISTS superseded (
    id TEXT, revision INTEGER, content_hash TEXT NOT NULL, report TEXT NOT NULL, PRIMARY KEY (id, revision));
CREATE TABLE IF NOT EXISTS copy_keys (key INTEGER, report INTEGER, PRIMARY KEY (key, report)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS copy_keys_by_report ON copy_keys (report);
CREATE TABLE IF NOT EXISTS passages (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT, report INTEGER NOT NULL, ordinal INTEGER NOT NULL, passage TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS passages_by_report ON passages (report, ordinal);
CREATE TABLE IF NOT EXISTS sentences (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT, passage INTEGER NOT NULL, ordinal INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS sentences_by_passage ON sentences (passage);
CREATE TABLE IF NOT EXISTS vectors (sentence INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS times (   -- days as proleptic ordinals, last day exclusive
    first_day INTEGER, last_day INTEGER, sentence INTEGER, PRIMARY KEY (first_day, last_day, sentence)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS times_by_sentence ON times (sentence);
CREATE TABLE IF NOT EXISTS places (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, lat REAL, lon REAL, place TEXT NOT NULL,
    UNIQUE (key, lat, lon));
CREATE TABLE IF NOT EXISTS sentence_places (
    place INTEGER, sentence INTEGER, PRIMARY KEY (place, sentence)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sentence_places_by_sentence ON sentence_places (sentence);
-- Terms are normalised in Python, so the tokenizer only has to cut at spaces.
CREATE VIRTUAL TABLE IF NOT EXISTS lexical USING fts5 (
    body, title, names, concepts, tokenize = "ascii tokenchars '~@#:._-'");
CREATE VIRTUAL TABLE IF NOT EXISTS lexical_terms USING fts5vocab (lexical, row);
"""


class PassageTerms(NamedTuple):
    """A passage's entry in the lexical index, terms separated by spaces."""

    body: str
    title: str
    names: str
    concepts: str


class Prepared(NamedTuple):
    """A report with everything that the catalog keeps of it."""

    report: Report
    content_hash: str
    sketch: Sketch
    passages: Sequence[Passage]
    terms: Sequence[PassageTerms]
    vectors: Vectors
    """One row per sentence, in order, float32, unit length."""


Outcome = Literal["added", "revised", "unchanged"]


class Catalog:
    """An open catalog file. Reads from any thread; writes from one at a time (`index.store` holds the lock)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._guard = threading.Lock()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        known: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if known is not None:
            return known
        # In a folder that cannot be written, SQLite could not make the files that its log needs; a catalog that was
        # closed properly can be read without.
        is_frozen = not os.access(self.path.parent, os.W_OK) and not Path(f"{self.path}-wal").exists()
        # `as_uri` puts in the escapes that "?" and "#" in a folder's name need.
        address = f"{self.path.absolute().as_uri()}?{'immutable=1' if is_frozen else 'mode=rwc'}"
        fresh = sqlite3.connect(address, uri=True, timeout=30, isolation_level=None, check_same_thread=False)
        if not is_frozen:
            fresh.execute("PRAGMA journal_mode = WAL")
        fresh.execute("PRAGMA synchronous = FULL")  # an acknowledged report survives a power cut, not only a kill
        fresh.execute("PRAGMA cache_size = -65536")
        self._local.connection = fresh
        with self._guard:
            self._opened.append(fresh)
        return fresh

    def close(self) -> None:
        with self._guard:
            for connection in self._opened:
                connection.close()
            self._opened.clear()
        self._local = threading.local()

    @contextmanager
    def writing(self) -> Generator[None]:
        """Holds the writer's lock; the file is sealed again when it is given back.

        Raises `IndexBusy` when another process writes, `DamagedIndex` when a writer was interrupted and left a file
        that SQLite finds broken.
        """
        with held_lock(self.path.parent, "writer"):
            if not is_sealed(self.path):
                self.check_structure()
            try:
                yield
            finally:
                # Without room for a seal there is none, which says no more than that.
                with suppress(OSError, sqlite3.Error):
                    self._seal()

    def check_structure(self) -> None:
        """Raises `DamagedIndex` when SQLite finds the file broken; reads all of it."""
        with self._guarded():
            [[found]] = self.connection.execute("PRAGMA quick_check(1)").fetchall()
        if found != "ok":
            raise DamagedIndex(f"{self.path} is damaged ({' '.join(str(found).split())[:120]}). Run: briefing repair")

    def _seal(self) -> None:
        if is_sealed(self.path):  # nothing was changed
            return
        # Frames that a reader still needs stay in the log; the file is then not whole by itself.
        _, logged, moved = self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if logged == moved:
            put_seal(self.path)

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """All or nothing; readers see the state before until it ends."""
        break_seal(self.path)
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def create(self, manifest: Manifest) -> None:
        """Makes the file, whole or not at all: tables, and what the index is built with. An existing one is left."""
        if self.path.exists():
            return
        partial = self.path.with_suffix(".part")
        partial.unlink(missing_ok=True)
        with closing(sqlite3.connect(partial, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")  # an interrupted attempt is thrown away
            connection.executescript(f"BEGIN;\n{_SCHEMA}")
            connection.executemany(
                "INSERT INTO manifest VALUES (?, ?)",
                [*((key, str(value)) for key, value in manifest.model_dump().items()), ("generation", "0")],
            )
            connection.execute("COMMIT")
        partial.replace(self.path)

    def manifest(self) -> Manifest:
        """Raises `OldIndex` for another schema, `DamagedIndex` when the file is not what the last writer left."""
        broken = damaged_pages(self.path)
        if broken:
            raise DamagedIndex(
                f"{self.path} is damaged: {len(broken):,} of its pages are not as they were written. "
                "Run: briefing repair, which saves what can be read"
            )
        with self._guarded():
            values = dict(self.connection.execute("SELECT key, value FROM manifest WHERE key <> 'generation'"))
        if int(values.get("schema_version", 0)) != SCHEMA_VERSION:
            raise OldIndex(
                f"{self.path.parent} has schema {values.get('schema_version')}, this program reads {SCHEMA_VERSION}. "
                "Run: briefing repair, which takes over every report"
            )
        return Manifest.model_validate({**values, "dimension": int(values["dimension"])}, strict=False)

    def generation(self) -> int:
        """Counts every change; what is derived is compared with it."""
        row = self.connection.execute("SELECT value FROM manifest WHERE key = 'generation'").fetchone()
        return int(row[0])

    @contextmanager
    def _guarded(self) -> Generator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "no such table" not in str(error):
                raise
            raise DamagedIndex(f"{self.path} cannot be read as a catalog ({error}). Run: briefing repair") from error

    # Writing

    def add(self, prepared: Prepared) -> Outcome:
        """Stores a report, or replaces the one with its id; content that this id had before changes nothing."""
        return self.add_all([prepared])[0]

    def add_all(self, prepared: Sequence[Prepared]) -> list[Outcome]:
        """The same for several, in order and in one transaction: the disk is waited for once."""
        if all(self.has_seen(one.report.id, one.content_hash) for one in prepared):
            return ["unchanged"] * len(prepared)
        with self.transaction() as connection:
            return [self._add(connection, one) for one in prepared]

    def _add(self, connection: sqlite3.Connection, prepared: Prepared) -> Outcome:
        report = prepared.report
        if self.has_seen(report.id, prepared.content_hash):
            return "unchanged"
        known = connection.execute(
            "SELECT rowid, content_hash, report FROM reports WHERE id = ?", (report.id,)
        ).fetchone()
        if known is not None:
            earlier = Report.model_validate_json(known[2])
            connection.execute(
                "INSERT INTO superseded VALUES (?, ?, ?, ?)", (earlier.id, earlier.revision, known[1], known[2])
            )
            self._erase(connection, int(known[0]), earlier)
            report = report.model_copy(update={"revision": earlier.revision + 1})
        row = self._insert_report(connection, report, prepared)
        self._insert_passages(connection, row, prepared)
        _link_copies(connection, row, report, prepared.sketch)
        _count_change(connection)
        return "added" if known is None else "revised"

    def remove(self, report_id: str) -> bool:
        """Forgets a report and its earlier revisions; False when there is none of that id."""
        known = self.connection.execute("SELECT rowid, report FROM reports WHERE id = ?", (report_id,)).fetchone()
        if known is None:
            return False
        with self.transaction() as connection:
            self._erase(connection, int(known[0]), Report.model_validate_json(known[1]))
            connection.execute("DELETE FROM superseded WHERE id = ?", (report_id,))
            _count_change(connection)
        return True

    def set_status(self, report_id: str, status: Literal["usable", "corrected", "withdrawn"]) -> bool:
        """Marks a report; it stays readable, and says so wherever it is used."""
        known = self.connection.execute("SELECT report FROM reports WHERE id = ?", (report_id,)).fetchone()
        if known is None:
            return False
        marked = Report.model_validate_json(known[0]).model_copy(update={"status": status})
        with self.transaction() as connection:
            connection.execute(
                "UPDATE reports SET status = ?, report = ? WHERE id = ?", (status, marked.model_dump_json(), report_id)
            )
            _count_change(connection)
        return True

    def has_seen(self, report_id: str, content_hash: str) -> bool:
        """Whether this content is, or was before a revision, stored under this id."""
        row = self.connection.execute(
            "SELECT 1 FROM reports WHERE id = ? AND content_hash = ? "
            "UNION SELECT 1 FROM superseded WHERE id = ? AND content_hash = ?",
            (report_id, content_hash) * 2,
        ).fetchone()
        return row is not None

    def _insert_report(self, connection: sqlite3.Connection, report: Report, prepared: Prepared) -> int:
        stamped = report.model_copy(update={"retrieved_at": report.retrieved_at or datetime.now(UTC)})
        cursor = connection.execute(
            "INSERT INTO reports (id, content_hash, source, language, published_s, status, copy_of, sketch, report) "
            "VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?)",
            (
                report.id,
                prepared.content_hash,
                report.source,
                report.language,
                int(report.published_at.timestamp()),
                report.status,
                pack(prepared.sketch),
                stamped.model_dump_json(),
            ),
        )
        row = int(cursor.lastrowid or 0)
        connection.executemany(
            "INSERT OR IGNORE INTO copy_keys VALUES (?, ?)", [(key, row) for key in prepared.sketch.keys]
        )
        return row

    def _insert_passages(self, connection: sqlite3.Connection, report_row: int, prepared: Prepared) -> None:
        held: list[tuple[int, Sentence]] = []
        for passage, terms in zip(prepared.passages, prepared.terms, strict=True):
            stored = connection.execute(
                "INSERT INTO passages (report, ordinal, passage) VALUES (?, ?, ?)",
                (report_row, passage.ordinal, passage.model_dump_json()),
            )
            row = int(stored.lastrowid or 0)
            connection.execute(
                "INSERT INTO lexical (rowid, body, title, names, concepts) VALUES (?, ?, ?, ?, ?)", (row, *terms)
            )
            held += [(row, sentence) for sentence in passage.sentences]
        # Numbered here as SQLite would: a statement for all sentences takes half the time of one for each.
        last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'sentences'").fetchone()
        numbered = list(enumerate(held, start=1 + (last[0] if last else 0)))
        connection.executemany(
            "INSERT INTO sentences (rowid, passage, ordinal) VALUES (?, ?, ?)",
            [(number, row, sentence.ordinal) for number, (row, sentence) in numbered],
        )
        vectors = np.ascontiguousarray(prepared.vectors, dtype=np.float32)
        connection.executemany(
            "INSERT INTO vectors VALUES (?, ?)",
            [(number, vector.tobytes()) for (number, _), vector in zip(numbered, vectors, strict=True)],
        )
        connection.executemany(
            "INSERT OR IGNORE INTO times VALUES (?, ?, ?)",
            [
                (span.start.toordinal(), span.end.toordinal(), number)
                for number, (_, sentence) in numbered
                for span in sentence.times
            ],
        )
        known: dict[tuple[str, float, float], int] = {}
        connection.executemany(
            "INSERT OR IGNORE INTO sentence_places VALUES (?, ?)",
            [
                (_place_row(connection, place, known), number)
                for number, (_, sentence) in numbered
                for place in sentence.places
            ],
        )

    def _erase(self, connection: sqlite3.Connection, report_row: int, report: Report) -> None:
        passages = [r[0] for r in connection.execute("SELECT rowid FROM passages WHERE report = ?", (report_row,))]
        sentences = [
            r[0]
            for passage in passages
            for r in connection.execute("SELECT rowid FROM sentences WHERE passage = ?", (passage,))
        ]
        for table, column in (("vectors", "sentence"), ("times", "sentence"), ("sentence_places", "sentence")):
            connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", [(row,) for row in sentences])
        for table, column in (("sentences", "passage"), ("lexical", "rowid"), ("passages", "rowid")):
            connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", [(row,) for row in passages])
        connection.execute("DELETE FROM copy_keys WHERE report = ?", (report_row,))
        connection.execute("DELETE FROM reports WHERE rowid = ?", (report_row,))
        _release_copies(connection, report.id)


def _count_change(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE manifest SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")


def _place_row(connection: sqlite3.Connection, place: Place, known: dict[tuple[str, float, float], int]) -> int:
    """`known`: the places looked up so far; it is added to."""
    at = (place.key, place.lat, place.lon)
    if at not in known:
        held = connection.execute("SELECT rowid FROM places WHERE key = ? AND lat = ? AND lon = ?", at).fetchone()
        if held is None:
            sql = "INSERT INTO places (key, lat, lon, place) VALUES (?, ?, ?, ?) RETURNING rowid"
            held = connection.execute(sql, (*at, place.model_dump_json())).fetchone()
        known[at] = int(held[0])
    return known[at]


def _link_copies(connection: sqlite3.Connection, row: int, report: Report, sketch: Sketch) -> None:
    """Puts the report into the cluster of those it repeats; the earliest published is what the others copy.

    The cluster is the same in whatever order its reports arrive.
    """
    marks = ",".join("?" * len(sketch.keys))
    candidates = connection.execute(
        "SELECT DISTINCT r.id, r.copy_of, r.sketch FROM copy_keys k JOIN reports r ON r.rowid = k.report "
        f"WHERE k.key IN ({marks}) AND r.rowid <> ?",
        (*sketch.keys, row),
    ).fetchall()
    roots = {
        copy_of or report_id
        for report_id, copy_of, blob in candidates
        if shared_share(sketch, unpack(blob)) >= COPY_SHARE
    }
    if roots:
        _set_cluster(connection, [report.id, *sorted(roots)])


def _set_cluster(connection: sqlite3.Connection, ids: Sequence[str]) -> None:
    marks = ",".join("?" * len(ids))
    members = connection.execute(
        f"SELECT id, published_s FROM reports WHERE id IN ({marks}) OR copy_of IN ({marks}) ORDER BY published_s, id",
        (*ids, *ids),
    ).fetchall()
    first = members[0][0]
    connection.executemany(
        "UPDATE reports SET copy_of = ? WHERE id = ?",
        [(None if member[0] == first else first, member[0]) for member in members],
    )


def _release_copies(connection: sqlite3.Connection, gone: str) -> None:
    """The original is gone: its copies become a cluster of their own, led by the earliest."""
    orphans = [r[0] for r in connection.execute("SELECT id FROM reports WHERE copy_of = ?", (gone,))]
    if orphans:
        _set_cluster(connection, orphans)
