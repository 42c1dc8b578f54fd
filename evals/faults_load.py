"""Fault 9: many visitors at once, more than the page takes, and tabs closed before the answer has come.

The page runs as its users run it, `briefing serve` in a process of its own; the model is a fake Ollama server, which
words every answer with a mark that stands in the question: a mark in another visitor's tab is a leak.
"""

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from evals.cases import load_set
from evals.fake_ollama import Connection, fake_ollama
from evals.faults import Bench, Seen
from evals.page_client import Page, Tab, Told
from index.ingest import read_reports
from index.store import Index
from index.types import Report

USERS = 32
MOST_REFUSAL_S = 1.0
MOST_STOP_S = 1.0
MOST_MB_A_MINUTE = 1.0
_ASKED = "How many deaths did health workers confirm in Al-Mayadin"
_MARK = re.compile(r"mark\d{6}zq")
_QUESTIONS_A_CHAT = 2
_MARKS = 512
"""So many marks take turns: a word never seen before is remembered in a dozen bounded caches, some 4 kB, and with a new
one in every question what fills them would hide what grows."""


class _Steady(NamedTuple):
    """What the visitors saw while as many came as the page takes."""

    chats: int
    asked: int
    evidence_s: list[float]
    failures: list[str]
    mb: list[tuple[float, float]]
    """Seconds since the start, and the server's memory then."""


class _Model:
    """Plays the model; notes when it was asked, and when it found its reader gone."""

    def __init__(self) -> None:
        self.asked: dict[str, threading.Event] = {}
        self.left: dict[str, threading.Event] = {}

    def expect(self, mark: str) -> None:
        self.asked[mark], self.left[mark] = threading.Event(), threading.Event()

    def play(self, connection: Connection) -> None:
        prompt = connection.body["messages"][-1]["content"]
        found = _MARK.search(prompt)
        mark = found.group() if found else "no mark"
        if mark not in self.asked:
            connection.head()
            reply = json.dumps({"statements": [{"ids": ["s1"], "text": f"For {mark} seven deaths were confirmed."}]})
            for at in range(0, len(reply), 16):
                connection.piece(reply[at : at + 16])
            connection.done()
            return
        if "slowly" in prompt:  # else it does not say a word
            connection.head()
            connection.piece('{"statements": [')
        self.asked[mark].set()
        if connection.wait_until_client_leaves():
            self.left[mark].set()


def many_visitors(bench: Bench) -> Seen:
    """Steady load, then ten times as many at once, then tabs that are closed while the model is at work."""
    seconds, closed = (600.0, 40) if bench.is_long else (6.0, 4)
    model = _Model()
    with fake_ollama(model.play, patience_s=60.0) as fake, _served(bench, fake.host) as (address, pid):
        page = Page.read(address)
        steady = _steady(page, pid, seconds)
        refused_s, wrong = _overload(page)
        stops_s = _closed_tabs(page, model, closed)
    wrong = [*steady.failures, *wrong]
    failures = [*wrong]
    slope = _slope_mb_a_minute(steady.mb)
    if max(refused_s, default=0.0) > MOST_REFUSAL_S:
        failures.append(f"a refusal took {max(refused_s):.1f} s")
    if max(stops_s) > MOST_STOP_S:
        failures.append(f"the model went on for {max(stops_s):.1f} s after the reader had left")
    if bench.is_long and slope > MOST_MB_A_MINUTE:
        failures.append(f"the page takes {slope:.1f} MB more each minute")
    evidence = np.percentile(steady.evidence_s, [50, 95])
    seen = (
        f"{USERS} visitors for {seconds:.0f} s, {steady.chats:,} chats, {steady.asked:,} questions, {len(wrong)} "
        f"errors or leaks; evidence p50 {evidence[0]:.1f} s, p95 {evidence[1]:.1f} s; of {10 * USERS} at once "
        f"{len(refused_s)} refused after {max(refused_s, default=0.0):.2f} s at most; model stopped "
        f"{max(stops_s):.2f} s after leaving at most; memory {steady.mb[-1][1]:.0f} MB, {slope:+.1f} MB a minute"
    )
    return Seen(steady.asked + 10 * USERS + closed, seen, tuple(failures))


