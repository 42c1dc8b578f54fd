"""Reports from any llama-index reader into an index. Run: python examples/llama_reader.py"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from llama_index.core import SimpleDirectoryReader

from assistant.settings import load_settings
from index.ingest import Rejection
from index.llama import reports_from_documents
from index.prepare import Tools
from index.store import Index
from index.types import Report

FOLDER = Path(__file__).parents[1] / "evals" / "sets" / "demo" / "reports"


def main(folder: Path) -> None:
    documents = SimpleDirectoryReader(str(FOLDER), required_exts=[".md"], num_files_limit=5).load_data()
    found = list(reports_from_documents(documents, source="My agency"))
    for rejected in (entry for entry in found if isinstance(entry, Rejection)):
        print(f"{rejected.name}: {rejected.reason}", file=sys.stderr)
    with Index.create(folder, Tools("builtin", load_settings().index.cache)) as index:
        for report, outcome in index.add(entry for entry in found if isinstance(entry, Report)):
            print(f"{outcome}: {report.id}, {report.source}, {report.day}")


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        main(Path(scratch) / "index")
