"""The store holds under kills, damage and a full disk: the short tier of `python -m evals faults`."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from evals.faults import Bench
from evals.faults_kills import kills
from evals.faults_order import same_manifest
from evals.faults_room import full_disk
from index.prepare import Tools

ROOT = Path(__file__).parents[1]

# Ingests for ever with two worker processes beside itself, and tells their ids once the first report is stored.
INGEST = """
import multiprocessing, sys
from datetime import UTC, datetime
from pathlib import Path
from index.prepare import Tools
from index.store import Index
from index.types import Report

def report(number):
    body = f"Convoy {number} reached Gao on Tuesday. The mayor counted {number} trucks."
    return Report(id=f"r{number}", body=body, language="en", published_at=datetime(2031, 3, 1, tzinfo=UTC))

with Index.create(Path(sys.argv[1]), Tools("builtin", Path(sys.argv[2]))) as index:
    for _ in index.add((report(number) for number in range(10**9)), workers=3):
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
"""


def test_a_killed_writer_loses_no_acknowledged_report_and_leaves_no_half_one(tmp_path: Path, tools: Tools):
    assert kills(Bench(tmp_path, tools)).failures == ()


def test_a_killed_ingest_leaves_no_worker_behind(tmp_path: Path, tools: Tools):
    writer = subprocess.Popen(
        [sys.executable, "-c", INGEST, str(tmp_path / "index"), str(tools.cache)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )
    assert writer.stdout is not None
    workers = [int(pid) for pid in writer.stdout.readline().split()]
    writer.send_signal(signal.SIGKILL)
    writer.communicate()

    assert len(workers) == 2
    deadline = time.monotonic() + 10
    while any(_is_running(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in workers if _is_running(pid)] == []


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_full_disk_is_one_line_and_no_loss_and_a_read_only_index_answers(tmp_path: Path, tools: Tools):
    assert full_disk(Bench(tmp_path, tools)).failures == ()


def test_the_same_reports_in_any_order_name_or_form_make_the_same_index(tmp_path: Path, tools: Tools):
    assert same_manifest(Bench(tmp_path, tools)).failures == ()
