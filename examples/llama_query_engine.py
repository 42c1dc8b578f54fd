"""The assistant as a llama-index query engine: an answer with [n], and each [n] an exact quote.

Run: python examples/llama_query_engine.py
"""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sample_index import sample_index

from assistant.pipeline import answer
from assistant.settings import load_settings
from index.llama import BriefingQueryEngine

QUESTION = "Who destroyed the bridge at Al-Asharah?"


def main(folder: Path) -> None:
    with sample_index(folder) as index:
        engine = BriefingQueryEngine(partial(answer, index=index, settings=load_settings()))
        response = engine.query(QUESTION)
        print(response)
        for source in response.source_nodes:
            where = f"{source.metadata['report_id']} {source.metadata['start']}-{source.metadata['end']}"
            print(f"[{source.metadata['number']}] {where}: {source.text}")


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        main(Path(scratch) / "index")
