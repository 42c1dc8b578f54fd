"""What the machine allows, beside what is measured: reading memory, the embedder alone; and what screening loses."""

import time

import numpy as np

from evals.bench_clock import Row, spread
from evals.bench_search import questions_of
from index.matrix import EXACT_ROWS, cosines, screened
from index.store import Index

_RUNS = 60
_NEIGHBOURS = 10


def bound_rows(index: Index) -> list[Row]:
    """The exact product beside the rate at which memory is read, and the screened one beside the exact."""
    matrix = index.snapshot().matrix
    size = f"{len(matrix.vectors):,} sentences"
    asked = questions_of(index, "open", _RUNS, np.random.default_rng(4))
    reading_s: list[float] = []
    exact_s: list[float] = []
    screened_s: list[float] = []
    embedding_s: list[float] = []
    recalls: list[float] = []
    for question in asked:
        started = time.perf_counter()
        vector = index.embedder.embed([question])[0]
        embedding_s.append(time.perf_counter() - started)
        started = time.perf_counter()
        # One addition a number: nothing that reads all vectors once is faster.
        matrix.vectors.reshape(-1).view(np.uint64).sum(dtype=np.uint64)
        reading_s.append(time.perf_counter() - started)
        started = time.perf_counter()
        exact = cosines(matrix, vector, None)
        exact_s.append(time.perf_counter() - started)
        started = time.perf_counter()
        left = screened(matrix, vector, None)
        found = exact if left is None else cosines(matrix, vector, left)
        screened_s.append(time.perf_counter() - started)
        # By score and not by number: repeated sentences tie.
        least = np.partition(exact, -_NEIGHBOURS)[-_NEIGHBOURS]
        recalls.append(min(_NEIGHBOURS, int((found >= least).sum())) / _NEIGHBOURS)
    how = "screened by signs" if len(matrix.vectors) > EXACT_ROWS else "all compared"
    return [
        *spread("bounds", f"memory read once, {size}", reading_s),
        *spread("bounds", f"the exact product, {size}", exact_s),
        *(spread("bounds", f"the screened product, {size}", screened_s) if how.startswith("screened") else []),
        Row("bounds", f"recall of the exact ten, {how}, {size}", float(np.mean(recalls)), "", "≥ .99"),
        *spread("bounds", "embedding the question", embedding_s),
    ]
