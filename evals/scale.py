"""What a report costs here, in processor time, disk and network, and what so many reports a day therefore need.

    python -m evals.scale FOLDER… [--limit 200] [--per-day 10000000] [--keep-days 30] [--store http://127.0.0.1:8000]

Measures on the reports given, then does the arithmetic of docs/scale.md with its own figures. Processor seconds, not
wall seconds, where other programs run beside it. `--store`: a Chroma server, whose part is then measured too.
"""

import argparse
import pickle
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from assistant.settings import load_settings
from evals.bench_clock import measured
from index.catalog import Prepared
from index.embed import open_embedder
from index.errors import BadSetting, BriefingError
from index.ingest import read_reports
from index.places.gazetteer import Gazetteer
from index.prepare import BATCH, Tools, batched, in_process
from index.reading import SearchTerms
from index.search import Question
from index.served import write_copy
from index.store import Index
from index.types import Report

_DAY_S = 86_400
_BUSY_SHARE = 0.7
"""Of the cores, on average: the rest is for peaks, and for a machine that fails."""
_QUESTIONS = 20


class Costs(NamedTuple):
    """Of one report on average, unless it says otherwise."""

    reports: int
    sentences: float
    characters: float
    read_s: float
    """Processor seconds, parser process included; so are all seconds here but `write_wall_s`."""
    prepare_s: float
    write_s: float
    write_wall_s: float
    """Of the one writer: what is waited for is the disk."""
    sent_bytes: float
    """From the machine that prepares it to the one that stores it."""
    catalog_bytes: float
    derived_bytes: float
    """The matrix and the word index beside the catalog."""
    copy_bytes: float
    search_s: float
    """Of one question."""
    store_write_s: float | None = None
    """Of sending its vectors to the Chroma server, on our side; none without a server."""
    copy_search_s: float | None = None
    """Of one question to a copy that reads vectors from the server, on our side."""
    copy_search_wall_s: float | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0, or 2 when something given cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m evals.scale", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--limit", type=int, default=200, help="reports to measure on (default 200)")
    parser.add_argument("--per-day", type=int, default=10_000_000, help="reports a day to reckon with")
    parser.add_argument("--keep-days", type=int, default=30, help="how long they are kept (default 30)")
    parser.add_argument("--store", metavar="URL", help="a Chroma server to measure with")
    options = parser.parse_args(arguments)
    settings = load_settings()
    tools = Tools(settings.index.embedder, settings.index.cache, settings.index.gazetteer)
    try:
        with TemporaryDirectory(prefix="briefing-scale-") as folder:
            costs = costs_of(options.paths, options.limit, tools, Path(folder), options.store)
    except BriefingError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2
    print("\n".join([*_measured_lines(costs), "", *needs(costs, options.per_day, options.keep_days)]))
    return 0


def costs_of(paths: Sequence[str], limit: int, tools: Tools, folder: Path, store: str | None) -> Costs:
    """Measured on the first `limit` reports in `paths`. Raises `BadSetting` when there is none."""
    with measured() as reading:
        reports = list(islice((found for found in read_reports(paths) if isinstance(found, Report)), limit))
    if not reports:
        raise BadSetting(f"no report in {', '.join(paths)}; give a file or folder of reports")
    with (
        Gazetteer.open(tools.cache, tools.gazetteer) as gazetteer,
        in_process(open_embedder(tools.embedder, cache=tools.cache), gazetteer) as prepare,
    ):
        list(prepare(reports[:2]))  # the model is loaded once, not for each report
        with measured() as preparing:
            prepared = list(prepare(reports))
    sentences = sum(len(one.vectors) for one in prepared)
    with Index.create(folder / "index", tools) as index:
        with measured() as writing:
            for group in batched(prepared, BATCH):
                index.catalog.add_all(group)
        list(index.add([]))  # what is derived
        searching_s, _ = _searches(index, prepared)
        sizes = {name: _size(folder / "index" / name) for name in ("catalog.sqlite", "matrix", "postings")}
        write_copy(index.catalog.path, folder / "copy")
    costs = Costs(
        reports=len(reports),
        sentences=sentences / len(reports),
        characters=sum(len(report.body) for report in reports) / len(reports),
        read_s=reading.cpu_s / len(reports),
        prepare_s=preparing.cpu_s / len(reports),
        write_s=writing.cpu_s / len(reports),
        write_wall_s=writing.wall_s / len(reports),
        sent_bytes=sum(len(pickle.dumps(one)) for one in prepared) / len(reports),
        catalog_bytes=sizes["catalog.sqlite"] / len(reports),
        derived_bytes=(sizes["matrix"] + sizes["postings"]) / len(reports),
        copy_bytes=_size(folder / "copy") / len(reports),
        search_s=searching_s,
    )
    return costs if store is None else _with_store(costs, prepared, tools, folder, store)


