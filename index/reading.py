"""Reading the catalog: candidates by time and place; passages with their reports; terms and vectors in bulk.

Queries only; what is written and when is `index.catalog`'s.
"""

import sqlite3
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.embed import Vectors
from index.matrix import Chunk
from index.postings import TermRow
from index.types import Coverage, Passage, Place, Report, TimeSpan
from index.vectors import StoredSentence

Rows = NDArray[np.int64]
"""Catalog numbers of sentences or passages, ascending."""

_CHUNK_ROWS = 4_096
_TERM_ROWS = 16_384
_AREAS_KEPT = 8
_PLACEHOLDERS = 500  # SQLite's limit is 999 in old builds


class PassageColumns(NamedTuple):
    """What must be known of every passage: whose it is, and whether it may be seen."""

    rows: Rows
    reports: NDArray[np.int64]
    """Catalog numbers."""
    ordinals: NDArray[np.int64]
    """Its place in its report, from 0."""
    published_s: NDArray[np.int64]
    """Epoch seconds, UTC."""
    is_withdrawn: NDArray[np.bool_]


class TermWeights(NamedTuple):
    """BM25 weights of the lexical index's columns."""

    body: float = 1.0
    title: float = 0.5
    names: float = 0.5
    concepts: float = 0.5


def coverage(connection: sqlite3.Connection) -> Coverage:
    """What the index holds; the withdrawn are not counted."""
    reports, oldest, newest = connection.execute(
        "SELECT count(*), min(published_s), max(published_s) FROM reports WHERE status <> 'withdrawn'"
    ).fetchone()
    listed = [
        tuple(str(r[0]) for r in connection.execute(f"SELECT DISTINCT {column} FROM reports ORDER BY 1") if r[0])
        for column in ("source", "language")
    ]
    return Coverage(
        reports=reports,
        passages=connection.execute("SELECT count(*) FROM passages").fetchone()[0],
        oldest=_day(oldest),
        newest=_day(newest),
        sources=listed[0],
        languages=listed[1],
    )


def _day(epoch_s: int | None) -> date | None:
    return None if epoch_s is None else datetime.fromtimestamp(epoch_s, UTC).date()


def passage_columns(connection: sqlite3.Connection) -> PassageColumns:
    # By narrow indices: the tables themselves are full of text, and reading past that takes ten times as long.
    rows, reports, ordinals = _columns(
        connection,
        "SELECT group_concat(rowid), group_concat(report), group_concat(ordinal) "
        "FROM passages INDEXED BY passages_by_report",
    )
    numbers, published_s, is_withdrawn = _columns(
        connection,
        "SELECT group_concat(rowid), group_concat(published_s), group_concat(status = 'withdrawn') "
        "FROM reports INDEXED BY reports_by_time",
    )
    at = np.searchsorted(numbers, reports)
    return PassageColumns(rows, reports, ordinals, published_s[at], is_withdrawn[at].astype(bool))


def report_of(connection: sqlite3.Connection, report_id: str) -> Report | None:
    row = connection.execute("SELECT report, copy_of FROM reports WHERE id = ?", (report_id,)).fetchone()
    return _shared_report(*row) if row else None


def all_reports(connection: sqlite3.Connection) -> Iterator[Report]:
    """Newest first."""
    for row in connection.execute("SELECT report, copy_of FROM reports ORDER BY published_s DESC, id"):
        yield _report(*row)


def passages_of(connection: sqlite3.Connection, rows: Sequence[int]) -> dict[int, tuple[Passage, Report]]:
    """Passages with their reports, by catalog number."""
    found: dict[int, tuple[Passage, Report]] = {}
    reports: dict[int, Report] = {}
    for row in rows:
        stored = connection.execute(
            "SELECT p.passage, p.report FROM passages p WHERE p.rowid = ?", (int(row),)
        ).fetchone()
        if stored is None:
            continue
        if stored[1] not in reports:
            reports[stored[1]] = _shared_report(
                *connection.execute("SELECT report, copy_of FROM reports WHERE rowid = ?", (stored[1],)).fetchone()
            )
        found[int(row)] = (_passage(stored[0]), reports[stored[1]])
    return found


class Origin(NamedTuple):
    """Where a passage comes from."""

    passage_id: str
    report_id: str
    cluster: str
    """Id of the first of the reports that repeat one another, this one among them."""
    language: str


