"""The sentence vectors as one memory-mapped matrix: a copy of the catalog's, laid out for exact products.

Derived: it is rebuilt when it and the catalog disagree. Measured at 100,000 × 384 on two cores: the product over all
rows takes 6-8 ms, over a tenth of them 3 ms, where Chroma with a range filter takes 300 ms.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.embed import Vectors

ROW = np.dtype([("sentence", "<i8"), ("passage", "<i8"), ("sum", "<u8"), ("next_norm", "<f4")])
"""`next_norm` is the length of this row plus the next, or 0 at the end of a report: with it, the cosine to a pair of
neighbouring sentences follows from the two single ones, (a·q + b·q) / |a + b|, and pairs need no vectors of their own.
Measured on XQuAD and PIAF, recall@10 of single + such pairs is within .01 of embedding every pair as text
(.970 against .967 English to Arabic, .800 against .809 French), at half the time and space.
`sum` is that of the vector's bits as 64-bit words: comparing it reads the whole matrix, at 25 GB/s."""

_BLOCK_ROWS = 8_192


class Matrix(NamedTuple):
    """Rows in the order of their sentences' catalog numbers."""

    vectors: Vectors
    """(n, d) float32, unit rows; memory-mapped, read-only."""
    rows: NDArray[np.void]
    """(n,) of `ROW`."""


class Chunk(NamedTuple):
    """A stretch of rows on its way into the matrix: whole reports only."""

    sentences: NDArray[np.int64]
    passages: NDArray[np.int64]
    reports: NDArray[np.int64]
    vectors: Vectors


def empty(dimension: int) -> Matrix:
    return Matrix(np.zeros((0, dimension), dtype=np.float32), np.zeros(0, dtype=ROW))


def load(folder: Path, index_id: str, dimension: int) -> Matrix | None:
    """The matrix in `folder`, or None when there is none, it belongs to another index, or a bit of it has changed."""
    meta = _meta(folder)
    if meta is None or meta.get("index_id") != index_id or meta.get("dimension") != dimension:
        return None
    count = int(meta["rows"])
    if count == 0:
        return empty(dimension)
    try:
        vectors = np.memmap(folder / "vectors.f32", dtype=np.float32, mode="r")[: count * dimension]
        rows = np.fromfile(folder / "rows.bin", dtype=ROW, count=count)
    except (OSError, ValueError):
        return None
    if vectors.size != count * dimension or len(rows) != count or crc32(rows.tobytes()) != meta["rows_crc"]:
        return None
    matrix = Matrix(vectors.reshape(count, dimension), rows)
    return matrix if np.array_equal(_sums(matrix.vectors), rows["sum"]) else None


def append(folder: Path, index_id: str, dimension: int, chunks: Iterator[Chunk]) -> None:
    """Adds rows behind those the matrix has; what an interrupted run left beyond them is overwritten."""
    folder.mkdir(parents=True, exist_ok=True)
    known = load(folder, index_id, dimension)
    rows = known.rows if known is not None else np.zeros(0, dtype=ROW)
    with (folder / "vectors.f32").open("r+b" if known is not None and len(rows) else "wb") as file:
        file.seek(len(rows) * dimension * 4)
        file.truncate()
        fresh = [rows]
        for chunk in chunks:
            file.write(np.ascontiguousarray(chunk.vectors, dtype=np.float32).tobytes())
            fresh.append(rows_of(chunk))
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
    if selected is None:
        single = matrix.vectors @ vector
        follower = np.append(single[1:], np.float32(0)) if len(single) else single
        norms = matrix.rows["next_norm"]
    else:
        # The successors of the selected rows are needed too; most of them are selected themselves.
        wanted = np.union1d(selected, np.minimum(selected + 1, len(matrix.vectors) - 1))
        partial = np.empty(len(wanted), dtype=np.float32)
        for at in range(0, len(wanted), _BLOCK_ROWS):  # blocks keep the gathered copy small
            block = wanted[at : at + _BLOCK_ROWS]
            partial[at : at + _BLOCK_ROWS] = matrix.vectors[block] @ vector
        position = np.searchsorted(wanted, selected)
        single = partial[position]
        follower = partial[np.minimum(position + 1, len(wanted) - 1)]
        norms = matrix.rows["next_norm"][selected]
    pair = np.divide(single + follower, norms, out=np.full_like(single, -1), where=norms > 0)
    return np.maximum(single, pair)


def rows_of(chunk: Chunk) -> NDArray[np.void]:
    rows = np.zeros(len(chunk.sentences), dtype=ROW)
    rows["sentence"], rows["passage"] = chunk.sentences, chunk.passages
    rows["sum"] = _sums(np.ascontiguousarray(chunk.vectors, dtype=np.float32))
    if len(rows) > 1:
        same_report = chunk.reports[1:] == chunk.reports[:-1]
        norms = np.linalg.norm(chunk.vectors[1:] + chunk.vectors[:-1], axis=1)
        rows["next_norm"][:-1] = np.where(same_report, norms, 0)
    return rows


def _sums(vectors: Vectors) -> NDArray[np.uint64]:
    words = vectors.view(np.uint64 if vectors.shape[1] % 2 == 0 else np.uint32)
    return words.sum(axis=1, dtype=np.uint64)


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
