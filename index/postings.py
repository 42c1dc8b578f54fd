"""The search terms of all passages, turned round: for each term, the passages that have it. Memory-mapped numbers.

Derived from the catalog like the vector matrix, and like it built anew when the two disagree. SQLite's FTS5 keeps the
truth, but reads a row for every match. Here the words of a question take 5 ms of processor time in 100,000 passages,
39 ms in a million; of a week of a million, 19 ms.

Kept as segments that are never changed, only added and merged (O'Neil et al., "The log-structured merge-tree", 1996),
so that a report can be added to a large index without writing the rest again.
"""

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

COLUMNS = 4
"""body, title, names, concepts: those of `index.catalog.PassageTerms`."""

TermRow = tuple[int, str, str, str, str]
"""A passage's catalog number and its terms by column, separated by spaces."""

RowsAfter = Callable[[int], Iterator[Sequence[TermRow]]]
"""The catalog's passages numbered above the argument, in order, in batches; none empty."""

# Neighbouring segments are merged up to this many postings: about 100 MB in memory meanwhile, 80,000 passages.
_MERGED_POSTINGS = 4_000_000


class Segment(NamedTuple):
    """A stretch of passages."""

    passages: NDArray[np.int64]
    """(n,) catalog numbers, ascending."""
    lengths: NDArray[np.uint16]
    """(n, COLUMNS) terms in each column."""
    terms: NDArray[np.uint64]
    """(t,) digests of the distinct terms, ascending."""
    starts: NDArray[np.int64]
    """(t + 1,) where the postings of each term begin."""
    positions: NDArray[np.uint32]
    """(p,) for each term in turn, the passages that have it, as positions in `passages`, ascending."""
    counts: NDArray[np.uint8]
    """(p, COLUMNS) how often, 255 for more."""


Span = tuple[int, int]
"""Where the postings of a term begin and end in its segment; 0, 0 where it has none."""


class Postings(NamedTuple):
    """The segments in the order of their passages."""

    segments: tuple[Segment, ...]
    is_live: tuple[NDArray[np.bool_] | None, ...]
    """For each segment, which of its passages the catalog still has; None for all."""
    lengths: tuple[NDArray[np.uint32], ...]
    """For each segment, the terms in each of its passages, all columns together."""
    passage_count: int
    """Of those that the catalog still has."""
    term_total: int
    """Terms in them, repeats counted."""
    spans: dict[str, Sequence[Span]]
    """Of the terms asked for so far, one for each segment: a question looks each of its terms up several times."""


@lru_cache(maxsize=50_000)
def digest(term: str) -> int:
    """The number that stands for a term: 64 bits, so that two of a million share one with a chance of 3 in 10⁸."""
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")


def empty() -> Postings:
    return of_segments((), np.zeros(0, dtype=np.int64))


def load(folder: Path, index_id: str, live: NDArray[np.int64]) -> Postings | None:
    """The postings in `folder`, or None when there are none, they are another index's, or a bit of them has changed.

    `live`: the numbers of the catalog's passages, ascending.
    """
    for _ in range(3):
        sums = _sums(folder, index_id)
        segments = None if sums is None else _opened(folder, sums)
        if segments is not None:
            return of_segments(segments, live)
        if sums == _sums(folder, index_id):  # else a writer has merged segments meanwhile
            break
    return None


def _opened(folder: Path, sums: Mapping[str, int]) -> tuple[Segment, ...] | None:
    try:
        is_whole = all(_sum(_arrays(folder / name)) == known for name, known in sums.items())
        return tuple(_read(folder / name) for name in sums) if is_whole else None
    except (OSError, ValueError, EOFError):
        return None