def origins(connection: sqlite3.Connection, passages: PassageColumns, numbers: Sequence[int]) -> dict[int, Origin]:
    """Where the passages of these numbers come from, without reading them; one that is gone is left out."""
    wanted = np.unique(np.array(numbers, dtype=np.int64))
    at = np.searchsorted(passages.rows, wanted)
    at = at[at < len(passages.rows)]
    at = at[passages.rows[at] == wanted[: len(at)]]
    reports = np.unique(passages.reports[at]).tolist()
    held: dict[int, tuple[str, str | None, str]] = {}
    for first in range(0, len(reports), _PLACEHOLDERS):
        some = reports[first : first + _PLACEHOLDERS]
        marks = ",".join("?" * len(some))
        for row, *told in connection.execute(
            f"SELECT rowid, id, copy_of, language FROM reports WHERE rowid IN ({marks})", some
        ):
            held[row] = tuple(told)
    found: dict[int, Origin] = {}
    for number, report, ordinal in zip(
        passages.rows[at].tolist(), passages.reports[at].tolist(), passages.ordinals[at].tolist(), strict=True
    ):
        if report in held:
            report_id, copy_of, language = held[report]
            found[number] = Origin(f"{report_id}#{ordinal}", report_id, copy_of or report_id, language)
    return found


def passages_in_report(connection: sqlite3.Connection, report_id: str) -> list[Passage]:
    """All passages of a report, in order."""
    return [
        _passage(row[0])
        for row in connection.execute(
            "SELECT p.passage FROM passages p JOIN reports r ON r.rowid = p.report WHERE r.id = ? ORDER BY p.rowid",
            (report_id,),
        )
    ]


# Values, so that what is read again is the same object: a day's conversations, kept with all that they were shown, hold
# each report once. Found by what is stored, so never out of date.
@lru_cache(maxsize=1024)
def _passage(stored: str) -> Passage:
    return Passage.model_validate_json(stored)


def _report(stored: str, copy_of: str | None) -> Report:
    return Report.model_validate_json(stored).model_copy(update={"copy_of": copy_of})


_shared_report = lru_cache(maxsize=256)(_report)


def sentences_within(connection: sqlite3.Connection, window: TimeSpan) -> Rows:
    """Sentences of which some time lies inside the window (not merely across it)."""
    found = _column(
        connection,
        "SELECT group_concat(sentence) FROM times WHERE first_day >= ? AND first_day < ? AND last_day <= ?",
        (window.start.toordinal(), window.end.toordinal(), window.end.toordinal()),
    )
    return distinct(found)


def places(connection: sqlite3.Connection) -> dict[int, Place]:
    """Every distinct place that some sentence names, by its number."""
    return {row: Place.model_validate_json(text) for row, text in connection.execute("SELECT rowid, place FROM places")}


def country_counts(connection: sqlite3.Connection, known: Mapping[int, Place]) -> dict[str, int]:
    """How many sentences name a place in each country (ISO 3166-1 alpha-2)."""
    counts: dict[str, int] = {}
    for row, count in connection.execute("SELECT place, count(*) FROM sentence_places GROUP BY place"):
        country = known[row].country if row in known else None
        if country is not None:
            counts[country] = counts.get(country, 0) + count
    return counts


class PlacedSentences(NamedTuple):
    """The sentences of the places that were asked for so far, ascending."""

    of_place: dict[int, Rows]
    of_places: dict[tuple[int, ...], Rows]
    """Of the last areas asked for: a question asks twice, a follow-up again."""


def sentences_at(connection: sqlite3.Connection, place_rows: Sequence[int], known: PlacedSentences) -> Rows:
    """Sentences that name (or take over) one of the places. `known` is added to."""
    asked = tuple(place_rows)
    joined = known.of_places.get(asked)
    if joined is not None:
        return joined
    sql = "SELECT group_concat(sentence) FROM sentence_places WHERE place = ?"
    for row in asked:
        if row not in known.of_place:
            known.of_place[row] = _column(connection, sql, (row,))
    found = [known.of_place[row] for row in asked]
    joined = distinct(np.sort(np.concatenate(found))) if found else np.zeros(0, dtype=np.int64)
    if len(known.of_places) >= _AREAS_KEPT:
        known.of_places.clear()
    known.of_places[asked] = joined
    return joined


def _column(connection: sqlite3.Connection, sql: str, values: tuple[int, ...]) -> Rows:
    """The numbers that `sql` joins by commas, ascending: one text is read twice as fast as many rows."""
    (joined,) = connection.execute(sql, values).fetchone()
    return np.sort(_numbers(joined))


def _columns(connection: sqlite3.Connection, sql: str) -> list[NDArray[np.int64]]:
    """The same for several columns, in the order of the first."""
    columns = [_numbers(joined) for joined in connection.execute(sql).fetchone()]
    order = np.argsort(columns[0], kind="stable")
    return [column[order] for column in columns]


def _numbers(joined: str | None) -> NDArray[np.int64]:
    return np.fromstring(joined, dtype=np.int64, sep=",") if joined else np.zeros(0, dtype=np.int64)


