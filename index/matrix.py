"""The sentence vectors as one memory-mapped matrix: a copy of the catalog's, laid out for exact products.

Derived: it is rebuilt when it and the catalog disagree. Measured at 100,000 × 384 on two cores: the product over all
rows takes 6-8 ms, over a tenth of them 3 ms, where Chroma with a range filter takes 300 ms.

Numbers are kept as 16-bit fractions: half the disk and memory of the catalog's 32 bits, and no cosine is off by more
than 5e-5. (Half-precision floats would be as small and less exact, and numpy takes four times as long to read them;
eight bits were off by up to 2e-3.)
"""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.embed import Vectors

Fractions = NDArray[np.int16]
"""Numbers in [-1, 1] in units of 1/32,767."""

_UNIT = 32_767
_VECTORS = "vectors.i16"
ROW = np.dtype([("sentence", "<i8"), ("passage", "<i8"), ("sum", "<u8"), ("next_norm", "<f4")])
"""`next_norm` is the length of this row plus the next, or 0 at the end of a report: with it, the cosine to a pair of
neighbouring sentences follows from the two single ones, (a·q + b·q) / |a + b|, and pairs need no vectors of their own.
Measured on XQuAD and PIAF, recall@10 of single + such pairs is within .01 of embedding every pair as text
(.970 against .967 English to Arabic, .800 against .809 French), at half the time and space.
`sum` is that of the vector's bits as 64-bit words: comparing it reads the whole matrix, at 25 GB/s."""

# A gathered block stays in the second-level cache: with 8,192 rows, gathering takes four times as long.
_BLOCK_ROWS = 512
_SIGN_ROWS = 16_384
_SIGNS = "signs.u64"

EXACT_ROWS = 100_000
"""Up to so many rows, each is compared exactly; of more, those that `screened` leaves."""
# So many are left by the first screening and by the second, or such a part of all. Recall of the exact ten of
# synthetic sentences (copies with noise, some thousands of each, the hardest to tell apart): .996 of 266,000 for 200
# questions, 1.0 of 2.7 million for 60. By one screening, of as many rows as take the same time, .988 and .980.
_FIRST_LEFT, _FIRST_ONE_IN = 13_312, 40
_LEFT, _LEFT_ONE_IN = 4_416, 80
_LEAST_NORM = 1.2
"""Of two neighbouring sentences together: those of less point in opposite directions."""
_LEVELS = (0.0, 0.4, 0.75)
"""Quantiles of the question's numbers, by size: a sign counts once for each that its number reaches."""
# Rows picked one by one cost three times as much as rows in a stretch, so of a selection fewer are compared exactly.
_EXACT_SELECTED_ROWS = 16_384


class Matrix(NamedTuple):
    """Rows in the order of their sentences' catalog numbers."""

    vectors: Fractions
    """(n, d), unit rows; memory-mapped, read-only."""
    rows: NDArray[np.void]
    """(n,) of `ROW`."""
    signs: NDArray[np.uint64] | None = None
    """(n, d / 64) one bit for each number of a vector: whether it is above 0. None where there are few rows."""


class Chunk(NamedTuple):
    """A stretch of rows on its way into the matrix: whole reports only."""

    sentences: NDArray[np.int64]
    passages: NDArray[np.int64]
    reports: NDArray[np.int64]
    vectors: Vectors


def empty(dimension: int) -> Matrix:
    return Matrix(np.zeros((0, dimension), dtype=np.int16), np.zeros(0, dtype=ROW))


def matrix_of(chunk: Chunk) -> Matrix:
    """A matrix in memory, without signs."""
    return Matrix(packed(chunk.vectors), _rows_of(chunk))


