"""The speed of ingest, search and answers, each beside its bound or a peer on the same work in the same run.

    python -m evals bench [--reports PATH…] [--passages 1000 10000 100000] [--out FILE]

Prints the tables and saves the rows as JSON, with a plot and the comparison in Markdown beside it. Times are of this
machine in this hour: compare rows of one run, and read processor seconds rather than wall seconds where other programs
run beside it. The peers come with the extra `bench`.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.settings import Settings, load_settings
from evals.bench_adding import adding_rows
from evals.bench_answers import answer_rows, model_rows
from evals.bench_bounds import bound_rows
from evals.bench_clock import Beside, Row, beside_table, load, table
from evals.bench_ingest import ingest_rows
from evals.bench_peers import beside_rows
from evals.bench_search import KINDS, cold_rows, serving_rows, size_rows, warm_rows
from evals.bench_store import large_index
from evals.plots import growth
from index.errors import BadSetting
from index.ingest import read_reports
from index.prepare import Tools
from index.store import Index
from index.types import Report

_REPOSITORY = Path(__file__).parents[1]
DEMO = _REPOSITORY / "evals" / "sets" / "demo" / "reports"
_MODEL_QUESTIONS = 3
_MOST_COPIED = 100_000  # passages: an index of ten times as many takes 18 GB, and minutes to copy
PARTS = ("ingest", "search", "beside", "answers")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the benchmark; `run` takes what they are parsed into."""
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--reports", nargs="+", metavar="PATH", default=[str(DEMO)], help="default: the demo reports")
    parser.add_argument("--limit", type=_count, default=100, help="reports to take in (default 100)")
    parser.add_argument("--processes", type=_count, default=os.cpu_count() or 1)
    parser.add_argument(
        "--passages", nargs="+", type=_count, default=[1_000, 10_000], help="sizes to search in (default 1000 10000)"
    )
    parser.add_argument("--questions", type=_count, default=30, help="of each kind (default 30)")
    parser.add_argument("--cold-runs", type=_count, default=3, help="new processes a size, after one more (default 3)")
    parser.add_argument("--peers-up-to", type=int, default=10_000, metavar="PASSAGES", help="larger: no peers")
    parser.add_argument("--model", default="none", help="measure answers with it too: embedded or ollama:NAME")
    parser.add_argument("--stores", type=Path, help="folder that keeps the synthetic indexes between runs")
    parser.add_argument("--out", type=Path, help="JSON file (default: in the cache, by date)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Measures, prints, saves."""
    settings = load_settings()
    tools = Tools(settings.index.embedder, settings.index.cache, settings.index.gazetteer, settings.llm.host)
    stores: Path = options.stores or settings.index.cache / "bench"
    stores.mkdir(parents=True, exist_ok=True)
    reports = _reports(options.reports, options.limit)
    if "beside" in options.parts and find_spec("bm25s") is None:
        raise BadSetting("bm25s, a peer, is not installed. Run: uv sync --extra bench, or name other --parts")
    load_before = load()
    rows: list[Row] = []
    beside: list[Beside] = []
    if "ingest" in options.parts:
        _say(f"taking in {len(reports)} reports, several ways")
        with TemporaryDirectory(dir=stores) as scratch:
            rows += ingest_rows(reports, tools, Path(scratch), options.processes)
    out: Path = options.out or stores / f"bench-{datetime.now(UTC):%Y-%m-%dT%H%M%S}.json"
    if set(options.parts) - {"ingest"}:
        for passages in options.passages:
            _say(f"searching in {passages:,} passages")
            more, compared = _rows_at(stores, reports, passages, tools, settings, options)
            rows, beside = [*rows, *more], [*beside, *compared]
            _write(out, rows, beside, options, load_before)  # a run that is stopped at a larger size keeps the smaller
    print(table(rows))
    if beside:
        print("\nours beside others, ms", beside_table(beside), sep="\n\n")
    _write(out, rows, beside, options, load_before)
    _say(f"load average {load_before[0]} before, {load()[0]} after, on {os.cpu_count()} cores; saved in {out}")
    return 0


def _write(
    out: Path, rows: Sequence[Row], beside: Sequence[Beside], options: argparse.Namespace, load_before: list[float]
) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    record = _record(rows, beside, options, load_before)
    out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    told = {"parts": options.parts, "passages": options.passages, "questions": [options.questions]}
    given = " ".join(f"--{name} {' '.join(map(str, values))}" for name, values in told.items())
    command = f"python -m evals bench {given} --peers-up-to {options.peers_up_to} --model {options.model}"
    tables = f"{beside_table(beside)}\n\n```{table(rows)}\n```\n"
    out.with_suffix(".md").write_text(f"`{command}`\n\n{tables}", encoding="utf-8")
    curves = {
        kind: [(size, row.value) for size in options.passages for row in rows if row.measure == name.format(size)]
        for kind in KINDS
        for name in [f"{kind}, {{:,}} passages, p95"]
    }
    if any(len(points) > 1 for points in curves.values()):
        out.with_suffix(".svg").write_text(growth(curves, "passages", "ms to the evidence, p95"), encoding="utf-8")


def _rows_at(
    stores: Path,
    reports: Sequence[Report],
    passages: int,
    tools: Tools,
    settings: Settings,
    options: argparse.Namespace,
) -> tuple[list[Row], list[Beside]]:
    folder = large_index(stores, reports, passages, tools)
    rows: list[Row] = []
    beside: list[Beside] = []
    if "search" in options.parts:
        rows += cold_rows(folder, tools.embedder, tools.cache, passages, options.cold_runs)
        rows += serving_rows(folder, tools.embedder, tools.cache, passages, options.questions)
    with Index.open(folder, tools) as index, TemporaryDirectory(dir=stores) as scratch:
        if "search" in options.parts:
            rows += [*warm_rows(index, settings, options.questions), *bound_rows(index), *size_rows(folder, passages)]
            if passages <= _MOST_COPIED:
                rows += adding_rows(folder, reports, tools, settings, Path(scratch))
        if "beside" in options.parts and passages <= options.peers_up_to:
            beside += beside_rows(index, settings, options.questions, Path(scratch))
        if "answers" in options.parts:
            rows += answer_rows(index, settings, options.questions)
            rows += model_rows(index, settings, options.model, _MODEL_QUESTIONS) if options.model != "none" else []
    return rows, beside


def _reports(paths: Sequence[str], limit: int) -> list[Report]:
    reports = [entry for entry in read_reports(paths) if isinstance(entry, Report)][:limit]
    if not reports:
        raise BadSetting(f"no report in {', '.join(paths)}; give --reports files or folders that hold some")
    return reports


def _record(
    rows: Sequence[Row], beside: Sequence[Beside], options: argparse.Namespace, load_before: list[float]
) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version()},
        "load": {"before": load_before, "after": load()},
        "options": {
            **{key: value for key, value in vars(options).items() if isinstance(value, int | list)},
            "reports": [_told(Path(path)) for path in options.reports],
        },
        "rows": [row._asdict() for row in rows],
        "beside": [row._asdict() for row in beside],
    }


def _told(path: Path) -> str:
    """By its place in the repository, or by its name alone: a record says nothing of a machine's folders."""
    return str(path.relative_to(_REPOSITORY)) if path.is_relative_to(_REPOSITORY) else path.name


def _count(given: str) -> int:
    if not given.isdecimal() or int(given) < 1:
        raise argparse.ArgumentTypeError(f"{given!r} is no count; give a whole number from 1 up")
    return int(given)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
