"""The reports that answers are checked against, and the index of a set, built once and kept.

The cache is keyed by the bytes of the reports and by the code that prepares them, so a stale index is never measured.
"""

import ast
import hashlib
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from evals.cases import BadSet
from index.embed import Vectors
from index.ingest import Rejection, read_reports
from index.places.gazetteer import Gazetteer
from index.prepare import Tools
from index.store import Index
from index.types import Report, Sentence

_KEPT = 4
_ROOT = Path(__file__).parents[1]
# What decides what is in an index; the code that only reads one is left out, so tuning a search does not rebuild it.
_WRITERS = ("index/prepare.py", "index/ingest.py", "index/catalog.py", "index/matrix.py")


class Archive(NamedTuple):
    """What is true of the reports, asked of the index and not of the answer."""

    report: Callable[[str], Report | None]
    sentences: Callable[[str], tuple[Sentence, ...]]
    """Of the report with that id, in order; empty for an unknown one."""
    gazetteer: Gazetteer
    countries: dict[str, int]
    """How many sentences name a place in each ISO country."""
    similarity: Callable[[str, str], float]
    """Cosine of two texts by the index's own embedder, [-1, 1]."""
    judge: Callable[[str, Sequence[str]], bool] | None = None
    """Whether a statement follows from quotes, by a model; None when none is asked."""


def archive_of(index: Index, judge: Callable[[str, Sequence[str]], bool] | None = None) -> Archive:
    """The archive over an open index; answers are remembered, as many cases ask of the same reports."""

    @cache
    def vector(text: str) -> Vectors:
        return index.embedder.embed([text])[0]

    @cache
    def sentences(report_id: str) -> tuple[Sentence, ...]:
        return tuple(sentence for passage in index.passages(report_id) for sentence in passage.sentences)

    def similarity(one: str, other: str) -> float:
        return float(vector(one) @ vector(other))

    return Archive(
        report=cache(index.report),
        sentences=sentences,
        gazetteer=index.gazetteer,
        countries=index.snapshot().countries,
        similarity=similarity,
        judge=judge,
    )


def prepared_index(name: str, reports: Path, tools: Tools, *, is_old_fine: bool = False) -> Index:
    """The open index of `reports`, from the cache when neither they nor the code that prepares them has changed.

    `is_old_fine`: an index that older code made of the same reports will do, for tuning what only reads it. Raises
    `BadSet` when a report is rejected: a set measured without one of its reports would measure something else.
    """
    content = f"{name}-{_digest_of_reports(reports, tools)}"
    folder = tools.cache / "evals" / f"{content}-{_digest_of_code()}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    built = _built(folder.parent, content)
    if is_old_fine and built:
        return Index.open(built[0], tools)
    with FileLock(folder.with_suffix(".lock")):
        if folder not in _built(folder.parent, content):
            _build(folder, reports, tools)
            for old in _built(folder.parent, name)[_KEPT:]:
                shutil.rmtree(old, ignore_errors=True)
    return Index.open(folder, tools)


def _built(folder: Path, name: str) -> list[Path]:
    """The indices of that name that were built to their end, newest first."""
    markers = sorted(folder.glob(f"{name}-*/complete"), key=lambda marker: -marker.stat().st_mtime)
    return [marker.parent for marker in markers]


def _build(folder: Path, reports: Path, tools: Tools) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    print(f"indexing {reports.name} (kept for the next run)", file=sys.stderr)
    with Index.create(folder, tools) as index:
        for _ in index.add(_all_reports(reports)):
            pass
    (folder / "complete").touch()


def _all_reports(path: Path) -> Iterator[Report]:
    for report in read_reports([path]):
        if isinstance(report, Rejection):
            raise BadSet(f"{path}: {report.name} was rejected: {report.reason}")
        yield report


def _digest_of_reports(reports: Path, tools: Tools) -> str:
    digest = hashlib.sha256(tools.embedder.encode())
    files = sorted(path for path in reports.rglob("*") if path.is_file()) if reports.is_dir() else [reports]
    for file in [*files, *([tools.gazetteer] if tools.gazetteer else [])]:
        digest.update(f"{file.name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:8]


def _digest_of_code() -> str:
    digest = hashlib.sha256()
    for source in _sources_of(_WRITERS):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:8]


def _sources_of(roots: tuple[str, ...]) -> list[Path]:
    """The modules of `index/` that these import, in a chain, and what they read by name, as the concepts; sorted."""
    waiting, known = [_ROOT / root for root in roots], set[Path]()
    while waiting:
        source = waiting.pop()
        if source in known or not source.is_file():
            continue
        known.add(source)
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("index"):
                base = _ROOT / (node.module or "").replace(".", "/")
                waiting += [base.with_suffix(".py"), base / "__init__.py", *(base / f"{n.name}.py" for n in node.names)]
    loaded_by_name = [*(_ROOT / "index" / "readers").glob("*.py"), *(_ROOT / "index" / "data").glob("*.*")]
    loaded_by_name += [*(_ROOT / "index").glob("*.tsv"), *(_ROOT / "index" / "places" / "data").glob("*.*sv")]
    return sorted(known | set(loaded_by_name))
