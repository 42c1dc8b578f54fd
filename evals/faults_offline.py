"""Faults 10 and 13: no network at all, and texts that must not be written down anywhere.

The command line runs as its users run it: in a network namespace that has loopback alone (Linux, with the right to make
one; without, the row says so), and with a hook in every Python process that takes down whatever is looked up.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evals.faults import Bench, Seen

# Loaded by every Python process that is started with its folder on the path, the workers' included.
_WATCH = """
import os, sys

def watch(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto"):
        where = arguments[0] if event.startswith("socket.get") else arguments[1]
        host = where[0] if isinstance(where, tuple) else where
        if isinstance(host, bytes):
            host = host.decode()
        is_here = host in (None, "", "localhost", "::1") or str(host).startswith(("127.", "/"))
        if not is_here:
            descriptor = os.open(os.environ["WATCH_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.write(descriptor, f"{event} {host!r}\\n".encode())
            os.close(descriptor)

sys.addaudithook(watch)
"""
_ALONE = ("unshare", "-r", "-n", "sh", "-c", 'ip link set lo up 2>/dev/null; exec "$@"', "sh")
_CONVOY = "Convoy 7 reached Gao on Tuesday. See http://192.0.2.1/ for the road. Nobody was hurt in Ansongo."
_QUESTION = "Which convoy reached Gao?"


def no_network(bench: Bench) -> Seen:
    """Ingest, a question in three languages, repair and doctor, without a way out."""
    if not _can_be_alone():
        return Seen(0, "not tried: no right to make a network namespace here")
    reports = bench.folder / "reports.jsonl"
    reports.write_text(json.dumps({"id": "r7", "text": _CONVOY, "published": "2020-05-05"}) + "\n", encoding="utf-8")
    watched = _environment(bench)
    commands = (
        ("ingest", str(reports)),
        ("ask", _QUESTION),
        ("ask", "Quel convoi a atteint Gao ?"),
        ("ask", "أي قافلة وصلت إلى غاو؟"),
        ("repair", "--reembed"),
        ("doctor",),
    )
    log = Path(watched["WATCH_LOG"])
    failures: list[str] = [] if _watch_sees(watched, log) else ["the hook does not see a look-up"]
    for command in commands:
        ran = _briefing(command, watched, bench.folder, alone=True)
        if ran.returncode != 0:
            failures.append(f"{command[0]}: exit {ran.returncode}: {ran.stderr.strip()[-200:]}")
        elif command[0] == "ask" and "Convoy 7" not in ran.stdout:
            failures.append(f"{command}: no answer: {ran.stdout[:200]}")
    reached = log.read_text().splitlines() if log.exists() else []
    failures += [f"reached for {line}" for line in reached]
    seen = f"{len(commands)} commands worked, {len(reached)} look-ups or connections tried"
    return Seen(len(commands), seen if not failures else f"{len(failures)} failures", tuple(failures))


def planted_secrets(bench: Bench) -> Seen:
    """Words in reports, in files that are refused, and in questions; none may be in what is logged or left behind."""
    secrets = {name: f"ZQX{name}{bench.seed:04d}" for name in ("report", "refused", "question", "unanswered")}
    folder = bench.folder / "reports"
    folder.mkdir()
    report = {"text": f"The {secrets['report']} convoy reached Gao on Tuesday.", "published": "2020-05-05"}
    (folder / "good.json").write_text(json.dumps(report))
    (folder / "bad.json").write_text(f'{{"text": "{secrets["refused"]}", "published": ')
    (folder / "undated.txt").write_text(f"{secrets['refused']} without a day.")
    home = bench.folder / "home"
    home.mkdir()
    environment = _environment(bench) | {"HOME": str(home), "TMPDIR": str(home), "XDG_STATE_HOME": str(home)}
    commands = (
        ("ingest", str(folder)),
        ("ask", f"Which convoy reached Gao, {secrets['question']}?"),
        ("ask", "--model", "ollama:absent", f"Which convoy reached Gao, {secrets['question']}?"),
        ("ask", f"Who is {secrets['unanswered']}?"),
        ("doctor",),
    )
    failures: list[str] = []
    shown = ""
    for command in commands:
        ran = _briefing(command, environment, home, alone=False)
        shown += ran.stdout
        failures += [f"{command[0]} wrote the one of {name} to its log" for name in _in(ran.stderr, secrets)]
    if secrets["report"] not in shown:
        failures.append("no answer quotes the report: nothing was tried")
    left = [path for path in sorted(home.rglob("*")) if path.is_file()]
    for path in left:
        told = path.read_bytes().decode("utf-8", "replace")
        failures += [f"the one of {name} is in {path.relative_to(home)}" for name in _in(told, secrets)]
    failures += [f"a trace was written: {path.name}" for path in left if "trace" in path.name]
    seen = f"0 of {len(secrets)} secrets in the log of {len(commands)} commands or in {len(left)} files left behind"
    return Seen(len(commands), seen if not failures else f"{len(failures)} failures", tuple(failures))


def _in(text: str, secrets: Mapping[str, str]) -> Iterator[str]:
    return (name for name, secret in secrets.items() if secret.casefold() in text.casefold())


def _can_be_alone() -> bool:
    try:
        return subprocess.run([*_ALONE, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _watch_sees(environment: Mapping[str, str], log: Path) -> bool:
    """Whether the hook takes down a look-up; what it took down is deleted."""
    script = "import socket, contextlib\nwith contextlib.suppress(OSError): socket.getaddrinfo('example.org', 80)"
    subprocess.run([*_ALONE, sys.executable, "-c", script], env=environment, capture_output=True, check=False)
    has_seen = log.exists()
    log.unlink(missing_ok=True)
    return has_seen


def _environment(bench: Bench) -> dict[str, str]:
    guard = bench.folder / "watch"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(_WATCH)
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(guard), str(Path(__file__).parents[1])]),
        "WATCH_LOG": str(bench.folder / "attempts.log"),
        "BRIEFING_INDEX__CACHE": str(bench.tools.cache),
        "BRIEFING_INDEX": str(bench.folder / "index"),
        "BRIEFING_LLM__MODEL": "none",
        "OLLAMA_HOST": "127.0.0.1:9",
    }


def _briefing(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, *, alone: bool
) -> subprocess.CompletedProcess[str]:
    whole = [*(_ALONE if alone else ()), sys.executable, "-m", "assistant.cli", *command]
    return subprocess.run(whole, cwd=folder, env=environment, capture_output=True, text=True, check=False)
