"""Fault 1: the writer is killed, over and over, on one store.

A kill hits a named step (the n-th SQL statement, or the n-th file opened, renamed or removed inside the index: an audit
hook sees them all, so the product needs no hooks of its own) or a random moment. One nursery process loads the models
once and forks the writers, which makes a kill cost a fraction of a second.
"""

import json
import random
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import numpy as np

from evals.faults import Bench, Seen
from index import reading
from index.prepare import Tools
from index.store import Index

_NURSERY = """
import json, os, signal, sys, threading, time
from datetime import UTC, datetime
from pathlib import Path
import chromadb
from index.prepare import Tools
from index.store import Index
from index.types import Report

folder, cache = Path(sys.argv[1]), Path(sys.argv[2])
tools = Tools("builtin", cache)

def report(number, version):
    body = f"Convoy {number} reached Gao on Tuesday. The mayor counted {version} trucks. Nobody was hurt in Ansongo."
    return Report(id=f"r{number}", body=body, language="en", published_at=datetime(2031, 3, 1, tzinfo=UTC))

class Steps:
    def __init__(self, die_at):
        self.die_at, self.names = die_at, []
    def reached(self, name):
        self.names.append(name)
        if len(self.names) == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)
    def watch_file(self, event, arguments):
        if event == "open":
            is_write = isinstance(arguments[1], str) and set(arguments[1]) & set("wa+x")
        else:
            is_write = event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree")
        if is_write and str(folder) in str(arguments[0]):
            self.reached(f"{event} {os.path.basename(str(arguments[0]))}")

def write(first, die_at, embedder):
    steps = Steps(die_at)
    sys.addaudithook(steps.watch_file)
    with Index.create(folder, tools) as index:
        index._embedder = embedder
        index.catalog.connection.set_trace_callback(lambda sql: steps.reached("sql " + " ".join(sql.split()[:4])))
        os.write(1, b"writing\\n")
        batch = [report(first + n, 1) for n in range(3)] + [report(first, 2)]
        for stored, outcome in index.add(batch, workers=0):
            os.write(1, f"stored {stored.id} {stored.body.split()[9]}\\n".encode())
        index.set_status(f"r{first + 1}", "corrected")
        os.write(1, f"marked r{first + 1}\\n".encode())
        index.remove(f"r{first + 2}")
        os.write(1, f"removed r{first + 2}\\n".encode())
        with index.open_chroma():
            pass
    os.write(1, ("steps " + json.dumps(steps.names) + "\\n").encode())

with Index.create(folder, tools) as index:
    embedder = index.embedder
    embedder.embed(["warm"])
for line in sys.stdin:
    order = json.loads(line)
    child = os.fork()
    if child == 0:
        try:
            write(order["first"], order["die_at"], embedder)
        except BaseException as error:
            os.write(1, f"failed {type(error).__name__}: {error}\\n".encode().replace(b"\\n", b" ") + b"\\n")
        os._exit(0)
    if order["after_s"] is not None:
        time.sleep(order["after_s"])
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.write(1, b"over\\n")
"""


