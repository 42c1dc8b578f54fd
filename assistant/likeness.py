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
    kept = _known.setdefault(embedder, {})
    _learn((word, *others), kept, embedder)
    return float(max(kept[word] @ kept[other] for other in others))


def _learn(words: Iterable[str], kept: dict[str, Vectors], embedder: Embedder) -> None:
    new = [word for word in dict.fromkeys(words) if word not in kept]
    if len(kept) + len(new) > _MOST_KEPT:
        kept.clear()
        new = list(dict.fromkeys(words))
    if new:
        kept.update(zip(new, np.asarray(embedder.embed(new)), strict=True))
