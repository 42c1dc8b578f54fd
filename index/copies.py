"""Which reports repeat one another. A sketch per report; nothing of storage.

Bottom-k sketches of word shingles: Broder, "On the resemblance and containment of documents", 1997. A wire text that
an outlet reprints with another opening or a cut ending counts as a copy; two outlets on the same event do not.
"""

import re
import unicodedata
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_SHINGLE_WORDS = 4
_SKETCH = 128
_KEYS = 12
_WORD = re.compile(r"\w+")


class _Marks(dict[int, int | None]):
    """For `str.translate`: combining marks go, everything else stays; filled as needed."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_NO_MARKS = _Marks()

COPY_SHARE = 0.6
"""Share of the shorter report's shingles found in the other from which the two count as one source."""


class Sketch(NamedTuple):
    """What is remembered of a report's wording."""

    hashes: NDArray[np.uint64]
    """The smallest 128 shingle hashes (fewer in a short text), ascending."""
    shingles: int
    """Distinct shingles in all."""

    @property
    def keys(self) -> list[int]:
        """The few smallest hashes, as signed integers for SQLite: copies share at least one almost surely."""
        return [int(h) - 2**63 for h in self.hashes[:_KEYS]]


def sketch(text: str) -> Sketch:
    """The sketch of a report's body; case, accents and punctuation do not matter."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    words = _WORD.findall(folded.translate(_NO_MARKS))
    stretches = {
        " ".join(words[at : at + _SHINGLE_WORDS]) for at in range(max(1, len(words) - _SHINGLE_WORDS + 1))
    }  # fmt: skip
    digests = b"".join([blake2b(stretch.encode(), digest_size=8).digest() for stretch in stretches])
    return Sketch(np.sort(np.frombuffer(digests, dtype="<u8").astype(np.uint64))[:_SKETCH], len(stretches))


def shared_share(a: Sketch, b: Sketch) -> float:
    """Estimated share in [0, 1] of the shorter text's shingles that the other has (containment)."""
    size = min(_SKETCH, len(a.hashes), len(b.hashes))
    union = np.union1d(a.hashes, b.hashes)[: max(size, min(_SKETCH, len(a.hashes) + len(b.hashes)))]
    common = np.intersect1d(a.hashes, b.hashes, assume_unique=True)
    held = int(np.searchsorted(common, union[-1], side="right")) if len(union) else 0
    resemblance = held / len(union) if len(union) else 0.0
    shared = resemblance / (1 + resemblance) * (a.shingles + b.shingles)
    return min(1.0, shared / max(1, min(a.shingles, b.shingles)))


def pack(value: Sketch) -> bytes:
    return value.shingles.to_bytes(8, "little") + value.hashes.tobytes()


def unpack(blob: bytes) -> Sketch:
    return Sketch(np.frombuffer(blob[8:], dtype=np.uint64), int.from_bytes(blob[:8], "little"))