def load(folder: Path, index_id: str, dimension: int, before: Matrix | None = None) -> Matrix | None:
    """The matrix in `folder`, or None when there is none, it belongs to another index, or a bit of it has changed.

    `before`: as it was loaded last; the rows it had then are not checked again.
    """
    meta = _meta(folder)
    if meta is None or meta.get("index_id") != index_id or meta.get("dimension") != dimension:
        return None
    count = int(meta["rows"])
    if count == 0:
        return empty(dimension)
    try:
        vectors = np.memmap(folder / _VECTORS, dtype=np.int16, mode="r")[: count * dimension]
        rows = np.fromfile(folder / "rows.bin", dtype=ROW, count=count)
    except (OSError, ValueError):
        return None
    if vectors.size != count * dimension or len(rows) != count or crc32(rows.tobytes()) != meta["rows_crc"]:
        return None
    # A plain array: each slice of a memmap object costs a microsecond more.
    matrix = Matrix(np.asarray(vectors).reshape(count, dimension), rows)
    known = len(before.rows) if before is not None and np.array_equal(before.rows, rows[: len(before.rows)]) else 0
    if not _is_as_written(folder / _VECTORS, rows["sum"], dimension, known):
        return None
    return matrix if count <= EXACT_ROWS else matrix._replace(signs=_loaded_signs(folder, matrix.vectors))


def append(folder: Path, index_id: str, dimension: int, chunks: Iterator[Chunk], known: Matrix | None = None) -> None:
    """Adds rows behind those that the matrix in `folder` has, `known` if it was loaded; what an interrupted run left
    beyond them is overwritten."""
    folder.mkdir(parents=True, exist_ok=True)
    known = known if known is not None else load(folder, index_id, dimension)
    rows = known.rows if known is not None else np.zeros(0, dtype=ROW)
    mode = "r+b" if known is not None and len(rows) else "wb"
    is_signed = mode == "r+b" and (folder / _SIGNS).exists()
    with (folder / _VECTORS).open(mode) as file, (folder / _SIGNS).open("r+b" if is_signed else "wb") as signs:
        file.seek(len(rows) * dimension * 2)
        file.truncate()
        signs.seek(len(rows) * _sign_words(dimension) * 8)
        signs.truncate()
        fresh = [rows]
        for chunk in chunks:
            file.write(packed(chunk.vectors).tobytes())
            signs.write(signs_of(chunk.vectors).tobytes())
            fresh.append(_rows_of(chunk))
    combined = np.concatenate(fresh)
    _replace(folder / "rows.bin", combined.tobytes())
    _replace(
        folder / "meta.json",
        json.dumps(
            {"index_id": index_id, "dimension": dimension, "rows": len(combined), "rows_crc": crc32(combined.tobytes())}
        ).encode(),
    )


def rebuild(folder: Path, index_id: str, dimension: int, chunks: Iterator[Chunk]) -> None:
    """Builds the matrix anew beside the old one and puts it in its place."""
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    append(fresh, index_id, dimension, chunks)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.replace(folder)


def cosines(matrix: Matrix, vector: Vectors, selected: NDArray[np.intp] | None) -> NDArray[np.float32]:
    """Cosine of every row (or of the selected rows, ascending) to `vector`, the pair with the next row included.

    The higher of the row's own cosine and that of it and its successor together; range [-1, 1].
    """
    return _with_pairs(matrix, lambda rows: products(matrix.vectors, vector, rows), selected)


def _with_pairs(
    matrix: Matrix,
    single_of: Callable[[NDArray[np.intp] | None], NDArray[np.float32]],
    selected: NDArray[np.intp] | None,
) -> NDArray[np.float32]:
    """Of every row (or of the selected) the higher of its own score and that of it and its successor together."""
    if selected is None:
        single = single_of(None)
        follower = np.append(single[1:], np.float32(0)) if len(single) else single
        norms = matrix.rows["next_norm"]
    else:
        # The successors of the selected rows are needed too; most of them are selected themselves.
        ends = selected[np.append(np.diff(selected) > 1, True)] + 1 if len(selected) else selected
        wanted = _merged(selected, ends[ends < len(matrix.vectors)])
        partial = single_of(wanted)
        position = np.searchsorted(wanted, selected)
        single = partial[position]
        follower = partial[np.minimum(position + 1, len(wanted) - 1)]
        norms = matrix.rows["next_norm"][selected]
    pair = np.divide(single + follower, norms, out=np.full_like(single, -1), where=norms > 0)
    return np.maximum(single, pair)


