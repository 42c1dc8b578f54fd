"""The speed of ingest and search, each beside its bound or a peer on the same work in the same run.

    python -m evals.bench [--reports PATH…] [--passages 500 50000] [--out FILE]

Prints a table and saves the rows as JSON. Times are of this machine in this hour: compare rows of one run, and read
processor seconds rather than wall seconds where other programs run beside it.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.settings import Settings, load_settings
from evals.bench_clock import Row, load, table
from evals.bench_ingest import ingest_rows
from evals.bench_search import chroma_rows, cold_rows, size_rows, warm_rows
from evals.bench_store import large_index
from index.errors import BadSetting, BriefingError
from index.ingest import read_reports
from index.prepare import Tools
from index.store import Index
from index.types import Report

DEMO = Path(__file__).parent / "sets" / "demo" / "reports"
PARTS = ("ingest", "search")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0, or 2 when something given cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench", description=(__doc__ or "").partition("\n")[0])
    add_options(parser)
    try:
        return run(parser.parse_args(arguments))
    except BriefingError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the benchmark; `run` takes what they are parsed into."""
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--reports", nargs="+", metavar="PATH", default=[str(DEMO)], help="default: the demo reports")
    parser.add_argument("--limit", type=_count, default=100, help="reports to take in (default 100)")
    parser.add_argument("--processes", type=_count, default=os.cpu_count() or 1)
    parser.add_argument(
        "--passages", nargs="+", type=_count, default=[500, 5_000], help="sizes to search in (default 500 5000)"
    )
    parser.add_argument("--questions", type=_count, default=30, help="of each kind (default 30)")
    parser.add_argument("--cold-runs", type=_count, default=3, help="new processes a size, after one more (default 3)")
    parser.add_argument("--chroma-up-to", type=int, default=5_000, metavar="PASSAGES", help="larger: no Chroma")
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
    load_before = load()
    rows: list[Row] = []
    if "ingest" in options.parts:
        _say(f"taking in {len(reports)} reports, several ways")
        with TemporaryDirectory(dir=stores) as scratch:
            rows += ingest_rows(reports, tools, Path(scratch), options.processes)
    if "search" in options.parts:
        for passages in options.passages:
            _say(f"searching in {passages:,} passages")
            rows += _search_rows(stores, reports, passages, tools, settings, options)
    print(table(rows))
    out: Path = options.out or stores / f"bench-{datetime.now(UTC):%Y-%m-%dT%H%M%S}.json"
    out.write_text(json.dumps(_record(rows, options, load_before), indent=1, ensure_ascii=False), encoding="utf-8")
    _say(f"load average {load_before[0]} before, {load()[0]} after, on {os.cpu_count()} cores; saved in {out}")
    return 0


def _search_rows(
    stores: Path,
    reports: Sequence[Report],
    passages: int,
    tools: Tools,
    settings: Settings,
    options: argparse.Namespace,
) -> list[Row]:
    with_chroma = passages <= options.chroma_up_to
    folder = large_index(stores, reports, passages, tools, with_chroma=with_chroma)
    rows = cold_rows(folder, tools.embedder, tools.cache, passages, options.cold_runs)
    with Index.open(folder, tools) as index:
        rows += warm_rows(index, settings, options.questions)
        if with_chroma:
            rows += chroma_rows(index, options.questions)
    return [*rows, *size_rows(folder, passages)]


def _reports(paths: Sequence[str], limit: int) -> list[Report]:
    reports = [entry for entry in read_reports(paths) if isinstance(entry, Report)][:limit]
    if not reports:
        raise BadSetting(f"no report in {', '.join(paths)}; give --reports files or folders that hold some")
    return reports


def _record(rows: Sequence[Row], options: argparse.Namespace, load_before: list[float]) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version()},
        "load": {"before": load_before, "after": load()},
        "options": {key: value for key, value in vars(options).items() if isinstance(value, int | list)},
        "rows": [row._asdict() for row in rows],
    }


def _count(given: str) -> int:
    if not given.isdecimal() or int(given) < 1:
        raise argparse.ArgumentTypeError(f"{given!r} is no count; give a whole number from 1 up")
    return int(given)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
