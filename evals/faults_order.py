"""Fault 5: the same reports once more, in another order, under other names, in another Unicode form."""

import hashlib
import random
import unicodedata
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

from evals.faults import Bench, Seen
from index import reading
from index.ingest import read_reports
from index.prepare import Tools
from index.store import Index
from index.types import Report


def same_manifest(bench: Bench) -> Seen:
    """One index a way of giving the reports; all must hold the same."""
    texts = _texts(48 if bench.is_long else 5)
    rng = random.Random(bench.seed)
    straight = _files(bench.folder / "straight", texts)
    shuffled = rng.sample(straight, len(straight))
    renamed = _files(bench.folder / "renamed", texts, name="x{}-été.md")
    decomposed = _files(bench.folder / "nfd", [unicodedata.normalize("NFD", text) for text in texts], name="é{}.txt")
    ways = {
        "given once": [straight],
        "given three times": [straight, straight, straight],
        "shuffled": [shuffled],
        "one at a time, backwards": [[path] for path in reversed(straight)],
        "renamed": [renamed],
        "NFD": [decomposed],
        "NFD after NFC": [straight, decomposed, renamed],
    }
    manifests = {
        way: _manifest(bench.folder / f"index-{number}", bench.tools, runs)
        for number, (way, runs) in enumerate(ways.items())
    }
    first = manifests["given once"]
    failures = tuple(f"{way}: another manifest" for way, found in manifests.items() if found != first)
    return Seen(len(ways), f"{len(set(manifests.values()))} manifest of {len(texts)} reports", failures)


def _texts(count: int) -> list[str]:
    """Sample reports as text files, without an id of their own, and two of them with a near-copy."""
    with as_file(files("evals").joinpath("sets/demo/reports")) as source:
        reports = [report for report in read_reports([source]) if isinstance(report, Report)][:count]
    texts = [
        f"---\npublished: {report.day}\nsource: {report.source}\nlanguage: {report.language}\nfiction: true\n---\n"
        f"{report.body}\n"
        for report in reports
    ]
    return [*texts, *(text.replace("source: ", "source: Reprint of ") for text in texts[:2])]


def _files(folder: Path, texts: Sequence[str], name: str = "{:03}.txt") -> list[Path]:
    folder.mkdir()
    paths = [folder / name.format(number) for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def _manifest(folder: Path, tools: Tools, runs: Sequence[Sequence[Path]]) -> str:
    """A digest of everything that the catalog tells of its reports; vectors to four digits."""
    with Index.create(folder, tools) as index:
        for paths in runs:
            list(index.add((r for r in read_reports(paths) if isinstance(r, Report)), workers=0))
        digest = hashlib.sha256()
        for report in sorted(index.reports(), key=lambda report: report.id):
            told = report.model_dump_json(exclude={"retrieved_at"})
            passages = [passage.model_dump_json() for passage in index.passages(report.id)]
            digest.update("\n".join([told, *passages]).encode())
        digest.update(str(len(reading.sentence_rows(index.catalog.connection))).encode())
        return digest.hexdigest()
