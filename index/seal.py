"""Whether the catalog's file is, page for page, what the last writer left. Knows nothing of what is in it.

SQLite notices a page whose structure is broken, not a letter that changed inside a text; a changed letter in a report
would be quoted as if it had been printed. So a writer breaks the seal before its first change and puts a new one when
it is done: a sum for every page. The sums are of 64-bit words, 25 GB/s where CRC-32 does 4. A seal is no signature:
whoever can write the index can also seal it.
"""

import json
import os
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

PAGE_BYTES = 4_096
_BLOCK_BYTES = 2_048 * PAGE_BYTES


class Seal(NamedTuple):
    """What the last writer left."""

    sums: NDArray[np.uint64]
    """Of each page; a file that is no multiple of the page length ends with a page filled up with zeros."""
    size: int
    """Bytes of the file."""


def put_seal(path: Path) -> None:
    """Seals the file at `path` as it is now; its folder must not be written by anybody else meanwhile."""
    sums, size = _summed(path)
    content = sums.tobytes()
    head = json.dumps({"size": size, "crc": crc32(content)}).encode()
    partial = _beside(path).with_suffix(".part")
    partial.write_bytes(head + b"\n" + content)
    partial.replace(_beside(path))


def break_seal(path: Path) -> None:
    """Says that the file at `path` is about to change; on the disk before the change is."""
    try:
        _beside(path).unlink()
    except FileNotFoundError:
        return
    # Otherwise a power cut could bring the old seal back beside the new content.
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def is_sealed(path: Path) -> bool:
    """Whether there is a seal that can be read; none while a writer is at work, or after one was interrupted."""
    return _seal(path) is not None


def damaged_pages(path: Path) -> list[int]:
    """Numbers (from 1, as SQLite counts) of the pages that are not as they were sealed; empty without a seal.

    Pages that are missing or too many count. Reads the whole file.
    """
    for _ in range(3):
        sealed = _seal(path)
        if sealed is None:
            return []
        sums, size = _summed(path)
        now = _seal(path)
        if now is not None and now.size == sealed.size and np.array_equal(now.sums, sealed.sums):
            break
    else:  # a writer was at work all the time: what it leaves is checked at the next opening
        return []
    common = min(len(sums), len(sealed.sums))
    differing = np.flatnonzero(sums[:common] != sealed.sums[:common])
    extra = range(common + 1, max(len(sums), len(sealed.sums)) + 1)
    pages = [*(int(at) + 1 for at in differing), *extra]
    return pages or ([common] if size != sealed.size else [])


def _beside(path: Path) -> Path:
    return path.with_suffix(".seal")


def _seal(path: Path) -> Seal | None:
    try:
        head, _, content = _beside(path).read_bytes().partition(b"\n")
        told = json.loads(head)
        if crc32(content) != told["crc"]:
            return None
        return Seal(np.frombuffer(content, dtype=np.uint64), int(told["size"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _summed(path: Path) -> tuple[NDArray[np.uint64], int]:
    sums: list[NDArray[np.uint64]] = []
    size = 0
    # Read, not mapped: a mapped file that is cut short meanwhile kills the process.
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK_BYTES):
            size += len(block)
            whole = block.ljust(-(-len(block) // PAGE_BYTES) * PAGE_BYTES, b"\0")
            sums.append(np.frombuffer(whole, dtype=np.uint64).reshape(-1, PAGE_BYTES // 8).sum(axis=1, dtype=np.uint64))
    return (np.concatenate(sums) if sums else np.zeros(0, dtype=np.uint64)), size
