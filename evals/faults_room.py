"""Fault 3: the disk is full, at any write; the folder is read-only. On a small file system of its own.

It is mounted in a mount namespace, which needs Linux and the right to make one; without, the row says so.
"""

import json
import subprocess
import sys
from pathlib import Path

from evals.faults import Bench, Seen
from index.ingest import read_reports
from index.store import Index
from index.types import Report

# Runs as the only program that sees the mount: $1 folder, $2 cache, $3 reports, $4 kilobytes.
_SCRIPT = """
set -e
mount -t tmpfs -o size=$4k tmpfs "$1"
run() { set +e; "$PYTHON" -m assistant.cli "$@" >"$OUT" 2>"$ERR"; echo "exit $?"; sed 's/^/err /' "$ERR"; set -e; }
run ingest --index "$1/index" --workers 1 "$3"
mount -o remount,size=400m "$1"
run ingest --index "$1/index" --workers 1 "$3"
mount -o remount,ro "$1"
run ask --no-model --index "$1/index" "Which convoy reached Gao?"
sed 's/^/out /' "$OUT"
cp "$3" "$3.more"; sed -i 's/Convoy/Train/g' "$3.more"; mv "$3.more" "$3-more.jsonl"
run ingest --index "$1/index" "$3-more.jsonl"
"""
_REPORTS = 6


def full_disk(bench: Bench) -> Seen:
    """From a disk that holds nothing to one that holds nearly everything, and one that does."""
    if not _can_mount():
        return Seen(0, "not tried: no right to mount a file system here")
    needed = _needed_kb(bench)
    shares = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 3.0) if bench.is_long else (0.6,)
    sizes = [max(40, round(share * needed)) for share in shares]
    failures: list[str] = []
    refused = 0
    for size in sizes:
        folder = bench.folder / f"disk-{size}"
        folder.mkdir()
        lines = _run(bench, folder, size)
        wrong = _wrong(lines)
        refused += lines[0] == "exit 1" if lines else 0
        failures += [f"{size} kB: {found}" for found in wrong]
    if not refused:
        failures.append(f"no ingest was stopped by a disk of {sizes[0]} kB and more; the index takes {needed} kB")
    seen = (
        f"an index of {needed} kB: {refused} of {len(sizes)} ingests stopped by the disk; each went on when there was "
        "room"
    )
    return Seen(len(sizes), seen, tuple(failures))


def _needed_kb(bench: Bench) -> int:
    """What the ingest leaves behind where there is room; meanwhile it takes more."""
    folder = bench.folder / "roomy"
    with Index.create(folder, bench.tools) as index:
        list(
            index.add([report for report in read_reports([_written(folder)]) if isinstance(report, Report)], workers=0)
        )
    return sum(path.stat().st_blocks for path in folder.rglob("*")) // 2


def _can_mount() -> bool:
    try:
        tried = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    except OSError:
        return False
    return tried.returncode == 0


def _run(bench: Bench, folder: Path, size_kb: int) -> list[str]:
    reports = _written(folder)
    ran = subprocess.run(
        ["unshare", "-m", "sh", "-c", _SCRIPT, "sh", str(folder), "", str(reports), str(size_kb)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[1],
        env={
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(Path.home()),
            "PYTHON": sys.executable,
            "OUT": str(folder.with_suffix(".out")),
            "ERR": str(folder.with_suffix(".err")),
            "BRIEFING_INDEX__CACHE": str(bench.tools.cache),
        },
    )
    return [*ran.stdout.splitlines(), *(f"script {line}" for line in ran.stderr.splitlines())]


def _written(folder: Path) -> Path:
    """The reports to ingest, in a file beside the folder."""
    reports = folder.with_suffix(".jsonl")
    with reports.open("w", encoding="utf-8") as file:
        for number in range(_REPORTS):
            text = f"Convoy {number} reached Gao on Tuesday. The mayor counted {number} trucks. Nobody was hurt."
            file.write(
                json.dumps({"id": f"r{number}", "text": text, "published": "2020-05-05", "language": "en"}) + "\n"
            )
    return reports


def _wrong(lines: list[str]) -> list[str]:
    """What did not hold, out of: full, with room, then read-only a question and a new report."""
    runs: list[list[str]] = []
    for line in lines:
        if line.startswith("exit "):
            runs.append([line.removeprefix("exit ")])
        elif runs:
            runs[-1].append(line)
    if len(runs) != 4:
        return [f"the script broke off: {lines[-3:]}"]
    full, roomy, question, fresh = runs
    wrong = [f"a traceback: {line}" for run in runs for line in run if "Traceback" in line]
    for name, run, statuses in (
        ("full", full, "01"), ("with room", roomy, "0"), ("question, read-only", question, "0"),
        ("new report, read-only", fresh, "1"),
    ):  # fmt: skip
        if run[0] not in statuses:
            wrong.append(f"{name}: exit {run[0]}: {run[-1][:200]}")
        if run[0] == "1" and len([line for line in run if line.startswith("err briefing:")]) != 1:
            wrong.append(f"{name}: not one line of error: {run[1:4]}")
    if not any("Gao" in line for line in question if line.startswith("out")):
        wrong.append("the question got no answer")
    return wrong
