"""Nothing leaves this machine: the commands run with every other address blocked, and try to reach none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.prepare import Tools

ROOT = Path(__file__).parents[1]

# Loaded by every Python process that is started with its folder on the path, the workers' included.
GUARD = """
import os, socket

def note(what, where):
    with open(os.environ["GUARD_LOG"], "a") as log:
        log.write(f"{what} {where!r}\\n")

def is_here(address):
    host = address[0] if isinstance(address, tuple) else ""
    return not isinstance(address, tuple) or host in ("localhost", "::1", "") or str(host).startswith("127.")

def guarded(name):
    real = getattr(socket.socket, name)
    def call(self, *arguments):
        address = arguments[-1]
        if is_here(address):
            return real(self, *arguments)
        note(name, address)
        raise OSError(f"blocked: {address!r}")
    setattr(socket.socket, name, call)

for name in ("connect", "connect_ex", "sendto"):
    guarded(name)

real_lookup = socket.getaddrinfo
def look_up(host, *arguments, **named):
    if host is None or is_here((host.decode() if isinstance(host, bytes) else host,)):
        return real_lookup(host, *arguments, **named)
    note("getaddrinfo", host)
    raise socket.gaierror(f"blocked: {host!r}")
socket.getaddrinfo = look_up
"""


@pytest.fixture
def guarded(tmp_path: Path, tools: Tools) -> dict[str, str]:
    """An environment in which only this machine can be reached, and each attempt at another is noted."""
    folder = tmp_path / "guard"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(GUARD)
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
        "GUARD_LOG": str(tmp_path / "attempts.log"),
        "BRIEFING_INDEX__CACHE": str(tools.cache),
        "BRIEFING_INDEX": str(tmp_path / "index"),
        "OLLAMA_HOST": "127.0.0.1:9",
        "HOME": str(tmp_path / "home"),
        "XDG_CACHE_HOME": str(tmp_path / "home" / "cache"),
    }


def attempts(guarded: dict[str, str]) -> list[str]:
    log = Path(guarded["GUARD_LOG"])
    return log.read_text().splitlines() if log.exists() else []


def left_behind(guarded: dict[str, str]) -> list[str]:
    """Files that libraries keep for themselves: of what compiled code would send, which the guard does not see."""
    return [str(path) for path in Path(guarded["HOME"]).rglob("*") if path.is_file()]


def run(guarded: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "assistant.cli", *arguments]
    ran = subprocess.run(command, cwd=ROOT, env=guarded, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_guard_itself_sees_and_stops_an_attempt(guarded: dict[str, str]):
    script = (
        "import socket, urllib.request\n"
        "for attempt in (lambda: socket.create_connection(('192.0.2.1', 80), 1),\n"
        "                lambda: urllib.request.urlopen('http://example.org/')):\n"
        "    try: attempt()\n"
        "    except OSError as error: print('blocked' in str(error))\n"
    )

    ran = subprocess.run([sys.executable, "-c", script], env=guarded, capture_output=True, text=True, check=True)

    assert ran.stdout == "True\nTrue\n"
    assert [line.split()[0] for line in attempts(guarded)] == ["getaddrinfo", "getaddrinfo"]


def test_ingest_ask_and_repair_reach_for_nothing(guarded: dict[str, str], tmp_path: Path):
    folder = tmp_path / "reports"
    folder.mkdir()
    page = '<body><img src="http://192.0.2.1/x.png"><p>The market of Gao reopened on 4 May 2020.</p></body>'
    (folder / "2020-05-05.html").write_text(page)
    (folder / "b.md").write_text("---\npublished: 2020-05-05\n---\nSee http://192.0.2.1/ for the road to Ansongo.\n")

    run(guarded, "ingest", str(folder))
    answer = run(guarded, "ask", "--model", "auto", "What reopened in Gao?")
    run(guarded, "repair", "--reembed")

    assert "The market of Gao reopened" in answer
    assert attempts(guarded) == []
    assert left_behind(guarded) == []


def test_the_demo_reaches_for_nothing_and_answers_in_three_languages(guarded: dict[str, str], tmp_path: Path):
    shown = run(guarded, "demo", "--no-model", "--index", str(tmp_path / "demo"))

    assert shown.startswith("Every report below is fiction")
    assert [shown.count(marker) for marker in ("(as of 2031-03-07", "(au 2031-03-20", "(حتى 2031-03-18")] == [1, 1, 1]
    assert "320" in shown
    assert "62 camions" in shown
    assert "أريبيندا" in shown
    assert attempts(guarded) == []
