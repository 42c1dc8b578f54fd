"""How much two words mean the same, in and across languages, by the sentence encoder over single words.

Measured with the built-in encoder: translations and synonyms ("burned", "brûlés") mostly .68 and more, unrelated words
of one subject ("burned", "looted") at most .61. It misses rare words; the concept table knows those.
"""

from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary

import numpy as np

from index.embed import Embedder, Vectors

SAME_FROM = 0.66
"""Cosine from which two words are taken to mean the same."""

_MOST_KEPT = 20_000
_known: WeakKeyDictionary[Embedder, dict[str, Vectors]] = WeakKeyDictionary()


def likest(word: str, others: Sequence[str], embedder: Embedder) -> float:
    """The highest cosine of `word` to one of `others`, [-1, 1]; 0.0 without any. Remembers the words' vectors."""
    if not others:
        return 0.0
    vectors = _vectors((word, *others), embedder)
    return float(max(vectors[word] @ vectors[other] for other in others))


def _vectors(words: Iterable[str], embedder: Embedder) -> dict[str, Vectors]:
    """Of these words; a dictionary of their own, since another thread may empty the one that is kept."""
    kept = _known.setdefault(embedder, {})
    found = {word: vector for word in words if (vector := kept.get(word)) is not None}
    new = [word for word in dict.fromkeys(words) if word not in found]
    if new:
        learned = dict(zip(new, np.asarray(embedder.embed(new)), strict=True))
        if len(kept) + len(new) > _MOST_KEPT:
            kept.clear()
        kept.update(learned)
        found |= learned
    return found
