"""A writer killed at any moment loses no report it acknowledged, and leaves no half report."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index import reading
from index.prepare import Tools
from index.store import Index

KILLS = 20

# Adds three reports at a time for ever, and prints the id of each once it is stored.
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from index.prepare import Tools
from index.store import Index
from index.types import Report

folder, cache, first = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])

def report(number):
    body = f"Convoy {number} reached Gao on Tuesday. The mayor counted {number} trucks. Nobody was hurt in Ansongo."
    return Report(id=f"r{number}", body=body, language="en", published_at=datetime(2031, 3, 1, tzinfo=UTC))

with Index.create(folder, Tools("builtin", cache)) as index:
    index.embedder, index.gazetteer
    print("ready", flush=True)
    while True:
        for stored, _ in index.add([report(first + n) for n in range(3)], workers=0):
            print(stored.id, flush=True)
        first += 3
"""


@pytest.mark.slow
def test_twenty_kills_on_one_store_lose_nothing_acknowledged(tmp_path: Path, tools: Tools) -> None:
    moments = random.Random(20)
    folder = tmp_path / "index"
    acknowledged: list[str] = []
    for round_number in range(KILLS):
        acknowledged += _killed_run(folder, tools, first=1_000 * round_number, after_s=moments.uniform(0.0, 0.8))
    assert len(acknowledged) > KILLS, "the writer was killed before it wrote anything worth losing"
    with Index.open(folder, tools) as index:
        held = {report.id: report for report in index.reports()}
        assert set(acknowledged) <= set(held)
        for report_id, report in held.items():
            sentences = [s for passage in index.passages(report_id) for s in passage.sentences]
            assert [report.body[s.start : s.end][-1] for s in sentences] == [".", ".", "."], "a half report"
        list(index.add([]))  # the next writer brings what is derived up to date
        rows = reading.sentence_rows(index.catalog.connection)
        assert len(rows) == 3 * len(held)
        assert index.snapshot().is_whole
        with index.open_chroma() as chroma:
            assert chroma is not None
            assert chroma.count() == len(rows)


def _killed_run(folder: Path, tools: Tools, first: int, after_s: float) -> list[str]:
    """What a writer acknowledged before it was killed, `after_s` seconds after it began to write."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(tools.cache), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    time.sleep(after_s)
    writer.kill()
    told, _ = writer.communicate()
    # A line cut in the middle was not told to anyone.
    return [line for line in told.splitlines(keepends=False) if line] if told.endswith("\n") else told.splitlines()[:-1]
