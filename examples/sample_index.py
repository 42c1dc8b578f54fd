"""A small index to try the other examples on: six invented reports about a bridge, in French, English and Arabic."""

from pathlib import Path

from assistant.settings import load_settings
from index.ingest import read_reports
from index.prepare import Tools
from index.store import Index
from index.types import Report

REPORTS = sorted((Path(__file__).parents[1] / "evals" / "sets" / "demo" / "reports").glob("bridge-*.md"))


def sample_index(folder: Path) -> Index:
    """The index in `folder`, made first when it is new. With reports of your own: `briefing ingest PATH`."""
    index = Index.create(folder, Tools("builtin", load_settings().index.cache))
    for _ in index.add(entry for entry in read_reports(REPORTS) if isinstance(entry, Report)):
        pass  # each one is stored when it is handed out
    return index
