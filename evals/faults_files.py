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


def hostile_files(bench: Bench) -> Seen:
    """Reads each, and prepares what is read as ingest does."""
    count = 500 if bench.is_long else 36
    failures: list[str] = []
    slowest, prepared, read, refused = 0.0, 0.0, 0, 0
    embedder = open_embedder(bench.tools.embedder, cache=bench.tools.cache)
    gazetteer = Gazetteer.open(bench.tools.cache, bench.tools.gazetteer)
    peaks_mb: list[float] = [0.0]
    for found in list(_each(write_hostile(bench.folder, count, bench.seed), peaks_mb)):
        began = time.process_time()
        for report in found.reports:
            prepare([report], embedder, gazetteer)
        prepared = max(prepared, time.process_time() - began)
        slowest = max(slowest, found.seconds)
        read += len(found.reports)
        refused += len(found.rejections)
        failures += [f"{found.path.name!r}: {wrong}" for wrong in _wrong(found, found.seconds)]
    gazetteer.close()
    if max(peaks_mb) > MOST_MB:
        failures.append(f"a parser took {max(peaks_mb):.0f} MB")
    seen = (
        f"{read} reports, {refused} named rejections; slowest read {slowest:.1f} s, slowest prepared {prepared:.1f} s "
        f"of computing, parser at most {max(peaks_mb):.0f} MB"
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


def _each(paths: Iterable[Path], peaks_mb: list[float]) -> Iterator[_Read]:
    """What came of each path, in order: `read_reports` takes the next one only when it is done with the last.

    Notes the memory of the parser after each; one that was killed for it was held to it by the kernel.
    """
    current: list[_Read] = []
    done: list[_Read] = []

    def given() -> Iterator[str]:
        for path in paths:
            done.extend(map(_timed, current))
            peaks_mb.extend(_children_mb())
            current[:] = [_Read(path, [], [], time.monotonic())]
            yield str(path)

    for found in read_reports(given()):
        while done:
            yield done.pop(0)
        (current[0].reports if isinstance(found, Report) else current[0].rejections).append(found)  # type: ignore[arg-type]
    yield from [*done, *map(_timed, current)]


def _timed(read: _Read) -> _Read:
    return read._replace(seconds=time.monotonic() - read.seconds)


def _wrong(found: _Read, seconds: float) -> Iterator[str]:
    if not found.reports and not found.rejections:
        yield "neither read nor reported"
    if seconds > MOST_SECONDS:
        yield f"took {seconds:.0f} s"
    told = " ".join([*(report.model_dump_json() for report in found.reports), *(r.reason for r in found.rejections)])
    if CANARY in told or "root:x:" in told:
        yield "brought in a file that was not given"
    for rejection in found.rejections:
        if not rejection.name.isprintable() or not rejection.reason.isprintable() or "Traceback" in rejection.reason:
            yield f"its rejection is no clean line: {rejection}"


def _children_mb() -> Iterator[float]:
    """The highest memory so far of each process that this one has started (Linux)."""
    for listed in Path("/proc/self/task").glob("*/children"):
        for pid in listed.read_text().split():
            with suppress(OSError):
                status = Path("/proc", pid, "status").read_text()
                yield from (int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
