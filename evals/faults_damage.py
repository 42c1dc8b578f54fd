"""Fault 2: files of the index are cut, flipped, blanked and deleted.

What is derived must be noticed and made again, with the same answers; a damaged catalog must be refused with an error
that names the way out, and `briefing repair` must save what can be read and nothing that is wrong.
"""

import json
import random
import shutil
from collections.abc import Callable, Sequence
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from evals.faults import Bench, Seen
from index import matrix, reading
from index.embed import Vectors, open_embedder
from index.errors import DamagedIndex
from index.ingest import read_reports
from index.prepare import Tools
from index.reading import SearchTerms
from index.recover import recover
from index.search import Question
from index.store import Index
from index.types import Report

_QUESTIONS = (
    ("How many families were displaced by the flood?", ("displac", "famili")),
    ("Which bridge was destroyed?", ("bridg", "destroy")),
    ("Combien de camions sont arrivés ?", ("camion", "arriv")),
)
_DERIVED = (
    "matrix/vectors.i16", "matrix/rows.bin", "matrix/meta.json", "catalog.seal", "chroma.synced", "chroma/*",
    "postings/*",
)  # fmt: skip
# How often each of these is damaged, out of 20.
_SHARES = (5, 3, 2, 2, 1, 3, 4)

Results = list[tuple[str, float, float]]
Damage = Callable[[Path, random.Random], str]


def derived_files(bench: Bench) -> Seen:
    """The matrix, Chroma's files, the seal and the markers."""
    cases = 100 if bench.is_long else 20
    rng = random.Random(bench.seed)
    whole, asked = _built(bench)
    before = _results(whole, bench.tools, asked)
    failures: list[str] = []
    noticed = 0
    for number, pattern in enumerate(_chosen(cases), start=1):
        damaged = _copy(whole, bench.folder / f"damaged-{number}")
        path = rng.choice(sorted(p for p in damaged.glob(pattern.replace("/*", "/**/*")) if p.is_file()))
        what = f"{path.relative_to(damaged)} {rng.choice(_DAMAGES)(path, rng)}"
        noticed += not _is_matrix_whole(damaged, bench.tools) if "matrix" in pattern else 0
        try:
            if _results(damaged, bench.tools, asked) != before:
                failures.append(f"{what}: other results")
            elif not _is_matrix_whole(damaged, bench.tools):
                failures.append(f"{what}: the matrix was not made again")
            elif "chroma" in pattern:
                failures += [f"{what}: {wrong}" for wrong in _wrong_in_chroma(damaged, bench.tools)]
        except Exception as error:  # whatever it is, it is a finding
            failures.append(f"{what}: {type(error).__name__}: {error}")
        shutil.rmtree(damaged)
    seen = f"{noticed} damages of the matrix noticed at opening, results the same {cases - len(failures)} times"
    return Seen(cases, seen, tuple(failures))


def catalog_file(bench: Bench) -> Seen:
    """The catalog itself; then its repair."""
    cases = 20 if bench.is_long else 4
    rng = random.Random(bench.seed)
    whole, _ = _built(bench)
    with Index.open(whole, bench.tools) as index:
        originals = {report.id: _content(report) for report in index.reports()}
    failures: list[str] = []
    saved: list[float] = []
    for number in range(cases):
        damaged = _copy(whole, bench.folder / f"damaged-{number}")
        path = damaged / "catalog.sqlite"
        # The first case hits the page without which nothing else can be read.
        what = _blank_first_page(path, rng) if number == 0 else _CATALOG_DAMAGES[number % 4](path, rng)
        try:
            with Index.open(damaged, bench.tools):
                failures.append(f"{what}: opened as if nothing had happened")
        except DamagedIndex as error:
            if "briefing repair" not in str(error):
                failures.append(f"{what}: the error does not say what to do: {error}")
        recover(damaged, bench.tools, lambda _: None)
        with Index.open(damaged, bench.tools) as index:
            kept = {report.id: _content(report) for report in index.reports()}
            list(index.add([]))
        wrong = [report_id for report_id, content in kept.items() if originals.get(report_id) != content]
        failures += [f"{what}: report {report_id} came back changed" for report_id in wrong]
        saved.append(len(kept) / len(originals))
        shutil.rmtree(damaged)
    seen = f"refused {cases} times; repair saved {np.mean(saved):.1%} of the reports (least {min(saved):.0%}), 0 wrong"
    return Seen(cases, seen if not failures else f"{len(failures)} failures", tuple(failures))