def distinct(ascending: Rows) -> Rows:
    """Each number once. `np.unique` would sort or hash them first."""
    return ascending[np.append(True, ascending[1:] != ascending[:-1])] if len(ascending) else ascending


class SearchTerms(NamedTuple):
    """What a question is looked up by; see `index.lexical` and `index.concepts`."""

    words: tuple[str, ...]
    """Stems: found in reports of the question's own language (and, for loan words and numbers, its script)."""
    shared: tuple[str, ...] = ()
    """Keys of names, places and concepts: found in reports of every language."""


class KnownWeights(NamedTuple):
    """How telling terms are in this index."""

    known: dict[str, float]
    """idf of the terms that occur; others are left out."""
    unknown: float
    """What a term weighs that occurs nowhere."""


def term_rows(connection: sqlite3.Connection, after: int) -> Iterator[list[TermRow]]:
    """The search terms of the passages numbered above `after`, in order, some thousands at a time."""
    cursor = connection.execute(
        "SELECT rowid, body, title, names, concepts FROM lexical WHERE rowid > ? ORDER BY rowid", (after,)
    )
    while rows := cursor.fetchmany(_TERM_ROWS):
        yield rows


def passage_rows(connection: sqlite3.Connection) -> Rows:
    """All passages' catalog numbers."""
    return _column(connection, "SELECT group_concat(rowid) FROM passages", ())


def vector_chunks(connection: sqlite3.Connection, after: int, dimension: int) -> Iterator[Chunk]:
    """Vectors of the sentences numbered above `after`, in order, a few thousand at a time, whole reports only."""
    cursor = connection.execute(
        "SELECT v.sentence, s.passage, p.report, v.vector FROM vectors v JOIN sentences s ON s.rowid = v.sentence "
        "JOIN passages p ON p.rowid = s.passage WHERE v.sentence > ? ORDER BY v.sentence",
        (after,),
    )
    held: list[tuple[int, int, int, bytes]] = []
    while rows := cursor.fetchmany(_CHUNK_ROWS):
        held.extend(rows)
        last_report = held[-1][2]
        whole = next((at for at in range(len(held) - 1, -1, -1) if held[at][2] != last_report), -1) + 1
        if whole:
            yield _chunk(held[:whole], dimension)
            held = held[whole:]
    if held:
        yield _chunk(held, dimension)


def _chunk(rows: list[tuple[int, int, int, bytes]], dimension: int) -> Chunk:
    numbers = np.array([row[:3] for row in rows], dtype=np.int64)
    vectors = np.frombuffer(b"".join(row[3] for row in rows), dtype=np.float32).reshape(len(rows), dimension)
    return Chunk(numbers[:, 0], numbers[:, 1], numbers[:, 2], vectors)


def sentence_rows(connection: sqlite3.Connection) -> Rows:
    """All sentences' catalog numbers."""
    return _column(connection, "SELECT group_concat(rowid) FROM sentences", ())


def count_sentences(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM sentences").fetchone()[0])


@contextmanager
def one_state(connection: sqlite3.Connection) -> Generator[None]:
    """All that is read in the block is of one state of the catalog, whatever is written meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")


def vector_of(connection: sqlite3.Connection, sentence: int) -> Vectors | None:
    row = connection.execute("SELECT vector FROM vectors WHERE sentence = ?", (sentence,)).fetchone()
    return None if row is None else np.frombuffer(row[0], dtype=np.float32)


def vectors_in(connection: sqlite3.Connection, report_id: str, ordinal: int) -> list[bytes]:
    """The vectors of one passage's sentences (float32), in order; [] in a copy without vectors."""
    return [
        row[0]
        for row in connection.execute(
            "SELECT v.vector FROM reports r JOIN passages p ON p.report = r.rowid AND p.ordinal = ? "
            "JOIN sentences s ON s.passage = p.rowid JOIN vectors v ON v.sentence = s.rowid WHERE r.id = ? "
            "ORDER BY s.rowid",
            (ordinal, report_id),
        )
    ]


def stored_sentences(connection: sqlite3.Connection, after: int, dimension: int) -> Iterator[list[StoredSentence]]:
    """The sentences numbered above `after` as the vector store keeps them, in order."""
    for chunk in vector_chunks(connection, after, dimension):
        passages = passages_of(connection, np.unique(chunk.passages).tolist())
        sentences = [(passage, sentence) for passage, _ in passages.values() for sentence in passage.sentences]
        batch = [
            StoredSentence(
                row=int(row),
                vector=vector,
                text=passage.text[sentence.start - passage.start : sentence.end - passage.start],
                passage_id=passage.id,
                report_id=passage.report_id,
            )
            for row, vector, (passage, sentence) in zip(chunk.sentences, chunk.vectors, sentences, strict=True)
        ]
        yield batch