def kills(bench: Bench) -> Seen:
    """Writers that add, replace, mark and remove, killed; then everything they were sure of must be there."""
    count = 200 if bench.is_long else 10
    folder = bench.folder / "index"
    rng = random.Random(bench.seed)
    failures: list[str] = []
    expected: dict[str, str] = {}
    with _nursery(folder, bench.tools) as (orders, told):
        steps = _steps_of_a_round(_round(orders, told, first=0, die_at=0, after_s=None), expected, failures)
        at_steps = _spread(steps, count // 2, rng)
        for number in range(1, count + 1):
            die_at = at_steps[number - 1] if number <= len(at_steps) else 0
            after_s = None if die_at else rng.uniform(0.0, 1.0)
            lines = _round(orders, told, first=10 * number, die_at=die_at, after_s=after_s)
            _note(lines, expected, failures, f"kill {number}")
            if number % 10 == 0 or number == count:
                failures += _missing(folder, bench.tools, expected, f"after kill {number}")
    failures += _not_in_step(folder, bench.tools)
    seen = f"{len(expected)} acknowledged changes, {len(at_steps)} of {len(steps)} write steps hit, 0 lost"
    return Seen(count, seen if not failures else f"{len(failures)} failures", tuple(failures))


@contextmanager
def _nursery(folder: Path, tools: Tools) -> Generator[tuple[IO[str], IO[str]]]:
    process = subprocess.Popen(
        [sys.executable, "-c", _NURSERY, str(folder), str(tools.cache)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    try:
        yield cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
    finally:
        process.kill()
        process.communicate()


def _round(orders: IO[str], told: IO[str], *, first: int, die_at: int, after_s: float | None) -> list[str]:
    """What one writer said, whole lines only: a line cut in the middle was not told to anyone."""
    orders.write(json.dumps({"first": first, "die_at": die_at, "after_s": after_s}) + "\n")
    orders.flush()
    lines: list[str] = []
    for line in told:
        if line == "over\n":
            return lines
        lines.append(line.removesuffix("\n"))
    raise AssertionError("the nursery of writers is gone")


def _steps_of_a_round(lines: list[str], expected: dict[str, str], failures: list[str]) -> list[str]:
    _note(lines, expected, failures, "the round without a kill")
    return next((json.loads(line.removeprefix("steps ")) for line in lines if line.startswith("steps ")), [])


def _spread(steps: list[str], count: int, rng: random.Random) -> list[int]:
    """Numbers of steps to die at: the first of each kind, then any, `count` in all."""
    kinds: dict[str, int] = {}
    for number, step in enumerate(steps, start=1):
        kinds.setdefault(step, number)
    firsts = list(kinds.values())
    rng.shuffle(firsts)
    others = [number for number in range(1, len(steps) + 1) if number not in kinds.values()]
    return (firsts + rng.sample(others, max(0, min(len(others), count - len(firsts)))))[:count]


def _note(lines: list[str], expected: dict[str, str], failures: list[str], when: str) -> None:
    """Takes down what is to be found from now on: by report id its count of trucks, "gone", or "any" when unsure."""
    for line in lines:
        what, _, rest = line.partition(" ")
        report_id, _, version = rest.partition(" ")
        if what == "stored":
            expected[report_id] = version
        elif what == "removed":
            expected[report_id] = "gone"
        elif what == "failed":
            failures.append(f"{when}: the writer failed: {rest[:200]}")
    if not any(line.startswith("removed") for line in lines):
        # The change after the last acknowledged one may have been made, and not told.
        told = [line.split()[1:] for line in lines if line.startswith("stored")]
        for report_id, version in told:
            if report_id.endswith("2"):
                expected[report_id] = "maybe gone"
            elif report_id.endswith("0") and version == "1" and [report_id, "2"] not in told:
                expected[report_id] = "any version"


def _missing(folder: Path, tools: Tools, expected: dict[str, str], when: str) -> list[str]:
    """What was acknowledged and is not there, and what is there by half."""
    failures: list[str] = []
    with Index.open(folder, tools) as index:
        held = {report.id: report for report in index.reports()}
        for report_id, version in expected.items():
            report = held.get(report_id)
            if (report is None) != (version == "gone") and version != "maybe gone":
                failures.append(f"{when}: {report_id} should be {version}, is {'gone' if report is None else 'there'}")
            elif report is not None and version.isdigit() and f"counted {version} trucks" not in report.body:
                failures.append(f"{when}: {report_id} is not of version {version}")
        for report_id, report in held.items():
            quotes = [
                report.body[sentence.start : sentence.end]
                for passage in index.passages(report_id)
                for sentence in passage.sentences
            ]
            if len(quotes) != 3 or not all(quote.endswith(".") for quote in quotes):
                failures.append(f"{when}: {report_id} is half a report: {quotes}")
    return failures


def _not_in_step(folder: Path, tools: Tools) -> list[str]:
    """What is derived, after the next writer: the same sentences as the catalog, everywhere."""
    with Index.open(folder, tools) as index:
        list(index.add([]))
        rows = reading.sentence_rows(index.catalog.connection)
        # Rows of what is gone may stay in the matrix, up to a fifth; none of what is there may be missing.
        lacking = np.setdiff1d(rows, index.snapshot().row_sentences)
        failures = [f"the matrix lacks {len(lacking)} sentences of the catalog"] if len(lacking) else []
        with index.open_chroma() as chroma:
            if chroma is None or chroma.count() != len(rows):
                held = "nothing" if chroma is None else chroma.count()
                failures.append(f"Chroma holds {held} of {len(rows)} sentences")
    return failures
