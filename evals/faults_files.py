"""Fault 4: malformed and hostile files. Each is reported by name or read, in bounds, and none stops the others."""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from evals.faults import Bench, Seen
from evals.faults_hostile import CANARY, TEXT, write_hostile
from index.embed import open_embedder
from index.ingest import Rejection, read_reports
from index.places.gazetteer import Gazetteer
from index.prepare import prepare
from index.types import Report

MOST_SECONDS = 30
MOST_MB = 512


class _Read(NamedTuple):
    """What came of one file."""

    path: Path
    reports: list[Report]
    rejections: list[Rejection]
    seconds: float
    """First the moment it began, then how long it took."""
    peak_mb: float = 0.0
    """The most memory that its parser held; one that was killed for it was held to the limit by the kernel."""


def hostile_files(bench: Bench) -> Seen:
    """Reads each, and prepares what is read as ingest does."""
    count = 500 if bench.is_long else 36
    failures: list[str] = []
    prepared: dict[str, float] = {}
    files: list[_Read] = []
    embedder = open_embedder(bench.tools.embedder, cache=bench.tools.cache)
    gazetteer = Gazetteer.open(bench.tools.cache, bench.tools.gazetteer)
    for found in list(_each(write_hostile(bench.folder, count, bench.seed))):
        began = time.process_time()
        for report in found.reports:
            prepare([report], embedder, gazetteer)
        prepared[found.path.name] = time.process_time() - began
        files.append(found)
        failures += [f"{found.path.name!r}: {wrong}" for wrong in _wrong(found)]
    gazetteer.close()
    slowest, largest = max(files, key=lambda f: f.seconds), max(files, key=lambda f: f.peak_mb)
    longest = max(prepared, key=lambda name: prepared[name])
    seen = (
        f"{sum(len(f.reports) for f in files)} reports, {sum(len(f.rejections) for f in files)} named rejections; "
        f"slowest read {slowest.seconds:.1f} s ({slowest.path.name!r}), most memory of a parser {largest.peak_mb:.0f} "
        f"MB ({largest.path.name!r}), slowest prepared {prepared[longest]:.1f} s of computing ({longest!r})"
    )
    return Seen(count, seen, tuple(failures))


def one_bad_in_hundred(bench: Bench) -> Seen:
    """99 good files and each kind of bad one among them."""
    folder = bench.folder / "mixed"
    folder.mkdir()
    for number in range(99):
        written = json.dumps({"text": f"{TEXT} Convoy {number}.", "published": "2020-05-05"})
        (folder / f"{number:02d}.json").write_text(written)
    failures: list[str] = []
    bad = list(write_hostile(bench.folder, 36, bench.seed + 1))
    for path in [path for path in bad if path.is_file()][:: 1 if bench.is_long else 16]:
        content, name = path.read_bytes(), f"50-{path.name.split('-', 1)[1]}"
        (folder / name).write_bytes(content)
        good = sum(isinstance(report, Report) and "Convoy" in report.body for report in read_reports([folder]))
        (folder / name).unlink()
        if good != 99:
            failures.append(f"{path.name}: {good} of 99 good reports came in")
    return Seen(len(bad), "99 of 99 good reports beside each bad file" if not failures else "", tuple(failures))


def _each(paths: Iterable[Path]) -> Iterator[_Read]:
    """What came of each path, in order: `read_reports` takes the next one only when it is done with the last."""
    current: list[_Read] = []
    done: list[_Read] = []

    def given() -> Iterator[str]:
        for path in paths:
            done.extend(map(_measured, current))
            current[:] = [_Read(path, [], [], time.monotonic())]
            yield str(path)

    for found in read_reports(given()):
        while done:
            yield done.pop(0)
        (current[0].reports if isinstance(found, Report) else current[0].rejections).append(found)  # type: ignore[arg-type]
    yield from [*done, *map(_measured, current)]


def _measured(read: _Read) -> _Read:
    return read._replace(seconds=time.monotonic() - read.seconds, peak_mb=max(_children_mb(), default=0.0))


def _wrong(found: _Read) -> Iterator[str]:
    if not found.reports and not found.rejections:
        yield "neither read nor reported"
    if found.seconds > MOST_SECONDS:
        yield f"took {found.seconds:.0f} s"
    if found.peak_mb > MOST_MB:
        yield f"took {found.peak_mb:.0f} MB"
    told = " ".join([*(report.model_dump_json() for report in found.reports), *(r.reason for r in found.rejections)])
    if CANARY in told or "root:x:" in told:
        yield "brought in a file that was not given"
    for rejection in found.rejections:
        if not rejection.name.isprintable() or not rejection.reason.isprintable() or "Traceback" in rejection.reason:
            yield f"its rejection is no clean line: {rejection}"


def _children_mb() -> Iterator[float]:
    """The most memory of each process that this one has started, since it was asked last (Linux)."""
    for listed in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):  # a thread or a child that has ended meanwhile
            for pid in listed.read_text().split():
                status = Path("/proc", pid, "status").read_text()
                yield from (int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
                Path("/proc", pid, "clear_refs").write_text("5")  # the highest mark starts again from here
