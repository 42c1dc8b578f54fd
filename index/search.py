"""Finding passages: candidates by time and place, then by meaning and by words. Scores; does not weigh them up.

The work is done on numbers: passages and reports are only read once the caller has chosen among the candidates.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index import matrix as vector_matrix
from index import reading
from index.bm25 import lexical_candidates, lexical_shares, passages_with
from index.embed import Vectors
from index.matrix import Matrix
from index.places import contains
from index.places.geometry import may_contain
from index.postings import Postings
from index.reading import PassageColumns, PlacedSentences, Rows, SearchTerms, TermWeights
from index.types import Area, Coverage, Passage, Place, Report, TimeSpan


class Snapshot(NamedTuple):
    """What is held in memory between changes of the catalog."""

    generation: int
    coverage: Coverage
    matrix: Matrix
    postings: Postings
    row_passages: Rows
    """The passage of each matrix row, ascending."""
    row_sentences: Rows
    """The sentence of each matrix row, ascending."""
    passages: PassageColumns
    places: dict[int, Place]
    latitudes: NDArray[np.float64]
    """Of the places, in their order."""
    placed: PlacedSentences
    countries: dict[str, int]
    """How many sentences name a place in each ISO country."""
    is_whole: bool
    """Every passage of the catalog has its rows in the matrix, and no row is of a passage that is gone."""

    def told(self) -> dict[str, Place]:
        """By key, the places that some report tells of."""
        return {place.key: place for place in self.places.values()}


class Question(NamedTuple):
    """What to find."""

    vector: Vectors
    """Shape (d,), unit length."""
    terms: SearchTerms
    language: str = ""
    """ISO 639-1."""
    as_of: date | None = None
    """Reports published after the end of this day (UTC) are invisible."""
    window: TimeSpan | None = None
    area: Area | None = None
    spelled: tuple[tuple[str, ...], ...] = ()
    """The area's names, each as its terms: instead of what lies in the area, the other sentences of the passages are
    asked that hold all terms of one."""


class Candidate(NamedTuple):
    """A passage that matches, by number."""

    number: int
    passage_id: str
    report_id: str
    cluster: str
    """Id of the report that it and its near-copies repeat; its own if it is the first."""
    language: str
    lexical: float
    """BM25 as a share of that of a passage with every term, about [0, 1]; see `bm25.lexical_shares`."""
    vector: float
    """Highest cosine among its sentences and neighbouring pairs, [-1, 1]."""


class Match(NamedTuple):
    """A candidate, read."""

    candidate: Candidate
    passage: Passage
    report: Report
    cosines: tuple[float, ...]
    """Of each of its sentences, in order."""
    allowed: frozenset[int]
    """Ordinals (in the report) of its sentences inside the asked time and place."""


class Found(NamedTuple):
    """The candidates for a question, unordered, and what is needed to read them."""

    candidates: list[Candidate]
    question: Question
    snapshot: Snapshot
    asked: Rows | None
    """Sentences inside the asked time and place, ascending; None for all."""


def search(
    connection: sqlite3.Connection,
    snapshot: Snapshot,
    question: Question,
    *,
    limit: int,
    weights: TermWeights,
) -> Found:
    """The best `limit` passages by meaning and the best `limit` by words, scored by both."""
    asked = _asked_sentences(connection, snapshot, question)
    selected = _selected_rows(snapshot, question.as_of, asked)
    if selected is not None and not len(selected):
        return Found([], question, snapshot, asked)
    compared = vector_matrix.screened(snapshot.matrix, question.vector, selected)
    cosines = vector_matrix.cosines(snapshot.matrix, question.vector, compared)
    passages = snapshot.row_passages if compared is None else snapshot.row_passages[compared]
    by_vector = _best_passages(passages, cosines, limit)
    allowed = None if selected is None else reading.distinct(snapshot.row_passages[selected])
    by_words = lexical_candidates(snapshot.postings, question.terms, limit, allowed)
    numbers = sorted({*by_vector, *by_words})
    origins = reading.origins(connection, snapshot.passages, numbers)
    is_own = {number: origin.language == question.language for number, origin in origins.items()}
    shares = lexical_shares(snapshot.postings, question.terms, weights, is_own)
    closest = {**_closest(snapshot, question.vector, by_words), **by_vector}
    candidates: list[Candidate] = []
    for number in numbers:
        if number not in origins or number not in closest:  # stored a moment ago; the matrix has it at the next sync
            continue
        origin = origins[number]
        candidates.append(
            Candidate(
                number,
                origin.passage_id,
                origin.report_id,
                origin.cluster,
                origin.language,
                shares.get(number, 0.0),
                closest[number],
            )
        )
    return Found(candidates, question, snapshot, asked)


def read(connection: sqlite3.Connection, found: Found, chosen: Sequence[Candidate]) -> list[Match]:
    """The chosen candidates with their passages and reports, in the order given."""
    held = reading.passages_of(connection, [candidate.number for candidate in chosen])
    snapshot = found.snapshot
    matches: list[Match] = []
    ranges = _row_ranges(snapshot, [candidate.number for candidate in chosen])
    for candidate, first, end in zip(chosen, *ranges, strict=True):
        passage, report = held.get(candidate.number, (None, None))
        if passage is None or report is None or end - first != len(passage.sentences):  # changed since the search
            continue
        cosines = vector_matrix.products(snapshot.matrix.vectors[first:end], found.question.vector)
        sentences = snapshot.row_sentences[first:end]
        is_inside = np.ones(len(sentences), dtype=bool) if found.asked is None else _is_among(sentences, found.asked)
        matches.append(
            Match(
                candidate=candidate,
                passage=passage,
                report=report,
                cosines=tuple(float(c) for c in cosines),
                allowed=frozenset(s.ordinal for s, is_in in zip(passage.sentences, is_inside, strict=True) if is_in),
            )
        )
    return matches


def usable_rows(connection: sqlite3.Connection, snapshot: Snapshot, question: Question) -> NDArray[np.intp] | None:
    """Rows (of `row_sentences`) that may answer the question, ascending; None for all of them."""
    return _selected_rows(snapshot, question.as_of, _asked_sentences(connection, snapshot, question))


def _asked_sentences(connection: sqlite3.Connection, snapshot: Snapshot, question: Question) -> Rows | None:
    """Sentences inside the window and the area, ascending; None when the question sets neither."""
    in_time = None if question.window is None else reading.sentences_within(connection, question.window)
    if question.area is None:
        return in_time
    there = _places_in(snapshot, question.area)
    in_place = reading.sentences_at(connection, there, snapshot.placed)
    if question.spelled:
        in_place = _sentences_spelling(snapshot, question.spelled, in_place)
    return in_place if in_time is None else np.intersect1d(in_time, in_place, assume_unique=True)


def _places_in(snapshot: Snapshot, area: Area) -> list[int]:
    keys = {centre.key for centre in area.places}
    may_be_in = may_contain(area, snapshot.latitudes).tolist()
    return [
        row
        for (row, place), may_be in zip(snapshot.places.items(), may_be_in, strict=True)
        if (may_be or place.key in keys) and contains(area, place)
    ]


def _sentences_spelling(snapshot: Snapshot, names: Sequence[Sequence[str]], in_place: Rows) -> Rows:
    """The sentences of the passages that hold all terms of any of the names, but for those `in_place`."""
    of_names = [
        reduce(_common, sorted((passages_with(snapshot.postings, term) for term in terms), key=len)) for terms in names
    ]
    holding = of_names[0] if len(of_names) == 1 else reduce(np.union1d, of_names)
    firsts, ends = (np.searchsorted(snapshot.row_passages, holding, side=side) for side in ("left", "right"))
    counts = ends - firsts
    rows = np.arange(counts.sum()) + np.repeat(firsts - (np.cumsum(counts) - counts), counts)
    sentences = snapshot.row_sentences[rows]
    return sentences[~_is_among(sentences, in_place)]


def _common(values: Rows, others: Rows) -> Rows:
    """Those of `values` that are among the `others`; both ascending."""
    return values[_is_among(values, others)]


def _selected_rows(snapshot: Snapshot, as_of: date | None, asked: Rows | None) -> NDArray[np.intp] | None:
    """Matrix rows that may be used, ascending; None for all of them."""
    passages = snapshot.passages
    is_visible = ~passages.is_withdrawn
    if as_of is not None:
        is_visible &= passages.published_s < _end_of_day_s(as_of)
    candidates = None if asked is None else _rows_of(snapshot, asked)
    if snapshot.is_whole and is_visible.all():
        return candidates
    held = snapshot.row_passages if candidates is None else snapshot.row_passages[candidates]
    is_in = _is_among(held, passages.rows[is_visible])
    return np.flatnonzero(is_in) if candidates is None else candidates[is_in]


def _rows_of(snapshot: Snapshot, sentences: Rows) -> NDArray[np.intp]:
    held = snapshot.row_sentences
    if len(held) and held[-1] - held[0] == len(held) - 1:  # none was ever taken out: no search is needed
        at = sentences - held[0]
        return at[(at >= 0) & (at < len(held))]
    at = np.searchsorted(held, sentences)
    at = at[at < len(held)]
    return at[held[at] == sentences[: len(at)]]


def _row_ranges(snapshot: Snapshot, passages: Sequence[int]) -> tuple[list[int], list[int]]:
    """Where the rows of each passage begin and end."""
    numbers = np.array(passages, dtype=np.int64)
    firsts, ends = (np.searchsorted(snapshot.row_passages, numbers, side=side) for side in ("left", "right"))
    return firsts.tolist(), ends.tolist()


def _closest(snapshot: Snapshot, vector: Vectors, passages: Sequence[int]) -> dict[int, float]:
    """The highest cosine among each passage's sentences; a passage without rows is left out."""
    ranges = zip(passages, *_row_ranges(snapshot, passages), strict=True)
    held = [(number, first, end) for number, first, end in ranges if first < end]
    if not held:
        return {}
    rows = np.concatenate([np.arange(first, end) for _, first, end in held])
    starts = np.cumsum([0, *(end - first for _, first, end in held[:-1])])
    best = np.maximum.reduceat(vector_matrix.products(snapshot.matrix.vectors, vector, rows), starts)
    return dict(zip([number for number, _, _ in held], best.tolist(), strict=True))


def _is_among(values: Rows, among: Rows) -> NDArray[np.bool_]:
    """For each value, whether it is in `among`, which is ascending: a search in it instead of sorting both."""
    if not len(among):
        return np.zeros(len(values), dtype=bool)
    at = np.minimum(np.searchsorted(among, values), len(among) - 1)
    return among[at] == values


def _best_passages(passages: Rows, cosines: NDArray[np.float32], limit: int) -> Mapping[int, float]:
    """The highest cosine of each passage, for the best `limit`; `passages` is ascending with repeats."""
    if not len(passages):
        return {}
    firsts = np.flatnonzero(np.append(True, passages[1:] != passages[:-1]))
    best = np.maximum.reduceat(cosines, firsts)
    top = np.argpartition(-best, min(limit, len(best)) - 1)[:limit]
    return {int(passages[firsts[at]]): float(best[at]) for at in top}


def _end_of_day_s(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp()) + 86_400  # the day after the last has no date