def of_segments(segments: tuple[Segment, ...], live: NDArray[np.int64]) -> Postings:
    """`live`: the numbers of the catalog's passages, ascending."""
    is_live = tuple(_liveness(segment, live) for segment in segments)
    lengths = tuple(over_columns(segment.lengths) for segment in segments)
    kept = [own if alive is None else own[alive] for own, alive in zip(lengths, is_live, strict=True)]
    return Postings(segments, is_live, lengths, sum(map(len, kept)), sum(int(own.sum()) for own in kept), {})


def over_columns(counts: NDArray[np.uint8] | NDArray[np.uint16]) -> NDArray[np.uint32]:
    """The sum of each row; column by column, for numpy takes six times as long to sum along so short an axis."""
    total = counts[:, 0].astype(np.uint32)
    for column in range(1, COLUMNS):
        total += counts[:, column]
    return total


def is_behind(postings: Postings | None, live: NDArray[np.int64]) -> bool:
    """Whether a passage is missing, or a fifth of those held are gone: then `sync` has something to do."""
    if postings is None:
        return True
    last = postings.segments[-1].passages[-1] if postings.segments else 0
    return bool(len(live) and live[-1] > last) or _is_worn(postings)


def sync(folder: Path, index_id: str, live: NDArray[np.int64], rows_after: RowsAfter) -> None:
    """Adds what is missing; builds all anew when files are damaged or a fifth of the passages is gone."""
    held = load(folder, index_id, live)
    if held is None or _is_worn(held):
        rebuild(folder, index_id, rows_after)
    elif is_behind(held, live):
        last = int(held.segments[-1].passages[-1]) if held.segments else 0
        _append(folder, index_id, _sums(folder, index_id) or {}, rows_after(last))


def rebuild(folder: Path, index_id: str, rows_after: RowsAfter) -> None:
    """Builds the postings anew beside the old ones and puts them in their place."""
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    _append(fresh, index_id, {}, rows_after(0))
    shutil.rmtree(folder, ignore_errors=True)
    fresh.replace(folder)