def _with_store(costs: Costs, prepared: Sequence[Prepared], tools: Tools, folder: Path, store: str) -> Costs:
    with Index.open(folder / "index", tools, store_url=store) as index, measured() as filling:
        list(index.add([]))
        if index.behind:
            raise BadSetting(index.behind)
    with Index.open(folder / "copy", tools, store_url=store) as copy:
        cpu_s, wall_s = _searches(copy, prepared)
    return costs._replace(store_write_s=filling.cpu_s / costs.reports, copy_search_s=cpu_s, copy_search_wall_s=wall_s)


def _searches(index: Index, prepared: Sequence[Prepared]) -> tuple[float, float]:
    """Processor and wall seconds of an open question, evidence read: each asks for what some report begins with."""
    asked = [one for one in prepared if len(one.vectors)][:_QUESTIONS]
    for spent_on in (asked[:1], asked):  # the first warms up
        with measured() as spent:
            for one in spent_on:
                terms = SearchTerms(tuple(one.terms[0].body.split()[:6]))
                found = index.search(Question(one.vectors[0], terms))
                best = sorted(found.candidates, key=lambda candidate: -candidate.vector)[:12]
                index.read(found, best)
    return spent.cpu_s / len(asked), spent.wall_s / len(asked)


def _size(path: Path) -> int:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)


def _measured_lines(costs: Costs) -> list[str]:
    figures = [
        ("reading", costs.read_s * 1e3, "ms of processor a report"),
        ("preparing", costs.prepare_s * 1e3, "ms of processor a report"),
        ("writing", costs.write_s * 1e3, "ms of processor a report"),
        ("", costs.write_wall_s * 1e3, "ms by the wall a report"),
        ("sent to the writer", costs.sent_bytes / 1e3, "kB a report"),
        ("catalog", costs.catalog_bytes / 1e3, "kB a report"),
        ("derived files", costs.derived_bytes / 1e3, "kB a report"),
        ("reading copy", costs.copy_bytes / 1e3, "kB a report"),
        ("searching", costs.search_s * 1e3, "ms of processor a question"),
    ]
    if costs.store_write_s is not None and costs.copy_search_s is not None and costs.copy_search_wall_s is not None:
        figures += [
            ("sent to the store", costs.store_write_s * 1e3, "ms of processor a report"),
            ("searching by a copy", costs.copy_search_s * 1e3, "ms of processor a question"),
            ("", costs.copy_search_wall_s * 1e3, "ms by the wall a question"),
        ]
    size = f"{costs.reports} reports of {costs.characters:,.0f} characters, {costs.sentences:.1f} sentences each"
    return [f"measured on {size}", *(f"  {name:<20}{value:9.2f}  {unit}" for name, value, unit in figures)]


def needs(costs: Costs, per_day: int, keep_days: int) -> list[str]:
    """What `per_day` reports a day need, kept for `keep_days`; one line each."""
    per_s = per_day / _DAY_S
    cores = per_s * (costs.read_s + costs.prepare_s) / _BUSY_SHARE
    writers = per_s * costs.write_wall_s / _BUSY_SHARE
    terabytes = per_day * keep_days * (costs.catalog_bytes + costs.derived_bytes) / 1e12
    vectors = per_day * keep_days * costs.sentences
    return [
        f"{per_day:,} reports a day, kept {keep_days} days: {per_s:,.0f} a second",
        f"  cores that read and prepare   {cores:10,.0f}  (busy {_BUSY_SHARE:.0%} of the time)",
        f"  writers, each with an index   {writers:10,.1f}  (one process each; a disk of its own)",
        f"  network to the writers        {per_s * costs.sent_bytes * 8 / 1e6:10,.0f}  Mbit/s",
        f"  disk of all indexes           {terabytes:10,.1f}  TB",
        f"  vectors                       {vectors / 1e9:10,.2f}  thousand million",
        f"  disk of a reading copy        {per_day * keep_days * costs.copy_bytes / 1e12:10,.1f}  TB",
        f"  questions a second and core   {1 / costs.search_s:10,.0f}  (search alone, in an index of {costs.reports})",
    ]


if __name__ == "__main__":
    sys.exit(main())
