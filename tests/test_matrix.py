"""The matrix of many rows: signs screen them, and what is nearest is among those that are left."""

from pathlib import Path

import numpy as np
import pytest

from index import matrix
from index.matrix import Chunk, cosines, packed, screened, signs_of


def _unit(rows: int, dimension: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _chunk(vectors: np.ndarray, first: int = 1) -> Chunk:
    numbers = np.arange(first, first + len(vectors))
    return Chunk(numbers, numbers, numbers, vectors)


def test_signs_are_one_bit_a_number_filled_up_to_whole_words():
    vectors = np.array([[0.5, -0.5, 0.0] + [1.0] * 5 + [-1.0] * 58 + [1.0]], dtype=np.float32)  # 67 numbers, two words
    words = signs_of(vectors)
    assert words.shape == (1, 2)
    assert [int(count) for count in np.bitwise_count(words[0])] == [6, 1]


def test_cosines_are_those_of_the_vectors_to_the_fourth_decimal():
    vectors = _unit(2_000, 512, 6)
    held = matrix.matrix_of(_chunk(vectors))
    exact = vectors @ vectors[7]
    pairs = exact[:-1] + exact[1:]
    assert held.vectors.nbytes * 2 == vectors.nbytes
    alone = matrix.matrix_of(_chunk(vectors)._replace(reports=np.arange(2_000)))
    assert np.abs(cosines(alone, vectors[7], None) - exact).max() < 5e-5, "each its own report: no pairs"
    norms = np.linalg.norm(vectors[:-1] + vectors[1:], axis=1)
    together = matrix.matrix_of(_chunk(vectors)._replace(reports=np.zeros(2_000, dtype=np.int64)))
    best = np.append(np.maximum(exact[:-1], pairs / norms), exact[-1])
    assert np.abs(cosines(together, vectors[7], None) - best).max() < 1e-4


def test_few_rows_are_left_as_they_are():
    vectors = _unit(50, 64, 1)
    held = matrix.matrix_of(_chunk(vectors))._replace(signs=signs_of(vectors))
    assert screened(held, vectors[3], None) is None
    assert screened(held, vectors[3], np.array([1, 2])).tolist() == [1, 2]  # type: ignore[union-attr]


def test_of_many_rows_the_nearest_are_left(monkeypatch: pytest.MonkeyPatch):
    _screen_from(monkeypatch, 1_000, first=300, left=100)
    vectors = _unit(3_000, 256, 2)
    held = matrix.matrix_of(_chunk(vectors))._replace(signs=signs_of(vectors))
    for row in (0, 17, 2_999):
        near = vectors[row] + 0.5 * vectors[(row + 5) % 3_000]
        question = near / np.linalg.norm(near)
        left = screened(held, question, None)
        assert left is not None
        assert 100 <= len(left) < 150
        assert {row, (row + 5) % 3_000} <= set(left.tolist())
    odd = np.arange(1, 3_000, 2)
    left = screened(held, vectors[17], odd)
    assert left is not None
    assert 17 in left
    assert set(left.tolist()) <= set(odd.tolist())


def _screen_from(monkeypatch: pytest.MonkeyPatch, rows: int, first: int, left: int) -> None:
    for name, value in (("EXACT_ROWS", rows), ("_EXACT_SELECTED_ROWS", rows), ("_FIRST_LEFT", first), ("_LEFT", left)):
        monkeypatch.setattr(matrix, name, value)


def test_of_very_many_rows_about_an_eightieth_is_left_by_their_own_signs_or_those_of_a_pair(
    monkeypatch: pytest.MonkeyPatch,
):
    _screen_from(monkeypatch, 1_000, first=10, left=10)
    vectors = _unit(20_000, 256, 2)
    of_one_report = _chunk(vectors)._replace(reports=np.zeros(20_000, dtype=np.int64))
    held = matrix.matrix_of(of_one_report)._replace(signs=signs_of(vectors))
    for row in (0, 17, 19_998):
        pair = vectors[row] + vectors[row + 1]
        question = pair / np.linalg.norm(pair)
        for selected in (None, np.arange(0, 20_000, 2) if row % 2 == 0 else np.arange(1, 20_000, 2)):
            left = screened(held, question, selected)
            assert left is not None
            share = len(left.tolist()) / (20_000 if selected is None else 10_000)
            assert 1 / 120 < share < 1 / 50
            assert row in left
            assert cosines(held, question, left).max() > 0.999, "the pair's cosine, as near to 1 as 16 bits allow"


def test_signs_grow_with_the_matrix_and_are_made_anew_when_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(matrix, "EXACT_ROWS", 10)
    vectors = _unit(30, 64, 3)
    matrix.append(tmp_path, "one", 64, iter([_chunk(vectors[:20])]))
    matrix.append(tmp_path, "one", 64, iter([_chunk(vectors[20:], first=21)]))
    held = matrix.load(tmp_path, "one", 64)
    assert held is not None
    assert np.array_equal(held.signs, signs_of(vectors))
    (tmp_path / "signs.u64").unlink()
    without = matrix.load(tmp_path, "one", 64)
    assert without is not None
    assert np.array_equal(without.signs, signs_of(vectors))


def test_rows_that_were_checked_before_are_not_read_again_but_new_ones_are(tmp_path: Path):
    vectors = _unit(30, 64, 4)
    matrix.append(tmp_path, "one", 64, iter([_chunk(vectors[:20])]))
    before = matrix.load(tmp_path, "one", 64)
    assert before is not None
    matrix.append(tmp_path, "one", 64, iter([_chunk(vectors[20:], first=21)]), before)
    grown = matrix.load(tmp_path, "one", 64, before)
    assert grown is not None
    assert np.array_equal(grown.vectors, packed(vectors))
    held = tmp_path / "vectors.i16"
    content = bytearray(held.read_bytes())
    content[-1] ^= 1  # in the last row, which `before` had not
    held.write_bytes(content)
    assert matrix.load(tmp_path, "one", 64, before) is None
    assert matrix.load(tmp_path, "one", 64) is None


def test_a_matrix_that_is_not_the_one_before_is_checked_whole(tmp_path: Path):
    vectors = _unit(30, 64, 5)
    matrix.append(tmp_path, "one", 64, iter([_chunk(vectors)]))
    before = matrix.load(tmp_path, "one", 64)
    assert before is not None
    matrix.rebuild(tmp_path, "one", 64, iter([_chunk(vectors[::-1].copy())]))
    held = tmp_path / "vectors.i16"
    content = bytearray(held.read_bytes())
    content[0] ^= 1
    held.write_bytes(content)
    assert matrix.load(tmp_path, "one", 64, before) is None
