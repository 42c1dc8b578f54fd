"""The index as a llama-index retriever, in the assistant's own way: inside the time and place that a question names.

Run: python examples/llama_retriever.py
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sample_index import sample_index

from assistant.pipeline import ask
from assistant.settings import load_settings
from assistant.types import Hit, Retrieved
from index.llama import BriefingRetriever

QUESTION = "What happened to the bridge at Al-Asharah in March 2031?"


def main(folder: Path) -> None:
    settings = load_settings()
    with sample_index(folder) as index:

        def retrieve(question: str) -> Sequence[Hit]:
            """Stops at the evidence: nothing is worded, no model is asked."""
            events = ask(question, index=index, settings=settings)
            return next(event.hits for event in events if isinstance(event, Retrieved))

        retriever = BriefingRetriever(index, retrieve=retrieve)
        for found in retriever.retrieve(QUESTION)[:3]:
            print(f"{found.score:.2f} {found.metadata['source']}, {found.metadata['published']}: {found.text}")


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        main(Path(scratch) / "index")
