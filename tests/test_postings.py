"""The postings: what they count, that they grow, merge and heal, and that they rank as SQLite's FTS5 does."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index import postings
from index.bm25 import lexical_candidates, lexical_shares, term_weights
from index.postings import Segment, TermRow, digest, merged, segment_of
from index.reading import SearchTerms, TermWeights

RIVER: list[TermRow] = [
    (3, "bridg fall bridg", "bridg", "~gao", "#bridge"),
    (5, "river rise", "bridg", "", "#flood"),
    (9, "market burn", "fire", "~gao", ""),
]


def _of(segment: Segment, term: str) -> list[tuple[int, list[int]]]:
    at = int(np.flatnonzero(segment.terms == digest(term))[0])
    span = slice(int(segment.starts[at]), int(segment.starts[at + 1]))
    numbers = segment.passages[segment.positions[span]].tolist()
    return list(zip(numbers, segment.counts[span].tolist(), strict=True))


def _after(rows: list[TermRow], batch: int = 2):
    def rows_after(number: int) -> Iterator[list[TermRow]]:
        left = [row for row in rows if row[0] > number]
        for at in range(0, len(left), batch):
            yield left[at : at + batch]

    return rows_after


def _numbers(rows: list[TermRow]) -> np.ndarray:
    return np.array([row[0] for row in rows], dtype=np.int64)


def _many(count: int, first: int = 1) -> list[TermRow]:
    rng = np.random.default_rng(first)
    vocabulary = [f"w{n}" for n in range(60)]
    return [
        (
            first + 2 * number,
            " ".join(rng.choice(vocabulary, size=int(rng.integers(3, 30)))),
            " ".join(rng.choice(vocabulary, size=3)),
            f"~n{number % 7} @region:SY.0{number % 3}",
            "#c1" if number % 2 else "",
        )
        for number in range(count)
    ]


def test_a_term_is_counted_by_passage_and_column():
    segment = segment_of(RIVER)
    assert _of(segment, "bridg") == [(3, [2, 1, 0, 0]), (5, [0, 1, 0, 0])]
    assert _of(segment, "~gao") == [(3, [0, 0, 1, 0]), (9, [0, 0, 1, 0])]
    assert segment.lengths.tolist() == [[3, 1, 1, 1], [2, 1, 0, 1], [2, 1, 1, 0]]


def test_two_segments_merged_are_the_segment_of_all_their_passages():
    rows = _many(40)
    together, apart = segment_of(rows), merged(segment_of(rows[:17]), segment_of(rows[17:]))
    for name, array in together._asdict().items():
        assert np.array_equal(array, getattr(apart, name)), name


def test_postings_grow_with_the_catalog_and_forget_what_it_forgets(tmp_path: Path):
    folder = tmp_path / "postings"
    postings.sync(folder, "one", _numbers(RIVER[:2]), _after(RIVER[:2]))
    postings.sync(folder, "one", _numbers(RIVER), _after(RIVER))
    held = postings.load(folder, "one", _numbers(RIVER))
    assert held is not None
    assert held.passage_count == 3
    assert lexical_candidates(held, SearchTerms(("burn",)), 5) == [9]
    without_first = postings.load(folder, "one", np.array([5, 9]))
    assert without_first is not None
    assert lexical_candidates(without_first, SearchTerms(("bridg",)), 5) == [5]
    assert lexical_shares(without_first, SearchTerms(("fall",)), TermWeights(), {3: True}) == {3: 0.0}


def test_many_small_additions_end_in_few_segments(tmp_path: Path):
    rows = _many(60)
    for count in range(1, 61):
        postings.sync(tmp_path / "p", "one", _numbers(rows[:count]), _after(rows[:count]))
    held = postings.load(tmp_path / "p", "one", _numbers(rows))
    assert held is not None
    assert len(held.segments) == 1
    assert len([path for path in (tmp_path / "p").iterdir() if path.is_dir()]) == 1


def test_postings_of_another_index_or_with_a_changed_bit_are_not_taken(tmp_path: Path):
    folder = tmp_path / "p"
    postings.sync(folder, "one", _numbers(RIVER), _after(RIVER))
    assert postings.load(folder, "two", _numbers(RIVER)) is None
    damaged = next(folder.rglob("counts.npy"))
    content = bytearray(damaged.read_bytes())
    content[-1] ^= 1
    damaged.write_bytes(content)
    assert postings.load(folder, "one", _numbers(RIVER)) is None
    postings.sync(folder, "one", _numbers(RIVER), _after(RIVER))
    assert postings.load(folder, "one", _numbers(RIVER)) is not None


def test_they_are_built_anew_when_a_fifth_is_gone(tmp_path: Path):
    rows = _many(10)
    postings.sync(tmp_path / "p", "one", _numbers(rows), _after(rows))
    kept = rows[3:]
    postings.sync(tmp_path / "p", "one", _numbers(kept), _after(kept))
    held = postings.load(tmp_path / "p", "one", _numbers(kept))
    assert held is not None
    assert sum(len(segment.passages) for segment in held.segments) == 7


def test_rarer_terms_weigh_more_and_unknown_ones_most():
    held = postings.of_segments((segment_of(RIVER),), _numbers(RIVER))
    assert (held.passage_count, held.term_total) == (3, 14)
    weights = term_weights(held, ["bridg", "burn", "sea"])
    # ln(1 + (3 - 2 + .5) / 2.5), ln(1 + 2.5 / 1.5), ln(1 + 3.5 / .5)
    assert weights.known == pytest.approx({"bridg": 0.470004, "burn": 0.980829})
    assert weights.unknown == pytest.approx(2.079442)


def test_a_share_is_of_a_passage_with_every_term_once():
    """One asked term, in 9 once in a body of two where bodies average two: 1 × 2.2 / (1 + 1.2) = 1."""
    held = postings.of_segments((segment_of(RIVER),), _numbers(RIVER))
    terms = SearchTerms(("burn",))
    assert lexical_shares(held, terms, TermWeights(), {5: True, 9: True}) == pytest.approx({5: 0.0, 9: 1.0})


@pytest.mark.parametrize("asked", [("w1", "w2", "w59"), ("w7",), ("~n3", "w11", "#c1", "nowhere")])
def test_candidates_are_those_of_fts5_in_its_order(asked: tuple[str, ...]):
    rows = _many(300)
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (a, b, c, d, tokenize = \"ascii tokenchars '~@#:._-'\")")
    connection.executemany("INSERT INTO t (rowid, a, b, c, d) VALUES (?, ?, ?, ?, ?)", rows)
    match = " OR ".join(f'"{term}"' for term in asked)
    theirs = [
        row[0]
        for row in connection.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t), rowid LIMIT 20", (match,))
    ]
    connection.close()
    segments = (segment_of(rows[:120]), segment_of(rows[120:]))
    held = postings.of_segments(segments, _numbers(rows))
    assert lexical_candidates(held, SearchTerms(asked), 20) == theirs


def test_only_allowed_passages_are_candidates():
    held = postings.of_segments((segment_of(RIVER),), _numbers(RIVER))
    assert lexical_candidates(held, SearchTerms(("bridg",)), 5, np.array([5, 9])) == [5]
    assert lexical_candidates(held, SearchTerms(("bridg",)), 5, np.array([9])) == []