def _built(bench: Bench) -> tuple[Path, list[Question]]:
    """An index of sample reports, and questions to it."""
    folder = bench.folder / "whole"
    with as_file(files("evals").joinpath("sets/demo/reports")) as source:
        reports = [report for report in read_reports([source]) if isinstance(report, Report)]
    with Index.create(folder, bench.tools) as index:
        list(index.add(reports if bench.is_long else reports[:10], workers=0))
        with index.open_chroma():  # fills it
            pass
    embedder = open_embedder(bench.tools.embedder, cache=bench.tools.cache)
    vectors: Vectors = embedder.embed([text for text, _ in _QUESTIONS])
    return folder, [
        Question(vector, SearchTerms(terms)) for vector, (_, terms) in zip(vectors, _QUESTIONS, strict=True)
    ]


def _results(folder: Path, tools: Tools, asked: Sequence[Question]) -> list[Results]:
    with Index.open(folder, tools) as index:
        return [
            sorted((c.passage_id, round(c.vector, 5), round(c.lexical, 5)) for c in index.search(question).candidates)
            for question in asked
        ]


def _is_matrix_whole(folder: Path, tools: Tools) -> bool:
    with Index.open(folder, tools) as index:
        return matrix.load(folder / "matrix", index.manifest.index_id, index.manifest.dimension) is not None


def _wrong_in_chroma(folder: Path, tools: Tools) -> list[str]:
    """What Chroma lacks or has otherwise than the catalog, after the next report."""
    with Index.open(folder, tools) as index:
        one = next(index.reports())
        list(index.add([one.model_copy(update={"id": "another", "title": "Another"})], workers=0))
        rows = reading.sentence_rows(index.catalog.connection)
        with index.open_chroma() as chroma:
            if chroma is None or chroma.count() != len(rows):
                return [f"Chroma holds {'nothing' if chroma is None else chroma.count()} of {len(rows)} vectors"]
            for row in rows.tolist():
                vector = _stored(index, row)
                # Equal sentences have equal vectors: any of them will do.
                [found] = chroma.nearest(vector, 1)
                if float(_stored(index, found) @ vector) < 0.999:
                    return [f"Chroma does not find sentence {row} by its own vector"]
    return []


def _stored(index: Index, row: int) -> Vectors:
    vector = reading.vector_of(index.catalog.connection, row)
    assert vector is not None
    return vector


def _chosen(cases: int) -> list[str]:
    one_round = [pattern for pattern, share in zip(_DERIVED, _SHARES, strict=True) for _ in range(share)]
    return [one_round[number % len(one_round)] for number in range(cases)]


def _copy(whole: Path, folder: Path) -> Path:
    shutil.copytree(whole, folder)
    return folder


def _content(report: Report) -> str:
    return json.dumps(report.model_dump(mode="json", exclude={"copy_of"}), sort_keys=True)


def _flip(path: Path, rng: random.Random) -> str:
    content = bytearray(path.read_bytes())
    if not content:
        return "is empty already"
    at, bit = rng.randrange(len(content)), rng.randrange(8)
    content[at] ^= 1 << bit
    path.write_bytes(content)
    return f"has bit {bit} of byte {at} flipped"


def _truncate(path: Path, rng: random.Random) -> str:
    content = path.read_bytes()
    length = rng.randrange(max(1, len(content)))
    path.write_bytes(content[:length])
    return f"is cut to {length} of {len(content)} bytes"


def _delete(path: Path, rng: random.Random) -> str:  # noqa: ARG001 - every damage takes it
    path.unlink()
    return "is deleted"


def _blank(path: Path, rng: random.Random) -> str:
    content = bytearray(path.read_bytes())
    at = rng.randrange(max(1, len(content) - 512))
    content[at : at + 512] = bytes(255 - byte for byte in content[at : at + 512])
    path.write_bytes(content)
    return f"has 512 bytes at {at} turned over"


def _blank_page(path: Path, rng: random.Random) -> str:
    content = bytearray(path.read_bytes())
    page = rng.randrange(1, len(content) // 4096)
    content[page * 4096 : (page + 1) * 4096] = rng.randbytes(4096)
    path.write_bytes(content)
    return f"has page {page + 1} overwritten"


def _blank_first_page(path: Path, rng: random.Random) -> str:
    content = path.read_bytes()
    path.write_bytes(rng.randbytes(4096) + content[4096:])
    return "has its first page overwritten"


def _cut_tail(path: Path, rng: random.Random) -> str:
    content = path.read_bytes()
    length = rng.randrange(len(content) // 2, len(content))
    path.write_bytes(content[:length])
    return f"is cut to {length} of {len(content)} bytes"


_DAMAGES: tuple[Damage, ...] = (_flip, _flip, _truncate, _delete, _blank)
_CATALOG_DAMAGES: tuple[Damage, ...] = (_flip, _blank_page, _blank, _cut_tail)
