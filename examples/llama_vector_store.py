"""The index's vectors through llama-index's own Chroma adapter, for an app that is already built on it.

Only meaning is compared this way: no words, times or places. Run: python examples/llama_vector_store.py
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from llama_index.core import VectorStoreIndex
from sample_index import sample_index

from index.llama import BriefingEmbedding, chroma_vector_store

QUESTION = "When was a floating bridge opened to traffic?"


def main(folder: Path) -> None:
    with sample_index(folder) as index, chroma_vector_store(index) as store:
        meaning = VectorStoreIndex.from_vector_store(store, embed_model=BriefingEmbedding(index.embedder))
        for found in meaning.as_retriever(similarity_top_k=3).retrieve(QUESTION):
            print(f"{found.metadata['passage_id']}: {found.text}")


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        main(Path(scratch) / "index")