def products(vectors: Fractions, vector: Vectors, selected: NDArray[np.intp] | None = None) -> NDArray[np.float32]:
    """Of every row (or of the selected) with `vector`."""
    count = len(vectors) if selected is None else len(selected)
    found = np.empty(count, dtype=np.float32)
    wide = np.empty((min(count, _BLOCK_ROWS), vectors.shape[1]), dtype=np.float32)
    scaled = vector / np.float32(_UNIT)
    for at in range(0, count, _BLOCK_ROWS):
        part = slice(at, at + _BLOCK_ROWS)
        block = vectors[part if selected is None else selected[part]]
        np.copyto(wide[: len(block)], block)
        np.dot(wide[: len(block)], scaled, out=found[part])
    return found


def screened(matrix: Matrix, vector: Vectors, selected: NDArray[np.intp] | None) -> NDArray[np.intp] | None:
    """Of many rows (or of the selected, ascending), those whose signs agree best with the vector's, their own or those
    of the pair with the next: first by all signs alike, then by signs that weigh more where the vector's number is
    large. Few rows are left as they are.

    Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002.
    """
    count = len(matrix.vectors) if selected is None else len(selected)
    if matrix.signs is None or count <= (EXACT_ROWS if selected is None else _EXACT_SELECTED_ROWS):
        return selected
    signs = matrix.signs
    sizes = np.abs(vector)
    levels = [sizes >= np.quantile(sizes, level) for level in _LEVELS]
    scale = np.float32(2 / sum(int(level.sum()) for level in levels))
    masks = [signs_of(level[None, :])[0] for level in levels]

    def closely_alike(rows: NDArray[np.intp] | None) -> NDArray[np.float32]:
        return 1 - _distances(signs, vector, rows, masks) * scale

    near = _near_by_signs(matrix, signs, vector, selected, max(_FIRST_LEFT, count // _FIRST_ONE_IN))
    return near[_highest(_with_pairs(matrix, closely_alike, near), max(_LEFT, count // _LEFT_ONE_IN))]


def _near_by_signs(
    matrix: Matrix, signs: NDArray[np.uint64], vector: Vectors, selected: NDArray[np.intp] | None, wanted: int
) -> NDArray[np.intp]:
    """The `wanted` rows (of the selected) with the fewest signs that differ, and those whose pairs are as near as they.

    In whole numbers, and norms looked up for the few pairs that may be: a quarter of the time of `_with_pairs`.
    """
    distances = _distances(signs, vector, selected)
    farthest = int(np.searchsorted(np.cumsum(np.bincount(distances)), wanted))
    is_near = distances <= farthest
    least = 1 - 2 * farthest / len(vector)  # as a cosine
    together = distances[:-1] + distances[1:]
    may_be = np.flatnonzero(together <= len(vector) * (1 - least * _LEAST_NORM / 2))
    if selected is not None:
        may_be = may_be[selected[may_be] + 1 == selected[may_be + 1]]
    norms = matrix.rows["next_norm"][may_be if selected is None else selected[may_be]]
    is_near[may_be[(norms > 0) & (2 - 2 * together[may_be] / len(vector) >= least * norms)]] = True
    near = np.flatnonzero(is_near)
    return near if selected is None else selected[near]


def _highest(scores: NDArray[np.float32], wanted: int) -> NDArray[np.intp]:
    """Where the `wanted` highest are, ascending; those equal to the least of them too."""
    return np.flatnonzero(scores >= np.partition(scores, -wanted)[-wanted])


def _distances(
    signs: NDArray[np.uint64],
    vector: Vectors,
    selected: NDArray[np.intp] | None,
    masks: Sequence[NDArray[np.uint64]] = (),
) -> NDArray[np.uint16]:
    """How many signs of each row (or of the selected) are not the vector's; with `masks`, once for each they are in."""
    wanted = signs_of(vector[None, :])[0]
    count = len(signs) if selected is None else len(selected)
    distances = np.zeros(count, dtype=np.uint16)
    for at in range(0, count, _SIGN_ROWS):
        part = slice(at, at + _SIGN_ROWS)
        block = signs[part if selected is None else selected[part]]
        # Word by word: a sum over so short an axis takes twice as long.
        for word, own in enumerate(wanted):
            differing = block[:, word] ^ own
            for mask in masks:
                distances[part] += np.bitwise_count(differing & mask[word])
            if not masks:
                distances[part] += np.bitwise_count(differing)
    return distances


def _merged(rows: NDArray[np.intp], others: NDArray[np.intp]) -> NDArray[np.intp]:
    """Both, ascending; they have none in common. (`np.union1d` would hash them first.)"""
    return np.sort(np.concatenate([rows, others]), kind="stable")


def packed(vectors: Vectors) -> Fractions:
    return np.rint(vectors * np.float32(_UNIT)).astype(np.int16)


def signs_of(vectors: Vectors | Fractions) -> NDArray[np.uint64]:
    """One bit for each number, 64 to a word, filled up with zeros."""
    packed = np.packbits(vectors > 0, axis=1)
    filled = np.zeros((len(vectors), _sign_words(vectors.shape[1]) * 8), dtype=np.uint8)
    filled[:, : packed.shape[1]] = packed
    return filled.view(np.uint64)


def _sign_words(dimension: int) -> int:
    return -(-dimension // 64)


def _loaded_signs(folder: Path, vectors: Fractions) -> NDArray[np.uint64]:
    """Those in the file; made anew where it is missing or too short. A wrong bit in them does no harm: what they let
    through is compared exactly."""
    count, words = len(vectors), _sign_words(vectors.shape[1])
    try:
        held = np.asarray(np.memmap(folder / _SIGNS, dtype=np.uint64, mode="r"))
    except (OSError, ValueError):
        held = np.zeros(0, dtype=np.uint64)
    if len(held) < count * words:
        return np.concatenate([signs_of(vectors[at : at + _SIGN_ROWS]) for at in range(0, count, _SIGN_ROWS)])
    return held[: count * words].reshape(count, words)


def _rows_of(chunk: Chunk) -> NDArray[np.void]:
    rows = np.zeros(len(chunk.sentences), dtype=ROW)
    rows["sentence"], rows["passage"] = chunk.sentences, chunk.passages
    rows["sum"] = _sums(packed(chunk.vectors))
    if len(rows) > 1:
        same_report = chunk.reports[1:] == chunk.reports[:-1]
        norms = np.linalg.norm(chunk.vectors[1:] + chunk.vectors[:-1], axis=1)
        rows["next_norm"][:-1] = np.where(same_report, norms, 0)
    return rows


def _sums(vectors: Fractions) -> NDArray[np.uint64]:
    words = vectors.view(np.uint64 if vectors.shape[1] % 4 == 0 else np.uint16)
    return words.sum(axis=1, dtype=np.uint64)


def _is_as_written(path: Path, sums: NDArray[np.uint64], dimension: int, known: int) -> bool:
    """Whether the vectors behind the first `known` have these sums. Read, not mapped: nothing of it stays in memory."""
    with path.open("rb", buffering=0) as file:
        file.seek(known * dimension * 2)
        for at in range(known, len(sums), _SIGN_ROWS):
            expected = sums[at : at + _SIGN_ROWS]
            block = np.fromfile(file, dtype=np.int16, count=len(expected) * dimension)
            if len(block) < len(expected) * dimension:
                return False
            if not np.array_equal(_sums(block.reshape(-1, dimension)), expected):
                return False
    return True


def _meta(folder: Path) -> dict[str, int | str] | None:
    try:
        found = json.loads((folder / "meta.json").read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and {"index_id", "dimension", "rows", "rows_crc"} <= set(found) else None


def _replace(path: Path, content: bytes) -> None:
    partial = path.with_suffix(".part")
    partial.write_bytes(content)
    partial.replace(path)