def _steady(page: Page, pid: int, seconds: float) -> _Steady:
    """Visitors who each begin one chat after the other."""
    numbers = count()
    end = time.monotonic() + seconds
    told: list[tuple[str, Told]] = []
    chats: list[int] = []

    def visit(_: int) -> None:
        while time.monotonic() < end:
            with Tab(page) as tab:
                chats.append(1)
                marks: list[str] = []
                for _ in range(_QUESTIONS_A_CHAT):
                    marks.append(_mark(next(numbers) % _MARKS))
                    told.append((" ".join(marks), tab.ask(f"{_ASKED} {marks[-1]}?")))

    began = time.monotonic()
    mb = [(0.0, _memory_mb(pid))]
    with ThreadPoolExecutor(USERS) as visitors:
        visiting = [visitors.submit(visit, number) for number in range(USERS)]
        while not all(one.done() for one in visiting):
            time.sleep(0.5)
            mb.append((time.monotonic() - began, _memory_mb(pid)))
    for one in visiting:
        one.result()
    failures = [f"{marks}: {wrong}" for marks, one in told for wrong in _wrong(one, marks.split())]
    return _Steady(len(chats), len(told), [one.evidence_s for _, one in told], failures, mb)


def _overload(page: Page) -> tuple[list[float], list[str]]:
    """Ten times as many at the same moment: seconds until each refusal, and what went wrong with the others."""
    together = threading.Barrier(10 * USERS)

    def visit(number: int) -> tuple[str, Told]:
        mark = _mark(900_000 + number)
        with Tab(page) as tab:
            together.wait(60)
            return mark, tab.ask(f"{_ASKED} {mark}?")

    with ThreadPoolExecutor(10 * USERS) as visitors:
        told = list(visitors.map(visit, range(10 * USERS)))
    wrong = [f"overload, {mark}: {wrong}" for mark, one in told if not one.is_refused for wrong in _wrong(one, [mark])]
    wrong += [f"overload, {mark}: {error}" for mark, one in told if one.is_refused for error in one.errors]
    return [one.refused_s for _, one in told if one.is_refused], wrong


def _closed_tabs(page: Page, model: _Model, tabs: int) -> list[float]:
    """Seconds from closing each tab to the model's noticing; half of the models have not said a word by then."""
    stops_s: list[float] = []
    for number in range(tabs):
        mark = _mark(800_000 + number)
        model.expect(mark)
        tab = Tab(page)
        how = "slowly" if number % 2 else "silently"
        asking = threading.Thread(target=_ask_until_closed, args=(tab, f"{_ASKED} {how} {mark}?"), daemon=True)
        asking.start()
        if not model.asked[mark].wait(60):
            raise AssertionError("the model was never asked")
        time.sleep(0.3)
        began = time.monotonic()
        tab.close()
        stops_s.append(time.monotonic() - began if model.left[mark].wait(60) else 60.0)
        asking.join(10)
    return stops_s


def _ask_until_closed(tab: Tab, question: str) -> None:
    try:
        tab.ask(question)
    except (OSError, ValueError, AttributeError):  # its connection is closed from outside
        return


def _wrong(told: Told, marks: Sequence[str]) -> list[str]:
    wrong = list(told.errors)
    others = {*_MARK.findall(told.text)} - {*marks}
    if others:
        wrong.append(f"was told of {sorted(others)[:3]}")
    if not told.errors and (marks[-1] not in told.text or "seven deaths by drowning" not in told.text):
        wrong.append(f"was not answered: {told.text[-300:]!r}")
    return wrong


def _mark(number: int) -> str:
    return f"mark{number:06d}zq"


def _slope_mb_a_minute(mb: Sequence[tuple[float, float]]) -> float:
    """Of the last two thirds: at first caches fill."""
    late = np.array(mb[len(mb) // 3 :])
    return float(np.polyfit(late[:, 0] / 60, late[:, 1], 1)[0]) if len(late) > 2 else 0.0


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


@contextmanager
def _served(bench: Bench, model_host: str) -> Generator[tuple[str, int]]:
    """The address of `briefing serve` over the demo reports, and its process."""
    folder = bench.folder / "index"
    reports = [report for report in read_reports([load_set("demo").reports]) if isinstance(report, Report)]
    with Index.create(folder, bench.tools) as index:
        list(index.add(reports, workers=0))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment: dict[str, Any] = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "BRIEFING_INDEX__CACHE": str(bench.tools.cache),
        "BRIEFING_LLM__MODEL": "ollama:tiny",
        "OLLAMA_HOST": model_host,
    }
    command = [sys.executable, "-m", "assistant.cli", "serve", "--index", str(folder), "--port", str(port)]
    with (bench.folder / "page.log").open("w+") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}/"
        try:
            _wait_until_up(address, process)
            yield address, process.pid
        finally:
            process.terminate()
            process.wait(60)


def _wait_until_up(address: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=60).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the page did not start; exit {process.poll()}")