def _append(folder: Path, index_id: str, sums: Mapping[str, int], chunks: Iterator[Sequence[TermRow]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    kept = dict(sums)
    for chunk in chunks:
        segment = segment_of(chunk)
        while kept and _can_merge(before := _read(folder / next(reversed(kept))), segment):
            segment = merged(before, segment)
            kept.popitem()
        name = f"{segment.passages[0]}-{segment.passages[-1]}"
        _write(folder / name, segment)
        kept[name] = _sum(segment)
    partial = folder / "meta.part"
    partial.write_text(json.dumps({"index_id": index_id, "segments": kept}))
    partial.replace(folder / "meta.json")
    for path in folder.iterdir():
        if path.is_dir() and path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


def segment_of(rows: Sequence[TermRow]) -> Segment:
    """A segment of these passages; their numbers ascend."""
    known: defaultdict[str, int] = defaultdict()
    known.default_factory = known.__len__
    numbers: list[int] = []
    lengths = np.empty((len(rows), COLUMNS), dtype=np.int64)
    for at, (_, *columns) in enumerate(rows):
        for column, text in enumerate(columns):
            before = len(numbers)
            numbers.extend(map(known.__getitem__, text.split()))
            lengths[at, column] = len(numbers) - before
    digests = np.fromiter(map(digest.__wrapped__, known), dtype=np.uint64, count=len(known))
    order = np.argsort(digests)
    rank = np.empty(len(known), dtype=np.uint64)
    rank[order] = np.arange(len(known), dtype=np.uint64)
    cell = np.repeat(np.arange(lengths.size, dtype=np.uint64), lengths.ravel())
    # One number for term, passage and column, in that order of weight: sorted, equal ones stand together.
    keys, repeats = np.unique((rank[np.array(numbers, dtype=np.int64)] << np.uint64(34)) | cell, return_counts=True)
    pairs, pair_of = np.unique(keys // np.uint64(COLUMNS), return_inverse=True)
    counts = np.zeros((len(pairs), COLUMNS), dtype=np.uint8)
    counts[pair_of, (keys % np.uint64(COLUMNS)).astype(np.intp)] = np.minimum(repeats, 255)
    return Segment(
        passages=np.array([row[0] for row in rows], dtype=np.int64),
        lengths=np.minimum(lengths, 65_535).astype(np.uint16),
        terms=digests[order],
        starts=np.searchsorted(pairs >> np.uint64(32), np.arange(len(known) + 1, dtype=np.uint64)).astype(np.int64),
        positions=(pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32),
        counts=counts,
    )


def merged(first: Segment, second: Segment) -> Segment:
    """Both as one; the passages of `second` come after those of `first`."""
    terms = np.union1d(first.terms, second.terms)
    size = np.zeros((2, len(terms)), dtype=np.int64)
    at = [np.searchsorted(terms, one.terms) for one in (first, second)]
    for which, one in enumerate((first, second)):
        size[which, at[which]] = np.diff(one.starts)
    starts = np.concatenate([[0], np.cumsum(size.sum(axis=0))])
    positions = np.empty(int(starts[-1]), dtype=np.uint32)
    counts = np.empty((int(starts[-1]), COLUMNS), dtype=np.uint8)
    begins = (starts[:-1], starts[:-1] + size[0])
    for which, one in enumerate((first, second)):
        shift = begins[which][at[which]] - one.starts[:-1]
        to = np.arange(len(one.positions)) + np.repeat(shift, np.diff(one.starts))
        positions[to] = one.positions + np.uint32(which * len(first.passages))
        counts[to] = one.counts
    return Segment(
        passages=np.concatenate([first.passages, second.passages]),
        lengths=np.concatenate([first.lengths, second.lengths]),
        terms=terms,
        starts=starts,
        positions=positions,
        counts=counts,
    )


def _can_merge(before: Segment, after: Segment) -> bool:
    """Merging only what is of like size writes each posting a few times, however many reports come one by one."""
    total = len(before.positions) + len(after.positions)
    return total <= _MERGED_POSTINGS and len(before.positions) <= 4 * len(after.positions) + 10_000


def _liveness(segment: Segment, live: NDArray[np.int64]) -> NDArray[np.bool_] | None:
    low, high = np.searchsorted(live, [segment.passages[0], segment.passages[-1] + 1])
    if high - low == len(segment.passages):
        return None
    return np.isin(segment.passages, live[low:high], assume_unique=True)


def _is_worn(postings: Postings) -> bool:
    held = sum(len(segment.passages) for segment in postings.segments)
    gone = sum(int((~live).sum()) for live in postings.is_live if live is not None)
    return gone * 5 > held


def _sums(folder: Path, index_id: str) -> dict[str, int] | None:
    """The names of the segments, in order, each with the sum of its bytes."""
    try:
        found = json.loads((folder / "meta.json").read_bytes())
        return {str(k): int(v) for k, v in found["segments"].items()} if found["index_id"] == index_id else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _sum(arrays: Iterable[NDArray[Any]]) -> int:
    """Of a segment's arrays, all as 64-bit words: a changed bit changes it."""
    total = 0
    for array in arrays:
        content = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        whole = len(content) // 8 * 8
        total += int(content[:whole].view(np.uint64).sum(dtype=np.uint64)) + int(content[whole:].sum())
    return total


def _arrays(folder: Path) -> Iterator[NDArray[Any]]:
    """Read one after the other, not mapped: nothing of what is only summed stays in memory."""
    return (np.load(folder / f"{name}.npy") for name in Segment._fields)


def _read(folder: Path) -> Segment:
    """Raises OSError, ValueError or EOFError when a file is missing or cut short."""
    arrays = [np.load(folder / f"{name}.npy", mmap_mode="r") for name in Segment._fields]
    # Plain views: each slice of a memmap object costs a microsecond more.
    return Segment(*(np.asarray(array) for array in arrays))


def _write(folder: Path, segment: Segment) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, array in segment._asdict().items():
        np.save(folder / f"{name}.npy", array)
