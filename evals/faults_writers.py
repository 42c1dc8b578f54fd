"""Fault 8: two writers at once, and readers while one writes. All of them processes of their own."""

import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from evals.faults import Bench, Seen
from index.errors import IndexBusy
from index.reading import SearchTerms
from index.search import Question
from index.store import Index
from index.types import Report

MOST_SECONDS = 5.0
_FIRST = "Convoy none reached Gao on Monday. The mayor counted no truck. Nobody was hurt in Ansongo."

# Adds and replaces reports until it is ended: every second one is a new version of the one before.
_WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from index.prepare import Tools
from index.store import Index
from index.types import Report

def report(number):
    body = f"Convoy {number} reached Gao on Tuesday. The mayor counted {number} trucks. Nobody was hurt in Ansongo."
    return Report(id=f"r{number // 2}", body=body, language="en", published_at=datetime(2031, 3, 1, tzinfo=UTC))

with Index.create(Path(sys.argv[1]), Tools("builtin", Path(sys.argv[2]))) as index:
    for _ in index.add((report(number) for number in range(10**9)), workers=0):
        print("stored", flush=True)
"""


def two_writers(bench: Bench) -> Seen:
    """One writes all the while; a second one tries to, and a reader looks at everything, over and over."""
    rounds = 200 if bench.is_long else 20
    folder = bench.folder / "index"
    failures: list[str] = []
    counts: list[int] = []
    with Index.create(folder, bench.tools) as index:  # while a first ingest has not ended, a question is told to wait
        first = Report(id="first", body=_FIRST, language="en", published_at=datetime(2031, 3, 1, tzinfo=UTC))
        list(index.add([first], workers=0))
        words = Question(index.embedder.embed(["convoy"])[0], SearchTerms(("convoy",)))
    with _writer(bench, folder) as pid, Index.open(folder, bench.tools) as index:
        for _ in range(rounds):
            reports = list(index.reports())
            counts.append(len(reports))
            for report in reports:
                failures += _half(index, report.id, report.body)
            found = index.search(words)
            for match in index.read(found, found.candidates):
                if match.passage.text not in match.report.body:
                    failures.append(f"{match.report.id} was found with a passage of another version")
        began = time.monotonic()
        try:
            index.remove("r0")
            failures.append("a second writer was let in")
        except IndexBusy as error:
            if f"process {pid}" not in str(error) or "\n" in str(error):
                failures.append(f"the second writer was not told who holds the lock: {error}")
        waited_s = time.monotonic() - began
        if waited_s > MOST_SECONDS:
            failures.append(f"the second writer was told after {waited_s:.1f} s")
    with Index.open(folder, bench.tools) as index:
        if not index.remove("r0"):
            failures.append("the second writer could not write once the first had gone")
    seen = (
        f"second writer told who holds it after {waited_s:.1f} s; {rounds} readings while {counts[0]} reports "
        f"became {counts[-1]}, none by half"
    )
    return Seen(rounds + 2, seen if not failures else f"{len(failures)} failures", tuple(failures))


def _half(index: Index, report_id: str, body: str) -> list[str]:
    """What is wrong with a report as a reader sees it: its sentences must be three slices of one version."""
    passages = index.passages(report_id)
    quotes = [(s.start, s.end) for passage in passages for s in passage.sentences]
    held = index.report(report_id)
    if len(quotes) != 3 or held is None:
        return [f"{report_id} is there with {len(quotes)} of 3 sentences"]
    # Replaced between two looks, it is another version, which is whole too.
    texts = {held.body, body}
    if not any(all(text[start:end].endswith(".") for start, end in quotes) for text in texts):
        return [f"{report_id} is cut: {quotes}"]
    return []


@contextmanager
def _writer(bench: Bench, folder: Path) -> Generator[int]:
    """The process id of a writer that has stored its first report and goes on."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(folder), str(bench.tools.cache)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "stored\n":
            raise AssertionError("the writer stored nothing")
        yield process.pid
    finally:
        process.kill()
        process.communicate()
